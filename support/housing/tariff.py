"""The dated amounts of the housing subsidy. Defaults for doctors, masters and bachelors and the 36 months come from
provincial practice; those for categories, purchases and claims are this project's own and the office's to change."""

from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from support.housing.grades import Grade
from talentmap.money.tariffs import TariffDefinition, TariffKey, Unit, define

FUND_CODE = "housing"
TARIFF_CODE = "support.housing"

_RENT = {
    "category_a": 5000,
    "category_b": 4500,
    "category_c": 4000,
    "category_d": 3500,
    "category_e": 2500,
    "category_f": 1500,
    "doctor": 3000,
    "master": 2000,
    "bachelor": 1500,
}
_PURCHASE = {
    "category_a": 300_000,
    "category_b": 200_000,
    "category_c": 150_000,
    "category_d": 100_000,
    "category_e": 60_000,
    "category_f": 30_000,
    "doctor": 100_000,
    "master": 60_000,
    "bachelor": 30_000,
}

TARIFF = define(
    TariffDefinition(
        TARIFF_CODE,
        _("Housing subsidy"),
        keys=(
            *(
                TariffKey(
                    f"rent.{grade}",
                    format_lazy(_("Rent subsidy a month: {grade}"), grade=Grade(grade).label),
                    Unit.CNY,
                    maximum=Decimal(20_000),
                    default=Decimal(amount),
                )
                for grade, amount in _RENT.items()
            ),
            TariffKey(
                "rent.months",
                _("Rent subsidy: months at most"),
                Unit.MONTHS,
                Decimal(1),
                Decimal(120),
                Decimal(36),
            ),
            *(
                TariffKey(
                    f"purchase.{grade}",
                    format_lazy(_("Purchase subsidy: {grade}"), grade=Grade(grade).label),
                    Unit.CNY,
                    maximum=Decimal(2_000_000),
                    default=Decimal(amount),
                )
                for grade, amount in _PURCHASE.items()
            ),
            TariffKey(
                "purchase.window_months",
                _("Purchase subsidy: months after the purchase in which to apply"),
                Unit.MONTHS,
                Decimal(1),
                Decimal(60),
                Decimal(12),
            ),
            TariffKey(
                "recovery.working_days",
                _("Claim: working days in which to pay back"),
                Unit.WORKING_DAYS,
                Decimal(1),
                Decimal(250),
                Decimal(30),
            ),
        ),
    )
)
