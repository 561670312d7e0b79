import io
import json
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from pyxform.xls2xform import convert

from needs.surveys.xlsform import TextTooLong, write
from tests.surveys.xlsform.books import imported, places
from tests.surveys.xlsform.documents import documents

READY = Path(__file__).resolve().parents[3] / "needs" / "surveys" / "ready"
FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://example.org","x")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "{=1}",
    "=cmd|' /C calc'!A0",
]


def document(**item):
    question = {"kind": "question", "id": "a", "type": "text", "name": "a", "label": {"": "A"}, **item}
    return {"settings": {"title": "T", "form_id": "t"}, "languages": [], "items": [question], "choices": {}}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_what_is_written_reads_back_as_the_same(generated):
    again = imported(write(generated))

    assert again.mistakes == ()
    assert again.document == generated


@pytest.mark.parametrize("audience", ["villagers", "enterprises", "talents"])
def test_pyxform_takes_what_is_written(audience):
    """Whole questionnaires: documents made at random run into what pyxform itself trips over, such as an unlabelled
    choice beside a labelled one."""
    converted = convert(write(json.loads((READY / f"{audience}.json").read_text())), validate=False)

    assert "<h:html" in converted.xform


@pytest.mark.parametrize("text", FORMULAS)
def test_nothing_written_is_a_formula(text):
    data = write(document(label={"": text}, hint={"": text}, extra={"备注": text}))

    sheet = openpyxl.load_workbook(io.BytesIO(data))["survey"]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert imported(data).document["items"][0]["label"] == {"": text.strip()}


def test_all_columns_are_written_back():
    given_document = {
        "settings": {
            "title": "村民调查",
            "form_id": "villagers",
            "default_language": "中文 (zh)",
            "style": "pages",
            "instance_name": "concat(${name}, '')",
            "extra": {"version": "3", "allow_choice_duplicates": "yes"},
        },
        "languages": ["中文 (zh)", "English (en)"],
        "items": [
            {
                "kind": "group",
                "name": "person",
                "label": {"中文 (zh)": "个人"},
                "hint": {"中文 (zh)": "请如实填写"},
                "appearance": "field-list",
                "relevant": "true()",
                "items": [
                    {
                        "kind": "question",
                        "id": "respondent",
                        "type": "text",
                        "name": "name",
                        "label": {"中文 (zh)": "姓名", "English (en)": "Name"},
                        "hint": {"中文 (zh)": "全名"},
                        "guidance_hint": {"中文 (zh)": "照身份证"},
                        "required": "yes",
                        "required_message": {"中文 (zh)": "请填写"},
                        "constraint": "string-length(.) > 1",
                        "constraint_message": {"中文 (zh)": "太短"},
                        "read_only": "1 = 2",
                        "default": "张三",
                        "appearance": "multiline",
                        "parameters": {"rows": "2"},
                        "media": {"image": {"中文 (zh)": "a.png"}, "audio": {"English (en)": "a.mp3"}},
                        "personal": True,
                        "extra": {"备注": "x"},
                    }
                ],
            },
            {
                "kind": "repeat",
                "id": "member",
                "name": "member",
                "label": {"中文 (zh)": "成员"},
                "repeat_count": "2",
                "items": [
                    {
                        "kind": "question",
                        "id": "town",
                        "type": "select_one",
                        "name": "town",
                        "list": "towns",
                        "label": {"中文 (zh)": "乡镇"},
                        "choice_filter": "county = '1'",
                    }
                ],
            },
        ],
        "choices": {"towns": [{"name": "511525100", "label": {"中文 (zh)": "文江镇"}, "filter": {"county": "1"}}]},
    }

    again = imported(write(given_document))

    assert again.mistakes == ()
    assert again.document == given_document


def test_csv_and_xlsx_give_the_same_document():
    from tests.surveys.xlsform.books import csv_file

    book = openpyxl.load_workbook(io.BytesIO(write(document(hint={"": "多行\n提示"}))))
    sheets = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}

    assert imported(csv_file(sheets)).document == imported(write(document(hint={"": "多行\n提示"}))).document


def test_a_text_that_no_cell_can_hold_is_not_cut():
    with pytest.raises(TextTooLong):
        write(document(label={"": "长" * 40_000}))


def test_the_unknown_metadata_and_files_keep_their_own_words():
    found = imported({"survey": [["type", "name", "label"], ["audio", "a", "A"], ["phonenumber", "b", None]]})

    sheet = openpyxl.load_workbook(io.BytesIO(write(found.document)))["survey"]

    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["audio", "phonenumber"]
    assert places(imported(write(found.document)).mistakes) == []
