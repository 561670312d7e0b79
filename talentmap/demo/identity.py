"""Synthetic identifiers: valid in form and check digit, and nobody's."""

from datetime import date
from random import Random

from talentmap.people.identifiers import credit_check_character, id_check_digit


def id_number(rng: Random, birth: date, *, male: bool) -> str:
    """An ID number of Gao County with the serials 900–999, which the registry leaves to special cases."""
    serial = rng.randrange(900, 1000)
    serial = serial - serial % 2 + (1 if male else 0)
    first17 = f"511525{birth:%Y%m%d}{serial:03d}"
    return first17 + id_check_digit(first17)


def credit_code(rng: Random, kind: str) -> str:
    """A unified social credit code; collectives begin with N2, cooperatives with 93."""
    prefix = {"collective": "N2", "cooperative": "93", "government": "11", "hospital": "12", "school": "12"}
    first17 = f"{prefix.get(kind, '91')}511525MA{rng.randrange(10**7):07d}"
    return first17 + credit_check_character(first17)


def mobile(serial: int) -> str:
    """A number of the 19900 range, one a person."""
    return f"199{serial:08d}"


def bank_account(rng: Random) -> str:
    """19 digits that begin like a savings card and end with its check digit (Luhn)."""
    first18 = "6217" + "".join(str(rng.randrange(10)) for _ in range(14))
    doubled = sum(sum(divmod(int(digit) * 2, 10)) for digit in first18[-1::-2])
    total = doubled + sum(int(digit) for digit in first18[-2::-2])
    return first18 + str(-total % 10)
