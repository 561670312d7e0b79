"""What pages say about a document: the difference in words, the logic, the outline, the problems."""

import copy

import pytest

from needs.surveys import engine
from needs.surveys.questionnaires import bank_items, logic, ready, trouble
from needs.surveys.questionnaires.differences import between
from needs.surveys.questionnaires.outline import outline
from tests.factories.surveys import CHINESE
from tests.factories.surveys_questionnaires import document, question


def changed(edit, base=None):
    """The groups of what `edit` does to the shared document, as code → [(what, detail, before, after)]."""
    old = engine.assign_ids(base or document())
    new = copy.deepcopy(old)
    edit({item["name"]: item for item in new["items"]}, new)
    new = engine.assign_ids(new, old)
    return {
        group.code: [(line.what, line.detail, line.before, line.after) for line in group.lines]
        for group in between(old, new)
    }


def test_the_same_says_nothing():
    assert changed(lambda items, new: None) == {}


def test_a_new_and_a_deleted_question():
    def edit(items, new):
        new["items"].remove(items["wish"])
        new["items"].append(question("skill", "text", "您会什么"))

    said = changed(edit)
    assert [line[0] for line in said["added"]] == ["您会什么 (skill)"]
    assert [line[0] for line in said["removed"]] == ["最希望学什么 (wish)"]


def test_a_new_name_keeps_the_answers_together():
    said = changed(lambda items, new: items["wish"].update(name="dream"))
    assert said == {"renamed": [("最希望学什么 (dream)", "", "wish", "dream")]}


def test_another_kind_of_answer_is_counted_apart():
    said = changed(lambda items, new: items["age"].update(type="text", role=""))
    assert list(said) == ["apart"]
    ((what, _detail, before, after),) = said["apart"]
    assert what == "年龄 (age)"
    assert before != after


def test_another_type_of_the_same_kind_stays_together():
    said = changed(lambda items, new: items["age"].update(type="decimal"))
    assert list(said) == ["retyped"]


def test_new_words_are_shown_in_each_language():
    said = changed(lambda items, new: items["age"].update(label={CHINESE: "周岁", "English (en)": "Age"}))
    assert [(line[2], line[3]) for line in said["words"]] == [("年龄", "周岁"), ("", "Age")]


def test_choices_and_logic_and_settings():
    def edit(items, new):
        new["choices"]["work"] = [
            {"name": "farming", "label": {CHINESE: "种养殖"}},
            {"name": "student", "label": {CHINESE: "学生"}},
        ]
        items["wish"]["relevant"] = "${age} > 15"
        items["wish"]["personal"] = True
        new["settings"]["title"] = "新标题"
        new["languages"] = [CHINESE, "English (en)"]

    said = changed(edit)
    assert sorted((line[2], line[3]) for line in said["choices"]) == [("", "学生"), ("务农", "种养殖"), ("经商", "")]
    assert said["logic"][0][2:] == ("", "${age} > 15")
    assert {line[3] for line in said["other"]} >= {"新标题", f"{CHINESE}、English (en)"}


def test_a_moved_question():
    said = changed(lambda items, new: new["items"].insert(0, new["items"].pop()))
    assert [line[0] for line in said["moved"]] == ["最希望学什么 (wish)"]


@pytest.mark.parametrize("code", ["villagers", "enterprises", "talents"])
def test_the_logic_of_the_ready_questionnaires(code):
    """Every row and every box leads to a question, and a box stands to the right of what it needs."""
    said = logic.context(ready.document(code))
    assert said["problems"] == []
    paths = {".".join(map(str, path)) for path in trouble.paths_of(ready.document(code))}
    assert {row.end.path for row in said["rows"]} | {row.needs.path for row in said["rows"]} <= paths
    boxes = {box.end.index: box for box in said["boxes"]}
    assert all(boxes[r.needs.index].x < boxes[r.end.index].x for r in said["rows"] if r.needs.index < r.end.index)
    assert len({(box.x, box.y) for box in boxes.values()}) == len(boxes)
    assert max(box.x for box in boxes.values()) < said["width"]


def test_a_circle_is_named():
    loop = document(
        question("a", "calculate", calculation="${b} + 1"), question("b", "calculate", calculation="${a} + 1")
    )
    said = logic.context(loop)
    assert any("${a}" in problem["text"] and "${b}" in problem["text"] for problem in said["problems"])


def test_nothing_hangs_on_anything():
    said = logic.context(document())
    assert (said["rows"], said["boxes"], said["arrows"]) == ([], [], [])


def test_problems_lead_to_their_item():
    inner = question("why", constraint="${nobody} = 1", label="${nothing}")
    group = {"kind": "group", "name": "g", "label": {}, "items": [inner]}
    found = {(problem["path"], problem["key"]) for problem in trouble.of(document(group))}
    assert found == {("4.0", "constraint"), ("4.0", "label")}


def test_a_broken_choice_list_is_told_at_the_first_question_that_uses_it():
    broken = document()
    broken["choices"]["work"][0]["name"] = ""
    assert [problem["path"] for problem in trouble.of(broken)] == ["2"]


def test_the_outline_numbers_what_is_asked():
    rows = outline(document(question("made", "calculate", calculation="1"), {"kind": "repeat", "name": "r", "label": {},
                            "items": [question("inner", required="yes", personal=True)]}))  # fmt: skip
    assert [(row.number, row.name, row.depth) for row in rows[-3:]] == [
        ("", "made", 0),
        ("5", "r", 0),
        ("5.1", "inner", 1),
    ]
    assert (rows[-1].is_required, rows[-1].is_personal, rows[1].choices) == (True, True, ("男", "女"))


def test_a_group_goes_into_the_bank_with_its_lists_only():
    group = {"kind": "group", "name": "g", "items": [question("work", "select_one", list="work", id="w")]}
    item, choices = bank_items.packed(group, document()["choices"])
    assert "id" not in item["items"][0]
    assert set(choices) == {"work"}
    assert bank_items.summary(item, choices) == ["问题"]
    assert group["items"][0]["id"] == "w"
