"""What must never be is refused by the database itself."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from talentmap.casework.models import (
    Application,
    CalendarYear,
    Document,
    NumberSeries,
    Objection,
    Rating,
    ReturnItem,
    SavedFilter,
    Snapshot,
    Transition,
)
from talentmap.casework.states import Action, State
from tests.factories import casework as cases
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(people):
    return cases.accepted(people)


def refuses(name, write):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    assert refusal.value.__cause__.diag.constraint_name == name


@pytest.mark.parametrize(
    ("fact", "columns"),
    [
        ("known_state", {"state": "lost", "stage": ""}),
        ("numbered_when_sent", {"number": None}),
        ("promise_on_acceptance", {"promised_days": None}),
        ("stage_in_review", {"stage": ""}),
        ("paused_pair", {"remaining_days": 3}),
        ("notice_period", {"notice_from": date(2026, 3, 9), "notice_until": date(2026, 3, 2)}),
        ("notice_period", {"notice_from": date(2026, 3, 9)}),
        ("decided_at", {"state": State.APPROVED}),
        ("reason_given", {"state": State.REJECTED, "decided_at": moment()}),
    ],
)
def test_application(application, fact, columns):
    refuses(
        f"talentmap_application_{fact}",
        lambda: Application.objects.filter(pk=application.pk).update(**columns),
    )


def test_one_open_application_a_person_and_service(application):
    twin = Application(scheme="sample", applicant=application.applicant, region=application.region, created_at=moment())
    refuses("talentmap_application_one_open", twin.save)
    Application(scheme="other", applicant=application.applicant, region=application.region, created_at=moment()).save()


def test_a_number_is_given_once(application, people):
    draft = cases.draft(cases.talent_user(application.region))
    with pytest.raises(IntegrityError):
        Application.objects.filter(pk=draft.pk).update(number=application.number)


def step(application, people, **columns):
    given = {
        "action": Action.PASS_STAGE,
        "from_state": State.IN_REVIEW,
        "to_state": State.IN_REVIEW,
        "by": people.staff,
    }
    return Transition(application=application, at=moment(), stage="x", **given | columns)


def test_a_step_outside_the_table(application, people):
    for columns in (
        {"to_state": State.APPROVED},
        {"action": Action.APPROVE, "from_state": State.DRAFT, "to_state": State.APPROVED},
        {"action": "abracadabra"},
    ):
        refuses("talentmap_transition_in_table", step(application, people, **columns).save)


def test_what_was_accepted_is_not_refused_any_more(application, people):
    late = step(application, people, action=Action.REFUSE, from_state=State.RETURNED, to_state=State.REFUSED)
    refuses("talentmap_transition_refused_before_acceptance", late.save)


def test_what_happens_once(application, people):
    again = step(application, people, action=Action.ACCEPT, from_state=State.SUBMITTED)
    refuses("talentmap_transition_once", again.save)
    step(application, people).save()
    refuses("talentmap_transition_stage_once", step(application, people, by=people.staff2).save)


@pytest.mark.parametrize("model", [Transition, Snapshot])
def test_history_is_only_added_to(application, model):
    row = model.objects.filter(application=application).first()
    for write in (row.delete, row.save):
        with pytest.raises(InternalError, match="append_only"), transaction.atomic():
            write()


def objection(application, **columns):
    return Objection(application=application, text="No", made_at=moment(), **columns)


def test_objection(application, people):
    answered = {"answered_by": people.staff, "answered_at": moment(), "answer": "Well"}
    for columns in ({"state": "upheld"}, {"state": "open", **answered}, {"state": "upheld", **answered, "answer": ""}):
        refuses("talentmap_objection_answered", objection(application, **columns).save)
    objection(application, state="dismissed", **answered).save()


@pytest.mark.parametrize(
    ("fact", "columns"),
    [
        ("five_grades", {"score": 6}),
        ("poor_has_deadlines", {"score": 2}),
        ("called_back_pair", {"score": 5, "called_back_at": moment()}),
    ],
)
def test_rating(application, fact, columns):
    refuses(f"talentmap_rating_{fact}", Rating(application=application, rated_at=moment(), **columns).save)


def test_mended_after_the_call_back(application, people):
    mended = {"mended_by": people.staff, "mended_at": moment()}
    rating = Rating(application=application, rated_at=moment(), score=5, **mended)
    refuses("talentmap_rating_mended_after_call_back", rating.save)


@pytest.mark.parametrize(("fact", "columns"), [("not_empty", {"size": 0}), ("sha256", {"sha256": "x" * 64})])
def test_document(application, people, fact, columns):
    given = {"size": 1, "sha256": "0" * 64} | columns
    row = Document(application=application, kind="plan", uploaded_by=people.staff, uploaded_at=moment(), **given)
    refuses(f"talentmap_document_{fact}", row.save)


def test_return_item(application):
    refuses("talentmap_returnitem_says_what", ReturnItem(application=application, round=1, note="").save)
    ReturnItem.objects.create(application=application, round=1, field_or_document="cost", note="a")
    again = ReturnItem(application=application, round=1, field_or_document="cost", note="b")
    refuses("talentmap_returnitem_once_a_round", again.save)


def test_snapshot(application):
    refuses("talentmap_snapshot_once_a_round", Snapshot(application=application, round=1, at=moment(), data={}).save)


def test_series_filters_and_years(application, people):
    series = NumberSeries(prefix="YB", year=2026)
    refuses("talentmap_numberseries_one_a_year", series.save)
    SavedFilter.objects.create(user=people.staff, name="Mine", query="a=1")
    refuses("talentmap_savedfilter_name", SavedFilter(user=people.staff, name="Mine", query="").save)
    refuses("talentmap_calendaryear_plausible", CalendarYear(year=1999, source="x").save)


def test_amounts_have_two_places(people):
    assert cases.approved(people, cost=Decimal("12.5")).decision_amount == Decimal("12.50")
