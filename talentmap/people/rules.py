"""Pure rules of the talent register: terms of recognition, what a file lacks, who may change which entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CATEGORY_YEARS = 5
RENEWAL_MONTHS = 3

IDENTITY_FIELDS = frozenset({"name", "id_number", "sex", "birth_date"})
# What benefits hang on and nobody declares for themselves.
OFFICE_FIELDS = frozenset({"category", "category_since", "category_until", "team", "is_civil_servant", "is_active"})
OWN_FIELDS = frozenset(
    {
        "name", "id_number", "sex", "birth_date", "marital_status",
        "phone", "email", "region", "address",
        "education", "school", "major", "graduated_on",
        "employer", "employer_name", "position", "employed_since", "employed_until",
        "enterprise", "enterprise_stage", "returned_on",
        "bank_name", "bank_account", "bank_account_name", "health_note",
    }
)  # fmt: skip
# Health is the person's and the treating hospital's business alone; the bank account is given with consent.
STAFF_FIELDS = (OWN_FIELDS - {"health_note"}) | OFFICE_FIELDS
BANK_FIELDS = frozenset({"bank_name", "bank_account", "bank_account_name"})


@dataclass(frozen=True)
class Gap:
    """An entry that a file lacks, and the section of the file in which it is filled in."""

    field: str
    label: Promise
    section: str


_WANTED = (
    Gap("id_number", _("ID number"), "identity"),
    Gap("phone", _("Mobile phone"), "contact"),
    Gap("region", _("Township or village"), "contact"),
    Gap("education", _("Highest education"), "education"),
    Gap("school", pgettext_lazy("education", "School"), "education"),
    Gap("work", _("Employer or own enterprise"), "work"),
    Gap("bank_account", _("Bank account"), "bank"),
)


def gaps(filled: Mapping[str, bool]) -> tuple[Gap, ...]:
    """What a file lacks; `filled` says of each wanted entry whether it is there."""
    return tuple(gap for gap in _WANTED if not filled.get(gap.field))


def completeness(filled: Mapping[str, bool]) -> int:
    """Percent of the wanted entries that are filled, whole."""
    return 100 * (len(_WANTED) - len(gaps(filled))) // len(_WANTED)


def years_later(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def category_until(since: date) -> date:
    """The last day of a recognition that began on `since`: five years, the first day included."""
    return date.fromordinal(years_later(since, CATEGORY_YEARS).toordinal() - 1)


def renewable_from(until: date) -> date:
    """The first day on which a recognition that ends on `until` may be renewed: three months before."""
    months = until.year * 12 + until.month - 1 - RENEWAL_MONTHS
    year, month = divmod(months, 12)
    for day in range(until.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(until.day, 28))


def forbidden(names: frozenset[str], *, staff: bool, verified: bool) -> frozenset[str]:
    """Which of the entries `names` may not be changed: by the person unless `staff`.

    Once the office verified the identity, the person has it corrected on request.
    """
    if staff:
        return names - STAFF_FIELDS
    allowed = OWN_FIELDS - IDENTITY_FIELDS if verified else OWN_FIELDS
    return names - allowed


# Entries that are taken over together or not at all: half an address or half a job would be nobody's.
JOINED_GROUPS = (
    ("sex",), ("birth_date",), ("marital_status",), ("email",), ("region",), ("address",), ("returned_on",),
    ("education", "school", "major", "graduated_on"),
    ("employer", "employer_name", "position", "employed_since", "employed_until"),
    ("enterprise", "enterprise_stage"),
    ("bank_account", "bank_account_last4", "bank_account_name", "bank_name"),
    ("health_note",),
)  # fmt: skip


@dataclass(frozen=True)
class Joined:
    """What one file takes from another of the same person, and the first entry of each group that contradicts it."""

    taken: dict[str, Any]
    contradicted: tuple[str, ...]


def joined(kept: Mapping[str, Any], other: Mapping[str, Any]) -> Joined:
    """Fill the gaps of `kept` from `other`, group by group; nothing that either file says gets lost."""
    taken: dict[str, Any] = {}
    contradicted = []
    for group in JOINED_GROUPS:
        mine, theirs = ([entries[name] for name in group] for entries in (kept, other))
        if not any(theirs) or mine == theirs:
            continue
        if any(mine):
            contradicted.append(group[0])
        else:
            taken |= dict(zip(group, theirs, strict=True))
    return Joined(taken, tuple(contradicted))


def term_problem(data: Mapping[str, Any]) -> Promise | None:
    """Why the dates of a file contradict each other, None when they do not."""
    since, until = data.get("category_since"), data.get("category_until")
    if data.get("category") and not (since and until and since < until):
        return _("A category has a first and a last day of recognition.")
    began, ended = data.get("employed_since"), data.get("employed_until")
    if ended and not began:
        return _("Employment that ended has a first day.")
    if began and ended and ended < began:
        return _("Employment ends after it began.")
    born, graduated = data.get("birth_date"), data.get("graduated_on")
    if born and graduated and graduated <= born:
        return _("Graduation comes after birth.")
    return None
