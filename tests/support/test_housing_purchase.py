"""From rent to purchase: what is deducted, what is offered, and what a later revocation still claims."""

from datetime import date
from decimal import Decimal

import pytest

from support.housing import actions
from support.housing.models import Entitlement
from support.housing.tasks import accrue_all
from talentmap.casework import actions as casework
from talentmap.casework import registry
from talentmap.money import actions as money
from talentmap.money.models import Payable, Recovery
from talentmap.money.rules import Quarter, Result
from tests.factories import housing
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
AUGUST_13 = date(2026, 8, 13)  # the purchase is approved; a master's is CNY 60,000


TERM = {"category_since": date(2021, 10, 1), "category_until": date(2026, 9, 30)}


def claims():
    return [(claim.amount, claim.state) for claim in Recovery.objects.order_by("pk")]


def revoke(office, row, on):
    casework.revoke(by=office.director, at=moment(on), application=row.application, reason="材料系伪造")


@pytest.fixture
def two_paid(office, rent):
    """March is paid, CNY 2,000; April to June, CNY 6,000, is due."""
    accrue_all(at=moment(date(2026, 4, 1)))
    housing.pay(office, Quarter(2026, 1), date(2026, 4, 9))
    accrue_all(at=moment(date(2026, 7, 1)))
    return rent


def buy(office, rent):
    return housing.approved(office, rent.talent, housing.PURCHASE, on=date(2026, 8, 3))


def test_a_batch_that_nobody_released_is_not_deducted(office, two_paid):
    money.prepare_batch(by=office.staff, at=moment(date(2026, 7, 9)), fund=office.fund, quarter=Quarter(2026, 2))
    application = housing.awaiting_decision(office, two_paid.talent, housing.PURCHASE, on=date(2026, 8, 3))
    offer = registry.get(housing.PURCHASE).assess(two_paid.talent, at=moment(AUGUST_13), application=application).offer
    casework.approve(by=office.director, at=moment(AUGUST_13), application=application)
    purchase = Entitlement.objects.get(application=application)
    application.refresh_from_db()
    assert (purchase.deducted, purchase.total_amount) == (Decimal(2000), Decimal(58_000))
    assert offer.amount == application.decision_amount == Decimal(58_000)
    assert Payable.objects.get(amount=Decimal(6000)).state == "cancelled"


def test_what_the_bank_has_is_deducted(office, two_paid):
    batch = housing.sent_to_bank(office, Quarter(2026, 2), date(2026, 7, 9))
    purchase = buy(office, two_paid)
    assert (purchase.deducted, purchase.total_amount) == (Decimal(8000), Decimal(52_000))
    assert purchase.application.decision_amount == Decimal(52_000)
    housing.answered(office, batch, date(2026, 8, 20))
    assert claims() == []


def test_the_decided_amount_is_what_is_granted_when_the_bank_gets_a_batch_in_between(office, two_paid):
    """The offer is made before the grant takes the person's lock."""
    application = housing.awaiting_decision(office, two_paid.talent, housing.PURCHASE, on=date(2026, 8, 3))
    assessment = application.service.check_approval(application, moment(AUGUST_13))
    housing.sent_to_bank(office, Quarter(2026, 2), date(2026, 8, 13))
    purchase = actions.grant_purchase(
        by=office.director, at=moment(AUGUST_13), application=application, assessment=assessment
    )
    application.refresh_from_db()
    assert assessment.offer.amount == Decimal(58_000)
    assert application.decision_amount == purchase.total_amount == Decimal(52_000)


def test_what_is_still_due_of_a_rent_subsidy_that_ended_before_is_replaced_as_well(office, two_paid):
    actions.end(
        by=office.cadre, at=moment(date(2026, 7, 2)), entitlement=two_paid, on=date(2026, 6, 30), note="单位来函"
    )
    purchase = buy(office, two_paid)
    assert (purchase.deducted, purchase.total_amount) == (Decimal(2000), Decimal(58_000))
    two_paid.application.refresh_from_db()
    assert two_paid.application.state == "closed"
    assert housing.balances(office)["committed"] == Decimal(58_000)


def test_of_a_claim_that_was_written_off_only_what_came_in_is_left_out_of_the_deduction(office, two_paid):
    housing.pay(office, Quarter(2026, 2), date(2026, 7, 9))
    actions.end(
        by=office.cadre, at=moment(date(2026, 7, 20)), entitlement=two_paid, on=date(2026, 4, 30), note="单位来函"
    )
    claim = Recovery.objects.get()  # May and June, CNY 4,000
    money.receive(
        by=office.staff, at=moment(date(2026, 7, 21)), recovery=claim, amount=Decimal(1000),
        received_on=date(2026, 7, 21), key="r1",
    )  # fmt: skip
    money.write_off(by=office.director, at=moment(date(2026, 7, 22)), recovery=claim, reason="无力偿还")
    purchase = buy(office, two_paid)
    assert (purchase.deducted, purchase.total_amount) == (Decimal(7000), Decimal(53_000))


def test_what_the_purchase_deducted_is_not_claimed_again_when_the_rent_subsidy_is_revoked(office, two_paid):
    housing.pay(office, Quarter(2026, 2), date(2026, 7, 9))
    buy(office, two_paid)
    revoke(office, two_paid, date(2026, 9, 1))
    assert claims() == []


def test_what_the_purchase_could_not_deduct_is_claimed(office):
    """Seven months at a category A's CNY 5,000, then a bachelor's purchase subsidy of 30,000: 5,000 is left over."""
    person = housing.talent(office, education="bachelor", category="A", **TERM)
    rent = housing.approved(office, person)
    accrue_all(at=moment(date(2026, 10, 1)))
    housing.pay(office, Quarter(2026, 3), date(2026, 10, 9))
    purchase = housing.approved(office, person, housing.PURCHASE, on=date(2026, 10, 12))
    assert (purchase.deducted, purchase.total_amount, purchase.state) == (Decimal(30_000), Decimal(0), "ended")
    revoke(office, rent, date(2026, 11, 2))
    assert claims() == [(Decimal(5000), "open")]


def test_when_both_are_revoked_everything_is_claimed_once(office, two_paid):
    housing.pay(office, Quarter(2026, 2), date(2026, 7, 9))
    purchase = buy(office, two_paid)
    housing.pay(office, Quarter(2026, 3), date(2026, 9, 1))
    revoke(office, two_paid, date(2026, 9, 2))
    revoke(office, purchase, date(2026, 9, 3))
    assert sorted(claims()) == [(Decimal(8000), "open"), (Decimal(52_000), "open")]


def test_a_deducted_payment_that_fails_later_is_still_owed(office, two_paid):
    batch = housing.sent_to_bank(office, Quarter(2026, 2), date(2026, 7, 9))
    buy(office, two_paid)
    revoke(office, two_paid, date(2026, 8, 20))
    housing.answered(office, batch, date(2026, 8, 21), Result.FAILED)
    assert Payable.objects.get(amount=Decimal(6000)).state == "failed"  # to be corrected and paid
    assert claims() == []
