"""Where a loan stands on a day: what was due, what was paid, what is overdue. Pure; amounts in CNY.

A loan's dues are the rows of its schedules one after the other: each later schedule replaces what was to come after the
day on which it took effect, never what was due before.

A bank may round otherwise than we do, by a fen an instalment. What was paid may therefore differ from what was due by
TOLERANCE over the whole loan; only the principal is repaid to the fen by the last instalment.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest

from growth.loans.schedules import ZERO, Row

# From how many days overdue on each class of arrears begins.
AGED_FROM = (1, 31, 61, 91)
# In CNY, for interest and for principal: a fen in each of the 36 instalments that the policy gives is 0.36.
TOLERANCE = Decimal("0.50")


@dataclass(frozen=True)
class Payment:
    """What was paid on a day, as the bank parted it; penalty interest is not part of what is due."""

    on: date
    principal: Decimal
    interest: Decimal


@dataclass(frozen=True)
class Plan:
    """One schedule: it holds from `since`, where a first row of that very day may be an early repayment."""

    since: date
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Standing:
    """`arrears` is due and unpaid, to the fen, once it is more than rounding; `overdue_since` the day on
    which the oldest instalment of it was due; `ahead` what is paid already of the next one, once it is more than
    rounding."""

    outstanding: Decimal
    arrears_principal: Decimal
    arrears_interest: Decimal
    overdue_since: date | None
    next_row: Row | None
    last_due: date | None
    is_settled: bool
    ahead_principal: Decimal = ZERO
    ahead_interest: Decimal = ZERO

    @property
    def arrears(self) -> Decimal:
        return self.arrears_principal + self.arrears_interest

    @property
    def next_principal(self) -> Decimal:
        """With the last instalment all that is left is repaid, whatever was rounded before."""
        if self.next_row and self.next_row.due == self.last_due:
            return self.outstanding - self.arrears_principal
        return max(self.next_row.principal - self.ahead_principal, ZERO) if self.next_row else ZERO

    @property
    def next_interest(self) -> Decimal:
        return max(self.next_row.interest - self.ahead_interest, ZERO) if self.next_row else ZERO


@dataclass(frozen=True)
class Interval:
    """Days from `first` until before `end`; without an end it still lasts."""

    first: date
    end: date | None


def dues(plans: Sequence[Plan]) -> tuple[Row, ...]:
    """Every instalment that counts, in the order of the due dates; none before anything is paid out."""
    found: list[Row] = []
    for plan, following in zip_longest(plans, plans[1:]):
        found += [row for row in plan.rows if following is None or row.due <= following.since]
    return tuple(found)


def standing(rows: Sequence[Row], payments: Iterable[Payment], day: date) -> Standing:
    """`rows` are the loan's dues, `payments` all that was paid; what lies after `day` does not count yet."""
    paid = [payment for payment in payments if payment.on <= day]
    principal = sum((payment.principal for payment in paid), ZERO)
    interest = sum((payment.interest for payment in paid), ZERO)
    open_rows = [row for row, settled in zip(rows, settled_on(rows, paid), strict=True) if settled is None]
    oldest = next((row for row in open_rows if row.due < day), None)
    fallen = [row for row in rows if row.due < day] if oldest else []
    next_row = next((row for row in open_rows if row.due >= day), None)
    before = rows[: rows.index(next_row)] if next_row else rows
    return Standing(
        outstanding=sum((row.principal for row in rows), ZERO) - principal,
        arrears_principal=max(sum((row.principal for row in fallen), ZERO) - principal, ZERO),
        arrears_interest=max(sum((row.interest for row in fallen), ZERO) - interest, ZERO),
        overdue_since=oldest.due if oldest else None,
        next_row=next_row,
        last_due=rows[-1].due if rows else None,
        is_settled=bool(rows) and not open_rows,
        ahead_principal=_beyond_rounding(principal - sum((row.principal for row in before), ZERO)),
        ahead_interest=_beyond_rounding(interest - sum((row.interest for row in before), ZERO)),
    )


def _beyond_rounding(more: Decimal) -> Decimal:
    return more if more > TOLERANCE else ZERO


def settled_on(rows: Sequence[Row], payments: Iterable[Payment]) -> tuple[date | None, ...]:
    """For each instalment the day on which what was paid first covered it and all before, but for rounding; None while
    it does not."""
    return tuple(_settled(rows, sorted(payments, key=lambda payment: payment.on)))


def _settled(rows: Sequence[Row], payments: Sequence[Payment]) -> Iterator[date | None]:
    queue, whole = iter(payments), sum((row.principal for row in rows), ZERO)
    principal = interest = due_principal = due_interest = ZERO
    day: date | None = None
    for row in rows:
        due_principal, due_interest = due_principal + row.principal, due_interest + row.interest
        least_principal = due_principal - (TOLERANCE if due_principal < whole else ZERO)
        least_interest = due_interest - TOLERANCE
        while (principal < least_principal or interest < least_interest) and (payment := next(queue, None)):
            principal, interest = principal + payment.principal, interest + payment.interest
            day = payment.on
        covered = principal >= least_principal and interest >= least_interest
        yield (day or row.due) if covered else None


def overdue_intervals(rows: Sequence[Row], payments: Iterable[Payment]) -> tuple[Interval, ...]:
    """The days on which an instalment was overdue: from the day after it was due until the day on which it was paid."""
    settled = settled_on(rows, payments)
    late = (Interval(row.due, day) for row, day in zip(rows, settled, strict=True) if day is None or day > row.due)
    return tuple(late)
