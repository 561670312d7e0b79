"""A journey as its page draws it: the road with its stages, what comes next, where the person stands, what they did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from growth.pathways import companions, deeds, facts, rules
from growth.pathways.choices import OVER, Answer, Audience, Part, Record, RuralLevel
from growth.pathways.deeds import Deed
from growth.pathways.models import Journey, PathwayMilestone, PathwayStage, PathwayVersion, Tick
from growth.pathways.parts import confirming_part, may_withdraw, parts_of, ticking_part
from talentmap.accounts.permissions import Permission
from talentmap.casework import registry
from talentmap.people.choices import Category, EnterpriseStage, SkillLevel, Team

MOST_DEEDS = 12
# Icon, tone and word of a milestone: never the colour alone.
LOOKS = {
    rules.State.OPEN: ("circle", "neutral", pgettext_lazy("milestone", "Open")),
    rules.State.WAITING: ("hourglass-split", "wait", pgettext_lazy("milestone", "Waits for confirmation")),
    rules.State.SENT_BACK: ("arrow-return-left", "bad", pgettext_lazy("milestone", "Sent back")),
    rules.State.MET: ("check-circle-fill", "good", pgettext_lazy("milestone", "Met")),
}
SERVICE_LOOKS = {
    rules.Eligible.YES: ("check-circle-fill", "good", gettext_lazy("Qualifies")),
    rules.Eligible.MAYBE: ("question-circle", "neutral", gettext_lazy("May qualify")),
    rules.Eligible.NO: ("x-circle-fill", "bad", gettext_lazy("Does not qualify")),
    rules.Eligible.RUNNING: ("arrow-right-circle", "info", pgettext_lazy("service", "Applied for")),
    rules.Eligible.CLOSED: ("dash-circle", "over", gettext_lazy("Not open")),
}


@dataclass(frozen=True)
class Look:
    icon: str
    tone: str
    word: Any


@dataclass(frozen=True)
class MilestoneView:
    """One milestone as one reader sees it. `last` is its latest tick."""

    row: PathwayMilestone
    state: rules.State
    last: Tick | None
    by_hand: bool
    may_tick: bool = False
    may_answer: bool = False
    may_withdraw: bool = False

    @property
    def element(self) -> str:
        return f"m-{self.row.code}"

    @property
    def look(self) -> Look:
        return Look(*LOOKS[self.state])

    @property
    def hint(self) -> str:
        """What to show, or what on record meets it."""
        return met_through(self.row.record, self.row.record_value) if self.row.record else self.row.evidence

    @property
    def confirmed(self) -> Any:
        return self._answer(Answer.CONFIRMED)

    @property
    def over(self) -> Any:
        """Why the last tick does not count: what is missing, or who took it back."""
        return self._answer(*OVER)

    @property
    def taken_back(self) -> Any:
        """The last tick's withdrawal, where it says why."""
        return self.over if self.over and self.over.kind == Answer.WITHDRAWN and self.over.note else None

    def _answer(self, *kinds: str) -> Any:
        answers = self.last.answers.all() if self.last else ()
        return next((answer for answer in answers if answer.kind in kinds), None)

    @property
    def evidence(self) -> Any:
        return getattr(self.last, "evidence", None) if self.last else None


@dataclass(frozen=True)
class StageView:
    row: PathwayStage
    place: str  # "passed", "current" or "ahead"
    milestones: tuple[MilestoneView, ...]

    @property
    def is_behind(self) -> bool:
        return self.place == "passed"

    @property
    def needed(self) -> tuple[MilestoneView, ...]:
        return tuple(each for each in self.milestones if each.row.required)

    @property
    def needed_met(self) -> int:
        return sum(each.state == rules.State.MET for each in self.needed)

    @property
    def look(self) -> Look:
        return Look(
            *{
                "passed": ("check-circle-fill", "good", _("Behind")),
                "current": ("geo-alt-fill", "info", _("Here now")),
                "ahead": ("circle", "neutral", _("Ahead")),
            }[self.place]
        )


@dataclass(frozen=True)
class ServiceView:
    service: rules.Service

    @property
    def look(self) -> Look:
        return Look(*SERVICE_LOOKS[self.service.eligible])


