"""Writes to the regions: import of a table, and correction of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.regions.codes import level_of, parent_code
from talentmap.regions.models import Level, Region
from talentmap.regions.rules import VALUES, Change, Known, Plan, RegionRow, moved, plan
from talentmap.ui.errors import Refused


@dataclass(frozen=True)
class Imported:
    created: int
    updated: int


def plan_import(rows: Sequence[RegionRow]) -> Plan:
    """What `rows` would change in what is stored now."""
    stored = Region.objects.values(*VALUES)
    return plan(rows, (Known(values["code"], values["alt_code"], values) for values in stored))


@action
def import_regions(*, by: Any, at: datetime, rows: Sequence[RegionRow]) -> Imported:
    """Create and change regions as `rows` say, all or none; what a row leaves empty stays."""
    if not by.may(Permission.MANAGE_REGIONS):
        raise PermissionDenied
    _one_at_a_time()
    planned = plan_import(rows)
    if planned.problems:
        raise Refused(_("The file no longer fits what is stored. Upload it again to see why."))
    if not all(by.reach(Permission.MANAGE_REGIONS).covers_code(change.code) for change in planned.changes):
        raise Refused(_("The file names regions outside your own."))
    _create([change for change in planned.changes if change.is_new])
    for change in planned.changes:
        if change.known is not None:
            Region.objects.filter(code=change.known.code).update(version=F("version") + 1, **change.becomes)
    return Imported(planned.created, planned.updated)


def _one_at_a_time() -> None:
    """Two imports at once would both find a region missing; a lock on rows cannot cover those not there yet."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('talentmap.regions'))")


def _create(changes: Sequence[Change]) -> None:
    for level in Level.values:
        parents = {region.code: region for region in Region.objects.all()}
        Region.objects.bulk_create(
            Region(level=level, parent=parents.get(parent_code(change.code)), **change.becomes)
            for change in changes
            if change.row.level == level
        )


@action
def save_region(
    *, by: Any, at: datetime, region: Region, values: dict[str, Any], expected_version: int | None = None
) -> Region:
    """Correct a region. A new code takes everything below along; the old one stays as the alternative code.

    `expected_version` is the version that the writer saw: when another one was saved meanwhile, nothing is
    overwritten and Refused says so.
    """
    if not by.may(Permission.MANAGE_REGIONS, region):
        raise PermissionDenied
    _one_at_a_time()
    stored = Region.objects.select_for_update(of=("self",)).get(pk=region.pk)
    if expected_version is not None and expected_version != stored.version:
        raise Refused(_("Somebody else has changed this region meanwhile. Please look at it again."))
    old = stored.code
    stored.version += 1
    for name, value in values.items():
        setattr(stored, name, value)
    if stored.code != old:
        _recode(stored, old)
    stored.full_clean()
    stored.save()
    return stored


def _recode(region: Region, old: str) -> None:
    if old == settings.COUNTY_CODE:
        raise Refused(_("The county's own code is part of the installation's settings."))
    if level_of(region.code) != region.level:
        raise Refused(_("The new code belongs to another level."))
    region.parent = Region.objects.filter(code=parent_code(region.code)).first()
    if region.parent is None:
        raise Refused(_("There is no region above the new code."))
    region.alt_code = region.alt_code or old
    below = list(Region.objects.within(old).exclude(pk=region.pk).select_for_update(of=("self",)))
    for each in below:
        each.code = moved(each.code, old, region.code)
        each.version += 1
    Region.objects.bulk_update(below, ["code", "version"])
