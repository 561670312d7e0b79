"""A question keeps its stable id; another never gets it. And what changed from one version to the next."""

import copy

from needs.surveys import engine
from tests.surveys.engine.documents import CHINESE, YES_NO, document, group, question, repeat


def ids(document):
    found = []

    def walk(items):
        for item in items:
            if item["kind"] != "group":
                found.append((item["name"], item.get("id")))
            walk(item.get("items", []))

    walk(document["items"])
    return found


def test_first_ids_are_the_names_and_unique():
    made = engine.assign_ids(
        document(question("text", "a"), group("g", question("text", "a")), repeat("m", question("text", "b")))
    )
    assert ids(made) == [("a", "a"), ("a", "a_2"), ("m", "m"), ("b", "b")]


def test_the_document_given_stays_as_it_is():
    given = document(question("text", "a"))
    engine.assign_ids(given)
    assert "id" not in given["items"][0]


def test_a_renamed_question_keeps_its_id():
    before = engine.assign_ids(document(question("text", "a")))
    after = copy.deepcopy(before)
    after["items"][0]["name"] = "b"
    assert ids(engine.assign_ids(after, before)) == [("b", "a")]


def test_by_name_a_question_without_an_id_is_known_again():
    before = engine.assign_ids(document(question("text", "a", id="first")))
    assert ids(engine.assign_ids(document(question("text", "a", label={CHINESE: "新"})), before)) == [("a", "first")]


def test_also_in_another_group_but_not_in_another_repeat():
    before = engine.assign_ids(document(question("text", "a", id="first")))
    assert ids(engine.assign_ids(document(group("g", question("text", "a"))), before)) == [("a", "first")]
    (_m, (name, key)) = ids(engine.assign_ids(document(repeat("m", question("text", "a"))), before))
    assert (name, key) != ("a", "first")


def test_another_kind_of_answer_is_another_question():
    before = engine.assign_ids(document(question("text", "a")))
    after = engine.assign_ids(document(question("integer", "a", id="a")), before)
    assert ids(after) == [("a", "a_2")]
    kept = engine.assign_ids(document(question("barcode", "a", id="a")), before)
    assert ids(kept) == [("a", "a")]


def test_a_retired_id_is_never_given_again():
    before = engine.assign_ids(document(question("text", "b")))
    after = engine.assign_ids(document(question("text", "b"), question("text", "a")), before, {"a"})
    assert ids(after) == [("b", "b"), ("a", "a_2")]


def test_an_id_that_two_bring_goes_to_the_first():
    before = engine.assign_ids(document(question("text", "a")))
    after = engine.assign_ids(document(question("text", "a", id="a"), question("text", "copy", id="a")), before)
    assert ids(after) == [("a", "a"), ("copy", "copy")]


def changes(old, new):
    before = engine.assign_ids(old)
    return [(one.kind, one.id, one.prop) for one in engine.difference(before, engine.assign_ids(new, before))]


def test_nothing_changed():
    one = document(question("select_one", "a", list="yn"), choices=YES_NO)
    assert changes(one, copy.deepcopy(one)) == []


def test_each_change_is_told_as_what_it_is():
    old = document(question("text", "a"), question("text", "b"), question("select_one", "c", list="yn"), choices=YES_NO)
    new = document(
        question("text", "a", label={CHINESE: "新的"}, required="yes"),
        question("select_one", "c", list="yn"),
        question("integer", "d"),
        choices={"yn": [{"name": "yes", "label": {CHINESE: "对"}}, {"name": "maybe", "label": {CHINESE: "不知道"}}]},
    )
    assert changes(old, new) == [
        ("words", "a", "label"),
        ("logic", "a", "required"),
        ("choice_words", "c", "yes"),
        ("choice_added", "c", "maybe"),
        ("choice_removed", "c", "no"),
        ("added", "d", ""),
        ("removed", "b", ""),
    ]


def test_of_three_only_the_one_that_moved_is_told():
    a, b, c = (question("text", name) for name in "abc")
    assert changes(document(a, b, c), document(c, a, b)) == [("moved", "c", "")]


def test_a_new_name_is_no_new_question():
    before = engine.assign_ids(document(question("text", "a")))
    after = copy.deepcopy(before)
    after["items"][0]["name"] = "b"
    assert [(one.kind, one.id, one.old, one.new) for one in engine.difference(before, after)] == [
        ("renamed", "a", "a", "b")
    ]


def test_into_a_group_is_a_move():
    old = document(question("text", "a"), group("g", question("text", "b")))
    new = document(group("g", question("text", "a"), question("text", "b")))
    assert ("moved", "a", "") in changes(old, new)
