"""The dated limits of start-up loans; a loan keeps the version in force on the day of its contract.

Defaults are Sichuan's from 2025-04-01; those for partnerships (each partner like an individual, up to a cap) and the
months of the youth plan are this project's own and the office's to change."""

from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from talentmap.money.tariffs import TariffDefinition, TariffKey, Unit, define, value_of

FUND_CODE = "loans"
TARIFF_CODE = "growth.loans"
MOST_MONTHS = Decimal(120)
UNTIL = "policy.until"


def _yuan(key: str, label: Promise, default: int) -> TariffKey:
    return TariffKey(key, label, Unit.CNY, Decimal(1), Decimal(100_000_000), Decimal(default))


def _months(key: str, label: Promise, default: int) -> TariffKey:
    return TariffKey(key, label, Unit.MONTHS, Decimal(1), MOST_MONTHS, Decimal(default))


def _percent(key: str, label: Promise, default: str, most: int = 100) -> TariffKey:
    return TariffKey(key, label, Unit.PERCENT, Decimal(0), Decimal(most), Decimal(default))


def _years(key: str, label: Promise, default: int) -> TariffKey:
    return TariffKey(key, label, Unit.YEARS, Decimal(0), Decimal(100), Decimal(default))


def _days(key: str, label: Promise, default: int) -> TariffKey:
    return TariffKey(key, label, Unit.WORKING_DAYS, Decimal(1), Decimal(250), Decimal(default))


TARIFF = define(
    TariffDefinition(
        TARIFF_CODE,
        _("Start-up loans"),
        keys=(
            TariffKey(
                UNTIL,
                _("For contracts until"),
                Unit.DAY,
                value_of(date(2020, 1, 1)),
                value_of(date(2999, 12, 31)),
                value_of(date(2027, 12, 31)),
            ),
            _yuan("limit.individual", _("Loan of an individual at most"), 500_000),
            _yuan("limit.partner", _("Loan of a partnership at most: for each partner"), 500_000),
            _yuan("limit.partnership", _("Loan of a partnership at most: all partners together"), 3_000_000),
            _yuan("limit.enterprise", _("Loan of a small enterprise at most"), 6_000_000),
            _yuan("subsidised.individual", _("Subsidised principal of an individual at most"), 300_000),
            _yuan("subsidised.partner", _("Subsidised principal of a partnership at most: for each partner"), 300_000),
            _yuan(
                "subsidised.partnership",
                _("Subsidised principal of a partnership at most: all partners together"),
                1_800_000,
            ),
            _yuan("subsidised.enterprise", _("Subsidised principal of a small enterprise at most"), 4_000_000),
            _percent("subsidy.share", _("Interest subsidy: share of the actual interest"), "50"),
            _months("months.individual", _("Term of an individual's loan at most"), 36),
            _months("months.partnership", _("Term of a partnership's loan at most"), 36),
            _months("months.enterprise", _("Term of a small enterprise's loan at most"), 24),
            TariffKey(
                "loans.most",
                _("Loans of one person in a lifetime at most"),
                Unit.COUNT,
                Decimal(1),
                Decimal(20),
                Decimal(3),
            ),
            _percent("rate.lpr", _("Loan prime rate (LPR)"), "3.0", 30),
            _percent("rate.margin", _("Rate above the LPR at most (50 base points are 0.5%)"), "0.5", 30),
            _years("youth.age_from", _("Youth plan: age from"), 18),
            _years("youth.age_to", _("Youth plan: age until"), 40),
            _years("youth.years_in_business", _("Youth plan: years in business at most"), 3),
            _yuan("youth.least", _("Youth plan: loan at least"), 30_000),
            _yuan("youth.most", _("Youth plan: loan at most"), 100_000),
            _months("youth.months", _("Youth plan: term at most"), 36),
            TariffKey(
                "other_loans.consumer",
                _("Other loans: consumer loans that do not count, at most"),
                Unit.CNY,
                Decimal(0),
                Decimal(100_000_000),
                Decimal(50_000),
            ),
            TariffKey(
                "remind.days",
                _("Remind of an instalment: calendar days before it is due"),
                Unit.COUNT,
                Decimal(0),
                Decimal(31),
                Decimal(5),
            ),
            _days("days.office", _("Deadline of the office's review"), 7),
            _days("days.guarantor", _("Deadline of the guarantor"), 3),
            _days("days.bank", _("Deadline of the bank"), 5),
        ),
        valid_from=date(2025, 4, 1),
        basis="四川省创业担保贷款政策（2025年4月1日至2027年12月31日）",
    )
)
