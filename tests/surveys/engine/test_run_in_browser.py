"""Filling in the browser: what follows from each answer, at once; and random answers judged as on the server."""

import json
import random

import pytest

from needs.surveys import engine
from tests.surveys.engine.documents import CHINESE, CONTEXT, YES_NO, document, group, question, repeat
from tests.surveys.engine.test_robust import FORM

pytestmark = pytest.mark.browser
JS_CONTEXT = {
    "now": CONTEXT.now,
    "today": CONTEXT.today,
    "username": CONTEXT.username,
    "deviceId": CONTEXT.device_id,
    "language": CHINESE,
}
OPEN = """async ({ compiled, context, answers, messages }) => {
  const { open } = await import("/static/js/surveys/engine.js");
  window.heard = 0;
  window.run = open(compiled, { answers, context, messages });
  window.run.changed(() => { window.heard += 1; });
}"""
JUDGE = """async (text) => {
  const { open } = await import("/static/js/surveys/engine.js");
  const { compiled, context, messages, all } = JSON.parse(text);
  return JSON.stringify(all.map((answers) => {
    const run = open(compiled, { answers, context, messages });
    return { answers: run.answers(), mistakes: run.check() };
  }));
}"""


@pytest.fixture
def opened(page):
    """`opened(items…)` opens a questionnaire; what it gives calls a method of the run."""

    def begin(*items, answers=None, **more):
        compiled = engine.compile(document(*items, **more)).to_json()
        given = {"compiled": compiled, "context": JS_CONTEXT, "answers": answers, "messages": engine.client_messages()}
        page.evaluate(OPEN, given)
        return lambda method, *arguments: page.evaluate(
            "([method, values]) => window.run[method](...values) ?? null", [method, list(arguments)]
        )

    return begin


def test_relevance_and_calculations_follow_each_answer(opened, page):
    run = opened(
        question("integer", "age"),
        group("work", question("text", "job", required="yes"), relevant="${age} >= 16"),
        question("calculate", "kind", calculation="if(${age} < 16, '儿童', ${job})"),
    )
    assert run("isRelevant", "job") is False
    run("set", "age", 40)
    assert run("isRelevant", "job") is True
    assert run("isRelevant", "work") is True
    assert run("isRequired", "job") is True
    assert run("mistake", "job")["code"] == "required"
    run("set", "job", "农技员")
    assert run("mistake", "job") is None
    assert run("answers") == {"age": 40, "job": "农技员", "kind": "农技员"}
    run("set", "age", 5)
    assert run("answers") == {"age": 5, "kind": "儿童"}
    run("set", "age", 41)
    assert run("answers")["job"] == "农技员", "what was typed comes back when it is asked again"
    assert page.evaluate("window.heard") == 4


def test_a_new_filling_begins_with_defaults_and_what_was_cleared_stays_empty(opened):
    run = opened(
        question("text", "county", default="勐腊"),
        question("date", "day", default="today()"),
        question("select_multiple", "m", list="yn", default="no yes"),
        choices=YES_NO,
    )
    assert run("answers") == {"county": "勐腊", "day": "2026-11-25", "m": ["yes", "no"]}
    run("set", "county", None)
    assert "county" not in run("answers")
    again = opened(question("text", "county", default="勐腊"), answers={})
    assert again("answers") == {}


def test_entries_are_added_and_removed_and_count_anew(opened):
    run = opened(
        repeat("member", question("text", "name"), question("calculate", "nr", calculation="position(..)")),
        question("calculate", "all", calculation="join('、', ${name})"),
    )
    assert run("count", "member") == 1
    run("addRepeat", "member")
    run("addRepeat", "member")
    for number, name in enumerate("甲乙丙", 1):
        run("set", f"member[{number}]/name", name)
    assert run("value", "all") == "甲、乙、丙"
    run("removeRepeat", "member", 2)
    assert run("answers")["member"] == [{"name": "甲", "nr": "1"}, {"name": "丙", "nr": "2"}]
    assert run("value", "all") == "甲、丙"


def test_a_count_that_shrinks_and_grows_again_loses_nothing(opened):
    run = opened(question("integer", "size"), repeat("m", question("text", "name"), repeat_count="${size}"))
    run("set", "size", 2)
    run("set", "m[2]/name", "乙")
    run("set", "size", 1)
    assert run("answers") == {"size": 1, "m": [{}]}
    run("set", "size", 2)
    assert run("answers")["m"] == [{}, {"name": "乙"}]


def test_texts_have_answers_in_them_in_each_language(opened):
    run = opened(
        question("text", "name"),
        question("note", "hello", label={CHINESE: "您好，${name}！", "English (en)": "Hello, ${name}!"}),
    )
    run("set", "name", "李明")
    assert run("text", "hello", "label", CHINESE) == "您好，李明！"
    assert run("text", "hello", "label", "English (en)") == "Hello, 李明!"


