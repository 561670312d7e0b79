"""Wishes are asked one after the other; only who was asked accepts; a place that was promised is nobody else's."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from growth.mentoring import actions, tasks
from growth.mentoring.models import Mentor, MentorRequest, Pair
from talentmap.casework import actions as casework
from talentmap.casework.actions import Item
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories import mentoring
from tests.factories.casework import MONDAY, moment

pytestmark = pytest.mark.django_db
LATER = moment(MONDAY + timedelta(days=1))


def state_of(application):
    return Application.objects.get(pk=application.pk).state


def open_request(application):
    return MentorRequest.objects.open().select_related("mentor").get(application=application)


def test_the_first_wish_is_asked_when_the_office_passes_it_and_has_five_working_days(office, mentor):
    person = mentoring.talent(office)
    application = mentoring.passed(office, person, mentor)
    request = open_request(application)
    assert (request.mentor, request.origin) == (mentor, "wish")
    assert request.due_on == date(2026, 3, 9)  # Monday 2 March and five working days
    assert Mentor.objects.get(pk=mentor.pk).taken == 1
    assert Application.objects.visible_to(mentor.user).filter(pk=application.pk).exists()
    assert Notice.objects.filter(
        recipient=mentor.user, kind="case_asked", link__endswith=f"/requests/{request.pk}/"
    ).exists()


def test_accepting_approves_and_makes_the_pair(office, mentor):
    person = mentoring.talent(office)
    request = mentoring.asked(office, person, mentor)
    actions.accept_request(by=mentor.user, at=LATER, asked=request)
    pair = Pair.objects.get()
    assert (pair.talent, pair.mentor, pair.kind, pair.started_on) == (person, mentor, "practice", date(2026, 3, 3))
    assert state_of(request.application) == State.APPROVED
    assert Mentor.objects.get(pk=mentor.pk).taken == 1  # the promised place became the pair's


def test_only_the_receiver_accepts_or_declines(office, mentor):
    other = mentoring.mentor(office)
    request = mentoring.asked(office, mentoring.talent(office), mentor, other)
    for stranger in (other.user, office.staff, office.director, request.application.applicant.user):
        with pytest.raises(PermissionDenied):
            actions.accept_request(by=stranger, at=LATER, asked=request)
        with pytest.raises(PermissionDenied):
            actions.decline_request(by=stranger, at=LATER, asked=request, reason="忙")
    assert open_request(request.application) == request


def test_the_database_lets_nobody_else_accept(office, mentor):
    request = mentoring.asked(office, mentoring.talent(office), mentor)
    with pytest.raises(IntegrityError, match="only the mentor who was asked"), transaction.atomic():
        MentorRequest.objects.filter(pk=request.pk).update(
            state="accepted", answered_by=office.staff, answered_at=moment()
        )


def test_whoever_declines_is_followed_by_the_next_wish_and_loses_sight(office, mentor):
    second = mentoring.mentor(office)
    request = mentoring.asked(office, mentoring.talent(office), mentor, second)
    actions.decline_request(by=mentor.user, at=LATER, asked=request, reason="春茶太忙")
    following = open_request(request.application)
    assert following.mentor == second
    assert [each.taken for each in Mentor.objects.order_by("pk")] == [0, 1]
    assert not Application.objects.visible_to(mentor.user).exists()
    assert Application.objects.visible_to(second.user).exists()


def test_declining_says_why(office, mentor):
    request = mentoring.asked(office, mentoring.talent(office), mentor)
    with pytest.raises(Refused):
        actions.decline_request(by=mentor.user, at=LATER, asked=request, reason=" ")


def test_when_nobody_is_left_the_application_waits_and_the_office_is_told(office, mentor):
    request = mentoring.asked(office, mentoring.talent(office), mentor)
    actions.decline_request(by=mentor.user, at=LATER, asked=request, reason="忙")
    assert state_of(request.application) == State.IN_REVIEW
    assert not MentorRequest.objects.open().exists()
    assert not Application.objects.visible_to(mentor.user).exists()
    assert Notice.objects.filter(recipient=office.staff, kind="mentoring_waits").exists()
    assert Notice.objects.filter(recipient=request.application.applicant.user, kind="mentoring_nobody_left").exists()


def test_what_is_not_answered_in_time_goes_on_to_the_next(office, mentor):
    second = mentoring.mentor(office)
    request = mentoring.asked(office, mentoring.talent(office), mentor, second)
    assert tasks.lapse_all(at=moment(date(2026, 3, 9), 23)) == 0  # the last day counts whole
    assert tasks.lapse_all(at=moment(date(2026, 3, 10), 0)) == 1
    assert open_request(request.application).mentor == second
    request.refresh_from_db()
    assert request.state == "lapsed"


def test_a_late_answer_is_no_answer(office, mentor):
    request = mentoring.asked(office, mentoring.talent(office), mentor)
    with pytest.raises(Refused, match="2026-03-09"):
        actions.accept_request(by=mentor.user, at=moment(date(2026, 3, 10)), asked=request)


def test_a_full_or_paused_mentor_is_passed_over(office):
    full, paused, free = (mentoring.mentor(office, capacity=count) for count in (1, 2, 2))
    mentoring.pair(office, mentoring.talent(office), full)
    actions.pause_mentor(by=paused.user, at=moment(), mentor=paused, reason="出国")
    application = mentoring.passed(office, mentoring.talent(office), full, paused, free)
    assert open_request(application).mentor == free


def test_without_a_wish_the_application_waits(office):
    application = mentoring.passed(office, mentoring.talent(office))
    assert state_of(application) == State.IN_REVIEW
    assert not MentorRequest.objects.exists()


def test_the_office_proposes_somebody_for_who_waits(office, mentor):
    application = mentoring.passed(office, mentoring.talent(office))
    with pytest.raises(PermissionDenied):
        actions.propose_mentor(by=office.cadre, at=LATER, application=application, mentor=mentor)
    request = actions.propose_mentor(by=office.staff, at=LATER, application=application, mentor=mentor)
    assert request.origin == "office"
    with pytest.raises(Refused):  # one at a time
        actions.propose_mentor(by=office.staff, at=LATER, application=application, mentor=mentoring.mentor(office))
    actions.withdraw_request(by=office.staff, at=LATER, asked=request, reason="选错了")
    assert Mentor.objects.get(pk=mentor.pk).taken == 0
    assert not Application.objects.visible_to(mentor.user).exists()


def test_withdrawing_the_application_gives_the_place_back_and_the_mentor_hears_of_it(client, office, mentor):
    request = mentoring.asked(office, mentoring.talent(office), mentor)
    casework.withdraw(by=request.application.applicant.user, at=LATER, application=request.application)
    assert Mentor.objects.get(pk=mentor.pk).taken == 0
    request.refresh_from_db()
    assert request.state == "withdrawn"
    told = Notice.objects.get(kind="mentoring_taken_back")
    assert told.recipient == mentor.user
    client.force_login(mentor.user)
    assert client.get(told.link).status_code == 200


def test_a_return_from_the_mentors_stage_takes_the_request_back_and_asks_again_afterwards(office, mentor):
    person = mentoring.talent(office)
    request = mentoring.asked(office, person, mentor)
    items = [Item("goals", "请写具体")]
    casework.return_for_correction(by=office.director, at=LATER, application=request.application, items=items)
    assert Mentor.objects.get(pk=mentor.pk).taken == 0
    application = Application.objects.get(pk=request.application_id)
    casework.save_page(
        by=person.user, at=LATER, application=application, page="goals", values={"goals": "三年建合作社"}
    )
    casework.submit(by=person.user, at=LATER, application=application)
    assert open_request(application).mentor == mentor


def test_a_rejection_by_the_director_takes_the_request_back(office, mentor):
    request = mentoring.asked(office, mentoring.talent(office), mentor)
    casework.reject(by=office.director, at=LATER, application=request.application, reason="重复申请")
    assert Mentor.objects.get(pk=mentor.pk).taken == 0


def test_one_running_pair_for_each_kind(office, mentor):
    person = mentoring.talent(office)
    mentoring.pair(office, person, mentor)
    second = mentoring.mentor(office, offers=["practice", "theory"])
    with pytest.raises(Refused, match="mentor of this kind"):
        mentoring.submitted(person, second)
    mentoring.pair(office, person, second, kind="theory")
    assert Pair.objects.active().count() == 2


def test_the_database_refuses_a_second_pair_of_a_kind_and_oneself(office, mentor, pair):
    request = mentoring.asked(office, mentoring.talent(office), mentoring.mentor(office))
    columns = {"application": request.application, "request": request, "mentor": request.mentor, "kind": "practice"}
    with pytest.raises(IntegrityError, match="one_active_each_kind"), transaction.atomic():
        Pair.objects.create(talent=pair.talent, started_on=MONDAY, **columns)
    own = request.application.applicant
    Mentor.objects.filter(pk=request.mentor_id).update(user=own.user)
    with pytest.raises(IntegrityError, match="their own mentor"), transaction.atomic():
        Pair.objects.create(talent=own, started_on=MONDAY, **columns)


def test_an_answer_is_given_once(office, mentor):
    request = mentoring.asked(office, mentoring.talent(office), mentor)
    actions.accept_request(by=mentor.user, at=LATER, asked=request)
    with pytest.raises(Refused):
        actions.decline_request(by=mentor.user, at=LATER, asked=request, reason="后悔")
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        MentorRequest.objects.filter(pk=request.pk).update(reason="改")


def test_capacity_cannot_fall_below_what_is_taken(office, mentor, pair):
    values = {"capacity": 0}
    with pytest.raises(Refused):
        actions.update_profile(by=mentor.user, at=LATER, mentor=mentor, values=values)
    with pytest.raises(IntegrityError, match="within_capacity"), transaction.atomic():
        Mentor.objects.filter(pk=mentor.pk).update(capacity=0)
