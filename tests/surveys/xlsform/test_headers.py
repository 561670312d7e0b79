import pytest

from tests.surveys.xlsform.books import imported, places, survey

QUESTION = {"type": "text", "name": "a", "label": "A"}


@pytest.mark.parametrize(
    ("heading", "key", "value"),
    [
        ("Label", "label", {"": "x"}),
        ("caption", "label", {"": "x"}),
        ("label::English (en)", "label", {"English (en)": "x"}),
        ("label :: 中文 (zh)", "label", {"中文 (zh)": "x"}),
        ("label:English", "label", {"English": "x"}),
        ("hint", "hint", {"": "x"}),
        ("hint:French", "hint", {"French": "x"}),
        ("guidance_hint::French", "guidance_hint", {"French": "x"}),
        ("relevance", "relevant", "${b} = 'x'"),
        ("bind:relevant", "relevant", "${b} = 'x'"),
        ("bind::relevant", "relevant", "${b} = 'x'"),
        ("constraint", "constraint", ". != ''"),
        ("bind:constraint", "constraint", ". != ''"),
        ("constraint-msg", "constraint_message", {"": "x"}),
        ("Constraint Message", "constraint_message", {"": "x"}),
        ("constraint_message::English", "constraint_message", {"English": "x"}),
        ("bind:jr:constraintMsg", "constraint_message", {"": "x"}),
        ("bind::jr:constraintMsg::English", "constraint_message", {"English": "x"}),
        ("requiredMsg", "required_message", {"": "x"}),
        ("required message", "required_message", {"": "x"}),
        ("bind::jr:requiredMsg", "required_message", {"": "x"}),
        ("required", "required", "yes"),
        ("bind:required", "required", "yes"),
        ("readonly", "read_only", "yes"),
        ("read only", "read_only", "yes"),
        ("calculate", "calculation", "1 + 1"),
        ("calculation", "calculation", "1 + 1"),
        ("bind::calculate", "calculation", "1 + 1"),
        ("body::appearance", "appearance", "multiline"),
        ("control:appearance", "appearance", "multiline"),
        ("image", "media", {"image": {"": "x"}}),
        ("media::image", "media", {"image": {"": "x"}}),
        ("media::image::English (en)", "media", {"image": {"English (en)": "x"}}),
        ("image::English", "media", {"image": {"English": "x"}}),
        ("media::audio", "media", {"audio": {"": "x"}}),
        ("big-image", "media", {"big-image": {"": "x"}}),
    ],
)
def test_headings_are_known_in_all_the_ways_they_are_written(heading, key, value):
    text = next(iter(value.values())) if isinstance(value, dict) else value
    text = next(iter(text.values())) if isinstance(text, dict) else text
    columns = {name: cell for name, cell in QUESTION.items() if not (key == "label" and name == "label")}
    other = [["text", "b"] + ["B"] * (len(columns) - 2)]

    found = survey(
        [*columns, heading], [*columns.values(), text], *[[*row, "B" if key == "label" else None] for row in other]
    )

    assert found.mistakes == ()
    assert found.document["items"][0][key] == value


@pytest.mark.parametrize("heading", ["Command", "TYPE", " type "])
def test_the_type_column(heading):
    assert survey([heading, "tag", "caption"], ["text", "a", "A"]).document["items"][0]["name"] == "a"


def test_two_columns_with_one_heading_are_a_mistake_even_when_empty():
    found = survey(["type", "name", "label", "hint", "hint"], ["text", "a", "A"]).mistakes

    assert places(found) == [("survey", "E1", "duplicate_header")]
    assert "D" in found[0].message_en


def test_two_columns_of_one_meaning_are_a_mistake_where_both_are_filled():
    rows = [
        ["type", "name", "label", "constraint_message", "constraint-msg"],
        ["text", "a", "A", "x", None],
        ["text", "b", "B", None, "y"],
        ["text", "c", "C", "x", "y"],
    ]

    assert places(survey(*rows).mistakes) == [("survey", "E4", "same_meaning")]


