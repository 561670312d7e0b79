"""Who fits whom and why, the best assignment for all, terms and stipends; values counted by hand."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from growth.mentoring import inputs, rules
from growth.mentoring.rules import Candidate, Place, Seeker

WEIGHTS = {
    f"weight.{name}": Decimal(value)
    for name, value in {
        "industry": 30, "skills": 30, "stage": 15, "distance": 10, "language": 5, "load": 10, "wish": 15,
    }.items()
}  # fmt: skip
WENJIANG = Place("511525100", 28.38812, 104.56339)
QINGFU = Place("511525101", 28.43701, 104.51622)
SEEKER = Seeker(
    1, "practice", "tea", frozenset({"ecommerce", "finance"}), "starting", frozenset({"mandarin"}),
    frozenset({"on_site"}), WENJIANG,
)  # fmt: skip
MENTOR = Candidate(
    7, frozenset({"practice"}), frozenset({"tea"}), frozenset({"ecommerce"}), frozenset({"starting"}),
    frozenset({"mandarin"}), frozenset({"on_site"}), 2, 1, WENJIANG,
)  # fmt: skip


def points(seeker=SEEKER, candidate=MENTOR):
    return {reason.criterion: reason.points for reason in rules.fit(seeker, candidate, WEIGHTS).reasons}


def test_each_criterion_adds_its_share_of_a_hundred():
    assert points() == {
        "industry": Decimal(30), "skills": Decimal(15), "stage": Decimal(15), "distance": Decimal(10),
        "language": Decimal(5), "load": Decimal(5),
    }  # fmt: skip
    assert rules.fit(SEEKER, MENTOR, WEIGHTS).score == Decimal(80)


def test_weights_of_any_sum_come_to_a_hundred():
    doubled = {key: value * 2 for key, value in WEIGHTS.items()}
    assert rules.fit(SEEKER, MENTOR, doubled).score == Decimal(80)


def test_what_is_not_stated_adds_nothing_and_says_so():
    blank = Seeker(1, "practice", "", frozenset(), "", frozenset(), frozenset())
    found = {r.criterion: (r.points, r.finding) for r in rules.fit(blank, MENTOR, WEIGHTS).reasons}
    assert found["industry"] == (Decimal(0), "not_stated")
    assert found["skills"] == (Decimal(0), "not_stated")
    assert found["distance"] == (Decimal(0), "not_stated")


def test_distance_counts_in_kilometres_between_the_two_known_centres():
    """By the haversine formula 7.13 km lie between 文江 and 庆符: 10 × (1 − 7.13 / 60) = 8.8."""
    assert rules.kilometres(WENJIANG, QINGFU) == pytest.approx(7.13, abs=0.01)
    assert points(candidate=replace(MENTOR, place=replace(QINGFU, tile=(1, 3))))["distance"] == Decimal("8.8")


def test_distance_counts_in_tiles_where_nobody_has_entered_coordinates():
    near, far = Place("511525102", tile=(3, 4)), Place("511525103", tile=(1, 3))
    assert points(replace(SEEKER, place=near), replace(MENTOR, place=far))["distance"] == Decimal("6.7")  # 2 of 6


def test_who_talks_by_phone_does_not_mind_the_distance():
    by_phone = frozenset({"phone"})
    seeker, mentor = (
        replace(SEEKER, formats=by_phone, place=None),
        replace(MENTOR, formats=by_phone, place=replace(QINGFU, tile=(1, 3))),
    )
    assert points(seeker, mentor)["distance"] == Decimal(10)


def test_nobody_is_ranked_who_may_not_be_asked():
    seeker = replace(SEEKER, user_id=5, not_again=frozenset({9}))
    others = [
        replace(MENTOR, pk=8, offers=frozenset({"theory"})),
        replace(MENTOR, pk=9),  # has said no
        replace(MENTOR, pk=10, user_id=5),  # oneself
        replace(MENTOR, pk=11, free=0),
    ]
    assert [fit.mentor for fit in rules.ranked(seeker, [*others, MENTOR], WEIGHTS)] == [7]


def test_equals_stand_in_the_order_of_their_ids():
    found = rules.ranked(SEEKER, [replace(MENTOR, pk=pk) for pk in (12, 3, 8)], WEIGHTS)
    assert [fit.mentor for fit in found] == [3, 8, 12]


def test_a_fit_survives_being_stored():
    fit = rules.fit(SEEKER, MENTOR, WEIGHTS)
    assert rules.fit_from_json(7, fit.as_json()) == fit


def _wish(seeker, pk):
    return rules.fit_in_round(seeker, replace(MENTOR, pk=pk), WEIGHTS).wish


def test_wishes_add_all_two_thirds_and_one_third():
    seeker = replace(SEEKER, wishes=(7, 8, 9))
    assert [_wish(seeker, pk).points for pk in (7, 8, 9, 10)] == [15, 10, 5, 0]
    assert [_wish(seeker, pk).found for pk in (7, 9, 10)] == [("1",), ("3",), ()]


def test_one_gives_way_where_both_are_served_better_so():
    """Both fit the tea mentor best, but only one of them fits the other at all well."""
    tea, silk = replace(MENTOR, free=1), replace(MENTOR, pk=8, industries=frozenset({"silk"}), free=1)
    first, second = SEEKER, replace(SEEKER, pk=2, industry="", skill_gaps=frozenset({"ecommerce"}))
    found = rules.assign([first, second], [tea, silk], WEIGHTS)
    assert {pk: fit.mentor for pk, fit in found.items() if fit} == {1: 7, 2: 8}


def test_as_many_as_possible_get_a_mentor_before_the_fit_counts():
    """The first could have either mentor, the second only the one who fits the first best."""
    best, poor = replace(MENTOR, free=1), replace(MENTOR, pk=8, industries=frozenset(), skills=frozenset(), free=1)
    second = replace(SEEKER, pk=2, not_again=frozenset({8}))
    found = rules.assign([SEEKER, second], [best, poor], WEIGHTS)
    assert {pk: fit.mentor for pk, fit in found.items() if fit} == {1: 8, 2: 7}


def test_who_cannot_be_served_is_left_out():
    found = rules.assign([SEEKER, replace(SEEKER, pk=2)], [replace(MENTOR, free=1)], WEIGHTS)
    assert sorted(fit.mentor if fit else 0 for fit in found.values()) == [0, 7]
    assert rules.assign([SEEKER], [], WEIGHTS) == {1: None}


skills = st.frozensets(st.sampled_from(["ecommerce", "finance", "law"]))
seekers = st.lists(
    st.builds(replace, st.just(SEEKER), skill_gaps=skills, industry=st.sampled_from(["tea", "silk", ""])),
    min_size=1, max_size=4,
)  # fmt: skip
mentors = st.lists(
    st.builds(
        replace, st.just(MENTOR), skills=skills, industries=st.frozensets(st.sampled_from(["tea", "silk"])),
        offers=st.sampled_from([frozenset({"practice"}), frozenset({"theory"})]), free=st.integers(0, 2),
    ),
    min_size=1, max_size=3,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(seekers, mentors, st.randoms())
def test_no_other_assignment_serves_more_or_better_and_the_order_does_not_matter(people, offered, shuffled):
    people = [replace(each, pk=n) for n, each in enumerate(people, 1)]
    offered = [replace(each, pk=n) for n, each in enumerate(offered, 1)]
    found = rules.assign(people, offered, WEIGHTS)
    places = [each for each in offered for _ in range(each.free)]
    taken = [fit.mentor for fit in found.values() if fit]
    assert all(taken.count(each.pk) <= each.free for each in offered)
    assert _worth(people, [found[each.pk] for each in people]) == _best(people, places)
    mixed = shuffled.sample(people, len(people)), shuffled.sample(offered, len(offered))
    assert rules.assign(*mixed, WEIGHTS) == found


@settings(max_examples=40, deadline=None)
@given(seekers, mentors)
def test_what_a_round_keeps_gives_the_same_round(people, offered):
    people = [replace(each, pk=n, not_again=frozenset({9})) for n, each in enumerate(people, 1)]
    offered = [replace(each, pk=n, place=replace(QINGFU, tile=(1, 3))) for n, each in enumerate(offered, 1)]
    stored = json.loads(json.dumps(inputs.as_json(people, offered)))
    assert inputs.from_json(stored) == (people, offered)
    found = rules.assign(people, offered, WEIGHTS)
    again = json.loads(json.dumps([fit and fit.as_json() for fit in found.values()]))
    assert [fit and rules.fit_from_json(fit.mentor, each) for fit, each in zip(found.values(), again, strict=True)] == [
        *found.values()
    ]


def _worth(people, fits):
    return sum(fit is not None for fit in fits), sum(fit.score for fit in fits if fit)


def _best(people, places):
    """Every way to give the places, tried out."""
    spots = [*places, *[None] * len(people)]
    return max(
        _worth(people, [_fit(person, spot) for person, spot in zip(people, way, strict=True)])
        for way in set(permutations(range(len(spots)), len(people)))
        for way in [[spots[n] for n in way]]
    )


def _fit(person, spot):
    return rules.fit(person, spot, WEIGHTS) if spot and rules.may_be_paired(person, spot) else None


@pytest.mark.parametrize(
    ("grade", "weeks", "amount"),
    [
        ("excellent", 52, "3000.00"),
        ("excellent", 26, "1500.00"),
        ("qualified", 4, "153.85"),  # 2,000 × 4 / 52 = 153.846…
        ("qualified", 60, "2307.69"),  # a longer term of before, by its weeks
        ("unqualified", 52, "0"),
    ],
)
def test_the_stipend_is_the_terms_share_of_the_years_amount(grade, weeks, amount):
    tariff = {"stipend.excellent": Decimal(3000), "stipend.qualified": Decimal(2000)}
    assert rules.stipend(grade, weeks, tariff) == Decimal(amount)


@pytest.mark.parametrize(
    ("last_day", "weeks"), [(date(2026, 3, 1), 0), (date(2026, 3, 2), 1), (date(2026, 3, 8), 1), (date(2026, 3, 9), 2)]
)
def test_begun_weeks_count(last_day, weeks):
    assert rules.weeks_together(date(2026, 3, 2), last_day) == weeks


TERM = date(2026, 3, 2), date(2026, 8, 30)  # 26 weeks


@pytest.mark.parametrize(
    ("side", "today", "phases"),
    [
        ("talent", date(2026, 5, 31), ()),
        ("talent", date(2026, 6, 1), ("midterm",)),
        ("mentor", date(2026, 8, 15), ("midterm",)),
        ("mentor", date(2026, 8, 16), ("midterm", "final")),
        ("office", date(2026, 5, 31), ()),
        ("office", date(2026, 6, 1), ("midterm",)),
        ("office", date(2026, 8, 29), ("midterm",)),  # its grade pays the whole term
        ("office", date(2026, 8, 30), ("midterm", "final")),
    ],
)
def test_when_a_term_is_assessed(side, today, phases):
    assert rules.phases_open(*TERM, None, today, side) == phases


@pytest.mark.parametrize("side", ["talent", "mentor", "office"])
def test_a_pair_that_ended_before_its_half_is_assessed_finally_at_once(side):
    assert rules.phases_open(*TERM, date(2026, 3, 10), date(2026, 3, 10), side) == ("final",)
