"""A bank's file beside somebody who works on two of its loans, and two workers with one file; each with its negative
control."""

from datetime import date
from threading import Barrier, Event
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, transaction

from growth.loans import actions
from growth.loans.actions import entering, importing
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Repayment, RepaymentFile
from talentmap.money.actions.ledger import lock_applications
from tests.factories import lending
from tests.factories.casework import moment
from tests.races import run_together, without

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def market():
    return lending.market()


@pytest.fixture
def turns():
    """The other has taken the elder loan; the import has entered its first row."""
    return SimpleNamespace(elder_taken=Event(), begun=Event())


def asked(market, rows):
    read = actions.read_upload(SimpleUploadedFile("a.csv", f"合同号,还款日期,本金,利息,流水号\n{rows}".encode()))
    return actions.import_repayments(by=market.bank, at=moment(date(2026, 4, 12)), bank=market.bank_office, upload=read)


def enter(file):
    return actions.enter_file(file.pk, lambda: moment(date(2026, 4, 12)))


def import_beside_another(market, turns):
    """The file lists the younger loan first; the other takes both in the order in which everybody does."""
    elder, younger = (lending.running(market, number=number).application_id for number in ("HT-1", "HT-2"))
    file = asked(market, "HT-2,2026-04-10,0,875.00,LS-1\nHT-1,2026-04-11,0,875.00,LS-2\n")

    def imported():
        turns.elder_taken.wait(30)
        enter(file)
        return sorted(file.lines.values_list("verdict", flat=True))

    @transaction.atomic
    def worked_on():
        lock_applications([elder])
        turns.elder_taken.set()
        turns.begun.wait(30)
        lock_applications([younger])
        return "done"

    return run_together(lambda index: (imported, worked_on)[index](), 2)


@pytest.fixture
def says_when_a_row_is_entered(turns, monkeypatch):
    enter_row = importing.enter_row

    def enter_and_say(**options):
        is_done = enter_row(**options)
        turns.begun.set()
        return is_done

    monkeypatch.setattr(importing, "enter_row", enter_and_say)


def test_no_row_of_a_file_loses_to_somebody_else(market, turns, says_when_a_row_is_entered):
    assert import_beside_another(market, turns) == [["booked", "booked"], "done"]


def test_if_the_whole_file_were_one_transaction_one_of_them_would(
    market, turns, says_when_a_row_is_entered, monkeypatch
):
    monkeypatch.setattr(actions, "enter_file", transaction.atomic(actions.enter_file))
    verdicts, other = import_beside_another(market, turns)
    assert verdicts == ["booked", "refused"] or isinstance(other, OperationalError)


# Two workers with one file -----------------------------------------------------------------------------------------


@pytest.fixture
def file(market):
    lending.running(market)
    return asked(market, "HT-1,2026-04-10,0,875.00,LS-1\n")


def test_two_workers_with_one_file_enter_each_row_once(file):
    run_together(lambda _index: enter(file), 2)
    assert (Repayment.objects.count(), file.lines.count()) == (1, 1)
    assert not RepaymentFile.objects.open().exists()


def test_without_locks_and_constraints_each_would_enter_it(file, monkeypatch):
    both, check = Barrier(2), entering._check_amounts

    def check_and_wait(*arguments):
        check(*arguments)
        both.wait(30)

    monkeypatch.setattr(importing, "_take_in_hand", lambda file: RepaymentFile.objects.get(pk=file.pk))
    monkeypatch.setattr(entering, "lock", lambda loan: Loan.objects.get(pk=loan.pk))
    monkeypatch.setattr(entering, "_check_amounts", check_and_wait)
    with (
        without("growth_repaymentline", "growth_repaymentline_one_a_row"),
        without("growth_repayment", "growth_repayment_once"),
    ):
        run_together(lambda _index: enter(file), 2)
        assert (Repayment.objects.count(), file.lines.count()) == (2, 2)
