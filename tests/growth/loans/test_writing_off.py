"""What a bank gives up, from which day on, and how it takes that back; nothing disappears from the books."""

from datetime import date
from decimal import Decimal
from importlib import import_module
from threading import Barrier

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from growth.loans import actions
from growth.loans.actions import borrowing, ending
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import SubsidyBooking
from growth.loans.models_write_off import WriteOff
from talentmap.audit.models import AuditEntry
from talentmap.casework.models import Application
from talentmap.casework.states import State as CaseState
from talentmap.ui.errors import Refused
from tests.factories import lending
from tests.factories.casework import moment
from tests.growth.loans.test_changes import early, extend, pay_out
from tests.growth.loans.test_races import (  # noqa: F401 - a fixture
    ONE_BORROWING,
    both_look_first,
    one_is_granted,
    unguarded,
    without_the_borrowers_locks,
)
from tests.races import run_together

D = Decimal
MONTH = D("875.00")  # 300,000 at 3.5% a year
PAID_OUT, JUNE, JULY = date(2026, 3, 10), date(2026, 6, 1), date(2026, 7, 6)
WHY, MISTAKEN = "破产", "认错了借款人"


@pytest.fixture
def market(db):
    return lending.market()


def write_off(market, loan, on=JUNE, today=None):
    return actions.write_off(by=market.bank, at=moment(today or on), loan=loan, on=on, reason=WHY)


def take_back(market, loan, on=JULY, by=None, reason=MISTAKEN):
    return actions.take_back_write_off(by=by or market.bank, at=moment(on), loan=loan, reason=reason)


@pytest.fixture
def written_off(market):
    """One month was paid, the next ones not."""
    loan = lending.running(market)
    lending.paid(market, loan, date(2026, 4, 10), interest=MONTH)
    return write_off(market, loan)


# The day -----------------------------------------------------------------------------------------------------------


class TestDay:
    @pytest.mark.parametrize("on", [date(2026, 3, 9), date(2025, 1, 1), date(2026, 6, 2)])
    def test_lies_between_the_disbursement_and_today(self, market, on):
        loan = lending.running(market)
        with pytest.raises(Refused, match="from the disbursement on 2026-03-10 to today"):
            write_off(market, loan, on, today=JUNE)
        write_off(market, loan, PAID_OUT, today=JUNE)

    def test_is_not_before_a_repayment_that_holds(self, market):
        loan, paid_on = lending.running(market), date(2026, 4, 10)
        paid = lending.paid(market, loan, paid_on, interest=MONTH)
        with pytest.raises(Refused, match=r"LS-\d+-2026-04-10 \(2026-04-10\)"):
            write_off(market, loan, date(2026, 4, 9), today=JUNE)
        actions.take_back(by=market.bank, at=moment(JUNE), repayment=paid, reason=WHY)
        write_off(market, loan, date(2026, 4, 9), today=JUNE)

    @pytest.mark.parametrize(
        "change",
        [
            lambda market, loan: extend(market, loan, date(2026, 3, 20), 3),
            lambda market, loan: pay_out(market, loan, date(2026, 3, 20), 50_000),
            lambda market, loan: early(market, loan, date(2026, 3, 20), 10_000, "58.33"),
        ],
        ids=["extended", "a further part", "repaid early"],
    )
    def test_is_not_before_a_change_of_the_schedule(self, market, change):
        loan = lending.signed(market, amount=D(120_000))
        pay_out(market, loan, PAID_OUT, 60_000, first_due=date(2026, 4, 10))
        loan = Loan.objects.get(pk=loan.pk)
        change(market, loan)
        with pytest.raises(Refused, match="later day"):
            write_off(market, loan, date(2026, 3, 19), today=JUNE)
        assert write_off(market, loan, date(2026, 3, 20), today=JUNE).state == "written_off"


# The decision, and taking it back ----------------------------------------------------------------------------------


def test_what_was_given_up_is_kept_with_the_day_the_reason_and_who_decided(market, written_off):
    row = WriteOff.objects.get()
    assert (row.loan_id, row.on, row.amount, row.reason, row.by, row.at) == (
        written_off.pk, JUNE, D(300_000), WHY, market.bank, moment(JUNE),
    )  # fmt: skip
    for change in (lambda: WriteOff.objects.update(amount=1), WriteOff.objects.all().delete):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("growth_writeoff_amount", {"amount": -1}),
        ("growth_writeoff_amount", {"amount": 1, "reverses": True}),
        ("growth_writeoff_says_why", {"reason": ""}),
    ],
)
def test_the_database_refuses_what_must_not_be(market, written_off, constraint, values):
    row = WriteOff.objects.get()
    asked = {"loan": written_off, "on": JUNE, "amount": 1, "reason": WHY, "by": market.bank, "at": moment(), **values}
    asked["reverses"] = row if values.get("reverses") else None
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        WriteOff.objects.create(**asked)