def test_a_plain_column_takes_no_language():
    found = survey(["type", "name", "label", "relevant::English"], ["text", "a", "A", ""]).mistakes

    assert places(found) == [("survey", "D1", "header_not_translated")]


def test_a_heading_with_too_many_parts_is_unreadable():
    found = survey(["type", "name", "label", "label::English::US"], ["text", "a", "A", ""]).mistakes

    assert places(found) == [("survey", "D1", "header_unreadable")]


@pytest.mark.parametrize(
    "heading", ["bind::type", "bind::odk:length", "body::accept", "instance::odk:tag", "bind:foo:bar"]
)
def test_free_attributes_are_refused_where_filled(heading):
    rows = [["type", "name", "label", heading], ["text", "a", "A", None], ["text", "b", "B", "x"]]

    assert places(survey(*rows).mistakes) == [("survey", "D3", "column_not_supported")]


@pytest.mark.parametrize("heading", ["trigger", "save_to", "skip", "body::intent"])
def test_columns_that_would_change_the_answers_are_refused_where_filled(heading):
    rows = [["type", "name", "label", heading], ["text", "a", "A", None], ["text", "b", "B", "${a}"]]

    assert places(survey(*rows).mistakes) == [("survey", "D3", "column_not_supported")]


def test_columns_without_effect_are_kept_and_told_once():
    rows = [
        ["type", "name", "label", "备注", "autoplay"],
        ["text", "a", "A", "问乡镇", "audio"],
        ["text", "b", "B", "x"],
    ]

    found = survey(*rows)

    assert found.document["items"][0]["extra"] == {"备注": "问乡镇", "autoplay": "audio"}
    assert places(found.warnings)[1:] == [
        ("survey", "D1", "column_without_effect"),
        ("survey", "E1", "column_without_effect"),
    ]


def test_text_below_no_heading_is_told():
    found = survey(["type", "name", "label"], ["text", "a", "A", "?"])

    assert ("survey", "D1", "column_without_header") in places(found.warnings)


@pytest.mark.parametrize(
    ("missing", "rows"), [("name", [["type", "label"], ["text", "A"]]), ("type", [["name"], ["a"]])]
)
def test_a_survey_needs_types_and_names(missing, rows):
    found = survey(*rows).mistakes

    assert places(found) == [("survey", "1", "no_header")]
    assert missing in found[0].message_en


# --- languages


def test_languages_come_in_the_order_of_their_columns():
    rows = [
        ["type", "name", "label::中文 (zh)", "label::English (en)", "hint::Français (fr)"],
        ["text", "a", "甲", "A", None],
    ]

    found = survey(*rows)

    assert found.document["languages"] == ["中文 (zh)", "English (en)", "Français (fr)"]
    assert places(found.warnings)[1:] == [("survey", "C2", "untranslated")]


def test_columns_without_a_language_are_in_the_default_language():
    document = imported(
        {
            "survey": [["type", "name", "label", "label::English"], ["text", "a", "甲", "A"]],
            "settings": [["form_id", "default_language"], ["f", "中文"]],
        }
    ).document

    assert document["languages"] == ["中文", "English"]
    assert document["items"][0]["label"] == {"中文": "甲", "English": "A"}


def test_a_column_without_a_language_and_one_of_the_default_language_say_the_same():
    found = imported(
        {
            "survey": [["type", "name", "label", "label::English"], ["text", "a", "甲", "A"]],
            "settings": [["form_id", "default_language"], ["f", "English"]],
        }
    )

    assert places(found.mistakes) == [("survey", "D2", "same_meaning")]


def test_an_unknown_default_language_is_a_mistake():
    found = imported(
        {
            "survey": [["type", "name", "label::English (en)"], ["text", "a", "A"]],
            "settings": [["form_id", "default_language"], ["f", "English"]],
        }
    ).mistakes

    assert places(found) == [("settings", "B2", "unknown_default_language")]
    assert "English (en)" in found[0].message_zh
