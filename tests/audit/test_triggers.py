"""Every change of a tracked row leaves an entry, whoever makes it and by whatever statement; nothing secret does."""

import pgtrigger
import pytest
from django.apps import apps
from django.db import InternalError, connection, transaction

from talentmap.accounts.models import Membership
from talentmap.audit.models import AccessLog, AuditEntry, DaySeal, SealCheck
from talentmap.audit.triggers import HIDDEN, AuditTrigger
from talentmap.notices.models import Preference
from talentmap.people.models import Talent
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.people import TalentFactory

pytestmark = pytest.mark.django_db


def entries_of(model, row):
    return list(AuditEntry.objects.filter(table_name=model._meta.db_table, row_id=str(row.pk)).order_by("id"))


@pytest.fixture
def preference():
    return Preference.objects.create(user=UserFactory(), kind_group="cases", channel="sms", wanted=True)


def test_creating_changing_and_deleting_are_recorded(preference):
    key, user_id = preference.pk, preference.user_id
    preference.wanted = False
    preference.save()
    preference.delete()

    created, changed, deleted = AuditEntry.objects.filter(table_name="talentmap_preference", row_id=str(key)).order_by(
        "id"
    )

    assert created.operation == "insert"
    assert created.changes["channel"] == [None, "sms"]
    assert created.changes["user_id"] == [None, user_id]
    assert (changed.operation, changed.changes) == ("update", {"wanted": [True, False]})
    assert deleted.operation == "delete"
    assert deleted.changes["wanted"] == [False, None]


def test_a_save_that_changes_nothing_leaves_no_entry(preference):
    preference.save()

    assert len(entries_of(Preference, preference)) == 1


def test_bulk_updates_are_recorded_row_by_row():
    rows = [
        Preference.objects.create(user=UserFactory(), kind_group="cases", channel="sms", wanted=True)
        for _row in range(3)
    ]

    Preference.objects.update(wanted=False)

    for row in rows:
        assert entries_of(Preference, row)[-1].changes == {"wanted": [True, False]}


def test_sql_typed_by_hand_is_recorded_without_a_name(preference):
    with connection.cursor() as cursor:
        cursor.execute("update talentmap_preference set channel = 'email' where id = %s", [preference.pk])

    entry = entries_of(Preference, preference)[-1]
    assert (entry.actor_id, entry.action, entry.changes) == (None, "", {"channel": ["sms", "email"]})


def test_bulk_create_and_cascades_are_recorded():
    user = UserFactory()
    Preference.objects.bulk_create([Preference(user=user, kind_group="cases", channel="sms", wanted=True)])
    [row] = Preference.objects.all()
    with connection.cursor() as cursor:
        cursor.execute("delete from talentmap_preference where user_id = %s", [user.pk])

    assert [entry.operation for entry in entries_of(Preference, row)] == ["insert", "delete"]


def test_an_undone_change_leaves_no_entry(preference):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        preference.delete()
        raise ZeroDivisionError

    assert AuditEntry.objects.filter(operation="delete").count() == 0


def test_hidden_columns_never_store_a_value():
    talent = TalentFactory(
        id_number="110105194912310021", bank_account="6222020000001234567", bank_account_last4="4567"
    )
    Talent.objects.filter(pk=talent.pk).update(bank_account="6222020000007654321", education="doctor")
    talent.delete()

    created, changed, deleted = AuditEntry.objects.filter(table_name="talentmap_talent").order_by("id")

    for entry in (created, deleted):
        assert entry.changes["id_number"] == entry.changes["id_number_index"] == HIDDEN
        assert entry.changes["bank_account"] == HIDDEN
    assert changed.changes["bank_account"] == HIDDEN
    assert changed.changes["education"][1] == "doctor"
    everything = " ".join(str(entry.changes) for entry in (created, changed, deleted))
    assert "1101051949" not in everything
    assert "62220200000" not in everything


def test_skipped_columns_leave_no_entry():
    user = UserFactory()
    before = AuditEntry.objects.count()

    user.last_login = user.date_joined
    user.save(update_fields=["last_login"])

    assert AuditEntry.objects.count() == before


