"""Forty directors' clicks at once against a fund that can afford ten; two benefits at once for one person."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from support.housing import actions
from support.housing.actions import granting
from support.housing.models import Entitlement
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.money.actions import ledger
from talentmap.money.models import Fund, FundBalance, LedgerLine
from talentmap.ui.errors import Refused
from tests.factories import housing
from tests.factories.casework import moment
from tests.races import run_together, without

pytestmark = pytest.mark.django_db(transaction=True)
TERM = Decimal(72_000)


@pytest.fixture
def forty():
    office = housing.office(budget=10 * TERM)
    return office, [housing.awaiting_decision(office, housing.talent(office)) for _ in range(40)]


def approve_all(office, applications):
    at = moment(date(2026, 3, 12))
    return run_together(
        lambda i: casework.approve(by=office.director, at=at, application=Application(pk=applications[i].pk)), 40
    )


def test_exactly_ten_of_forty_are_approved_and_the_others_told_why(forty):
    office, applications = forty
    outcomes = approve_all(office, applications)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(refused) == 30
    assert {str(outcome).count("72,000.00") for outcome in refused} == {2}  # needed, and missing
    assert Application.objects.filter(state=State.APPROVED).count() == 10
    assert Entitlement.objects.count() == 10
    assert LedgerLine.objects.aggregate(total=Sum("amount"))["total"] == 0
    assert FundBalance.objects.get(fund=office.fund, account="available").balance == 0


def test_without_lock_and_constraint_more_would_be_approved(forty, monkeypatch):
    """The negative control: the same clicks with the guards off overdraw the fund."""
    office, applications = forty
    monkeypatch.setattr(ledger, "_lock", lambda fund: Fund.objects.get(pk=fund.pk))
    with without("talentmap_fundbalance", "talentmap_fundbalance_never_overdrawn"):
        approve_all(office, applications)
        approved = Application.objects.filter(state=State.APPROVED).count()
    assert approved > 10


PAIRS = 6
SCHEMES = (housing.RENT, housing.PURCHASE)


@pytest.fixture
def rent_and_purchase():
    """Six people, each with a rent and a purchase case that only wait for the director."""
    office = housing.office()
    people = [housing.talent(office) for _ in range(PAIRS)]
    cases = [housing.awaiting_decision(office, each, scheme) for each in people for scheme in SCHEMES]
    return office, cases


def both_at_once(office, cases):
    at = moment(date(2026, 3, 12))
    return run_together(
        lambda i: casework.approve(by=office.director, at=at, application=Application(pk=cases[i].pk)), len(cases)
    )


def running_beside_a_purchase():
    bought = Entitlement.objects.filter(kind="purchase").values("talent")
    return Entitlement.objects.active().filter(kind="rent", talent__in=bought).count()


def test_rent_and_purchase_approved_at_once_never_run_beside_each_other(rent_and_purchase):
    office, cases = rent_and_purchase
    outcomes = both_at_once(office, cases)
    unexpected = [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, Refused)]
    assert unexpected == []
    assert Entitlement.objects.filter(kind="purchase").count() == PAIRS
    assert running_beside_a_purchase() == 0
    held = FundBalance.objects.get(fund=office.fund, account="committed").balance
    assert held == PAIRS * Decimal(60_000)


def test_without_the_talents_lock_and_the_constraint_both_would_run(rent_and_purchase, monkeypatch):
    """The negative control."""
    office, cases = rent_and_purchase
    monkeypatch.setattr(granting, "lock_talent", lambda talent: None)
    with without("support_entitlement", "support_entitlement_no_rent_after_purchase"):
        both_at_once(office, cases)
        beside = running_beside_a_purchase()
    assert beside > 0


def recorded_at_once(office, people):
    """A double click on each person's stay: how many are recorded."""
    stay = {"address": "周转房1栋", "starts_on": date(2026, 3, 30), "ends_on": date(2027, 3, 31)}
    run_together(
        lambda i: actions.record_apartment(by=office.staff, at=moment(), talent=people[i // 2], **stay),
        2 * len(people),
    )
    return Entitlement.objects.count()


@pytest.fixture
def people():
    office = housing.office()
    return office, [housing.talent(office) for _ in range(PAIRS)]


def test_a_stay_recorded_twice_at_once_is_there_once(people):
    assert recorded_at_once(*people) == PAIRS


def test_without_lock_and_constraint_a_stay_would_be_there_twice(people, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(granting, "lock_talent", lambda talent: None)
    with without("support_entitlement", "support_entitlement_one_home_benefit"):
        assert recorded_at_once(*people) > PAIRS
