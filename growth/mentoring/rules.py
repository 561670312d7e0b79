"""Who fits whom and why, the best assignment for all, and what a mentor gets. Pure: no database, request or clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from math import asin, cos, radians, sin, sqrt
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from scipy.optimize import linear_sum_assignment

from growth.mentoring.choices import Format, Grade, MentoringKind, Side
from talentmap.casework.rules import Condition, Outcome

ZERO, ONE = Decimal(0), Decimal(1)
HUNDRED = Decimal(100)
TENTH, CENT = Decimal("0.1"), Decimal("0.01")
WEEKS_A_YEAR = 52
# In the order in which they are shown.
CRITERIA = ("industry", "skills", "stage", "distance", "language", "load")
# Where a kilometre or a tile further no longer makes a difference.
FAR_KILOMETRES, FAR_TILES = 60.0, 6
EARTH_KILOMETRES = 6371.0
FORBIDDEN = -1_000_000


@dataclass(frozen=True)
class MentoringFacts:
    """What the conditions look at; `kind` is "" until the form says it."""

    talent_pk: int
    kind: str
    lives_in_county: bool
    is_civil_servant: bool
    kinds_running: frozenset[str]
    mentors_free: int


@dataclass(frozen=True)
class Place:
    """A township: its code's first nine digits, and where it lies, as far as anybody has said."""

    township: str
    latitude: float | None = None
    longitude: float | None = None
    tile: tuple[int, int] | None = None


@dataclass(frozen=True)
class Seeker:
    """A talent who looks for a mentor; `wishes` are mentors' ids in order, `not_again` those who already said no."""

    pk: int
    kind: str
    industry: str
    skill_gaps: frozenset[str]
    stage: str
    languages: frozenset[str]
    formats: frozenset[str]
    place: Place | None = None
    user_id: int | None = None
    wishes: tuple[int, ...] = ()
    not_again: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """A mentor as the ranking sees them; `free` are places that nobody has and nobody was promised."""

    pk: int
    offers: frozenset[str]
    industries: frozenset[str]
    skills: frozenset[str]
    stages: frozenset[str]
    languages: frozenset[str]
    formats: frozenset[str]
    capacity: int
    free: int
    place: Place | None = None
    user_id: int | None = None


@dataclass(frozen=True)
class Reason:
    """What one criterion adds: `points` of `most`, and what was found, by codes that the pages put into words."""

    criterion: str
    points: Decimal
    most: Decimal
    finding: str = ""
    found: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fit:
    """How well a mentor fits a talent, from 0 to 100, and why; in a round also what the talent's wish adds to that."""

    mentor: int
    score: Decimal
    reasons: tuple[Reason, ...]
    wish: Reason | None = None

    @property
    def worth(self) -> Decimal:
        """What a round adds up."""
        return self.score + (self.wish.points if self.wish else ZERO)

    def as_json(self) -> dict[str, object]:
        stored: dict[str, object] = {"score": str(self.score), "reasons": [_as_json(each) for each in self.reasons]}
        return stored | {"wish": _as_json(self.wish)} if self.wish else stored


def _as_json(reason: Reason) -> dict[str, object]:
    return asdict(reason) | {"points": str(reason.points), "most": str(reason.most), "found": list(reason.found)}


def fit_from_json(mentor: int, stored: Mapping[str, Any]) -> Fit | None:
    """The fit that a round kept; None where there is none."""
    if not stored:
        return None
    reasons, wish = tuple(_from_json(each) for each in stored["reasons"]), stored.get("wish")
    return Fit(mentor, Decimal(stored["score"]), reasons, _from_json(wish) if wish else None)


def _from_json(stored: Mapping[str, Any]) -> Reason:
    numbers = {name: Decimal(stored[name]) for name in ("points", "most")}
    return Reason(**{**stored, **numbers, "found": tuple(stored["found"])})


def may_be_paired(seeker: Seeker, candidate: Candidate) -> bool:
    """Whether the two may be proposed to each other at all, places aside."""
    oneself = seeker.user_id is not None and seeker.user_id == candidate.user_id
    return seeker.kind in candidate.offers and not oneself and candidate.pk not in seeker.not_again


def fit(seeker: Seeker, candidate: Candidate, weights: Mapping[str, Decimal]) -> Fit:
    """How well the two fit, each criterion with what it adds. `weights` has `weight.<criterion>` for each."""
    total = sum((weights[f"weight.{name}"] for name in CRITERIA), ZERO)
    reasons = tuple(_reason(name, seeker, candidate, weights, total) for name in CRITERIA)
    return Fit(candidate.pk, sum((reason.points for reason in reasons), ZERO), reasons)


def _reason(name: str, seeker: Seeker, candidate: Candidate, weights: Mapping[str, Decimal], total: Decimal) -> Reason:
    share, finding, found = _SHARES[name](seeker, candidate)
    most = weights[f"weight.{name}"] * HUNDRED / total if total else ZERO
    return Reason(name, _rounded(most * share), _rounded(most), finding, found)


