"""Who may do what: the buttons, the actions and the database say the same."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.casework import actions
from talentmap.casework.duties import allowed, can_decide, lineage, possible_handlers
from talentmap.casework.models import Transition
from talentmap.casework.states import Action, State
from tests.factories import casework as cases
from tests.factories.accounts import give, user_with
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
AFTER_NOTICE = moment(date(2026, 3, 12))


def test_buttons_by_person(people):
    application = cases.submitted(people.talent)
    assert allowed(people.talent, application) == ("withdraw",)
    assert allowed(people.cadre, application) == ("accept", "refuse", "return", "take")
    assert allowed(people.director, application) == ("accept", "refuse", "return", "reassign", "take")
    assert allowed(user_with(Role.TOWNSHIP_CADRE), application) == ()
    assert allowed(user_with(Role.COUNTY_LEADER), application) == ()
    assert allowed(cases.somebody(), application) == ()


def test_a_stage_belongs_to_who_holds_its_permission(people):
    application = cases.at_office(people)
    assert allowed(people.cadre, application) == ()
    assert allowed(people.staff, application) == ("return", "reject", "pass_stage", "take")
    assert allowed(people.director, application) == ("reassign",)


def test_a_cadre_of_another_township_decides_nothing(people):
    stranger = user_with(Role.TOWNSHIP_CADRE)
    with pytest.raises(PermissionDenied):
        actions.accept(by=stranger, at=moment(), application=cases.submitted(people.talent))


def test_nobody_reviews_two_stages(people):
    """The same person, now promoted to director, may neither see the button nor press it."""
    application = cases.at_director(people)
    give(people.staff, Role.OFFICE_DIRECTOR)
    assert "pass_stage" not in allowed(people.staff, application)
    with pytest.raises(PermissionDenied, match="second person"):
        actions.pass_stage(by=people.staff, at=moment(), application=application)


def test_the_second_reviewer_may_approve_an_earlier_one_may_not(people):
    application = cases.awaiting_decision(people)
    give(people.staff, Role.OFFICE_DIRECTOR)
    with pytest.raises(PermissionDenied):
        actions.approve(by=people.staff, at=AFTER_NOTICE, application=application)
    assert actions.approve(by=people.director, at=AFTER_NOTICE, application=application).state == State.APPROVED


def _record(application, by, action=Action.PASS_STAGE, stage="", source=State.IN_REVIEW, target=State.IN_REVIEW):
    with transaction.atomic():
        return Transition.objects.create(
            application=application,
            action=action,
            from_state=source,
            to_state=target,
            stage=stage,
            by=by,
            at=moment(),
        )


def test_the_database_refuses_two_stages_by_one_person(people):
    application = cases.accepted(people)
    _record(application, people.staff, stage="office")
    with pytest.raises(IntegrityError, match="talentmap_transition_separate_duties"):
        _record(application, people.staff, stage="director")
    _record(application, people.director, stage="director")
    with pytest.raises(IntegrityError, match="talentmap_transition_separate_duties"):
        _record(
            application,
            people.staff,
            Action.APPROVE,
            "director",
            State.AWAITING_DECISION,
            State.APPROVED,
        )


def test_nobody_decides_on_their_own_application(people):
    give(people.talent, Role.OFFICE_STAFF)
    application = cases.submitted(people.talent)
    assert "accept" not in allowed(people.talent, application)
    with pytest.raises(PermissionDenied, match="their own"):
        actions.accept(by=people.talent, at=moment(), application=application)
    with pytest.raises(IntegrityError, match="own application"):
        _record(application, people.talent, Action.ACCEPT, "", State.SUBMITTED, State.IN_REVIEW)


def test_a_stage_that_the_service_no_longer_has_is_decided_by_who_approves(people):
    application = cases.accepted(people)
    type(application).objects.filter(pk=application.pk).update(stage="abolished")
    application.refresh_from_db()
    assert "pass_stage" in allowed(people.director, application)
    passed = actions.pass_stage(by=people.director, at=moment(), application=application)
    assert passed.state == State.ON_NOTICE


def test_only_a_sweep_ends_a_notice(people):
    with pytest.raises(PermissionDenied):
        actions.end_notice(by=people.director, at=AFTER_NOTICE, application=cases.on_notice(people))


def test_whose_turn_it_is(people):
    application = cases.at_office(people)
    assert can_decide(people.staff, application)
    assert not can_decide(people.director, application)
    assert set(possible_handlers(application)) == {people.staff, people.staff2}
    at_director = actions.pass_stage(by=people.staff, at=moment(), application=application)
    give(people.staff, Role.OFFICE_DIRECTOR)
    assert set(possible_handlers(at_director)) == {people.director, people.director2}


def test_lineage():
    assert lineage("511525101003") == ["511525101003", "511525101000", "511525000000"]


def test_the_system_may_close_and_withdraw(people):
    application = cases.approved(people)
    assert "close" in allowed(User.objects.system(), application)
