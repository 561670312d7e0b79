"""Entries as people read them."""

from datetime import date

import pytest
from django.db import connection
from django.utils import translation

from talentmap.accounts.permissions import Role
from talentmap.audit import readable, tables
from talentmap.audit.action import acting
from talentmap.audit.actions import log_access, log_export
from talentmap.audit.models import AccessLog, AuditEntry
from talentmap.casework import registry
from talentmap.notices.models import Preference
from talentmap.people.models import Talent
from tests.factories import money as made
from tests.factories.accounts import UserFactory, VillageFactory, user_with
from tests.factories.people import FamilyMemberFactory, TalentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def last_line():
    return readable.lines([AuditEntry.objects.latest("id")])[0]


def changes_of(line):
    return {change.label: (change.old, change.new) for change in line.changes}


def label(field):
    return str(Talent._meta.get_field(field).verbose_name)


def test_names_labels_and_choices_instead_of_keys():
    clerk = UserFactory(username="li", display_name="李娟")
    talent = TalentFactory(name="王芳", education="bachelor")
    village = VillageFactory(name="柏林村")

    with acting(by=clerk, name="notices.try_again", reason="diploma shown"):
        Talent.objects.filter(pk=talent.pk).update(education="doctor", region=village, birth_date=date(1990, 1, 2))
    line = last_line()

    assert (line.who, line.action, line.reason) == ("李娟 (li)", "Send a failed message again", "diploma shown")
    assert line.name == "王芳"
    assert changes_of(line)[label("education")] == ("Bachelor", "Doctor")
    assert changes_of(line)[label("region")][1] == "柏林村"


def test_yes_no_empty_and_time():
    person = UserFactory(email="")
    person.must_change_password = True
    person.save()

    assert changes_of(last_line()) == {"must choose a new password": ("no", "yes")}
    person.email = "li@example.org"
    person.save()
    assert changes_of(last_line()) == {"e-mail": ("—", "li@example.org")}


def test_family_members_go_by_their_masked_name():
    child = FamilyMemberFactory(name="李小四", relation="child")

    [line] = readable.lines(AuditEntry.objects.filter(table_name="talentmap_familymember"))

    assert (line.name, line.entry.row_id) == ("李*", str(child.pk))
    assert "李小四" not in str(line)


def test_a_moment_is_shown_in_local_time_and_an_amount_with_its_places():
    at = AuditEntry._meta.get_field("at")

    assert readable._shown(at, "2026-11-23T16:30:00+00:00", {}) == "2026-11-24 00:30"
    assert readable._decimal(123456789012.3, 2) == "123,456,789,012.30"


def test_hidden_values_are_said_to_be_hidden():
    talent = TalentFactory()
    Talent.objects.filter(pk=talent.pk).update(id_number="110105194912310021")

    assert [(change.label, change.is_hidden) for change in last_line().changes] == [("ID number", True)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("call 13812345678 now", "call 138****5678 now"),
        ("ID 11010519491231002X.", "ID 1101**********002X."),
        ("card 6222020000001234567", "card **** 4567"),
        ("region 511525100000, 12 cases", "region 511525100000, 12 cases"),
        ("ZF-2026-00012", "ZF-2026-00012"),
    ],
)
def test_identifiers_are_masked_wherever_they_stand(text, shown):
    assert readable.masked(text) == shown


def test_a_change_nobody_signed_for_says_so():
    Preference.objects.create(user=UserFactory(), kind_group="cases", channel="sms", wanted=True)

    assert last_line().who == "Unknown: changed in the database"
    assert last_line().action == "Outside the platform"
    with acting(by=None, name="accounts.register"):
        UserFactory()
    assert last_line().who == "Not signed in"


def test_a_row_that_is_gone_keeps_its_number_and_an_unknown_column_its_name():
    entry = AuditEntry(
        at=UserFactory().date_joined,
        table_name="talentmap_gone",
        row_id="7",
        operation="update",
        changes={"old_column": ["a", "b"]},
    )

    line = readable.lines([entry])[0]

    assert (line.kind, line.name) == ("talentmap_gone", "#7")
    assert changes_of(line) == {"old_column": ("a", "b")}


def test_the_number_of_queries_does_not_grow_with_the_rows(django_assert_num_queries):
    for _talent in range(4):
        TalentFactory()
    entries = list(AuditEntry.objects.filter(table_name="talentmap_talent").select_related("actor").order_by("-id"))
    with translation.override("en"):
        with django_assert_num_queries(3):
            readable.lines(entries[:1])
        with django_assert_num_queries(3):
            readable.lines(entries[:3])


def test_readings_name_whose_record_and_what():
    clerk, talent = UserFactory(), TalentFactory(name="王芳")
    director = user_with(Role.OFFICE_DIRECTOR)
    log_access(by=clerk, at=clerk.date_joined, subject=talent, field="id_number", reason=" pension check ")
    log_export(by=director, at=clerk.date_joined, reason="yearly inspection")

    log_access(by=clerk, at=clerk.date_joined, subject=talent, field="family:3", reason="school place")
    log_access(by=clerk, at=clerk.date_joined, subject=made.released(), field="bank_account", reason="bank file")

    read, exported, family, batch = readable.readings(list(AccessLog.objects.order_by("id")))

    assert (read.name, read.field, read.access.reason) == ("王芳", "ID number", "pension check")
    assert (exported.name, exported.field) == ("", "Export")
    assert (family.name, family.field) == ("王芳", "ID number of a family member")
    assert batch.field == "Bank account numbers"


def test_rows_are_found_by_the_name_of_whom_they_concern():
    talent = TalentFactory(name="欧阳娜")
    TalentFactory(name="王芳")

    found = AuditEntry.objects.filter(tables.rows_called("欧阳").condition)

    assert set(found.values_list("table_name", "row_id")) == {("talentmap_talent", str(talent.pk))}


def test_every_tracked_table_has_a_readable_label_and_a_search_that_runs():
    with connection.cursor() as cursor:
        for table, label in tables.table_choices():
            assert label
            cursor.execute("select to_regclass(%s)", [table])
            assert cursor.fetchone()[0]
    assert list(AuditEntry.objects.filter(tables.rows_called("nobody").condition)) == []


def test_services_are_called_by_their_titles():
    scheme = registry.all_schemes()[0]
    application = made.ApplicationFactory(scheme=scheme.code)
    entry = AuditEntry.objects.filter(table_name="talentmap_application", row_id=str(application.pk)).earliest("id")
    assert changes_of(readable.lines([entry])[0])["service"] == (readable.EMPTY, str(scheme.title))


def test_documents_are_called_as_the_service_calls_them():
    rule = next(rule for scheme in registry.all_schemes() for rule in scheme.documents)
    assert registry.document_of(rule.code) == str(rule.label) != rule.code
    assert registry.document_of("no such paper") == "no such paper"
