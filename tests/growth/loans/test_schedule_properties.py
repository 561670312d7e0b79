"""What holds for every schedule, of loans as the policy has them and far beyond."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import assume, example, given
from hypothesis import strategies as st

from growth.loans.schedules import (
    DayCount,
    Keep,
    Method,
    Terms,
    add_months,
    days_between,
    half_up,
    rest_schedule,
    schedule,
    totals,
)
from tests.growth.loans.test_schedules import terms

D = Decimal


@st.composite
def loans(draw, methods=tuple(Method), most_grace=71) -> Terms:
    """Loans as the policy has them and far beyond; half of them on a month's last days."""
    disbursed = draw(st.dates(date(2019, 1, 1), date(2029, 12, 31)))
    if draw(st.booleans()):
        disbursed = disbursed.replace(day=monthrange(disbursed.year, disbursed.month)[1])
    months = draw(st.integers(1, 72))
    return Terms(
        principal=draw(st.decimals(D(100), D(6_000_000), places=2)),
        annual_rate=draw(st.decimals(D(0), D(24), places=2)),
        months=months,
        method=draw(st.sampled_from(methods)),
        disbursed=disbursed,
        first_due=disbursed + timedelta(days=draw(st.integers(1, 62))),
        grace=draw(st.integers(0, min(months - 1, most_grace))),
        day_count=draw(st.sampled_from(DayCount)),
    )


LONG_FIRST = terms(annual_rate=D(24), months=72, disbursed=date(2026, 1, 1), first_due=date(2026, 3, 4))
LONG_AND_SMALL = terms(
    principal=D(100), annual_rate=D("17.43"), months=66, disbursed=date(2026, 1, 1), first_due=date(2026, 2, 24)
)


class TestProperties:
    @given(loans())
    @example(LONG_FIRST)
    @example(LONG_AND_SMALL)
    def test_every_schedule(self, loan):
        rows = schedule(loan)
        step = loan.method.step
        assert len(rows) == -(-loan.months // step)
        assert totals(rows)[0] == loan.principal
        assert rows[-1].closing == 0
        day = loan.first_due.day
        if day == last_of(loan.first_due):
            day = max(day, loan.disbursed.day)
        assert rows[-1].due == add_months(loan.first_due, loan.months - 1, day)
        assert all(row.due.day == min(day, last_of(row.due)) for row in rows)
        self.check_rows(loan, rows)
        self.check_instalments(loan, rows)
        if loan.day_count is DayCount.THIRTY_360:
            assert {row.days for row in rows[1:-1]} <= {30 * step}
        else:
            assert sum(row.days for row in rows) == (rows[-1].due - loan.disbursed).days

    @given(loans(), st.data())
    def test_every_rest(self, loan, data):
        rows = schedule(loan)
        on = data.draw(st.dates(loan.disbursed, rows[-1].due - timedelta(days=1)))
        keep = data.draw(st.sampled_from(Keep))
        left = [row for row in rows if row.due > on]
        outstanding = data.draw(st.decimals(min(D(50), left[0].opening), left[0].opening, places=2))
        after = rest_schedule(loan, rows, outstanding=outstanding, on=on, keep=keep)
        assert totals(after)[0] == outstanding and after[-1].closing == 0
        assert [row.due for row in after] == [row.due for row in left][: len(after)]
        if keep is Keep.TERM:
            assert len(after) == len(left)
        self.check_rows(loan, after)

    @given(loans(methods=[Method.EQUAL_INSTALMENT], most_grace=12))
    @example(LONG_FIRST)
    @example(LONG_AND_SMALL)
    def test_the_same_instalment_by_hand_gives_the_same_rows(self, loan):
        assume(loan.months - loan.grace > 1)
        rows = schedule(loan)
        assume(rows[-1].total <= 2 * rows[-2].total)
        given_by_hand = Terms(**{**loan.__dict__, "instalment": rows[-2].total})
        assert schedule(given_by_hand) == rows

    @staticmethod
    def check_instalments(loan, rows):
        """They are equal but for months of grace, months whose interest alone is as much, and the last."""
        if loan.method is Method.EQUAL_INSTALMENT:
            paying = rows[loan.grace : -1]
            equal = {row.total for row in paying if row.principal}
            assert len(equal) <= 1
            assert all(row.total >= equal.copy().pop() for row in paying if equal and not row.principal)

    @staticmethod
    def check_rows(loan, rows):
        for row in rows:
            assert row.principal >= 0 and row.interest >= 0 and row.closing >= 0
            assert row.total == row.principal + row.interest
            assert row.closing == row.opening - row.principal
            assert row.interest == half_up(row.opening * loan.annual_rate * row.days / (100 * loan.day_count.basis))
            assert row.days == days_between(loan, row.begins, row.due)
        for before, after in pairwise(rows):
            assert before.due < after.due and before.due == after.begins and before.closing == after.opening


def last_of(day: date) -> int:
    return monthrange(day.year, day.month)[1]