def _rounded(points: Decimal) -> Decimal:
    return points.quantize(TENTH, ROUND_HALF_UP)


Share = tuple[Decimal, str, tuple[str, ...]]


def _of_industry(seeker: Seeker, candidate: Candidate) -> Share:
    if not seeker.industry:
        return ZERO, "not_stated", ()
    same = seeker.industry in candidate.industries
    return (ONE, "same", (seeker.industry,)) if same else (ZERO, "other", (seeker.industry,))


def _of_skills(seeker: Seeker, candidate: Candidate) -> Share:
    """The part of what the talent lacks that the mentor can teach."""
    if not seeker.skill_gaps:
        return ZERO, "not_stated", ()
    common = sorted(seeker.skill_gaps & candidate.skills)
    finding = "all" if len(common) == len(seeker.skill_gaps) else "some" if common else "none"
    return Decimal(len(common)) / len(seeker.skill_gaps), finding, tuple(common)


def _of_stage(seeker: Seeker, candidate: Candidate) -> Share:
    if not seeker.stage:
        return ZERO, "not_stated", ()
    known = seeker.stage in candidate.stages
    return (ONE, "known", (seeker.stage,)) if known else (ZERO, "other", (seeker.stage,))


def _of_distance(seeker: Seeker, candidate: Candidate) -> Share:
    """Full where both are content to talk from afar; else by kilometres, by tiles of the map, or by township."""
    if remote := sorted(seeker.formats & candidate.formats - {Format.ON_SITE.value}):
        return ONE, "remote", tuple(remote)
    if seeker.place is None or candidate.place is None:
        return ZERO, "not_stated", ()
    if seeker.place.township == candidate.place.township:
        return ONE, "same_township", ()
    return _apart(seeker.place, candidate.place)


def _apart(first: Place, second: Place) -> Share:
    apart = kilometres(first, second)
    if apart is not None:
        return Decimal(str(round(max(0.0, 1 - apart / FAR_KILOMETRES), 4))), "kilometres", (f"{apart:.0f}",)
    if first.tile and second.tile:
        tiles = max(abs(first.tile[0] - second.tile[0]), abs(first.tile[1] - second.tile[1]))
        return max(ZERO, ONE - Decimal(tiles) / FAR_TILES), "tiles", (str(tiles),)
    return ZERO, "other_township", ()


def kilometres(first: Place, second: Place) -> float | None:
    """As the crow flies; None where a place has no coordinates."""
    if None in (first.latitude, first.longitude, second.latitude, second.longitude):
        return None
    lat1, lon1, lat2, lon2 = (
        radians(float(value or 0)) for value in (first.latitude, first.longitude, second.latitude, second.longitude)
    )
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KILOMETRES * asin(sqrt(half))


def _of_language(seeker: Seeker, candidate: Candidate) -> Share:
    if not seeker.languages:
        return ZERO, "not_stated", ()
    common = tuple(sorted(seeker.languages & candidate.languages))
    return (ONE, "common", common) if common else (ZERO, "none", ())


def _of_load(seeker: Seeker, candidate: Candidate) -> Share:
    """The share of places that are free: who accompanies fewer has more time."""
    share = Decimal(candidate.free) / candidate.capacity if candidate.capacity else ZERO
    return share, "free", (str(candidate.free), str(candidate.capacity))


_SHARES = {
    "industry": _of_industry,
    "skills": _of_skills,
    "stage": _of_stage,
    "distance": _of_distance,
    "language": _of_language,
    "load": _of_load,
}


def ranked(seeker: Seeker, candidates: Iterable[Candidate], weights: Mapping[str, Decimal]) -> list[Fit]:
    """Those who may be asked and have a free place, the best first; equals in the order of their ids."""
    fits = [fit(seeker, each, weights) for each in candidates if each.free > 0 and may_be_paired(seeker, each)]
    return sorted(fits, key=lambda each: (-each.score, each.mentor))


def fit_in_round(seeker: Seeker, candidate: Candidate, weights: Mapping[str, Decimal]) -> Fit:
    """The fit and what the talent's wish adds: the first all of `weight.wish`, the second two thirds, the third one."""
    most = weights["weight.wish"]
    wish = Reason("wish", _rounded(ZERO), _rounded(most), "none")
    if candidate.pk in seeker.wishes:
        rank = seeker.wishes.index(candidate.pk) + 1
        wish = Reason("wish", _rounded(most * (4 - rank) / 3), _rounded(most), "rank", (str(rank),))
    return replace(fit(seeker, candidate, weights), wish=wish)


