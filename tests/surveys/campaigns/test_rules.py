"""Spreading a sample, the pace of a township, what forbids opening."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from needs.surveys.campaigns.rules import Pace, Readiness, largest_remainder, planned, share_gone, spread

# A busy machine draws slowly, which says nothing about the rules.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
weights = st.lists(st.integers(0, 10_000_000), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("total", "shares", "parts"),
    [
        # of 100,100: 46.95, 15.98, 15.88, 11.99, 6.09, 3.10: 96 whole, and one each for .99 .98 .95 .88
        (100, [47_000, 16_000, 15_900, 12_000, 6_100, 3_100], [47, 16, 16, 12, 6, 3]),
        (10, [1, 1, 1], [4, 3, 3]),
        (2, [1, 1, 1], [1, 1, 0]),
        (7, [0, 5, 0], [0, 7, 0]),
        (0, [3, 4], [0, 0]),
        (0, [0, 0], [0, 0]),
    ],
)
def test_hand_computed_shares(total, shares, parts):
    assert largest_remainder(total, shares) == parts


@unhurried
@given(st.integers(0, 100_000), weights.filter(any))
def test_parts_sum_exactly_and_none_is_a_whole_one_off(total, shares):
    parts = largest_remainder(total, shares)
    whole = sum(shares)

    assert sum(parts) == total
    assert all(abs(Fraction(total * share, whole) - part) < 1 for part, share in zip(parts, shares, strict=True))
    assert all(part == 0 for part, share in zip(parts, shares, strict=True) if share == 0)


@unhurried
@given(st.integers(0, 10_000), weights.filter(any))
def test_who_has_more_people_never_gets_fewer_answers(total, shares):
    parts = largest_remainder(total, shares)
    for one, mine in zip(shares, parts, strict=True):
        for other, theirs in zip(shares, parts, strict=True):
            assert one <= other or mine >= theirs


@pytest.mark.parametrize("shares", [[], [0], [0, 0]])
def test_nothing_can_be_spread_over_nobody(shares):
    with pytest.raises(ValueError, match="nothing"):
        largest_remainder(5, shares)


def test_negative_shares_are_refused():
    with pytest.raises(ValueError, match="negative"):
        largest_remainder(5, [3, -1])


def test_a_sample_of_a_county_by_hand():
    """Two townships of 60,000 and 40,000; a quarter young, three quarters old; half farming, half not: of 20 answers
    12 and 8; young × occupation an eighth each, old three eighths each: 12 is 1.5, 1.5, 4.5, 4.5
    and 8 is 1, 1, 3, 3."""
    found = spread(20, {1: 60_000, 2: 40_000}, {"lt25": 1, "ge55": 3}, {"farming": 1, "trade": 1})

    assert found == {
        (1, "lt25", "farming"): 2, (1, "lt25", "trade"): 2, (1, "ge55", "farming"): 4, (1, "ge55", "trade"): 4,
        (2, "lt25", "farming"): 1, (2, "lt25", "trade"): 1, (2, "ge55", "farming"): 3, (2, "ge55", "trade"): 3,
    }  # fmt: skip


def test_a_margin_that_is_not_known_is_not_asked():
    assert spread(10, {1: 3, 2: 2}, {}, {}) == {(1, "", ""): 6, (2, "", ""): 4}


@unhurried
@given(
    st.integers(0, 5_000),
    st.dictionaries(st.integers(1, 99), st.integers(1, 90_000), min_size=1, max_size=13),
    st.dictionaries(st.sampled_from(["lt25", "25_34", "35_44", "45_54", "ge55"]), st.integers(1, 99_999)),
    st.dictionaries(st.sampled_from(list("abcdefgh")), st.integers(1, 99_999)),
)
def test_a_spread_sample_sums_exactly_in_all_and_in_each_township(total, townships, bands, works):
    found = spread(total, townships, bands, works)
    parts = dict(zip(townships, largest_remainder(total, list(townships.values())), strict=True))

    assert sum(found.values()) == total
    for region, part in parts.items():
        assert sum(target for (place, _band, _work), target in found.items() if place == region) == part


FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "gone"),
    [(date(2026, 10, 1), 0), (FIRST, 0), (date(2026, 11, 6), Fraction(1, 4)), (LAST, Fraction(19, 20)),
     (date(2026, 11, 21), 1), (date(2027, 1, 1), 1)],
)  # fmt: skip
def test_how_much_of_the_period_is_over(day, gone):
    assert share_gone(FIRST, LAST, day) == gone


@pytest.mark.parametrize(
    ("target", "collected", "gone", "lags", "behind"),
    [
        (100, 40, Fraction(1, 2), False, 10),  # a tenth behind is not yet lagging
        (100, 39, Fraction(1, 2), True, 11),
        (100, 0, Fraction(1, 10), False, 10),
        (100, 120, Fraction(1), False, 0),
        (0, 0, Fraction(1), False, 0),
        (3, 0, Fraction(1, 2), True, 1),
    ],
)
def test_when_a_township_lags(target, collected, gone, lags, behind):
    pace = Pace(target, collected, gone)
    assert (pace.lags, pace.behind) == (lags, behind)


def test_an_even_pace_reaches_the_target_on_the_last_day_and_not_before():
    assert [planned(50, FIRST, LAST, FIRST + timedelta(days=n)) for n in (-1, 0, 9, 18, 19, 25)] == [
        0,
        2,
        25,
        47,
        50,
        50,
    ]


def ready(**changes):
    values = {"townships": 2, "ends_on": LAST, "assigned": 2, "reachable": 2, "links": 0, "quotas": 4, **changes}
    return Readiness(**values)


def test_what_forbids_opening():
    assert ready().obstacles(LAST) == []
    assert ready(townships=0).obstacles(LAST) == ["no_township"]
    assert ready(townships=0).obstacles(LAST + timedelta(days=1)) == ["no_township", "period_over"]


def test_what_is_worth_a_second_look():
    assert ready().doubts == []
    assert ready(assigned=0, reachable=0, quotas=0).doubts == ["nobody_asks", "no_quota"]
    assert ready(townships_without_interviewer=("文江镇",)).doubts == ["townships_without_interviewer"]
    assert ready(townships_without_interviewer=("文江镇",), links=1).doubts == []
