"""Seals are made once a day without holes, and whatever is done to the records afterwards is found."""

import threading
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.audit import actions, seals, tasks
from talentmap.audit.models import AccessLog, AuditEntry, DaySeal, SealCheck
from talentmap.notices.models import Notice, Preference
from tests.factories.accounts import UserFactory, user_with

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 20, 0, 20, tzinfo=ZONE)


@contextmanager
def triggers_off():
    """What somebody with the database's own password could do."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        yield cursor
        cursor.execute("set local session_replication_role = default")


def put_entry(day, number, hour=9):
    with triggers_off() as cursor:
        cursor.execute(
            "insert into talentmap_auditentry (at, actor_id, action, reason, table_name, row_id, operation, changes)"
            " values (%s, null, 'casework.accept', '', 'talentmap_application', %s, 'update', %s)",
            [
                datetime(day.year, day.month, day.day, hour, tzinfo=ZONE),
                number,
                '{"state": ["submitted", "in_review"]}',
            ],
        )


@pytest.fixture
def sealed():
    """Monday to Thursday sealed: three entries on Monday and Thursday, none between, one reading on Thursday."""
    reader = UserFactory()
    with triggers_off() as cursor:
        cursor.execute("delete from talentmap_auditentry")
    thursday = MONDAY + timedelta(days=3)
    for day in (MONDAY, thursday):
        for number in range(3):
            put_entry(day, number)
    AccessLog.objects.create(
        user=reader,
        at=datetime(2026, 11, 19, 10, tzinfo=ZONE),
        subject_type="talentmap.talent",
        subject_id="1",
        field="id_number",
        reason="pension check",
    )
    actions.seal_until(by=None, at=NOW, last=thursday)
    return thursday


def test_every_day_is_sealed_also_the_empty_ones(sealed):
    assert list(DaySeal.objects.order_by("day").values_list("day", "entries", "accesses")) == [
        (date(2026, 11, 16), 3, 0),
        (date(2026, 11, 17), 0, 0),
        (date(2026, 11, 18), 0, 0),
        (date(2026, 11, 19), 3, 1),
    ]
    assert seals.verify().sound
    assert seals.verify().days == 4


def test_sealing_again_adds_nothing(sealed):
    assert actions.seal_until(by=None, at=NOW, last=sealed) == []
    assert DaySeal.objects.count() == 4


def test_a_day_that_is_not_over_cannot_be_sealed():
    with pytest.raises(ValueError, match="is not over"):
        actions.seal_until(by=None, at=NOW, last=NOW.date())


def test_without_records_there_is_nothing_to_seal():
    with triggers_off() as cursor:
        cursor.execute("delete from talentmap_auditentry")

    assert actions.seal_until(by=None, at=NOW, last=MONDAY) == []
    assert seals.verify().sound


TAMPERINGS = {
    "a changed value": (
        """update talentmap_auditentry set changes = '{"state": ["submitted", "approved"]}' where id = {first}""",
        "content",
    ),
    "another actor": ("update talentmap_auditentry set actor_id = 1 where id = {first}", "content"),
    "another reason": ("update talentmap_auditentry set reason = 'as agreed' where id = {first}", "content"),
    "a later time": (
        "update talentmap_auditentry set at = at + interval '1 microsecond' where id = {first}",
        "content",
    ),
    "a removed record": ("delete from talentmap_auditentry where id = {first}", "count"),
    "a record moved to another day": (
        "update talentmap_auditentry set at = at + interval '1 day' where id = {first}",
        "count",
    ),
    "a forged record": (
        "insert into talentmap_auditentry (at, action, reason, table_name, row_id, operation, changes)"
        " select at, action, reason, table_name, row_id, operation, changes"
        " from talentmap_auditentry where id = {first}",
        "count",
    ),
    "a record before the first seal": (
        "insert into talentmap_auditentry (at, action, reason, table_name, row_id, operation, changes)"
        " select at - interval '9 days', action, reason, table_name, row_id, operation, changes"
        " from talentmap_auditentry where id = {first}",
        "early",
    ),
    "a new digest for changed records": (
        "update talentmap_dayseal set digest = repeat('0', 64) where day = '2026-11-16'",
        "content",
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_found_and_the_day_named(sealed, tampering):
    statement, fault = TAMPERINGS[tampering]
    first = AuditEntry.objects.earliest("id").pk
    with triggers_off() as cursor:
        cursor.execute(statement.replace("{first}", str(first)))

    finding = seals.verify()

    assert (finding.broken_day, finding.fault) == (MONDAY, fault)


def test_a_changed_reading_is_found(sealed):
    with triggers_off() as cursor:
        cursor.execute("update talentmap_accesslog set reason = 'curiosity'")

    assert (seals.verify().broken_day, seals.verify().fault) == (sealed, "content")


def test_a_removed_seal_is_found(sealed):
    with triggers_off() as cursor:
        cursor.execute("delete from talentmap_dayseal where day = '2026-11-17'")

    assert (seals.verify().broken_day, seals.verify().fault) == (date(2026, 11, 18), "gap")


def test_a_day_resealed_after_a_change_breaks_the_next(sealed):
    with triggers_off() as cursor:
        cursor.execute("delete from talentmap_auditentry where at < '2026-11-17'")
        forged = seals.records_of(MONDAY, "")
        cursor.execute("update talentmap_dayseal set digest = %s, entries = 0 where day = %s", [forged.digest, MONDAY])

    assert (seals.verify().broken_day, seals.verify().fault) == (date(2026, 11, 17), "chain")


def rebuild_chain():
    with triggers_off() as cursor:
        cursor.execute("delete from talentmap_auditentry where at < '2026-11-17'")
        cursor.execute("delete from talentmap_dayseal")
    actions.seal_until(by=None, at=NOW, last=MONDAY + timedelta(days=3))


def test_the_command_says_what_is_sound(sealed):
    out = StringIO()

    call_command("verify_audit", stdout=out)

    assert f"4 days are sound. Head of the chain: {DaySeal.objects.first().digest}" in out.getvalue()


def test_the_command_calls_no_empty_chain_sound():
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue().strip() == "No day is sealed yet: there is nothing to verify."


def test_the_command_ends_with_1_and_names_the_first_broken_day(sealed):
    with triggers_off() as cursor:
        cursor.execute("delete from talentmap_auditentry")

    with pytest.raises(CommandError, match="2026-11-16 is broken: records were added or removed") as failure:
        call_command("verify_audit")

    assert failure.value.returncode == 1


def test_a_rebuilt_chain_lacks_the_digest_noted_outside(sealed):
    noted = DaySeal.objects.first().digest
    call_command("verify_audit", head=noted, stdout=StringIO())
    rebuild_chain()
    call_command("verify_audit", stdout=StringIO())

    with pytest.raises(CommandError, match="does not contain the digest noted earlier"):
        call_command("verify_audit", head=noted)


def test_a_check_is_kept_and_a_broken_chain_is_told_once(sealed):
    director, administrator = user_with(Role.OFFICE_DIRECTOR), user_with(Role.ADMINISTRATOR)
    user_with(Role.OFFICE_STAFF)
    actions.check_seals(by=director, at=NOW)
    assert not Notice.objects.exists()
    with triggers_off() as cursor:
        cursor.execute("delete from talentmap_auditentry where at < '2026-11-17'")

    for _night in range(2):
        check = actions.check_seals(by=User.objects.system(), at=NOW)

    assert (check.broken_day, check.fault, check.head) == (MONDAY, "count", "")
    assert SealCheck.objects.count() == 3
    assert set(Notice.objects.values_list("recipient", "kind")) == {
        (director.pk, "seal_broken"),
        (administrator.pk, "seal_broken"),
    }


def test_only_who_reads_the_history_verifies_it():
    with pytest.raises(PermissionDenied):
        actions.check_seals(by=user_with(Role.OFFICE_STAFF), at=NOW)


@pytest.mark.django_db(transaction=True)
def test_the_nightly_task_makes_up_for_missed_nights():
    UserFactory()
    three_days_ago = timezone.now() - timedelta(days=3)
    with transaction.atomic():
        put_entry(timezone.localdate(three_days_ago), 1)

    tasks.seal_days()
    tasks.seal_days()

    assert DaySeal.objects.count() == 3
    assert SealCheck.objects.first().fault == ""


@pytest.mark.django_db(transaction=True)
def test_settling_waits_for_who_is_still_writing():
    person = UserFactory()
    has_written, may_end = threading.Event(), threading.Event()
    order = []

    def write():
        with transaction.atomic():
            Preference.objects.create(user=person, kind_group="cases", channel="sms", wanted=True)
            has_written.set()
            may_end.wait(10)
            order.append("written")
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    has_written.wait(10)
    threading.Timer(0.3, may_end.set).start()
    seals.settle()
    order.append("settled")
    writer.join(10)

    assert order == ["written", "settled"]


@pytest.mark.parametrize(
    ("constraint", "violate"),
    [
        ("talentmap_dayseal_once_a_day", lambda: _seal(MONDAY, "x") and _seal(MONDAY, "y")),
        ("talentmap_dayseal_one_chain", lambda: _seal(MONDAY, "x") and _seal(MONDAY + timedelta(days=1), "x")),
        ("talentmap_sealcheck_fault_has_day", lambda: SealCheck.objects.create(at=NOW, days=1, fault="gap")),
        ("talentmap_sealcheck_fault_has_day", lambda: SealCheck.objects.create(at=NOW, days=1, broken_day=MONDAY)),
        (
            "talentmap_accesslog_reason_given",
            lambda: actions.log_access(
                by=UserFactory(), at=NOW, subject=user_with(Role.TALENT), field="mobile", reason="  "
            ),
        ),
    ],
)
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()


def _seal(day, previous):
    return DaySeal.objects.create(day=day, entries=0, accesses=0, previous=previous, digest="0" * 64, sealed_at=NOW)
