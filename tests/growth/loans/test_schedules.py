from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from growth.loans.schedules import (
    BadTerms,
    DayCount,
    Keep,
    Method,
    Terms,
    add_months,
    days_between,
    half_up,
    interest_for_days,
    rest_schedule,
    schedule,
    totals,
)

D = Decimal
START, FIRST = date(2022, 11, 1), date(2022, 12, 1)


def terms(method: Method = Method.EQUAL_INSTALMENT, **changes) -> Terms:
    """Evidence: Fineract's loan of 5,000 at 12% over 18 months."""
    values = {
        "principal": D(5000),
        "annual_rate": D(12),
        "months": 18,
        "method": method,
        "disbursed": START,
        "first_due": FIRST,
    }
    return Terms(**{**values, **changes})


def interest(rows) -> Decimal:
    return totals(rows)[1]


class TestVectors:
    def test_equal_instalments_rounded_to_305(self):
        rows = schedule(terms(instalment=D(305)))
        assert (rows[0].principal, rows[0].interest, rows[0].total) == (D("255.00"), D("50.00"), D("305.00"))
        assert {row.total for row in rows[:-1]} == {D(305)}
        assert (len(rows), rows[-1].total, interest(rows)) == (18, D("303.22"), D("488.22"))
        assert (rows[-1].due, rows[-1].closing) == (date(2024, 5, 1), 0)

    def test_equal_principal(self):
        rows = schedule(terms(Method.EQUAL_PRINCIPAL))
        assert [row.principal for row in rows] == [D("277.78")] * 17 + [D("277.74")]
        assert (rows[0].total, rows[-1].total, interest(rows)) == (D("327.78"), D("280.52"), D("475.00"))

    def test_three_months_of_grace(self):
        rows = schedule(terms(grace=3, instalment=D(361)))
        assert [(row.principal, row.interest) for row in rows[:3]] == [(0, D("50.00"))] * 3
        assert (len(rows), rows[3].total, rows[-1].total, interest(rows)) == (18, D(361), D("354.87"), D("558.87"))

    def test_the_exact_annuity_half_up(self):
        """numpy-financial: pmt(.08/12, 60, 15000) = -304.1459143262052."""
        rows = schedule(terms(principal=D(15000), annual_rate=D(8), months=60))
        assert {row.total for row in rows[:-1]} == {D("304.15")}
        assert abs(rows[-1].total - D("304.15")) < D("0.50")

    def test_interest_every_month(self):
        rows = schedule(terms(Method.INTEREST_ONLY))
        assert [row.total for row in rows] == [D("50.00")] * 17 + [D("5050.00")]

    def test_interest_every_quarter(self):
        rows = schedule(terms(Method.INTEREST_QUARTERLY, months=13))
        assert [row.total for row in rows] == [D("150.00")] * 4 + [D("5050.00")]
        assert [str(row.due) for row in rows] == ["2023-02-01", "2023-05-01", "2023-08-01", "2023-11-01", "2023-12-01"]
        assert [row.days for row in rows] == [90, 90, 90, 90, 30]

    def test_without_interest(self):
        """The youth plan: 100,000 over 36 months, 2,777.78 a month."""
        rows = schedule(terms(principal=D(100_000), annual_rate=D(0), months=36))
        assert interest(rows) == 0
        assert [row.total for row in rows] == [D("2777.78")] * 35 + [D("2777.70")]

    def test_one_instalment(self):
        (row,) = schedule(terms(months=1))
        assert (row.opening, row.total, row.closing) == (5000, D("5050.00"), 0)


