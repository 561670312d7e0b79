"""Until when an answer is taken, what names a person, what is alike."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from needs.surveys.filling import rules
from needs.surveys.filling.rules import Window


def at(day: int, hour: int = 12, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=timezone.get_default_timezone())


NOVEMBER = Window("open", date(2026, 11, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("finished_at", "received_at", "code"),
    [
        (at(1, 0), at(1, 0), ""),
        (at(10), at(10), ""),
        (at(30, 23), at(14, 23, month=12), ""),
        (at(30, 23), at(15, 1, month=12), "too_late"),
        (at(31 - 1, 23) + timedelta(hours=1), at(2, month=12), ""),
        (at(1, 1, month=12), at(2, month=12), "over"),
        (at(31, 23, month=10), at(2), "too_early"),
        (at(10, 13), at(10, 12), "clock"),
    ],
)
def test_what_was_finished_in_time_is_taken_for_a_fortnight(finished_at, received_at, code):
    assert rules.refusal(NOVEMBER, finished_at, received_at) == code


def test_a_campaign_that_was_closed_early_takes_what_was_finished_before():
    closed = Window("closed", date(2026, 11, 1), date(2026, 11, 30), closed_at=at(20))
    assert rules.refusal(closed, at(19), at(25)) == ""
    assert rules.refusal(closed, at(21), at(25)) == "over"
    assert rules.refusal(closed, at(19), at(5, month=12)) == "too_late"


def test_so_does_a_link_that_was_closed():
    closed = Window("open", date(2026, 11, 1), date(2026, 11, 30), link_closed_at=at(20))
    assert rules.refusal(closed, at(21), at(21)) == "over"


@pytest.mark.parametrize(("state", "code"), [("draft", "not_open"), ("paused", "paused")])
def test_what_is_prepared_or_paused_takes_nothing_now(state, code):
    assert rules.refusal(Window(state, date(2026, 11, 1), date(2026, 11, 30)), at(10), at(10)) == code


def test_a_correction_is_not_asked_when_the_interview_was_finished():
    assert rules.refusal(NOVEMBER, at(5, month=12), at(6, month=12), is_correction=True) == ""
    assert rules.refusal(NOVEMBER, at(16, month=12), at(16, month=12), is_correction=True) == "too_late"


def test_what_names_a_person_is_split_off_in_repeats_too_and_joins_again():
    answers = {"name": "张三", "age": 40, "member": [{"who": "李四", "age": 9}, {"age": 7}], "empty": []}
    public, private = rules.split(answers, frozenset({"name", "who"}))
    assert public == {"age": 40, "member": [{"age": 9}, {"age": 7}], "empty": []}
    assert private == {"name": "张三", "member": [{"who": "李四"}, {}]}
    assert rules.joined(public, private) == answers


def test_a_list_of_choices_is_no_repeat():
    assert rules.split({"skills": ["weld", "cook"]}, frozenset({"who"})) == ({"skills": ["weld", "cook"]}, {})


def test_the_same_answers_have_one_fingerprint_however_they_are_spaced():
    one = rules.fingerprint({"wish": "电商 培训", "age": 40}, frozenset())
    assert rules.fingerprint({"age": 40.0, "wish": "  电商  培训 "}, frozenset()) == one
    assert rules.fingerprint({"age": 40, "wish": "电商 培训", "start": "2026-11-25"}, frozenset({"start"})) == one
    assert rules.fingerprint({"age": 41, "wish": "电商 培训"}, frozenset()) != one


def test_a_place_that_names_a_person_is_no_place():
    nodes = [
        {"kind": "question", "id": "home", "type": "geopoint", "personal": True, "repeat": -1},
        {"kind": "question", "id": "field", "type": "geopoint", "repeat": -1},
    ]
    found = rules.marked(nodes)
    assert found.places == ("field",)
    assert rules.place({"field": [28.4, 104.5, None, 8]}, found.places) == (28.4, 104.5)
    assert rules.place({}, found.places) == (None, None)
