"""What a borrower owes on which day. Pure: terms in, rows out, the same for the calculator, the command and a contract.

Interest is the opening balance × rate × days ÷ basis, half-up to 0.01; the last instalment takes the residue, so that
the principal always sums exactly. With 30/360 every month has 30 days, also one whose due date is the 28th because
there is no 31st; with actual/365 a period has the days of the calendar.
"""

import calendar
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from talentmap.ui.errors import Refused

CENT, ZERO = Decimal("0.01"), Decimal("0.00")
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


class Keep(TextChoices):
    """What stays as it was when part of the principal is repaid early."""

    TERM = "term", gettext_lazy("Same end, lower instalments")
    INSTALMENT = "instalment", gettext_lazy("Same instalments, earlier end")


class BadTerms(Refused):
    """Terms that give no sensible schedule; `field` is the one to correct."""

    def __init__(self, message: Any, field: str) -> None:
        super().__init__(message)
        self.field = field


class PaidOffEarly(BadTerms):
    """The instalment is so high that nothing would be left for the last months."""


@dataclass(frozen=True)
class Terms:
    """A loan as agreed. `annual_rate` is in percent; `first_due` is the due date of the first month, also where
    interest is paid by quarter (then the third month's is the first on which something is due). In the `grace` months,
    which the term counts, only interest is due. Without `instalment` equal instalments are the exact annuity."""

    principal: Decimal
    annual_rate: Decimal
    months: int
    method: Method
    disbursed: date
    first_due: date
    grace: int = 0
    instalment: Decimal | None = None
    day_count: DayCount = DayCount.THIRTY_360


@dataclass(frozen=True)
class Row:
    """One instalment: for the `days` from `begins` to `due`; amounts in CNY."""

    number: int
    begins: date
    due: date
    days: int
    opening: Decimal
    principal: Decimal
    interest: Decimal
    total: Decimal
    closing: Decimal


@dataclass(frozen=True)
class _Period:
    number: int
    begins: date
    due: date
    days: int
    in_grace: bool


@dataclass(frozen=True)
class _Plan:
    """What a balance is repaid by: the periods, and interest of the time before them that is still owed."""

    periods: tuple[_Period, ...]
    annual_rate: Decimal
    day_count: DayCount
    accrued: Decimal = ZERO
    may_end_early: bool = False

    def interest(self, period: _Period, opening: Decimal) -> Decimal:
        owed = self.accrued if period is self.periods[0] else ZERO
        return owed + _interest(opening, self.annual_rate, period.days, self.day_count)

    @property
    def repaying(self) -> int:
        return sum(not period.in_grace for period in self.periods)


Repays = Callable[[Decimal], Decimal]  # the interest of a period → the principal repaid with it


def schedule(terms: Terms) -> tuple[Row, ...]:
    """Every instalment of the loan; raises BadTerms."""
    _check(terms)
    plan = _Plan(tuple(_periods(terms)), terms.annual_rate, terms.day_count)
    if terms.method is Method.EQUAL_INSTALMENT and terms.instalment is not None:
        return _with_instalment(plan, terms.principal, terms.instalment)
    return _repay(plan, terms.principal, terms.method)


def rest_schedule(
    terms: Terms,
    rows: Sequence[Row],
    *,
    outstanding: Decimal,
    on: date,
    keep: Keep = Keep.TERM,
    accrued: Decimal = ZERO,
    further: int = 0,
) -> tuple[Row, ...]:
    """What is due after `on` when `outstanding` is owed then: over the due dates that `rows`, the plan until now, has
    left, and `further` months after the last. Interest runs from `on`; `accrued` is what is owed for the time before,
    due with the next instalment. With Keep.INSTALMENT the instalments (or equal principals) stay and the loan ends
    earlier; raises BadTerms."""
    left = [row for row in rows if row.due > on]
    _check_rest(terms, left, outstanding, on)
    periods, may_end_early = tuple(_rest_periods(terms, left, on, further)), keep is Keep.INSTALMENT
    plan = _Plan(periods, terms.annual_rate, terms.day_count, accrued, may_end_early)
    if keep is Keep.TERM or terms.method.repays_at_end:
        return _repay(plan, outstanding, terms.method)
    usual = next(row for row in left if row.principal)
    if terms.method is Method.EQUAL_PRINCIPAL:
        return tuple(_run(plan, outstanding, lambda interest: usual.principal))
    return tuple(_run(plan, outstanding, lambda interest: usual.total - interest))