class TestDates:
    def test_the_31st_or_the_last_of_the_month(self):
        rows = schedule(terms(months=5, disbursed=date(2023, 12, 31), first_due=date(2024, 1, 31)))
        assert [row.due.isoformat()[5:] for row in rows] == ["01-31", "02-29", "03-31", "04-30", "05-31"]
        assert {row.days for row in rows} == {30}

    def test_the_calendar_counts_a_leap_day(self):
        loan = terms(
            Method.INTEREST_ONLY,
            principal=D(36500),
            annual_rate=D(1),
            months=3,
            disbursed=date(2024, 1, 31),
            first_due=date(2024, 2, 29),
            day_count=DayCount.ACTUAL_365,
        )
        rows = schedule(loan)
        assert [row.days for row in rows] == [29, 29, 31]  # 29 February, 29 March, 29 April
        assert [row.interest for row in rows] == [D("29.00"), D("29.00"), D("31.00")]

    def test_a_short_first_period(self):
        rows = schedule(terms(disbursed=date(2022, 11, 10), instalment=D(305)))
        assert (rows[0].days, rows[0].interest, rows[0].principal) == (21, D("35.00"), D("270.00"))

    def test_a_long_first_period(self):
        rows = schedule(terms(disbursed=date(2022, 10, 16), day_count=DayCount.ACTUAL_365))
        assert (rows[0].days, rows[0].interest) == (46, D("75.62"))  # 5000 × 12% × 46 ÷ 365 = 75.616…
        assert rows[0].total == rows[16].total
        assert abs(rows[17].total - rows[0].total) < D("0.20")

    @pytest.mark.parametrize(
        ("begins", "ends", "due_day", "days"),
        [
            (date(2023, 1, 31), date(2023, 2, 28), 31, 30),
            (date(2023, 2, 28), date(2023, 3, 31), 31, 30),
            (date(2024, 1, 31), date(2024, 2, 29), 31, 30),
            (date(2024, 2, 28), date(2024, 2, 29), 31, 2),
            (date(2023, 1, 29), date(2023, 2, 28), 29, 30),
            (date(2023, 2, 28), date(2023, 3, 28), 28, 30),
            (date(2022, 11, 10), date(2022, 12, 1), 1, 21),
            (date(2023, 1, 31), date(2023, 2, 10), 31, 10),
            (date(2023, 2, 10), date(2023, 2, 28), 31, 20),
            (date(2022, 12, 31), date(2023, 1, 15), 15, 15),
        ],
    )
    def test_days_of_30_360(self, begins, ends, due_day, days):
        loan = terms(first_due=date(2022, 12, due_day))
        assert days_between(loan, begins, ends) == days

    def test_interest_for_days(self):
        assert interest_for_days(terms(), D(5000), date(2022, 12, 1), date(2022, 12, 16)) == D("25.00")
        actual = terms(day_count=DayCount.ACTUAL_365)
        assert interest_for_days(actual, D(3650), date(2024, 2, 28), date(2024, 3, 1)) == D("2.40")


class TestRefused:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"principal": D(0)}, "principal"),
            ({"principal": D(-1)}, "principal"),
            ({"principal": D("NaN")}, "principal"),
            ({"principal": D("sNaN")}, "principal"),
            ({"principal": D("Infinity")}, "principal"),
            ({"principal": D("1E+20")}, "principal"),
            ({"principal": D("100.005")}, "principal"),
            ({"principal": D("0.17")}, "months"),
            ({"annual_rate": D("-0.01")}, "annual_rate"),
            ({"annual_rate": D(101)}, "annual_rate"),
            ({"annual_rate": D("NaN")}, "annual_rate"),
            ({"months": 0}, "months"),
            ({"months": 361}, "months"),
            ({"grace": 18}, "grace"),
            ({"grace": -1}, "grace"),
            ({"first_due": START}, "first_due"),
            ({"first_due": date(2023, 11, 2)}, "first_due"),
            ({"disbursed": date(9999, 10, 1), "first_due": date(9999, 12, 1)}, "first_due"),
            ({"instalment": D("0")}, "instalment"),
            ({"instalment": D("NaN")}, "instalment"),
            ({"instalment": D("50.00")}, "instalment"),  # the interest, and nothing more
            ({"instalment": D("324.00")}, "instalment"),  # would be paid off a month early
            ({"instalment": D("280.00")}, "instalment"),  # would leave more than a month
            ({"method": Method.EQUAL_PRINCIPAL, "instalment": D(305)}, "instalment"),
        ],
    )
    def test_what_makes_no_sense(self, changes, field):
        with pytest.raises(BadTerms) as refused:
            schedule(terms(**changes))
        assert refused.value.field == field

    def test_the_instalments_at_which_the_term_would_change(self):
        """305 × 17 leaves 303.22; the sum of (1.01)^k for k = 1…17 is 18.61 times a yuan more."""
        for instalment in (D("304.91"), D(300), D(321)):
            assert len(schedule(terms(instalment=instalment))) == 18
        with pytest.raises(BadTerms, match=r"304\.91"):
            schedule(terms(instalment=D(280)))

    def test_a_rounded_instalment_keeps_a_tiny_loan_at_its_term(self):
        """1.00 in 36 instalments: 0.03 each would be over after 34."""
        rows = schedule(terms(principal=D(1), annual_rate=D(0), months=36))
        assert [row.total for row in rows] == [D("0.02")] * 35 + [D("0.30")]


