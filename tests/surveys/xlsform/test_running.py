"""What the engine finds, told where it stands in the workbook."""

import pytest

from needs.surveys.engine import check, compile
from needs.surveys.engine.checking import Context
from tests.surveys.xlsform.books import imported, places, survey
from tests.surveys.xlsform.samples import ACCEPTED, sample

HEAD = ["type", "name", "label"]


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("relevant", "${b} = 1", "unknown_reference"),
        ("relevance", "${a} = ", "incomplete"),
        ("constraint", ". > 'x", "unreadable"),
        ("bind::constraint", "(. > 1", "incomplete"),
        ("calculation", "vlookup(${a}, 1)", "unknown_function"),
        ("calculation", "round()", "wrong_argument_count"),
        ("required", "${b} = 1", "unknown_reference"),
        ("read_only", "${b} = 1", "unknown_reference"),
        ("default", "${b} + 1", "unknown_reference"),
        ("hint", "Hello ${b}", "unknown_reference"),
        ("constraint_message", "Not ${b}", "unknown_reference"),
        ("relevant", "/data/a = 1", "unreadable"),
    ],
)
def test_expressions_are_told_at_their_cell_under_their_own_heading(column, text, code):
    found = survey([*HEAD, column], ["integer", "a", "A"], ["integer", "c", "C", text]).mistakes

    assert places(found) == [("survey", "D3", code)]
    assert found[0].message_en.startswith(column)
    assert found[0].message_zh != found[0].message_en


def test_the_character_in_the_cell_is_told():
    found = survey([*HEAD, "relevant"], ["integer", "a", "A"], ["text", "c", "C", "${a} > 1 and ${b} = 1"]).mistakes

    assert "character 14" in found[0].message_en and "第14个字符" in found[0].message_zh


def test_a_text_is_told_in_the_column_of_its_language():
    rows = [["type", "name", "label::中文 (zh)", "label::English (en)"], ["note", "a", "甲", "To ${b}"]]

    assert places(survey(*rows).mistakes) == [("survey", "D2", "unknown_reference")]


def test_a_repeat_count_and_a_choice_filter_are_told():
    rows = [[*HEAD, "repeat_count", "choice_filter"], ["begin repeat", "r", "R", "${none}"]]
    rows += [["select_one towns", "t", "T", None, "county = ${none}"], ["end repeat"]]

    found = survey(*rows, choices=[["list_name", "name", "label", "county"], ["towns", "a", "A", "1"]]).mistakes

    assert places(found) == [("survey", "D2", "unknown_reference"), ("survey", "E3", "unknown_reference")]


def test_a_circle_is_told_with_the_way_round():
    rows = [[*HEAD, "calculation"], ["calculate", "a", None, "${b} + 1"], ["calculate", "b", None, "${a} + 1"]]

    found = survey(*rows).mistakes

    assert places(found) == [("survey", "D2", "circular")]
    assert "${a}" in found[0].message_zh and "${b}" in found[0].message_zh


def test_the_settings_are_told_too():
    found = imported(
        {"survey": [HEAD, ["text", "a", "A"]], "settings": [["form_id", "instance_name"], ["f", "concat(${b}, '')"]]}
    )

    assert places(found.mistakes) == [("settings", "B2", "unknown_reference")]


def test_mistakes_of_names_do_not_hide_those_of_expressions():
    rows = [[*HEAD, "relevant"], ["text", "1a", "A"], ["text", "b", "B", "${none} = 1"], ["geotrace", "c", "C"]]
    rows += [["text", "d", "D", "${c} != ''"]]

    assert places(survey(*rows).mistakes) == [
        ("survey", "B2", "bad_name"),
        ("survey", "D3", "unknown_reference"),
        ("survey", "A4", "type_not_supported"),
    ]


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_imports_can_be_run(name):
    compile(imported(sample(name), name).document)


def test_a_cascade_with_one_name_under_two_parents_takes_an_answer():
    program = compile(imported(sample("cascade.xls")).document)
    context = Context(now="2026-11-25T08:00:00+08:00", today="2026-11-25", username="", device_id="", language="")

    def mistakes(answers):
        return [each.path for each in check(program, answers, context).mistakes]

    assert mistakes({"county": "gao", "town": "centre", "village": "east"}) == []
    assert mistakes({"county": "junlian", "town": "centre", "village": "east"}) == []
