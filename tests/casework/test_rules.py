"""Working days, deadlines and differences: pure, against the values of the field."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from chinese_calendar import constants
from hypothesis import given
from hypothesis import strategies as st

from talentmap.casework import rules
from talentmap.casework.rules import Change, Colour, Condition, Offer, Outcome, WorkingCalendar

CALENDAR = WorkingCalendar(
    exceptions={
        **dict.fromkeys((d for d in constants.holidays if d.year >= 2025), False),
        **dict.fromkeys((d for d in constants.workdays if d.year >= 2025), True),
    },
    years=frozenset({2025, 2026}),
)
DAYS = st.dates(date(2025, 1, 1), date(2026, 10, 1))


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_year_has_248_working_days(year):
    first = date(year, 1, 1)
    assert sum(CALENDAR.is_workday(first + timedelta(days=n)) for n in range(365)) == 248


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 2, 12), 5, date(2026, 2, 26)),
        (date(2026, 4, 29), 20, date(2026, 5, 29)),
        (date(2026, 9, 18), 5, date(2026, 9, 24)),
        (date(2026, 9, 24), 7, date(2026, 10, 12)),
    ],
)
def test_deadlines_of_the_field(start, days, end):
    assert rules.add_working_days(start, days, CALENDAR) == end


def test_the_start_is_not_counted_and_a_holiday_is_no_end():
    friday = date(2026, 3, 6)
    assert rules.add_working_days(friday, 1, CALENDAR) == date(2026, 3, 9)
    assert rules.add_working_days(date(2026, 3, 7), 0, CALENDAR) == date(2026, 3, 9)


@given(DAYS, st.integers(1, 40))
def test_what_is_added_is_between(start, count):
    end = rules.add_working_days(start, count, CALENDAR)
    assert CALENDAR.is_workday(end)
    assert rules.working_days_between(start, end, CALENDAR) == count


@given(DAYS, DAYS)
def test_between_is_antisymmetric(a, b):
    assert rules.working_days_between(a, b, CALENDAR) == -rules.working_days_between(b, a, CALENDAR)


def test_an_unknown_year_counts_monday_to_friday_but_the_fixed_days_and_says_so():
    assert not CALENDAR.is_workday(date(2027, 1, 1))
    assert CALENDAR.is_workday(date(2027, 1, 4))
    assert CALENDAR.unknown_years(date(2026, 12, 1), date(2027, 2, 1)) == (2027,)
    assert CALENDAR.unknown_years(date(2026, 6, 1), date(2026, 9, 1)) == ()


@pytest.mark.parametrize(
    ("due_on", "left", "colour"),
    [
        (date(2026, 3, 10), 6, Colour.GREEN),
        (date(2026, 3, 5), 3, Colour.GREEN),
        (date(2026, 3, 4), 2, Colour.AMBER),
        (date(2026, 3, 2), 0, Colour.AMBER),
        (date(2026, 3, 1), -1, Colour.RED),
        (date(2026, 2, 27), -2, Colour.RED),
    ],
)
def test_colours(due_on, left, colour):
    found = rules.deadline(due_on, date(2026, 3, 2), CALENDAR)
    assert (found.left, found.colour) == (left, colour)


def test_no_deadline_no_colour():
    assert rules.deadline(None, date(2026, 3, 2), CALENDAR).colour == Colour.NONE


def test_a_pause_keeps_what_was_left():
    today, due, stage_due = date(2026, 3, 2), date(2026, 3, 20), date(2026, 3, 6)
    left = rules.pause(today, due, stage_due, CALENDAR)
    assert (left.remaining_days, left.stage_remaining_days) == (14, 4)
    assert rules.resume(date(2026, 3, 30), 14, CALENDAR) == date(2026, 4, 20)


def test_an_overdue_case_stays_overdue_after_a_pause():
    left = rules.pause(date(2026, 3, 10), date(2026, 3, 6), None, CALENDAR)
    assert left.remaining_days == -2
    assert left.stage_remaining_days is None
    assert rules.resume(date(2026, 3, 20), -2, CALENDAR) == date(2026, 3, 18)


def test_due_on_friday_and_stopped_on_saturday_it_is_overdue():
    left = rules.pause(date(2026, 3, 7), date(2026, 3, 6), date(2026, 3, 6), CALENDAR)
    assert (left.remaining_days, left.stage_remaining_days) == (-1, -1)
    assert rules.resume(date(2026, 3, 16), left.remaining_days, CALENDAR) == date(2026, 3, 13)


@given(DAYS, st.integers(1, 30), st.integers(0, 20))
def test_pausing_never_costs_or_gives_a_day(start, remaining, waited):
    due = rules.add_working_days(start, remaining, CALENDAR)
    left = rules.pause(start, due, None, CALENDAR).remaining_days
    again = start + timedelta(days=waited)
    assert rules.working_days_between(again, rules.resume(again, left, CALENDAR), CALENDAR) == left


def test_stopped_on_the_last_day_it_is_due_on_the_day_it_goes_on():
    assert rules.resume(date(2026, 3, 20), 0, CALENDAR) == date(2026, 3, 20)
    assert rules.resume(date(2026, 3, 21), 0, CALENDAR) == date(2026, 3, 23)


def _assessment(*outcomes):
    conditions = tuple(Condition(f"c{n}", "label", outcome) for n, outcome in enumerate(outcomes))
    return rules.Assessment(None, conditions, Offer(Decimal(1)), {})


@pytest.mark.parametrize(
    ("outcomes", "eligible", "certain"),
    [
        ((Outcome.MET, Outcome.WARN), True, True),
        ((Outcome.MET, Outcome.UNKNOWN), True, False),
        ((Outcome.MET, Outcome.NOT_MET), False, False),
        ((), True, True),
    ],
)
def test_an_assessment_sums_up_its_conditions(outcomes, eligible, certain):
    found = _assessment(*outcomes)
    assert (found.eligible, found.certain) == (eligible, certain)


def test_the_difference_names_what_was_added_changed_and_taken_away():
    before = {"form": {"a": 1, "b": 2}, "documents": {"plan": ["x"], "photo": ["p"]}}
    after = {"form": {"a": 1, "b": 3}, "documents": {"plan": ["x"], "lease": ["l"]}}
    assert rules.difference(before, after) == (
        Change("b", 2, 3),
        Change("lease", None, ["l"]),
        Change("photo", ["p"], None),
    )


def test_case_numbers_are_ours():
    assert rules.case_number("ZF", 2026, 123) == "ZF-2026-000123"
