"""Forty directors' clicks at once against a fund that can afford ten."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

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
