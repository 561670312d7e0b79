"""Who may do what with an application now: the same answer draws the buttons and guards the actions."""

from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from talentmap.accounts.models import Membership, User, UserQuerySet
from talentmap.accounts.permissions import GRANTS, Permission
from talentmap.casework.models import Application, Transition
from talentmap.casework.states import REVIEW_ACTIONS, Action, Move, State, Who, moves
from talentmap.regions.codes import lineage

DECIDING = (Action.ACCEPT, Action.PASS_STAGE, Action.APPROVE)


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
        return self._holds(move.who) and not self.is_own_case and not self._is_double(move.action)

    def _holds(self, who: Permission | Who) -> bool:
        if who == Who.SYSTEM:
            return self.user.is_system
        if who == Who.TURN:
            return self.application.handler_id is None and self.is_their_turn
        if who == Who.SERVICE:
            return self.user.may(Permission.END_ENTITLEMENT, self.application)
        if who == Who.STAGE:
            return bool(self.application.stage) and self.user.may(self._stage_permission, self.application)
        return self.user.may(who, self.application)

    @property
    def _stage_permission(self) -> Permission:
        return self.application.service.stage(self.application.stage).permission

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
    """The moves of the application as it is; once accepted it is rejected by its stage, never refused (不予受理)."""
    rows = moves(application.state, action)
    return tuple(row for row in rows if not (row.action == Action.REFUSE and application.stage))


def allowed(user: User, application: Application) -> tuple[str, ...]:
    """The actions that this person may take on the application as it is now."""
    duties = Duties(user, application)
    possible = (m for m in open_moves(application) if duties.may_make(m))
    return tuple(dict.fromkeys(str(m.action) for m in possible))


def can_decide(user: User, application: Application) -> bool:
    """Whether it is this person's turn, or anybody's who holds the same permission."""
    return Duties(user, application).is_their_turn


def holders(permission: str, application: Application) -> UserQuerySet:
    """The people who hold `permission` over this application by office."""
    roles = [role for role, granted in GRANTS.items() if permission in granted]
    place = Q(region__code__in=lineage(application.region.code))
    if application.partner_id:
        place |= Q(organisation=application.partner_id)
    held = Membership.objects.active().filter(place, user=OuterRef("pk"), role__in=roles)
    return User.objects.people().filter(Exists(held), is_active=True).order_by("name_sort_key", "pk")


def possible_handlers(application: Application) -> UserQuerySet:
    """The people who may decide the application's next step: not the applicant, nor who reviewed another stage."""
    made = Transition.objects.filter(application=application, by=OuterRef("pk"), action__in=REVIEW_ACTIONS).exclude(
        stage=application.stage
    )
    people = holders(_next_permission(application), application).exclude(Exists(made))
    return people.exclude(pk=application.applicant.user_id) if application.applicant.user_id else people


def _next_permission(application: Application) -> Permission:
    if application.state in (State.ON_NOTICE, State.AWAITING_DECISION):
        return Permission.APPROVE
    if application.stage:
        return application.service.stage(application.stage).permission
    return Permission.ACCEPT_CASE
