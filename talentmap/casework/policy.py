"""The office's own deadlines as a dated policy: staff change them, a case keeps those of its acceptance."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from talentmap.money.tariffs import TariffDefinition, TariffKey, Unit, define, in_force

CODE = "casework.deadlines"


def _days(key: str, label: object, default: int) -> TariffKey:
    return TariffKey(key, label, Unit.WORKING_DAYS, Decimal(1), Decimal(250), Decimal(default))


DEADLINES = define(
    TariffDefinition(
        CODE,
        _("Deadlines of applications"),
        keys=(
            _days("accept", _("Accept within"), 5),
            _days("decide", _("Decide within, from acceptance"), 20),
            _days("remind", _("Remind the applicant of a correction after"), 10),
            _days("notice", _("Public notice"), 5),
            _days("pay", _("Pay within, from the day an amount is payable"), 10),
            _days("call_back", _("Call back after a poor rating within"), 1),
            _days("mend", _("Mend what a poor rating is about within"), 15),
        ),
    )
)


@dataclass(frozen=True)
class Deadlines:
    """All in working days."""

    accept: int
    decide: int
    remind: int
    notice: int
    pay: int
    call_back: int
    mend: int


def deadlines(on: date) -> Deadlines:
    """The rule in force on `on`; raises NoTariff (a Refused) when there is none."""
    values = in_force(CODE, on)
    return Deadlines(**{key.key: int(values[key.key]) for key in DEADLINES.keys})
