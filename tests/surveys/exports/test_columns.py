"""Columns of all versions: a question has one for good."""

from needs.surveys.exports.columns import layout
from tests.factories.surveys_exports import ENGLISH, FIRST, SECOND, question

CHINESE = "中文 (zh)"


def test_each_question_has_one_column_through_all_versions_and_none_is_lost():
    merged = layout([FIRST, SECOND])
    assert merged.codes == [
        "wish",
        "age",
        "crop",
        "trained",
        "lacks",
        "phone",
        "member/member_age",
        "member/member_name",
    ]


def test_words_are_the_newest_and_choices_of_all_versions():
    crop = layout([FIRST, SECOND]).tables[()].find("crop")
    assert crop.label == {CHINESE: "主要种什么"}
    assert list(crop.choices) == ["tea", "silk", "fruit"]
    assert crop.groups == ({CHINESE: "生产"},)


def test_a_choice_that_went_keeps_its_place():
    """The other way round: the older one has more choices."""
    assert list(layout([SECOND, FIRST]).tables[()].find("crop").choices) == ["tea", "silk", "fruit"]


def test_what_one_version_takes_for_personal_is_personal_in_all():
    open_one = {**SECOND, "items": [question("phone", "text", "电话")]}
    assert layout([FIRST, open_one]).tables[()].find("phone").personal
    assert layout([open_one, FIRST]).tables[()].find("phone").personal


def test_or_other_adds_a_choice_and_a_text_question():
    document = {
        "items": [question("crop", "select_one", "作物", list="crops", or_other=True)],
        "choices": {"crops": [{"name": "tea", "label": {CHINESE: "茶"}}]},
    }
    merged = layout([document])
    assert merged.codes == ["crop", "crop_other"]
    assert list(merged.tables[()].find("crop").choices) == ["tea", "other"]


def test_notes_have_no_column_and_nested_repeats_a_table_each():
    inner = {"kind": "repeat", "id": "job", "name": "job", "items": [question("job_name", "text", "工作")]}
    outer = {"kind": "repeat", "id": "member", "name": "member", "items": [inner]}
    merged = layout([{"items": [question("hello", "note", "您好"), outer]}])
    assert merged.codes == ["member/job/job_name"]
    assert [table.path for table in merged] == [(), ("member",), ("member", "job")]


def test_texts_fall_back_to_the_default_language_and_to_the_id():
    merged = layout([FIRST])
    crop = merged.tables[()].find("crop")
    assert merged.said(crop.choices["tea"], ENGLISH, "tea") == "Tea"
    assert merged.said(crop.label, ENGLISH, "crop") == "主要作物"
    assert merged.said({}, ENGLISH, "crop") == "crop"
