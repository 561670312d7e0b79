"""A document is compiled, or all that is wrong with it is told at once."""

import json

import pytest

from needs.surveys import engine
from tests.surveys.engine.documents import CHINESE, CONTEXT, YES_NO, document, group, question, repeat


def codes(*items, **more):
    return [(one.code, one.path, one.prop) for one in engine.problems(document(*items, **more))]


def test_all_mistakes_are_told_at_once_with_their_places():
    found = codes(
        question("text", "a", relevant="${nobody} = 1"),
        group(
            "g",
            question("select_one", "b", list="none"),
            question("text", "b"),
            question("integer", "c", constraint=". >", label={CHINESE: "${who}?"}),
        ),
        question("teleport", "d"),
        question("calculate", "e", calculation="foo(1)"),
    )
    assert sorted(found) == sorted(
        [
            ("unknown_reference", (0,), "relevant"),
            ("missing_list", (1, 0), "list"),
            ("duplicate_name", (1, 1), "name"),
            ("incomplete", (1, 2), "constraint"),
            ("unknown_reference", (1, 2), f"label::{CHINESE}"),
            ("unknown_type", (2,), "type"),
            ("unknown_function", (3,), "calculation"),
        ]
    )


def test_compiling_raises_all_of_them():
    with pytest.raises(engine.CompileError) as caught:
        engine.compile(document(question("x", "a"), question("y", "b")))
    assert [one.code for one in caught.value.mistakes] == ["unknown_type", "unknown_type"]


@pytest.mark.parametrize(
    ("items", "names"),
    [
        ([question("calculate", "a", calculation="${a} + 1")], {"a"}),
        ([question("calculate", "a", calculation="${b}"), question("calculate", "b", calculation="${a}")], {"a", "b"}),
        ([group("g", question("text", "t"), relevant="${t} = ''")], {"g", "t"}),
        ([repeat("m", question("integer", "n"), repeat_count="${n}")], {"m", "n"}),
        (
            [
                question("integer", "a", relevant="${c} > 1"),
                question("calculate", "b", calculation="${a}"),
                question("calculate", "c", calculation="sum(${b})"),
            ],
            {"a", "b", "c"},
        ),
    ],
)
def test_a_circle_is_named(items, names):
    (found,) = engine.problems(document(*items))
    assert found.code == "circular"
    assert names == {name for name in names if f"${{{name}}}" in str(found.message)}


@pytest.mark.parametrize(
    "items",
    [
        [question("integer", "a", constraint="${a} > 1"), question("text", "b", required="${b} = ''")],
        [question("calculate", "a", calculation="once(. + 1)")],
        [question("integer", "n"), repeat("m", question("integer", "k", relevant="${n} > 1"), repeat_count="${n}")],
        [repeat("m", question("integer", "k")), question("calculate", "s", calculation="sum(${k})")],
    ],
)
def test_what_only_looks_like_a_circle_is_none(items):
    assert engine.problems(document(*items)) == []


def test_a_name_twice_cannot_be_referred_to():
    found = codes(
        group("g", question("text", "a")),
        group("h", question("text", "a")),
        question("note", "n", relevant="${a}"),
    )
    assert found == [("unknown_reference", (2,), "relevant")]


def test_two_choices_of_one_name_are_told_unless_the_questionnaire_allows_it():
    twice = {"yn": [*YES_NO["yn"], YES_NO["yn"][0]]}
    item = question("select_one", "a", list="yn")
    assert [one[0] for one in codes(item, choices=twice)] == ["duplicate_choice"]
    assert codes(item, choices=twice, extra={"allow_choice_duplicates": "yes"}) == []


def test_what_is_run_survives_json():
    compiled = engine.compile(
        document(question("select_one", "a", list="yn", or_other=True), question("integer", "n"), choices=YES_NO)
    )
    again = engine.Compiled.from_json(json.loads(json.dumps(compiled.to_json())))
    assert again.to_json() == compiled.to_json()
    answers = {"a": "other", "a_other": "其他", "n": 3}
    assert engine.check(again, answers, CONTEXT).answers == answers


def test_only_lists_that_are_used_are_sent():
    compiled = engine.compile(document(question("text", "a"), choices=YES_NO)).to_json()
    assert compiled["lists"] == {}


def test_who_depends_on_whom():
    compiled = engine.compile(
        document(
            question("integer", "a"),
            question("text", "b", relevant="${a} > 1", label={CHINESE: "为什么是 ${a}？"}),
            question("calculate", "c", calculation="concat(${a}, ${b})"),
        )
    )
    names = [node.name for node in compiled.nodes]
    found = {(names[one.index], names[one.needs], one.prop) for one in engine.dependencies(compiled)}
    assert found == {("b", "a", "relevant"), ("b", "a", "label"), ("c", "a", "calculation"), ("c", "b", "calculation")}


def test_at_a_glance():
    found = engine.outline(
        document(group("g", question("text", "a"), question("note", "n")), question("calculate", "c", calculation="1"))
    )
    assert (found.title, found.questions, found.languages) == ("入户调查", 1, (CHINESE,))


def test_a_datetime_and_a_date_become_what_a_device_writes():
    from datetime import UTC, date, datetime

    context = engine.Context(now=datetime(2026, 11, 25, 0, 30, tzinfo=UTC), today=date(2026, 11, 25))
    assert (context.now, context.today) == ("2026-11-25T08:30:00.000+08:00", "2026-11-25")
    compiled = engine.compile(document(question("end", "e"), question("calculate", "d", calculation="date(now())")))
    assert engine.check(compiled, {}, context).answers == {"e": "2026-11-25T08:30:00.000+08:00", "d": "2026-11-25"}
