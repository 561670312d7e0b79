"""Pure rules of growth paths: who fits where, what counts as met, when a stage is reached, what comes next and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from growth.pathways.choices import (
    OVER,
    STANDINGS,
    Answer,
    Audience,
    Confirmation,
    Part,
    Record,
)
from talentmap.casework.rules import Assessment, Words

MOST_STEPS = 5
MOST_SERVICES = 3


# Where somebody stands ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """What is on file about where a person stands; "" for what it does not say. `skill` is the highest level."""

    enterprise: str = ""
    own_enterprise: bool = False
    returned_on: date | None = None
    skill: str = ""
    rural: str = ""
    team: str = ""
    category: str = ""
    file_complete: bool = False

    def on(self, audience: str) -> str:
        """The standing that decides on pathways for `audience`."""
        found = {Audience.FOUNDER: self.enterprise, Audience.SKILLED: self.skill, Audience.RURAL: self.rural}
        return found.get(Audience(audience), "")


def rank(audience: str, standing: str) -> int:
    """The place of a standing in its order, from 0; -1 for one that is not there."""
    values = STANDINGS[audience].values if audience in STANDINGS else []
    return values.index(standing) if standing in values else -1


def highest(audience: str, standings: Iterable[str]) -> str:
    return max(standings, key=lambda each: rank(audience, each), default="")


def fit(audience: str, standing: Standing) -> str:
    """Why a pathway fits this person, in a sentence; "" where nothing on file says so."""
    if audience == Audience.FOUNDER:
        return _founder(standing)
    if audience == Audience.SKILLED:
        return _skilled(standing)
    if audience == Audience.RURAL:
        rural = standing.rural or standing.team == "rural"
        return _("The file counts the person among the practical rural talents.") if rural else ""
    return _("It is open to all talents.")


def _founder(standing: Standing) -> str:
    if standing.own_enterprise or standing.enterprise:
        return _("The file names an enterprise of the person's own.")
    return _("The person has come back to the county.") if standing.returned_on else ""


def _skilled(standing: Standing) -> str:
    if standing.skill:
        return _("The file has a certificate of a skill.")
    return _("The file counts the person among the highly skilled.") if standing.team == "skilled" else ""


# Milestones and stages ------------------------------------------------------------------------------------------


class State(StrEnum):
    """How a milestone stands for one person."""

    OPEN = "open"
    WAITING = "waiting"  # ticked, and waits for a confirmation
    SENT_BACK = "sent_back"  # somebody said what is missing
    MET = "met"


@dataclass(frozen=True)
class Milestone:
    code: str
    title: str
    stage: str
    required: bool = True
    needs: str = ""
    record: str = ""
    record_value: str = ""
    services: tuple[str, ...] = ()
    evidence: str = ""


@dataclass(frozen=True)
class Stage:
    code: str
    title: str
    standing: str = ""
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True)
class TickLine:
    """A tick with its answers, the oldest first."""

    code: str
    attempt: int
    needs: str
    at: datetime
    answers: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        return not set(self.answers) & set(OVER)

    @property
    def state(self) -> State:
        if Answer.WITHDRAWN in self.answers:
            return State.OPEN
        if Answer.SENT_BACK in self.answers:
            return State.SENT_BACK
        return State.MET if not self.needs or Answer.CONFIRMED in self.answers else State.WAITING


def states(ticks: Iterable[TickLine]) -> dict[str, State]:
    """How each milestone stands that was ever ticked, by its code: the last attempt decides."""
    last: dict[str, TickLine] = {}
    for tick in ticks:
        if tick.code not in last or tick.attempt > last[tick.code].attempt:
            last[tick.code] = tick
    return {code: tick.state for code, tick in last.items()}


def met(found: Mapping[str, State]) -> frozenset[str]:
    return frozenset(code for code, state in found.items() if state == State.MET)


def met_by_record(milestone: Milestone, standing: Standing, approved: Iterable[str], done: Iterable[str]) -> bool:
    """Whether the record meets a milestone: `approved` are schemes with an approved application, `done` kinds of
    things that the person has done."""
    value, record = milestone.record_value, milestone.record
    by_level = {
        Record.SKILL: (Audience.SKILLED, standing.skill),
        Record.ENTERPRISE: (Audience.FOUNDER, standing.enterprise),
        Record.RURAL: (Audience.RURAL, standing.rural),
    }
    if record in by_level:
        audience, held = by_level[Record(record)]
        return rank(audience, held) >= rank(audience, value) >= 0
    return {
        Record.APPLICATION: value in set(approved),
        Record.DEED: value in set(done),
        Record.CATEGORY: bool(standing.category),
        Record.OWN_ENTERPRISE: standing.own_enterprise,
        Record.FILE: standing.file_complete,
    }.get(Record(record), False)


def first_stage(stages: Sequence[Stage], audience: str, standing: str) -> Stage:
    """Where somebody of this standing begins: the last stage whose standing they have reached, else the first."""
    held = rank(audience, standing)
    reached = [each for each in stages if each.standing and 0 <= rank(audience, each.standing) <= held]
    return reached[-1] if reached else stages[0]


def stage_by_file(stages: Sequence[Stage], current: str, audience: str, standing: str) -> Stage | None:
    """Where somebody of this standing is by the file, if that lies ahead of where their roadmap is."""
    codes = [stage.code for stage in stages]
    first = first_stage(stages, audience, standing)
    return first if codes.index(first.code) > codes.index(current) else None


@dataclass(frozen=True)
class Advance:
    """The stages that are reached one after another from where somebody is; whether the last one is completed too."""

    reached: tuple[Stage, ...]
    finished: bool


def advance(stages: Sequence[Stage], current: str, met_codes: frozenset[str]) -> Advance:
    """A stage is left when everything needed on it is met; one that needs nothing is left by the office only."""
    place = next(index for index, stage in enumerate(stages) if stage.code == current)
    reached: list[Stage] = []
    while is_complete(stages[place], met_codes):
        if place + 1 == len(stages):
            return Advance(tuple(reached), finished=True)
        place += 1
        reached.append(stages[place])
    return Advance(tuple(reached), finished=False)


def is_complete(stage: Stage, met_codes: frozenset[str]) -> bool:
    needed = {milestone.code for milestone in stage.milestones if milestone.required}
    return bool(needed) and needed <= met_codes


# Who ticks and confirms -----------------------------------------------------------------------------------------


def still_needs(needs: str, part: str) -> str:
    """Whose word a tick waits for: none where the one who ticks is the one who would confirm."""
    own_word = {Confirmation.MENTOR: (Part.MENTOR,), Confirmation.OFFICE: (Part.OFFICE,),
                Confirmation.EITHER: (Part.MENTOR, Part.OFFICE)}  # fmt: skip
    return "" if part in own_word.get(Confirmation(needs), ()) else needs


def may_confirm(needs: str, part: str, *, has_mentor: bool) -> bool:
    """The office stands in for a mentor whom the person does not have."""
    if part == Part.MENTOR:
        return needs in (Confirmation.MENTOR, Confirmation.EITHER)
    if part == Part.OFFICE:
        return needs in (Confirmation.OFFICE, Confirmation.EITHER) or (needs == Confirmation.MENTOR and not has_mentor)
    return False


# What comes next ------------------------------------------------------------------------------------------------


class Eligible(StrEnum):
    YES = "yes"
    MAYBE = "maybe"  # nothing speaks against it, something is not known yet
    NO = "no"
    RUNNING = "running"  # an application is open
    CLOSED = "closed"  # no applications are taken at present


@dataclass(frozen=True)
class Service:
    """A service as it stands for one person, with the reason in a sentence."""

    code: str
    title: Words
    eligible: Eligible
    reason: str

    @property
    def can_apply(self) -> bool:
        return self.eligible in (Eligible.YES, Eligible.MAYBE)


_USEFUL = {Eligible.YES: 0, Eligible.RUNNING: 1, Eligible.MAYBE: 2, Eligible.NO: 3, Eligible.CLOSED: 4}


def service_line(
    code: str, title: Words, assessment: Assessment | None, *, running: str = "", is_open: bool = True
) -> Service:
    """`running` is the state of an open application in words; without an assessment the office has set no amounts."""
    if running:
        return Service(code, title, Eligible.RUNNING, running)
    if not is_open or assessment is None:
        return Service(code, title, Eligible.CLOSED, _("No applications are taken at present."))
    if assessment.unmet:
        return Service(code, title, Eligible.NO, _listed(c.reason or c.label for c in assessment.unmet))
    if assessment.to_fill_in:
        missing = _listed(c.label for c in assessment.to_fill_in)
        reason = _("Nothing speaks against it; the file does not say yet: %(missing)s") % {"missing": missing}
        return Service(code, title, Eligible.MAYBE, reason)
    offer = str(assessment.offer.text)
    met = _("All conditions are met: %(offer)s") % {"offer": offer} if offer else _("All conditions are met.")
    return Service(code, title, Eligible.YES, met)


def _listed(words: Iterable[Words]) -> str:
    return pgettext("list", ", ").join(str(each).rstrip("。.") for each in words)


@dataclass(frozen=True)
class NextStep:
    """A milestone to go for, why it comes now, and the services that help, the most useful first."""

    milestone: Milestone
    reason: str
    services: tuple[Service, ...] = ()


def next_steps(
    stages: Sequence[Stage], current: str, found: Mapping[str, State], services: Mapping[str, Service]
) -> tuple[NextStep, ...]:
    """At most a handful: what was sent back, then what the next stage needs, then what helps, then what lies ahead.

    What waits for a confirmation is nobody's step: it is shown where it stands.
    """
    place = next(index for index, stage in enumerate(stages) if stage.code == current)
    steps = [
        _step(stages, place, distance, milestone, found, services)
        for distance, stage in enumerate(stages[place : place + 2])
        for milestone in stage.milestones
        if found.get(milestone.code, State.OPEN) in (State.OPEN, State.SENT_BACK)
    ]
    return tuple(step for _order, step in sorted(steps, key=lambda pair: pair[0]))[:MOST_STEPS]


_Order = tuple[int, int, int]


def _step(
    stages: Sequence[Stage],
    place: int,
    distance: int,
    milestone: Milestone,
    found: Mapping[str, State],
    services: Mapping[str, Service],
) -> tuple[_Order, NextStep]:
    known = sorted((services[c] for c in milestone.services if c in services), key=lambda s: _USEFUL[s.eligible])
    sent_back = found.get(milestone.code) == State.SENT_BACK
    urgency = 0 if sent_back else 1 if milestone.required else 2
    useful = _USEFUL[known[0].eligible] if known else _USEFUL[Eligible.MAYBE]
    step = NextStep(milestone, _why(stages, place, distance, milestone, sent_back), tuple(known[:MOST_SERVICES]))
    return (distance, urgency, useful), step


def _why(stages: Sequence[Stage], place: int, distance: int, milestone: Milestone, sent_back: bool) -> str:
    if sent_back:
        return _("It was sent back: see what is missing.")
    if distance:
        return _("It already counts for the next stage, “%(stage)s”.") % {"stage": stages[place + distance].title}
    if not milestone.required:
        return _("It helps on this stage and is not required.")
    if place + 1 == len(stages):
        return _("It is needed to complete the pathway.")
    return _("It is needed to reach the next stage, “%(stage)s”.") % {"stage": stages[place + 1].title}


# Versions -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """What a newer version changes for somebody: milestones that come and go; those of the same code keep ticks."""

    added: tuple[Milestone, ...]
    dropped: tuple[Milestone, ...]
    kept: tuple[Milestone, ...]


def difference(old: Sequence[Stage], new: Sequence[Stage]) -> Difference:
    before, after = ({m.code: m for stage in version for m in stage.milestones} for version in (old, new))
    return Difference(
        added=tuple(m for code, m in after.items() if code not in before),
        dropped=tuple(m for code, m in before.items() if code not in after),
        kept=tuple(m for code, m in after.items() if code in before),
    )


def stage_in(new: Sequence[Stage], old: Sequence[Stage], current: str) -> Stage:
    """Where somebody goes on in a newer version: the stage of the same code, else of the nearest one before it that
    is still there, else the first."""
    codes = [stage.code for stage in old]
    known = {stage.code: stage for stage in new}
    before = reversed(codes[: codes.index(current) + 1]) if current in codes else iter(())
    return next((known[code] for code in before if code in known), new[0])


@dataclass(frozen=True)
class Problem:
    """Why a draft cannot be published; `stage` and `milestone` say where."""

    text: str
    stage: str = ""
    milestone: str = ""


def problems(stages: Sequence[Stage]) -> tuple[Problem, ...]:
    found = [] if len(stages) > 1 else [Problem(_("A pathway has at least two stages."))]
    for stage in stages:
        if not any(milestone.required for milestone in stage.milestones):
            text = _("“%(stage)s” has no milestone that is needed: nobody could ever leave it.")
            found.append(Problem(text % {"stage": stage.title}, stage=stage.code))
    for milestone in (each for stage in stages for each in stage.milestones):
        if not milestone.evidence and not milestone.record:
            text = _("“%(milestone)s” does not say what counts as evidence.")
            found.append(Problem(text % {"milestone": milestone.title}, milestone.stage, milestone.code))
    return tuple(found)
