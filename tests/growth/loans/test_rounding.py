"""A bank that rounds otherwise than we do: a fen more or less is neither overdue nor early, and more than rounding is.

300,000 at 3.5% for 12 months, interest every month and principal at the end: 300,000 × 3.5% / 12 = 875.00 a month, half
of which is subsidised: 437.50, 1,312.50 a quarter, 5,250.00 in all. With equal
instalments 120,000 at 3.5% are twelve times 120,000 × q / (1 − (1 + q)^−12) = 10,190.60 with q = 0.035 / 12; the first
interest is 350.00."""

from datetime import date
from decimal import Decimal

import pytest

from growth.loans import actions
from growth.loans.models_repayment import Repayment, SubsidyBooking
from growth.loans.schedules import add_months
from growth.loans.tasks import bring_all_up_to_date
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories import lending
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
MONTH, FEN = Decimal("875.00"), Decimal("0.01")
FIRST_DUE, AFTERWARDS = date(2026, 4, 10), moment(date(2027, 4, 2))


@pytest.fixture
def market():
    return lending.market()


@pytest.fixture
def loan(market):
    return lending.running(market)


def due(number):
    return add_months(FIRST_DUE, number - 1)


def pay_all(market, loan, interests):
    """Twelve instalments on their days, the principal with the last."""
    for number, interest in enumerate(interests, start=1):
        lending.paid(market, loan, due(number), 300_000 if number == 12 else 0, interest)
    loan.refresh_from_db()


def by_quarter(market, loan):
    actions.book_subsidy(by=market.office.staff, at=AFTERWARDS, loan=loan)
    return [booking.amount for booking in SubsidyBooking.objects.filter(loan=loan).order_by("year", "quarter")]


# Until the end of each quarter the state has borne half of the interest that was paid until then, half-up, and of no
# more than the 10,500.00 that are due in all.
@pytest.mark.parametrize(
    ("interests", "quarters"),
    [
        ([MONTH - FEN, *[MONTH] * 11], ["1312.50", "1312.50", "1312.50", "1312.50"]),  # 1,312.495 until June
        ([*[MONTH] * 11, MONTH - FEN], ["1312.50", "1312.50", "1312.50", "1312.50"]),  # 5,249.995 until March
        ([MONTH + FEN, *[MONTH] * 11], ["1312.51", "1312.50", "1312.50", "1312.49"]),  # 1,312.505, 2,625.005, ...
        ([MONTH + FEN] * 12, ["1312.52", "1312.51", "1312.52", "1312.45"]),  # 1,312.515, 2,625.03, 3,937.545, 5,250
        ([MONTH - FEN] * 12, ["1312.49", "1312.48", "1312.49", "1312.48"]),  # 1,312.485, 2,624.97, 3,937.455, 5,249.94
    ],
    ids=["first short", "last short", "first over", "all over", "all short"],
)
def test_a_fen_is_not_overdue_and_half_of_what_was_paid_is_subsidised(market, loan, interests, quarters):
    pay_all(market, loan, interests)
    assert (loan.state, loan.outstanding, str(loan.ended_on)) == ("settled", 0, "2027-03-10")
    assert list(loan.repayments.values_list("interest", flat=True)) == interests  # as the bank booked it
    assert by_quarter(market, loan) == [Decimal(quarter) for quarter in quarters]


def test_half_a_yuan_paid_later_is_subsidised_once(market, loan):
    """874.50, 875.00 and 875.00 were paid in the second quarter, half of which is 1,312.25; the rest comes in July."""
    for number, interest in enumerate(["874.50", MONTH, MONTH, MONTH + Decimal("0.50")], start=1):
        lending.paid(market, loan, due(number), interest=interest)
    actions.book_subsidy(by=market.office.staff, at=moment(date(2026, 10, 2)), loan=loan)
    booked = [booking.amount for booking in SubsidyBooking.objects.order_by("quarter")]
    assert booked == [Decimal("1312.25"), Decimal("437.75")]


def test_nobody_is_reminded_of_a_fen(market, loan):
    lending.paid(market, loan, due(1), interest=MONTH - FEN)
    bring_all_up_to_date(at=moment(date(2026, 4, 11)))
    loan.refresh_from_db()
    assert (loan.arrears, loan.overdue_since, str(loan.next_due_on)) == (0, None, "2026-05-10")
    assert not Notice.objects.filter(kind="loan_overdue").exists()


