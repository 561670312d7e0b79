"""Telling the talent, the mentor and the office. Only for actions of growth paths."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from growth.pathways import companions, kinds, rules
from growth.pathways.choices import Answer, Confirmation, Part
from growth.pathways.models import Journey, JourneyMove, Tick
from growth.pathways.parts import parts_of
from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import Role
from talentmap.notices.actions import notify_each
from talentmap.notices.kinds import NoticeKind
from talentmap.regions.codes import lineage


def tell_waits(by: User, at: datetime, tick: Tick) -> None:
    """Whoever may confirm it: the mentors, or the people of the township; never who ticked it."""
    journey = tick.journey
    mentors = companions.mentors_of(journey.talent)
    wanted: list[User] = []
    if rules.may_confirm(tick.needs, Part.MENTOR, has_mentor=bool(mentors)):
        wanted += mentors
    by_office = tick.needs != Confirmation.EITHER or not mentors
    if by_office and rules.may_confirm(tick.needs, Part.OFFICE, has_mentor=bool(mentors)):
        wanted += nearest_office(journey)
    others = [each for each in wanted if each.pk not in (tick.by_id, journey.talent.user_id)]
    _tell(others, by, at, journey, kinds.WAITS, f"pathway:{tick.pk}:waits")


def nearest_office(journey: Journey) -> list[User]:
    """The cadres of the person's township; the county's office where there are none."""
    codes = lineage(journey.talent.region.code) if journey.talent.region else ()
    held = Membership.objects.active().filter(user=OuterRef("pk"))
    people = User.objects.people().filter(is_active=True).order_by("pk")
    cadres = held.filter(role=Role.TOWNSHIP_CADRE, region__code__in=codes)
    return list(people.filter(Exists(cadres))) or list(people.filter(Exists(held.filter(role=Role.OFFICE_STAFF))))


def tell_confirmed(by: User, at: datetime, tick: Tick) -> None:
    _tell_talent(by, at, tick.journey, kinds.CONFIRMED, f"pathway:{tick.pk}:confirmed")


def tell_sent_back(by: User, at: datetime, tick: Tick) -> None:
    """Whoever ticked it mends it: mostly the talent, sometimes their mentor."""
    _tell_talent(by, at, tick.journey, kinds.SENT_BACK, f"pathway:{tick.pk}:sent_back")
    if tick.part == Part.MENTOR:
        _tell([tick.by], by, at, tick.journey, kinds.SENT_BACK, f"pathway:{tick.pk}:sent_back")


def tell_taken_back(by: User, at: datetime, tick: Tick) -> None:
    """The talent, and whoever else ticked or confirmed it, as long as they take part in the roadmap."""
    journey, key = tick.journey, f"pathway:{tick.pk}:taken_back"
    said = {tick.by, *(answer.by for answer in tick.answers.filter(kind=Answer.CONFIRMED).select_related("by"))}
    others = [each for each in said if each.pk != by.pk and parts_of(each, journey) - {Part.TALENT}]
    _tell_talent(by, at, journey, kinds.TAKEN_BACK, key)
    _tell(others, by, at, journey, kinds.TAKEN_BACK, key)


def tell_reached(by: User, at: datetime, journey: Journey, move: JourneyMove) -> None:
    _tell_talent(by, at, journey, kinds.STAGE_REACHED, f"pathway:move:{move.pk}")


def tell_finished(by: User, at: datetime, journey: Journey, move: JourneyMove) -> None:
    _tell_talent(by, at, journey, kinds.FINISHED, f"pathway:move:{move.pk}")


def _tell_talent(by: User, at: datetime, journey: Journey, kind: NoticeKind, key: str) -> None:
    """A person without an account is told by the office."""
    user = journey.talent.user
    if user and user.pk != by.pk:
        _tell([user], by, at, journey, kind, key)


def _tell(recipients: Iterable[User], by: User, at: datetime, journey: Journey, kind: NoticeKind, key: str) -> None:
    params = {"date": f"{timezone.localdate(at):%Y-%m-%d}"}
    link = reverse("pathways:journey", args=[journey.pk])
    notify_each(recipients=recipients, by=by, at=at, kind=kind, params=params, link=link, key=key)