@dataclass(frozen=True)
class StepView:
    step: rules.NextStep
    milestone: MilestoneView
    services: tuple[ServiceView, ...]


class Roadmap:
    """Everything that the page of a journey shows to `reader`; each part is read once, when it is asked for."""

    def __init__(self, journey: Journey, reader: Any, at: datetime) -> None:
        self.journey, self.reader, self.at = journey, reader, at
        self.talent = journey.talent
        self.parts = parts_of(reader, journey)
        self.own = Part.TALENT in self.parts
        self.mentors = companions.mentors_of(journey.talent)

    @cached_property
    def rows(self) -> list[PathwayStage]:
        return facts.stages_with_milestones(self.journey.version)

    @cached_property
    def plan(self) -> tuple[rules.Stage, ...]:
        return facts.plan_of_rows(self.rows)

    @cached_property
    def ticks(self) -> list[Tick]:
        found = self.journey.ticks.select_related("by", "evidence").prefetch_related("answers__by")
        return list(found.order_by("code", "attempt"))

    @cached_property
    def states(self) -> dict[str, rules.State]:
        return rules.states(facts.tick_lines(self.ticks))

    @cached_property
    def stages(self) -> list[StageView]:
        here = self.journey.stage.position
        finished = self.journey.state == Journey.State.FINISHED
        return [
            StageView(
                row,
                "passed" if row.position < here or finished else "current" if row.position == here else "ahead",
                tuple(self._milestone(each) for each in row.milestones.all()),
            )
            for row in self.rows
        ]

    def _milestone(self, row: PathwayMilestone) -> MilestoneView:
        last = self._last.get(row.code)
        state = self.states.get(row.code, rules.State.OPEN)
        if not self.journey.is_active:
            return MilestoneView(row, state, last, not row.record)
        part = ticking_part(self.parts, self._by_code[row.code])
        answered = last is not None and confirming_part(self.reader, self.parts, last, has_mentor=bool(self.mentors))
        return MilestoneView(
            row,
            state,
            last,
            by_hand=not row.record,
            may_tick=part is not None and state in (rules.State.OPEN, rules.State.SENT_BACK),
            may_answer=bool(answered) and state == rules.State.WAITING,
            may_withdraw=last is not None and may_withdraw(self.reader, self.parts, last, state),
        )

    @cached_property
    def _by_code(self) -> dict[str, rules.Milestone]:
        return facts.milestones_of(self.plan)

    @cached_property
    def _last(self) -> dict[str, Tick]:
        return {tick.code: tick for tick in self.ticks}

    @cached_property
    def current(self) -> StageView:
        return next(stage for stage in self.stages if stage.row.pk == self.journey.stage_id)

    @property
    def place(self) -> int:
        return self.rows.index(self.current.row) + 1

    @cached_property
    def needed(self) -> int:
        """Behind the present stage only what is met: nobody needs any more what lay before their start, or what they
        passed over by their file or the office's word."""
        return sum(stage.needed_met if stage.is_behind else len(stage.needed) for stage in self.stages)

    @cached_property
    def met(self) -> int:
        return sum(stage.needed_met for stage in self.stages)

    @cached_property
    def steps(self) -> list[StepView]:
        if not self.journey.is_active:
            return []
        services = self._services()
        found = rules.next_steps(self.plan, self.journey.stage.code, self.states, services)
        views = {view.row.code: view for stage in self.stages for view in stage.milestones}
        return [
            StepView(step, views[step.milestone.code], tuple(ServiceView(each) for each in step.services))
            for step in found
        ]

    def _services(self) -> dict[str, rules.Service]:
        """Those that help, and why the person qualifies or not: theirs and the office's to know, a mentor sees none."""
        ahead = self.plan[self.place - 1 : self.place + 1]
        codes = [code for stage in ahead for each in stage.milestones for code in each.services]
        return facts.services_of(self.talent, codes, self.at) if self.sees_conditions else {}

    @property
    def sees_conditions(self) -> bool:
        return bool(self.parts & {Part.TALENT, Part.OFFICE}) or self.sees_file

    @cached_property
    def sees_file(self) -> bool:
        return bool(self.reader.may(Permission.VIEW_PEOPLE, self.journey))

    @cached_property
    def deeds(self) -> list[Deed]:
        return deeds.of(self.talent, self.reader)

    @property
    def latest_deeds(self) -> list[Deed]:
        return self.deeds[:MOST_DEEDS]

    @property
    def earlier_deeds(self) -> list[Deed]:
        return self.deeds[MOST_DEEDS:]

    @cached_property
    def standing(self) -> list[tuple[Any, Any]]:
        return standing_facts(facts.standing_on(self.journey, self.at), self.journey.pathway.audience)

    @cached_property
    def newer(self) -> PathwayVersion | None:
        newest = self.journey.pathway.versions.published().order_by("-number").first()
        return newest if newest and newest.pk != self.journey.version_id and self.journey.is_active else None

    @property
    def may_lead(self) -> bool:
        """Whether the reader may put the journey on a stage."""
        return self.journey.is_active and Part.OFFICE in self.parts

    @property
    def may_end(self) -> bool:
        return self.journey.is_active and bool(self.parts & {Part.TALENT, Part.OFFICE})


