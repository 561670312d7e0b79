"""Everything stored about a person, for the copy that they may take along; each area adds what it keeps."""

from collections.abc import Callable, Container, Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talentmap.people.models import Talent

Entry = tuple[str, str, str]
Part = Callable[[Talent], Iterable[Entry]]

PARTS: list[Part] = []
# Keys and workings of the database, and things that are shown by themselves.
_LEFT_OUT = {
    "id", "id_number_index", "name_sort_key", "name_pinyin", "name_initials", "version", "is_active", "key", "sha256",
    "password",
}  # fmt: skip


def taken_along(part: Part) -> Part:
    """Register `part(talent)`: it gives what an area stores about the person, as (part, entry, value)."""
    PARTS.append(part)
    return part


def whole_file(talent: Talent) -> list[Entry]:
    """Everything stored about the person in clear: the copy that they may ask for."""
    return [entry for part in PARTS for entry in part(talent)]


def numbered(label: Any, rows: Iterable[models.Model], *, leave_out: Container[str] = ()) -> Iterator[Entry]:
    """The entries of several rows, each row a part of its own."""
    for number, row in enumerate(rows, start=1):
        yield from entries_of(f"{label} {number}", row, leave_out=leave_out)


def entries_of(part: str, row: models.Model, *, leave_out: Container[str] = ()) -> Iterator[Entry]:
    """What a row holds, in words; who of the office wrote it and what it hangs on are left out."""
    for field in row._meta.concrete_fields:
        if field.name in _LEFT_OUT or field.name in leave_out or _is_working(field):
            continue
        shown = getattr(row, f"get_{field.name}_display", None)
        value = shown() if shown else getattr(row, field.name)
        if value not in (None, ""):
            yield part, str(field.verbose_name), readable(value)


def _is_working(field: models.Field) -> bool:
    if isinstance(field, models.JSONField | models.FileField):
        return True
    return field.related_model is not None and field.related_model._meta.label_lower in _HANGS_ON


_HANGS_ON = {"talentmap.talent", "talentmap.application", get_user_model()._meta.label_lower}


def readable(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if hasattr(value, "hour"):
        return str(timezone.localtime(value).isoformat(" ", "seconds"))
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


@taken_along
def file_itself(talent: Talent) -> Iterator[Entry]:
    yield from entries_of(pgettext("person", "File"), talent)
    if talent.user:
        yield from entries_of(_("Account"), talent.user, leave_out=("must_change_password", "is_superuser"))
    yield from numbered(_("Skill"), talent.skills.all())
    yield from numbered(_("Family member"), talent.family.all())
    yield from numbered(_("Consent"), talent.consents.all())
    yield from numbered(_("Request"), talent.data_requests.all())
