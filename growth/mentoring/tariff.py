"""The dated parameters of mentoring. Places, term and the yearly assessment that decides the stipend come from
practice; amounts, weights and times to answer are this project's own and the office's to change."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from growth.mentoring.choices import Grade
from growth.mentoring.rules import WEEKS_A_YEAR
from talentmap.money import tariffs
from talentmap.money.tariffs import TariffDefinition, TariffKey, Unit, define

FUND_CODE = "mentoring"
TARIFF_CODE = "growth.mentoring"

_WEIGHTS = {
    "industry": (30, _("Industry")),
    "skills": (30, _("Skill gap")),
    "stage": (15, _("Stage of the enterprise")),
    "distance": (10, _("Distance")),
    "language": (5, _("Language")),
    "load": (10, _("Load of the mentor")),
    "wish": (15, _("First wish, in an assignment round")),
}
_STIPENDS = {"excellent": 3000, "qualified": 2000}


def _count(key: str, label: object, low: int, high: int, default: int, unit: Unit = Unit.COUNT) -> TariffKey:
    return TariffKey(key, label, unit, Decimal(low), Decimal(high), Decimal(default))


TARIFF = define(
    TariffDefinition(
        TARIFF_CODE,
        _("Mentoring"),
        keys=(
            _count("mentor.places", _("Talents a mentor accompanies unless they say otherwise"), 1, 20, 2),
            _count("mentor.places_most", _("Talents a mentor accompanies at most"), 1, 50, 5),
            _count(
                "answer.working_days",
                _("Working days in which a mentor answers a request"),
                1,
                60,
                5,
                Unit.WORKING_DAYS,
            ),
            _count("invitation.days", _("Days for which an invitation is valid"), 1, 365, 30),
            # Never more than the year that a stipend is for, after which it is decided anew.
            _count("term.weeks_least", _("Agreement: weeks at least"), 1, WEEKS_A_YEAR, 4),
            _count("term.weeks_most", _("Agreement: weeks at most"), 1, WEEKS_A_YEAR, WEEKS_A_YEAR),
            _count("reminder.days", _("Days before a meeting on which both are reminded"), 0, 14, 1),
            *(
                TariffKey(
                    f"stipend.{grade}",
                    format_lazy(_("Stipend for a year: {grade}"), grade=Grade(grade).label),
                    Unit.CNY,
                    maximum=Decimal(100_000),
                    default=Decimal(amount),
                )
                for grade, amount in _STIPENDS.items()
            ),
            *(
                _count(f"weight.{name}", format_lazy(_("Weight in the ranking: {name}"), name=label), 0, 100, weight)
                for name, (weight, label) in _WEIGHTS.items()
            ),
        ),
    )
)


def in_force(today: date) -> tariffs.TariffVersion:
    return tariffs.in_force(TARIFF_CODE, today)


def term_weeks(tariff: Mapping[str, Decimal]) -> tuple[int, int]:
    """How many weeks a term lasts at least and at most; a version from before the limit of a year is held to it."""
    return int(tariff["term.weeks_least"]), min(int(tariff["term.weeks_most"]), WEEKS_A_YEAR)


def weights_of(tariff: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What the ranking takes from a version of the tariff."""
    return {key: value for key, value in tariff.items() if key.startswith("weight.")}
