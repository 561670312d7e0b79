"""What must never be is refused by the database, whoever writes it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from growth.mentoring.models import (
    Agreement,
    Assessment,
    Meeting,
    Mentor,
    MentoringApplication,
    MentorRequest,
    Milestone,
    Pair,
    Proposal,
    Round,
)
from tests.factories import mentoring
from tests.factories.casework import MONDAY, moment

pytestmark = pytest.mark.django_db


def refused(name, write):
    with pytest.raises(IntegrityError, match=f"growth_{name}"), transaction.atomic():
        write()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("mentor_within_capacity", {"taken": 3}),
        ("mentor_mobile_form", {"mobile": "12345"}),
        ("mentor_pause_stated", {"paused_from": MONDAY}),
        ("mentor_pause_order", {"paused_from": MONDAY, "pause_reason": "…", "paused_until": date(2026, 3, 1)}),
        ("mentor_decision_complete", {"decided_at": None}),
        ("mentor_verified_complete", {"organisation": None}),
        ("mentor_verified_complete", {"offers": []}),
        ("mentor_invited_or_theirs", {"state": "invited"}),
        ("mentor_invited_or_theirs", {"state": "withdrawn"}),
        ("mentor_bank_account_last4", {"bank_account": "62220000"}),
    ],
)
def test_mentors(mentor, name, values):
    refused(name, lambda: Mentor.objects.filter(pk=mentor.pk).update(**values))


def test_two_invitations_never_share_a_link(mentor):
    invited = {"state": "invited", "name": "赵", "invite_token": "t" * 43, "created_at": moment()}
    Mentor.objects.create(**invited)
    refused("mentor_invite_token_once", lambda: Mentor.objects.create(**invited))


def test_an_invitation_that_was_taken_back_has_no_link(office, mentor):
    gone = {
        "state": "withdrawn",
        "name": "赵",
        "created_at": moment(),
        "decided_at": moment(),
        "decided_by": mentor.user,
    }
    refused("mentor_withdrawn_without_link", lambda: Mentor.objects.create(**gone, invite_token="t" * 43))


def test_wishes_are_different_mentors(office, mentor):
    application = mentoring.submitted(mentoring.talent(office), mentor)
    detail = MentoringApplication.objects.filter(pk=application.pk)
    refused("mentoringapplication_wishes_differ", lambda: detail.update(third_wish=mentor))


def test_requests(office, mentor):
    row = mentoring.asked(office, mentoring.talent(office), mentor)
    requests = MentorRequest.objects.filter(pk=row.pk)
    refused("mentorrequest_answer_complete", lambda: requests.update(answered_at=moment(), answered_by=mentor.user))
    answered = {"state": "declined", "answered_at": moment(), "answered_by": mentor.user}
    refused("mentorrequest_declined_with_reason", lambda: requests.update(**answered))
    again = {name: getattr(row, name) for name in ("application", "mentor", "origin", "asked_at", "asked_by", "due_on")}
    refused("mentorrequest_one_open", lambda: MentorRequest.objects.create(**again))


def test_rounds(office, mentor):
    application = mentoring.passed(office, mentoring.talent(office))
    draft = {"computed_at": moment(), "computed_by": office.staff, "weights": {}, "places": {}}
    row = Round.objects.create(**draft)
    refused("round_one_draft", lambda: Round.objects.create(**draft))
    refused("round_decision_complete", lambda: Round.objects.filter(pk=row.pk).update(state="confirmed"))
    Proposal.objects.create(round=row, application=application)
    refused("proposal_one_each", lambda: Proposal.objects.create(round=row, application=application))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("pair_end_complete", {"state": "ended"}),
        ("pair_end_complete", {"ended_on": MONDAY}),
        ("pair_change_complete", {"change_asked_at": moment()}),
    ],
)
def test_pairs(pair, name, values):
    refused(name, lambda: Pair.objects.filter(pk=pair.pk).update(**values))


def test_a_pair_does_not_end_before_it_begins(office, pair):
    before = {"state": "ended", "ended_on": MONDAY - timedelta(days=1), "ended_by": office.staff, "end_reason": "other"}
    refused("pair_end_in_order", lambda: Pair.objects.filter(pk=pair.pk).update(**before))


def test_agreements_and_assessments(pair):
    agreement = mentoring.agreed(pair)
    again = {name: getattr(agreement, name) for name in ("pair", "starts_on", "aims", "content", "duties")}
    again |= {"weeks": 4, "drafted_by": pair.talent.user, "drafted_at": moment()}
    refused("agreement_one_a_term", lambda: Agreement.objects.create(**again))
    refused("agreement_weeks_positive", lambda: Agreement.objects.create(**{**again, "number": 2, "weeks": 0}))
    given = {"pair": pair, "agreement": agreement, "phase": "final", "side": "talent", "grade": "excellent",
             "comment": "…", "by": pair.talent.user, "at": moment()}  # fmt: skip
    Assessment.objects.create(**given)
    refused("assessment_once", lambda: Assessment.objects.create(**given))


def test_steps_and_meetings(pair):
    user = pair.talent.user
    step = Milestone.objects.create(pair=pair, title="开网店", due_on=MONDAY, added_by=user, added_at=moment())
    done = {"done_at": moment(), "done_by": user}
    refused("milestone_done_complete", lambda: Milestone.objects.filter(pk=step.pk).update(**done))
    held = mentoring.logged(pair, date(2026, 3, 10))
    meetings = Meeting.objects.filter(pk=held.pk)
    refused("meeting_log_complete", lambda: meetings.update(content=""))
    refused("meeting_minutes", lambda: meetings.update(minutes=4))
    refused("meeting_confirmed_by_the_other", lambda: meetings.update(state="confirmed"))
