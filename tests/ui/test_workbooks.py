"""Tables as people upload them, and as somebody might who means harm."""

import io
import zipfile
from contextlib import suppress
from datetime import date, datetime

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from talentmap.ui import workbooks
from talentmap.ui.workbooks import BadFile, Column, read_table

COLUMNS = (
    Column("name", "Name"),
    Column("phone", "Phone", aliases=("Mobile",)),
    Column("note", "Note", required=False),
)


def upload(content, name="table.xlsx"):
    return SimpleUploadedFile(name, content)


def xlsx(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


PLAIN = xlsx([["Name", "Phone"], ["a", "b"]])


def repacked(content, changes):
    """The same workbook with some of its parts replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, changes.get(part.filename) or old.read(part.filename))
    return target.getvalue()


def refusal(content, **options):
    with pytest.raises(BadFile) as refused:
        read_table(upload(content), COLUMNS, **options)
    return str(refused.value)


def test_a_workbook_is_read_as_text_with_excels_row_numbers():
    table = read_table(upload(xlsx([["Name", "Phone"], ["张伟", 13800001234], [], ["王芳", "138"]])), COLUMNS)
    assert [(row.number, row["name"], row["phone"], row["note"]) for row in table.rows] == [
        (2, "张伟", "13800001234", ""),
        (4, "王芳", "138", ""),
    ]


def test_dates_numbers_and_truth_are_text_as_people_see_them():
    day, moment = datetime(2026, 11, 23), datetime(2026, 11, 23, 9, 5)  # noqa: DTZ001
    cells = ["Zhang", day, moment, date(2026, 1, 2), 1200.5, 1200.0]
    columns = tuple(Column(f"c{n}", f"C{n}") for n in range(6))
    table = read_table(upload(xlsx([[f"C{n}" for n in range(6)], cells])), columns)
    assert list(table.rows[0].values.values()) == [
        "Zhang",
        "2026-11-23",
        "2026-11-23 09:05",
        "2026-01-02",
        "1200.5",
        "1200",
    ]


def test_columns_are_found_by_any_name_in_any_order_and_spelling():
    table = read_table(upload(xlsx([["Other", " mobile * ", "na me"], ["x", "138", "张伟"]])), COLUMNS)
    assert table.rows[0]["name"] == "张伟"
    assert str(table.error(table.rows[0], "phone", "wrong")).count("B") == 1


def test_a_number_that_lost_digits_is_told_with_its_cell():
    table = read_table(upload(xlsx([["Name", "Phone"], ["张伟", 511525199001010011]])), COLUMNS)
    (error,) = table.errors
    assert (error.row, error.letter, error.title) == (2, "B", "Phone")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_excel_and_banks_write_it(encoding, delimiter):
    text = f'Name{delimiter}Phone\r\n"张{delimiter}伟"{delimiter}138\r\n'
    table = read_table(upload(text.encode(encoding), "t.csv"), COLUMNS)
    assert table.rows[0]["name"] == f"张{delimiter}伟"


def test_content_decides_not_the_name():
    assert read_table(upload(xlsx([["Name", "Phone"], ["a", "b"]]), "photo.jpg"), COLUMNS).rows
    assert read_table(upload(b"Name,Phone\na,b\n", "t.xlsx"), COLUMNS).rows


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 \x00\x01\x02",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"PK\x03\x04 not an archive at all",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old excel",
        b"\xff\xfe\x00",
        b"",
        b"\n\n\n",
        b"Name,Phone\n",
        b"Name,Name,Phone\na,b,c\n",
        b"Phone\n138\n",
        b'Name,Phone\n"a,b\n',
        xlsx([]),
        xlsx([["Name", "Phone"]]),
    ],
)
def test_what_is_no_usable_table_is_refused_with_a_reason(content):
    assert refusal(content)


def test_a_zip_that_is_no_workbook_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refusal(target.getvalue())


def test_too_many_rows_are_refused_and_the_limit_named():
    assert "2" in refusal(xlsx([["Name", "Phone"], *[["a", "b"]] * 3]), limit_rows=2)


def test_an_oversized_file_is_refused_unread(settings):
    settings.UPLOAD_LIMIT_MB = 1
    assert "1 MB" in refusal(b"Name,Phone\n" + b"a,b\n" * 300_000)


def test_a_bomb_is_refused_before_it_is_opened(monkeypatch):
    bomb = repacked(xlsx([["Name", "Phone"], ["a", "b"]]), {"xl/worksheets/sheet1.xml": b"<x>" + b"0" * 300_000_000})
    assert len(bomb) < 1_000_000
    monkeypatch.setattr(workbooks.openpyxl, "load_workbook", lambda *a, **k: pytest.fail("was opened"))
    assert refusal(bomb)


def test_a_bomb_that_lies_about_its_size_is_refused(monkeypatch):
    bomb = bytearray(repacked(xlsx([["Name", "Phone"]]), {"xl/worksheets/sheet1.xml": b"0" * 250_000_000}))
    real = (250_000_000).to_bytes(4, "little")
    while (place := bomb.find(real)) >= 0:
        bomb[place : place + 4] = (1000).to_bytes(4, "little")
    monkeypatch.setattr(workbooks.openpyxl, "load_workbook", lambda *a, **k: pytest.fail("was opened"))
    assert refusal(bytes(bomb))


def test_a_workbook_of_very_many_parts_is_refused():
    target = io.BytesIO(xlsx([["Name", "Phone"], ["a", "b"]]))
    with zipfile.ZipFile(target, "a") as archive:
        for number in range(workbooks.MAX_PARTS + 1):
            archive.writestr(f"xl/media/{number}.png", b"")
    assert refusal(target.getvalue())


def claiming(extent):
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    return repacked(PLAIN, {"xl/worksheets/sheet1.xml": sheet.replace(b'ref="A1:B2"', f'ref="{extent}"'.encode())})


@pytest.mark.parametrize("extent", ["A1:XFD1048576", "A1"])
def test_a_sheet_that_lies_about_its_extent_is_read_as_it_is(extent):
    assert len(read_table(upload(claiming(extent)), COLUMNS).rows) == 1


def test_an_extent_that_is_none_is_refused():
    assert refusal(claiming("nonsense"))


def test_entities_are_not_expanded():
    entities = b'<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">'
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [' + entities + b"]><worksheet>&b;</worksheet>"
    assert refusal(repacked(xlsx([["Name", "Phone"], ["a", "b"]]), {"xl/worksheets/sheet1.xml": bomb}))


def test_rows_after_a_long_blank_run_are_not_waited_for():
    far = [["Name", "Phone"], ["a", "b"], *[[]] * 500, ["c", "d"]]
    assert len(read_table(upload(xlsx(far)), COLUMNS).rows) == 1


@budget(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: ("Name,Phone\n" + text).encode()))
def test_whatever_is_uploaded_is_a_table_or_a_refusal(content):
    try:
        table = read_table(upload(content), COLUMNS, limit_rows=50)
    except BadFile as refused:
        assert str(refused)
    else:
        assert table.rows


@budget(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_a_table_or_a_refusal(data):
    content = bytearray(PLAIN)
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(BadFile):
        read_table(upload(bytes(content)), COLUMNS)


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n1 0 obj << /Type, /Name >>\nendobj\n", "各位同事：请查收。\n谢谢\n".encode(), b"hello\nworld\n"],
    ids=["PDF", "letter", "text"],
)
def test_what_is_no_table_is_called_that(content):
    assert "不是 Excel" in refusal(content)


def test_a_table_with_other_headings_is_told_which_it_lacks():
    assert "Name" in refusal("甲,乙\n1,2\n".encode())
