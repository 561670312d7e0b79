"""Conditions that many services share, in the same words everywhere. Pure."""

from django.urls import reverse
from django.utils.translation import gettext as _

from talentmap.casework.rules import Condition, Outcome, Words


def condition(code: str, label: Words, met: bool | None, reason: Words, *, fix_url: str = "") -> Condition:
    """`met` None: not known yet; `fix_url` says where to enter it."""
    outcome = Outcome.UNKNOWN if met is None else Outcome.MET if met else Outcome.NOT_MET
    return Condition(code=code, label=label, outcome=outcome, reason=reason, fix_url="" if met else fix_url)


def section_url(talent_pk: int, section: str) -> str:
    """Where the person fills in or corrects this part of the file."""
    return reverse("people:section", args=[talent_pk, section])


def identity(talent_pk: int, has_identity: bool) -> Condition:
    reason = _("The ID number is on file.") if has_identity else _("The file has no ID number yet.")
    fix_url = section_url(talent_pk, "identity")
    return condition("identity", _("Identity is on file"), has_identity or None, reason, fix_url=fix_url)


def not_civil_servant(is_civil_servant: bool) -> Condition:
    reason = (
        _("Civil servants and their equals are not eligible for talent benefits.")
        if is_civil_servant
        else _("Not registered as a civil servant.")
    )
    return condition("civil_servant", _("Not a civil servant"), not is_civil_servant, reason)


def bank_account(talent_pk: int, has_bank_account: bool) -> Condition:
    reason = _("The bank account is on file.") if has_bank_account else _("The file has no bank account to pay to yet.")
    fix_url = section_url(talent_pk, "bank")
    return condition("bank_account", _("Bank account is on file"), has_bank_account or None, reason, fix_url=fix_url)
