"""What may arrive as a response, and how whatever else is answered."""

import json
import uuid

import pytest

from needs.surveys.filling import wire
from needs.surveys.filling.refusals import Malformed

GOOD = {
    "uuid": str(uuid.UUID(int=7)),
    "campaign": 1,
    "version": 2,
    "township": 3,
    "village": None,
    "device": "d",
    "started_at": "2026-11-25T08:00:00+08:00",
    "finished_at": "2026-11-25T08:30:00+08:00",
    "language": "中文 (zh)",
    "username": "cadre",
    "answers": {"age": 40},
    "revises": 0,
}


def codes(body: bytes) -> list[str]:
    with pytest.raises(Malformed) as refused:
        wire.sent(wire.read(body))
    return [reason.code for reason in refused.value.reasons]


def test_a_response_as_the_contract_has_it_is_read():
    sent = wire.sent(wire.read(json.dumps(GOOD).encode()))
    assert (sent.uuid.int, sent.campaign, sent.village, sent.channel) == (7, 1, None, "interview")
    assert sent.digest == wire.digest(GOOD)


def test_the_order_of_its_keys_does_not_matter_and_anything_else_does():
    assert wire.digest(dict(reversed(GOOD.items()))) == wire.digest(GOOD)
    assert wire.digest({**GOOD, "answers": {"age": 41}}) != wire.digest(GOOD)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"[]", "not_an_object"),
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (b'{"a": NaN}', "not_a_number"),
        (b'{"a": -Infinity}', "not_a_number"),
        (b'{"a": 1e999}', "not_a_number"),
        (b'{"a": "\\u0000"}', "bad_character"),
        (b'{"\\u0000": 1}', "bad_character"),
        (b'{"a": "\\ud800"}', "bad_character"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not_json"),
        (b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}", "too_deep"),
        (b"[" * 200_000, "too_deep"),
        (b'{"a": "' + b"x" * wire.MOST_BYTES + b'"}', "too_large"),
    ],
)
def test_what_is_no_response_is_named(body, code):
    assert codes(body) == [code]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uuid", "7"),
        ("uuid", 7),
        ("campaign", "1"),
        ("campaign", True),
        ("campaign", -1),
        ("campaign", 10**30),
        ("campaign", 1.5),
        ("village", []),
        ("device", "x" * 65),
        ("started_at", "2026-11-25"),
        ("started_at", "2026-11-25T08:00:00"),
        ("finished_at", "0001-01-01T00:00:00+08:00"),
        ("finished_at", "9999-12-31T23:59:59-12:00"),
        ("finished_at", None),
        ("answers", []),
        ("answers", None),
        ("revises", "1"),
        ("channel", "self"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(field, value):
    with pytest.raises(Malformed) as refused:
        wire.sent({**GOOD, field: value})
    assert [reason.text.partition(":")[0] for reason in refused.value.reasons] == [field]


def test_all_that_is_missing_is_named_at_once_and_so_is_what_is_unknown():
    assert len(codes(b"{}")) == 7
    assert codes(json.dumps({**GOOD, "state": "approved"}).encode()) == ["unknown_field"]


def test_files_are_found_wherever_they_stand():
    answers = {"photo": {"file": "a", "name": "a.jpg"}, "member": [{"id": {"file": "b"}}, {}]}
    assert list(wire.files_in(answers)) == [("photo", "a"), ("member[1]/id", "b")]
