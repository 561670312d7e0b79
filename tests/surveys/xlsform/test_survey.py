import pytest

from tests.surveys.xlsform.books import imported, places, survey

HEAD = ["type", "name", "label"]
LISTS = {"choices": [["list_name", "name", "label"], ["yes_no", "yes", "是"], ["yes_no", "no", "否"], ["ab", "a", "A"]]}


def test_groups_and_repeats_nest():
    found = survey(
        ["type", "name", "label", "relevant", "repeat_count", "appearance"],
        ["begin group", "home", "家庭", None, None, "field-list"],
        ["integer", "size", "人数"],
        ["begin_repeat", "member", "成员", "${size} > 1", "${size}"],
        ["begin repeat", "skill", "技能"],
        ["text", "title", "名称"],
        ["end repeat"],
        ["end_repeat"],
        ["end group"],
    )

    assert found.mistakes == ()
    home = found.document["items"][0]
    assert {key: home[key] for key in ("kind", "name", "label", "appearance")} == {
        "kind": "group",
        "name": "home",
        "label": {"": "家庭"},
        "appearance": "field-list",
    }
    member = home["items"][1]
    assert (member["kind"], member["relevant"], member["repeat_count"]) == ("repeat", "${size} > 1", "${size}")
    assert member["items"][0]["items"][0]["name"] == "title"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["text", "a", "A"], ["end group"]], [("survey", "A3", "end_without_begin")]),
        ([["begin group", "g", "G"], ["text", "a", "A"]], [("survey", "A2", "begin_without_end")]),
        ([["begin repeat", "r", "R"], ["text", "a", "A"], ["end group"]], [("survey", "A4", "begin_end_mismatch")]),
        (
            [["begin group", "g", "G"], ["begin repeat", "r", "R"], ["text", "a", "A"], ["end repeat"]],
            [("survey", "A2", "begin_without_end")],
        ),
    ],
)
def test_unbalanced_groups_are_told_with_both_rows(rows, expected):
    found = survey(HEAD, *rows).mistakes

    assert places(found) == expected
    if expected[0][2] == "begin_end_mismatch":
        assert "row 2" in found[0].message_en
    if expected[0][2] == "begin_without_end":
        assert f"row {1 + len(rows)}" in found[0].message_en


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["text", "a", "A"], ["text", "a", "B"]], [("survey", "B3", "duplicate_name")]),
        ([["text", "a", "A"], ["text", None, "B"]], [("survey", "A3", "no_name")]),
        ([["text", "a", "A"], ["text", "b", None]], [("survey", "B3", "no_label")]),
        ([["text", "1a", "A"]], [("survey", "B2", "bad_name")]),
        ([["text", "a b", "A"]], [("survey", "B2", "bad_name")]),
        ([["text", "a:b", "A"]], [("survey", "B2", "bad_name")]),
        ([["text", "a", "A"], [None, "b", "B"]], [("survey", "3", "no_type")]),
        ([["select_one colours", "a", "A"]], [("survey", "A2", "unknown_list")]),
        ([["select_one yes_noo", "a", "A"]], [("survey", "A2", "unknown_list_near")]),
        ([["select_one", "a", "A"]], [("survey", "A2", "no_list_name")]),
        ([["calculate", "a", None], ["text", "b", "B"]], [("survey", "B2", "no_calculation")]),
        ([["begin group", None, "G"], ["text", "a", "A"], ["end group"]], [("survey", "A2", "no_name")]),
        (
            [["select_one yes_no or_other", "a", "A"], ["text", "a_other", "B"]],
            [("survey", "A2", "other_name_taken")],
        ),
    ],
)
def test_mistakes_of_the_structure(rows, expected):
    assert places(survey(HEAD, *rows, **LISTS).mistakes) == expected


def test_one_name_in_two_groups_is_fine():
    rows = [["begin repeat", "man", "Man"], ["text", "name", "Name"], ["end repeat"]]
    rows += [["begin repeat", "woman", "Woman"], ["text", "name", "Name"], ["end repeat"]]

    assert survey(HEAD, *rows).mistakes == ()