def standing_facts(standing: rules.Standing, audience: str) -> list[tuple[Any, Any]]:
    """Where somebody stands, that which the pathway goes by first."""
    found = {
        Audience.FOUNDER: (_("Enterprise stage"), _word(EnterpriseStage, standing.enterprise)),
        Audience.SKILLED: (_("Skill level"), _word(SkillLevel, standing.skill)),
        Audience.RURAL: (_("Level as practical rural talent"), _word(RuralLevel, standing.rural)),
    }
    first = [found.pop(Audience(audience))] if audience in found else []
    more = [*found.values(), (_("Talent category"), _word(Category, standing.category))]
    more.append((_("Team"), _word(Team, standing.team)))
    return first + [(label, value) for label, value in more if value]


def _word(kind: Any, value: str) -> Any:
    return dict(kind.choices).get(value, "") if value else ""


def met_through(record: str, value: str) -> str:
    """In a sentence what on record meets a milestone by itself."""
    if record == Record.APPLICATION:
        return _("Met by itself once an application for “%(service)s” is approved.") % {
            "service": registry.title_of(value)
        }
    if record == Record.DEED:
        return _("Met by itself through: %(kind)s.") % {"kind": deeds.label_of(value)}
    levels = {Record.SKILL: SkillLevel, Record.ENTERPRISE: EnterpriseStage, Record.RURAL: RuralLevel}
    if record in levels:
        word = _word(levels[Record(record)], value)
        told = {
            Record.SKILL: _("Met by itself once the file has a certificate of this level or higher: %(level)s."),
            Record.ENTERPRISE: _("Met by itself once the file states this stage of the enterprise: %(level)s."),
            Record.RURAL: _("Met by itself once the office has entered this level: %(level)s."),
        }
        return told[Record(record)] % {"level": word}
    plain = {
        Record.CATEGORY: _("Met by itself while the file has a talent category in force."),
        Record.OWN_ENTERPRISE: _("Met by itself once the file names an enterprise of the person's own."),
        Record.FILE: _("Met by itself once the talent file is complete."),
    }
    return plain.get(Record(record), "")


# Which pathways fit ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """A pathway that somebody could start, and why it fits; `begins` is the stage where they would."""

    pathway: Any
    version: PathwayVersion
    why: str
    begins: str


def offers(talent: Any, pathways: Iterable[Any], at: datetime) -> tuple[list[Offer], list[Offer]]:
    """The pathways that fit by the file, and the others. `pathways` come with their newest version as `.newest`."""
    known = list(pathways)
    if not known:
        return [], []
    standing = facts.standing_of(talent, at, facts.rural_level_of(talent))
    plans = facts.plans_of([each.newest for each in known])
    made = [_offer(each, standing, plans[each.newest.pk]) for each in known]
    return [each for each in made if each.why], [each for each in made if not each.why]


def _offer(pathway: Any, standing: rules.Standing, stages: tuple[rules.Stage, ...]) -> Offer:
    begins = rules.first_stage(stages, pathway.audience, standing.on(pathway.audience))
    return Offer(pathway, pathway.newest, rules.fit(pathway.audience, standing), begins.title)
