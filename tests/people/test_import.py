import csv
import io
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talentmap.accounts.permissions import Role
from talentmap.people import actions, exporting, importing
from talentmap.people.actions_import import KEPT_FOR, readings_of
from talentmap.people.choices import Purpose
from talentmap.people.exporting import HEADER
from talentmap.people.import_cells import COLUMNS
from talentmap.people.models import Talent
from talentmap.people.records import ImportPreview
from talentmap.people.tasks import drop_old_previews
from talentmap.ui.downloads import xlsx_bytes
from talentmap.ui.errors import Refused
from talentmap.ui.workbooks import BadFile
from tests.factories.accounts import TownshipFactory, VillageFactory, user_with
from tests.factories.people import AT, OrganisationFactory, TalentFactory, id_number
from tests.races import run_together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HEAD = ("姓名", "身份证号", "手机号", "乡镇", "学历", "人才类别", "认定日期", "工作单位")


@pytest.fixture
def staff():
    return user_with(Role.OFFICE_STAFF)


def sheet(*rows, head=HEAD, name="people.xlsx"):
    return SimpleUploadedFile(name, xlsx_bytes(head, rows))


def preview(staff, *rows, **options):
    return actions.preview_import(by=staff, at=AT, upload=sheet(*rows, **options))


def readings(staff, *rows, **options):
    return readings_of(preview(staff, *rows, **options), staff, AT)


def errors(staff, *rows):
    return [str(error) for reading in readings(staff, *rows) for error in reading.errors]


def test_nothing_is_saved_before_it_is_confirmed(staff):
    TownshipFactory(name="文江镇")
    OrganisationFactory(name="高县早白尖茶业有限公司")
    rows = [
        ("张伟", id_number(1), "138 1234 1234", "文江镇", "本科", "E", date(2026, 1, 1), "高县早白尖茶业有限公司"),
        ("李娜", id_number(2), "", "文江镇", "硕士研究生", "", "", "某某合作社"),
    ]
    kept = preview(staff, *rows)
    assert not Talent.objects.exists()
    assert [r.status for r in readings_of(kept, staff, AT)] == ["new", "new"]
    done = actions.import_rows(by=staff, at=AT, preview=kept, declared=True)
    assert (done.created, done.updated, done.skipped) == (2, 0, 0)
    zhang, li = Talent.objects.order_by("-name_sort_key")
    assert (zhang.employer.name, zhang.category_until) == ("高县早白尖茶业有限公司", date(2030, 12, 31))
    assert (zhang.education, li.education) == ("bachelor", "master")
    assert (li.employer, li.employer_name) == (None, "某某合作社")
    assert zhang.birth_date == date(1995, 6, 1)


def test_new_files_need_the_declared_consents_and_keep_the_declaration(staff):
    kept = preview(staff, ("张伟", id_number(1), *[""] * 6))
    with pytest.raises(Refused, match="signed the consent"):
        actions.import_rows(by=staff, at=AT, preview=kept, declared=False)
    assert not Talent.objects.exists()
    actions.import_rows(by=staff, at=AT, preview=kept, declared=True)
    consent = Talent.objects.get().consents.get()
    assert (consent.purpose, consent.given_by, consent.given_at) == (Purpose.REGISTER, staff, AT)
    assert "Whoever imported this file declared" in consent.wording
    changed = preview(staff, ("张伟", id_number(1), "13812341234", *[""] * 5))
    assert actions.import_rows(by=staff, at=AT, preview=changed, declared=False).updated == 1


def test_the_kept_table_is_encrypted_and_dropped_afterwards(staff):
    from django.db import connection

    kept = preview(staff, ("张伟", id_number(1), "", "", "", "", "", ""))
    with connection.cursor() as cursor:
        cursor.execute("select rows from talentmap_importpreview where id = %s", [kept.pk])
        assert id_number(1) not in cursor.fetchone()[0]
    actions.import_rows(by=staff, at=AT, preview=kept, declared=True)
    kept.refresh_from_db()
    assert kept.rows == ""


