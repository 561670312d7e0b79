"""What the bank could not pay after the benefit had ended is paid again only as far as somebody is entitled to it."""

from datetime import date
from decimal import Decimal

import pytest

from support.housing import actions
from support.housing.tasks import accrue_all
from talentmap.casework import actions as casework
from talentmap.money import actions as money
from talentmap.money.models import Payable, Recovery
from talentmap.money.rules import Quarter, Result
from talentmap.ui.errors import Refused
from tests.factories import housing
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
PAYEE = money.Payee("张三", "高县示例银行", "6217000010001234567")


@pytest.fixture
def sent(office, rent):
    """March to June, CNY 8,000 in two payments, is with the bank."""
    accrue_all(at=moment(date(2026, 7, 1)))
    return housing.sent_to_bank(office, Quarter(2026, 2), date(2026, 7, 9))


def answer(office, batch, result=Result.FAILED, on=date(2026, 7, 13)):
    housing.answered(office, batch, on, result)


def end(office, rent, on=date(2026, 4, 30)):
    return actions.end(by=office.cadre, at=moment(date(2026, 7, 10)), entitlement=rent, on=on, note="单位来函")


def revoke(office, rent):
    casework.revoke(by=office.director, at=moment(date(2026, 7, 10)), application=rent.application, reason="伪造")


def payables():
    return [(p.amount, p.period_to, p.state) for p in Payable.objects.order_by("period_from", "pk")]


def test_a_failed_payment_of_a_revoked_subsidy_is_given_up_and_its_money_free(office, rent, sent):
    revoke(office, rent)
    assert housing.balances(office)["committed"] == Decimal(8000)  # the bank has it
    answer(office, sent)
    assert {p.state for p in Payable.objects.all()} == {"cancelled"}
    found = housing.balances(office)
    assert (found["committed"], found["available"]) == (Decimal(0), Decimal(1_000_000))
    with pytest.raises(Refused):
        money.correct_payee(
            by=office.staff, at=moment(date(2026, 7, 14)), payable=Payable.objects.first(), payee=PAYEE, reason="更正"
        )


def test_a_failed_payment_covers_only_the_months_until_the_departure(office, rent, sent):
    end(office, rent)
    answer(office, sent)
    assert payables() == [
        (Decimal(2000), date(2026, 3, 31), "failed"),
        (Decimal(6000), date(2026, 6, 30), "cancelled"),
        (Decimal(2000), date(2026, 4, 30), "due"),
    ]
    assert housing.balances(office)["committed"] == Decimal(4000)
    assert not Recovery.objects.exists()


def test_what_is_paid_again_closes_the_case(office, rent, sent):
    end(office, rent)
    answer(office, sent)
    failed = Payable.objects.get(state="failed")
    money.correct_payee(by=office.staff, at=moment(date(2026, 7, 14)), payable=failed, payee=PAYEE, reason="更正")
    housing.pay(office, Quarter(2026, 2), date(2026, 7, 15))
    rent.application.refresh_from_db()
    assert rent.application.state == "closed"
    found = housing.balances(office)
    assert (found["paid"], found["committed"]) == (Decimal(4000), Decimal(0))


def test_a_failed_payment_of_a_running_subsidy_waits_for_the_right_account(office, rent, sent):
    answer(office, sent)
    assert [state for _amount, _to, state in payables()] == ["failed", "failed"]
    assert housing.balances(office)["committed"] == Decimal(72_000)


def test_a_payment_that_comes_back_after_it_was_claimed_is_not_claimed_any_more(office, rent, sent):
    answer(office, sent, Result.PAID)
    revoke(office, rent)
    assert Recovery.objects.get().amount == Decimal(8000)
    line = sent.lines.get(amount=Decimal(6000))
    money.record_answer(by=office.staff, at=moment(date(2026, 7, 20)), line=line, result=Result.FAILED, reason="退汇")
    assert [(claim.amount, claim.state) for claim in Recovery.objects.order_by("pk")] == [
        (Decimal(8000), "withdrawn"),
        (Decimal(2000), "open"),
    ]
    found = housing.balances(office)
    assert (found["paid"], found["committed"]) == (Decimal(2000), Decimal(0))


def test_a_purchase_payment_that_comes_back_is_paid_again(office):
    purchase = housing.approved(office, housing.talent(office), housing.PURCHASE)
    batch = housing.sent_to_bank(office, Quarter(2026, 1), date(2026, 4, 1))
    answer(office, batch, Result.PAID, date(2026, 4, 2))
    answer(office, batch, Result.FAILED, date(2026, 4, 3))
    assert Payable.objects.get(application=purchase.application).state == "failed"
