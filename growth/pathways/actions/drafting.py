"""Drafts: begun from the newest version, stage by stage and milestone by milestone, put in order, deleted.

Every edit names the revision that its editor looked at, and raises the next one; moving something up or down needs
none, for it overwrites nothing.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from growth.pathways.actions.common import demand, lock_draft, lock_pathway, newest
from growth.pathways.models import Pathway, PathwayMilestone, PathwayStage, PathwayVersion
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.ui.errors import Refused

MOST_STAGES, MOST_MILESTONES = 12, 12
Values = Mapping[str, Any]


@action
def start_draft(*, by: User, at: datetime, pathway: Pathway) -> PathwayVersion:
    """The draft that there is, or a new one with what the newest version says."""
    demand(by)
    row = lock_pathway(pathway)
    if row.retired_at:
        raise Refused(_("The pathway is retired. Bring it back first."))
    last = newest(row)
    if last and not last.is_published:
        return last
    made = PathwayVersion.objects.create(
        pathway=row,
        number=last.number + 1 if last else 1,
        summary=last.summary if last else "",
        edited_at=at,
        edited_by=by,
    )
    if last:
        copy_parts(last, made)
    return made


def copy_parts(source: PathwayVersion, target: PathwayVersion) -> None:
    """Stages and milestones with their codes, by which people keep their ticks."""
    for stage in source.stages.order_by("position").prefetch_related("milestones"):
        milestones = list(stage.milestones.all())
        stage.pk, stage.version, stage._state.adding = None, target, True
        stage.save()
        for milestone in milestones:
            milestone.pk, milestone.version, milestone.stage = None, target, stage
            milestone._state.adding = True
            milestone.save()


@action
def summarise(*, by: User, at: datetime, version: PathwayVersion, revision: int, summary: str) -> PathwayVersion:
    row = _edited(by, at, version, revision)
    row.summary = summary.strip()
    row.save(update_fields=["summary"])
    return row


def _edited(by: User, at: datetime, version: PathwayVersion, revision: int | None) -> PathwayVersion:
    """The locked draft, marked as edited now."""
    demand(by)
    row = lock_draft(version, revision)
    row.revision, row.edited_at, row.edited_by = row.revision + 1, at, by
    row.save(update_fields=["revision", "edited_at", "edited_by"])
    return row


@action
def save_stage(
    *, by: User, at: datetime, version: PathwayVersion, revision: int, code: str, values: Values
) -> PathwayStage:
    """Change the stage of this code, or add one at the end for ""."""
    row = _edited(by, at, version, revision)
    stage = _stage(row, code) if code else _new_stage(row)
    for name, value in values.items():
        setattr(stage, name, value)
    stage.save()
    return stage


def _new_stage(version: PathwayVersion) -> PathwayStage:
    if version.stages.count() >= MOST_STAGES:
        raise Refused(_("A pathway has at most %(count)s stages.") % {"count": MOST_STAGES})
    return PathwayStage(version=version, code=_new_code("s"), position=_after_last(version.stages))


def _stage(version: PathwayVersion, code: str) -> PathwayStage:
    found = version.stages.filter(code=code).first()
    if found is None:
        raise Refused(_("Somebody has deleted this stage."))
    return found


def _milestone(version: PathwayVersion, code: str) -> PathwayMilestone:
    found = version.milestones.select_related("stage").filter(code=code).first()
    if found is None:
        raise Refused(_("Somebody has deleted this milestone."))
    return found


def _new_code(prefix: str) -> str:
    """Never given again: people's ticks hang on it through all versions."""
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def _after_last(rows: Any) -> int:
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1


@action
def delete_stage(*, by: User, at: datetime, version: PathwayVersion, code: str) -> None:
    """With its milestones."""
    row = _edited(by, at, version, None)
    _stage(row, code).delete()


@action
def save_milestone(
    *, by: User, at: datetime, version: PathwayVersion, revision: int, code: str, stage: str, values: Values
) -> PathwayMilestone:
    """Change the milestone of this code, or add one at the end of its stage for ""; another stage moves it there."""
    row = _edited(by, at, version, revision)
    home = _stage(row, stage)
    milestone = _milestone(row, code) if code else PathwayMilestone(code=_new_code("m"), version=row)
    if milestone.stage_id != home.pk:
        if home.milestones.count() >= MOST_MILESTONES:
            raise Refused(_("A stage has at most %(count)s milestones.") % {"count": MOST_MILESTONES})
        milestone.stage, milestone.position = home, _after_last(home.milestones)
    for name, value in values.items():
        setattr(milestone, name, value)
    milestone.save()
    return milestone


@action
def delete_milestone(*, by: User, at: datetime, version: PathwayVersion, code: str) -> None:
    row = _edited(by, at, version, None)
    _milestone(row, code).delete()


@action
def move_stage(*, by: User, at: datetime, version: PathwayVersion, code: str, up: bool) -> None:
    """One place up or down; at the end of the row it stays."""
    row = _edited(by, at, version, None)
    _swap(_stage(row, code), row.stages, up)


@action
def move_milestone(*, by: User, at: datetime, version: PathwayVersion, code: str, up: bool) -> None:
    """One place up or down; beyond the end of its stage it comes into the next one."""
    row = _edited(by, at, version, None)
    milestone = _milestone(row, code)
    if not _swap(milestone, milestone.stage.milestones, up):
        _into_the_next(milestone, row, up)


def _swap(one: Any, rows: Any, up: bool) -> bool:
    near = rows.filter(position__lt=one.position) if up else rows.filter(position__gt=one.position)
    other = near.order_by("-position" if up else "position").first()
    if other is None:
        return False
    one.position, other.position = other.position, one.position
    one.save(update_fields=["position"])
    other.save(update_fields=["position"])
    return True


def _into_the_next(milestone: PathwayMilestone, version: PathwayVersion, up: bool) -> None:
    """To the end of the stage before, or the beginning of the stage after."""
    place = milestone.stage.position
    near = version.stages.filter(position__lt=place) if up else version.stages.filter(position__gt=place)
    target = near.order_by("-position" if up else "position").first()
    if target is None:
        return
    others = list(target.milestones.order_by("position"))
    ordered = [*others, milestone] if up else [milestone, *others]
    milestone.stage = target
    for position, each in enumerate(ordered, start=1):
        each.position = position
        each.save(update_fields=["position", "stage"])


@action
def delete_draft(*, by: User, at: datetime, version: PathwayVersion) -> bool:
    """Whether the pathway went with it: one that was never published is nothing without its draft."""
    demand(by)
    pathway = lock_pathway(version.pathway)
    row = lock_draft(version)
    row.delete()
    alone = not pathway.versions.exists()
    if alone:
        pathway.delete()
    return alone