def test_a_write_off_is_taken_back_once(market, written_off):
    take_back(market, written_off)
    row = WriteOff.objects.get(reverses=None)
    with pytest.raises(IntegrityError, match="reverses"), transaction.atomic():
        WriteOff.objects.create(
            loan=written_off, on=JUNE, amount=-1, reason=WHY, by=market.bank, at=moment(), reverses=row
        )
    with pytest.raises(Refused, match="not written off"):
        take_back(market, written_off)


def test_the_loan_runs_again_with_what_fell_due_meanwhile(market, written_off):
    take_back(market, written_off)
    loan = Loan.objects.get()
    assert (loan.state, loan.ended_on, loan.end_note, loan.outstanding) == ("running", None, "", 300_000)
    assert (loan.arrears, loan.overdue_since, loan.next_due_on) == (2 * MONTH, date(2026, 5, 10), date(2026, 7, 10))
    assert loan.application.state == CaseState.APPROVED
    assert list(loan.borrowings.values_list("is_open", "is_counted")) == [(True, True)]
    assert list(WriteOff.objects.values_list("on", "amount", "reason")) == [
        (JUNE, D(300_000), WHY), (JUNE, D(-300_000), MISTAKEN),
    ]  # fmt: skip
    entry = AuditEntry.objects.filter(action="growth.loans.take_back_write_off", table_name="growth_loan").first()
    assert (entry.reason, entry.actor_id) == (MISTAKEN, market.bank.pk)
    lending.paid(market, loan, date(2026, 7, 8), interest=2 * MONTH)
    write_off(market, loan, date(2026, 7, 9))
    assert WriteOff.objects.filter(reverses=None).count() == 2


def test_only_the_bank_with_a_reason(market, written_off):
    for other in (market.other_bank, market.office.director):
        with pytest.raises(PermissionDenied):
            take_back(market, written_off, by=other)
    with pytest.raises(Refused, match="why"):
        take_back(market, written_off, reason=" ")
    with pytest.raises(Refused, match="not written off"):
        take_back(market, lending.running(market, number="HT-2"))


def test_not_beside_a_further_loan_of_the_borrower_or_a_partner(market):
    partner = lending.borrower(market)
    named = f"{partner.name} {partner.id_number}"
    for number, person in (("HT-1", lending.borrower(market)), ("HT-2", partner)):
        loan = write_off(
            market, lending.running(market, person, number=number, partner_list=named * (number == "HT-1"))
        )
        further = lending.approved(market, partner if number == "HT-1" else person)
        with pytest.raises(Refused, match="another loan by now"):
            take_back(market, loan)
        actions.cancel(by=market.bank, at=moment(JULY), loan=further, reason=WHY)
        take_back(market, loan)
        write_off(market, loan, JULY)


def test_a_loan_that_turns_out_repaid_is_over_as_repaid_on_its_last_day(market):
    loan = lending.signed(market, months=6)
    pay_out(market, loan, PAID_OUT, 300_000, first_due=date(2026, 4, 10))
    for month in range(4, 9):
        lending.paid(market, loan, date(2026, month, 10), interest=MONTH)
    after = date(2026, 9, 20)
    write_off(market, loan, after)
    lending.paid(market, loan, date(2026, 9, 9), principal=300_000, interest=MONTH, at=moment(after))
    assert Loan.objects.get().state == "written_off"
    take_back(market, loan, after)
    loan.refresh_from_db()
    assert (loan.state, str(loan.ended_on), loan.outstanding) == ("settled", "2026-09-09", 0)
    assert loan.application.state == CaseState.CLOSED
    assert not loan.borrowings.filter(is_open=True).exists()


def test_the_subsidy_of_what_is_paid_again_follows(market):
    loan = lending.running(market)
    for month in (4, 5, 6):
        lending.paid(market, loan, date(2026, month, 10), interest=MONTH)
    write_off(market, loan, date(2026, 6, 30))
    take_back(market, loan, JULY)

    def booked():
        return SubsidyBooking.objects.aggregate(sum=Sum("amount"))["sum"]

    assert booked() == D("1312.50")
    lending.paid(market, loan, date(2026, 7, 10), interest=MONTH)
    actions.book_subsidy(by=market.office.staff, at=moment(date(2026, 10, 9)), loan=loan)
    assert booked() == D("1750.00")


