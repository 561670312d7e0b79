"""What happens to a file when its person asks for deletion, and what other areas say to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talentmap.people.models import Talent
from talentmap.people.pinyin import name_keys

Guard = Callable[[Talent], str]
Clearing = Callable[..., None]

GUARDS: list[Guard] = []
CLEARINGS: list[Clearing] = []


def guards_erasure(guard: Guard) -> Guard:
    """Register `guard(talent)`: it says why the file cannot be erased yet, "" when it can."""
    GUARDS.append(guard)
    return guard


def clears_on_erasure(clearing: Clearing) -> Clearing:
    """Register `clearing(by=, at=, talent=)`: it blanks an area's own copies of the person's data."""
    CLEARINGS.append(clearing)
    return clearing


def hindrances(talent: Talent) -> list[str]:
    """Why the file cannot be erased yet, one reason each."""
    return [reason for guard in GUARDS if (reason := guard(talent))]


@dataclass(frozen=True)
class Kept:
    """Records that law keeps and that only point at the anonymised file from now on."""

    label: str
    count: int


def kept_records(talent: Talent) -> list[Kept]:
    """Find the rows that hold the file by a protecting foreign key: applications, payments, decisions."""
    found = []
    for relation in Talent._meta.related_objects:
        if relation.on_delete not in (models.PROTECT, models.RESTRICT):
            continue
        count = relation.related_model._base_manager.filter(**{relation.field.name: talent}).count()
        if count:
            found.append(Kept(str(relation.related_model._meta.verbose_name_plural), count))
    return found


def answer_text(kept: list[Kept]) -> str:
    """What the person is told about the deletion: honestly what is gone and what stays."""
    gone = _(
        "Your file was deleted: name, ID number, contact, address, education, work, bank account, health"
        " note, skills and family. Your account was closed. The change log, which nobody can change, is kept as"
        " long as the law requires. It still says who changed what and when, with your name, sex, date of birth,"
        " education, category, work and skills as they were. Your ID number, phone, e-mail, address, bank account"
        " number, health note and your family's names never stood in it."
    )
    if not kept:
        return gone
    stays = pgettext("list", ", ").join(
        _("%(label)s (%(count)s)") % {"label": each.label, "count": each.count} for each in kept
    )
    return gone + _(
        " The following must be kept because they record decisions on or payments of public money; they no"
        " longer name you in the talent register: %(records)s."
    ) % {"records": stays}


# Stored, so the same whatever language the clerk who erases happens to read.
ERASED_NAME = "已注销"
BLANKED = {
    "sex": "", "birth_date": None, "id_number": "", "id_number_index": "", "marital_status": "",
    "identity_verified_at": None, "identity_verified_by": None,
    "phone": "", "email": "", "region": None, "address": "",
    "education": "", "school": "", "major": "", "graduated_on": None,
    "category": "", "category_since": None, "category_until": None, "team": "", "is_civil_servant": False,
    "employer": None, "employer_name": "", "position": "", "employed_since": None, "employed_until": None,
    "enterprise": None, "enterprise_stage": "", "returned_on": None,
    "bank_name": "", "bank_account": "", "bank_account_last4": "", "bank_account_name": "", "health_note": "",
    "user": None, "is_active": False,
}  # fmt: skip


def blank(talent: Talent, at: datetime) -> None:
    """Empty every personal entry of the file and leave a placeholder for a name."""
    for name, value in BLANKED.items():
        setattr(talent, name, value)
    keys = name_keys(ERASED_NAME)
    talent.name, talent.erased_at = ERASED_NAME, at
    talent.name_sort_key, talent.name_pinyin, talent.name_initials = keys.sort_key, keys.pinyin, keys.initials
