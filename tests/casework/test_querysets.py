"""Who sees which applications."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from talentmap.accounts.permissions import Permission, Role
from talentmap.casework import actions
from talentmap.casework.models import Application, Document, Transition
from tests.factories import casework as cases
from tests.factories.accounts import give, user_with
from tests.factories.casework import MONDAY, moment
from tests.factories.people import TalentFactory

pytestmark = pytest.mark.django_db


def seen(user):
    return set(Application.objects.visible_to(user))


def test_each_role_sees_its_own(people):
    application = cases.submitted(people.talent)
    for user in (people.talent, people.cadre, people.staff, people.director):
        assert seen(user) == {application}
    others = (Role.TALENT, Role.TOWNSHIP_CADRE, Role.COUNTY_LEADER, Role.BANK_OFFICER, Role.ADMINISTRATOR)
    for role in others:
        assert seen(user_with(role)) == set()
    assert seen(cases.somebody()) == seen(AnonymousUser()) == set()


def test_a_draft_is_its_owners_business(people):
    draft = cases.draft(people.talent)
    assert seen(people.talent) == {draft}
    assert seen(people.director) == set()


def test_what_one_entered_at_the_counter_one_sees(people):
    talent = TalentFactory(region=people.talent.talent.region)
    draft = actions.start_draft(by=people.cadre, at=moment(), scheme="sample", talent=talent)
    assert seen(people.cadre) == {draft}
    people.cadre.memberships.update(ended_at=timezone.now(), ended_by=people.director)
    people.cadre.forget_memberships()
    assert seen(people.cadre) == set()


def test_what_belongs_to_an_application_is_seen_with_it(people):
    cases.submitted(people.talent, cost=5000)
    stranger = user_with(Role.TOWNSHIP_CADRE)
    for model in (Document, Transition):
        assert model.objects.visible_to(people.staff).count() == 1
        assert model.objects.visible_to(stranger).count() == 0


def test_the_inbox_leaves_out_what_one_applied_for_elsewhere(people):
    application = cases.submitted(cases.talent_user(user_with(Role.TOWNSHIP_CADRE).active_memberships[0].region))
    applicant = application.applicant.user
    give(applicant, Role.TOWNSHIP_CADRE, region=people.talent.talent.region)
    assert seen(applicant) == {application}
    assert not Application.objects.in_reach(applicant)
    assert not Application.objects.in_reach(people.cadre, Permission.APPROVE)


def test_what_waits_for_whom(people):
    def waiting(user):
        return set(Application.objects.waiting_for(user))

    application = cases.submitted(people.talent)
    assert waiting(people.cadre) == waiting(people.staff) == {application}
    application = actions.accept(by=people.cadre, at=moment(), application=application)
    assert waiting(people.cadre) == {application}
    assert waiting(people.staff) == set()
    application = actions.pass_stage(by=people.cadre, at=moment(), application=application)
    give(people.cadre, Role.OFFICE_STAFF)
    assert waiting(people.cadre) == set()
    assert waiting(people.staff) == {application}
    application = actions.pass_stage(by=people.staff, at=moment(), application=application)
    assert waiting(people.director) == {application}
    give(people.talent, Role.OFFICE_DIRECTOR)
    assert waiting(people.talent) == set()


def test_due_dates_as_questions(people):
    application = cases.submitted(people.talent)
    due = application.accept_due_on
    assert not Application.objects.overdue(due)
    assert list(Application.objects.overdue(date(2026, 3, 10))) == [application]
    assert not Application.objects.on_public_notice(MONDAY)


def test_the_public_sees_a_notice_until_its_last_day(people):
    application = cases.on_notice(people)
    assert list(Application.objects.on_public_notice(application.notice_until)) == [application]
    assert not Application.objects.on_public_notice(date(2026, 3, 10))
