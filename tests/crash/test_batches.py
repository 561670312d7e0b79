"""kill -9 of the web process in the middle of a batch, asked for by a browser: nothing half, and again does it once.

Each has its control: without the transaction around an action, what the dead process had written is left behind.
"""

import threading
from contextlib import contextmanager

import pytest
from django.db import OperationalError, transaction
from django.urls import reverse

from talentmap.money.models import BatchLine, LedgerEntry, Payable, PaymentBatch, ReturnFile
from talentmap.money.rules import Quarter
from talentmap.notices.models import Notice
from tests.crash.conftest import Platform
from tests.factories import money as made

pytestmark = pytest.mark.xdist_group("crash")

BEFORE_TELLING_OF_PREPARED = "talentmap.money.actions.payments:_tell_releasers"
BEFORE_TELLING_OF_RELEASED = "talentmap.money.actions.payments:notify"
BEFORE_SETTLING = "talentmap.money.actions.returns:_settle"


@contextmanager
def killed_in_the_middle(platform: Platform, spot: str, request, *, unguarded: bool = False):
    """Send a request to a web process that stops at `spot`, kill it there, and start the product anew."""
    platform.stops_at(spot, unguarded=unguarded)
    web = platform.web()
    answers = []
    browser = threading.Thread(target=lambda: answers.append(web.post(*request)))
    browser.start()
    platform.wait_for_stop()
    platform.kill(web.process)
    browser.join(60)
    assert answers == [0]
    platform.wait_for(nobody_holds_a_payment, "the database to notice that the process is gone")
    yield
    platform.queue.flushall()
    platform.runs_on()


def nobody_holds_a_payment() -> bool:
    try:
        with transaction.atomic():
            return bool(Payable.objects.select_for_update(nowait=True)) or True
    except OperationalError:
        return False


@pytest.fixture
def due(platform):
    """Three payments for the first quarter."""
    fund = made.fund(100_000)
    for _payment in range(3):
        made.payable(fund)
    return fund


def preparing(fund, person):
    data = {"fund": str(fund.pk), "quarter": str(Quarter(2026, 1))}
    return person, reverse("money:batch_prepare"), data


def test_preparing(platform, due):
    made.director()  # is told of a batch to release
    request = preparing(due, made.staff())
    with killed_in_the_middle(platform, BEFORE_TELLING_OF_PREPARED, request):
        assert not PaymentBatch.objects.exists()
        assert set(Payable.objects.values_list("state", flat=True)) == {"due"}
    web = platform.web()
    assert [web.post(*request) for _press in range(2)] == [302, 200]
    assert PaymentBatch.objects.get().lines.count() == 3
    assert Notice.objects.filter(kind="batch_prepared").count() == 1


def test_control_preparing_without_the_transaction(platform, due):
    with killed_in_the_middle(platform, BEFORE_TELLING_OF_PREPARED, preparing(due, made.staff()), unguarded=True):
        assert PaymentBatch.objects.exists()


def releasing(batch, person):
    return person, reverse("money:batch_release", args=[batch.pk]), {"total": "4500"}


def test_releasing(platform):
    batch = made.prepared(3)
    request = releasing(batch, made.director())
    with killed_in_the_middle(platform, BEFORE_TELLING_OF_RELEASED, request):
        assert PaymentBatch.objects.get().state == "prepared"
    web = platform.web()
    assert web.post(*request) == 302
    released = PaymentBatch.objects.get()
    assert (released.state, released.released_by) == ("released", request[0])
    assert web.post(*releasing(batch, made.director())) == 302
    again = PaymentBatch.objects.get()
    assert (again.released_by, again.released_at) == (released.released_by, released.released_at)
    assert Notice.objects.filter(kind="batch_released").count() == 1


def test_control_releasing_without_the_transaction(platform):
    batch = made.prepared(3)
    request = releasing(batch, made.director())
    with killed_in_the_middle(platform, BEFORE_TELLING_OF_RELEASED, request, unguarded=True):
        assert PaymentBatch.objects.get().state == "released"


def importing(batch, person, result="成功"):
    answer = made.csv_file(*(made.answer(line, result) for line in batch.lines.all()))
    return person, reverse("money:return_import", args=[batch.pk]), {"file": answer}


def test_importing_what_the_bank_answers(platform):
    batch = made.released(3)
    person = made.staff()
    with killed_in_the_middle(platform, BEFORE_SETTLING, importing(batch, person)):
        assert not ReturnFile.objects.exists()
        assert not LedgerEntry.objects.filter(kind="payment").exists()
        assert set(BatchLine.objects.values_list("outcome", flat=True)) == {""}
    web = platform.web()
    assert [web.post(*importing(batch, person)) for _press in range(2)] == [302, 200]
    assert PaymentBatch.objects.get().state == "settled"
    assert LedgerEntry.objects.filter(kind="payment").count() == 3
    assert set(Payable.objects.values_list("state", flat=True)) == {"paid"}


def test_control_importing_without_the_transaction(platform):
    """Of failures, which move no money: the ledger's own triggers refuse a payment that is not booked whole."""
    batch = made.released(3)
    request = importing(batch, made.staff(), "失败")
    with killed_in_the_middle(platform, BEFORE_SETTLING, request, unguarded=True):
        assert set(BatchLine.objects.values_list("outcome", flat=True)) == {"failed"}