def test_loans_written_off_before_have_their_decision_too(market, written_off):
    """What the migration writes for those that were given up before decisions were kept."""
    moved = import_module("growth.migrations.0017_write_offs_so_far")
    lending.running(market, number="HT-2")
    expected = WriteOff.objects.values("loan", "on", "amount", "reason", "by", "reverses").get()
    with pgtrigger.ignore("growth.WriteOff:append_only"):
        WriteOff.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(moved.DECISIONS)
        cursor.execute(moved.DECISIONS)
    assert WriteOff.objects.values("loan", "on", "amount", "reason", "by", "reverses").get() == expected
    take_back(market, written_off)


# On the pages ------------------------------------------------------------------------------------------------------


def test_the_bank_takes_it_back_on_its_page(market, written_off):
    address = reverse("loans:take_back_write_off", args=[written_off.pk])
    pages = {}
    for name, reader in (("bank", market.bank), ("office", market.office.staff)):
        client = Client()
        client.force_login(reader)
        pages[name] = client.get(written_off.get_absolute_url()).content.decode()
    assert address in pages["bank"] and address not in pages["office"]
    assert WHY in pages["office"]
    client = Client()
    client.force_login(market.bank)
    assert "2026-06-01" in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).context["form"].errors
    assert client.post(address, {"reason": MISTAKEN}).url == written_off.get_absolute_url()
    assert Loan.objects.get().state == "running"
    shown = client.get(written_off.get_absolute_url()).content.decode()
    assert MISTAKEN in shown and address not in shown


def test_what_stands_in_the_way_is_said_before_somebody_writes_a_reason(market, written_off):
    lending.approved(market, written_off.talent)
    client = Client()
    client.force_login(market.bank)
    address = reverse("loans:take_back_write_off", args=[written_off.pk])
    assert "借款人已有另一笔贷款" in client.get(address).content.decode()


# Taken back twice, and beside another bank that lends --------------------------------------------------------------


def take_back_both(market, loan):
    return run_together(lambda _index: take_back(market, Loan.objects.get(pk=loan.pk)), 2)


@pytest.mark.django_db(transaction=True)
class TestTwice:
    def test_at_once_is_once(self):
        market = lending.market()
        found = take_back_both(market, write_off(market, lending.running(market)))
        assert sorted(isinstance(each, Refused) for each in found) == [False, True]
        assert WriteOff.objects.filter(reverses__isnull=False).count() == 1

    def test_without_lock_and_constraint_it_would_be_twice(self, both_look_first, monkeypatch):  # noqa: F811
        market = lending.market()
        loan = write_off(market, lending.running(market))
        monkeypatch.setattr(borrowing, "lock_with_persons", lambda loan: Loan.objects.get(pk=loan.pk))
        both_look_first(borrowing, "have_another")
        # The case is opened once: whoever comes second would be told that it is open already.
        monkeypatch.setattr(ending.casework, "reopen", lambda **_given: None)
        with unguarded("growth_writeoff.growth_writeoff_reverses_id_key"):
            take_back_both(market, loan)
            assert WriteOff.objects.filter(reverses__isnull=False).count() == 2


def take_back_beside_a_grant(market, prepare=lambda: None):
    """The bank takes its write-off back while another lends to the same person."""
    person = lending.borrower(market)
    loan = write_off(market, lending.running(market, person))
    waiting = lending.with_terms(market, person, bank=market.other_bank, product=market.other_product)
    prepare()

    def one(index):
        if index:
            return take_back(market, Loan.objects.get(pk=loan.pk))
        case = Application.objects.get(pk=waiting.pk)
        return actions.grant(by=market.other_bank, at=moment(), application=case, assessment=None)

    return run_together(one, 2)


@pytest.mark.django_db(transaction=True)
class TestBesideAGrant:
    def test_the_person_has_one_loan(self):
        assert one_is_granted(take_back_beside_a_grant(lending.market()))
        assert Loan.objects.open().count() == 1

    def test_without_locks_and_constraints_they_would_have_two(self, monkeypatch):
        market, both = lending.market(), Barrier(2)

        def looks(look):
            def look_and_wait(*arguments):
                seen = look(*arguments)
                both.wait(30)
                return seen

            return look_and_wait

        def prepare():
            without_the_borrowers_locks(monkeypatch)
            monkeypatch.setattr(borrowing, "lock_with_persons", lambda loan: Loan.objects.get(pk=loan.pk))
            monkeypatch.setattr(borrowing, "refuse_beyond", looks(borrowing.refuse_beyond))
            monkeypatch.setattr(borrowing, "have_another", looks(borrowing.have_another))

        with unguarded("growth_loan.growth_loan_one_at_a_time", *ONE_BORROWING):
            take_back_beside_a_grant(market, prepare)
            assert Loan.objects.open().count() == 2
