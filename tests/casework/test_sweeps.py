"""By the clock: late, twice or side by side, the result is that of once."""

from datetime import date

import pytest

from talentmap.casework import actions, sweeps
from talentmap.casework.models import Application, CalendarYear, Transition
from talentmap.casework.states import Action, State
from talentmap.notices.models import Notice
from tests.factories import casework as cases
from tests.factories import money as made
from tests.factories.casework import MONDAY, moment

pytestmark = pytest.mark.django_db
NEXT_TUESDAY = moment(date(2026, 3, 10))


def test_notices_end_on_the_day_after_their_last_once(people):
    application = cases.on_notice(people)
    assert sweeps.end_notices(moment(application.notice_until)) == 0
    assert sweeps.end_notices(NEXT_TUESDAY) == 1
    assert sweeps.end_notices(NEXT_TUESDAY) == 0
    assert Transition.objects.filter(action=Action.END_NOTICE).count() == 1
    assert Application.objects.get().state == State.AWAITING_DECISION


def test_a_sweep_that_comes_days_late_changes_no_date(people):
    cases.on_notice(people)
    sweeps.end_notices(moment(date(2026, 3, 25)))
    assert Application.objects.get().decide_due_on == date(2026, 4, 7)


def test_one_that_cannot_be_ended_does_not_stop_the_others(people, monkeypatch):
    first, second = cases.on_notice(people), cases.on_notice(cases.more_people(people))
    end = actions.end_notice

    def fails_once(*, application, **given):
        if application.pk == first.pk:
            raise RuntimeError("broken")
        return end(application=application, **given)

    monkeypatch.setattr(actions, "end_notice", fails_once)
    assert sweeps.end_notices(NEXT_TUESDAY) == 1
    assert Application.objects.get(state=State.AWAITING_DECISION) == second


def test_the_director_sees_what_is_overdue_once_a_working_day(people):
    cases.submitted(people.talent)
    assert sweeps.overdue_digest(moment(date(2026, 3, 9))) == 0
    assert sweeps.overdue_digest(NEXT_TUESDAY) == 2
    sweeps.overdue_digest(NEXT_TUESDAY)
    told = Notice.objects.filter(kind="case_overdue")
    assert {notice.recipient for notice in told} == {people.director, people.director2}
    assert told.count() == 2
    assert sweeps.overdue_digest(moment(date(2026, 3, 14))) == 0, "a Saturday"


def test_ratings_that_wait_too_long_are_in_the_digest(people):
    application = cases.approved(people)
    rating = actions.rate(by=people.talent, at=moment(), application=application, score=1)
    sweeps.overdue_digest(moment(date(2026, 3, 4)))
    assert Notice.objects.filter(kind="case_ratings_overdue").count() == 2
    actions.call_back(by=people.staff, at=moment(), rating=rating, note="Done")
    sweeps.overdue_digest(moment(date(2026, 3, 5)))
    assert Notice.objects.filter(kind="case_ratings_overdue").count() == 2


def test_payments_that_wait_too_long_are_told_to_who_prepares_and_who_releases_them(people):
    made.payable(made.fund())
    assert sweeps.overdue_digest(moment(date(2026, 4, 17))) == 0
    assert sweeps.overdue_digest(moment(date(2026, 4, 20))) == 4
    told = Notice.objects.filter(kind="case_payments_overdue")
    payers = {people.staff, people.staff2, people.director, people.director2}
    assert {notice.recipient for notice in told} == payers
    assert told.first().params == {"count": 1, "date": "2026-04-20"}


def test_a_missing_year_is_told_months_ahead_once_a_month(people):
    assert sweeps.calendar_warning(moment(MONDAY)) == 0
    october = moment(date(2026, 10, 12))
    for _ in range(2):
        assert sweeps.calendar_warning(october) == 4
    told = Notice.objects.filter(kind="case_calendar_missing")
    assert told.count() == 4
    assert told.first().params == {"year": 2027}
    sweeps.calendar_warning(moment(date(2026, 11, 2)))
    assert told.count() == 8
    CalendarYear.objects.create(year=2027, source="国办发明电")
    assert sweeps.calendar_warning(october) == 0
