"""A rent subsidy night by night to the end of its term: 36 months are granted, 36 months are paid."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from support.housing import actions
from support.housing.models import Entitlement
from support.housing.tasks import accrue_all
from talentmap.accounts.permissions import Role
from talentmap.casework.states import State
from talentmap.money.models import Payable
from talentmap.money.rules import Quarter
from talentmap.people.models import Talent
from tests.factories import housing
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
# The approval comes ten days later: in March, the last month of a quarter, in April, its first, and in May.
BEGINNINGS = [date(2026, 3, 2), date(2026, 4, 6), date(2026, 5, 6)]


@pytest.mark.parametrize("on", BEGINNINGS)
def test_every_month_of_the_term_is_paid_whatever_its_place_in_the_quarter(office, on):
    row = housing.approved(office, housing.talent(office), on=on)
    day = row.ends_on - timedelta(days=100)
    while day <= row.ends_on + timedelta(days=3):  # every night around the end of the term
        accrue_all(at=moment(day))
        day += timedelta(days=1)
    row.refresh_from_db()
    assert (row.state, row.end_reason, row.ended_on) == ("ended", "term", row.ends_on)
    assert row.accruals.count() == 36 and not row.accruals.filter(payable=None).exists()
    assert Payable.objects.aggregate(sum=Sum("amount"))["sum"] == 36 * Decimal(2000)
    assert row.application.state == State.APPROVED  # closed with the last payment, not before
    housing.pay(office, Quarter.of(row.ends_on), row.ends_on + timedelta(days=9))
    row.application.refresh_from_db()
    assert row.application.state == State.CLOSED
    found = housing.balances(office)
    assert (found["paid"], found["committed"]) == (Decimal(72_000), Decimal(0))


def test_the_last_months_are_payable_the_day_after_the_term(office, rent):
    accrue_all(at=moment(date(2029, 2, 28)))
    assert Payable.objects.order_by("-period_to").first().period_to == date(2028, 12, 31)
    accrue_all(at=moment(date(2029, 3, 1)))
    last = Payable.objects.order_by("-period_to").first()
    assert (last.period_from, last.period_to, last.amount) == (date(2029, 1, 1), date(2029, 2, 28), Decimal(4000))


def test_a_departure_after_the_term_that_comes_before_the_nightly_run_ends_it_with_the_term(office, rent):
    on = date(2029, 3, 1)
    actions.end(by=office.cadre, at=moment(on), entitlement=rent, on=on, note="单位来函")
    rent.refresh_from_db()
    assert (rent.state, rent.end_reason, rent.ended_on) == ("ended", "term", date(2029, 2, 28))
    assert Payable.objects.aggregate(sum=Sum("amount"))["sum"] == Decimal(72_000)
    assert Entitlement.objects.get().accruals.count() == 36


def test_the_cadre_of_the_new_township_ends_it_though_the_case_belongs_to_the_old_one(office, rent):
    """The case is closed as a consequence, by the system: the cadre could not close it."""
    accrue_all(at=moment(date(2026, 4, 1)))
    housing.pay(office, Quarter(2026, 1), date(2026, 4, 9))
    elsewhere = TownshipFactory()
    Talent.objects.filter(pk=rent.talent_id).update(region=elsewhere)
    cadre = user_with(Role.TOWNSHIP_CADRE, region=elsewhere)
    on = date(2026, 3, 31)
    actions.end(by=cadre, at=moment(date(2026, 4, 10)), entitlement=rent, on=on, note="单位来函")
    rent.application.refresh_from_db()
    assert rent.application.state == State.CLOSED
    assert rent.application.transitions.get(action="close").by == office.system
