from datetime import date
from decimal import Decimal

import pytest

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
FEN = D("0.01")


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
        assert [row.days for row in rows] == [29, 31, 30]  # 29 February, 31 March, 30 April
        assert [row.interest for row in rows] == [D("29.00"), D("31.00"), D("30.00")]

    @pytest.mark.parametrize(
        ("disbursed", "first_due", "dues"),
        [
            (date(2026, 1, 29), date(2026, 2, 28), ["02-28", "03-29", "04-29"]),
            (date(2026, 1, 30), date(2026, 2, 28), ["02-28", "03-30", "04-30"]),
            (date(2026, 1, 31), date(2026, 2, 28), ["02-28", "03-31", "04-30"]),
            (date(2024, 1, 31), date(2024, 2, 29), ["02-29", "03-31", "04-30"]),
            (date(2026, 3, 31), date(2026, 4, 30), ["04-30", "05-31", "06-30"]),
            (date(2026, 1, 28), date(2026, 2, 28), ["02-28", "03-28", "04-28"]),
        ],
    )
    def test_a_first_due_date_at_a_months_end_stands_for_the_day_of_the_payout(self, disbursed, first_due, dues):
        rows = schedule(terms(months=3, disbursed=disbursed, first_due=first_due))
        assert [row.due.isoformat()[5:] for row in rows] == dues
        assert [row.days for row in rows] == [30, 30, 30]

    def test_a_first_due_date_within_the_month_is_the_due_day(self):
        rows = schedule(terms(months=3, disbursed=date(2026, 1, 31), first_due=date(2026, 2, 27)))
        assert [row.due.isoformat()[5:] for row in rows] == ["02-27", "03-27", "04-27"]

    @pytest.mark.parametrize("disbursed", [date(2026, 1, day) for day in (28, 29, 30, 31)] + [date(2026, 3, 2)])
    def test_the_interest_does_not_hang_on_the_day_of_the_month(self, disbursed):
        """36 months of 30 days: 300,000 at 3.5% cost 16,462.47, whether paid out on 2 March or on 31 January."""
        loan = terms(principal=D(300_000), annual_rate=D("3.5"), months=36, disbursed=disbursed,
                     first_due=add_months(disbursed, 1))  # fmt: skip
        assert interest(schedule(loan)) == D("16462.47")

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


class TestLongFirstPeriod:
    """5,000 at 24% over 72 months, the first instalment due after 63 days of 30/360: 210.00 of interest, more than an
    instalment of which 72 would repay the loan."""

    LOAN = {"annual_rate": D(24), "months": 72, "disbursed": date(2026, 1, 1), "first_due": date(2026, 3, 4)}

    def test_repays_nothing_and_the_others_repay_the_whole(self):
        first, *others = schedule(terms(**self.LOAN))
        assert (first.days, first.principal, first.total, first.closing) == (63, 0, D("210.00"), 5000)
        annuity = half_up(5000 * D("0.02") / (1 - D("1.02") ** -71))
        assert (len(others), annuity) == (71, D("132.47"))
        assert {row.total for row in others[:-1]} == {annuity}
        assert abs(others[-1].total - annuity) < D("0.80")  # 71 roundings of half a fen, with interest

    def test_an_instalment_may_be_chosen_for_the_others(self):
        first, *others = schedule(terms(**self.LOAN, instalment=D(132)))
        assert (first.total, {row.total for row in others[:-1]}) == (D("210.00"), {D(132)})
        for chosen, said in ((D(100), "2026-04-04"), (D(140), "paid off")):
            with pytest.raises(BadTerms, match=said) as refused:
                schedule(terms(**self.LOAN, instalment=chosen))
            assert refused.value.field == "instalment"

    def test_of_two_months_the_last_repays_all(self):
        """0.02 with as much interest in the first year: an instalment of 0.0208 is rounded to that interest."""
        rows = schedule(terms(principal=D("0.02"), annual_rate=D(100), months=2, first_due=date(2023, 11, 1)))
        assert [(row.principal, row.interest) for row in rows] == [(0, FEN * 2), (FEN * 2, 0)]

    def test_what_had_accrued_of_a_further_part_is_due_with_it(self):
        """100 paid out after eleven months, on which 91.67 of interest had accrued: 8.33 for the last month."""
        loan = terms(principal=D(100), annual_rate=D(100), months=12, disbursed=date(2025, 12, 1),
                     first_due=date(2026, 12, 1))  # fmt: skip
        after = rest_schedule(loan, schedule(loan), outstanding=D(200), on=date(2026, 11, 1), accrued=D("91.67"))
        assert (after[0].principal, after[0].interest) == (0, D("91.67") + D("16.67"))
        assert after[1].principal > 0 and totals(after)[0] == 200

    def test_it_repays_again_where_less_time_is_left(self):
        """10 days before the first due date 1,000 are repaid: the interest of ten days is less than an instalment."""
        loan = terms(**self.LOAN)
        after = rest_schedule(loan, schedule(loan), outstanding=D(4000), on=date(2026, 2, 24))
        assert after[0].principal > 0 and len({row.total for row in after[:-1]}) == 1

    @pytest.mark.parametrize(
        "changes", [{"principal": D(100), "annual_rate": D(24)}, {"principal": D(1_000_000), "annual_rate": D(60)}]
    )
    def test_what_no_rounded_instalment_repays_is_said_of_the_term(self, changes):
        """An instalment of 2.0016 repays 100 over 30 years, 2.00 is the interest alone."""
        with pytest.raises(BadTerms, match="rounded") as refused:
            schedule(terms(months=360, **changes))
        assert refused.value.field == "months"


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

    def test_a_running_loan_keeps_the_day_that_it_has(self):
        """Made when 28 February meant the 28th, or when it stood for the 31st: what follows is due on the same days."""
        dates = {"disbursed": date(2026, 1, 31), "first_due": date(2026, 2, 28), "months": 4}
        for due_day, dues in ((28, ["03-28", "04-28", "05-28", "06-28"]), (None, ["03-31", "04-30", "05-31", "06-30"])):
            loan = terms(**dates, due_day=due_day)
            rows = schedule(loan)
            after = rest_schedule(loan, rows, outstanding=rows[0].closing, on=rows[0].due, further=1)
            assert [row.due.isoformat()[5:] for row in after] == dues
            assert {row.days for row in after} == {30}

    @pytest.mark.parametrize("method", [Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL])
    @pytest.mark.parametrize(
        ("outstanding", "on", "field"),
        [
            (D(100), date(2024, 5, 1), "on"),
            (D(100), date(2022, 10, 1), "on"),
            (D(0), FIRST, "outstanding"),
            (D("0.16"), FIRST, "outstanding"),  # in 17 instalments
        ],
    )
    def test_refused(self, method, outstanding, on, field):
        loan = terms(method)
        with pytest.raises(BadTerms) as refused:
            rest_schedule(loan, schedule(loan), outstanding=outstanding, on=on)
        assert refused.value.field == field
