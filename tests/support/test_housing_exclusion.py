"""What nobody gets at once: two home benefits in one month, a rent subsidy beside or after a purchase subsidy."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from support.housing import actions
from support.housing.models import Accrual, Entitlement
from support.housing.tasks import accrue_all
from talentmap.casework import actions as casework
from talentmap.money.models import Payable
from talentmap.money.rules import Quarter
from talentmap.ui.errors import Refused
from tests.factories import housing
from tests.factories.casework import moment
from tests.factories.people import TalentFactory

pytestmark = pytest.mark.django_db
JUNE_10 = date(2026, 6, 10)


def leave(office, row, on=JUNE_10):
    return actions.end(by=office.cadre, at=moment(on), entitlement=row, on=on, note="单位来函")


def stay(office, talent, starts_on, ends_on=date(2027, 5, 31), at=None):
    return actions.record_apartment(
        by=office.staff, at=at or moment(), talent=talent, address="周转房1栋", starts_on=starts_on, ends_on=ends_on
    )


def held(talent, kind, first, last, **fields):
    return Entitlement(talent=talent, kind=kind, address="庆符镇", starts_on=first, ends_on=last, **fields)


# Two home benefits in one month


def test_a_month_paid_whole_is_not_granted_again(office, rent):
    leave(office, rent)  # June is paid whole
    again = housing.awaiting_decision(office, rent.talent, on=date(2026, 6, 10))
    with pytest.raises(Refused, match="2026-07-01"):
        casework.approve(by=office.director, at=moment(date(2026, 6, 30)), application=again)
    casework.approve(by=office.director, at=moment(date(2026, 7, 1)), application=again)
    accrue_all(at=moment(date(2026, 10, 1)))
    months = list(Accrual.objects.values_list("month", flat=True))
    assert months == [date(2026, month, 1) for month in range(3, 10)]  # March to September, each once
    second = Entitlement.objects.get(application=again)
    assert (second.total_amount, second.ends_on) == (32 * Decimal(2000), date(2029, 2, 28))  # 36 less four used


def test_an_apartment_begins_after_the_last_month_of_the_rent_subsidy(office, rent):
    leave(office, rent)
    with pytest.raises(Refused, match="2026-07-01"):
        stay(office, rent.talent, date(2026, 6, 15))
    stay(office, rent.talent, date(2026, 7, 1))


def test_a_rent_subsidy_begins_in_the_month_after_an_apartment(office):
    person = housing.talent(office)
    flat = stay(office, person, date(2026, 1, 1), date(2026, 3, 5))
    actions.end(by=office.staff, at=moment(date(2026, 3, 5)), entitlement=flat, on=date(2026, 3, 5), note="退房")
    waiting = housing.awaiting_decision(office, person, on=date(2026, 3, 6))
    with pytest.raises(Refused, match="2026-04-01"):
        casework.approve(by=office.director, at=moment(date(2026, 3, 20)), application=waiting)
    casework.approve(by=office.director, at=moment(date(2026, 4, 1)), application=waiting)


def test_one_may_move_from_apartment_to_apartment_within_a_month(office):
    person = housing.talent(office)
    stay(office, person, date(2026, 1, 1), JUNE_10)
    stay(office, person, date(2026, 6, 11))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("rent", date(2026, 3, 12), JUNE_10), ("rent", date(2026, 6, 20), date(2029, 5, 31))),
        (("rent", date(2026, 3, 12), JUNE_10), ("apartment", date(2026, 6, 15), date(2027, 5, 31))),
        (("apartment", date(2026, 3, 12), JUNE_10), ("rent", date(2026, 6, 20), date(2029, 5, 31))),
        (("apartment", date(2026, 3, 12), JUNE_10), ("apartment", JUNE_10, date(2027, 5, 31))),
    ],
)
def test_the_database_refuses_two_home_benefits_in_one_month(first, second):
    person = TalentFactory()
    held(person, *first).save()
    with pytest.raises(IntegrityError, match="support_entitlement_one_home_benefit"), transaction.atomic():
        held(person, *second).save()
    kind, _begins, ends = second
    held(person, kind, date(2026, 7, 1), ends).save()


def test_the_database_refuses_a_persons_month_twice_whatever_the_entitlement():
    person = TalentFactory()
    spring = held(person, "rent", date(2026, 3, 12), date(2026, 5, 31))
    autumn = held(person, "rent", date(2026, 9, 1), date(2026, 12, 31))
    spring.save(), autumn.save()
    june = {"month": date(2026, 6, 1), "amount": Decimal(2000)}
    # Whose month it is follows the entitlement, not the writer.
    booked = Accrual.objects.create(entitlement=spring, talent=TalentFactory(), **june)
    booked.refresh_from_db()
    assert booked.talent == person
    with pytest.raises(IntegrityError, match="support_accrual_one_a_month"), transaction.atomic():
        Accrual.objects.create(entitlement=autumn, talent=person, **june)


def test_a_month_of_a_revoked_grant_may_be_granted_anew(office, rent):
    leave(office, rent)
    casework.revoke(by=office.director, at=moment(JUNE_10), application=rent.application, reason="材料有误")
    again = housing.approved(office, rent.talent, on=date(2026, 6, 11))
    accrue_all(at=moment(date(2026, 7, 1)))
    assert [row.month for row in again.accruals.all()] == [date(2026, 6, 1)]


# Rent and purchase


def test_no_rent_subsidy_is_applied_for_after_a_purchase_subsidy(office):
    person = housing.talent(office)
    housing.approved(office, person, housing.PURCHASE)
    with pytest.raises(Refused, match="购房补贴"):
        housing.submitted(person, on=date(2026, 8, 3))


def test_a_rent_case_in_review_is_not_granted_once_the_purchase_is(office):
    person = housing.talent(office)
    waiting = housing.awaiting_decision(office, person)
    purchase = housing.approved(office, person, housing.PURCHASE)
    with pytest.raises(Refused, match="购房补贴"):
        casework.approve(by=office.director, at=moment(date(2026, 3, 13)), application=waiting)
    assert list(Entitlement.objects.all()) == [purchase]


def test_a_revoked_purchase_subsidy_stands_in_nobodys_way(office):
    person = housing.talent(office)
    purchase = housing.approved(office, person, housing.PURCHASE)
    casework.revoke(
        by=office.director, at=moment(date(2026, 4, 1)), application=purchase.application, reason="合同解除"
    )
    assert housing.approved(office, person, on=date(2026, 4, 2)).state == "active"


@pytest.mark.parametrize(
    ("first", "last"), [(date(2026, 9, 1), date(2029, 8, 31)), (date(2026, 12, 1), date(2027, 3, 31))]
)
def test_the_database_refuses_a_rent_subsidy_after_a_purchase_subsidy(first, last):
    person = TalentFactory()
    held(person, "purchase", date(2026, 8, 13), None).save()
    held(person, "rent", date(2026, 3, 12), date(2026, 8, 13)).save()  # ended with the purchase: possible
    with pytest.raises(IntegrityError, match="support_entitlement_no_rent_after_purchase"):
        held(person, "rent", first, last).save()


def test_nothing_is_paid_twice_over_two_grants(office, rent):
    leave(office, rent)
    again = housing.awaiting_decision(office, rent.talent, on=date(2026, 6, 20))
    casework.approve(by=office.director, at=moment(date(2026, 7, 1)), application=again)
    accrue_all(at=moment(date(2026, 10, 1)))
    housing.pay(office, Quarter(2026, 3), date(2026, 10, 9))
    paid = Payable.objects.filter(state="paid")
    assert sum(p.amount for p in paid) == 7 * Decimal(2000)
