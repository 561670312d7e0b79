"""An application's way through the office, step by step, with its dates."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F

from talentmap.accounts.models import User
from talentmap.casework import actions
from talentmap.casework.models import Application, Transition
from talentmap.casework.states import Action, State
from talentmap.casework.timelines import applicant_timeline
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.casework.sample import effects
from tests.factories import casework as cases
from tests.factories.casework import MONDAY, moment

pytestmark = pytest.mark.django_db


def test_the_whole_way(people):
    application = cases.submitted(people.talent)
    assert application.number == "YB-2026-000001"
    assert application.state == State.SUBMITTED
    assert application.due_on == application.accept_due_on == date(2026, 3, 9)

    application = actions.accept(by=people.cadre, at=moment(), application=application)
    assert (application.state, application.stage, application.handler) == (State.IN_REVIEW, "township", people.cadre)
    assert (application.promised_days, application.decide_due_on) == (20, date(2026, 3, 30))
    assert application.due_on == application.stage_due_on == date(2026, 3, 9)

    application = actions.pass_stage(by=people.cadre, at=moment(), application=application)
    assert (application.stage, application.handler) == ("office", None)
    application = actions.pass_stage(by=people.staff, at=moment(), application=application)
    application = actions.pass_stage(by=people.director, at=moment(), application=application)
    assert application.state == State.ON_NOTICE
    assert (application.notice_from, application.notice_until) == (MONDAY, date(2026, 3, 9))
    assert application.due_on is None

    application = actions.end_notice(by=User.objects.system(), at=moment(date(2026, 3, 12)), application=application)
    # 20 working days were left on the first day; they run on from the notice's last day, not from the sweep's.
    assert application.decide_due_on == date(2026, 4, 7)
    assert not application.is_paused

    application = actions.approve(by=people.director, at=moment(date(2026, 3, 13)), application=application)
    assert (application.state, application.decision_amount) == (State.APPROVED, Decimal("500.00"))
    assert effects(application) == 1
    application = actions.close(by=User.objects.system(), at=moment(date(2026, 3, 20)), application=application)
    assert application.state == State.CLOSED
    steps = Transition.objects.filter(application=application).values_list("action", "stage")
    assert list(steps) == [
        ("submit", ""),
        ("accept", ""),
        ("pass_stage", "township"),
        ("pass_stage", "office"),
        ("pass_stage", "director"),
        ("end_notice", "director"),
        ("approve", "director"),
        ("close", "director"),
    ]


def test_the_applicant_hears_of_what_concerns_them_only(people):
    cases.approved(people)
    told = Notice.objects.filter(recipient=people.talent).order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["case_submitted", "case_accepted", "case_on_notice", "case_approved"]


def test_a_rule_that_changes_moves_no_accepted_case(people):
    application = cases.accepted(people)
    cases.rules_in_force(on=MONDAY, decide=40, notice=7)
    application = actions.return_for_correction(
        by=people.cadre, at=moment(), application=application, items=[actions.Item("", "All of it")]
    )
    actions.answer_item(by=people.talent, at=moment(), item=application.returnitems.get(), reply="It is right.")
    application = actions.submit(by=people.talent, at=moment(), application=application)
    assert application.decide_due_on == date(2026, 3, 30)
    application = actions.pass_stage(by=people.cadre, at=moment(), application=application)
    application = actions.pass_stage(by=people.staff, at=moment(), application=application)
    application = actions.pass_stage(by=people.director, at=moment(), application=application)
    assert application.notice_until == date(2026, 3, 9)


def test_the_clock_stops_while_the_applicant_corrects(people):
    application = cases.accepted(people)
    later = MONDAY + timedelta(days=2)
    application = actions.return_for_correction(
        by=people.cadre, at=moment(later), application=application, items=[actions.Item("purpose", "More, please")]
    )
    assert application.due_on is None
    assert (application.remaining_days, application.stage_remaining_days) == (18, 3)
    actions.save_page(
        by=people.talent, at=moment(later), application=application, page="purpose", values={"purpose": "Green tea"}
    )
    application = actions.submit(by=people.talent, at=moment(date(2026, 3, 20)), application=application)
    assert application.state == State.IN_REVIEW
    assert (application.stage_due_on, application.decide_due_on) == (date(2026, 3, 25), date(2026, 4, 16))
    assert application.round == 2


def test_before_acceptance_the_time_to_accept_begins_anew(people):
    application = cases.submitted(people.talent)
    application = actions.return_for_correction(
        by=people.staff, at=moment(), application=application, items=[actions.Item("", "Too short")]
    )
    actions.answer_item(by=people.talent, at=moment(), item=application.returnitems.get(), reply="Now longer")
    application = actions.submit(by=people.talent, at=moment(date(2026, 3, 16)), application=application)
    assert application.state == State.SUBMITTED
    assert application.due_on == date(2026, 3, 23)


def test_a_service_without_public_notice_goes_straight_to_the_decision(people, monkeypatch):
    monkeypatch.setattr("tests.casework.sample.SampleScheme.public_notice", False)
    application = cases.on_notice(people)
    assert application.state == State.AWAITING_DECISION
    assert application.due_on == date(2026, 3, 30)


def test_an_approval_that_the_fund_cannot_bear_changes_nothing(people):
    application = cases.awaiting_decision(people, cost=Decimal(20000))
    told = Notice.objects.count()
    with pytest.raises(Refused, match=r"lacks 1\.00"):
        actions.approve(by=people.director, at=moment(date(2026, 3, 12)), application=application)
    fresh = Application.objects.get(pk=application.pk)
    assert (fresh.state, fresh.version, fresh.decided_at) == (State.AWAITING_DECISION, application.version, None)
    assert not fresh.transitions.filter(action=Action.APPROVE).exists()
    assert Notice.objects.count() == told


def test_conditions_are_judged_again_at_the_approval(people):
    application = cases.awaiting_decision(people)
    people.talent.talent.is_civil_servant = True
    people.talent.talent.save(update_fields=["is_civil_servant"])
    with pytest.raises(Refused, match="Civil servants are not eligible"):
        actions.approve(by=people.director, at=moment(date(2026, 3, 12)), application=application)


@pytest.mark.parametrize("make", [cases.draft, cases.submitted])
def test_the_applicant_withdraws(people, make):
    application = actions.withdraw(by=people.talent, at=moment(), application=make(people.talent))
    assert application.state == State.WITHDRAWN
    again = actions.start_draft(by=people.talent, at=moment(), scheme="sample", talent=people.talent.talent)
    assert again.pk != application.pk


def test_withdrawal_is_possible_until_the_decision_only(people):
    assert actions.withdraw(by=people.talent, at=moment(), application=cases.awaiting_decision(people)).is_open is False
    decided = cases.approved(people)
    with pytest.raises(Refused):
        actions.withdraw(by=people.talent, at=moment(), application=decided)


def test_staff_may_reject_while_the_applicant_corrects(people):
    application = cases.accepted(people)
    application = actions.return_for_correction(
        by=people.cadre, at=moment(), application=application, items=[actions.Item("", "x")]
    )
    application = actions.reject(by=people.cadre, at=moment(), application=application, reason="No answer in time.")
    assert (application.state, application.is_paused) == (State.REJECTED, False)
    other = cases.submitted(people.talent)
    other = actions.return_for_correction(
        by=people.cadre, at=moment(), application=other, items=[actions.Item("", "x")]
    )
    other = actions.refuse(by=people.cadre, at=moment(), application=other, reason="Not ours.")
    assert other.state == State.REFUSED


def returned(people, application, on):
    return actions.return_for_correction(
        by=people.cadre, at=moment(on), application=application, items=[actions.Item("", "x")]
    )


def decided_in_time():
    return Application.objects.filter(decided_at__date__lte=F("decide_due_on")).exists()


def test_rejected_while_the_applicant_corrects_is_in_time_however_long_they_took(people):
    """Accepted on 29 April it is due on 29 May; 18 of the 20 working days are left when it is returned."""
    application = returned(people, cases.accepted(people, at=moment(date(2026, 4, 29))), date(2026, 5, 6))
    application = actions.reject(by=people.cadre, at=moment(date(2026, 6, 15)), application=application, reason="No.")
    assert application.decide_due_on == date(2026, 7, 10)
    assert not application.is_paused
    assert decided_in_time()


def test_what_was_late_before_it_was_returned_stays_late(people):
    application = returned(people, cases.accepted(people, at=moment(date(2026, 4, 29))), date(2026, 6, 1))
    application = actions.reject(by=people.cadre, at=moment(date(2026, 6, 10)), application=application, reason="No.")
    assert application.decide_due_on == date(2026, 6, 9)
    assert not decided_in_time()


@pytest.mark.parametrize(
    ("decided_on", "due"),
    [
        (date(2026, 9, 22), date(2026, 10, 27)),  # in the middle of the notice, which runs until 24 September
        (date(2026, 9, 29), date(2026, 10, 29)),  # after its last day, before the sweep ended it
    ],
)
def test_rejected_on_public_notice_the_promised_time_ran_on_from_there(people, decided_on, due):
    application = cases.on_notice(people, at=moment(date(2026, 9, 18)))
    assert application.notice_until == date(2026, 9, 24)
    application = actions.reject(by=people.director, at=moment(decided_on), application=application, reason="Upheld.")
    assert application.decide_due_on == due
    assert decided_in_time()


def test_the_director_returns_a_case_before_the_decision_and_gets_it_back(people):
    """Due on 7 April; on 12 March 17 working days are left, which run on from 20 March (4 to 6 April are off)."""
    application, on = cases.awaiting_decision(people), date(2026, 3, 12)
    assert Action.RETURN not in actions.allowed(people.staff, application)
    application = actions.return_for_correction(
        by=people.director, at=moment(on), application=application, items=[actions.Item("purpose", "Say where")]
    )
    assert (application.state, application.remaining_days, application.handler) == (
        State.RETURNED,
        17,
        people.director,
    )
    actions.save_page(
        by=people.talent, at=moment(on), application=application, page="purpose", values={"purpose": "Green tea"}
    )
    application = actions.submit(by=people.talent, at=moment(date(2026, 3, 20)), application=application)
    assert (application.state, application.due_on) == (State.AWAITING_DECISION, date(2026, 4, 15))
    assert application.stage_due_on is None
    assert not application.is_paused
    approved = actions.approve(by=people.director, at=moment(date(2026, 3, 23)), application=application)
    assert approved.state == State.APPROVED


def test_after_the_notice_a_correction_leads_to_the_decision_alone(people):
    application = actions.return_for_correction(
        by=people.director,
        at=moment(date(2026, 3, 12)),
        application=cases.awaiting_decision(people),
        items=[actions.Item("", "x")],
    )
    ahead = [str(entry.title) for entry in applicant_timeline(application) if entry.at is None]
    assert ahead == ["Correct and send again", "Decision"]


def test_what_was_accepted_is_rejected_by_its_stage_never_refused(people):
    """A refusal is no review decision: it would let the first reviewer end what is at the second's stage."""
    application = returned(people, cases.accepted(people), MONDAY)
    for person in (people.cadre, people.staff, people.director):
        assert Action.REFUSE not in actions.allowed(person, application)
    with pytest.raises(Refused, match="not possible"):
        actions.refuse(by=people.cadre, at=moment(), application=application, reason="Not ours.")
    application.refresh_from_db()
    assert application.state == State.RETURNED
    before = returned(people, cases.somebody_elses(people), MONDAY)
    assert Action.REFUSE in actions.allowed(people.cadre, before)


@pytest.mark.parametrize("decide", [actions.refuse, actions.reject])
def test_no_refusal_without_a_reason(people, decide):
    application = cases.submitted(people.talent) if decide is actions.refuse else cases.accepted(people)
    with pytest.raises(Refused):
        decide(by=people.cadre, at=moment(), application=application, reason="  ")


def test_a_revocation_names_its_reason_and_leaves_the_case_readable(people):
    application = cases.approved(people)
    application = actions.revoke(by=people.director, at=moment(), application=application, reason="False documents.")
    assert application.state == State.REVOKED
    with pytest.raises(PermissionDenied):
        actions.revoke(by=people.staff, at=moment(), application=cases.approved(people), reason="x")


def test_what_is_not_possible_is_refused_with_the_state(people):
    application = cases.submitted(people.talent)
    with pytest.raises(Refused, match=application.number):
        actions.approve(by=people.director, at=moment(), application=application)
    with pytest.raises(Refused):
        actions.end_notice(by=User.objects.system(), at=moment(), application=application)


def test_a_notice_does_not_end_early(people):
    application = cases.on_notice(people)
    with pytest.raises(Refused):
        actions.end_notice(by=User.objects.system(), at=moment(application.notice_until), application=application)
