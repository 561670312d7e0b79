"""Writes to the boundaries: upload, putting a version in use, removing it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.translation import gettext as _

from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.regions import geojson
from talentmap.regions.boundaries import known_townships
from talentmap.regions.boundary_models import Boundary, BoundarySet
from talentmap.ui.errors import Refused


@action
def upload_boundaries(*, by: Any, at: datetime, file_name: str, source: str, content: bytes) -> BoundarySet:
    """Read a file and keep what it holds, for its uploader to look at; one looked at before goes away.

    Raises PermissionDenied, geojson.BadBoundaries.
    """
    if not by.may(Permission.EDIT_BOUNDARIES):
        raise PermissionDenied
    matched = geojson.match(geojson.read(content), known_townships())
    if not matched.found:
        told = _("No shape belongs to a township: neither codes nor names match.")
        raise geojson.BadBoundaries(told, matched.left_out[: geojson.TOLD_PROBLEMS])
    BoundarySet.objects.filter(uploaded_by=by, confirmed_at=None).delete()
    made = BoundarySet.objects.create(
        file_name=file_name[-120:],
        source=source,
        sha256=geojson.digest(content),
        left_out=list(matched.left_out),
        uploaded_at=at,
        uploaded_by=by,
    )
    Boundary.objects.bulk_create(_boundaries(made, matched.found))
    return made


def _boundaries(made: BoundarySet, found: Sequence[tuple[geojson.Known, geojson.Outline]]) -> list[Boundary]:
    return [
        Boundary(
            boundary_set=made,
            region_id=township.pk,
            geometry=outline.geometry,
            label_longitude=outline.at[0],
            label_latitude=outline.at[1],
        )
        for township, outline in found
    ]


@action
def use_boundaries(*, by: Any, at: datetime, boundaries: BoundarySet) -> BoundarySet:
    """Draw maps with this version from now on; the one before ends. Also an earlier one may come back.

    Raises PermissionDenied, Refused when it is in use already.
    """
    if not by.may(Permission.EDIT_BOUNDARIES):
        raise PermissionDenied
    _one_at_a_time()
    stored = BoundarySet.objects.get(pk=boundaries.pk)
    if stored.state == "active":
        raise Refused(_("These boundaries are in use already."))
    if stored.state == "draft" and stored.uploaded_by_id != by.pk:
        raise Refused(_("Whoever uploaded a file confirms it."))
    BoundarySet.objects.in_use().update(ended_at=at, ended_by=by)
    stored.confirmed_at, stored.confirmed_by, stored.ended_at, stored.ended_by = at, by, None, None
    stored.save()
    return stored


@action
def remove_boundaries(*, by: Any, at: datetime, boundaries: BoundarySet) -> None:
    """Draw maps without boundaries from now on; the version is kept. Raises PermissionDenied, Refused."""
    if not by.may(Permission.EDIT_BOUNDARIES):
        raise PermissionDenied
    _one_at_a_time()
    if not BoundarySet.objects.in_use().filter(pk=boundaries.pk).update(ended_at=at, ended_by=by):
        raise Refused(_("These boundaries are not in use any more."))


def _one_at_a_time() -> None:
    """Two versions put in use at once would both end the one before."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('talentmap.boundaries'))")
