"""The demo's date: moved on by whole days with the nights between, in a demo only."""

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from support.housing.models import Accrual
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.audit import actions as audit
from talentmap.audit import seals, tasks
from talentmap.audit.models import AuditEntry, DaySeal, SealCheck
from talentmap.casework import actions as casework
from talentmap.casework import calendar
from talentmap.casework.states import State
from talentmap.demo import actions, clock, nights
from talentmap.demo.models import DemoDate
from talentmap.demo.rules import Step, days_to
from talentmap.money.models import Payable
from talentmap.ui.errors import Refused
from tests.factories import housing, money
from tests.factories.accounts import UserFactory, user_with

RESOLVE = ["-c", "from django.urls import resolve; import django; django.setup(); print(resolve('/demo/date/'))"]
URL = "/demo/date/"


@pytest.fixture
def demo_clock():
    """This process lives on the demo's date, as web and worker do."""
    call_command("load_reference_data", verbosity=0)
    clock.start()
    yield clock
    clock.stop()


def on_notice(office):
    """Reviewed by three people today."""
    now, case = timezone.now(), housing.submitted(housing.talent(office), on=timezone.localdate())
    case = casework.accept(by=office.cadre, at=now, application=case)
    for reviewer in (office.cadre, office.staff, office.director):
        case = casework.pass_stage(by=reviewer, at=now, application=case)
    return case


@pytest.mark.parametrize(
    ("step", "today", "days"),
    [
        (Step.DAY, date(2026, 11, 25), 1),
        (Step.DAY, date(2026, 11, 27), 3),  # Friday to Monday
        (Step.DAY, date(2026, 9, 30), 8),  # over the National Day holidays
        (Step.NOTICE, date(2026, 11, 25), 7),
        (Step.QUARTER, date(2026, 3, 31), 1),
        (Step.QUARTER, date(2026, 9, 1), 37),  # to 8 October: the first seven days are holidays
        (Step.QUARTER, date(2025, 12, 31), 4),  # 1–3 January 2026 are holidays, the 4th is a worked Sunday
    ],
)
@pytest.mark.django_db
def test_a_step_arrives_at_a_working_day(step, today, days):
    call_command("load_reference_data", verbosity=0)
    assert days_to(step, today, calendar.current()) == days


@pytest.mark.django_db
def test_the_nights_between_do_what_the_platform_does_every_night(demo_clock):
    """From a case on public notice to the quarter's payable, with nothing but the date moved on."""
    office = housing.office()
    case = on_notice(office)
    until = (case.notice_until - timezone.localdate()).days
    real = clock.machine_now()

    nights.pass_days(by=office.staff, days=until)
    case.refresh_from_db()
    assert case.state == State.ON_NOTICE
    nights.pass_days(by=office.staff, days=1)
    case.refresh_from_db()
    assert case.state == State.AWAITING_DECISION

    casework.approve(by=office.director, at=timezone.now(), application=case)
    nights.pass_days(by=office.staff, days=days_to(Step.QUARTER, timezone.localdate(), calendar.current()))
    assert Accrual.objects.exists()
    assert Payable.objects.get().state == Payable.State.DUE
    assert (
        timedelta(0) <= timezone.now() - real - timedelta(days=DemoDate.objects.get().days_ahead) < timedelta(hours=1)
    )


@pytest.mark.django_db
def test_whoever_is_signed_in_stays_so_and_who_was_signed_out_does_not_come_back(demo_clock, client, settings):
    person = user_with(Role.OFFICE_STAFF)
    client.force_login(person)
    expired = SessionStore()
    expired.create()
    Session.objects.filter(pk=expired.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    client.get(reverse("account"))

    client.post(URL, {"step": "notice"})

    assert client.get(reverse("account")).status_code == 200
    assert not SessionStore(expired.session_key).exists("x") and SessionStore(expired.session_key).load() == {}


@pytest.mark.django_db
def test_every_page_says_that_the_date_is_ahead(demo_clock, client):
    client.force_login(user_with(Role.OFFICE_STAFF))
    today = timezone.localdate()
    assert "快进" not in client.get(reverse("account")).content.decode()
    answer = client.post(URL, {"step": "day", "next": reverse("account")}, follow=True)
    assert answer.redirect_chain == [(reverse("account"), 302)]
    moved = timezone.localdate()
    assert moved > today
    assert f"演示：今天是 {moved}" in answer.content.decode()
    assert f"快进了 {(moved - today).days} 天" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["", "year", "张", "-1"])
