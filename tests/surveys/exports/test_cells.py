"""Answers as cells: by code, by label, hostile ones."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needs.surveys.exports.cells import Inexact, Row, columns_of, instances, unique
from needs.surveys.exports.columns import layout
from needs.surveys.exports.decoding import decode, decode_exactly, joined
from needs.surveys.exports.options import EACH, Options
from needs.surveys.exports.writers import CELL_LETTERS, csv_bytes, written
from tests.factories.surveys_exports import ENGLISH, FIRST, question

KINDS = layout(
    [
        {
            "settings": FIRST["settings"],
            "languages": FIRST["languages"],
            "items": [
                *FIRST["items"][:4],
                question("place", "geopoint", "位置"),
                question("photo", "image", "照片"),
                question("order", "rank", "排序", list="lacks"),
                question("share", "decimal", "比例"),
            ],
            "choices": FIRST["choices"],
        }
    ]
)


def row(answers, *, guarded=True, **options):
    chosen = Options(columns=tuple(KINDS.codes), **{"words": "codes", **options})
    columns = columns_of(KINDS.tables[()].questions, KINDS, chosen, guarded=guarded)
    cells = Row(columns, as_text=guarded).of(answers)
    return dict(zip([column.heading for column in columns], cells, strict=True))


ANSWERS = {
    "age": 40,
    "crop": "tea",
    "trained": "制茶",
    "lacks": ["growing", "selling"],
    "place": [28.38812, 104.56339, None, 5],
    "photo": {"file": "8f14e45f", "name": "茶园.jpg"},
    "order": ["selling", "growing"],
    "share": 0.5,
}


def test_codes_are_what_was_answered():
    assert row(ANSWERS) == {
        "age": "40",
        "crop": "tea",
        "trained": "制茶",
        "lacks": "growing selling",
        "place": "28.38812 104.56339  5",
        "photo": "茶园.jpg",
        "order": "selling growing",
        "share": "0.5",
    }


def test_labels_are_what_people_read():
    found = row(ANSWERS, words="labels", language=ENGLISH)
    assert found["主要作物"] == "Tea"
    assert found["缺什么人才"] == "Growing; Selling"


def test_several_choices_may_have_a_column_each_and_ranks_a_place():
    found = row(ANSWERS, multiple=EACH)
    assert (found["lacks/growing"], found["lacks/selling"]) == ("1", "1")
    assert (found["order/growing"], found["order/selling"]) == (2, 1)
    assert row({}, multiple=EACH)["lacks/growing"] == ""


def test_what_was_not_answered_is_empty():
    assert set(row({}).values()) == {""}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_text_runs_as_a_formula(start):
    hostile = f'{start}HYPERLINK("http://evil","x")'
    assert row({"trained": hostile})["trained"] == "'" + hostile
    assert row({"crop": hostile})["crop"] == "'" + hostile  # a choice that no version offers
    assert row({"lacks": [hostile]})["lacks"] == "'" + hostile
    assert row({"photo": {"name": hostile}})["photo"] == "'" + hostile
    assert row({"trained": hostile}, guarded=False)["trained"] == hostile


def test_a_negative_number_stays_a_number():
    assert row({"age": -3})["age"] == "-3"
    assert row({"age": -3}, guarded=False)["age"] == -3


@pytest.mark.parametrize("value", [["a"], {"x": 1}, True, 7, None, "text", 1e300])
@pytest.mark.parametrize("name", ["age", "crop", "trained", "lacks", "place", "photo", "order", "share"])
def test_an_answer_of_another_kind_is_its_text_and_no_error(name, value):
    for multiple in ("one", EACH):
        try:
            cells = row({name: value}, multiple=multiple)
        except Inexact:
            continue
        csv_bytes([list(cells.values())])


@pytest.mark.parametrize(
    "value", ["=1+1", "＝1", "@x", "", None, True, 7, 7.5, -0.0, ["=a", "b"], {"name": "=x"}, "text"]
)
@pytest.mark.parametrize("name", ["age", "crop", "trained", "lacks", "place", "photo", "order", "share"])
def test_the_quick_way_and_the_careful_one_say_the_same_and_nothing_runs(name, value):
    """Also of an answer that is of another kind than its question."""
    columns = columns_of(
        KINDS.tables[()].questions, KINDS, Options(columns=tuple(KINDS.codes), words="codes"), guarded=True
    )
    made = Row(columns, as_text=True)
    quick = csv_bytes([made.of({name: value})])
    assert quick == csv_bytes([made.exactly({name: value})])
    assert not any(cell.startswith(("=", "＝", "@")) for cell in next(csv.reader(io.StringIO(quick.decode()))))


@pytest.mark.parametrize("digits", ["12345678901234567890", "-98765432109876543210", "1" + "0" * 400, "1e400"])
def test_numbers_of_any_size_keep_their_digits(digits):
    text = f'{{"age": {digits}}}'
    columns = columns_of(KINDS.tables[()].questions, KINDS, Options(columns=(), words="codes"), guarded=True)
    made = Row(columns, as_text=True)
    try:
        cells = made.of(decode(text))
    except Inexact:
        cells = made.exactly(decode_exactly(text))
    assert str(cells[0]).lower().replace("+", "") == digits


def test_personal_answers_take_their_place_inside_repeats():
    public = {"age": 40, "member": [{"member_age": 60}, {"member_age": 8}]}
    personal = {"phone": "13800138000", "member": [{"member_name": "张三"}, {"member_name": "张四"}]}
    assert joined(public, personal) == {
        "age": 40,
        "phone": "13800138000",
        "member": [{"member_age": 60, "member_name": "张三"}, {"member_age": 8, "member_name": "张四"}],
    }
    assert joined({}, {"member": [{"member_name": "张三"}]}) == {"member": [{"member_name": "张三"}]}


def test_instances_are_numbered_from_the_outermost_inwards():
    answers = {"member": [{"job": [{"n": 1}, {"n": 2}]}, {}, {"job": [{"n": 3}]}]}
    found = [(places, each["n"]) for places, each in instances(answers, ("member", "job"))]
    assert found == [((1, 1), 1), ((1, 2), 2), ((3, 1), 3)]


def test_headings_are_told_apart():
    assert unique(["年龄", "年龄", "作物"], ["age", "age_2", "crop"]) == ["年龄 (age)", "年龄 (age_2)", "作物"]


cell = st.one_of(st.text(max_size=12), st.integers(), st.none(), st.sampled_from(['"', ",", "\r\n", "\x1f", "", "a,b"]))


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(cell, min_size=width, max_size=width), max_size=6)))
def test_the_quick_way_writes_what_the_csv_module_reads(rows):
    expected = io.StringIO()
    csv.writer(expected).writerows(rows)
    assert csv_bytes(rows) == expected.getvalue().encode("utf-8", "replace") or not rows


def test_a_cell_of_a_workbook_is_cut_with_a_mark_and_loses_what_xml_cannot_hold():
    assert written("a\x00b\x0bc") == "abc"
    assert written("茶" * CELL_LETTERS) == "茶" * CELL_LETTERS
    for letter, width in (("茶", 1), ("𠮷", 2)):
        cut = written(letter * CELL_LETTERS + letter)
        assert len(cut.encode("utf-16-le")) // 2 <= CELL_LETTERS
        assert cut.endswith((")", "）")) and cut.startswith(letter * (30000 // width))
