"""What changes a schedule while the loan runs: further payouts, early repayments, extensions, with interest counted by
hand (30/360, 3.5% a year)."""

from datetime import date
from decimal import Decimal

import pytest

from growth.loans import actions
from growth.loans.actions.common import keep_schedule, look, plans, terms_of
from growth.loans.models_loan import Loan
from growth.loans.schedules import schedule
from growth.loans.standing import dues
from talentmap.casework import actions as casework
from talentmap.ui.errors import Refused
from tests.factories import lending
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def market():
    return lending.market()


def pay_out(market, loan, on, amount, **more):
    values = {"at": moment(on), "reference": f"FK-{on}-{amount}", **more}
    return actions.disburse(by=market.bank, loan=loan, amount=D(amount), on=on, **values)


def early(market, loan, on, principal, interest, **more):
    values = {"at": moment(on), "reference": f"TQ-{on}", **more}
    return actions.repay_early(
        by=market.bank, loan=loan, paid_on=on, principal=D(principal), interest=D(interest), **values
    )


def extend(market, loan, on, months, at=None):
    return actions.extend(by=market.bank, at=moment(at or on), loan=loan, on=on, months=months, reason="茶叶尚未售出")


def rows_of(loan):
    return dues(plans(Loan.objects.get(pk=loan.pk)))


class TestInterestThatHadAccrued:
    """100,000 paid out on the 10th and as much on the 20th of March, the first instalment is due on 10 April: on 20
    March 100,000 × 3.5% × 10 / 360 = 97.22 have accrued."""

    @pytest.fixture
    def loan(self, market):
        loan = lending.signed(market)
        pay_out(market, loan, date(2026, 3, 10), 100_000, first_due=date(2026, 4, 10))
        pay_out(market, loan, date(2026, 3, 20), 100_000)
        return loan

    def test_is_due_after_a_third_part_as_well(self, market, loan):
        pay_out(market, loan, date(2026, 3, 30), 100_000)
        # 97.22, ten days on 200,000: 194.44, ten on 300,000: 291.67
        assert rows_of(loan)[0].interest == D("583.33")

    def test_is_paid_with_an_early_repayment(self, market, loan):
        on = date(2026, 3, 30)
        with pytest.raises(Refused, match=r"291\.66"):
            early(market, loan, on, 200_000, "194.44")
        early(market, loan, on, 200_000, "291.66")
        assert Loan.objects.get().state == "settled"

    def test_is_due_after_an_extension_as_well(self, market, loan):
        extend(market, loan, date(2026, 3, 24), 3)
        # 97.22 and twenty days on 200,000: 388.89
        assert rows_of(loan)[0].interest == D("486.11")
        extend(market, loan, date(2026, 3, 25), 3)
        assert rows_of(loan)[0].interest == D("486.11")


class TestExtension:
    def test_a_quarterly_loan_ends_so_many_months_after_its_agreed_end(self, market):
        loan = lending.running(market, method="interest-quarterly", months=10)
        assert str(loan.agreed_end) == "2027-01-10"
        extend(market, loan, date(2026, 4, 1), 4)
        # A quarter of 300,000 is 2,625; the old end falls a month after a quarter, the new one a month after another
        found = [(str(row.due), row.principal, row.interest) for row in rows_of(loan)]
        assert found == [
            ("2026-06-10", 0, D("2625.00")),
            ("2026-09-10", 0, D("2625.00")),
            ("2026-12-10", 0, D("2625.00")),
            ("2027-01-10", 0, D("875.00")),
            ("2027-04-10", 0, D("2625.00")),
            ("2027-05-10", 300_000, D("875.00")),
        ]

    def test_a_quarterly_loan_is_extended_after_a_change_in_mid_quarter(self, market):
        loan = lending.running(market, method="interest-quarterly", months=12)
        early(market, loan, date(2026, 5, 25), 100_000, "2187.50")  # 75 days on 300,000
        extend(market, loan, date(2026, 6, 1), 3)
        found = rows_of(loan)[1:]
        assert [str(row.due) for row in found] == [
            "2026-06-10", "2026-09-10", "2026-12-10", "2027-03-10", "2027-06-10",
        ]  # fmt: skip
        # 15 days, then quarters, on 200,000
        assert [row.interest for row in found] == [D("291.67"), *[D("1750.00")] * 4]

    def test_what_is_left_of_the_grace_stays(self, market):
        loan = lending.running(market, method="equal-principal", amount=D(120_000), months=12, grace=3)
        extend(market, loan, date(2026, 4, 5), 3)
        # Three months without principal, and then twelve instead of nine parts
        assert [row.principal for row in rows_of(loan)] == [0] * 3 + [10_000] * 12
        assert str(rows_of(loan)[-1].due) == "2027-06-10"