def test_every_mistake_is_told_at_once_in_the_order_of_the_workbook():
    found = imported(
        {
            "survey": [
                [*HEAD, "required"],
                ["text", "1a", "A"],
                ["colour", "b", "B"],
                ["select_one none", "c", None],
                ["end group"],
                ["text", "d", "D"],
                ["text", "d", "D"],
            ],
            "choices": [["list_name", "name", "label"], ["x", None, "X"], [None, "y", "Y"]],
            "settings": [["form_id", "default_language", "add_none_option"], ["f", "中文", "yes"]],
        }
    ).mistakes

    assert [each for each in places(found) if each[0] == "survey"] == [
        ("survey", "B2", "bad_name"),
        ("survey", "A3", "unknown_type"),
        ("survey", "A4", "unknown_list"),
        ("survey", "B4", "no_label"),
        ("survey", "A5", "end_without_begin"),
        ("survey", "B7", "duplicate_name"),
    ]
    assert [each.sheet for each in found] == ["settings"] + ["survey"] * 6 + ["choices"] * 2


def test_messages_are_chinese_and_english():
    each = survey(HEAD, ["text", "a", "A"], ["text", "a", "B"]).mistakes[0]

    assert each.message_zh == "名称“a”在同一组的第 2 行已经用过。"
    assert each.message_en == "The name “a” is already used in row 2 of the same group."


def test_a_note_may_go_without_a_name_and_a_question_with_a_picture_without_a_label():
    found = survey([*HEAD, "image"], ["note", None, "请注意"], ["text", "a", None, "a.jpg"])

    assert found.mistakes == ()
    assert found.document["items"][0]["name"] == "generated_note_name_2"
    assert found.document["items"][1]["media"] == {"image": {"": "a.jpg"}}


def test_a_disabled_row_is_left_out_and_told():
    found = survey([*HEAD, "disabled"], ["text", "a", "A", "yes"], ["text", "b", "B", "no"])

    assert [item["name"] for item in found.document["items"]] == ["b"]
    assert ("survey", "D2", "rows_disabled") in places(found.warnings)


def test_required_and_read_only_take_yes_no_or_an_expression():
    rows = [["yes", "TRUE"], [True, False], ["true()", "no"], ["${a} = '1'", "1"], ["no", None], ["false()", "0"]]

    found = survey(
        [*HEAD, "required", "read_only"], *(["text", "abcdef"[at], "X", *row] for at, row in enumerate(rows))
    )

    assert [(item.get("required"), item.get("read_only")) for item in found.document["items"]] == [
        ("yes", "yes"),
        ("yes", None),
        ("yes", None),
        ("${a} = '1'", "yes"),
        (None, None),
        (None, None),
    ]


def test_excels_truth_values_are_functions_in_expressions():
    found = survey([*HEAD, "relevant"], ["text", "a", "A", True], ["text", "b", "B", "FALSE"])

    assert [item["relevant"] for item in found.document["items"]] == ["true()", "false()"]


@pytest.mark.parametrize(
    ("kind", "column", "code"),
    [
        ("begin group", "calculation", "field_not_allowed"),
        ("begin group", "role", "field_not_allowed"),
        ("begin group", "personal", "field_not_allowed"),
        ("begin group", "question_id", "field_not_allowed"),
        ("begin group", "repeat_count", "field_not_allowed"),
        ("begin group", "read_only", "column_not_supported"),
        ("begin repeat", "read_only", "column_not_supported"),
    ],
)
def test_what_a_group_cannot_have(kind, column, code):
    rows = [[*HEAD, column], [kind, "g", "G", "yes"], ["text", "a", "A"], [kind.replace("begin", "end")]]

    assert places(survey(*rows).mistakes) == [("survey", "D2", code)]


def test_what_has_no_effect_on_a_group_is_kept():
    rows = [[*HEAD, "required"], ["begin group", "g", "G", "no"], ["text", "a", "A", "yes"], ["end group"]]

    found = survey(*rows)

    assert found.document["items"][0]["extra"] == {"required": "no"}
    assert ("survey", "D2", "group_field") in places(found.warnings)


@pytest.mark.parametrize(
    ("kind", "column", "text"), [("text", "choice_filter", "x = 1"), ("integer", "repeat_count", "3")]
)
def test_what_a_question_cannot_have(kind, column, text):
    found = survey([*HEAD, column], [kind, "a", "A", text]).mistakes

    assert ("survey", "D2", "field_not_allowed") in places(found)


# --- appearances


@pytest.mark.parametrize(
    "appearance",
    [
        "w1",
        "w2 minimal",
        "no-calendar",
        "month-year",
        "year",
        "likert",
        "columns-2",
        "columns-pack",
        "quick",
        "multiline",
    ],
)
def test_appearances_of_the_look_are_kept_silently(appearance):
    found = survey([*HEAD, "appearance"], ["text", "a", "A", appearance])

    assert found.document["items"][0]["appearance"] == appearance
    assert [each.code for each in found.warnings] == ["form_id_from_name"]


