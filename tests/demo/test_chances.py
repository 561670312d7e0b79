"""What the played year meets on some days and with some dice only: it goes on, as life does."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.utils import timezone

from growth.loans import demo_products
from support.housing import demo as housing_demo
from support.housing.actions import housing_fund
from talentmap.casework import actions as casework
from talentmap.casework.states import State
from talentmap.demo.funds import DemoFund
from talentmap.demo.world import World
from talentmap.money import actions as money
from talentmap.money.models import LedgerEntry, PaymentBatch
from talentmap.money.rules import Quarter
from tests.factories import housing
from tests.factories.casework import MONDAY, moment

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=60)


def world(office, begin=MONDAY, end=LATER):
    made = World(rng=Random(2), begin=moment(begin), end=moment(end), say=lambda line: None)
    made.system, made.director, made.staff = office.system, office.director, [office.staff2, office.staff]
    return made


def demo_fund(played):
    return DemoFund(played, housing_fund, Decimal(50_000), Decimal(70_000), "年度预算")


def test_a_returned_rent_case_is_overtaken_by_a_purchase_subsidy():
    office = housing.office()
    person = housing.talent(office)
    rent = housing.submitted(person)
    item = casework.Item("certificate", "请上传原件照片")
    casework.return_for_correction(by=office.cadre, at=moment(), application=rent, items=[item])
    housing.approved(office, person, housing.PURCHASE)
    rent.refresh_from_db()
    played = world(office)
    played.talents = [person]

    housing_demo._Year(played).correct(rent, moment(LATER))

    rent.refresh_from_db()
    assert rent.state == State.RETURNED
    assert not played._events  # nobody waits for it


@pytest.mark.parametrize(("begin", "budgets"), [(date(2026, 1, 3), [50_000]), (date(2025, 3, 3), [50_000, 70_000])])
def test_each_calendar_year_has_its_budget_once(begin, budgets):
    """Also where the played year begins in the days before the new budget, and where nothing is carried over."""
    office = housing.office(budget=0)
    played = world(office, begin, begin + timedelta(days=365 - 40))
    demo_fund(played).plan()
    played.play()
    booked = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.BUDGET).order_by("pk")
    assert [entry.lines.get(amount__gt=0).amount for entry in booked] == budgets
    assert money.balances(office.fund)["available"] == sum(budgets)


def test_a_batch_from_which_everything_was_taken_is_given_up():
    office = housing.office()
    held = housing.approved(office, housing.talent(office), housing.PURCHASE)
    played = world(office)
    demo_fund(played).pay(moment(LATER - timedelta(days=20)), Quarter.of(timezone.localdate(moment(LATER))))
    money.cancel_payables(by=office.system, at=moment(LATER), application=held.case, reason="撤销")
    played.play()
    assert PaymentBatch.objects.get().state == PaymentBatch.State.CANCELLED


def test_banks_offer_no_loans_before_there_is_a_policy_to_lend_by():
    office = housing.office()
    assert demo_products.opening(world(office, begin=date(2025, 2, 24))) == World.at(date(2025, 4, 1))
    assert demo_products.opening(world(office)) == moment()