def assign(
    seekers: Sequence[Seeker], candidates: Sequence[Candidate], weights: Mapping[str, Decimal]
) -> dict[int, Fit | None]:
    """The mentor for each talent's id: as many talents as possible get one, and of all ways to do so the one with the
    greatest sum of fits and fulfilled wishes. The same input gives the same result, in whatever order it comes.
    """
    people = sorted(seekers, key=lambda each: each.pk)
    places = list(chain.from_iterable([each] * max(each.free, 0) for each in sorted(candidates, key=lambda c: c.pk)))
    result: dict[int, Fit | None] = dict.fromkeys((each.pk for each in people), None)
    if not people or not places:
        return result
    fits = {(s.pk, c.pk): fit_in_round(s, c, weights) for s in people for c in candidates if may_be_paired(s, c)}
    worth = np.array([[_worth(fits.get((seeker.pk, place.pk))) for place in places] for seeker in people])
    for row, column in zip(*linear_sum_assignment(worth, maximize=True), strict=True):
        if worth[row, column] > FORBIDDEN:
            result[people[row].pk] = fits[people[row].pk, places[column].pk]
    return result


def _worth(found: Fit | None) -> int:
    """In tenths of a point, so that sums are exact."""
    return int(found.worth * 10) if found else FORBIDDEN


def weeks_together(starts_on: date, last_day: date) -> int:
    """Begun weeks from the first to the last day, both included."""
    return max(0, ((last_day - starts_on).days + 7) // 7)


def stipend(grade: str, weeks: int, tariff: Mapping[str, Decimal]) -> Decimal:
    """CNY for a term of `weeks`, as its share of the year's amount for the grade; half-up to 0.01. The tariff lets no
    term be longer than a year; an older one that is gets its weeks."""
    if grade == Grade.UNQUALIFIED:
        return ZERO
    yearly = tariff[f"stipend.{grade}"]
    return (yearly * weeks / WEEKS_A_YEAR).quantize(CENT, ROUND_HALF_UP)


def midterm_from(starts_on: date, ends_on: date) -> date:
    """The first day after half of the term."""
    days = (ends_on - starts_on).days + 1
    return starts_on + timedelta(days=(days + 1) // 2)


# How far ahead the first day of a term may lie, from today or from the first day on which it could begin.
FIRST_DAY_AHEAD = timedelta(days=90)


def last_first_day(earliest: date, today: date) -> date:
    """The last day on which a term may begin that may begin on `earliest`: a mistyped year binds nobody for decades."""
    return max(today, earliest) + FIRST_DAY_AHEAD


# How long before the end of a term each side may give its final assessment. The office's pays the whole term and may
# end the pair, so it waits for the last day.
FINAL_AHEAD = {Side.TALENT: timedelta(days=14), Side.MENTOR: timedelta(days=14), Side.OFFICE: timedelta(0)}


def phases_open(starts_on: date, ends_on: date, ended_on: date | None, today: date, side: str) -> tuple[str, ...]:
    """Which assessments of a term a side may give today: the mid-term one after half of it, the final one in its last
    two weeks (the office: on its last day) and afterwards, or as soon as the pair has ended; nothing of a term that
    was to begin after that."""
    if ended_on is not None and ended_on < starts_on:
        return ()
    is_final = ended_on is not None or today >= ends_on - FINAL_AHEAD[Side(side)]
    found = {"midterm": today >= midterm_from(starts_on, ends_on), "final": is_final}
    return tuple(phase for phase, is_open in found.items() if is_open)


def conditions(facts: MentoringFacts) -> tuple[Condition, ...]:
    """Every condition of the service with its outcome and reason."""
    return (_lives_here(facts), _no_civil_servant(facts), _no_mentor_yet(facts), _somebody_is_free(facts))


def _lives_here(facts: MentoringFacts) -> Condition:
    label = _("Lives or works in the county")
    if facts.lives_in_county:
        return Condition("lives_here", label, Outcome.MET)
    reason = _("The township is not in the file yet: it decides which mentors are near.")
    return Condition("lives_here", label, Outcome.UNKNOWN, reason, reverse("people:my_file"))


def _no_civil_servant(facts: MentoringFacts) -> Condition:
    label = _("No civil servant or equal")
    if facts.is_civil_servant:
        return Condition(
            "civil_servant", label, Outcome.NOT_MET, _("The service is for those outside the civil service.")
        )
    return Condition("civil_servant", label, Outcome.MET)


def _no_mentor_yet(facts: MentoringFacts) -> Condition:
    """One running pair for each kind; before the kind is said, one of the two must be left."""
    label = _("No mentor of this kind at present")
    taken = facts.kind in facts.kinds_running if facts.kind else set(MentoringKind.values) <= facts.kinds_running
    if taken:
        reason = _("You have a mentor of this kind. Ask for a change of mentor there if it does not fit.")
        return Condition("no_mentor_yet", label, Outcome.NOT_MET, reason)
    return Condition("no_mentor_yet", label, Outcome.MET)


def _somebody_is_free(facts: MentoringFacts) -> Condition:
    label = _("Mentors with a free place")
    if facts.mentors_free:
        return Condition("mentors_free", label, Outcome.MET, _("%(count)s at present") % {"count": facts.mentors_free})
    return Condition("mentors_free", label, Outcome.WARN, _("None at present: you may apply and wait for one."))