def test_an_unknown_appearance_is_kept_and_told():
    found = survey([*HEAD, "appearance"], ["text", "a", "A", "sparkling"])

    assert found.document["items"][0]["appearance"] == "sparkling"
    assert ("survey", "D2", "appearance_unknown") in places(found.warnings)


@pytest.mark.parametrize(
    "appearance",
    [
        "ex:org.opendatakit.counter(form_id='a', name='b c')",
        "printer:org.example.print",
        "search('villages')",
        "signature",
        "draw",
        "ethiopian",
    ],
)
def test_appearances_that_change_the_answers_are_refused(appearance):
    found = survey([*HEAD, "appearance"], ["text", "a", "A", f"w1 {appearance}"]).mistakes

    assert places(found) == [("survey", "D2", "appearance_not_supported")]
    assert appearance in found[0].message_en


def test_a_phone_app_that_may_be_missing_is_typed_in_by_hand():
    rows = [[*HEAD, "appearance", "noAppErrorString"], ["integer", "a", "A", "ex:org.example.app", "No such app"]]

    found = survey(*rows)

    assert found.mistakes == ()
    assert found.document["items"][0]["extra"] == {"noAppErrorString": "No such app"}
    assert ("survey", "D2", "app_by_hand") in places(found.warnings)


def test_a_table_list_has_one_choice_list():
    rows = [[*HEAD, "appearance"], ["begin group", "g", "G", "table-list"]]
    rows += [["select_one yes_no", "a", "A"], ["select_one ab", "b", "B"], ["end group"]]

    assert places(survey(*rows, **LISTS).mistakes) == [("survey", "A4", "table_list_lists")]


def test_or_other_with_a_choice_filter_is_refused():
    rows = [[*HEAD, "choice_filter"], ["select_one yes_no or_other", "a", "A", "name = 'yes'"]]

    assert places(survey(*rows, **LISTS).mistakes) == [("survey", "D2", "or_other_filter")]


# --- our own columns

SEXES = {
    "choices": [
        ["list_name", "name", "label"],
        ["sex", "male", "男"],
        ["sex", "female", "女"],
        ["sex", "unsaid", "不愿透露"],
    ]
}


def test_roles_and_personal_answers():
    rows = [[*HEAD, "role", "personal"], ["integer", "age", "年龄", "age"], ["select_one sex", "sex", "性别", "sex"]]
    rows += [["text", "name", "姓名", None, "yes"], ["text", "note", "备注", None, "no"]]

    found = survey(*rows, **SEXES)

    assert found.mistakes == ()
    assert [(item.get("role"), item.get("personal")) for item in found.document["items"]] == [
        ("age", None),
        ("sex", None),
        (None, True),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["text", "a", "A", "height", None]], ("survey", "D2", "unknown_role")),
        ([["text", "a", "A", "age", None]], ("survey", "D2", "role_type")),
        ([["text", "a", "A", None, "maybe"]], ("survey", "E2", "bad_yes_no")),
        ([["integer", "a", "A", "age", None], ["integer", "b", "B", "age", None]], ("survey", "D3", "duplicate_role")),
        ([["select_one yes_no", "a", "A", "sex", None]], ("survey", "D2", "role_choices")),
        (
            [["begin repeat", "r", "R"], ["integer", "a", "A", "age", None], ["end repeat"]],
            ("survey", "D3", "role_in_repeat"),
        ),
    ],
)
def test_mistakes_of_our_own_columns(rows, expected):
    assert places(survey([*HEAD, "role", "personal"], *rows, **LISTS).mistakes) == [expected]


def test_stable_ids_are_names_unless_told():
    rows = [
        [*HEAD, "question_id"],
        ["text", "a", "A", "older"],
        ["begin repeat", "r", "R"],
        ["text", "b", "B"],
        ["end repeat"],
    ]

    items = survey(*rows).document["items"]

    assert (items[0]["id"], items[1]["id"], items[1]["items"][0]["id"]) == ("older", "r", "b")


def test_one_name_twice_gets_two_ids():
    rows = [["begin group", "g", "G"], ["text", "name", "A"], ["end group"], ["text", "name", "B"]]

    items = survey(HEAD, *rows).document["items"]

    assert (items[0]["items"][0]["id"], items[1]["id"]) == ("name", "name_2")


@pytest.mark.parametrize(("second", "code"), [("x", "duplicate_question_id"), ("9x", "bad_question_id")])
def test_mistakes_of_ids(second, code):
    rows = [[*HEAD, "question_id"], ["text", "a", "A", "x"], ["text", "b", "B", second]]

    assert places(survey(*rows).mistakes) == [("survey", "D3", code)]
