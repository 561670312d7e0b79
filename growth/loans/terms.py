"""What a loan is agreed on, and which terms make no sense. Pure."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from talentmap.ui.errors import Refused

CENT = Decimal("0.01")
MOST_PRINCIPAL, MOST_RATE, MOST_MONTHS = Decimal("9999999999.99"), Decimal(100), 360
MONTHS_BEFORE_FIRST = 12
LAST_YEAR = 2999


class Method(TextChoices):
    EQUAL_INSTALMENT = "equal-instalment", gettext_lazy("Equal instalments")
    EQUAL_PRINCIPAL = "equal-principal", gettext_lazy("Equal principal")
    INTEREST_ONLY = "interest-only", gettext_lazy("Interest every month, principal at the end")
    INTEREST_QUARTERLY = "interest-quarterly", gettext_lazy("Interest every quarter, principal at the end")

    @property
    def step(self) -> int:
        """Months from one due date to the next."""
        return 3 if self is Method.INTEREST_QUARTERLY else 1

    @property
    def repays_at_end(self) -> bool:
        return self in {Method.INTEREST_ONLY, Method.INTEREST_QUARTERLY}


class DayCount(TextChoices):
    THIRTY_360 = "30/360", pgettext_lazy("day count", "30/360: every month has 30 days")
    ACTUAL_365 = "actual/365", pgettext_lazy("day count", "Actual/365: the days of the calendar")

    @property
    def basis(self) -> int:
        return 360 if self is DayCount.THIRTY_360 else 365


class BadTerms(Refused):
    """Terms that give no sensible schedule; `field` is the one to correct."""

    def __init__(self, message: Any, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Terms:
    """A loan as agreed. `annual_rate` is in percent; `first_due` is the due date of the first month, also where
    interest is paid by quarter (then the third month's is the first on which something is due). In the `grace` months,
    which the term counts, only interest is due. Without `instalment` equal instalments are the exact annuity.
    `due_day` is the day of the month that a running loan keeps; without it the dates say it."""

    principal: Decimal
    annual_rate: Decimal
    months: int
    method: Method
    disbursed: date
    first_due: date
    grace: int = 0
    instalment: Decimal | None = None
    day_count: DayCount = DayCount.THIRTY_360
    due_day: int | None = None

    @property
    def anchor(self) -> int:
        """The day of the month on which instalments are due, or on its last where it has none. A first due date on the
        last day of a month stands for the later day on which the loan was paid out: 28 February for the 31st."""
        if self.due_day:
            return self.due_day
        first = self.first_due.day
        return max(first, self.disbursed.day) if is_months_end(self.first_due) else first


def add_months(day: date, months: int, anchor: int | None = None) -> date:
    """`months` later, on day `anchor` of the month (`day`'s own where none is given) or on the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(anchor or day.day, _last_of(year, month + 1)))


def is_months_end(day: date) -> bool:
    return day.day == _last_of(day.year, day.month)


def _last_of(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def check_terms(terms: Terms) -> None:
    """Raises BadTerms."""
    for field, problem_of in _CHECKS:
        if problem := problem_of(terms):
            raise BadTerms(problem, field)


def amount_problem(amount: Decimal) -> str:
    """Why it is no amount of money; "" when it is."""
    if not amount.is_finite() or not 0 < amount <= MOST_PRINCIPAL:
        return _("An amount above 0 and of at most %(most)s.") % {"most": f"{MOST_PRINCIPAL:,}"}
    return "" if amount == amount.quantize(CENT) else _("At most two decimal places.")


def _rate_problem(terms: Terms) -> str:
    if terms.annual_rate.is_finite() and 0 <= terms.annual_rate <= MOST_RATE:
        return ""
    return _("The rate is between 0 and %(most)s percent a year.") % {"most": MOST_RATE}


def _months_problem(terms: Terms) -> str:
    if not 1 <= terms.months <= MOST_MONTHS:
        return _("The term is between 1 and %(most)s months.") % {"most": MOST_MONTHS}
    too_many = not terms.method.repays_at_end and terms.principal < CENT * terms.months
    return _("The amount is too small for so many instalments.") if too_many else ""


def _grace_problem(terms: Terms) -> str:
    if 0 <= terms.grace < terms.months:
        return ""
    return _("The grace period is shorter than the term of %(months)s months.") % {"months": terms.months}


def _dates_problem(terms: Terms) -> str:
    if terms.first_due <= terms.disbursed:
        return _("The first due date is after the day of disbursement.")
    if terms.first_due.year > LAST_YEAR:
        return _("The year is %(most)s at the latest.") % {"most": LAST_YEAR}
    if terms.first_due > add_months(terms.disbursed, MONTHS_BEFORE_FIRST):
        return _("The first due date is at most %(most)s months after the day of disbursement.") % {
            "most": MONTHS_BEFORE_FIRST
        }
    return ""


def _instalment_problem(terms: Terms) -> str:
    if terms.instalment is None:
        return ""
    if terms.method is not Method.EQUAL_INSTALMENT:
        return _("Only a loan with equal instalments has an instalment to be chosen.")
    return amount_problem(terms.instalment)


_CHECKS: tuple[tuple[str, Callable[[Terms], str]], ...] = (
    ("principal", lambda terms: amount_problem(terms.principal)),
    ("annual_rate", _rate_problem),
    ("months", _months_problem),
    ("grace", _grace_problem),
    ("first_due", _dates_problem),
    ("instalment", _instalment_problem),
)