def test_every_mistake_is_named_with_row_and_column(staff):
    told = errors(
        staff,
        ("", id_number(1), "", "", "", "", "", ""),
        ("张伟", "360426199113010079", "", "", "", "", "", ""),
        ("张伟", "36042619910102009X", "123", "无此镇", "博士后", "Z", "2026-13-01", ""),
        ("李娜", id_number(3), "", "", "", "A", "", ""),
    )
    assert "Row 2, column A “Name”: Please enter a name." in told
    assert any(text.startswith("Row 3, column B") and "does not exist" in text for text in told)
    for letter, word in (("B", "check digit"), ("C", "11 digits"), ("D", "no such"), ("E", "one of"), ("F", "one of")):
        assert any(text.startswith(f"Row 4, column {letter}") and word in text for text in told), letter
    assert any(text.startswith("Row 4, column G") and "1990-06-30" in text for text in told)
    assert any(text.startswith("Row 5") and "first and a last day" in text for text in told)
    assert not any(id_number(1) in text for text in told)


def test_sound_rows_are_written_and_faulty_ones_left_out(staff):
    kept = preview(staff, ("张伟", id_number(1), *[""] * 6), ("李娜", "123", *[""] * 6))
    done = actions.import_rows(by=staff, at=AT, preview=kept, declared=True)
    assert (done.created, done.skipped) == (1, 1)


def test_the_same_number_twice_in_one_table(staff):
    row = ("张伟", id_number(1), *[""] * 6)
    assert [r.status for r in readings(staff, row, row)] == ["new", "error"]


def test_the_same_name_and_phone_twice_in_one_table(staff):
    row = ("张伟", "", "13812341234", *[""] * 5)
    numbered = ("张伟", id_number(1), "13812341234", *[""] * 5)
    daughter = ("张伟", id_number(2), "13812341234", *[""] * 5)
    assert [r.status for r in readings(staff, row, row)] == ["new", "error"]
    assert [r.status for r in readings(staff, row, numbered)] == ["new", "error"]
    assert [r.status for r in readings(staff, numbered, daughter)] == ["new", "new"]


def test_a_name_alone_makes_no_file(staff):
    """It would make another one at every import."""
    assert "by the name alone" in errors(staff, ("张伟", *[""] * 7))[0]


def test_known_people_are_recognised_and_only_filled_cells_change_them(staff):
    known = TalentFactory(name="张伟", phone="13812341234", major="茶学")
    by_number = ("张伟", known.id_number, "", "", "博士", "", "", "")
    kept = preview(staff, by_number)
    reading = readings_of(kept, staff, AT)[0]
    assert (reading.status, reading.changes) == ("update", ("education",))
    actions.import_rows(by=staff, at=AT, preview=kept, declared=True)
    known.refresh_from_db()
    assert (known.education, known.major, known.phone) == ("doctor", "茶学", "13812341234")
    assert [r.status for r in readings(staff, by_number)] == ["same"]
    by_phone = ("张伟", "", "13812341234", "", "硕士", "", "", "")
    assert [r.status for r in readings(staff, by_phone)] == ["update"]


def test_a_number_under_another_name_is_an_error(staff):
    known = TalentFactory(name="张伟")
    assert "another name" in errors(staff, ("李娜", known.id_number, *[""] * 6))[0]


def test_places_by_code_name_and_full_name(staff):
    one, two = TownshipFactory(name="文江镇"), TownshipFactory(name="庆符镇")
    for township in (one, two):
        VillageFactory(parent=township, name="东升村")
    for text, status in (("东升村", "error"), ("庆符镇东升村", "new"), (one.code, "new"), ("文江 镇", "new")):
        assert readings(staff, ("张伟", "", "13812341234", text, "", "", "", ""))[0].status == status, text


def test_confirming_twice_imports_once(staff):
    kept = preview(staff, ("张伟", id_number(1), *[""] * 6))
    actions.import_rows(by=staff, at=AT, preview=kept, declared=True)
    with pytest.raises(Refused, match="already"):
        actions.import_rows(by=staff, at=AT, preview=kept, declared=True)
    assert Talent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_confirming_at_the_same_moment_imports_once():
    staff = user_with(Role.OFFICE_STAFF)
    kept = preview(staff, ("张伟", "", "13812341234", *[""] * 5))
    run_together(lambda index: actions.import_rows(by=staff, at=AT, preview=kept, declared=True), 4)
    assert Talent.objects.count() == 1


def test_a_register_that_changed_meanwhile_is_seen_at_confirmation(staff):
    kept = preview(staff, ("张伟", id_number(7), *[""] * 6))
    TalentFactory(name="别人", id_number=id_number(7))
    with pytest.raises(Refused, match="nothing to import"):
        actions.import_rows(by=staff, at=AT, preview=kept, declared=True)


