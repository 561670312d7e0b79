import pytest

from tests.surveys.xlsform.books import SURVEY, imported, places, survey

ONE = [["type", "name", "label"], ["select_one towns", "a", "A"]]
MANY = [["type", "name", "label"], ["select_multiple towns", "a", "A"]]


def choices(*rows, asked=ONE, settings=None):
    sheets = {"survey": asked, "choices": rows}
    return imported({**sheets, "settings": settings} if settings else sheets)


def test_choices_with_labels_pictures_and_columns_of_their_own():
    found = choices(
        ["list name", "name", "label::中文 (zh)", "media::image::中文 (zh)", "county"],
        ["towns", 511525100, "文江镇", "wj.jpg", "高县"],
        [],
        ["towns", "other", "其他"],
    )

    assert found.mistakes == ()
    assert found.document["choices"] == {
        "towns": [
            {
                "name": "511525100",
                "label": {"中文 (zh)": "文江镇"},
                "media": {"image": {"中文 (zh)": "wj.jpg"}},
                "filter": {"county": "高县"},
            },
            {"name": "other", "label": {"中文 (zh)": "其他"}},
        ]
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["towns", "a", "A"], ["towns", None, "B"]], [("choices", "A3", "choice_no_name")]),
        ([["towns", "a", "A"], [None, "b", "B"]], [("choices", "B3", "choice_no_list")]),
        ([["towns", "a", "A"], ["towns", "a", "B"]], [("choices", "B3", "duplicate_choice")]),
        ([["towns", "a", "A"], ["my towns", "a", "B"]], [("choices", "A3", "bad_list_name")]),
    ],
)
def test_mistakes_of_choices(rows, expected):
    assert places(choices(["list_name", "name", "label"], *rows).mistakes) == expected


@pytest.mark.parametrize("asked", [ONE, MANY])
@pytest.mark.parametrize("name", ["a b", "a" * 121])
def test_choice_names_are_one_short_word(asked, name):
    rows = [["list_name", "name", "label"], ["towns", name, "A"]]

    assert places(choices(*rows, asked=asked).mistakes) == [("choices", "B2", "choice_bad_name")]


def test_duplicate_choices_may_be_allowed():
    rows = [["list_name", "name", "label", "state"], ["towns", "king", "King", "tx"], ["towns", "king", "King", "wa"]]

    found = choices(*rows, settings=[["form_id", "allow_choice_duplicates"], ["f", "yes"]])

    assert found.mistakes == ()
    assert len(found.document["choices"]["towns"]) == 2
    assert found.document["settings"]["extra"] == {"allow_choice_duplicates": "yes"}


def test_rows_without_list_and_name_are_told_and_not_read():
    found = choices(["list_name", "name", "label"], ["towns", "a", "A"], [None, None, "—— 以下备用 ——"])

    assert found.mistakes == ()
    assert ("choices", "3", "choice_row_ignored") in places(found.warnings)


def test_a_list_that_nobody_uses_is_kept_and_told():
    found = choices(["list_name", "name", "label"], ["towns", "a", "A"], ["spare", "b", "B"])

    assert "spare" in found.document["choices"]
    assert ("choices", "A3", "list_unused") in places(found.warnings)


def test_choices_need_their_columns():
    assert ("choices", "1", "no_header") in places(choices(["list", "name", "label"], ["towns", "a", "A"]).mistakes)


def test_settings():
    found = imported(
        {
            "survey": SURVEY,
            "settings": [
                ["form_title", "form_id", "style", "instance_name", "version"],
                ["村民调查", "villagers", "pages", "concat(${name}, '-', today())", 20261125],
            ],
        }
    )

    assert found.mistakes == ()
    assert found.document["settings"] == {
        "title": "村民调查",
        "form_id": "villagers",
        "style": "pages",
        "instance_name": "concat(${name}, '-', today())",
        "extra": {"version": "20261125"},
    }


def test_without_settings_the_file_lends_its_name():
    found = imported({"survey": SURVEY}, "调查/村民 2026.xlsx")

    assert found.document["settings"] == {"form_id": "村民 2026", "title": "村民 2026"}
    assert places(found.warnings) == [("", "", "form_id_from_name")]


def test_old_and_useless_settings_are_told():
    found = imported(
        {
            "survey": SURVEY,
            "settings": [
                ["title", "id_string", "public_key", "submission_url", "add_none_option"],
                ["T", "t", "MIIB", "https://example.org/submission", False],
                ["again"],
            ],
        }
    )

    assert found.mistakes == ()
    assert places(found.warnings) == [
        ("settings", "B2", "id_string"),
        ("settings", "C2", "setting_replaced"),
        ("settings", "D2", "setting_replaced"),
        ("settings", "3", "settings_rows"),
    ]


def test_settings_that_change_the_answers_are_refused():
    found = imported({"survey": SURVEY, "settings": [["form_id", "add_none_option", "attribute::x"], ["f", True, "y"]]})

    assert places(found.mistakes) == [
        ("settings", "B2", "setting_not_supported"),
        ("settings", "C2", "setting_not_supported"),
    ]


@pytest.mark.parametrize("name", ["entities", "external_choices", "osm", "cascades"])
def test_sheets_that_are_not_supported_are_refused_where_filled(name):
    empty = imported({"survey": SURVEY, name: [["list_name", "name", "label"]]})
    filled = imported({"survey": SURVEY, name: [["list_name", "name", "label"], ["a", "b", "c"]]})

    assert empty.mistakes == ()
    assert places(filled.mistakes) == [(name, "2", "sheet_not_supported")]


def test_a_survey_without_questions_is_a_mistake():
    assert places(survey(["type", "name", "label"]).mistakes) == [("survey", "", "no_questions")]
