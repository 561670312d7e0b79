"""Whatever JSON comes in is judged, never thrown at."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from needs.surveys import engine
from tests.surveys.engine.documents import CONTEXT, YES_NO, document, group, question, repeat

SMALL = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = ["t", "n", "d", "s", "m", "r", "w", "x", "p", "f", "k", "at", "c", "o", "o_other", "rep", "inner", "deep", "?"]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["yes", "no", "OK", "2026-11-25", "2026-11-25T08:30:00+08:00", "9" * 400, "\x00", "\ud800"]),
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
)
FORM = engine.compile(
    document(
        question("text", "t", required="yes"),
        question("integer", "n", constraint=". > 0"),
        question("date", "d", constraint=". <= today()"),
        question("select_one", "s", list="yn", choice_filter="name != ${t}"),
        question("select_multiple", "m", list="yn"),
        question("rank", "r", list="yn"),
        question("range", "w"),
        question("decimal", "x"),
        question("geopoint", "p"),
        question("file", "f"),
        question("acknowledge", "k"),
        question("dateTime", "at"),
        question("select_one", "o", list="yn", or_other=True),
        question(
            "calculate", "c", calculation="pow(${x}, ${n}) + sum(${deep}) + round(${x}, ${n}) * count-selected(${m})"
        ),
        repeat(
            "rep",
            question("integer", "rep_n"),
            group("g", repeat("inner", question("text", "deep", relevant="position(..) < 3"))),
            question("calculate", "sub", calculation="substr(${t}, ${x}, ${w})"),
        ),
        choices=YES_NO,
    )
)


@SMALL
@given(JSON | st.dictionaries(st.sampled_from(NAMES), JSON))
def test_any_answers_are_judged(answers):
    checked = engine.check(FORM, answers, CONTEXT)
    for mistake in checked.mistakes:
        assert mistake.code
        assert mistake.text
    # What is kept can be stored and sent: it is JSON without what PostgreSQL refuses.
    text = json.dumps(checked.answers, allow_nan=False, ensure_ascii=False)
    assert "\\u0000" not in text
    text.encode("utf-8")
    assert engine.check(FORM, checked.answers, CONTEXT).answers == checked.answers


PROPERTIES = [
    "kind", "type", "name", "id", "label", "hint", "relevant", "required", "constraint", "calculation", "default",
    "choice_filter", "repeat_count", "items", "list", "or_other", "parameters", "appearance", "role", "media",
    "settings", "languages", "choices", "extra", "title", "filter", "personal",
]  # fmt: skip
WORDS = [
    "question",
    "group",
    "repeat",
    "text",
    "integer",
    "select_one",
    "a",
    "b",
    "${a} + 1",
    "(",
    "yn",
    "${",
    "1 div 0",
]
DOCUMENTS = st.recursive(
    SCALARS | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(PROPERTIES), inner, max_size=6),
)
ITEMS = st.lists(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["question", "group", "repeat"]), "name": st.sampled_from(["a", "b", "c"])},
        optional={name: DOCUMENTS for name in PROPERTIES if name not in ("kind", "name")}
        | {"type": st.sampled_from(["text", "select_one", "calculate", "range", "rank"])},
    ),
    max_size=4,
)


@SMALL
@given(DOCUMENTS | st.fixed_dictionaries({"items": ITEMS}, optional={"choices": DOCUMENTS, "settings": DOCUMENTS}))
def test_any_document_is_judged(document):
    found = engine.problems(document)
    for one in found:
        assert one.code
        assert str(one.message)
    if not found:
        engine.check(engine.compile(document), {}, CONTEXT)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="${}ab().,'\"+-*/<>=! 1\n年selectdif", max_size=40))
def test_any_expression_is_judged(text):
    engine.problems(document(question("integer", "a"), question("calculate", "b", calculation=text)))


def test_too_many_entries_and_values_are_told():
    many = engine.check(FORM, {"t": "x", "rep": [{}] * 501}, CONTEXT)
    assert ("rep", "repeat_many") in [(one.path, one.code) for one in many.mistakes]
    full = engine.check(
        FORM, {"t": "x", "rep": [{"rep_n": 1, "sub": "", "inner": [{"deep": "a"}] * 10}] * 500}, CONTEXT
    )
    assert ("", "values_many") in [(one.path, one.code) for one in full.mistakes]


@pytest.mark.parametrize("depth", [50, 500])
def test_deep_documents_and_answers_are_told(depth):
    items = [question("text", "a")]
    answers = {"a": "x"}
    for number in range(depth):
        items = [repeat(f"r{number}", *items)]
        answers = {"rep": [answers]}
    assert [one.code for one in engine.problems(document(*items))] == ["shape"]
    assert engine.check(FORM, {"t": "x", **answers}, CONTEXT).mistakes


def test_a_long_chain_of_calculations_is_worked_out():
    items = [question("integer", "c0")]
    items += [question("calculate", f"c{n}", calculation=f"${{c{n - 1}}} + 1") for n in range(1, 1500)]
    compiled = engine.compile(document(*reversed(items)))
    assert engine.check(compiled, {"c0": 1}, CONTEXT).answers["c1499"] == "1500"


@pytest.mark.parametrize(("terms", "is_right"), [(140, True), (900, False), (20_000, False)])
def test_a_long_expression_is_worked_out_or_refused(terms, is_right):
    total = " + ".join(["${a}"] * terms)
    shown = document(question("integer", "a"), question("calculate", "b", calculation=total))
    assert [one.code for one in engine.problems(shown)] == ([] if is_right else ["too_deep"])
    if is_right:
        assert engine.check(engine.compile(shown), {"a": 1}, CONTEXT).answers["b"] == str(terms)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "好\udfff"])
def test_what_the_database_cannot_keep_is_refused(text):
    checked = engine.check(FORM, {"t": text}, CONTEXT)
    assert [(one.path, one.code) for one in checked.mistakes] == [("t", "text_nul")]
    assert "t" not in checked.answers
    name = {"file": "6f9619ff-8b86-4011-b42d-00cf4fc964ff", "name": text}
    assert ("f", "type_file") in [(one.path, one.code) for one in engine.check(FORM, {"f": name}, CONTEXT).mistakes]


@pytest.mark.parametrize(
    ("age", "band"),
    [("40", "35_44"), ("24.9", "lt25"), ("²", ""), ("9" * 5000, ""), ("x", ""), ("-3", ""), ("2026-11-25", "")],
)
def test_an_age_in_words_is_no_age(age, band):
    compiled = engine.compile(document(question("text", "age", role="age")))
    assert engine.check(compiled, {"age": age}, CONTEXT).facts.age_band == band


def test_a_pattern_that_would_take_ages_is_given_up():
    """Of 60 letters the alternatives have 2**60 ways to fail; a pattern like this passes the check of patterns. The
    patience is one for the whole response, and what is denied of a pattern is not held for true either."""
    slow = "([a-z]|[a-y])*[0-9]"
    form = engine.compile(
        document(
            repeat("many", question("text", "t", constraint=f"regex(., '{slow}')")),
            question("text", "no", constraint=f"not(regex(., '{slow}'))"),
        )
    )

    def codes(**answers):
        return [(mistake.path, mistake.code) for mistake in engine.check(form, answers, CONTEXT).mistakes]

    trap = "a" * 60 + "!"
    assert codes(many=[{"t": "abc1"}], no="abc") == []
    assert codes(many=[{"t": "abc"}]) == [("many[1]/t", "constraint")]
    assert codes(many=[{"t": trap}] * 200) == [("", "too_slow")]
    assert codes(no=trap) == [("", "too_slow")]
