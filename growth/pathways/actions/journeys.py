"""Journeys: started by the talent or for them, brought up to date, put on a stage by the office, ended."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from growth.pathways import facts, rules
from growth.pathways.actions.common import demand_part, lock, lock_active, newest_published
from growth.pathways.actions.settling import go_to, record_move, refuse_to_bounce, settle, touch
from growth.pathways.choices import Audience, JourneyState, Move, Part
from growth.pathways.models import Journey, Pathway, PathwayVersion
from growth.pathways.parts import is_own
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused


@action
def start(*, by: User, at: datetime, talent: Talent, pathway: Pathway, rural_level: str | None = None) -> Journey:
    """Put a person on the newest version of a pathway, at the stage where they stand by their file.

    The level as practical rural talent is the office's to say; unsaid, it is as entered last. The database refuses a
    second active journey on one pathway. Raises PermissionDenied, Refused.
    """
    if not (is_own(by, talent) or by.may(Permission.EDIT_PEOPLE, talent)):
        raise PermissionDenied
    version = _startable(talent, pathway)
    level = _rural_level(by, talent, pathway, rural_level)
    standing = facts.standing_of(talent, at, level)
    stages = facts.plan_of(version)
    first = rules.first_stage(stages, pathway.audience, standing.on(pathway.audience))
    journey = Journey.objects.create(
        talent=talent,
        version=version,
        pathway=pathway,
        stage=version.stages.get(code=first.code),
        rural_level=level,
        started_at=at,
        started_by=by,
        stage_since=at,
        moved_at=at,
    )
    record_move(by, at, journey, Move.STARTED, journey.stage)
    settle(by, at, journey)
    return journey


def _rural_level(by: User, talent: Talent, pathway: Pathway, said: str | None) -> str:
    if pathway.audience != Audience.RURAL:
        return ""
    return facts.rural_level_of(talent) if said is None or is_own(by, talent) else said


def _startable(talent: Talent, pathway: Pathway) -> PathwayVersion:
    if talent.is_erased:
        raise Refused(_("This file was deleted on request."))
    version = newest_published(pathway)
    if version is None or not Pathway.objects.filter(pk=pathway.pk, retired_at=None).exists():
        raise Refused(_("This pathway is not offered any more."))
    if Journey.objects.active().filter(talent=talent, pathway=pathway).exists():
        raise Refused(_("This person is on this pathway already."))
    return version


@action
def catch_up(*, by: User, at: datetime, journey: Journey) -> bool:
    """Read the record again and move on; gives whether anything changed. The system's own, without anybody's click."""
    row = lock(journey)
    return settle(by, at, row) if row.is_active else False


@action
def set_stage(*, by: User, at: datetime, journey: Journey, stage: str, reason: str) -> Journey:
    """The office puts a person on a stage: what is needed on it still decides when they go on.

    Raises PermissionDenied; Refused where the person would leave it again at once.
    """
    row = lock_active(journey)
    demand_part(by, row, Part.OFFICE)
    target = row.version.stages.filter(code=stage).first()
    if target is None:
        raise Refused(_("This pathway has no such stage."))
    if target.pk == row.stage_id:
        raise Refused(_("The person is at this stage already."))
    refuse_to_bounce(at, row, target.code)
    record_move(by, at, row, Move.SET, target, reason=reason.strip())
    go_to(at, row, target)
    touch(row, at)
    settle(by, at, row)
    return row


@action
def set_level(*, by: User, at: datetime, journey: Journey, level: str) -> Journey:
    """The level that the person was recognised at as practical rural talent."""
    row = lock_active(journey)
    demand_part(by, row, Part.OFFICE)
    if row.pathway.audience != Audience.RURAL:
        raise Refused(_("Only the pathway of practical rural talents has such a level."))
    row.rural_level = level
    row.save(update_fields=["rural_level"])
    touch(row, at)
    settle(by, at, row)
    return row


@action
def end(*, by: User, at: datetime, journey: Journey, reason: str) -> Journey:
    """Leave a pathway before its end; what was done on it stays readable, and it can be started again."""
    row = lock_active(journey)
    demand_part(by, row, Part.TALENT, Part.OFFICE)
    return finish_early(by, at, row, reason)


def finish_early(by: User, at: datetime, row: Journey, reason: str) -> Journey:
    row.state, row.ended_at, row.ended_by, row.end_reason = JourneyState.ENDED, at, by, reason.strip()
    row.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])
    record_move(by, at, row, Move.ENDED, row.stage, reason=row.end_reason)
    touch(row, at)
    return row
