"""The partners of a partnership: read from the form, kept encrypted, and counted like whoever borrows alone."""

from datetime import date
from decimal import Decimal
from functools import partial
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from growth.loans import actions
from growth.loans.forms import BusinessForm
from growth.loans.models_borrowing import Borrowing, BorrowingPerson
from growth.loans.models_loan import Loan, LoanApplication
from growth.loans.partners import BadPartners, read_partners
from talentmap.audit.models import AuditEntry
from talentmap.casework import actions as casework
from talentmap.casework.page_form import FormContext
from talentmap.people import actions as people
from talentmap.people.fields import blind_index
from talentmap.ui.errors import Refused
from tests.factories import lending
from tests.factories.casework import moment
from tests.factories.people import id_number

FIRST, SECOND = id_number(901), id_number(902)
ON = date(2026, 3, 10)


@pytest.fixture
def market(db):
    return lending.market()


def settle(market, loan):
    return actions.repay_early(
        by=market.bank, at=moment(ON), loan=loan, paid_on=ON, principal=loan.amount, interest=Decimal(0),
        reference=f"TQ-{loan.pk}",
    )  # fmt: skip


def outcomes(application, talent):
    found = application.service.assess(talent, at=moment(), application=application).conditions
    return {each.code: each.outcome for each in found}


# Reading the list --------------------------------------------------------------------------------------------------


def test_a_line_is_a_name_and_a_number():
    text = f"赵同 {FIRST}\n\n 欧阳 娜，{SECOND.lower()} \n"
    assert [(each.name, each.id_number) for each in read_partners(text, ON)] == [("赵同", FIRST), ("欧阳 娜", SECOND)]
    assert read_partners(" \n", ON) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FIRST, "Line 1: write the name"),
        (f"赵同 {FIRST}\n\n钱合 123", "Line 3: An ID number has 17 digits"),
        (f"赵同 {FIRST[:-1]}{'1' if FIRST[-1] != '1' else '2'}", "Line 1: The check digit"),
        (f"赵同 {FIRST}\n赵同 {FIRST}", "Line 2 names somebody who is named already"),
        (f"{'赵' * 101} {FIRST}", "Line 1: write the name"),
    ],
)
def test_what_cannot_be_read_is_said_by_line_and_never_repeated(text, said):
    with pytest.raises(BadPartners) as caught:
        read_partners(text, ON)
    assert said in str(caught.value)
    assert FIRST not in str(caught.value)


# The form ----------------------------------------------------------------------------------------------------------


def business_form(market, text, partners=3, agree="on", kind="partnership"):
    person = lending.borrower(market)
    detail = LoanApplication(kind=kind, partners=partners)
    asked = {
        "business_started_on": "2025-01-10", "other_loans": "none", "spouse_loans": "none", "partner_list": text,
        "partners_agree": agree,
    }  # fmt: skip
    return person, BusinessForm(asked, instance=detail, context=FormContext(person, None, None))


def test_only_a_partnership_is_asked(market):
    _person, form = business_form(market, "", kind="individual")
    assert "partner_list" not in form.fields
    assert form.is_valid()


@pytest.mark.parametrize(
    ("text", "agree", "field"),
    [
        ("", "on", "partner_list"),
        (f"赵同 {FIRST}", "on", "partner_list"),
        (f"赵同 {FIRST}\n钱合 {SECOND}", "", "partners_agree"),
        (f"赵同 {FIRST}\n钱合 9", "on", "partner_list"),
    ],
)
def test_everybody_is_named_and_agrees(market, text, agree, field):
    _person, form = business_form(market, text, agree=agree)
    assert list(form.errors) == [field]


def test_the_applicant_is_not_named_again(market):
    person, form = business_form(market, "", partners=2)
    form.data = {**form.data, "partner_list": f"本人 {person.id_number}"}
    assert "yourself" in form.errors["partner_list"][0]


def test_whoever_handles_the_application_reads_masks(market):
    application = lending.at_bank(market, lending.borrower(market), partner_list=f"赵同 {FIRST}")
    client = Client()
    for reader in (market.office.staff, market.bank):
        client.force_login(reader)
        shown = client.get(reverse("casework:case", args=[application.pk])).content.decode()
        assert FIRST not in shown
        assert f"赵* {FIRST[:4]}**********{FIRST[-4:]}" in shown


