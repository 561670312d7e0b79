"""What follows from a decision: entitlement, months, payments, endings. Amounts are the shipped tariff's."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from support.housing import actions
from support.housing.models import Accrual, Entitlement
from support.housing.tasks import accrue_all
from talentmap.casework import actions as casework
from talentmap.casework.states import State
from talentmap.money import actions as money
from talentmap.money.models import Payable, Recovery
from talentmap.money.rules import Quarter, Result
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused
from tests.factories import housing
from tests.factories.casework import moment
from tests.factories.housing import balances, pay

pytestmark = pytest.mark.django_db
MARCH_12 = date(2026, 3, 12)  # ten days after the factory's Monday: the day of approval


def test_approval_reserves_the_whole_term_at_the_masters_rate(office, rent):
    assert (rent.monthly_amount, rent.total_amount) == (Decimal(2000), Decimal(72_000))
    assert (rent.starts_on, rent.ends_on) == (MARCH_12, date(2029, 2, 28))
    assert balances(office)["committed"] == Decimal(72_000)
    assert rent.application.decision_amount == Decimal(72_000)


def test_months_accrue_when_over_and_quarters_become_payable_when_over(office, rent):
    assert accrue_all(at=moment(date(2026, 3, 31))) == 0
    assert accrue_all(at=moment(date(2026, 5, 1))) == 2
    assert [(p.period_from, p.period_to, p.amount) for p in Payable.objects.all()] == [
        (date(2026, 3, 1), date(2026, 3, 31), Decimal(2000))
    ]
    assert accrue_all(at=moment(date(2026, 7, 1))) == 2
    assert Payable.objects.get(period_from=date(2026, 4, 1)).amount == Decimal(6000)


def test_accruing_twice_adds_nothing(office, rent):
    accrue_all(at=moment(date(2026, 7, 1)))
    assert accrue_all(at=moment(date(2026, 7, 1))) == 0
    assert (Accrual.objects.count(), Payable.objects.count()) == (4, 2)


def test_the_nightly_sweep_passes_over_nobody_to_whom_something_is_due(office, rent, django_assert_num_queries):
    """Night by night over more than a quarter: what the sweep leaves, looking at each subsidy would not add to."""
    other = housing.approved(office, housing.talent(office), on=date(2026, 4, 20))
    for night in range(130):
        at = moment(MARCH_12 + timedelta(days=night))
        accrue_all(at=at)
        before = (Accrual.objects.count(), Payable.objects.count())
        for entitlement in (rent, other):
            assert actions.accrue(by=office.system, at=at, entitlement=entitlement) == 0
        assert (Accrual.objects.count(), Payable.objects.count()) == before
    assert (Accrual.objects.count(), Payable.objects.count()) == (4 + 3, 2 + 1)
    with django_assert_num_queries(2):  # the system account, and nobody
        accrue_all(at=at)


def test_paid_quarter_by_quarter(office, rent):
    accrue_all(at=moment(date(2026, 4, 1)))
    pay(office, Quarter(2026, 1), date(2026, 4, 9))
    found = balances(office)
    assert (found["paid"], found["committed"]) == (Decimal(2000), Decimal(70_000))


def test_the_end_of_the_term_closes_the_case_when_all_is_paid(office, rent):
    accrue_all(at=moment(date(2029, 4, 1)))
    rent.refresh_from_db()
    assert (rent.state, rent.end_reason, rent.ended_on) == ("ended", "term", date(2029, 2, 28))
    assert Accrual.objects.count() == 36
    assert rent.application.state == State.APPROVED
    pay(office, Quarter(2029, 1), date(2029, 4, 9))
    rent.application.refresh_from_db()
    assert rent.application.state == State.CLOSED
    found = balances(office)
    assert (found["paid"], found["committed"]) == (Decimal(72_000), Decimal(0))


def test_payments_stop_the_month_after_a_departure(office, rent):
    ended = actions.end(
        by=office.cadre, at=moment(date(2026, 5, 20)), entitlement=rent, on=date(2026, 5, 10), note="单位来函"
    )
    assert ended.still_payable == Decimal(6000)  # March, April and May
    assert ended.to_recover == 0
    assert accrue_all(at=moment(date(2026, 9, 1))) == 0
    assert balances(office)["committed"] == Decimal(6000)


def test_a_departure_reported_late_claims_back_what_was_paid_too_much(office, rent):
    accrue_all(at=moment(date(2026, 7, 1)))
    pay(office, Quarter(2026, 2), date(2026, 7, 9))
    ended = actions.end(
        by=office.cadre, at=moment(date(2026, 8, 3)), entitlement=rent, on=date(2026, 4, 30), note="单位来函"
    )
    assert ended.to_recover == Decimal(4000)  # May and June
    assert Recovery.objects.get().amount == Decimal(4000)


def test_a_departure_reported_late_takes_unsent_payments_back(office, rent):
    accrue_all(at=moment(date(2026, 7, 1)))
    money.prepare_batch(by=office.staff, at=moment(date(2026, 7, 9)), fund=office.fund, quarter=Quarter(2026, 2))
    ended = actions.end(
        by=office.cadre, at=moment(date(2026, 7, 10)), entitlement=rent, on=date(2026, 4, 30), note="单位来函"
    )
    assert (ended.to_recover, ended.still_payable) == (Decimal(0), Decimal(4000))  # March and April
    open_payables = Payable.objects.exclude(state="cancelled").order_by("period_from")
    assert [(p.amount, p.period_to) for p in open_payables] == [
        (Decimal(2000), date(2026, 3, 31)),
        (Decimal(2000), date(2026, 4, 30)),
    ]


@pytest.mark.parametrize("on", [date(2026, 3, 11), date(2026, 5, 21)])
def test_a_departure_before_the_beginning_or_in_the_future_is_refused(office, rent, on):
    with pytest.raises(Refused):
        actions.end(by=office.cadre, at=moment(date(2026, 5, 20)), entitlement=rent, on=on, note="-")


def test_a_purchase_subsidy_ends_the_rent_subsidy_and_deducts_what_was_paid(office, rent):
    accrue_all(at=moment(date(2026, 7, 1)))
    pay(office, Quarter(2026, 2), date(2026, 7, 9))
    purchase = housing.approved(office, rent.talent, housing.PURCHASE, on=date(2026, 8, 3))
    rent.refresh_from_db()
    assert (rent.state, rent.end_reason, rent.ended_on) == ("ended", "purchase", date(2026, 8, 13))
    assert (purchase.deducted, purchase.total_amount) == (Decimal(8000), Decimal(52_000))
    rent.application.refresh_from_db()
    assert rent.application.state == State.CLOSED
    found = balances(office)
    assert (found["paid"], found["committed"]) == (Decimal(8000), Decimal(52_000))
    pay(office, Quarter(2026, 3), date(2026, 9, 1))
    purchase.application.refresh_from_db()
    assert purchase.application.state == State.CLOSED


def test_revocation_stops_everything_and_claims_all_back(office, rent):
    accrue_all(at=moment(date(2026, 4, 1)))
    pay(office, Quarter(2026, 1), date(2026, 4, 9))
    accrue_all(at=moment(date(2026, 7, 1)))
    casework.revoke(by=office.director, at=moment(date(2026, 7, 2)), application=rent.application, reason="材料系伪造")
    rent.refresh_from_db()
    assert rent.state == Entitlement.State.REVOKED
    assert Recovery.objects.get().amount == Decimal(2000)
    assert Payable.objects.get(period_from=date(2026, 4, 1)).state == "cancelled"
    found = balances(office)
    assert (found["committed"], found["paid"]) == (Decimal(0), Decimal(2000))


def test_what_the_bank_already_had_at_the_revocation_is_claimed_when_it_is_paid(office, rent):
    accrue_all(at=moment(date(2026, 4, 1)))
    batch = money.prepare_batch(
        by=office.staff, at=moment(date(2026, 4, 8)), fund=office.fund, quarter=Quarter(2026, 1)
    ).batch
    money.release_batch(by=office.director, at=moment(date(2026, 4, 8)), batch=batch)
    casework.revoke(by=office.director, at=moment(date(2026, 4, 9)), application=rent.application, reason="伪造")
    assert not Recovery.objects.exists()
    line = batch.lines.get()
    money.record_answer(by=office.staff, at=moment(date(2026, 4, 10)), line=line, result=Result.PAID, reason="回单")
    assert Recovery.objects.get().amount == Decimal(2000)


def test_an_apartment_and_a_rent_subsidy_exclude_each_other(office, rent):
    stay = {"talent": rent.talent, "address": "周转房1栋", "starts_on": date(2026, 4, 1), "ends_on": date(2027, 3, 31)}
    with pytest.raises(Refused, match="不能同时享受"):
        actions.record_apartment(by=office.staff, at=moment(), **stay)
    with pytest.raises(IntegrityError, match="support_entitlement_one_home_benefit"), transaction.atomic():
        Entitlement.objects.create(kind="apartment", **stay)


def test_whoever_lives_in_an_apartment_cannot_apply_for_rent(office):
    person = housing.talent(office)
    actions.record_apartment(
        by=office.staff,
        at=moment(),
        talent=person,
        address="周转房1栋",
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 12, 31),
    )
    with pytest.raises(Refused, match="周转房"):
        housing.submitted(person)


@pytest.mark.parametrize(
    ("missing", "label"),
    [
        ({"id_number": "", "id_number_index": "", "identity_verified_at": None}, "身份信息"),
        ({"bank_account": "", "bank_account_last4": ""}, "银行账户"),
        ({"education": ""}, "学历或人才类别"),
        ({"employer": None, "employer_name": ""}, "工作"),
    ],
)
def test_what_the_file_lacks_stops_sending_and_approval_alike(office, missing, label):
    waiting = housing.awaiting_decision(office, housing.talent(office))
    begun = housing.draft(housing.talent(office))
    Talent.objects.filter(pk__in=[waiting.applicant_id, begun.applicant_id]).update(**missing)
    with pytest.raises(Refused, match=f"才能提交.*{label}"):
        casework.submit(by=begun.applicant.user, at=moment(), application=fresh(begun))
    with pytest.raises(Refused, match=f"才能批准.*{label}"):
        casework.approve(by=office.director, at=moment(MARCH_12), application=fresh(waiting))
    assert (fresh(begun).state, fresh(waiting).state) == (State.DRAFT, State.AWAITING_DECISION)


def fresh(application):
    return type(application).objects.get(pk=application.pk)


def test_without_money_the_approval_says_what_is_missing_and_changes_nothing():
    office = housing.office(budget=70_000)
    application = housing.awaiting_decision(office, housing.talent(office))
    with pytest.raises(Refused, match=r"2,000\.00"):
        casework.approve(by=office.director, at=moment(MARCH_12), application=application)
    application.refresh_from_db()
    assert application.state == State.AWAITING_DECISION
    assert not Entitlement.objects.exists()
    assert balances(office)["available"] == Decimal(70_000)
