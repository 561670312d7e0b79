"""Counter entry, objections, ratings and the calendar."""

from datetime import date

import pytest
from django.urls import reverse

from talentmap.casework import actions
from talentmap.casework.models import Application, CalendarDay, CalendarYear, Objection
from talentmap.casework.states import State
from talentmap.casework.views.public import reference_of
from tests.factories import casework as cases
from tests.factories.casework import moment
from tests.factories.people import TalentFactory

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"casework:{name}", args=args)


@pytest.fixture(autouse=True)
def monday(now):
    now(moment())


# The counter -------------------------------------------------------------------------------------------------------


@pytest.fixture
def walk_in(people):
    """A person of the cadre's township who has no account."""
    return TalentFactory(region=people.talent.talent.region, name="赵明", education="bachelor")


def test_the_counter_finds_enters_and_sends_for_a_person(as_user, people, walk_in):
    cadre = as_user(people.cadre)
    assert walk_in.name in cadre.get(url("counter"), {"q": "赵"}).content.decode()
    response = cadre.post(url("counter_service", walk_in.pk), {"scheme": "sample"})
    application = Application.objects.get()
    assert response.url == url("form", application.pk)
    cadre.post(url("form_page", application.pk, "purpose"), {"purpose": "Tea"})
    cadre.post(url("form_page", application.pk, "cost"), {"cost": "300"})
    assert walk_in.name in cadre.get(url("counter")).content.decode()
    cadre.post(url("check", application.pk), {"declaration": "1"})
    application.refresh_from_db()
    assert (application.state, application.entered_by) == (State.SUBMITTED, people.cadre)
    assert people.cadre.display_name in as_user(people.staff).get(url("case", application.pk)).content.decode()


def test_the_counter_reaches_only_its_own_township(as_user, people, walk_in):
    other = as_user(type(people)(**cases.people()).cadre)
    assert walk_in.name not in other.get(url("counter"), {"q": "赵"}).content.decode()
    assert other.get(url("counter_service", walk_in.pk)).status_code == 404
    assert as_user(people.talent).get(url("counter")).status_code == 403


def test_nobody_found_says_what_to_do(as_user, people):
    page = as_user(people.cadre).get(url("counter"), {"q": "nobody"}).content.decode()
    assert reverse("people:talent_new") in page


# Objections --------------------------------------------------------------------------------------------------------


@pytest.fixture
def objection(people):
    application = cases.on_notice(people)
    return actions.object_to(by=None, at=moment(), application=application, text="Owns a home", contact="13800001234")


def test_an_objection_is_read_and_answered(as_user, people, objection):
    staff = as_user(people.staff)
    listed = staff.get(url("objections")).content.decode()
    assert "Owns a home" in listed
    assert reference_of(objection) in listed
    assert "13800001234" in staff.get(url("objection", objection.pk)).content.decode()
    staff.post(url("objection", objection.pk), {"verdict": "dismissed", "answer": "Checked: none"})
    objection.refresh_from_db()
    assert (objection.state, objection.answered_by) == (Objection.State.DISMISSED, people.staff)


def test_a_second_answer_is_refused_and_kept_on_the_page(as_user, people, objection):
    data = {"verdict": "upheld", "answer": "He owns one"}
    as_user(people.staff).post(url("objection", objection.pk), {**data, "verdict": "dismissed"})
    response = as_user(people.staff2).post(url("objection", objection.pk), data)
    assert response.status_code == 200
    objection.refresh_from_db()
    assert objection.state == Objection.State.DISMISSED


def test_an_answer_needs_a_result_and_words(as_user, people, objection):
    response = as_user(people.staff).post(url("objection", objection.pk), {"verdict": "maybe", "answer": ""})
    assert response.status_code == 200
    objection.refresh_from_db()
    assert objection.state == Objection.State.OPEN


