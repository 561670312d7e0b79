"""The bank's answers and the office's decisions on the same people at once: neither waits for the other for ever."""

import threading
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from django.db import OperationalError, transaction
from django.db.models import Sum

from support.housing import actions as housing_actions
from support.housing.actions import ending
from support.housing.models import Entitlement
from talentmap.money import actions
from talentmap.money.actions import ledger, recoveries, returns
from talentmap.money.models import Fund, LedgerLine, Recovery
from talentmap.money.rules import Quarter
from talentmap.ui.errors import Refused
from tests.factories import housing
from tests.factories import money as made
from tests.factories.casework import moment
from tests.races import run_together

pytestmark = pytest.mark.django_db(transaction=True)
AT = moment(date(2026, 7, 2))
PEOPLE = 3


@pytest.fixture
def hold_together(monkeypatch):
    """Each goes on once all hold what they lock first, unless a lock makes one of them wait for another."""
    all_hold, lock, locked_at_bank = threading.Barrier(PEOPLE + 1), ending.lock, returns._locked_at_bank

    def meeting(take, seconds):
        def take_and_wait(row):
            taken = take(row)
            with suppress(threading.BrokenBarrierError):
                all_hold.wait(seconds)
            all_hold.abort()
            return taken

        return take_and_wait

    def arm(seconds):
        monkeypatch.setattr(ending, "lock", meeting(lock, seconds))
        monkeypatch.setattr(returns, "_locked_at_bank", meeting(locked_at_bank, seconds))

    return arm


@pytest.fixture
def race(hold_together):
    """Three rent subsidies end in May while the bank's file pays them until June."""

    def run(seconds=0.5):
        office = housing.office()
        subsidies = [housing.approved(office, housing.talent(office)) for _ in range(PEOPLE)]
        for subsidy in subsidies:
            housing_actions.accrue(by=office.system, at=AT, entitlement=subsidy)
        batch = actions.prepare_batch(by=office.staff, at=AT, fund=office.fund, quarter=Quarter(2026, 2)).batch
        actions.release_batch(by=office.director, at=AT, batch=batch)
        upload = made.upload(*(made.answer(line) for line in batch.lines.all()))

        def call(index):
            if index == PEOPLE:
                return actions.import_return(by=office.staff, at=AT, batch=batch, upload=upload)
            day = date(2026, 5, 15)
            return housing_actions.end(
                by=office.staff, at=AT, entitlement=subsidies[index], on=day, note="left the county"
            )

        hold_together(seconds)
        return run_together(call, PEOPLE + 1)

    return run


def test_a_return_file_and_the_end_of_its_subsidies_both_succeed(race):
    outcomes = race()
    assert [type(outcome).__name__ for outcome in outcomes] == ["Ended"] * PEOPLE + ["ReturnFile"]
    assert set(Entitlement.objects.values_list("state", flat=True)) == {Entitlement.State.ENDED}
    # Each was paid March to June at 2,000 and is due March to May.
    assert list(Recovery.objects.values_list("amount", flat=True)) == [Decimal(2_000)] * PEOPLE
    assert LedgerLine.objects.aggregate(total=Sum("amount"))["total"] == 0


def test_control_without_the_applications_first_somebody_is_told_to_try_again(race, monkeypatch):
    monkeypatch.setattr(returns, "_lock_answered", lambda batch, references: None)
    given_up = [outcome for outcome in race(30) if isinstance(outcome, Exception)]
    assert given_up
    assert {type(outcome) for outcome in given_up} == {Refused}
    assert all(isinstance(outcome.__cause__, OperationalError) for outcome in given_up)


def receipt_beside_a_decision(monkeypatch, seconds=0.5):
    """Money comes back for an application on which somebody decides, who then needs its fund."""
    recovery, both_hold = made.recovery(), threading.Barrier(2)
    book = recoveries.recover

    def wait():
        with suppress(threading.BrokenBarrierError):
            both_hold.wait(seconds)

    def recover_later(**values):
        wait()
        return book(**values)

    def call(index):
        if index:
            day = AT.date()
            return actions.receive(
                by=made.staff(), at=AT, recovery=recovery, amount=Decimal(100), received_on=day, key="receipt"
            )
        with transaction.atomic():
            ledger.lock_applications([recovery.application_id])
            wait()
            return Fund.objects.select_for_update().get(pk=recovery.fund_id)

    monkeypatch.setattr(recoveries, "recover", recover_later)
    return run_together(call, 2)


def test_a_receipt_and_a_decision_on_its_application_both_succeed(monkeypatch):
    outcomes = receipt_beside_a_decision(monkeypatch)
    assert [type(outcome).__name__ for outcome in outcomes] == ["Fund", "RecoveryReceipt"]


def test_control_a_receipt_that_takes_the_fund_first_is_in_the_way(monkeypatch):
    monkeypatch.setattr(recoveries, "lock_applications", lambda ids: None)
    assert any(isinstance(outcome, Exception) for outcome in receipt_beside_a_decision(monkeypatch, 30))
