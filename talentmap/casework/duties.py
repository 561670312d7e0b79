"""Who may do what with an application now: the same answer draws the buttons and guards the actions."""

from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from talentmap.accounts.models import Membership, User, UserQuerySet
from talentmap.accounts.permissions import GRANTS, Permission
from talentmap.casework.models import Application, Party, Transition
from talentmap.casework.scheme import Stage
from talentmap.casework.states import REVIEW_ACTIONS, Action, Move, State, Who, moves
from talentmap.regions.codes import lineage

DECIDING = (Action.ACCEPT, Action.PASS_STAGE, Action.APPROVE)
ENDING = (Action.RETURN, Action.REJECT)


def is_owner(user: User, application: Application) -> bool:
    """The person it is about, or counter staff where it was entered at the counter."""
    if application.applicant.user_id == user.pk:
        return user.may(Permission.APPLY)
    return application.entered_by_id is not None and user.may(Permission.ENTER_FOR_PERSON, application)


class Duties:
    """One user's part in one application."""

    def __init__(self, user: User, application: Application) -> None:
        self.user = user
        self.application = application

    def may_make(self, move: Move) -> bool:
        if move.who == Who.APPLICANT:
            return self.user.is_system or is_owner(self.user, self.application)
        holds = self._steps_in(move) or (self._holds(move.who) and not self._is_passed_on(move))
        return holds and not self.is_own_case and not self._is_double(move.action)

    def _steps_in(self, move: Move) -> bool:
        """No case is stuck with a party that does not answer: who approves may return or reject it there."""
        if move.who != Who.STAGE or move.action not in ENDING or not self._stage.party:
            return False
        return self.user.may(Permission.APPROVE, self.application)

    def _is_passed_on(self, move: Move) -> bool:
        return move.who == Who.STAGE and move.action in ENDING and self._stage.passes_on

    def _holds(self, who: Permission | Who) -> bool:
        if who == Who.SYSTEM:
            return self.user.is_system
        if who == Who.TURN:
            return self.application.handler_id is None and self.is_their_turn
        if who == Who.SERVICE:
            return self.user.may(Permission.END_ENTITLEMENT, self.application)
        if who == Who.STAGE:
            return bool(self.application.stage) and self._holds_stage
        return self.user.may(who, self.application)

    @property
    def _stage(self) -> Stage:
        return self.application.service.stage(self.application.stage)

    @cached_property
    def _holds_stage(self) -> bool:
        stage = self._stage
        if not stage.party:
            return self.user.may(stage.permission, self.application)
        party = current_party(self.application)
        return party is not None and party.acts_by(self.user, stage.permission)

    @property
    def is_their_turn(self) -> bool:
        """Whether this person, or anybody who holds the same permission, decides the next step."""
        return any(self.may_make(m) for m in moves(self.application.state) if m.action in DECIDING)

    @property
    def is_own_case(self) -> bool:
        """Nobody decides on their own application, whatever roles they hold."""
        return self.application.applicant.user_id == self.user.pk

    def _is_double(self, action: Action) -> bool:
        return action in REVIEW_ACTIONS and self.reviewed_another_stage

    @cached_property
    def reviewed_another_stage(self) -> bool:
        """Whether this person already decided a different stage: never first and second review by one person."""
        made = Transition.objects.filter(application=self.application, by=self.user, action__in=REVIEW_ACTIONS)
        return made.exclude(stage=self.application.stage).exists()


def open_moves(application: Application, action: str | None = None) -> tuple[Move, ...]:
    """The moves of the application as it is."""
    return tuple(row for row in moves(application.state, action) if _is_open(row, application))


def _is_open(row: Move, application: Application) -> bool:
    if row.action == Action.REFUSE:  # once accepted it is rejected by its stage, never refused (不予受理)
        return not application.stage
    if application.state != State.IN_REVIEW or row.action not in (Action.PASS_STAGE, Action.APPROVE):
        return True
    return (row.action == Action.APPROVE) == application.service.approves_at(application.stage)


def current_party(application: Application) -> Party | None:
    """Who outside the office is asked at the stage that the application is in."""
    return Party.objects.current().filter(application=application, stage=application.stage).first()


def seen_stages(user: User, application: Application) -> frozenset[str] | None:
    """The stages in which `user` has a part as a party outside the office; None for the office and the applicant, who
    see the whole application."""
    if user.may(Permission.VIEW_CASES, application) or is_owner(user, application):
        return None
    service, parties = application.service, Party.objects.current().filter(application=application)
    return frozenset(each.stage for each in parties if each.acts_by(user, service.stage(each.stage).permission))


def allowed(user: User, application: Application) -> tuple[str, ...]:
    """The actions that this person may take on the application as it is now."""
    duties = Duties(user, application)
    possible = (m for m in open_moves(application) if duties.may_make(m))
    return tuple(dict.fromkeys(str(m.action) for m in possible))


def can_decide(user: User, application: Application) -> bool:
    """Whether it is this person's turn, or anybody's who holds the same permission."""
    return Duties(user, application).is_their_turn


def readable_kinds(user: User, application: Application) -> tuple[str, ...] | None:
    """The kinds of documents that `user` may read as a party outside the office; None for all."""
    stages = seen_stages(user, application)
    if stages is None:
        return None
    return tuple(rule.code for rule in application.service.documents if stages.intersection(rule.stages))


def holders(permission: str, application: Application) -> UserQuerySet:
    """The people who hold `permission` over this application by office."""
    return _holding(permission, Q(region__code__in=lineage(application.region.code)))


def people_of(party: Party, permission: str) -> UserQuerySet:
    """Those who may decide for a party: the person, or who holds `permission` in the organisation."""
    if party.person_id is not None:
        return User.objects.filter(pk=party.person_id, is_active=True)
    return _holding(permission, Q(organisation=party.organisation_id))


def _holding(permission: str, place: Q) -> UserQuerySet:
    roles = [role for role, granted in GRANTS.items() if permission in granted]
    held = Membership.objects.active().filter(place, user=OuterRef("pk"), role__in=roles)
    return User.objects.people().filter(Exists(held), is_active=True).order_by("name_sort_key", "pk")


def possible_handlers(application: Application) -> UserQuerySet:
    """The people who may decide the application's next step: not the applicant, nor who reviewed another stage."""
    made = Transition.objects.filter(application=application, by=OuterRef("pk"), action__in=REVIEW_ACTIONS).exclude(
        stage=application.stage
    )
    people = _next_people(application).exclude(Exists(made))
    return people.exclude(pk=application.applicant.user_id) if application.applicant.user_id else people


def _next_people(application: Application) -> UserQuerySet:
    if application.state in (State.ON_NOTICE, State.AWAITING_DECISION):
        return holders(Permission.APPROVE, application)
    if not application.stage:
        return holders(Permission.ACCEPT_CASE, application)
    stage = application.service.stage(application.stage)
    if not stage.party:
        return holders(stage.permission, application)
    party = current_party(application)
    return people_of(party, stage.permission) if party else User.objects.none()
