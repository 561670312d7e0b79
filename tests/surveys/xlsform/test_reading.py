import datetime
import io
import os
import random
import time
import zipfile

import openpyxl
import pytest

from needs.surveys.xlsform import workbook as limits
from needs.surveys.xlsform import write
from needs.surveys.xlsform.reading import ENCRYPTED, OLE
from tests.surveys.xlsform.books import SURVEY, csv_file, imported, places, rewritten, workbook, xls, xlsx

SHEETS = {
    "survey": [
        ["type", "name", "label::中文 (zh)", "required"],
        ["integer", "age", "年龄", True],
        [],
        ["select_one yes_no", "tea", "种茶吗？", None],
    ],
    "choices": [["list name", "name", "label::中文 (zh)"], ["yes_no", 1, "是"], ["yes_no", 0, "否"]],
}


@pytest.mark.parametrize("make", [xlsx, xls])
def test_excel_keeps_rows_columns_and_values_as_their_author_saw_them(make):
    read = workbook(make(SHEETS))

    assert read.mistakes == ()
    assert read.sheets["survey"].header.cells == {0: "type", 1: "name", 2: "label::中文 (zh)", 3: "required"}
    assert [(row.number, row.cells) for row in read.sheets["survey"].rows] == [
        (2, {0: "integer", 1: "age", 2: "年龄", 3: "TRUE"}),
        (4, {0: "select_one yes_no", 1: "tea", 2: "种茶吗？"}),
    ]
    assert [row.cells[1] for row in read.sheets["choices"].rows] == ["1", "0"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_csv_has_its_sheet_names_in_the_first_column(encoding):
    read = workbook(csv_file(SHEETS, encoding), "form.csv")

    assert read.mistakes == ()
    # Row 1 says "survey", and the first column belongs to the names: cells stand where a spreadsheet shows them.
    assert [(row.number, row.cells) for row in read.sheets["survey"].rows] == [
        (3, {1: "integer", 2: "age", 3: "年龄", 4: "True"}),
        (5, {1: "select_one yes_no", 2: "tea", 3: "种茶吗？"}),
    ]


@pytest.mark.parametrize("make", [xlsx, xls, csv_file])
def test_the_kind_of_file_is_told_by_its_content(make):
    for name in ("a.xlsx", "a.xls", "a.csv", "a.pdf", ""):
        assert imported(make(SHEETS), name).mistakes == ()


def test_dates_times_and_numbers_are_texts():
    rows = [
        ["type", "name", "label", "default"],
        ["date", "a", "A", datetime.date(2026, 11, 25)],
        ["decimal", "b", "B", 2.5],
        ["integer", "c", "C", 12.0],
    ]

    read = workbook(xlsx({"survey": rows})).sheets["survey"]

    assert [row.cells[3] for row in read.rows] == ["2026-11-25", "2.5", "12"]


def test_blanks_are_cleaned_and_smart_quotes_straightened_in_expressions_only():
    rows = [
        ["type", "name", "label", "relevant"],
        ["text", "\xa0a ", " 选择“是”\xa0吗 ", ""],
        ["text", "b", "B", "${a} = “yes”"],
    ]

    document = imported({"survey": rows}).document

    assert document["items"][0] == {
        "kind": "question",
        "id": "a",
        "type": "text",
        "name": "a",
        "label": {"": "选择“是” 吗"},
    }
    assert document["items"][1]["relevant"] == '${a} = "yes"'


def test_a_merged_cell_says_what_its_first_cell_says():
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in [["type", "name", "label", "hint"], ["text", "a", "A", None]]:
        book.active.append(row)
    book.active.merge_cells("C2:D2")
    target = io.BytesIO()
    book.save(target)

    assert imported(target.getvalue()).document["items"][0]["label"] == {"": "A"}


def test_formulas_give_their_saved_value():
    rows = [["type", "name", "label"], ["text", ('="a"&"b"', "ab"), "A"], ["text", ("=FALSE()", False), "B"]]

    assert [item["name"] for item in imported({"survey": rows}).document["items"]] == ["ab", "FALSE"]


def test_a_formula_without_a_value_and_one_with_an_error_are_mistakes():
    # openpyxl writes formulas without a value, as scripts do that never started Excel.
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in [["type", "name", "label"], ["text", "a", "=B2"], ["text", "b", "#REF!"]]:
        book.active.append(row)
    book.active["C3"].data_type = "e"
    target = io.BytesIO()
    book.save(target)

    found = set(places(imported(target.getvalue()).mistakes))

    assert {("survey", "C2", "formula_without_value"), ("survey", "C3", "cell_error")} <= found


def test_a_formula_whose_value_is_the_empty_text_is_an_empty_cell():
    rows = [["type", "name", "label", "hint"], ["text", "a", "A", ('=""', "x")]]

    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"<v>x</v>", b"<v></v>")

    found = imported(rewritten(xlsx({"survey": rows}), change))

    assert found.mistakes == ()
    assert "hint" not in found.document["items"][0]


def test_the_only_sheet_holds_the_questions_whatever_its_name():
    assert imported({"Sheet1": SURVEY}).mistakes == ()


def test_other_sheets_are_named_and_not_read():
    found = imported({"survey": SURVEY, "说明": [["…"]]})

    assert ("说明", "", "sheet_ignored") in places(found.warnings)


def test_a_missing_survey_sheet_names_the_sheets_that_are_there():
    found = imported({"choices": [["list_name", "name"]], "Servey": SURVEY}).mistakes

    assert [each.code for each in found] == ["no_survey_sheet"]
    assert "Servey" in found[0].message_zh