def interest_for_days(terms: Terms, principal: Decimal, begins: date, ends: date) -> Decimal:
    """The interest in CNY on `principal` from `begins` to `ends` at the rate and day count of the loan."""
    return _interest(principal, terms.annual_rate, days_between(terms, begins, ends), terms.day_count)


def carried(terms: Terms, row: Row) -> Decimal:
    """What of a row's interest is owed for the time before it begins: it had accrued when the plan was changed."""
    return row.interest - _interest(row.opening, terms.annual_rate, row.days, terms.day_count)


def days_between(terms: Terms, begins: date, ends: date) -> int:
    """The days that bear interest; with 30/360 they add up however a period is cut."""
    if terms.day_count is DayCount.ACTUAL_365:
        return (ends - begins).days
    anchor = terms.first_due.day
    return _serial(ends, anchor) - _serial(begins, anchor)


def add_months(day: date, months: int, anchor: int | None = None) -> date:
    """`months` later, on day `anchor` of the month (`day`'s own where none is given) or on the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor or day.day, last))


def totals(rows: Iterable[Row]) -> tuple[Decimal, Decimal, Decimal]:
    """Principal, interest and their sum over the rows."""
    listed = tuple(rows)
    principal = sum((row.principal for row in listed), ZERO)
    interest = sum((row.interest for row in listed), ZERO)
    return principal, interest, principal + interest


def half_up(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _serial(day: date, anchor: int) -> int:
    """The day in years of twelve months of 30 days; a month's last day stands for a due date that it lacks."""
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    nominal = max(day.day, anchor) if is_last else day.day
    return day.year * 360 + day.month * 30 + min(nominal, 30)


def _interest(principal: Decimal, annual_rate: Decimal, days: int, day_count: DayCount) -> Decimal:
    return half_up(principal * annual_rate * days / (100 * day_count.basis))


def _periods(terms: Terms) -> Iterator[_Period]:
    begins = terms.disbursed
    for number, month in enumerate(_due_months(terms.method, terms.months), start=1):
        due = add_months(terms.first_due, month - 1)
        yield _Period(number, begins, due, days_between(terms, begins, due), month <= terms.grace)
        begins = due


def _due_months(method: Method, months: int) -> Sequence[int]:
    return [*range(method.step, months, method.step), months]


def _rest_periods(terms: Terms, left: Sequence[Row], on: date, further: int) -> Iterator[_Period]:
    begins = on
    for row in left:
        in_grace = row.principal == 0 and row is not left[-1] and not terms.method.repays_at_end
        yield _Period(row.number, begins, row.due, days_between(terms, begins, row.due), in_grace)
        begins = row.due
    for number, month in enumerate(_due_months(terms.method, further) if further else (), start=left[-1].number + 1):
        due = add_months(left[-1].due, month, terms.first_due.day)
        yield _Period(number, begins, due, days_between(terms, begins, due), in_grace=False)
        begins = due


def _repay(plan: _Plan, principal: Decimal, method: Method) -> tuple[Row, ...]:
    """By the method alone: every period of the plan is used."""
    plan = _Plan(plan.periods, plan.annual_rate, plan.day_count, plan.accrued)
    if method.repays_at_end:
        return tuple(_run(plan, principal, None))
    if method is Method.EQUAL_PRINCIPAL:
        part = half_up(principal / plan.repaying)
        return _rounded_down(part, lambda amount: tuple(_run(plan, principal, lambda interest: amount)))
    annuity = half_up(_annuity(plan, principal))
    return _rounded_down(annuity, lambda amount: tuple(_run(plan, principal, lambda interest: amount - interest)))