@pytest.mark.parametrize(("missing", "arrears"), [("0.50", 0), ("0.51", "0.51")])
def test_more_than_half_a_yuan_in_all_is_overdue_to_the_fen(market, loan, missing, arrears):
    lending.paid(market, loan, due(1), interest=MONTH - Decimal("0.30"))
    lending.paid(market, loan, due(2), interest=MONTH - Decimal(missing) + Decimal("0.30"))
    bring_all_up_to_date(at=moment(date(2026, 5, 11)))
    loan.refresh_from_db()
    assert loan.arrears == Decimal(arrears)
    assert str(loan.overdue_since) == ("2026-05-10" if arrears else "None")


def test_a_missed_instalment_is_overdue_with_the_fen_before_it(market, loan):
    lending.paid(market, loan, due(1), interest=MONTH - FEN)
    bring_all_up_to_date(at=moment(date(2026, 5, 11)))
    loan.refresh_from_db()
    assert (loan.arrears, str(loan.overdue_since)) == (Decimal("875.01"), "2026-05-10")


def test_more_than_half_a_yuan_over_is_refused_and_so_is_a_fen_beyond_it(market, loan):
    with pytest.raises(Refused, match="early"):
        lending.paid(market, loan, due(1), interest=MONTH + Decimal("0.51"))
    lending.paid(market, loan, due(1), interest=MONTH + Decimal("0.50"))
    with pytest.raises(Refused, match="early"):
        lending.paid(market, loan, due(2), interest=MONTH + FEN)


def test_the_principal_is_repaid_to_the_fen(market, loan):
    pay_all(market, loan, [MONTH] * 11)
    end = due(12)
    with pytest.raises(Refused, match="early"):
        lending.paid(market, loan, end, 300_000 + FEN, MONTH)
    lending.paid(market, loan, end, 300_000 - FEN, MONTH)
    loan.refresh_from_db()
    assert (loan.state, loan.outstanding) == ("running", FEN)
    bring_all_up_to_date(at=moment(date(2027, 3, 11)))
    loan.refresh_from_db()
    assert (loan.arrears, str(loan.overdue_since)) == (FEN, "2027-03-10")
    lending.paid(market, loan, date(2027, 3, 12), FEN)
    loan.refresh_from_db()
    assert (loan.state, loan.outstanding) == ("settled", 0)


@pytest.mark.parametrize("fen", [FEN, -FEN])
def test_an_equal_instalment_that_the_bank_parts_otherwise_is_paid(market, fen):
    """A fen more of interest in every instalment is a fen less of principal, which the last one makes up."""
    loan = lending.running(market, method="equal-instalment", amount=Decimal(120_000))
    rows = list(loan.schedules.get().instalments.order_by("due"))
    assert (rows[0].total, rows[0].interest) == (Decimal("10190.60"), Decimal("350.00"))
    for row in rows[:-1]:
        lending.paid(market, loan, row.due, row.principal - fen, row.interest + fen)
    loan.refresh_from_db()
    assert (loan.arrears, loan.outstanding) == (0, rows[-1].principal + 11 * fen)
    assert loan.next_due_amount == rows[-1].total + 11 * fen
    lending.paid(market, loan, rows[-1].due, loan.outstanding, rows[-1].interest)
    loan.refresh_from_db()
    assert (loan.state, loan.outstanding, loan.overdue_since) == ("settled", 0, None)


@pytest.mark.parametrize("fen", [FEN, -FEN])
def test_all_that_is_left_is_repaid_early_whatever_was_rounded(market, fen):
    loan = lending.running(market, method="equal-principal", amount=Decimal(120_000))
    lending.paid(market, loan, due(1), 10_000 - fen, 350)
    on = date(2026, 4, 25)  # 15 of 30 days on 110,000 at 3.5%: 160.42
    actions.repay_early(
        by=market.bank, at=moment(on), loan=loan, paid_on=on, principal=110_000 + fen, interest=Decimal("160.42"),
        reference="TQ-1",
    )  # fmt: skip
    loan.refresh_from_db()
    assert (loan.state, loan.outstanding) == ("settled", 0)
    assert sum(Repayment.objects.values_list("principal", flat=True)) == 120_000
