"""Audit entries as people read them: names instead of keys, labels instead of columns, and nothing secret."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talentmap.audit import tables
from talentmap.audit.labels import action_label
from talentmap.audit.models import AccessLog, AuditEntry
from talentmap.audit.triggers import HIDDEN
from talentmap.people.masks import mask_id, mask_phone

EMPTY = "—"
# What is read of a row without being one of its own columns.
_READINGS = {
    "bank_account": gettext_lazy("Bank account numbers"),
    "download": gettext_lazy("Download of the whole file"),
}
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_ACCOUNT = re.compile(r"(?<!\d)\d{12,15}(\d{4})(?!\d)")


@dataclass(frozen=True)
class Change:
    """One field's change; `is_hidden` means that only the fact is known."""

    label: str
    old: str
    new: str
    is_hidden: bool = False


@dataclass(frozen=True)
class Line:
    """One entry, ready to be shown."""

    entry: AuditEntry
    who: str
    action: str
    reason: str
    kind: str
    name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Reading:
    """One entry of the access log, ready to be shown."""

    access: AccessLog
    kind: str
    name: str
    field: str


def lines(entries: Sequence[AuditEntry]) -> list[Line]:
    """Describe `entries`; the number of queries depends on the kinds of rows they speak of, not on how many."""
    names = tables.row_names(_mentioned(entries))
    return [_line(entry, names) for entry in entries]


def readings(accesses: Sequence[AccessLog]) -> list[Reading]:
    """Describe entries of the access log, likewise."""
    subjects = [(tables.subject_model(access.subject_type), access.subject_id) for access in accesses]
    names = tables.row_names((model, key) for model, key in subjects if model)
    return [_reading(access, model, names) for access, (model, _key) in zip(accesses, subjects, strict=True)]


def _reading(access: AccessLog, model: type[models.Model] | None, names: tables.Names) -> Reading:
    return Reading(
        access=access,
        kind=str(model._meta.verbose_name) if model else access.subject_type,
        name=names.get((model, access.subject_id), f"#{access.subject_id}") if model and access.subject_id else "",
        field=_field_label(model, access.field),
    )


def _field_label(model: type[models.Model] | None, name: str) -> str:
    if name == "export":
        return _("Export")
    if name.startswith("family:"):
        return _("ID number of a family member")
    if name.startswith("request:"):
        return _("ID number asked for in a request")
    found = [field for field in model._meta.fields if field.name == name] if model else []
    return str(found[0].verbose_name if found else _READINGS.get(name, name))


def masked(text: str) -> str:
    """`text` with identity numbers, mobile numbers and bank accounts unreadable, wherever they stand."""
    text = _ID_NUMBER.sub(lambda found: mask_id(found.group()), text)
    text = _ACCOUNT.sub(r"**** \1", text)
    return _MOBILE.sub(lambda found: mask_phone(found.group()), text)


def _mentioned(entries: Iterable[AuditEntry]) -> Iterable[tuple[type[models.Model], Any]]:
    for entry in entries:
        if model := tables.models_by_table().get(entry.table_name):
            yield model, entry.row_id
        for name, change in entry.changes.items():
            field = tables.column(entry.table_name, name)
            if field is not None and field.related_model and change != HIDDEN:
                yield from ((field.related_model, key) for key in change)


def _line(entry: AuditEntry, names: tables.Names) -> Line:
    model = tables.models_by_table().get(entry.table_name)
    return Line(
        entry=entry,
        who=_who(entry),
        action=action_label(entry.action),
        reason=masked(entry.reason),
        kind=tables.table_label(entry.table_name),
        name=masked(names.get((model, entry.row_id), f"#{entry.row_id}") if model else f"#{entry.row_id}"),
        changes=tuple(
            _change(entry, name, change, names) for name, change in entry.changes.items() if not _is_key(entry, name)
        ),
    )


def _is_key(entry: AuditEntry, name: str) -> bool:
    """The row's own number says nothing: the row is named already."""
    field = tables.column(entry.table_name, name)
    return field is not None and field.primary_key


def _who(entry: AuditEntry) -> str:
    actor = entry.actor
    if actor is None:
        return _("Not signed in") if entry.action else _("Unknown: changed in the database")
    return f"{actor.display_name} ({actor.username})"


def _change(entry: AuditEntry, name: str, change: Any, names: tables.Names) -> Change:
    field = tables.column(entry.table_name, name)
    label = str(field.verbose_name) if field is not None else name
    if change == HIDDEN:
        return Change(label, EMPTY, EMPTY, is_hidden=True)
    old, new = change
    return Change(label, _shown(field, old, names), _shown(field, new, names))


def _shown(field: models.Field | None, value: Any, names: tables.Names) -> str:
    if value in (None, ""):
        return EMPTY
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict | list):
        return masked(json.dumps(value, ensure_ascii=False))
    return _shown_by_field(field, value, names) if field is not None else masked(str(value))


def _shown_by_field(field: models.Field, value: Any, names: tables.Names) -> str:
    if field.related_model:
        return masked(names.get((field.related_model, str(value)), f"#{value}"))
    if words := getattr(field.model, "words_in_history", {}).get(field.name):
        return str(words(value))
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateTimeField):
        return _moment(str(value))
    if isinstance(field, models.DecimalField):
        return _decimal(value, field.decimal_places)
    return masked(str(value))


def _moment(text: str) -> str:
    at: datetime | None = parse_datetime(text)
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else text


def _decimal(value: Any, places: int) -> str:
    try:
        return f"{Decimal(str(value)):,.{places}f}"
    except InvalidOperation:
        return str(value)
