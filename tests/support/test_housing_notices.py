"""What people are told about the end of a benefit and about claims, and what their own page says of it."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from support.housing import actions
from support.housing.tasks import accrue_all, end_stays
from talentmap.casework import actions as casework
from talentmap.money import actions as money
from talentmap.money.models import Recovery
from talentmap.money.rules import Quarter, Result
from talentmap.notices import kinds
from talentmap.notices.models import Notice
from tests.factories import housing
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db


def told(person, code):
    """The words of the notices of one kind, oldest first."""
    rows = Notice.objects.filter(recipient=person.user, kind=code).order_by("pk")
    return [kinds.get(row.kind).render_text(row.params) for row in rows]


@pytest.fixture
def paid(office, rent):
    """March to June, CNY 8,000, is paid."""
    accrue_all(at=moment(date(2026, 7, 1)))
    housing.pay(office, Quarter(2026, 2), date(2026, 7, 9))
    return rent


def leave(office, row, on):
    return actions.end(by=office.cadre, at=moment(date(2026, 7, 20)), entitlement=row, on=on, note="单位来函")


def test_the_end_is_told_with_the_last_month(office, rent):
    leave(office, rent, date(2026, 7, 10))
    (words,) = told(rent.talent, "housing_ended")
    assert "租房补贴" in words and "2026-07" in words


def test_the_end_of_the_term_is_told(office, rent):
    accrue_all(at=moment(date(2029, 3, 1)))
    assert "2029-02" in told(rent.talent, "housing_ended")[0]


def test_a_corrected_end_is_told_again(office, rent):
    leave(office, rent, date(2026, 7, 10))
    values = {"by": office.cadre, "at": moment(date(2026, 7, 21)), "reason": "更正"}
    actions.correct_end(entitlement=rent, on=date(2026, 5, 10), **values)
    assert ["2026-07" in words for words in told(rent.talent, "housing_ended")] == [True, False]


def test_the_change_to_a_purchase_subsidy_tells_the_last_month_that_was_paid(office, paid):
    housing.approved(office, paid.talent, housing.PURCHASE, on=date(2026, 8, 3))
    assert ["2026-06" in words for words in told(paid.talent, "housing_ended")] == [True]


def test_the_end_of_a_stay_is_told(office):
    person = housing.talent(office)
    stay = {"address": "周转房1栋", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 2, 28)}
    actions.record_apartment(by=office.staff, at=moment(), talent=person, **stay)
    end_stays(at=moment(date(2026, 3, 1)))
    assert "2026-02" in told(person, "housing_ended")[0]


def test_a_paid_purchase_subsidy_has_no_last_month_to_tell(office):
    purchase = housing.approved(office, housing.talent(office), housing.PURCHASE)
    housing.pay(office, Quarter(2026, 1), date(2026, 4, 1))
    assert told(purchase.talent, "housing_ended") == []


def test_a_claim_is_told_with_its_due_date_and_without_its_amount(office, paid):
    leave(office, paid, date(2026, 4, 30))
    claim = Recovery.objects.get()
    assert claim.due_on == date(2026, 8, 31)  # 30 working days after Monday 2026-07-20
    (words,) = told(paid.talent, "housing_claim_opened")
    assert "2026-08-31" in words and paid.application.number in words and "4,000" not in words


def test_a_withdrawn_claim_is_told(office, paid):
    casework.revoke(by=office.director, at=moment(date(2026, 7, 20)), application=paid.application, reason="伪造")
    for line in paid.application.payables.get(amount=Decimal(6000)).lines.all():
        money.record_answer(
            by=office.staff, at=moment(date(2026, 7, 21)), line=line, result=Result.FAILED, reason="退汇"
        )
    assert len(told(paid.talent, "housing_claim_opened")) == 2  # 8,000, then 2,000
    assert told(paid.talent, "housing_claim_withdrawn") == []
    for line in paid.application.payables.get(amount=Decimal(2000)).lines.all():
        money.record_answer(
            by=office.staff, at=moment(date(2026, 7, 22)), line=line, result=Result.FAILED, reason="退汇"
        )
    assert len(told(paid.talent, "housing_claim_withdrawn")) == 1


@pytest.mark.parametrize("view", ["housing:entitlement", "casework:application"])
def test_the_person_sees_what_is_to_be_paid_back_by_when_and_how(office, paid, client, view):
    leave(office, paid, date(2026, 4, 30))
    money.receive(
        by=office.staff, at=moment(date(2026, 7, 21)), recovery=Recovery.objects.get(), amount=Decimal(1000),
        received_on=date(2026, 7, 21), key="r1",
    )  # fmt: skip
    client.force_login(paid.talent.user)
    pk = paid.pk if view == "housing:entitlement" else paid.application_id
    html = client.get(reverse(view, args=[pk])).content.decode()
    for words in ("4,000.00", "1,000.00", "2026-08-31", "退款方式", paid.application.number):
        assert words in html
