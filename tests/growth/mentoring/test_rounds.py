"""The assignment round: best for all, adjustable, by mutual consent, and computed again with the same result."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from growth.mentoring import actions
from growth.mentoring.models import Mentor, MentorRequest, Proposal, Round
from talentmap.ui.errors import Refused
from tests.factories import mentoring
from tests.factories.casework import MONDAY, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(office):
    """Two who wait: one who lacks e-commerce, one who lacks book-keeping."""
    first = mentoring.passed(office, mentoring.talent(office))
    second = mentoring.passed(office, mentoring.talent(office), on=MONDAY + timedelta(days=1))
    return first, second


def lines(row):
    return list(row.proposals.order_by("pk"))


def test_everybody_who_waits_is_proposed_the_best_free_mentor(office, waiting, mentor):
    row = actions.compute_round(by=office.staff, at=moment())
    assert [line.mentor for line in lines(row)] == [mentor, mentor]  # two places
    assert not MentorRequest.objects.exists()  # nobody is asked yet
    assert row.places == {str(mentor.pk): 2}
    assert row.weights["weight.industry"] == "30.000000" or row.weights["weight.industry"].startswith("30")


def test_the_same_input_gives_the_same_round(office, waiting, mentor):
    mentoring.mentor(office, skills=["finance"])
    first = actions.compute_round(by=office.staff, at=moment())
    actions.discard_round(by=office.staff, at=moment(), round=first, reason="再算一次")
    again = actions.compute_round(by=office.staff2, at=moment())
    assert [(line.mentor_id, line.fit) for line in lines(first)] == [
        (line.mentor_id, line.fit) for line in lines(again)
    ]


def test_one_round_at_a_time_and_none_for_nobody(office, waiting, mentor):
    actions.compute_round(by=office.staff, at=moment())
    with pytest.raises(Refused, match="Another assignment round"):
        actions.compute_round(by=office.staff, at=moment())
    with pytest.raises(PermissionDenied):
        actions.compute_round(by=office.cadre, at=moment())


def test_nobody_waits_for_a_round_for_nobody(office, mentor):
    with pytest.raises(Refused, match="Nobody waits"):
        actions.compute_round(by=office.staff, at=moment())


def test_a_line_is_changed_within_the_places_of_the_round(office, waiting, mentor):
    other = mentoring.mentor(office, capacity=1, industries=["silk"], skills=[])
    row = actions.compute_round(by=office.staff, at=moment())
    first, second = lines(row)
    actions.adjust_proposal(by=office.staff, at=moment(), proposal=first, mentor=other)
    with pytest.raises(Refused, match="other lines"):
        actions.adjust_proposal(by=office.staff, at=moment(), proposal=second, mentor=other)
    actions.adjust_proposal(by=office.staff, at=moment(), proposal=second, mentor=None)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.is_changed
    assert first.changed_by == office.staff
    assert second.outcome == "left_out"


def test_confirming_asks_the_mentors_who_still_decide(office, waiting, mentor):
    row = actions.compute_round(by=office.staff, at=moment())
    _first, second = lines(row)
    actions.adjust_proposal(by=office.staff, at=moment(), proposal=second, mentor=None)
    actions.confirm_round(by=office.staff, at=moment(), round=row)
    request = MentorRequest.objects.open().get()
    assert (request.application, request.origin) == (waiting[0], "round")
    actions.accept_request(by=mentor.user, at=moment(), asked=request)
    assert Mentor.objects.get(pk=mentor.pk).taken == 1
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Round.objects.filter(pk=row.pk).update(state="discarded")


def test_a_line_that_is_no_longer_possible_says_why_and_the_others_go_on(office, waiting, mentor):
    row = actions.compute_round(by=office.staff, at=moment())
    mentoring.pair(office, mentoring.talent(office), mentor)  # takes one of the two places meanwhile
    actions.confirm_round(by=office.staff, at=moment(), round=row)
    outcomes = sorted(Proposal.objects.values_list("outcome", flat=True))
    assert outcomes == ["asked", "not_possible"]
    failed = Proposal.objects.get(outcome="not_possible")
    assert mentor.name in failed.note
    assert MentorRequest.objects.open().count() == 1


def test_whoever_declined_is_not_proposed_again(office, mentor):
    request = mentoring.asked(office, mentoring.talent(office), mentor)
    actions.decline_request(by=mentor.user, at=moment(), asked=request, reason="忙")
    row = actions.compute_round(by=office.staff, at=moment())
    assert [line.mentor for line in lines(row)] == [None]