def test_a_cascade_offers_what_fits_and_drops_what_no_longer_does(opened):
    towns = [
        {"name": "ml1", "label": {CHINESE: "勐仑"}, "filter": {"county": "ml"}},
        {"name": "jh1", "label": {CHINESE: "嘎洒"}, "filter": {"county": "jh"}},
    ]
    counties = [{"name": "ml", "label": {CHINESE: "勐腊"}}, {"name": "jh", "label": {CHINESE: "景洪"}}]
    run = opened(
        question("select_one", "county", list="c"),
        question("select_one", "town", list="t", choice_filter="county = ${county}"),
        choices={"c": counties, "t": towns},
    )
    assert run("choices", "town") == []
    run("set", "county", "ml")
    assert [choice["name"] for choice in run("choices", "town")] == ["ml1"]
    run("set", "town", "ml1")
    run("set", "county", "jh")
    assert run("answers") == {"county": "jh"}


def test_a_calculated_question_is_read_only(opened):
    run = opened(
        question("integer", "a"),
        question("integer", "b", calculation="${a} * 2"),
        question("text", "c", read_only="${a} > 1"),
    )
    assert (run("isReadOnly", "b"), run("isReadOnly", "c")) == (True, False)
    run("set", "a", 2)
    assert (run("value", "b"), run("isReadOnly", "c")) == (4, True)


def test_an_answer_of_the_wrong_type_is_told_and_kept_as_typed(opened):
    run = opened(question("integer", "n"))
    run("set", "n", 1.5)
    assert run("mistake", "n")["code"] == "type_integer"
    assert run("raw", "n") == 1.5
    assert run("answers") == {}


def test_half_a_character_is_refused(opened, page):
    run = opened(question("text", "t"))
    page.evaluate("window.run.set('t', 'a\\ud83d')")
    assert run("mistake", "t")["code"] == "text_nul"
    page.evaluate("window.run.set('t', 'a\\ud83d\\ude00')")
    assert run("mistake", "t") is None


def test_the_end_says_the_moment_of_the_end(opened):
    run = opened(question("start", "s"), question("end", "e"))
    later = {**JS_CONTEXT, "now": "2026-11-25T09:15:00.000+08:00"}
    assert run("finish", later) == []
    assert run("answers") == {"s": CONTEXT.now, "e": "2026-11-25T09:15:00.000+08:00"}


def some(chance, depth=0):
    kinds = ["number", "text", "known", "list", "object", "other"] if depth < 3 else ["number", "text", "known"]
    kind = chance.choice(kinds)
    if kind == "number":
        return chance.choice([0, 1, -1, 7, 10, 2.5, 1e15, -0.5, 9007199254740991, 1e300, chance.randint(-50, 200)])
    if kind == "text":
        return chance.choice(["", " ", "yes", "no", "云南", "a\u0000", "2026-11-25", "2026-02-30", "08:30", "😀" * 3])
    if kind == "list":
        return [some(chance, depth + 1) for _ in range(chance.randint(0, 3))]
    if kind == "object":
        return fitting(chance, depth + 1)
    return chance.choice([None, True, False, [], {}, "OK", ["yes"], ["no", "yes"], [25.04, 102.71], "other"])


RIGHT = {
    "t": ["李明", "5"], "n": [1, 3, 60], "d": ["2026-11-25", "2000-02-29"], "s": ["yes", "no"],
    "m": [["yes"], ["no", "yes"]],
    "r": [["no", "yes"]], "w": [1, 10], "x": [2.5, 0.1, -3], "p": [[25.04, 102.71, None, None]], "k": ["OK"],
    "at": ["2026-11-25T08:30:00+08:00"], "o": ["yes", "other"], "o_other": ["养蜂"], "rep_n": [4], "deep": ["深", "2"],
    "sub": ["x"], "c": ["x"], "zzz": [1],
}  # fmt: skip


def fitting(chance, depth=0):
    found = {}
    for name in chance.sample([*RIGHT], chance.randint(0, len(RIGHT))):
        found[name] = chance.choice(RIGHT[name]) if chance.random() < 0.8 else some(chance, depth + 1)
    for name in ("rep", "inner"):
        if depth < 3 and chance.random() < 0.7:
            found[name] = [fitting(chance, depth + 1) for _ in range(chance.randint(0, 4))]
    return found


def test_random_answers_are_judged_alike(page):
    chance = random.Random(20261125)
    all_ = [fitting(chance) if chance.random() < 0.95 else some(chance) for _ in range(1500)]
    all_ = [answers for answers in all_ if answers is not None]
    given = {
        "compiled": FORM.to_json(),
        "context": JS_CONTEXT,
        "messages": engine.client_messages(),
        "all": all_,
    }
    kept = 0
    for answers, theirs in zip(all_, json.loads(page.evaluate(JUDGE, json.dumps(given))), strict=True):
        ours = engine.check(FORM, answers, CONTEXT)
        assert theirs["answers"] == ours.answers, answers
        assert [(one["path"], one["code"], one["text"]) for one in theirs["mistakes"]] == [
            (one.path, one.code, one.text) for one in ours.mistakes
        ], answers
        kept += len(ours.answers)
    assert kept > 5000, "most of what is made fits, so that something is compared"
