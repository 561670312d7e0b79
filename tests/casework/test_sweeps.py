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


def returned(people, application, on):
    return actions.return_for_correction(
        by=people.cadre, at=moment(on), application=application, items=[actions.Item("", "x")]
    )


def reminders():
    return Notice.objects.filter(kind="case_returned_reminder")


def test_who_does_not_correct_is_reminded_once_after_ten_working_days(people):
    """Returned on 29 April 2026: 1 to 5 May are off, Saturday 9 May is worked."""
    application = returned(people, cases.submitted(people.talent), date(2026, 4, 29))
    assert sweeps.remind_of_corrections(moment(date(2026, 5, 14))) == 0
    assert sweeps.remind_of_corrections(moment(date(2026, 5, 16))) == 0, "a Saturday"
    for day in (date(2026, 5, 15), date(2026, 5, 18)):
        sweeps.remind_of_corrections(moment(day))
        actions.reassign(by=people.director, at=moment(day), application=application, to=people.staff)
    reminder = reminders().get()
    assert reminder.recipient == people.talent
    assert reminder.params["date"] == "2026-04-29"


def test_each_return_is_reminded_of_and_nothing_that_was_corrected(people):
    application = returned(people, cases.submitted(people.talent), MONDAY)
    sweeps.remind_of_corrections(moment(date(2026, 3, 30)))
    actions.answer_item(by=people.talent, at=moment(), item=application.returnitems.get(), reply="y")
    actions.submit(by=people.talent, at=moment(date(2026, 3, 31)), application=application)
    assert sweeps.remind_of_corrections(moment(date(2026, 5, 18))) == 0
    returned(people, application, date(2026, 5, 18))
    assert sweeps.remind_of_corrections(moment(date(2026, 5, 19))) == 0
    assert sweeps.remind_of_corrections(moment(date(2026, 6, 8))) == 1
    assert reminders().count() == 2


def test_the_office_sets_when_to_remind(people):
    cases.rules_in_force(on=MONDAY, remind=2)
    returned(people, cases.submitted(people.talent), MONDAY)
    assert sweeps.remind_of_corrections(moment(date(2026, 3, 3))) == 0
    assert sweeps.remind_of_corrections(moment(date(2026, 3, 4))) == 1


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
    CalendarYear.objects.create(year=2027, source="国办发明电", confirmed=True)
    assert sweeps.calendar_warning(october) == 0
