"""Who sees which application, and the questions that inbox and sweeps ask of the table."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from talentmap.accounts.permissions import Permission
from talentmap.casework.states import OPEN_STATES, REVIEW_ACTIONS, State

if TYPE_CHECKING:
    from talentmap.casework.scheme import Stage

_NOTHING = Q(pk__in=[])


def reached(user: Any, permission: str) -> Q:
    """The condition on Application of `permission`'s reach, the county or townships; and whatever a partner was asked
    to decide may be seen by that partner."""
    if not user.may(permission):
        return _NOTHING
    inside: Q = user.reach(permission).q(region="region")
    asked = asked_of(user, party_stages()) if permission == Permission.VIEW_CASES else None
    return inside if asked is None else inside | asked


def party_stages() -> "list[tuple[str, Stage]]":
    """The stages that a party outside the office decides, each with its service's code."""
    from talentmap.casework.registry import all_schemes

    return [(scheme.code, stage) for scheme in all_schemes() for stage in scheme.stages if stage.party]


def asked_of(user: Any, stages: "Iterable[tuple[str, Stage]]") -> Q | None:
    """The condition on Application that one of `stages` was put to this person or their organisation; None where
    they have no part in any."""
    from talentmap.casework.models import Party

    wanted = Q()
    for scheme, stage in stages:
        if user.may(stage.permission):
            wanted |= Q(application__scheme=scheme, stage=stage.code) & _is_party(user, stage)
    if not wanted:
        return None
    return Q(pk__in=Party.objects.current().filter(wanted).values("application"))


def _is_party(user: Any, stage: "Stage") -> Q:
    if stage.party == "person":
        return Q(person=user.pk)
    return Q(organisation__in=user.reach(stage.permission).organisation_ids)


def visible(user: Any) -> Q:
    """One's own applications; those that one entered at the counter; those sent in within one's reach."""
    if not user.is_authenticated:
        return _NOTHING
    own = Q(applicant__user=user)
    if user.may(Permission.ENTER_FOR_PERSON):
        own |= Q(entered_by=user)
    return own | sent_within(user, Permission.VIEW_CASES)


def sent_within(user: Any, permission: str) -> Q:
    """Sent in, and within `permission`'s reach: a draft is nobody's business but its owner's."""
    return Q(submitted_at__isnull=False) & reached(user, permission)


def _further(user: Any, permission: str) -> Q:
    """What `permission` asks beyond the reach of seeing cases: mostly nothing, and said twice a condition would have
    the database expect far fewer rows than there are."""
    wanted = reached(user, permission)
    return Q() if wanted == reached(user, Permission.VIEW_CASES) else wanted


def _schemes_by_stage() -> dict[tuple[str, str], list[str]]:
    """Which services have a stage of the office under a permission: a dozen services share a handful of them."""
    from talentmap.casework.registry import all_schemes

    found: dict[tuple[str, str], list[str]] = {}
    for scheme in all_schemes():
        for stage in scheme.stages:
            if not stage.party:
                found.setdefault((stage.code, stage.permission), []).append(scheme.code)
    return found


def _asked_now(user: Any) -> Q:
    """In review at a stage that was put to this person or their organisation."""
    now = _NOTHING
    for scheme, stage in party_stages():
        asked = asked_of(user, [(scheme, stage)])
        if asked is not None:
            now |= Q(state=State.IN_REVIEW, scheme=scheme, stage=stage.code) & asked
    return now


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(visible(user))

    def in_reach(self, user: Any, permission: str = Permission.VIEW_CASES) -> Self:
        """What the user handles by office: the inbox, without their own applications' sake."""
        return self.filter(sent_within(user, permission))

    def of_applicant(self, user: Any) -> Self:
        """The person's own applications, never those that they may see by office."""
        return self.filter(applicant__user=user)

    def sent(self) -> Self:
        return self.filter(submitted_at__isnull=False)

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def overdue(self, today: date) -> Self:
        return self.filter(due_on__lt=today)

    def on_public_notice(self, today: date) -> Self:
        """What the public may read and object to today."""
        return self.filter(state=State.ON_NOTICE, notice_until__gte=today)

    def waiting_for(self, user: Any) -> Self:
        """What `user` can decide now: to accept, to review at their stage, to approve; never a case of their own,
        nor one of which they reviewed another stage."""
        from talentmap.casework.models import Transition
        from talentmap.people.models import Talent

        wanted = Q(state=State.SUBMITTED) & _further(user, Permission.ACCEPT_CASE)
        wanted |= Q(state=State.AWAITING_DECISION) & _further(user, Permission.APPROVE)
        for (stage, permission), schemes in _schemes_by_stage().items():
            at_stage = Q(state=State.IN_REVIEW, stage=stage, scheme__in=schemes)
            wanted |= at_stage & _further(user, permission)
        wanted |= _asked_now(user)
        reviewed_elsewhere = (
            Transition.objects.filter(application=OuterRef("pk"), by=user, action__in=REVIEW_ACTIONS)
            .exclude(stage=OuterRef("stage"))
            .values("pk")
        )
        own = Talent.objects.filter(user=user).values("pk")  # asked once, where a join would be asked of every row
        return self.in_reach(user).filter(wanted).exclude(applicant__in=own).exclude(Exists(reviewed_elsewhere))


class OfApplicationQuerySet(models.QuerySet):
    """Rows that belong to one application are seen by whoever sees the application."""

    def visible_to(self, user: Any) -> Self:
        from talentmap.casework.models import Application

        return self.filter(application__in=Application.objects.visible_to(user).values("pk"))


class PartyQuerySet(OfApplicationQuerySet):
    def current(self) -> Self:
        """Who is asked now, or has decided."""
        return self.filter(ended_at__isnull=True)


class DocumentQuerySet(OfApplicationQuerySet):
    def current(self) -> Self:
        """What counts now: neither replaced nor removed."""
        return self.filter(replaced_by__isnull=True, removed_at__isnull=True)