class TestRest:
    def test_lower_instalments_until_the_same_end(self):
        loan = terms(instalment=D(305))
        rows = schedule(loan)
        after = rest_schedule(loan, rows, outstanding=rows[5].closing - 1000, on=rows[5].due)
        assert [row.number for row in after] == list(range(7, 19))
        assert after[-1].due == rows[-1].due
        assert totals(after)[0] == rows[5].closing - 1000
        assert len({row.total for row in after[:-1]}) == 1 and after[0].total < 305

    def test_the_same_instalments_until_an_earlier_end(self):
        loan = terms(instalment=D(305))
        rows = schedule(loan)
        after = rest_schedule(loan, rows, outstanding=D(1000), on=rows[5].due, keep=Keep.INSTALMENT)
        assert [row.total for row in after[:-1]] == [D(305)] * 3  # 1000 + 10.00 − 305 = 705.00; 407.05; 106.12
        assert (after[-1].opening, after[-1].total, after[-1].closing) == (D("106.12"), D("107.18"), 0)

    def test_equal_principal_keeps_its_part(self):
        loan = terms(Method.EQUAL_PRINCIPAL)
        rows = schedule(loan)
        after = rest_schedule(loan, rows, outstanding=D(1000), on=rows[5].due, keep=Keep.INSTALMENT)
        assert [row.principal for row in after] == [D("277.78")] * 3 + [D("166.66")]

    def test_between_two_due_dates_nothing_is_counted_twice(self):
        loan = terms(Method.INTEREST_ONLY)
        rows = schedule(loan)
        on = date(2022, 12, 11)
        accrued = interest_for_days(loan, D(5000), FIRST, on)
        after = rest_schedule(loan, rows, outstanding=D(2000), on=on, accrued=accrued)
        assert (after[0].days, after[0].interest) == (20, D("16.67") + D("13.33"))
        assert (after[1].interest, after[-1].total) == (D("20.00"), D("2020.00"))

    def test_what_is_left_of_the_grace_stays(self):
        loan = terms(grace=3)
        after = rest_schedule(loan, schedule(loan), outstanding=D(4000), on=FIRST)
        assert [row.principal for row in after[:2]] == [0, 0]
        assert totals(after)[0] == 4000

    @pytest.mark.parametrize(
        ("outstanding", "on", "field"),
        [(D(100), date(2024, 5, 1), "on"), (D(100), date(2022, 10, 1), "on"), (D(0), FIRST, "outstanding")],
    )
    def test_refused(self, outstanding, on, field):
        loan = terms()
        with pytest.raises(BadTerms) as refused:
            rest_schedule(loan, schedule(loan), outstanding=outstanding, on=on)
        assert refused.value.field == field


@st.composite
def loans(draw) -> Terms:
    """Loans as the policy has them and far beyond; half of them on a month's last days."""
    disbursed = draw(st.dates(date(2019, 1, 1), date(2029, 12, 31)))
    if draw(st.booleans()):
        disbursed = disbursed.replace(day=monthrange(disbursed.year, disbursed.month)[1])
    months = draw(st.integers(1, 72))
    return Terms(
        principal=draw(st.decimals(D(100), D(6_000_000), places=2)),
        annual_rate=draw(st.decimals(D(0), D(24), places=2)),
        months=months,
        method=draw(st.sampled_from(Method)),
        disbursed=disbursed,
        first_due=disbursed + timedelta(days=draw(st.integers(1, 62))),
        grace=draw(st.integers(0, months - 1)),
        day_count=draw(st.sampled_from(DayCount)),
    )


class TestProperties:
    @given(loans())
    def test_every_schedule(self, loan):
        rows = schedule(loan)
        step = loan.method.step
        assert len(rows) == -(-loan.months // step)
        assert totals(rows)[0] == loan.principal
        assert rows[-1].closing == 0
        assert rows[-1].due == add_months(loan.first_due, loan.months - 1)
        self.check_rows(loan, rows)
        if loan.first_due.day > 28:
            assert all(row.due.day == min(loan.first_due.day, last_of(row.due)) for row in rows)
        if loan.day_count is DayCount.THIRTY_360:
            assert {row.days for row in rows[1:-1]} <= {30 * step}
        else:
            assert sum(row.days for row in rows) == (rows[-1].due - loan.disbursed).days

    @given(loans(), st.data())
    def test_every_rest(self, loan, data):
        rows = schedule(loan)
        on = data.draw(st.dates(loan.disbursed, rows[-1].due - timedelta(days=1)))
        outstanding = data.draw(st.decimals(D(50), loan.principal, places=2))
        keep = data.draw(st.sampled_from(Keep))
        left = [row for row in rows if row.due > on]
        paid_before = rows[: len(rows) - len(left)]
        assume(outstanding <= loan.principal - totals(paid_before)[0])
        after = rest_schedule(loan, rows, outstanding=outstanding, on=on, keep=keep)
        assert totals(after)[0] == outstanding and after[-1].closing == 0
        assert [row.due for row in after] == [row.due for row in left][: len(after)]
        if keep is Keep.TERM:
            assert len(after) == len(left)
        self.check_rows(loan, after)

    @given(loans())
    def test_the_same_instalment_by_hand_gives_the_same_rows(self, loan):
        assume(loan.method is Method.EQUAL_INSTALMENT and loan.months - loan.grace > 1)
        rows = schedule(loan)
        assume(rows[-1].total <= 2 * rows[-2].total)
        given_by_hand = Terms(**{**loan.__dict__, "instalment": rows[-2].total})
        assert schedule(given_by_hand) == rows

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
