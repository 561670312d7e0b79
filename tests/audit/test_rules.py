"""Digests and chains, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talentmap.audit import rules
from talentmap.audit.rules import DayRecords, Digest, Seal

FIRST = Seal(date(2026, 11, 20), 3, 1, "", "a" * 64)
SECOND = Seal(date(2026, 11, 21), 0, 0, "a" * 64, "b" * 64)


def found(seal):
    return DayRecords(seal.entries, seal.accesses, seal.digest)


def test_a_sound_chain_has_no_fault():
    assert rules.judge(FIRST, None, found(FIRST)) == ""
    assert rules.judge(SECOND, FIRST, found(SECOND)) == ""


@pytest.mark.parametrize(
    ("fault", "seal", "records"),
    [
        ("gap", replace(SECOND, day=date(2026, 11, 22)), found(SECOND)),
        ("chain", replace(SECOND, previous="c" * 64), found(SECOND)),
        ("count", SECOND, replace(found(SECOND), entries=1)),
        ("count", SECOND, replace(found(SECOND), accesses=1)),
        ("content", SECOND, replace(found(SECOND), digest="d" * 64)),
    ],
)
def test_each_fault_is_named(fault, seal, records):
    assert rules.judge(seal, FIRST, records) == fault


def test_a_first_seal_follows_nothing():
    assert rules.judge(replace(FIRST, previous="a" * 64), None, found(FIRST)) == "chain"


records = st.lists(st.tuples(st.integers(), st.text(), st.text()), max_size=5)


@given(records, records)
def test_different_records_have_different_digests(one, other):
    digests = []
    for some in (one, other):
        digest = Digest("")
        digest.add(some)
        digests.append(digest.hex())

    assert (digests[0] == digests[1]) == (one == other)


def test_borders_between_fields_and_records_count():
    assert rules.canonical(("ab", "c")) != rules.canonical(("a", "bc"))
    assert rules.canonical(("a", "b")) != rules.canonical(("a",)) + rules.canonical(("b",))


def test_a_moment_is_the_same_in_every_zone():
    at = datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=UTC)

    assert rules.canonical((at,)) == rules.canonical((at.astimezone(ZoneInfo("Asia/Shanghai")),))
    assert rules.canonical((at,)) == b"[1795395723456789]\n"


def test_the_day_before_changes_the_digest():
    assert Digest("a").hex() != Digest("b").hex()


def test_a_day_begins_and_ends_at_local_midnight():
    start, end = rules.bounds(date(2026, 11, 23), ZoneInfo("Asia/Shanghai"))

    assert start.astimezone(UTC) == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert end.astimezone(UTC) == datetime(2026, 11, 23, 16, tzinfo=UTC)


def test_days_between_includes_both_ends():
    assert list(rules.days_between(date(2026, 2, 28), date(2026, 3, 1))) == [date(2026, 2, 28), date(2026, 3, 1)]
    assert list(rules.days_between(date(2026, 3, 1), date(2026, 2, 28))) == []
