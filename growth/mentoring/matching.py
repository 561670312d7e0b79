"""Reads from the database what the ranking looks at: who seeks, who is offered, under which weights."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from growth.mentoring import rules
from growth.mentoring.models import Mentor, MentoringApplication, MentorRequest
from growth.mentoring.tariff import in_force, weights_of
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.regions.codes import TOWNSHIP_DIGITS

MENTOR_STAGE = "mentor"
SCHEME = "mentoring"
_SAID_NO = (MentorRequest.State.DECLINED, MentorRequest.State.LAPSED)


def weights_on(day: date) -> dict[str, Decimal]:
    return weights_of(in_force(day))


def place_of(region: Any) -> rules.Place | None:
    """The township of a region, and where it lies."""
    if region is None:
        return None
    township = region.parent if region.level == "village" else region
    tile = None if township.tile_x is None else (township.tile_x, township.tile_y)
    latitude, longitude = township.latitude, township.longitude
    return rules.Place(
        region.code[:TOWNSHIP_DIGITS],
        None if latitude is None else float(latitude),
        None if longitude is None else float(longitude),
        tile,
    )


def candidate(mentor: Mentor) -> rules.Candidate:
    return rules.Candidate(
        pk=mentor.pk,
        offers=frozenset(mentor.offers),
        industries=frozenset(mentor.industries),
        skills=frozenset(mentor.skills),
        stages=frozenset(mentor.stages),
        languages=frozenset(mentor.languages),
        formats=frozenset(mentor.formats),
        capacity=mentor.capacity,
        free=mentor.free,
        place=place_of(mentor.region),
        user_id=mentor.user_id,
    )


def open_mentors(day: date, kind: str = "") -> "QuerySet[Mentor]":
    """Those who may be asked, with what the ranking and the lists show of them."""
    found = Mentor.objects.open_on(day).without_secrets().select_related("region__parent", "organisation")
    return found.filter(offers__contains=[kind]) if kind else found


def seeker(detail: MentoringApplication, said_no: Iterable[int] = ()) -> rules.Seeker:
    """`detail` with its application, the applicant and their region."""
    applicant = detail.application.applicant
    return rules.Seeker(
        pk=detail.pk,
        kind=detail.kind,
        industry=detail.industry,
        skill_gaps=frozenset(detail.skill_gaps),
        stage=detail.enterprise_stage,
        languages=frozenset(detail.languages),
        formats=frozenset(detail.formats),
        place=place_of(detail.application.region),
        user_id=applicant.user_id,
        wishes=tuple(
            pk for pk in (detail.first_wish_id, detail.second_wish_id, detail.third_wish_id) if pk is not None
        ),
        not_again=frozenset(said_no),
    )


def said_no(applications: Iterable[int]) -> dict[int, set[int]]:
    """The mentors who declined or did not answer, by application."""
    found: dict[int, set[int]] = {}
    rows = MentorRequest.objects.filter(application__in=list(applications), state__in=_SAID_NO)
    for application, mentor in rows.values_list("application", "mentor"):
        found.setdefault(application, set()).add(mentor)
    return found


def ranked_for(
    detail: MentoringApplication, day: date, weights: Mapping[str, Decimal] | None = None
) -> list[tuple[Mentor, rules.Fit]]:
    """Everybody who may be asked now, the best first; by the `weights` of a round, or those of the day."""
    mentors = {mentor.pk: mentor for mentor in open_mentors(day, detail.kind)}
    fits = rules.ranked(
        seeker(detail, said_no([detail.pk]).get(detail.pk, ())),
        [candidate(mentor) for mentor in mentors.values()],
        weights or weights_on(day),
    )
    return [(mentors[fit.mentor], fit) for fit in fits]


def details() -> "QuerySet[MentoringApplication]":
    return MentoringApplication.objects.select_related(
        "application__region__parent", "application__applicant", "first_wish", "second_wish", "third_wish"
    ).defer(
        "application__applicant__id_number",
        "application__applicant__bank_account",
        "application__applicant__health_note",
    )


def waiting() -> "QuerySet[MentoringApplication]":
    """Applications that the office has passed and for which nobody is asked at present, the longest first."""
    asked = MentorRequest.objects.open().values("application")
    at_stage = details().filter(
        application__scheme=SCHEME, application__state=State.IN_REVIEW, application__stage=MENTOR_STAGE
    )
    return at_stage.exclude(application__in=asked).order_by("application__submitted_at", "pk")


def is_waiting(application: Application) -> bool:
    return application.state == State.IN_REVIEW and application.stage == MENTOR_STAGE
