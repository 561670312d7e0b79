"""The office calendar: what is shipped, what the office enters, and a year that nobody knows."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from talentmap.accounts.permissions import Role
from talentmap.casework import actions, calendar, policy, reference, rules
from talentmap.casework.models import CalendarDay, CalendarYear
from talentmap.ui.errors import Refused
from tests.factories import casework as cases
from tests.factories.accounts import user_with
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
SPRING = date(2027, 2, 8)


def test_the_known_years_are_loaded_once_and_never_over_the_office_s_own():
    CalendarYear.objects.create(year=2025, source="ours")
    reference.load_calendar()
    assert CalendarYear.objects.get(year=2025).source == "ours"
    assert not CalendarDay.objects.filter(date__year=2025).exists()
    days = CalendarDay.objects.count()
    reference.load_calendar()
    assert CalendarDay.objects.count() == days > 100
    assert CalendarDay.objects.get(date=date(2026, 2, 17)).name == "春节"
    found = calendar.current()
    assert rules.add_working_days(date(2026, 2, 12), 5, found) == date(2026, 2, 26)


def test_an_unknown_year_falls_back_and_says_so(rules_in_force):
    found = calendar.current()
    assert calendar.warning(date(2026, 8, 1), found) == ""
    assert "2027" in calendar.warning(date(2026, 9, 10), found)
    assert rules.add_working_days(date(2027, 2, 5), 1, found) == SPRING


def test_a_deadline_across_an_unknown_new_year_is_still_given(people):
    application = cases.submitted(people.talent, at=moment(date(2026, 12, 30)))
    assert application.accept_due_on == date(2027, 1, 7)


def test_an_unknown_year_has_the_days_off_that_the_law_fixes(rules_in_force):
    found = calendar.current()
    assert 2027 not in found.years
    assert rules.add_working_days(date(2026, 12, 31), 1, found) == date(2027, 1, 4)
    assert rules.add_working_days(date(2027, 9, 30), 1, found) == date(2027, 10, 4)
    assert rules.add_working_days(date(2028, 4, 30), 1, found) == date(2028, 5, 3)


def test_a_year_on_record_and_a_day_entered_overrule_the_law_s_days():
    new_year = date(2027, 1, 1)
    assert not rules.WorkingCalendar().is_workday(new_year)
    assert rules.WorkingCalendar(years=frozenset({2027})).is_workday(new_year)
    assert rules.WorkingCalendar(exceptions={new_year: True}).is_workday(new_year)


def test_the_office_enters_a_year(people):
    def enter(**given):
        return actions.set_day(by=people.staff, at=moment(), date=SPRING, **given)

    enter(kind="holiday", name="春节")
    assert not calendar.current().is_workday(SPRING)
    enter(kind="workday")
    assert calendar.current().is_workday(SPRING)
    enter(kind="ordinary")
    assert not CalendarDay.objects.filter(date=SPRING).exists()
    actions.confirm_year(by=people.staff, at=moment(), year=2027, source="国办发明电")
    assert calendar.warning(date(2026, 12, 1), calendar.current()) == ""
    CalendarYear.objects.filter(year=2027).update(confirmed=False)
    assert calendar.warning(date(2026, 12, 1), calendar.current())


def test_what_is_refused(people):
    with pytest.raises(Refused):
        actions.confirm_year(by=people.staff, at=moment(), year=2027, source=" ")
    with pytest.raises(Refused):
        actions.set_day(by=people.staff, at=moment(), date=date(1888, 1, 1), kind="holiday")
    with pytest.raises(Refused):
        actions.set_day(by=people.staff, at=moment(), date=SPRING, kind="nonsense")
    for user in (people.cadre, people.talent, user_with(Role.COUNTY_LEADER)):
        with pytest.raises(PermissionDenied):
            actions.set_day(by=user, at=moment(), date=SPRING, kind="holiday")


def test_a_calendar_that_changes_moves_no_promised_date(people):
    application = cases.accepted(people)
    promised = application.decide_due_on
    actions.set_day(by=people.staff, at=moment(), date=date(2026, 3, 11), kind="holiday")
    application.refresh_from_db()
    assert application.decide_due_on == promised


def test_the_deadline_policy_is_dated(rules_in_force):
    cases.rules_in_force(on=date(2026, 6, 1), accept=3)
    assert policy.deadlines(date(2026, 5, 31)).accept == 5
    assert policy.deadlines(date(2026, 6, 1)) == policy.Deadlines(
        accept=3, decide=20, remind=10, notice=5, pay=10, call_back=1, mend=15
    )


def test_the_admin_site_edits_the_calendar_and_the_history_says_who(client, people):
    from talentmap.audit.models import AuditEntry

    client.force_login(people.director, backend="talentmap.accounts.backends.NameOrMobileBackend")
    sent = {"date": "2027-02-08", "name": "春节", "source": "国办"}
    assert client.post("/admin/talentmap/calendarday/add/", sent).status_code == 302
    entry = AuditEntry.objects.filter(table_name="talentmap_calendarday").latest("pk")
    assert entry.actor_id == people.director.pk
    for page in ("calendarday", "calendaryear"):
        assert client.get(f"/admin/talentmap/{page}/").status_code == 200


def test_the_sweeps_are_scheduled_once(db):
    from django_celery_beat.models import PeriodicTask

    reference.schedule_sweeps()
    reference.schedule_sweeps()
    names = PeriodicTask.objects.filter(task__startswith="casework.").values_list("task", flat=True)
    assert sorted(names) == [
        "casework.calendar_warning",
        "casework.end_notices",
        "casework.overdue_digest",
        "casework.remind_of_corrections",
    ]