class TestOrder:
    """120,000 in twelve equal parts from 10 April on."""

    MARCH, LATER = date(2026, 3, 20), date(2026, 3, 25)

    @pytest.fixture
    def loan(self, market):
        return lending.running(market, method="equal-principal", amount=D(120_000))

    def test_an_early_repayment_that_comes_late_is_entered_in_its_turn(self, market, loan):
        today = moment(self.LATER)
        wrong = early(market, loan, self.LATER, 20_000, "175.00")  # 15 days on 120,000
        with pytest.raises(Refused, match=rf"Repayment {wrong.reference} \({self.LATER}\)"):
            early(market, loan, self.MARCH, 10_000, "116.67", at=today)
        actions.take_back(by=market.bank, at=today, repayment=wrong, reason="顺序有误")
        early(market, loan, self.MARCH, 10_000, "116.67", at=today)  # ten days
        early(market, loan, self.LATER, 20_000, "53.47", reference="TQ-2")  # five on 110,000
        found = rows_of(loan)
        assert sum(row.principal for row in found) == 120_000
        assert [row.principal for row in found][:3] == [10_000, 20_000, D("7500.00")]

    def test_nothing_is_changed_before_what_was_paid_later(self, market, loan):
        lending.paid(market, loan, date(2026, 4, 10), 10_000, 350)
        lending.paid(market, loan, date(2026, 5, 10), 10_000, "320.83")
        before, now = date(2026, 4, 20), date(2026, 5, 12)
        named = rf"Repayment LS-{loan.pk}-2026-05-10 \(2026-05-10\)\. Take"
        with pytest.raises(Refused, match=named):
            extend(market, loan, before, 3, at=now)
        with pytest.raises(Refused, match=named):
            early(market, loan, before, 10_000, "106.94", at=moment(now))

    def test_no_part_is_paid_out_before_a_later_change(self, market):
        loan = lending.signed(market, amount=D(120_000))
        pay_out(market, loan, date(2026, 3, 10), 60_000, first_due=date(2026, 4, 10))
        extend(market, loan, self.LATER, 3)
        pay_out(market, loan, self.LATER, 20_000, at=moment(self.LATER, 11))
        values = {"loan": loan, "amount": D(10_000), "on": self.MARCH, "reference": "FK-9"}
        with pytest.raises(Refused, match=r"A further part paid out \(2026-03-25\); Extended \(2026-03-25\)"):
            actions.disburse(by=market.bank, at=moment(self.LATER), **values)
        assert Loan.objects.get().disbursed == 80_000

    def test_several_changes_and_repayments_of_one_day_are_possible(self, market, loan):
        early(market, loan, self.LATER, 10_000, "175.00")
        early(market, loan, self.LATER, 10_000, 0, reference="TQ-2")
        lending.paid(market, loan, self.LATER, "8333.33", "145.83")  # a twelfth; 15 days on 100,000
        extend(market, loan, self.LATER, 1)
        assert sum(row.principal for row in rows_of(loan)) == 120_000


class TestDueOnTheLastOfAMonth:
    """120,000 paid out on 31 March, the first instalment is due on 30 April: the others on the 31st, or the last."""

    ON, FIRST = date(2026, 3, 31), date(2026, 4, 30)

    @pytest.fixture
    def loan(self, market):
        loan = lending.signed(market, amount=D(120_000), months=6, method="equal-principal")
        pay_out(market, loan, self.ON, 120_000, first_due=self.FIRST)
        return Loan.objects.get(pk=loan.pk)

    @staticmethod
    def ends(loan):
        return [row.due.isoformat()[5:] for row in rows_of(loan)]

    def test_goes_on_so_through_every_change(self, market, loan):
        dues_before = ["04-30", "05-31", "06-30", "07-31", "08-31", "09-30"]
        assert (self.ends(loan), loan.due_day) == (dues_before, 31)
        middle = date(2026, 4, 15)
        early(market, loan, middle, 20_000, "175.00")  # fifteen days on 120,000
        assert self.ends(loan) == ["04-15", *dues_before]
        assert [row.days for row in rows_of(loan)] == [15, 15, 30, 30, 30, 30, 30]
        extend(market, loan, middle, 2)
        assert self.ends(loan) == ["04-15", *dues_before, "10-31", "11-30"]

    def test_one_of_before_stays_on_the_day_of_its_first_due_date(self, market, loan):
        """Its schedule was made for the 30th of every month, and no due day was kept."""
        made = schedule(terms_of(loan, loan.amount, self.ON, self.FIRST, due_day=30))
        keep_schedule(loan, made, since=self.ON, reason="disbursed", by=market.bank, at=moment(self.ON))
        Loan.objects.update(due_day=None)
        extend(market, loan, date(2026, 4, 15), 2)
        assert self.ends(loan) == ["04-30", "05-30", "06-30", "07-30", "08-30", "09-30", "10-30", "11-30"]
        assert {row.days for row in rows_of(loan)} == {30}

    def test_is_asked_anew_when_the_payout_is_taken_back(self, market, loan):
        payout = loan.disbursements.get()
        actions.take_back_payout(by=market.bank, at=moment(self.ON), payout=payout, reason="录入错误")
        assert Loan.objects.get().due_day is None
        pay_out(market, loan, self.ON, 120_000, first_due=date(2026, 4, 28), reference="FK-2")
        assert self.ends(loan)[:3] == ["04-28", "05-28", "06-28"]


