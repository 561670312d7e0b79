"""What a borrower owes on which day. Pure: terms in, rows out, the same for the calculator, the command and a contract.

Interest is the opening balance × rate × days ÷ basis, half-up to 0.01; the last instalment takes the residue, so that
the principal always sums exactly. With 30/360 every month has 30 days, also one whose due date is the 28th because
there is no 31st; with actual/365 a period has the days of the calendar.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from growth.loans.terms import (
    CENT,
    BadTerms,
    DayCount,
    Method,
    Terms,
    add_months,
    amount_problem,
    check_terms,
    is_months_end,
)

__all__ = [
    "ZERO",
    "BadTerms",
    "DayCount",
    "Keep",
    "Method",
    "Row",
    "Terms",
    "add_months",
    "carried",
    "days_between",
    "half_up",
    "interest_for_days",
    "rest_schedule",
    "schedule",
    "totals",
]

ZERO = Decimal("0.00")


class Keep(TextChoices):
    """What stays as it was when part of the principal is repaid early."""

    TERM = "term", gettext_lazy("Same end, lower instalments")
    INSTALMENT = "instalment", gettext_lazy("Same instalments, earlier end")


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
    in_grace: bool  # only its interest is due


@dataclass(frozen=True)
class _Plan:
    """What a balance is repaid by: the periods, and interest of the time before them that is still owed."""

    periods: tuple[_Period, ...]
    annual_rate: Decimal
    day_count: DayCount
    accrued: Decimal = ZERO

    def interest(self, period: _Period, opening: Decimal) -> Decimal:
        owed = self.accrued if period is self.periods[0] else ZERO
        return owed + _interest(opening, self.annual_rate, period.days, self.day_count)

    @property
    def repaying(self) -> int:
        return sum(not period.in_grace for period in self.periods)

    def resting(self, idle: Iterable[_Period]) -> "_Plan":
        """With months in which nothing is repaid, as in grace."""
        found = tuple(idle)
        return replace(
            self, periods=tuple(replace(each, in_grace=each.in_grace or each in found) for each in self.periods)
        )


Repays = Callable[[Decimal], Decimal]  # the interest of a period → the principal repaid with it


def schedule(terms: Terms) -> tuple[Row, ...]:
    """Every instalment of the loan; raises BadTerms."""
    check_terms(terms)
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
    periods = tuple(_rest_periods(terms, left, on, further))
    plan = _Plan(periods, terms.annual_rate, terms.day_count, accrued)
    if terms.method.repays_at_end:
        return _repay(plan, outstanding, terms.method)
    if keep is Keep.TERM:
        _check_enough(plan, outstanding)
        return _repay(plan, outstanding, terms.method)
    usual = next(row for row in left if row.principal)
    if terms.method is Method.EQUAL_PRINCIPAL:
        return tuple(_run(plan, outstanding, _parts_of(usual.principal)))
    return tuple(_run(plan, outstanding, _instalments_of(usual.total)))


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
    anchor = terms.anchor
    return _serial(ends, anchor) - _serial(begins, anchor)


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
    nominal = max(day.day, anchor) if is_months_end(day) else day.day
    return day.year * 360 + day.month * 30 + min(nominal, 30)


def _interest(principal: Decimal, annual_rate: Decimal, days: int, day_count: DayCount) -> Decimal:
    return half_up(principal * annual_rate * days / (100 * day_count.basis))


def _periods(terms: Terms) -> Iterator[_Period]:
    begins = terms.disbursed
    for number, month in enumerate(_due_months(terms.method, terms.months), start=1):
        due = add_months(terms.first_due, month - 1, terms.anchor)
        yield _Period(number, begins, due, days_between(terms, begins, due), month <= terms.grace)
        begins = due


def _due_months(method: Method, months: int) -> Sequence[int]:
    return [*range(method.step, months, method.step), months]


def _rest_periods(terms: Terms, left: Sequence[Row], on: date, further: int) -> Iterator[_Period]:
    begins = on
    for row in left:
        in_grace = row.number <= terms.grace and row is not left[-1] and not terms.method.repays_at_end
        yield _Period(row.number, begins, row.due, days_between(terms, begins, row.due), in_grace)
        begins = row.due
    for number, month in enumerate(_due_months(terms.method, further) if further else (), start=left[-1].number + 1):
        due = add_months(left[-1].due, month, terms.anchor)
        yield _Period(number, begins, due, days_between(terms, begins, due), in_grace=False)
        begins = due


def _repay(plan: _Plan, principal: Decimal, method: Method) -> tuple[Row, ...]:
    """By the method alone: every period of the plan is used."""
    if method.repays_at_end:
        return tuple(_run(plan, principal, None))
    if method is Method.EQUAL_INSTALMENT:
        return _by_annuity(plan, principal)[1]
    part = half_up(principal / plan.repaying)
    while len(rows := tuple(_run(plan, principal, _parts_of(part)))) < len(plan.periods):
        part -= CENT  # rounded up it would be repaid earlier (tiny loans only)
    return rows


def _by_annuity(plan: _Plan, principal: Decimal) -> tuple[_Plan, tuple[Row, ...]]:
    """Equal instalments by the exact annuity, rounded; by so many 0.01 less where it would change the number of months
    (tiny loans only). A period whose interest alone is as much, such as a long first one, repays nothing, so that what
    is owed never grows, and the others repay the whole; the plan that comes back says so."""
    months, instalment = plan.repaying, half_up(_annuity(plan, principal))
    while True:
        rows = tuple(_run(plan, principal, _instalments_of(instalment)))
        if idle := _idle(plan, rows):
            plan = plan.resting(idle)
            instalment = half_up(_annuity(plan, principal))
            _check_repays(plan, months)
        elif len(rows) < len(plan.periods):
            instalment -= CENT
        else:
            return plan, rows


def _idle(plan: _Plan, rows: Sequence[Row]) -> list[_Period]:
    """Periods that should repay something and do not."""
    return [each for each, row in zip(plan.periods, rows, strict=False) if not row.principal and not each.in_grace]


def _with_instalment(plan: _Plan, principal: Decimal, instalment: Decimal) -> tuple[Row, ...]:
    """With an instalment that somebody chose: one that fits the term, rounded as they like."""
    plan, _rows = _by_annuity(plan, principal)
    rows = tuple(_run(plan, principal, _instalments_of(instalment)))
    _check_instalment(plan, rows)
    if rows[-1].total > 2 * instalment and plan.repaying > 1:
        raise BadTerms(
            _("With instalments of %(instalment)s more than a whole instalment is left at the end; %(exact)s fits.")
            % {"instalment": instalment, "exact": half_up(_annuity(plan, principal))},
            "instalment",
        )
    return rows


def _parts_of(amount: Decimal) -> Repays:
    return lambda interest: amount


def _instalments_of(amount: Decimal) -> Repays:
    """What is left of each for the principal; nothing where the interest alone is more."""
    return lambda interest: max(amount - interest, ZERO)


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
    """The rows until everything is repaid, at the latest with the last period. Without `repays` all of it is."""
    opening = principal
    for period in plan.periods:
        interest = plan.interest(period, opening)
        part = ZERO if period.in_grace or repays is None else repays(interest)
        if period is plan.periods[-1]:
            part = opening
        part = min(part, opening)
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
        if not opening:
            return


def _check_instalment(plan: _Plan, rows: Sequence[Row]) -> None:
    if idle := _idle(plan, rows):
        interest = next(row.interest for row in rows if row.due == idle[0].due)
        raise BadTerms(
            _("The instalment of %(due)s does not cover the interest of %(interest)s and repays nothing.")
            % {"due": idle[0].due, "interest": interest},
            "instalment",
        )
    if len(rows) < len(plan.periods):
        raise BadTerms(
            _("With this instalment the loan is paid off with number %(number)s already: lower it or shorten the term.")
            % {"number": rows[-1].number},
            "instalment",
        )


def _check_repays(plan: _Plan, months: int) -> None:
    """Of two months the first may be so long that it repays nothing; of more, two always would but for rounding."""
    if plan.repaying == 1 and months > 2:
        raise BadTerms(
            _(
                "Equal instalments, rounded to 0.01, do not repay this amount at this rate over so long a term: shorten"
                " it, or choose another way to repay."
            ),
            "months",
        )


def _check_enough(plan: _Plan, outstanding: Decimal) -> None:
    if outstanding < CENT * plan.repaying:
        raise BadTerms(_("The amount is too small for so many instalments."), "outstanding")


def _check_rest(terms: Terms, left: Sequence[Row], outstanding: Decimal, on: date) -> None:
    if not left:
        raise BadTerms(_("No due date is left after %(on)s.") % {"on": on}, "on")
    if on < terms.disbursed:
        raise BadTerms(_("The day is before the disbursement."), "on")
    if problem := amount_problem(outstanding):
        raise BadTerms(problem, "outstanding")
