"""Moving people to the newest version of their pathway: what they ticked stays by the milestones' codes."""

from datetime import datetime

from django.utils.translation import gettext as _

from growth.pathways import facts, rules
from growth.pathways.actions.common import demand, demand_part, lock_active, newest_published
from growth.pathways.actions.settling import go_to, record_move, settle, touch
from growth.pathways.choices import Move, Part
from growth.pathways.models import Journey, Pathway, PathwayVersion
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.ui.errors import Refused

MOST_AT_ONCE = 300


@action
def move_to_newest(*, by: User, at: datetime, journey: Journey) -> Journey:
    """Raises PermissionDenied; Refused where there is no newer version."""
    row = lock_active(journey)
    demand_part(by, row, Part.TALENT, Part.OFFICE)
    version = newest_published(row.pathway)
    if version is None or version.pk == row.version_id:
        raise Refused(_("There is no newer version of this pathway."))
    return _move(by, at, row, version)


def _move(by: User, at: datetime, row: Journey, version: PathwayVersion) -> Journey:
    old, new = facts.plan_of(row.version), facts.plan_of(version)
    target = version.stages.get(code=rules.stage_in(new, old, row.stage.code).code)
    record_move(by, at, row, Move.VERSION, target)
    same_stage = target.code == row.stage.code
    row.version = version
    row.stage = target
    row.save(update_fields=["version", "stage"])
    if not same_stage:
        go_to(at, row, target)
    touch(row, at)
    settle(by, at, row)
    return row


@action
def move_everybody(*, by: User, at: datetime, pathway: Pathway) -> int:
    """Move who is still on an older version, at most `MOST_AT_ONCE`; gives how many were moved."""
    demand(by)
    version = newest_published(pathway)
    if version is None:
        return 0
    left = Journey.objects.active().filter(pathway=pathway).exclude(version=version).order_by("pk")
    rows = left.select_for_update(of=("self",))[:MOST_AT_ONCE]
    return len([_move(by, at, row, version) for row in rows])
