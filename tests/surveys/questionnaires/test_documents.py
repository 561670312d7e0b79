"""What is told of JSON that is no document: everything, with its place, and never an exception of another kind."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from needs.surveys.questionnaires import documents, ready
from needs.surveys.questionnaires.documents import BadDocument, checked, parsed
from tests.factories.surveys_questionnaires import document, question


def told(wrong):
    with pytest.raises(BadDocument) as raised:
        checked(wrong)
    return raised.value.reasons


@pytest.mark.parametrize("code", ["villagers", "enterprises", "talents"])
def test_the_ready_questionnaires_are_documents(code):
    assert checked(ready.document(code))["settings"]["form_id"] == code


def test_a_sound_document_is_returned_as_it_is():
    sound = document({"kind": "group", "name": "g", "label": {}, "items": [question("inner")]})
    assert checked(sound) == sound


@pytest.mark.parametrize(
    "wrong", [None, [], "text", 7, {"items": {}}, {"items": [7]}, {"languages": "zh"}, {"choices": []}, {"more": 1}]
)
def test_other_shapes_are_told(wrong):
    assert told(wrong)


def test_every_fault_is_told_with_its_place():
    wrong = document(
        question("a", "geotrace"),
        question("b", label=None) | {"label": "plain"},
        question("c", relevant=3),
        question("d", colour="red"),
        {"kind": "group", "name": "g", "items": [question("e", personal="yes")]},
    )
    places = [reason.split(":")[0] for reason in told(wrong)]
    assert places == [
        "items[4].type",
        "items[5].label",
        "items[6].relevant",
        "items[7]",
        "items[8].items[0].personal",
    ]


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "bell\x07"])
def test_what_cannot_be_stored_is_told(text):
    assert told(document(question("a", hint={"": text})))


def test_no_group_is_nested_without_end():
    item = question("deep")
    for level in range(12):
        item = {"kind": "group", "name": f"g{level}", "items": [item]}
    assert len(told(document(item))) == 1


def test_the_stated_limits_hold(monkeypatch):
    many = document(*(question(f"q{n}") for n in range(documents.MAX_ITEMS + 1)))
    assert told(many)
    lists = document()
    lists["choices"]["big"] = [{"name": str(n)} for n in range(documents.MAX_CHOICES + 1)]
    assert told(lists)
    assert told(document(question("long", label="问" * 40_000)))
    large = document(*(question(f"q{n}", label="问" * 30_000) for n in range(20)))
    assert told(large) == ["The questionnaire is too large: 1500 KB at most."] or len(told(large)) == 1


@pytest.mark.parametrize(
    "body", [b"", b"{", b"NaN", b'{"a": Infinity}', b"\xff\xfe", b"[" * 100_000, b"1" * 5000, b"x" * 1_600_000]
)
def test_what_is_no_json_is_told(body):
    with pytest.raises(BadDocument):
        parsed(body)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["kind", "items", "name", "type", "label", "choices", "languages", "settings", "list", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(anything)
def test_no_json_makes_it_fail_otherwise(value):
    try:
        checked(value)
    except BadDocument as bad:
        assert bad.reasons
        json.dumps(bad.reasons)