# What is counted ---------------------------------------------------------------------------------------------------


def test_a_loan_counts_for_every_partner_and_is_kept_encrypted(market):
    loan = lending.running(market, partner_list=f"赵同 {FIRST}\n钱合 {SECOND}")
    parts = loan.borrowings.all()
    assert [(each.is_borrower, each.ordinal, each.is_open) for each in parts] == [
        (True, 1, True), (False, 1, True), (False, 1, True),
    ]  # fmt: skip
    assert all("read and signed" in each.consent_text and each.consented_at for each in parts[1:])
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, id_number, id_number_index FROM growth_borrowingperson ORDER BY id")
        stored = cursor.fetchall()
        cursor.execute("SELECT partner_list FROM growth_loanapplication")
        stored += cursor.fetchall()
        assert not any(FIRST in value for row in stored for value in row)
    assert BorrowingPerson.objects.get(id_number_index=blind_index(FIRST)).id_number == FIRST
    changes = AuditEntry.objects.filter(table_name__in=("growth_borrowingperson", "growth_loanapplication"))
    assert not any(FIRST in str(each.changes) for each in changes)


def test_whoever_is_a_partner_of_a_running_loan_gets_no_other_alone_or_with_others(market):
    other = lending.borrower(market)
    loan = lending.running(market, partner_list=f"{other.name} {other.id_number}")
    alone = lending.draft(market, other)
    assert outcomes(alone, other)["one_loan"] == "not_met"
    third = lending.borrower(market)
    together = lending.draft(market, third, partner_list=f"{other.name} {other.id_number}")
    assert outcomes(together, third)["partners_one_loan"] == "not_met"
    settle(market, loan)
    assert (outcomes(alone, other)["one_loan"], outcomes(together, third)["partners_one_loan"]) == ("met", "met")


def test_the_bank_approves_nothing_for_a_partner_who_borrowed_meanwhile(market):
    waiting = lending.with_terms(market, lending.borrower(market), partner_list=f"赵同 {FIRST}")
    lending.running(market, partner_list=f"赵同 {FIRST}")
    with pytest.raises(Refused):
        casework.approve(by=market.bank, at=moment(), application=waiting)
    with pytest.raises(Refused, match=r"赵\*"):
        actions.grant(by=market.bank, at=moment(), application=waiting, assessment=None)
    assert Loan.objects.count() == 1


def test_three_in_a_lifetime_whether_alone_or_with_others(market):
    other = lending.borrower(market)
    for number in (1, 2):
        settle(market, lending.running(market, number=f"HT-{number}", partner_list=f"{other.name} {other.id_number}"))
    assert outcomes(lending.draft(market, other), other)["loans_left"] == "met"
    settle(market, lending.running(market, number="HT-3", partner_list=f"{other.name} {other.id_number}"))
    application = casework.start_draft(by=other.user, at=moment(), scheme="start_up_loan", talent=other)
    assert outcomes(application, other)["loans_left"] == "not_met"
    fourth = lending.draft(market, lending.borrower(market), partner_list=f"{other.name} {other.id_number}")
    assert outcomes(fourth, fourth.applicant)["partners_loans_left"] == "not_met"
    assert sorted(Borrowing.objects.filter(is_borrower=False).values_list("ordinal", flat=True)) == [1, 2, 3]


def test_a_loan_that_is_not_taken_up_counts_for_nobody(market):
    loan = lending.approved(market, partner_list=f"赵同 {FIRST}")
    actions.cancel(by=market.bank, at=moment(), loan=loan, reason="客户放弃")
    assert set(loan.borrowings.values_list("is_open", "is_counted")) == {(False, False)}
    assert lending.approved(market, partner_list=f"赵同 {FIRST}").borrowings.get(is_borrower=False).ordinal == 1


def test_a_loan_does_not_run_again_when_a_partner_has_another_by_now(market):
    loan = lending.running(market, partner_list=f"赵同 {FIRST}")
    early = settle(market, loan)
    further = lending.approved(market, partner_list=f"赵同 {FIRST}")
    with pytest.raises(Refused, match="another loan by now"):
        actions.take_back(by=market.bank, at=moment(ON), repayment=early, reason="录入错误")
    actions.cancel(by=market.bank, at=moment(), loan=further, reason="客户放弃")
    actions.take_back(by=market.bank, at=moment(ON), repayment=early, reason="录入错误")
    assert set(loan.borrowings.values_list("is_open", flat=True)) == {True}


