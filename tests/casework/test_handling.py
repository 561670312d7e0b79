"""Whose desk, and many at once."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from talentmap.accounts.permissions import Role
from talentmap.casework import actions
from talentmap.casework.models import Application, SavedFilter
from talentmap.casework.states import Action, State
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories import casework as cases
from tests.factories.accounts import user_with
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db


def test_the_director_gives_a_case_to_another_desk(people):
    application = cases.at_office(people)
    done = actions.reassign(by=people.director, at=moment(), application=application, to=people.staff2, reason="Ill")
    assert (done.handler, done.state, done.stage) == (people.staff2, State.IN_REVIEW, "office")
    assert done.transitions.filter(action=Action.REASSIGN, reason="Ill").exists()
    assert Notice.objects.filter(recipient=people.staff2, kind="case_assigned").count() == 1
    again = actions.reassign(by=people.director, at=moment(), application=done, to=people.staff2)
    assert again.version == done.version


def test_only_the_director_does_and_only_to_who_can_see_it(people):
    application = cases.at_office(people)
    with pytest.raises(PermissionDenied):
        actions.reassign(by=people.staff, at=moment(), application=application, to=people.staff2)
    for to in (user_with(Role.TOWNSHIP_CADRE), user_with(Role.COUNTY_LEADER), people.talent):
        with pytest.raises(Refused):
            actions.reassign(by=people.director, at=moment(), application=application, to=to)


def test_a_free_case_can_be_taken(people):
    application = cases.at_office(people)
    taken = actions.take(by=people.staff, at=moment(), application=application)
    assert taken.handler == people.staff
    with pytest.raises(Refused, match=str(people.staff)):
        actions.take(by=people.staff2, at=moment(), application=application)
    other = cases.at_office(cases.more_people(people))
    with pytest.raises(PermissionDenied):
        actions.take(by=people.cadre, at=moment(), application=other)


def versions(*applications):
    """What a list showed of them."""
    return {application.pk: application.version for application in applications}


def test_bulk_skips_what_is_not_possible_and_says_why(people):
    region = people.talent.talent.region
    ready = [cases.submitted(cases.talent_user(region)) for _ in range(2)]
    returned = cases.submitted(people.talent)
    returned = actions.return_for_correction(
        by=people.cadre, at=moment(), application=returned, items=[actions.Item("", "x")]
    )
    elsewhere = cases.submitted(cases.talent_user(user_with(Role.TOWNSHIP_CADRE).active_memberships[0].region))
    seen = versions(*ready, returned, elsewhere) | {10**9: 1}
    done = actions.decide_many(by=people.cadre, at=moment(), action="accept", seen=seen)
    assert [(d.application.pk, d.ok) for d in done] == [(ready[0].pk, True), (ready[1].pk, True), (returned.pk, False)]
    assert returned.number in done[2].reason
    assert Application.objects.filter(state=State.IN_REVIEW).count() == 2


def test_bulk_names_missing_rights_and_missing_money(people):
    short = cases.awaiting_decision(people, cost=20000)
    fine = cases.awaiting_decision(cases.more_people(people))
    at = moment(date(2026, 3, 12))
    done = actions.decide_many(by=people.director, at=at, action="approve", seen=versions(short, fine))
    assert [(d.ok, d.reason) for d in done] == [(False, "The fund lacks 1.00."), (True, "")]
    done = actions.decide_many(by=people.staff, at=at, action="approve", seen=versions(short))
    assert (done[0].ok, bool(done[0].reason)) == (False, True)


def test_bulk_is_for_a_few_actions_and_not_for_thousands(people):
    for action, count in (("reject", 1), ("nonsense", 1), ("accept", 1000)):
        with pytest.raises(Refused):
            actions.decide_many(by=people.cadre, at=moment(), action=action, seen=dict.fromkeys(range(count), 1))


def test_bulk_skips_what_has_changed_since_the_list_was_opened(people):
    corrected, fine = cases.submitted(people.talent), cases.somebody_elses(people)
    seen = versions(corrected, fine)
    items = [actions.Item("", "x")]
    actions.return_for_correction(by=people.cadre, at=moment(), application=corrected, items=items)
    actions.answer_item(by=people.talent, at=moment(), item=corrected.returnitems.get(), reply="y")
    actions.submit(by=people.talent, at=moment(), application=corrected)
    done = actions.decide_many(by=people.cadre, at=moment(), action="accept", seen=seen)
    assert [d.ok for d in done] == [False, True]
    assert "changed since you opened the list" in done[0].reason


def test_the_second_reviewer_is_told_and_nothing_is_overwritten(people):
    application = cases.at_office(people)
    seen = application.version
    actions.pass_stage(by=people.staff, at=moment(), application=application, expected_version=seen)
    with pytest.raises(Refused, match=str(people.staff)):
        actions.reject(by=people.staff2, at=moment(), application=application, reason="No.", expected_version=seen)
    assert Application.objects.get().stage == "director"


def test_saved_filters(people):
    saved = actions.save_filter(by=people.staff, at=moment(), name=" Mine ", query="handler=me")
    actions.save_filter(by=people.staff, at=moment(), name="Mine", query="handler=me&state=submitted")
    assert SavedFilter.objects.get().query == "handler=me&state=submitted"
    with pytest.raises(PermissionDenied):
        actions.delete_filter(by=people.staff2, at=moment(), saved=saved)
    with pytest.raises(Refused):
        actions.save_filter(by=people.staff, at=moment(), name=" ", query="")
    actions.delete_filter(by=people.staff, at=moment(), saved=saved)
    assert not SavedFilter.objects.exists()
