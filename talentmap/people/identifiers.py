"""ID number (GB 11643), unified social credit code (GB 32100), mobile number, bank account."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from talentmap.people.choices import Sex

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_EARLIEST_BIRTH = date(1850, 1, 1)
MOBILE_PATTERN = r"^1[3-9][0-9]{9}$"
MOBILE_WRONG = _("A mobile phone number has 11 digits and begins with 13 to 19.")


class BadIdentifier(ValueError):
    """Carries a translated reason that names the mistake, never the value."""


@dataclass(frozen=True)
class IdNumber:
    value: str
    birth_date: date
    sex: Sex


def plain(text: str) -> str:
    """Give `text` without blanks, in capitals, full-width characters made narrow."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)
    return re.sub(r"\s", "", narrow).upper()


def id_check_digit(first17: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(first17, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def parse_id_number(text: str, today: date) -> IdNumber:
    """Read an 18-character ID number; raises BadIdentifier for its form, date of birth or check digit.

    `today` bounds the date of birth.
    """
    value = plain(text)
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", value):
        raise BadIdentifier(_("An ID number has 17 digits and a last digit or X."))
    born = _birth_date(value, today)
    if id_check_digit(value[:17]) != value[17]:
        raise BadIdentifier(_("The check digit does not match: please compare the ID number with the card."))
    return IdNumber(value, born, Sex.MALE if int(value[16]) % 2 else Sex.FEMALE)


def _birth_date(value: str, today: date) -> date:
    try:
        born = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError as error:
        raise BadIdentifier(_("The ID number holds a date of birth that does not exist.")) from error
    if not _EARLIEST_BIRTH <= born <= today:
        raise BadIdentifier(_("The ID number holds a date of birth that cannot be."))
    return born


def credit_check_character(first17: str) -> str:
    total = sum(
        _CREDIT_ALPHABET.index(character) * weight for character, weight in zip(first17, _CREDIT_WEIGHTS, strict=True)
    )
    return _CREDIT_ALPHABET[(31 - total % 31) % 31]


@dataclass(frozen=True)
class CreditCode:
    value: str
    check_matches: bool


def parse_credit_code(text: str) -> CreditCode:
    """Read a credit code; BadIdentifier for its form, a wrong check digit only clears `check_matches`."""
    value = plain(text)
    if not re.fullmatch(f"[{_CREDIT_ALPHABET}]{{18}}", value):
        raise BadIdentifier(_("A credit code has 18 digits and capital letters (not I, O, S, V, Z)."))
    return CreditCode(value, credit_check_character(value[:17]) == value[17])


def parse_mobile(text: str) -> str:
    """Read a mobile number, written with blanks, hyphens or +86 or not; raises BadIdentifier."""
    value = re.sub(r"[-‐–]", "", plain(text)).removeprefix("+86")
    if not re.fullmatch(MOBILE_PATTERN, value):
        raise BadIdentifier(MOBILE_WRONG)
    return value


def parse_bank_account(text: str) -> str:
    """Read a bank account number: 8 to 30 digits, blanks and hyphens dropped; raises BadIdentifier."""
    value = plain(text).replace("-", "")
    if not re.fullmatch(r"[0-9]{8,30}", value):
        raise BadIdentifier(_("A bank account number has 8 to 30 digits."))
    return value