@pytest.mark.parametrize("changed", [{"partner_list": ""}, {"partners_agree": False}, {"partners": 3}])
def test_nothing_is_granted_while_partners_are_not_named_or_do_not_agree(market, changed):
    waiting = lending.with_terms(market, lending.borrower(market), partner_list=f"赵同 {FIRST}")
    form = waiting.loan_form
    for name, value in changed.items():
        setattr(form, name, value)
    form.save(update_fields=list(changed))
    assert outcomes(waiting, waiting.applicant)["partners"] == "unknown"
    with pytest.raises(Refused):
        actions.grant(by=market.bank, at=moment(), application=waiting, assessment=None)


def test_nobody_is_erased_out_of_a_partnership_that_still_owes(market):
    partner = lending.borrower(market)
    loan = lending.running(market, partner_list=f"赵同 {partner.id_number}")
    erase = partial(people.erase, by=market.office.director, talent=partner)
    with pytest.raises(Refused, match="A loan is not over"):
        erase(at=moment(ON))
    settle(market, loan)
    erase(at=moment(ON))


def test_the_erased_keep_their_count_and_nothing_else(market):
    person = lending.borrower(market)
    settle(market, lending.running(market, person, partner_list=f"赵同 {FIRST}"))
    index = person.id_number_index
    people.erase(by=market.office.director, at=moment(ON), talent=person)
    kept = BorrowingPerson.objects.get(id_number_index=index)
    assert (kept.name, kept.id_number) == ("", "")
    assert LoanApplication.objects.get(application__applicant=person).partner_list == ""
    back = lending.borrower(market, id_number=person.id_number)
    assert lending.approved(market, back).borrowings.get(is_borrower=True).ordinal == 2


# The database ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("growth_borrowing_once_a_loan", {"is_open": False, "is_counted": False}),
        ("growth_borrowing_open_ones_count", {"is_open": True, "is_counted": False}),
        ("growth_borrowing_partners_consent", {"is_borrower": False, "is_open": False, "is_counted": False}),
    ],
)
def test_the_database_refuses_what_must_not_be(market, constraint, values):
    part = lending.running(market).borrowings.get()
    asked = {"loan": part.loan, "person": part.person, "is_borrower": True, "ordinal": 9, **values}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Borrowing.objects.create(**asked)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("growth_borrowing_one_at_a_time", {"ordinal": 9}),
        ("growth_borrowing_each_counted_once", {"ordinal": 1, "is_open": False}),
    ],
)
def test_the_database_counts_each_loan_of_a_person_once(market, constraint, values):
    part, other = (lending.running(market, number=number).borrowings.get() for number in ("HT-1", "HT-2"))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Borrowing.objects.create(loan=other.loan, person=part.person, is_borrower=True, **values)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "index"), [("growth_borrowingperson_once", "x"), ("growth_borrowingperson_indexed", "")]
)
def test_a_person_is_known_once_and_by_a_number(constraint, index):
    BorrowingPerson.objects.create(id_number_index="x")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        BorrowingPerson.objects.create(id_number_index=index)


def test_loans_of_before_are_known_by_their_borrowers(market):
    """What the migration writes for loans that were granted before persons were recorded."""
    moved = import_module("growth.migrations.0006_borrowers_of_loans")
    person = lending.borrower(market)
    settle(market, lending.running(market, person, number="HT-1"))
    lending.running(market, person, number="HT-2")
    actions.cancel(by=market.bank, at=moment(), loan=lending.approved(market), reason="客户放弃")
    expected = set(Borrowing.objects.values_list("loan", "person__id_number_index", "ordinal", "is_open", "is_counted"))
    Borrowing.objects.all().delete()
    BorrowingPerson.objects.all().delete()
    with connection.cursor() as cursor:
        for statement in (moved.PERSONS, moved.PARTS, moved.PERSONS, moved.PARTS):
            cursor.execute(statement)
    found = Borrowing.objects.values_list("loan", "person__id_number_index", "ordinal", "is_open", "is_counted")
    assert set(found) == expected
    assert BorrowingPerson.objects.get(id_number_index=person.id_number_index).id_number == person.id_number
