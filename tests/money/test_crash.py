"""A process that dies in the middle (kill -9) leaves nothing half, and doing it again does it once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from talentmap.money import actions
from talentmap.money.models import LedgerEntry, Payable, PaymentBatch, ReturnFile
from tests.factories import money as made

pytestmark = pytest.mark.django_db(transaction=True)
BASE_DIR = Path(__file__).resolve().parent.parent.parent

# The other process runs the action, says so when it has written everything, and waits to be killed before the commit.
VICTIM = """
import os, sys, time
import django
django.setup()
from datetime import datetime
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from talentmap.accounts.models import User
from talentmap.money import actions
from talentmap.money.models import Fund, PaymentBatch
from talentmap.money.rules import Quarter
from talentmap.notices import actions as notices
from tests.factories import money as made

def wait(*args, **told):
    print("written", flush=True)
    time.sleep(60)

by = User.objects.get(pk=int(sys.argv[3]))
if sys.argv[2] == "prepare":
    from talentmap.money.actions import payments
    payments._tell_releasers = wait
    actions.prepare_batch(by=by, at=made.AT, fund=Fund.objects.get(), quarter=Quarter(2026, 1))
else:
    from talentmap.money.actions import returns
    returns._settle = wait
    batch = PaymentBatch.objects.get()
    rows = [made.answer(line) for line in batch.lines.all()]
    actions.import_return(by=by, at=made.AT, batch=batch, upload=made.upload(*rows))
"""


def killed_in(what, person):
    """Run `what` in a process of its own and kill it when everything is written but not committed."""
    database = connection.settings_dict["NAME"]
    victim = subprocess.Popen(
        [sys.executable, "-c", VICTIM, database, what, str(person.pk)],
        cwd=BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "talentmap.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert victim.stdout.readline().strip() == "written"
    victim.send_signal(signal.SIGKILL)
    victim.wait(30)
    victim.stdout.close()


def test_killed_while_preparing_a_batch():
    fund = made.fund(100_000)
    for _payment in range(3):
        made.payable(fund)
    person = made.staff()
    killed_in("prepare", person)
    assert not PaymentBatch.objects.exists()
    assert set(Payable.objects.values_list("state", flat=True)) == {"due"}
    batch = actions.prepare_batch(by=person, at=made.AT, fund=fund, quarter=made.QUARTER).batch
    assert batch.lines.count() == 3


def test_killed_while_importing_a_return_file():
    batch = made.released(3)
    person = made.staff()
    killed_in("import", person)
    assert not ReturnFile.objects.exists()
    assert not LedgerEntry.objects.filter(kind="payment").exists()
    assert set(Payable.objects.values_list("state", flat=True)) == {"batched"}
    rows = [made.answer(line) for line in batch.lines.all()]
    actions.import_return(by=person, at=made.AT, batch=batch, upload=made.upload(*rows))
    batch.refresh_from_db()
    assert batch.state == "settled"
    assert actions.balances(batch.fund)["paid"] == 4_500