def _rounded_down(amount: Decimal, rows: Callable[[Decimal], tuple[Row, ...]]) -> tuple[Row, ...]:
    """The rounded amount, or so many 0.01 less that it does not change the number of months (tiny loans only)."""
    while True:
        try:
            return rows(amount)
        except PaidOffEarly:
            amount -= CENT


def _with_instalment(plan: _Plan, principal: Decimal, instalment: Decimal) -> tuple[Row, ...]:
    """With an instalment that somebody chose: one that fits the term, rounded as they like."""
    rows = tuple(_run(plan, principal, lambda interest: instalment - interest))
    if rows[-1].total > 2 * instalment and plan.repaying > 1:
        raise BadTerms(
            _("With instalments of %(instalment)s more than a whole instalment is left at the end; %(exact)s fits.")
            % {"instalment": instalment, "exact": half_up(_annuity(plan, principal))},
            "instalment",
        )
    return rows


def _annuity(plan: _Plan, principal: Decimal) -> Decimal:
    """The instalment with which the balance is exactly 0 at the end, whatever the lengths of the periods."""
    with localcontext(prec=60):
        balance, paid = principal, Decimal(0)
        for period in plan.periods:
            rate = plan.annual_rate * period.days / (100 * plan.day_count.basis)
            owed = plan.accrued if period is plan.periods[0] else ZERO
            if period.in_grace:  # its interest is paid as it falls due
                continue
            balance = balance * (1 + rate) + owed
            paid = paid * (1 + rate) + 1
        return balance / paid


def _run(plan: _Plan, principal: Decimal, repays: Repays | None) -> Iterator[Row]:
    """The rows; the last one repays what is left. Without `repays` everything is repaid at the end."""
    opening = principal
    for period in plan.periods:
        interest = plan.interest(period, opening)
        part = ZERO if period.in_grace or repays is None else repays(interest)
        is_last = period is plan.periods[-1] or (plan.may_end_early and part >= opening)
        if is_last:
            part = opening
        elif repays and not period.in_grace:
            _check_part(part, opening, interest, period)
        yield Row(
            number=period.number,
            begins=period.begins,
            due=period.due,
            days=period.days,
            opening=opening,
            principal=part,
            interest=interest,
            total=part + interest,
            closing=opening - part,
        )
        opening -= part
        if is_last:
            return


def _check_part(part: Decimal, opening: Decimal, interest: Decimal, period: _Period) -> None:
    if part <= 0:
        raise BadTerms(
            _("The instalment of %(due)s does not cover the interest of %(interest)s and repays nothing.")
            % {"due": period.due, "interest": interest},
            "instalment",
        )
    if part >= opening:
        raise PaidOffEarly(
            _("With this instalment the loan is paid off with number %(number)s already: lower it or shorten the term.")
            % {"number": period.number},
            "instalment",
        )


def _check(terms: Terms) -> None:
    for field, problem_of in _CHECKS:
        if problem := problem_of(terms):
            raise BadTerms(problem, field)


def _amount_problem(amount: Decimal) -> str:
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
    return _amount_problem(terms.instalment)


_CHECKS: tuple[tuple[str, Callable[[Terms], str]], ...] = (
    ("principal", lambda terms: _amount_problem(terms.principal)),
    ("annual_rate", _rate_problem),
    ("months", _months_problem),
    ("grace", _grace_problem),
    ("first_due", _dates_problem),
    ("instalment", _instalment_problem),
)


def _check_rest(terms: Terms, left: Sequence[Row], outstanding: Decimal, on: date) -> None:
    if not left:
        raise BadTerms(_("No due date is left after %(on)s.") % {"on": on}, "on")
    if on < terms.disbursed:
        raise BadTerms(_("The day is before the disbursement."), "on")
    if problem := _amount_problem(outstanding):
        raise BadTerms(problem, "outstanding")
