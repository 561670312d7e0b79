"""The interest subsidy of what was really paid, with amounts counted by hand: 300,000 at 3.5% is 875 a month, of which
the state bears half."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from growth.loans import actions
from growth.loans.models_repayment import SubsidyBooking
from growth.loans.tariff import TARIFF
from growth.loans.tasks import book_all
from talentmap.money import actions as money
from talentmap.money.models import Payable, Recovery
from talentmap.money.rules import Quarter, Result
from tests.factories import lending
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
MONTH = Decimal("875.00")
QUARTER = Decimal("1312.50")
JULY = date(2026, 7, 3)


@pytest.fixture
def market():
    return lending.market()


@pytest.fixture
def loan(market):
    return lending.running(market)


def pay(market, loan, month, day=10, **more):
    return lending.paid(market, loan, date(2026, month, day), interest=MONTH, **more)


def booked(loan):
    return [(b.quarter, b.amount) for b in SubsidyBooking.objects.filter(loan=loan).order_by("pk")]


def open_payables():
    return sorted(Payable.objects.exclude(state="cancelled").values_list("amount", flat=True))


def test_half_of_a_quarters_interest_is_booked_once_and_made_payable(market, loan):
    for month in (4, 5, 6):
        pay(market, loan, month)
    assert book_all(at=moment(date(2026, 6, 30))) == 0  # the quarter is not over
    for _again in range(2):
        book_all(at=moment(JULY))
    assert booked(loan) == [(2, QUARTER)]
    payable = Payable.objects.get()
    assert (payable.amount, payable.account_last4) == (QUARTER, "4567")
    assert (payable.period_from, payable.period_to) == (date(2026, 4, 1), date(2026, 6, 30))


def test_only_the_first_300_000_are_subsidised(market):
    loan = lending.running(market, amount=Decimal(500_000))
    lending.paid(market, loan, date(2026, 4, 10), interest="1458.33")  # 500,000 x 3.5% / 12
    book_all(at=moment(JULY))
    assert booked(loan) == [(2, Decimal("437.50"))]  # as of 300,000


def test_days_on_which_something_was_overdue_are_not_subsidised(market, loan):
    pay(market, loan, 4, day=25)  # 15 of the 30 days of the next instalment were overdue
    pay(market, loan, 5)
    pay(market, loan, 6)
    book_all(at=moment(JULY))
    assert booked(loan) == [(2, Decimal("1093.75"))]  # 437.50 + 218.75 + 437.50
    assert [line["counted_days"] for line in SubsidyBooking.objects.get().lines] == [31, 15, 31]


def test_interest_paid_in_the_next_quarter_counts_there(market, loan):
    pay(market, loan, 4)
    pay(market, loan, 5)
    pay(market, loan, 7, day=2, reference="LS-late")
    book_all(at=moment(date(2026, 10, 8)))
    actions.book_subsidy(by=market.office.staff, at=moment(date(2026, 10, 8)), loan=loan)
    assert booked(loan) == [(2, Decimal("875.00")), (3, Decimal("437.50"))]


def test_a_correction_books_the_difference_and_changes_what_is_payable(market, loan):
    repayments = [pay(market, loan, month) for month in (4, 5, 6)]
    book_all(at=moment(JULY))
    actions.take_back(by=market.bank, at=moment(JULY), repayment=repayments[2], reason="对公账户退回")
    assert booked(loan) == [(2, QUARTER), (2, Decimal("-437.50"))]
    assert open_payables() == [Decimal("875.00")]
    lending.paid(market, loan, date(2026, 6, 10), interest=MONTH, reference="LS-again", at=moment(JULY))
    assert booked(loan)[-1] == (2, Decimal("437.50"))
    assert sum(open_payables()) == QUARTER


def test_what_was_paid_too_much_is_claimed_back_and_the_claim_falls_with_its_reason(market, loan):
    repayments = [pay(market, loan, month) for month in (4, 5, 6)]
    book_all(at=moment(JULY))
    the_bank_pays(market)
    actions.take_back(by=market.bank, at=moment(JULY), repayment=repayments[2], reason="退回")
    assert Recovery.objects.get().amount == Decimal("437.50")
    lending.paid(market, loan, date(2026, 6, 10), interest=MONTH, reference="LS-again", at=moment(JULY))
    assert Recovery.objects.get().state == "withdrawn"
    assert open_payables() == [QUARTER]


def the_bank_pays(market):
    """The batch of the quarter goes out and the bank pays all of it."""
    office = market.office
    batch = money.prepare_batch(by=office.staff, at=moment(JULY), fund=market.fund, quarter=Quarter(2026, 2)).batch
    money.release_batch(by=office.director, at=moment(JULY), batch=batch)
    for line in batch.lines.all():
        money.record_answer(by=office.staff, at=moment(JULY), line=line, result=Result.PAID, reason="回单")


def test_an_empty_fund_books_and_pays_when_there_is_money():
    poor = lending.market(budget=0)
    loan = lending.running(poor)
    pay(poor, loan, 4)
    book_all(at=moment(JULY))
    assert (booked(loan), open_payables()) == ([(2, Decimal("437.50"))], [])
    money.top_up(
        by=poor.office.director, at=moment(JULY), fund=poor.fund, amount=Decimal(1000), key="later", reason="追加"
    )
    actions.book_subsidy(by=poor.office.staff, at=moment(JULY), loan=loan)
    assert open_payables() == [Decimal("437.50")]


def test_a_bank_books_no_subsidies(market, loan):
    with pytest.raises(PermissionDenied):
        actions.book_subsidy(by=market.bank, at=moment(JULY), loan=loan)


def test_the_contracts_version_holds_when_the_policy_changes_later(market, loan):
    money.add_version(
        by=market.office.director, at=moment(date(2026, 3, 20)), code="growth.loans", valid_from=date(2026, 4, 1),
        values={**TARIFF.defaults, "subsidy.share": Decimal(25)}, note="降低贴息",
        expected_version=1,
    )  # fmt: skip
    pay(market, loan, 4)
    book_all(at=moment(JULY))
    assert booked(loan) == [(2, Decimal("437.50"))]
