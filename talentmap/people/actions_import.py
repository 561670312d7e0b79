"""Importing people from a table: a preview that saves nobody, and its confirmation, once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.people.actions_files import update_talent
from talentmap.people.choices import Purpose
from talentmap.people.consents import declared_wording
from talentmap.people.import_cells import COLUMNS
from talentmap.people.importing import LIMIT_ROWS, Covers, Reading, packed, read_people, unpacked
from talentmap.people.models import Talent
from talentmap.people.records import Consent, ImportPreview
from talentmap.people.rules import category_until
from talentmap.people.writing import day_of, prepared, save
from talentmap.ui.errors import Refused
from talentmap.ui.workbooks import read_table

if TYPE_CHECKING:
    from talentmap.accounts.models import User

KEPT_FOR = timedelta(days=1)
_BATCH = 500


@dataclass(frozen=True)
class Imported:
    created: int
    updated: int
    skipped: int


def covered_by(by: "User") -> Covers:
    """Tell of a region whether `by` may import people there; no region at all needs the whole county."""
    reach = by.reach(Permission.IMPORT_PEOPLE)
    return lambda region: reach.everything if region is None else reach.covers_code(region.code)


@action
def preview_import(*, by: "User", at: datetime, upload: Any) -> ImportPreview:
    """Read an uploaded table and keep it, encrypted, for a day until it is confirmed; raises BadFile."""
    if not by.may(Permission.IMPORT_PEOPLE):
        raise PermissionDenied
    table = read_table(upload, COLUMNS, LIMIT_ROWS)
    preview = ImportPreview(
        file_name=str(getattr(upload, "name", ""))[:200] or "-",
        rows=packed(table),
        created_by=by,
        created_at=at,
    )
    save(preview)
    return preview


def readings_of(preview: ImportPreview, by: "User", at: datetime) -> list[Reading]:
    """Understand the kept rows against the register as it is now."""
    return read_people(unpacked(preview.rows), day_of(at), covered_by(by)) if preview.rows else []


@action
def import_rows(*, by: "User", at: datetime, preview: ImportPreview, declared: bool) -> Imported:
    """Write the sound rows of a previewed table: all of them or, when one collides, none; exactly once.

    `declared` says that everybody in it signed the consent to a file; it is recorded with each new file.
    """
    if not by.may(Permission.IMPORT_PEOPLE):
        raise PermissionDenied
    preview = ImportPreview.objects.select_for_update(of=("self",)).get(pk=preview.pk, created_by=by)
    if preview.confirmed_at is not None:
        raise Refused(_("This table has been imported already."))
    if preview.created_at < at - KEPT_FOR:
        raise Refused(_("The preview is too old. Upload the file again."))
    readings = readings_of(preview, by, at)
    new = [reading for reading in readings if reading.status == "new"]
    changed = [reading for reading in readings if reading.status == "update"]
    if not new and not changed:
        raise Refused(_("There is nothing to import."))
    if new and not declared:
        raise Refused(_("Please declare that the people in this table signed the consent to a talent file."))
    _create(by, at, new)
    for reading in changed:
        update_talent(by=by, at=at, talent=_existing(reading), changes=reading.data)
    preview.rows, preview.confirmed_at = "", at
    preview.created_count, preview.updated_count = len(new), len(changed)
    save(preview, ["rows", "confirmed_at", "created_count", "updated_count"])
    return Imported(len(new), len(changed), len(readings) - len(new) - len(changed))


def _existing(reading: Reading) -> Talent:
    assert reading.existing is not None
    return reading.existing


def _create(by: "User", at: datetime, readings: list[Reading]) -> None:
    people = [Talent(created_by=by, created_at=at, **_values(reading, at)) for reading in readings]
    try:
        with transaction.atomic():
            Talent.objects.bulk_create(people, batch_size=_BATCH)
            Consent.objects.bulk_create([_declared(talent, by, at) for talent in people], batch_size=_BATCH)
    except IntegrityError as error:
        raise Refused(
            _("Somebody registered one of these people meanwhile. Please look at the preview again.")
        ) from error


def _declared(talent: Talent, by: "User", at: datetime) -> Consent:
    return Consent(talent=talent, purpose=Purpose.REGISTER, wording=declared_wording(), given_at=at, given_by=by)


def _values(reading: Reading, at: datetime) -> dict[str, Any]:
    data = dict(reading.data)
    if data.get("category_since"):
        data["category_until"] = category_until(data["category_since"])
    return prepared(data, at)


@action
def discard_import(*, by: "User", at: datetime, preview: ImportPreview) -> None:
    """Drop a table that shall not be imported."""
    ImportPreview.objects.filter(pk=preview.pk, created_by=by, confirmed_at__isnull=True).delete()


@action
def drop_old_previews(*, by: "User", at: datetime) -> int:
    """Drop the tables that nobody confirmed within a day; gives how many."""
    return ImportPreview.objects.waiting().exclude(created_at__gte=at - KEPT_FOR).delete()[0]