class TestPaidAhead:
    """120,000 in twelve equal parts: the first, 10,000 and 350.00 of interest, is paid on 30 March, ten days ahead."""

    ON = date(2026, 4, 4)

    @pytest.fixture
    def loan(self, market):
        loan = lending.running(market, method="equal-principal", amount=D(120_000))
        lending.paid(market, loan, date(2026, 3, 30), 10_000, 350)
        return loan

    def test_counts_when_the_rest_is_repaid(self, market, loan):
        with pytest.raises(Refused, match=r"110,000\.00"):
            early(market, loan, self.ON, 120_000, 0)
        with pytest.raises(Refused, match=r"CNY 0\.00"):
            early(market, loan, self.ON, 110_000, "280.00")  # 24 days, which the month's 350.00 hold
        early(market, loan, self.ON, 110_000, 0)
        loan.refresh_from_db()
        assert (loan.state, loan.outstanding) == ("settled", 0)

    def test_is_not_due_again_after_an_early_repayment(self, market, loan):
        early(market, loan, self.ON, 50_000, 0)
        loan.refresh_from_db()
        assert (loan.outstanding, str(loan.next_due_on)) == (60_000, "2026-05-10")
        # Of 350.00 paid 280.00 was interest until then: of 36 days on 60,000, 210.00, 140.00 is left; 60,000 / 11
        due = date(2026, 5, 10)
        with pytest.raises(Refused, match=r"5,454\.55.*140\.00"):
            lending.paid(market, loan, due, "5454.55", "140.51")  # more than rounding over
        lending.paid(market, loan, due, "5454.55", "140.00")
        loan.refresh_from_db()
        assert (loan.arrears, str(loan.next_due_on), str(loan.last_due_on)) == (0, "2026-06-10", "2027-03-10")

    def test_a_part_of_an_instalment_counts_as_well(self, market):
        loan = lending.running(market, lending.borrower(market), "HT-2", method="equal-principal", amount=D(120_000))
        lending.paid(market, loan, date(2026, 3, 30), 4_000, 100)
        early(market, loan, self.ON, 116_000, "180.00")
        loan.refresh_from_db()
        assert (loan.state, loan.outstanding) == ("settled", 0)


class TestNextInstalment:
    """What is asked for next leaves out what is paid of it already."""

    def test_interest_paid_ahead_of_an_early_repayment(self, market):
        """The first instalment of 100,000 over 12 months at 3.3%, 8,208.04 + 275.00, and 20,000 early are paid on the
        day of the payout: nothing has accrued by then, and the 275.00 count for the next instalment."""
        application = lending.at_bank(market, lending.borrower(market), amount=D(100_000), method="equal-instalment")
        actions.set_terms(
            by=market.bank, at=moment(), application=application, amount=D(100_000), rate=D("3.3"), months=12,
            method="equal-instalment", grace=0, day_count="30/360",
        )  # fmt: skip
        casework.approve(by=market.bank, at=moment(), application=application)
        loan, on = Loan.objects.get(application=application), date(2026, 3, 10)
        actions.sign(by=market.bank, at=moment(on), loan=loan, contract_number="HT-1", signed_on=on)
        pay_out(market, loan, on, 100_000, first_due=date(2026, 4, 10))
        lending.paid(market, loan, on, "8208.04", "275.00")
        early(market, loan, on, 20_000, 0)
        loan.refresh_from_db()
        row = next(each for each in rows_of(loan) if each.due > on)
        assert (str(row.due), row.opening, row.interest) == ("2026-05-10", D("71791.96"), D("394.86"))
        now = look(loan, on)
        assert (now.next_principal, now.next_interest) == (row.principal, D("119.86"))
        assert loan.next_due_amount == row.principal + D("119.86")
        lending.paid(market, loan, row.due, row.principal, "119.86")
        loan.refresh_from_db()
        following = next(each for each in rows_of(loan) if each.due > row.due)
        assert (loan.arrears, str(loan.next_due_on), loan.next_due_amount) == (0, "2026-06-10", following.total)

    def test_a_part_that_was_paid_ahead(self, market):
        """Of the first instalment of 120,000 over 12 months, 10,000 + 350.00, there are paid 4,000 and 100."""
        loan = lending.running(market, method="equal-principal", amount=D(120_000))
        lending.paid(market, loan, date(2026, 3, 30), 4_000, 100)
        loan.refresh_from_db()
        assert (str(loan.next_due_on), loan.next_due_amount) == ("2026-04-10", D("6250.00"))
        assert look(loan, date(2026, 4, 11)).arrears == D("6250.00")

    def test_a_fen_of_rounding_changes_nothing(self, market):
        loan = lending.running(market)
        lending.paid(market, loan, date(2026, 4, 10), 0, "875.01")
        loan.refresh_from_db()
        assert loan.next_due_amount == D("875.00")