def test_a_cadre_does_not_answer_objections(as_user, people, objection):
    assert as_user(people.cadre).get(url("objections")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_objections_cost_the_same_for_one_and_for_three(as_user, people, django_assert_num_queries, count):
    for _n in range(count):
        application = cases.on_notice(type(people)(**cases.people()))
        actions.object_to(by=None, at=moment(), application=application, text="No")
    staff = as_user(people.staff)
    staff.get(url("objections"))
    with django_assert_num_queries(6):
        staff.get(url("objections"))


# Ratings -----------------------------------------------------------------------------------------------------------


def rated(people, score):
    application = cases.approved(people)
    return actions.rate(by=people.talent, at=moment(), application=application, score=score)


def test_a_poor_rating_is_called_back_then_mended(as_user, people):
    rating = rated(people, 1)
    staff = as_user(people.staff)
    for _step in range(2):
        staff.post(url("rating", rating.pk), {"note": "Spoke with her"})
    rating.refresh_from_db()
    assert rating.called_back_by == rating.mended_by == people.staff


def test_whoever_calls_back_can_show_the_number_for_a_reason(as_user, people):
    talent = people.talent.talent
    staff, unmask = as_user(people.staff), reverse("people:unmask", args=[talent.pk])
    page = staff.get(url("rating", rated(people, 1).pk)).content.decode()
    assert talent.masked_phone in page and talent.phone not in page
    assert f'action="{unmask}"' in page and 'value="phone"' in page
    shown = staff.post(unmask, {"field": "phone", "reason": "call back"}, headers={"HX-Request": "true"})
    assert talent.phone in shown.content.decode()


def test_a_call_back_needs_words(as_user, people):
    rating = rated(people, 2)
    assert as_user(people.staff).post(url("rating", rating.pk), {"note": " "}).status_code == 200
    rating.refresh_from_db()
    assert rating.called_back_at is None


@pytest.mark.parametrize(("show", "found"), [("call", 1), ("mend", 0), ("poor", 1), ("", 2), ("nonsense", 2)])
def test_ratings_are_filtered_by_what_is_owed(as_user, people, show, found):
    rated(people, 2)
    rated(type(people)(**cases.people()), 5)
    assert len(as_user(people.staff).get(url("ratings"), {"show": show}).context["list"].rows) == found


@pytest.mark.parametrize("count", [1, 3])
def test_ratings_cost_the_same_for_one_and_for_three(as_user, people, django_assert_num_queries, count):
    for _n in range(count):
        rated(type(people)(**cases.people()), 1)
    staff = as_user(people.staff)
    staff.get(url("ratings"))
    with django_assert_num_queries(8):
        staff.get(url("ratings"))


# The calendar ------------------------------------------------------------------------------------------------------


@pytest.fixture
def staff(people, as_user):
    return as_user(people.staff)


def test_a_year_shows_its_working_days(staff):
    response = staff.get(url("calendar_year", 2026))
    assert response.context["workdays"] == 248
    assert len(response.context["months"]) == 12


def test_a_holiday_of_several_days_is_entered_and_taken_back(staff):
    days = {"first": "2027-02-05", "last": "2027-02-11", "kind": "holiday", "name": "Spring"}
    staff.post(url("calendar_days", 2027), days)
    assert CalendarDay.objects.filter(date__year=2027, is_workday=False).count() == 7
    staff.post(url("calendar_days", 2027), {"first": "2027-02-05", "kind": "ordinary"})
    assert not CalendarDay.objects.filter(date=date(2027, 2, 5)).exists()


@pytest.mark.parametrize(
    "days",
    [
        {},
        {"first": "2027-02-05", "last": "2027-02-01", "kind": "holiday"},
        {"first": "2026-12-30", "last": "2027-01-02", "kind": "holiday"},
        {"first": "2027-01-01", "last": "2027-12-31", "kind": "holiday"},
        {"first": "2027-02-30", "kind": "holiday"},
        {"first": "2027-02-05", "kind": "party"},
    ],
)
def test_absurd_days_are_answered_and_change_nothing(staff, days):
    assert staff.post(url("calendar_days", 2027), days).status_code == 200
    assert not CalendarDay.objects.filter(date__year=2027).exists()


def test_a_year_is_confirmed_after_its_notice(staff):
    staff.post(url("calendar_confirm", 2027), {"source": "Notice of November 2026"})
    assert CalendarYear.objects.get(year=2027).confirmed
    assert staff.post(url("calendar_confirm", 2028), {"source": ""}).status_code == 200


@pytest.mark.parametrize("year", [1, 1999, 99999])
def test_a_year_far_away_is_not_found(staff, year):
    assert staff.get(url("calendar_year", year)).status_code == 404
    assert staff.post(url("calendar_days", year), {"first": "2027-02-05", "kind": "holiday"}).status_code in (200, 404)


def test_a_cadre_does_not_edit_the_calendar(as_user, people):
    assert as_user(people.cadre).get(url("calendar")).status_code == 403
