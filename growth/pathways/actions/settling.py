"""What follows from every tick: the record is read again, stages are reached, people are told. Only for actions."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from growth.pathways import facts, rules
from growth.pathways.actions import telling
from growth.pathways.choices import Answer, JourneyState, Move, Part
from growth.pathways.models import Journey, JourneyMove, PathwayStage, Tick, TickAnswer
from talentmap.accounts.models import User
from talentmap.ui.errors import Refused


def settle(by: User, at: datetime, journey: Journey) -> bool:
    """Bring a locked journey up to date; gives whether anything changed."""
    stages = facts.plan_of(journey.version)
    standing = facts.standing_on(journey, at)
    changed = _read_record(at, journey, stages, standing)
    by_file = _ahead_by_file(journey, stages, standing, journey.stage.code)
    if by_file:
        _reach(by, at, journey, by_file, reason=_("By the file."))
    step = rules.advance(stages, journey.stage.code, rules.met(facts.states_of(journey)))
    for stage in step.reached:
        _reach(by, at, journey, stage)
    if step.finished:
        _finish(by, at, journey)
    changed = changed or bool(by_file or step.reached) or step.finished
    if changed:
        touch(journey, at)
    return changed


def _ahead_by_file(
    journey: Journey, stages: Sequence[rules.Stage], standing: rules.Standing, code: str
) -> rules.Stage | None:
    """The stage beyond that of this code where the file says the person is by now, such as with a new certificate."""
    audience = journey.pathway.audience
    return rules.stage_by_file(stages, code, audience, standing.on(audience))


def refuse_to_bounce(at: datetime, journey: Journey, target: str) -> None:
    """Refuse a stage that the journey would leave again at once: nobody would find the person where they were put."""
    stages, standing = facts.plan_of(journey.version), facts.standing_on(journey, at)
    _read_record(at, journey, stages, standing)
    stage = next(each for each in stages if each.code == target)
    if rules.is_complete(stage, rules.met(facts.states_of(journey))):
        raise Refused(
            _(
                "Everything needed on “%(stage)s” is met: the person would go on at once. Choose a later stage, or take"
                " back a milestone of this one first."
            )
            % {"stage": stage.title}
        )
    if by_file := _ahead_by_file(journey, stages, standing, target):
        raise Refused(
            _(
                "By the file the person stands at “%(stage)s” and would go there at once. Correct the file or the level"
                " first."
            )
            % {"stage": by_file.title}
        )


def touch(journey: Journey, at: datetime) -> None:
    journey.moved_at = at
    journey.save(update_fields=["moved_at"])


def _read_record(at: datetime, journey: Journey, stages: Sequence[rules.Stage], standing: rules.Standing) -> bool:
    """Tick what the record meets by now, and take back what it met once and does not any more."""
    found = facts.recorded(journey, stages, standing)
    if not found:
        return False
    ticks = list(journey.ticks.prefetch_related("answers"))
    counting = {each.code: each for each in ticks if not set(_kinds(each)) & {Answer.SENT_BACK, Answer.WITHDRAWN}}
    milestones, system = facts.milestones_of(stages), User.objects.system()
    fresh = [code for code, is_met in found.items() if is_met and code not in counting]
    for code in fresh:
        new_tick(system, at, journey, milestones[code], part=Part.RECORD, attempts=_attempts(ticks))
    stale = [counting[c] for c, is_met in found.items() if c in counting and not is_met]
    gone = [each for each in stale if each.part == Part.RECORD]
    for each in gone:
        TickAnswer.objects.create(
            tick=each, kind=Answer.WITHDRAWN, part=Part.RECORD, by=system, at=at,
            note=_("The record does not show it any more."),
        )  # fmt: skip
    return bool(fresh or gone)


def _kinds(tick: Tick) -> list[str]:
    return [answer.kind for answer in tick.answers.all()]


def _attempts(ticks: Sequence[Tick]) -> dict[str, int]:
    """The last attempt at each milestone."""
    found: dict[str, int] = {}
    for each in ticks:
        found[each.code] = max(found.get(each.code, 0), each.attempt)
    return found


def new_tick(
    by: User, at: datetime, journey: Journey, milestone: rules.Milestone, *, part: str, attempts: Mapping[str, int]
) -> Tick:
    return Tick.objects.create(
        journey=journey,
        code=milestone.code,
        title=milestone.title,
        attempt=attempts.get(milestone.code, 0) + 1,
        part=part,
        needs="" if part == Part.RECORD else rules.still_needs(milestone.needs, part),
        by=by,
        at=at,
    )


def _reach(by: User, at: datetime, journey: Journey, stage: rules.Stage, *, reason: str = "") -> None:
    row = journey.version.stages.get(code=stage.code)
    made = record_move(by, at, journey, Move.REACHED, row, reason=reason)
    go_to(at, journey, row)
    telling.tell_reached(by, at, journey, made)


def _finish(by: User, at: datetime, journey: Journey) -> None:
    journey.state, journey.ended_at, journey.ended_by = JourneyState.FINISHED, at, by
    journey.save(update_fields=["state", "ended_at", "ended_by"])
    made = record_move(by, at, journey, Move.FINISHED, journey.stage)
    telling.tell_finished(by, at, journey, made)


def record_move(
    by: User, at: datetime, journey: Journey, kind: str, to: PathwayStage, *, reason: str = ""
) -> JourneyMove:
    before = None if kind == Move.STARTED else journey.stage
    return JourneyMove.objects.create(
        journey=journey, kind=kind, from_stage=before, to_stage=to, by=by, at=at, reason=reason
    )


def go_to(at: datetime, journey: Journey, stage: PathwayStage) -> None:
    journey.stage, journey.stage_since = stage, at
    journey.save(update_fields=["stage", "stage_since"])