def test_every_encrypted_column_of_a_tracked_model_is_hidden():
    for model in apps.get_models():
        for trigger in getattr(model._meta, "triggers", ()):
            if isinstance(trigger, AuditTrigger):
                sensitive = {f.column for f in model._meta.concrete_fields if getattr(f, "sensitive", False)}
                assert sensitive <= set(trigger.hidden_columns(model)), model


def test_amounts_are_kept_to_the_last_digit():
    with connection.cursor() as cursor:
        cursor.execute("create temporary table audited (id bigint primary key, amount numeric(14, 2))")
        function = AuditTrigger().render_func(Membership)
        declare = AuditTrigger().render_declare(Membership)
        cursor.execute(
            f"create function pg_temp.audited() returns trigger"
            f" as $$ {declare} begin {function} end; $$ language plpgsql"
        )
        cursor.execute(
            "create trigger audited after insert or update on audited for each row execute function pg_temp.audited()"
        )
        cursor.execute("insert into audited values (1, 123456789012.30)")
        cursor.execute("select changes->'amount'->>1 from talentmap_auditentry where table_name = 'audited'")
        assert cursor.fetchone() == ("123456789012.30",)


@pytest.mark.parametrize("model", [AuditEntry, AccessLog, DaySeal, SealCheck])
@pytest.mark.parametrize("statement", ["update {} set id = id", "delete from {}"])
def test_the_records_are_append_only(model, statement):
    reader = UserFactory()  # leaves an audit entry
    AccessLog.objects.create(
        user=reader, at=reader.date_joined, subject_type="x", subject_id="1", field="f", reason="r"
    )
    DaySeal.objects.create(day="2026-11-22", entries=0, accesses=0, digest="0" * 64, sealed_at=reader.date_joined)
    SealCheck.objects.create(at=reader.date_joined, days=0)

    refused = pytest.raises(InternalError, match="Cannot update or delete rows")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(model._meta.db_table))


@pytest.mark.parametrize("model", [AuditEntry, AccessLog, DaySeal, SealCheck])
def test_no_log_is_emptied(model):
    truncate = f"truncate {model._meta.db_table}"
    with connection.cursor() as cursor:
        cursor.execute("set local talentmap.emptying = ''")
        with pytest.raises(InternalError, match="only ever added"), transaction.atomic():
            cursor.execute(truncate)
        cursor.execute("set local talentmap.emptying = 'on'")
        cursor.execute(truncate)


def test_nobody_writes_an_entry_by_hand():
    forged = AuditEntry(at=UserFactory().date_joined, action="x", reason="", table_name="x", row_id="1", changes={})

    with pytest.raises(InternalError, match="Cannot insert rows"), transaction.atomic():
        forged.save()


def test_negative_control_without_the_trigger_a_change_leaves_no_trace(preference):
    with pgtrigger.ignore("talentmap.Preference:audit"):
        Preference.objects.update(wanted=False)

    assert len(entries_of(Preference, preference)) == 1


def test_memberships_are_tracked():
    membership = MembershipFactory()

    assert entries_of(Membership, membership)[0].changes["role"] == [None, membership.role]


MANY = """
    insert into talentmap_auditentry (at, actor_id, action, reason, table_name, row_id, operation, changes)
    select now() - n * interval '1 minute', n % 500, '', '', 'table_' || n % 20, n % 3000, 'update', '{}'
      from generate_series(1, 20000) as n
"""


def test_the_history_of_one_row_and_of_one_person_is_read_by_index():
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(MANY)
        cursor.execute("analyze talentmap_auditentry")
    by_row = AuditEntry.objects.filter(table_name="table_7", row_id="7")
    by_person = AuditEntry.objects.filter(actor=7).order_by("-at", "-id")[:50]
    by_time = AuditEntry.objects.order_by("-at", "-id")[:50]

    assert "talentmap_auditentry_row" in by_row.explain()
    assert "talentmap_auditentry_actor" in by_person.explain()
    assert "talentmap_auditentry_at" in by_time.explain()
