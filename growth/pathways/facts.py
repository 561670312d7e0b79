"""Reads from the database what the rules of growth paths look at."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from growth.pathways import deeds, rules
from growth.pathways.choices import Audience, Record
from growth.pathways.models import Journey, PathwayMilestone, PathwayStage, PathwayVersion, Tick
from growth.pathways.own_deeds import GRANTED
from talentmap.casework import registry
from talentmap.casework.benefits import assessed
from talentmap.casework.models import Application
from talentmap.casework.states import OPEN_STATES
from talentmap.people.rules import gaps
from talentmap.people.writing import filled_entries


def standing_of(talent: Any, at: datetime, rural: str = "") -> rules.Standing:
    """Where the person stands by the file; the level as rural talent is the journey's."""
    return rules.Standing(
        enterprise=talent.enterprise_stage,
        own_enterprise=talent.enterprise_id is not None,
        returned_on=talent.returned_on,
        skill=rules.highest(Audience.SKILLED, (skill.level for skill in talent.skills.all())),
        rural=rural,
        team=talent.team,
        category=talent.category_on(timezone.localdate(at)),
        file_complete=not gaps(filled_entries(talent)),
    )


def rural_level_of(talent: Any) -> str:
    """As the office entered it last, on whichever roadmap: the register has no field for it."""
    known = Journey.objects.filter(talent=talent, pathway__audience=Audience.RURAL).order_by("-started_at", "-pk")
    return known.values_list("rural_level", flat=True).first() or ""


def standing_on(journey: Journey, at: datetime) -> rules.Standing:
    return standing_of(journey.talent, at, journey.rural_level)


def stages_with_milestones(version: PathwayVersion) -> list[PathwayStage]:
    return _with_milestones(version.stages.all())


def _with_milestones(stages: Any) -> list[PathwayStage]:
    parts = Prefetch("milestones", PathwayMilestone.objects.order_by("position"))
    return list(stages.order_by("position").prefetch_related(parts))


def plan_of(version: PathwayVersion) -> tuple[rules.Stage, ...]:
    """A version as the rules know it; two queries."""
    return plan_of_rows(stages_with_milestones(version))


def plans_of(versions: Sequence[PathwayVersion]) -> dict[int, tuple[rules.Stage, ...]]:
    """The plan of each version by its key; two queries however many they are."""
    rows: dict[int, list[PathwayStage]] = {version.pk: [] for version in versions}
    for row in _with_milestones(PathwayStage.objects.filter(version__in=list(rows))):
        rows[row.version_id].append(row)
    return {key: plan_of_rows(stages) for key, stages in rows.items()}


def plan_of_rows(rows: Iterable[PathwayStage]) -> tuple[rules.Stage, ...]:
    return tuple(_stage(row) for row in rows)


def _stage(row: PathwayStage) -> rules.Stage:
    return rules.Stage(row.code, row.title, row.standing, tuple(_milestone(each, row) for each in row.milestones.all()))


def _milestone(row: PathwayMilestone, stage: PathwayStage) -> rules.Milestone:
    return rules.Milestone(
        code=row.code,
        title=row.title,
        stage=stage.code,
        required=row.required,
        needs=row.needs,
        record=row.record,
        record_value=row.record_value,
        services=tuple(row.services),
        evidence=row.evidence,
    )


def milestones_of(stages: Iterable[rules.Stage]) -> dict[str, rules.Milestone]:
    return {milestone.code: milestone for stage in stages for milestone in stage.milestones}


def tick_lines(ticks: Iterable[Tick]) -> list[rules.TickLine]:
    """Ticks, with their answers prefetched, as the rules know them."""
    return [
        rules.TickLine(t.code, t.attempt, t.needs, t.at, tuple(answer.kind for answer in t.answers.all()))
        for t in ticks
    ]


def states_of(journey: Journey) -> dict[str, rules.State]:
    return rules.states(tick_lines(journey.ticks.prefetch_related("answers")))


def recorded(journey: Journey, stages: Sequence[rules.Stage], standing: rules.Standing) -> dict[str, bool]:
    """Of each milestone that the record can meet, by its code: whether it does for somebody who stands there."""
    wanted = [milestone for milestone in milestones_of(stages).values() if milestone.record]
    if not wanted:
        return {}
    talent = journey.talent
    approved = _approved(talent)
    asked = {milestone.record_value for milestone in wanted if milestone.record == Record.DEED}
    done = {kind for kind in asked if any(deed.done for deed in deeds.of(talent, None, only=kind))}
    return {m.code: rules.met_by_record(m, standing, approved, done) for m in wanted}


def _approved(talent: Any) -> set[str]:
    return set(Application.objects.filter(applicant=talent, state__in=GRANTED).values_list("scheme", flat=True))


def services_of(talent: Any, codes: Iterable[str], at: datetime) -> dict[str, rules.Service]:
    """Each service as it stands for the person; one that no app offers any more is left out."""
    offered: Mapping[str, Any] = {scheme.code: scheme for scheme in registry.all_schemes()}
    running = {a.scheme: a for a in talent.applications.filter(state__in=OPEN_STATES)}
    found = {}
    for code in dict.fromkeys(codes):
        scheme = offered.get(code)
        if scheme is None:
            continue
        application = running.get(code)
        found[code] = rules.service_line(
            code,
            scheme.title,
            assessed(scheme, talent, at) if scheme.is_open and application is None else None,
            running=str(application.applicant_label) if application else "",
            is_open=scheme.is_open,
        )
    return found


def content_of(version: PathwayVersion) -> list[tuple[Any, ...]]:
    """Everything that a version says, to compare two of them."""
    return [
        (
            stage.code,
            stage.title,
            stage.description,
            stage.standing,
            [_content(each) for each in stage.milestones.all()],
        )
        for stage in stages_with_milestones(version)
    ]


def _content(row: PathwayMilestone) -> tuple[Any, ...]:
    return (row.code, row.title, row.evidence, row.required, row.needs, row.record, row.record_value, row.services)
