"""What the state pays of the interest that a borrower really paid. Pure; amounts in CNY.

Interest counts in the quarter in which it was paid. Of an instalment's interest counts what was paid on the first
`principal_cap` of the loan, at `rate_ceiling` at most, for the days on which nothing was overdue and that do not lie in
an extension; of that the state bears `share` percent, rounded half-up for an instalment, also where it was paid in
parts. Source: Sichuan's rules for start-up loans, versioned by the
contract's date.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from growth.loans.schedules import ZERO, Row, half_up
from growth.loans.standing import Interval, Payment, overdue_intervals
from talentmap.money.rules import Quarter

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Terms:
    """The contract's policy version: cap in CNY, share and ceiling in percent; subsidised until the agreed end."""

    principal_cap: Decimal
    share: Decimal
    rate_ceiling: Decimal
    annual_rate: Decimal
    until: date


@dataclass(frozen=True)
class Portion:
    """Interest of one instalment paid on one day, and how much of it the state bears."""

    paid_on: date
    row: Row
    interest: Decimal
    counted_days: int
    days: int
    subsidy: Decimal


def portions(rows: Sequence[Row], payments: Iterable[Payment], terms: Terms) -> tuple[Portion, ...]:
    """Each payment's interest by the instalments that it paid, the oldest first. What was paid beyond what was due is
    nobody's interest and is not subsidised."""
    paid = sorted(payments, key=lambda payment: payment.on)
    late = overdue_intervals(rows, paid)
    return tuple(_portion(each, late, terms) for each in _matched(rows, paid))


def by_quarter(found: Iterable[Portion]) -> Mapping[Quarter, Decimal]:
    """The subsidy of each quarter in which interest was paid."""
    sums: dict[Quarter, Decimal] = {}
    for portion in found:
        quarter = Quarter.of(portion.paid_on)
        sums[quarter] = sums.get(quarter, ZERO) + portion.subsidy
    return sums


@dataclass(frozen=True)
class _Part:
    """Interest of one instalment paid on one day, and how much of it was paid `before`."""

    on: date
    row: Row
    before: Decimal
    interest: Decimal


def _matched(rows: Sequence[Row], payments: Sequence[Payment]) -> Iterator[_Part]:
    """First in, first out."""
    queue = ((row, row.interest) for row in rows if row.interest)
    row, owed = next(queue, (None, ZERO))
    for payment in payments:
        left = payment.interest
        while left > 0 and row is not None:
            taken = min(left, owed)
            yield _Part(payment.on, row, row.interest - owed, taken)
            left, owed = left - taken, owed - taken
            if not owed:
                row, owed = next(queue, (None, ZERO))


def _portion(part: _Part, late: Sequence[Interval], terms: Terms) -> Portion:
    row = part.row
    days = (row.due - row.begins).days
    counted = sum(_counts(row.begins + timedelta(days=n), late, terms.until) for n in range(days))
    factor = Decimal(counted) / days if days else ZERO
    factor *= min(terms.principal_cap, row.opening) / row.opening if row.opening else ZERO
    if terms.annual_rate > terms.rate_ceiling:
        factor *= terms.rate_ceiling / terms.annual_rate
    factor *= terms.share / HUNDRED
    # Each part rounded by itself would come to more than the whole: half of 0.01 is 0.01 again.
    subsidy = half_up((part.before + part.interest) * factor) - half_up(part.before * factor)
    return Portion(part.on, row, part.interest, counted, days, subsidy)


def _counts(day: date, late: Sequence[Interval], until: date) -> bool:
    """A day after the agreed end, or on which something was overdue, is not subsidised."""
    return day < until and not any(each.first <= day and (each.end is None or day < each.end) for each in late)
