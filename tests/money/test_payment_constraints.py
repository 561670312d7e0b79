"""What the database refuses of payables, batches, return files and claims: each constraint, violated."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from talentmap.money.models import (
    Payable,
    PaymentBatch,
    Recovery,
    RecoveryReceipt,
    ReturnFile,
    ReturnLine,
)
from tests.factories import money as made

pytestmark = pytest.mark.django_db
AT = made.AT


def violates(name):
    return pytest.raises(IntegrityError, match=name)


# Payments ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"amount": 0}, "talentmap_payable_more_than_zero"),
        ({"period_to": date(2025, 12, 31)}, "talentmap_payable_period_in_order"),
    ],
)
def test_payables(changes, name):
    payable = made.payable(made.fund())
    with violates(name):
        Payable.objects.filter(pk=payable.pk).update(**changes)


def test_an_amount_is_owed_once():
    payable = made.payable(made.fund())
    payable.pk = None
    with violates("talentmap_payable_owed_once"):
        payable.save()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"quarter": 5}, "talentmap_paymentbatch_of_a_quarter"),
        ({"released_by": "preparer", "released_at": AT, "state": "released"}, "talentmap_paymentbatch_four_eyes"),
        ({"state": "released"}, "talentmap_paymentbatch_released_by_somebody"),
        ({"state": "draft"}, "talentmap_paymentbatch_released_by_somebody"),
        ({"settled_at": AT}, "talentmap_paymentbatch_settled_at_a_time"),
        ({"cancelled_at": AT}, "talentmap_paymentbatch_cancelled_by_somebody"),
        ({"state": "cancelled"}, "talentmap_paymentbatch_cancelled_by_somebody"),
    ],
)
def test_batches(changes, name):
    batch = made.prepared(1)
    values = {k: batch.prepared_by if v == "preparer" else v for k, v in changes.items()}
    with violates(name):
        PaymentBatch.objects.filter(pk=batch.pk).update(**values)


def test_a_batch_number_is_unique():
    batch = made.prepared(1)
    batch.pk = None
    with violates("talentmap_paymentbatch_one_a_number"):
        batch.save()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"amount": 0}, "talentmap_batchline_more_than_zero"),
        ({"outcome": "paid"}, "talentmap_batchline_answered_at_a_time"),
        ({"returned_at": AT}, "talentmap_batchline_answered_at_a_time"),
    ],
)
def test_payments(changes, name):
    batch = made.prepared(1)
    with violates(name):
        batch.lines.update(**changes)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"reference": "other"}, "talentmap_batchline_one_a_position"),
        ({"position": 9}, "talentmap_batchline_one_a_reference"),
        ({"position": 9, "reference": "other"}, "talentmap_batchline_paid_once"),
    ],
)
def test_a_payment_is_in_a_batch_once(changes, name):
    line = made.prepared(1).lines.get()
    line.pk = None
    if "paid_once" not in name:  # another payable, so that only the constraint in question speaks
        line.payable = made.payable(made.fund())
    for field, value in changes.items():
        setattr(line, field, value)
    with violates(name):
        line.save()


def return_file(**changes):
    values = {"name": "r.csv", "sha256": "a" * 64, "imported_by": made.staff(), "imported_at": AT, **changes}
    return ReturnFile.objects.create(**values)


def test_a_file_is_imported_once():
    batch = made.released(1)
    return_file(batch=batch)
    with violates("talentmap_returnfile_imported_once"):
        return_file(batch=batch)


def test_a_row_is_read_once_and_stays():
    file = return_file(batch=made.released(1))
    ReturnLine.objects.create(file=file, row=2, verdict="unknown")
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        ReturnLine.objects.update(verdict="paid")
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        ReturnFile.objects.update(name="x")
    with violates("talentmap_returnline_one_a_row"):
        ReturnLine.objects.create(file=file, row=2, verdict="unknown")


# Recoveries ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"amount": 0}, "talentmap_recovery_(more_than_zero|settled_when_received)"),
        ({"received": Decimal("1000.01")}, "talentmap_recovery_(no_more_than_claimed|settled_when_received)"),
        ({"received": -1}, "talentmap_recovery_no_more_than_claimed"),
        ({"state": "settled"}, "talentmap_recovery_settled_when_received"),
        ({"received": 1000}, "talentmap_recovery_settled_when_received"),
        ({"state": "written_off"}, "talentmap_recovery_closed_by_somebody"),
        ({"state": "withdrawn"}, "talentmap_recovery_closed_by_somebody"),
        ({"closed_at": AT}, "talentmap_recovery_closed_by_somebody"),
    ],
)
def test_recoveries(changes, name):
    claim = made.recovery(1_000)
    with violates(name):
        Recovery.objects.filter(pk=claim.pk).update(**changes)


def test_a_claim_is_made_once():
    claim = made.recovery()
    claim.pk = None
    with violates("talentmap_recovery_claimed_once"):
        claim.save()


def receipt(claim, amount):
    booked = claim.fund.entries.filter(kind="budget").get()
    return RecoveryReceipt.objects.create(recovery=claim, entry=booked, amount=amount, received_on=date(2026, 5, 1))


def test_receipts_move_the_claim_and_never_beyond_it():
    claim = made.recovery(1_000)
    with violates("talentmap_recovery"), transaction.atomic():
        receipt(claim, 1_001)
    with violates("talentmap_recoveryreceipt_more_than_zero"), transaction.atomic():
        receipt(claim, 0)
    receipt(claim, 1_000)
    claim.refresh_from_db()
    assert (claim.received, claim.state) == (1_000, "settled")
    with pytest.raises(DatabaseError, match="append_only"):
        RecoveryReceipt.objects.update(amount=1)