# --- hostile files


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\0" * 4096, "empty_file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not_a_workbook"),
        (b"a,b,c\n1,2,3\n", "not_a_workbook"),
        ("只是一段文字".encode(), "not_a_workbook"),
        (b'survey\n,type,name\n,"text,a\n', "not_a_workbook"),
        (OLE + bytes(600) + ENCRYPTED + bytes(600), "password"),
        (OLE + b"\xff" * 2000, "damaged"),
        (b"PK\x03\x04" + b"x" * 500, "damaged"),
        (b"x" * (limits.MAX_FILE_MB * 1024 * 1024 + 1), "file_too_large"),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_reason(data, code):
    assert [each.code for each in imported(data).mistakes] == [code]


def test_a_zip_that_is_no_workbook_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("readme.txt", "hello")

    assert [each.code for each in imported(target.getvalue()).mistakes] == ["not_a_workbook"]


def test_a_workbook_cut_off_anywhere_is_refused():
    whole = xlsx(SHEETS)

    for size in range(4, len(whole) - 1, 97):
        assert [each.code for each in imported(whole[:size]).mistakes] == ["damaged"], size


@pytest.mark.parametrize("make", [xlsx, xls, csv_file])
def test_changed_bytes_are_never_an_exception(make):
    whole = make(SHEETS)
    dice = random.Random(20261125)

    for _ in range(150):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 12)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        imported(bytes(data))
    imported(os.urandom(3000))


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    target = io.BytesIO(xlsx(SHEETS))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(64 * 1024 * 1024))
    assert len(target.getvalue()) < 200_000

    started = time.perf_counter()
    found = imported(target.getvalue()).mistakes

    assert [each.code for each in found] == ["too_large_inside"]
    assert time.perf_counter() - started < 1


def test_entities_are_not_expanded():
    def change(name: str, part: bytes) -> bytes:
        bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        return part.replace(b"<worksheet", bomb + b"<worksheet", 1) if name.endswith("sheet1.xml") else part

    assert [each.code for each in imported(rewritten(xlsx(SHEETS), change)).mistakes] == ["damaged"]


def test_a_sheet_of_a_million_empty_rows_is_read_in_a_second():
    rows = "".join(f'<row r="{number}" ht="15" customHeight="1"/>' for number in range(5, 1_048_577)).encode()

    def change(name: str, part: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return part
        dimension = part.replace(b'ref="A1:D4"', b'ref="A1:XFD1048576"')
        return dimension.replace(b"</sheetData>", rows + b"</sheetData>")

    data = rewritten(xlsx(SHEETS), change)
    started = time.perf_counter()
    found = imported(data)

    assert time.perf_counter() - started < 1.5
    assert found.mistakes == ()
    assert places(found.warnings)[-1] == ("survey", "1005", "stopped_reading")


def test_a_sheet_that_claims_less_than_it_holds_is_read_whole():
    def change(name: str, part: bytes) -> bytes:
        return part.replace(b'ref="A1:D4"', b'ref="A1:A1"')

    assert len(imported(rewritten(xlsx(SHEETS), change)).document["items"]) == 2


def test_the_limits_are_told(monkeypatch):
    monkeypatch.setattr(limits, "MAX_ROWS", 3)
    monkeypatch.setattr(limits, "MAX_COLUMNS", 4)
    many_rows = [SURVEY[0], *(["note", f"n{at}", "A"] for at in range(5))]
    many_columns = [["type", "name", "label", "hint", "x"], ["text", "a", "A", "B", "C"]]

    assert ("survey", "4", "too_many_rows") in places(imported({"survey": many_rows}).mistakes)
    assert ("survey", "E1", "too_many_columns") in places(imported({"survey": many_columns}).mistakes)


def test_cells_without_text_count_too(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 50)
    wide = [["type", "name", "label"], *([None] * 19 + ["x"] for _ in range(5))]

    assert "too_many_cells" in {each.code for each in imported({"survey": wide}).mistakes}


def test_a_very_long_cell_is_refused_and_the_longest_allowed_is_not():
    longest = "长" * limits.MAX_CHARACTERS
    rows = lambda text: {"survey": [["type", "name", "label"], ["note", "a", text]]}  # noqa: E731

    assert imported(csv_file(rows(longest))).mistakes == ()
    assert places(imported(csv_file(rows(longest + "长"))).mistakes)[0] == ("survey", "D3", "cell_too_long")


def test_control_characters_are_told():
    found = imported(csv_file({"survey": [["type", "name", "label"], ["text", "a", "A\x07"]]}))

    assert places(found.mistakes) == [("survey", "D3", "control_characters")]


def test_a_hundred_languages_are_read():
    languages = [f"L{at}" for at in range(100)]
    heads = [f"{key}::{language}" for key in ("label", "hint", "constraint_message") for language in languages]
    rows = [["type", "name", *heads], ["text", "a", *(f"t{at}" for at in range(300))]]

    document = imported({"survey": rows}).document

    assert document["languages"] == languages
    assert document["items"][0]["hint"]["L99"] == "t199"
    assert imported(write(document)).document == document


def test_two_sheets_of_one_name_are_a_mistake():
    data = csv_file({"survey": SURVEY}) + csv_file({"Survey": SURVEY})

    assert [each.code for each in imported(data).mistakes] == ["duplicate_sheet"]