def test_a_preview_lives_for_a_day(staff):
    old = preview(staff, ("张伟", id_number(1), *[""] * 6))
    later = AT + KEPT_FOR + timedelta(minutes=1)
    with pytest.raises(Refused, match="too old"):
        actions.import_rows(by=staff, at=later, preview=old, declared=True)
    done = preview(staff, ("李娜", id_number(2), *[""] * 6))
    actions.import_rows(by=staff, at=AT, preview=done, declared=True)
    young = actions.preview_import(by=staff, at=later, upload=sheet(("王芳", id_number(3), *[""] * 6)))
    assert actions.drop_old_previews(by=staff, at=later) == 1
    assert set(ImportPreview.objects.all()) == {done, young}


def test_the_sweep_runs_without_anybody_uploading(staff):
    preview(staff, ("张伟", id_number(1), *[""] * 6))  # in March 2026
    drop_old_previews.apply()
    assert not ImportPreview.objects.exists()


def test_another_person_s_preview_cannot_be_confirmed(staff):
    kept = preview(staff, ("张伟", id_number(1), *[""] * 6))
    with pytest.raises(ImportPreview.DoesNotExist):
        actions.import_rows(by=user_with(Role.OFFICE_STAFF), at=AT, preview=kept, declared=True)


def test_excel_s_rounded_id_numbers_are_noticed(staff):
    assert "format the column as text" in errors(staff, ("张伟", 511525199506010020, *[""] * 6))[0]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"\x00\x01\x02", b"%PDF-1.7", "姓名\n".encode()])
def test_what_is_no_table_is_refused(staff, content):
    with pytest.raises(BadFile):
        actions.preview_import(by=staff, at=AT, upload=SimpleUploadedFile("x.xlsx", content))
    assert not ImportPreview.objects.exists()


def test_too_many_rows(staff, monkeypatch):
    monkeypatch.setattr("talentmap.people.actions_import.LIMIT_ROWS", 2)
    with pytest.raises(BadFile, match="more than 2"):
        preview(staff, *[("张伟", "", "", "", "", "", "", "")] * 3)


def test_an_export_can_be_imported_again(staff):
    """A table that was handed out, corrected in one cell and imported changes that cell and nothing else."""
    people = [
        TalentFactory(name="张伟", region=VillageFactory(), employer=OrganisationFactory(), email="z@example.com"),
        TalentFactory(name="李娜", region=TownshipFactory(), education="doctor", team="rural", is_civil_servant=True),
    ]
    rows = exporting.full_rows(by=staff, at=AT, people=Talent.objects.all(), reason="yearly check")
    assert [r.status for r in readings(staff, *rows, head=HEADER)] == ["same", "same"]
    rows[0][[str(title) for title in HEADER].index("Major")] = "茶学"
    corrected, same = readings(staff, *rows, head=HEADER)
    assert (corrected.changes, same.status) == (("major",), "same")
    assert {corrected.existing, same.existing} == set(people)


def test_a_table_costs_the_same_queries_at_one_and_at_many_rows(staff, django_assert_num_queries):
    def rows(count):
        return [("张伟", id_number(n), "", "", "", "", "", "甲公司") for n in range(count)]

    for count in (1, 30):
        kept = preview(staff, *rows(count))
        staff.reach("import_people")
        with django_assert_num_queries(3):
            readings_of(kept, staff, AT)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.text(max_size=60), min_size=8, max_size=8), min_size=1, max_size=4))
def test_any_cells_are_read_or_named(staff, rows):
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HEAD)
    writer.writerows(rows)
    upload = SimpleUploadedFile("people.csv", buffer.getvalue().encode("utf-8", "replace"))
    try:
        kept = actions.preview_import(by=staff, at=AT, upload=upload)
    except BadFile:
        return
    for reading in readings_of(kept, staff, AT):
        assert reading.status in {"new", "error"}
    with suppress(Refused):
        actions.import_rows(by=staff, at=AT, preview=kept, declared=True)
    Talent.objects.all().delete()


def test_packing_keeps_the_table(staff):
    from talentmap.ui.workbooks import read_table

    table = read_table(sheet(("张伟", id_number(1), *[""] * 6)), COLUMNS)
    assert importing.unpacked(importing.packed(table)) == table