def test_an_unknown_step_moves_nothing(demo_clock, client, step):
    client.force_login(user_with(Role.OFFICE_STAFF))
    assert client.post(URL, {"step": step}).status_code == 200
    assert not DemoDate.objects.exists()


@pytest.mark.django_db
def test_a_failed_task_does_not_hold_up_the_night(demo_clock):
    PeriodicTask.objects.filter(task="casework.end_notices").update(task="no.such.task")
    assert "no.such.task" in nights.nightly_tasks()[:-1]
    nights.pass_days(by=User.objects.system(), days=1)
    assert clock.days_ahead() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, -1, 101])
def test_the_date_moves_forward_and_not_out_of_sight(demo_clock, days):
    with pytest.raises(Refused):
        nights.pass_days(by=User.objects.system(), days=days)


@pytest.mark.django_db(transaction=True)
def test_the_history_is_sealed_by_the_machines_date(demo_clock):
    """A shifted worker must not seal a day that the database still writes into."""
    UserFactory()
    nights.pass_days(by=User.objects.system(), days=3)
    tasks.seal_days()
    assert not DaySeal.objects.exists()
    UserFactory()
    assert SealCheck.objects.latest("pk").fault == ""
    assert AuditEntry.objects.latest("pk").at <= seals.history_now()
    with pytest.raises(ValueError, match="is not over"):  # what the task would ask for by the demo's date
        audit.seal_until(by=None, at=seals.history_now(), last=seals.yesterday(timezone.now()))


@pytest.mark.django_db(transaction=True)
def test_two_cannot_move_the_date_at_once(demo_clock):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(hashtext('talentmap.demo'))")
            with pytest.raises(Refused):
                nights.pass_days(by=User.objects.system(), days=1)
            # A closed connection gives its locks back only when the server has noticed.
            cursor.execute("select pg_advisory_unlock(hashtext('talentmap.demo'))")
    finally:
        other.close()
    nights.pass_days(by=User.objects.system(), days=1)


@pytest.mark.django_db
def test_the_demos_bank_answers_what_the_import_reads(client):
    batch = money.released(2)
    client.force_login(user_with(Role.OFFICE_STAFF))
    assert batch.number in client.get(URL).content.decode()
    content = client.get(reverse("demo:return_file", args=[batch.pk])).content
    file = SimpleUploadedFile("return.csv", content, "text/csv")
    answer = client.post(reverse("money:return_import", args=[batch.pk]), {"file": file}, follow=True)
    assert answer.status_code == 200
    assert set(Payable.objects.values_list("state", flat=True)) == {Payable.State.PAID}
    client.force_login(user_with(Role.COUNTY_LEADER))
    assert batch.number not in client.get(URL).content.decode()


@pytest.mark.django_db
def test_a_demo_has_one_date():
    DemoDate.objects.create(pk=1)
    with pytest.raises(IntegrityError, match="talentmap_demodate_only_one"), transaction.atomic():
        DemoDate.objects.create(pk=2)


@pytest.mark.django_db
def test_outside_a_demo_nothing_moves_the_date(settings):
    settings.DEMO = False
    clock.start()
    assert timezone.now is clock.machine_now
    with pytest.raises(PermissionDenied):
        actions.next_day(by=User.objects.system(), at=timezone.now())
    with pytest.raises(CommandError):
        call_command("demo_advance", 1)
    browser = Client()
    browser.force_login(user_with(Role.ADMINISTRATOR))
    assert browser.post(URL, {"step": "day"}).status_code == 404
    browser.force_login(user_with(Role.OFFICE_STAFF))
    assert browser.get(reverse("demo:return_file", args=[money.released(1).pk])).status_code == 404
    assert "demo-date" not in browser.get(reverse("account")).content.decode()
    assert not DemoDate.objects.exists()


@pytest.mark.parametrize(("mode", "routed"), [("demo", True), ("production", False)])
def test_outside_a_demo_the_page_has_no_address(mode, routed):
    run = subprocess.run(
        [sys.executable, *RESOLVE],
        env={**os.environ, "TALENTMAP_MODE": mode, "DJANGO_SETTINGS_MODULE": "talentmap.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode == 0) is routed
    assert routed or "Resolver404" in run.stderr
