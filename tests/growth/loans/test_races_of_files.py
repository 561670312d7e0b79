"""A bank's file beside somebody who works on two of its loans; the negative control takes the locks row by row."""

from datetime import date
from threading import Event
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, transaction

from growth.loans import actions
from growth.loans.actions import importing
from talentmap.money.actions.ledger import lock_applications
from tests.factories import lending
from tests.factories.casework import moment
from tests.races import run_together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def market():
    return lending.market()


@pytest.fixture
def turns():
    """The other has taken the elder loan; the import has begun."""
    return SimpleNamespace(elder_taken=Event(), begun=Event())


def import_beside_another(market, turns):
    """The file lists the younger loan first; the other takes both in the order in which everybody does."""
    elder, younger = (lending.running(market, number=number).application_id for number in ("HT-1", "HT-2"))
    rows = "HT-2,2026-04-10,0,875.00,LS-1\nHT-1,2026-04-11,0,875.00,LS-2\n"
    read = actions.read_upload(SimpleUploadedFile("a.csv", f"合同号,还款日期,本金,利息,流水号\n{rows}".encode()))

    def imported():
        turns.elder_taken.wait(30)
        file = actions.import_repayments(
            by=market.bank, at=moment(date(2026, 4, 12)), bank=market.bank_office, upload=read
        )
        return sorted(file.lines.values_list("verdict", flat=True))

    @transaction.atomic
    def worked_on():
        lock_applications([elder])
        turns.elder_taken.set()
        turns.begun.wait(30)
        lock_applications([younger])
        return "done"

    return run_together(lambda index: (imported, worked_on)[index](), 2)


def test_no_row_of_a_file_loses_to_somebody_else(market, turns, monkeypatch):
    lock_loans = importing._lock_loans

    def say_and_lock(loans):
        turns.begun.set()
        lock_loans(loans)

    monkeypatch.setattr(importing, "_lock_loans", say_and_lock)
    assert import_beside_another(market, turns) == [["booked", "booked"], "done"]


def test_if_each_row_took_its_own_lock_one_of_them_would(market, turns, monkeypatch):
    book = importing._book

    def book_and_say(*arguments):
        line = book(*arguments)
        turns.begun.set()
        return line

    monkeypatch.setattr(importing, "_lock_loans", lambda loans: None)
    monkeypatch.setattr(importing, "_book", book_and_say)
    verdicts, other = import_beside_another(market, turns)
    assert verdicts == ["booked", "refused"] or isinstance(other, OperationalError)
