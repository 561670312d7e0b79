"""What is payable, paid and claimed back of a subsidy that changes while the bank pays it, while the fund is empty, or
after a claim was given up. 300,000 at 3.5% is 875 a month, of which the state bears 437.50: 1,312.50 a quarter."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from growth.loans import actions
from growth.loans.models_loan import Loan
from growth.loans.tasks import book_all, pay_waiting
from talentmap.money import actions as money
from talentmap.money.models import BatchLine, Payable, Recovery
from talentmap.money.rules import Quarter, Result
from tests.factories import lending
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
MONTH, HALF, QUARTER = Decimal("875.00"), Decimal("437.50"), Decimal("1312.50")
JULY, OCTOBER = moment(date(2026, 7, 3)), moment(date(2026, 10, 9))


@pytest.fixture
def market():
    return lending.market()


@pytest.fixture
def loan(market):
    """The second quarter is paid by the borrower, and its subsidy is booked."""
    loan = lending.running(market)
    pay_months(market, loan, 4, 5, 6)
    book_all(at=JULY)
    return loan


def pay_months(market, loan, *months):
    for month in months:
        lending.paid(market, loan, date(2026, month, 10), interest=MONTH)


def third_quarter(market, loan):
    pay_months(market, loan, 7, 8, 9)
    book_all(at=OCTOBER)


def take_back_june(market, loan, at=JULY):
    june = loan.repayments.get(paid_on=date(2026, 6, 10))
    actions.take_back(by=market.bank, at=at, repayment=june, reason="对公账户退回")


def enter_june_again(market, loan, at=JULY):
    lending.paid(market, loan, date(2026, 6, 10), interest=MONTH, reference="LS-again", at=at)


def send(market, at=JULY, quarter=2):
    office = market.office
    batch = money.prepare_batch(by=office.staff, at=at, fund=market.fund, quarter=Quarter(2026, quarter)).batch
    return money.release_batch(by=office.director, at=at, batch=batch)


def answer(market, result, at=JULY):
    """The bank says of everything that it has, or has paid, what became of it."""
    for line in BatchLine.objects.exclude(outcome=result.value):
        money.record_answer(by=market.office.staff, at=at, line=line, result=result, reason="回单")


def in_state(*states):
    return list(Payable.objects.filter(state__in=states).order_by("pk").values_list("amount", flat=True))


def payable():
    return in_state("due", "batched", "failed")


def claims(state="open"):
    return list(Recovery.objects.filter(state=state).order_by("pk").values_list("amount", flat=True))


def committed(market, loan):
    return money.committed(market.fund, loan.application)


# While the bank has the payment ------------------------------------------------------------------------------------


def test_a_correction_while_the_bank_pays_is_claimed_back_once_it_has_paid(market, loan):
    send(market)
    take_back_june(market, loan)
    assert (claims(), payable()) == ([], [QUARTER])
    answer(market, Result.PAID)
    assert (claims(), payable(), in_state("paid")) == ([HALF], [], [QUARTER])


def test_what_the_bank_could_not_pay_is_payable_as_it_was_corrected(market, loan):
    send(market)
    take_back_june(market, loan)
    answer(market, Result.FAILED)
    assert (claims(), payable()) == ([], [2 * HALF])
    assert committed(market, loan) == 2 * HALF


def test_what_is_entered_again_before_the_bank_answers_changes_nothing(market, loan):
    send(market)
    take_back_june(market, loan)
    enter_june_again(market, loan)
    answer(market, Result.PAID)
    assert (claims(), payable(), in_state("paid"), committed(market, loan)) == ([], [], [QUARTER], 0)


def test_a_failed_payment_of_what_is_still_right_waits_to_be_put_right(market, loan):
    send(market)
    answer(market, Result.FAILED)
    assert (Payable.objects.get().state, payable()) == ("failed", [QUARTER])


def test_nothing_is_claimed_while_less_is_paid_than_is_booked(market, loan):
    """1,312.50 is paid and as much with the bank when June's instalment turns out not to be: it was July's payment that
    paid it, 437.50, and from 10 June on something was always overdue. Of 2,625.00 there remain 875.00 and 437.50."""
    send(market)
    answer(market, Result.PAID)
    third_quarter(market, loan)
    send(market, OCTOBER, 3)
    take_back_june(market, loan, OCTOBER)
    assert claims() == []
    answer(market, Result.PAID, OCTOBER)
    assert (claims(), payable()) == ([3 * HALF], [])


def test_a_payment_that_comes_back_takes_its_claim_with_it(market, loan):
    send(market)
    answer(market, Result.PAID)
    take_back_june(market, loan)
    assert claims() == [HALF]
    answer(market, Result.FAILED)
    assert (claims(), claims("withdrawn"), payable()) == ([], [HALF], [2 * HALF])


# While the fund has no money ---------------------------------------------------------------------------------------


def top_up(market, amount, key):
    money.top_up(
        by=market.office.director, at=JULY, fund=market.fund, amount=Decimal(amount), key=key, reason="追加预算"
    )


@pytest.fixture
def poor():
    """Two loans with a booked quarter each, and nothing in the fund."""
    market = lending.market(budget=0)
    for number in ("HT-1", "HT-2"):
        pay_months(market, lending.running(market, number=number), 4, 5, 6)
    book_all(at=JULY)
    return market


def test_what_was_booked_without_money_is_payable_the_night_after_there_is_some(poor):
    assert (payable(), pay_waiting(at=JULY)) == ([], 0)
    top_up(poor, 2000, "first")
    assert (pay_waiting(at=JULY), payable()) == (1, [QUARTER])
    top_up(poor, 2000, "second")
    assert (pay_waiting(at=JULY), payable()) == (1, [QUARTER] * 2)
    assert (pay_waiting(at=JULY), payable()) == (0, [QUARTER] * 2)


def test_a_quarter_that_is_long_over_is_still_paid(poor):
    top_up(poor, 5000, "late")
    late = moment(date(2027, 2, 20))
    assert book_all(at=late) == 0
    assert (pay_waiting(at=late), payable()) == (2, [QUARTER] * 2)


def test_staff_see_which_subsidies_wait_for_money_and_how_much(poor):
    top_up(poor, 2000, "first")
    pay_waiting(at=JULY)
    client = Client()
    client.force_login(poor.office.staff)
    shown = client.get(reverse("loans:loan_list"), {"subsidy": "waits"})
    assert [row.contract_number for row in shown.context["list"].rows] == ["HT-2"]
    assert shown.context["sums"]["waiting"] == QUARTER
    waiting, paid = (Loan.objects.get(contract_number=number) for number in ("HT-2", "HT-1"))
    notes = [client.get(loan.get_absolute_url()).content.decode().count('class="alert') for loan in (waiting, paid)]
    assert notes[0] == notes[1] + 1


def test_what_waits_falls_with_a_correction(poor):
    take_back_june(poor, Loan.objects.get(contract_number="HT-1"))
    assert sorted(Loan.objects.values_list("subsidy_waiting", flat=True)) == [2 * HALF, QUARTER]


def test_less_than_nothing_never_waits(loan):
    with pytest.raises(IntegrityError, match="growth_loan_subsidy_waits"), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(subsidy_waiting=-1)


# A claim that was given up -----------------------------------------------------------------------------------------


@pytest.fixture
def forgiven(market, loan):
    """1,312.50 was paid, 437.50 of it too much, which the director has written off."""
    send(market)
    answer(market, Result.PAID)
    take_back_june(market, loan)
    claim = Recovery.objects.get()
    money.write_off(by=market.office.director, at=JULY, recovery=claim, reason="数额小，追回成本高")
    return loan


def test_a_claim_that_was_written_off_does_not_come_back(market, forgiven):
    actions.book_subsidy(by=market.office.staff, at=JULY, loan=forgiven)
    assert (claims(), claims("written_off"), payable()) == ([], [HALF], [])


def test_what_was_written_off_is_not_deducted_from_the_next_quarter(market, forgiven):
    """June's instalment is paid in July beside July's own: four months of interest in the third quarter."""
    enter_late = date(2026, 7, 2)
    lending.paid(market, forgiven, enter_late, interest=MONTH, reference="LS-late")
    pay_months(market, forgiven, 7, 8, 9)
    book_all(at=OCTOBER)
    booked = forgiven.subsidy_bookings.get(quarter=3).amount
    # Overdue from 10 June until 2 July: of July's 30 days 22 are not subsidised, 437.50 × 8 / 30 = 116.67.
    assert booked == 3 * HALF + Decimal("116.67")
    assert (claims(), payable()) == ([], [booked])


def test_what_was_written_off_and_turns_out_right_is_not_paid_twice(market, forgiven):
    enter_june_again(market, forgiven)
    assert (claims(), payable()) == ([], [])
    third_quarter(market, forgiven)
    assert (claims(), payable()) == ([], [QUARTER])


def test_what_came_back_before_the_rest_was_written_off_is_paid_again_when_it_turns_out_right(market, loan):
    send(market)
    answer(market, Result.PAID)
    take_back_june(market, loan)
    claim = Recovery.objects.get()
    money.receive(
        by=market.office.director, at=JULY, recovery=claim, amount=Decimal(100), received_on=JULY.date(), key="in"
    )
    money.write_off(by=market.office.director, at=JULY, recovery=claim, reason="其余无法追回")
    actions.book_subsidy(by=market.office.staff, at=JULY, loan=loan)
    assert (claims(), payable()) == ([], [])
    enter_june_again(market, loan)
    assert (claims(), payable()) == ([], [Decimal(100)])
