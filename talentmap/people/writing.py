"""Shared by the actions: checks of rights and values before a row of the register is written."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from talentmap.accounts.permissions import Permission
from talentmap.people import identifiers
from talentmap.people.choices import Purpose
from talentmap.people.fields import blind_index
from talentmap.people.models import FamilyMember, Talent
from talentmap.people.pinyin import name_keys
from talentmap.people.records import Consent
from talentmap.ui.errors import Refused, reasons

_LONG_NUMBER = re.compile(r"\d{12,}")
_PARSERS = {"phone": identifiers.parse_mobile, "bank_account": identifiers.parse_bank_account}


class NumberTaken(Refused):
    """The person typed an ID number that stands in another file, their own of the office or a stranger's."""

    def __init__(self, holder: Talent) -> None:
        super().__init__(
            _(
                "This ID number is registered already. The office joins that file with your account: please come to"
                " the counter with your ID card."
            )
        )
        self.holder = holder  # for the log, never for the page


def day_of(at: datetime) -> date:
    """The office's calendar day of a moment."""
    return timezone.localtime(at).date()


def is_own(by: Any, talent: Talent) -> bool:
    return talent.user_id is not None and talent.user_id == by.pk


def may_write(by: Any, talent: Talent) -> bool:
    """Whether `by` may change the file at all: as its person, or as staff with reach."""
    return is_own(by, talent) or by.may(Permission.EDIT_PEOPLE, talent)


def check_may_write(by: Any, talent: Talent) -> None:
    if not may_write(by, talent):
        raise PermissionDenied
    if talent.is_erased:
        raise Refused(_("This file was deleted on request and cannot be changed."))


def checked_reason(reason: str) -> str:
    """Give the reason for reading something sensitive as it enters the log; raises Refused."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why you need to read this."))
    if _LONG_NUMBER.search(reason):
        raise Refused(_("Do not write ID or account numbers into the reason: it is kept in the log."))
    return reason[:500]


def locked(talent: Talent) -> Talent:
    """Read the file again under a row lock, so that two writers see each other."""
    return Talent.objects.select_for_update(of=("self",)).get(pk=talent.pk)


def has_consent(talent: Talent, purpose: str) -> bool:
    """Whether the person's consent to `purpose` is in force."""
    return Consent.objects.filter(talent=talent, purpose=purpose, withdrawn_at__isnull=True).exists()


def require_consent(talent: Talent, purpose: Purpose) -> None:
    if not has_consent(talent, purpose):
        raise Refused(_("The consent “%(purpose)s” is missing.") % {"purpose": purpose.label})


def prepared(data: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Give `data` checked and completed: identifiers parsed, index, last four digits and name keys added.

    Raises Refused with what is wrong.
    """
    values = dict(data)
    try:
        for name, parse in _PARSERS.items():
            if values.get(name):
                values[name] = parse(values[name])
        if "id_number" in values:
            values |= identity_of(values, at)
    except identifiers.BadIdentifier as error:
        raise Refused(error.args[0]) from error
    if "bank_account" in values:
        values["bank_account_last4"] = values["bank_account"][-4:]
    if "name" in values:
        values |= keys_of(values["name"], person=True)
    return values


def identity_of(values: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Give number and index, and the date of birth and sex that the number holds."""
    if not values["id_number"]:
        return {"id_number": "", "id_number_index": ""}
    read = identifiers.parse_id_number(values["id_number"], day_of(at))
    if values.get("birth_date") not in (None, read.birth_date):
        raise Refused(_("The date of birth differs from the one in the ID number."))
    if values.get("sex") not in (None, "", read.sex):
        raise Refused(_("The sex differs from the one in the ID number."))
    return {
        "id_number": read.value,
        "id_number_index": blind_index(read.value),
        "birth_date": read.birth_date,
        "sex": read.sex,
    }


def keys_of(name: str, *, person: bool) -> dict[str, str]:
    """Give the clean name with its sort and search keys; raises Refused for an empty one."""
    clean = " ".join(name.split())
    if not clean:
        raise Refused(_("Please enter a name."))
    keys = name_keys(clean, person=person)
    return {
        "name": clean,
        "name_sort_key": keys.sort_key,
        "name_pinyin": keys.pinyin,
        "name_initials": keys.initials,
    }


def assign_changed(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    """Set what differs and give its names: encrypted anew, an unchanged value would look changed in history."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def save(row: models.Model, fields: list[str] | None = None) -> None:
    """Write the row; what a field or the database refuses becomes Refused with its own message."""
    try:
        row.clean_fields(exclude=[f.name for f in row._meta.fields if fields and f.name not in fields])
        with transaction.atomic():
            row.save(update_fields=fields)
    except (IntegrityError, ValidationError) as error:
        told = reasons(error)
        if not told:
            raise
        raise Refused(" ".join(told)) from error


def filled_entries(talent: Talent) -> dict[str, bool]:
    """Which wanted entries the file holds, for `rules.gaps`."""
    return {
        "id_number": bool(talent.id_number_index),
        "phone": bool(talent.phone),
        "region": talent.region_id is not None,
        "education": bool(talent.education),
        "school": bool(talent.school),
        "work": bool(talent.employer_id or talent.employer_name or talent.enterprise_id),
        "bank_account": bool(talent.bank_account_last4),
    }


def children_of(talent: Talent) -> "models.QuerySet[FamilyMember]":
    return talent.family.filter(relation="child")
