"""A last day that was reported wrong: put right in both directions, each month paid once."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from support.housing import actions
from support.housing.models import Entitlement
from support.housing.tasks import accrue_all, end_stays
from talentmap.casework import actions as casework
from talentmap.money import actions as money
from talentmap.money.models import Payable, Recovery
from talentmap.money.rules import Quarter
from talentmap.ui.errors import Refused
from tests.factories import housing
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
JULY_20 = date(2026, 7, 20)


@pytest.fixture
def paid(office, rent):
    """March to June, CNY 8,000, is paid."""
    accrue_all(at=moment(date(2026, 7, 1)))
    housing.pay(office, Quarter(2026, 2), date(2026, 7, 9))
    return rent


def end(office, row, on, at=JULY_20):
    return actions.end(by=office.cadre, at=moment(at), entitlement=row, on=on, note="单位来函")


def correct(office, row, on, at=date(2026, 7, 27), **changes):
    values = {"by": office.cadre, "at": moment(at), "reason": "单位更正", **changes}
    return actions.correct_end(entitlement=row, on=on, **values)


def claims():
    return [(claim.amount, claim.state) for claim in Recovery.objects.order_by("pk")]


def months(row):
    return [accrual.month.month for accrual in row.accruals.all()]


def test_a_later_last_day_books_the_months_again_and_pays_them(office, rent):
    end(office, rent, date(2026, 5, 10))
    assert housing.balances(office)["committed"] == Decimal(6000)
    done = correct(office, rent, date(2026, 7, 15))
    assert (done.still_payable, done.to_recover) == (Decimal(10_000), Decimal(0))
    rent.refresh_from_db()
    assert (rent.ended_on, rent.end_reason, rent.end_note) == (date(2026, 7, 15), "departure", "单位更正")
    assert months(rent) == [3, 4, 5, 6, 7]
    housing.pay(office, Quarter(2026, 3), date(2026, 7, 30))
    rent.application.refresh_from_db()
    assert rent.application.state == "closed"
    found = housing.balances(office)
    assert (found["paid"], found["committed"]) == (Decimal(10_000), Decimal(0))


def test_a_later_last_day_of_a_closed_case_is_paid_as_well(office, paid):
    end(office, paid, date(2026, 6, 30))
    correct(office, paid, date(2026, 7, 1))
    assert Payable.objects.get(state="due").amount == Decimal(2000)
    housing.pay(office, Quarter(2026, 3), date(2026, 7, 30))
    assert housing.balances(office)["paid"] == Decimal(10_000)


def test_a_later_last_day_withdraws_the_claim_on_months_already_paid(office, paid):
    end(office, paid, date(2026, 4, 30))
    assert claims() == [(Decimal(4000), "open")]
    done = correct(office, paid, date(2026, 5, 31))
    assert (done.still_payable, done.to_recover) == (Decimal(0), Decimal(0))
    assert claims() == [(Decimal(4000), "withdrawn"), (Decimal(2000), "open")]
    assert not paid.accruals.filter(payable=None).exists()
    correct(office, paid, date(2026, 6, 30), at=date(2026, 7, 28))
    assert claims()[-1] == (Decimal(2000), "withdrawn")
    assert housing.balances(office)["committed"] == Decimal(0)


def test_months_whose_money_came_back_are_paid_anew(office, paid):
    """3,000 of the 4,000 for May and June came back: both are paid again, and the 1,000 that stayed is claimed then."""
    end(office, paid, date(2026, 4, 30))
    money.receive(
        by=office.staff, at=moment(JULY_20), recovery=Recovery.objects.get(), amount=Decimal(3000),
        received_on=JULY_20, key="r1",
    )  # fmt: skip
    done = correct(office, paid, date(2026, 6, 30))
    assert (done.still_payable, claims()) == (Decimal(4000), [(Decimal(4000), "withdrawn")])
    housing.pay(office, Quarter(2026, 3), date(2026, 7, 30))
    assert claims()[-1] == (Decimal(1000), "open")


def test_an_earlier_last_day_claims_what_is_paid(office, paid):
    end(office, paid, date(2026, 6, 30))
    done = correct(office, paid, date(2026, 4, 30))
    assert done.to_recover == Decimal(4000)
    assert months(paid) == [3, 4]


def test_an_earlier_last_day_takes_back_what_is_due(office, rent):
    end(office, rent, date(2026, 7, 15))
    done = correct(office, rent, date(2026, 5, 1))
    assert (done.still_payable, done.to_recover) == (Decimal(6000), Decimal(0))
    assert housing.balances(office)["committed"] == Decimal(6000)


def test_a_departure_found_after_the_term_is_put_on_record(office, rent):
    accrue_all(at=moment(date(2029, 3, 1)))
    correct(office, rent, date(2029, 1, 10), at=date(2029, 3, 5))
    rent.refresh_from_db()
    assert (rent.end_reason, rent.ended_on) == ("departure", date(2029, 1, 10))
    assert sum(p.amount for p in Payable.objects.filter(state="due")) == 35 * Decimal(2000)


def test_without_money_the_months_are_not_booked_again():
    office = housing.office(budget=72_000)
    rent = housing.approved(office, housing.talent(office))
    end(office, rent, date(2026, 5, 10))
    money.top_up(
        by=office.director, at=moment(JULY_20), fund=office.fund, amount=Decimal(65_000), key="cut", reason="收回",
        kind="reduction",
    )  # fmt: skip
    with pytest.raises(money.Shortfall):
        correct(office, rent, date(2026, 7, 15))
    rent.refresh_from_db()
    assert rent.ended_on == date(2026, 5, 10) and months(rent) == [3, 4, 5]


@pytest.mark.parametrize("on", [date(2026, 3, 11), date(2026, 6, 30), date(2026, 7, 28)])
def test_a_last_day_before_the_beginning_unchanged_or_in_the_future_is_refused(office, paid, on):
    end(office, paid, date(2026, 6, 30))
    with pytest.raises(Refused):
        correct(office, paid, on)


def test_a_last_day_after_the_term_is_refused(office, rent):
    accrue_all(at=moment(date(2029, 3, 1)))
    with pytest.raises(Refused, match="2029-02-28"):
        correct(office, rent, date(2029, 3, 2), at=date(2029, 3, 5))


def test_a_running_or_revoked_subsidy_has_no_end_to_correct(office, rent):
    with pytest.raises(Refused):
        correct(office, rent, date(2026, 7, 1))
    casework.revoke(by=office.director, at=moment(JULY_20), application=rent.application, reason="伪造")
    with pytest.raises(Refused):
        correct(office, rent, date(2026, 7, 1))


def test_the_months_between_may_have_gone_to_an_apartment_or_a_purchase(office, paid):
    end(office, paid, date(2026, 6, 30))
    stay = {"address": "周转房1栋", "starts_on": date(2026, 7, 1), "ends_on": date(2027, 6, 30)}
    flat = actions.record_apartment(by=office.staff, at=moment(JULY_20), talent=paid.talent, **stay)
    with pytest.raises(Refused):
        correct(office, paid, date(2026, 7, 10))
    Entitlement.objects.filter(pk=flat.pk).delete()
    housing.approved(office, paid.talent, housing.PURCHASE, on=date(2026, 8, 3))
    with pytest.raises(Refused, match="购房补贴"):
        correct(office, paid, date(2026, 7, 10), at=date(2026, 8, 20))


def test_only_who_may_end_may_correct(office, paid):
    end(office, paid, date(2026, 6, 30))
    with pytest.raises(PermissionDenied):
        correct(office, paid, date(2026, 5, 31), by=office.leader)


def test_on_the_page(office, paid, client):
    end(office, paid, date(2026, 6, 30))
    client.force_login(office.cadre)
    url = reverse("housing:correct_end", args=[paid.pk])
    assert url in client.get(reverse("housing:entitlement", args=[paid.pk])).content.decode()
    assert "2026-06-30" in client.get(url).content.decode()
    response = client.post(url, {"on": "2026-04-30", "reason": "单位更正"}, follow=True)
    assert "4,000.00" in response.content.decode()
    assert claims() == [(Decimal(4000), "open")]


def test_a_stay_past_its_time_is_ended_at_night_and_no_longer_in_the_way(office):
    person = housing.talent(office)
    stay = {"address": "周转房1栋", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 2, 28)}
    flat = actions.record_apartment(by=office.staff, at=moment(date(2026, 1, 1)), talent=person, **stay)
    assert end_stays(at=moment(date(2026, 2, 28))) == 0
    assert end_stays(at=moment(date(2026, 3, 1))) == 1
    assert end_stays(at=moment(date(2026, 3, 1))) == 0
    flat.refresh_from_db()
    assert (flat.state, flat.end_reason, flat.ended_on) == ("ended", "term", date(2026, 2, 28))
    assert housing.approved(office, person).state == "active"
