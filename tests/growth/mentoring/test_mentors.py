"""Becoming a mentor: applying, being invited, verified or not; the profile, a pause, leaving."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from growth.mentoring import actions
from growth.mentoring.models import Mentor
from talentmap.accounts.permissions import Permission
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories import mentoring
from tests.factories.accounts import UserFactory
from tests.factories.casework import moment
from tests.factories.people import OrganisationFactory

pytestmark = pytest.mark.django_db
VALUES = {"name": "何强", "mobile": "13990960001", "organisation": None, "organisation_name": "高县茶业",
          "capacity": 2, **mentoring.PROFILE}  # fmt: skip


def test_the_office_verifies_and_gives_the_role(office):
    row = mentoring.applied(office)
    assert Notice.objects.filter(recipient=office.staff, kind="mentoring_to_verify").exists()
    firm = OrganisationFactory(region=office.township)
    with pytest.raises(PermissionDenied):
        actions.verify_mentor(by=office.cadre, at=moment(), mentor=row, organisation=firm)
    done = actions.verify_mentor(by=office.staff, at=moment(), mentor=row, organisation=firm)
    user = done.user
    user.forget_memberships()
    assert user.may(Permission.MENTOR)
    assert Mentor.objects.public().get() == row
    with pytest.raises(Refused):
        actions.verify_mentor(by=office.staff, at=moment(), mentor=row, organisation=firm)


def test_who_is_not_accepted_is_told_why_and_may_apply_again(office):
    row = mentoring.applied(office)
    actions.refuse_mentor(by=office.staff, at=moment(), mentor=row, reason="单位无法核实")
    assert not Mentor.objects.public().exists()
    again = actions.apply_as_mentor(by=row.user, at=moment(), values={**VALUES, "region": office.township})
    assert (again.pk, again.state, again.decision_reason) == (row.pk, "applied", "")


def test_a_second_application_of_a_mentor_is_refused(office, mentor):
    with pytest.raises(Refused, match="already"):
        actions.apply_as_mentor(by=mentor.user, at=moment(), values={**VALUES, "region": office.township})


def test_an_invitation_becomes_theirs_once(office):
    invited = actions.invite_mentor(by=office.staff, at=moment(), name="何强", mobile="13990960001")
    user, other = UserFactory(), UserFactory()
    values = {**VALUES, "region": office.township}
    row = actions.apply_as_mentor(by=user, at=moment(), values=values, token=invited.invite_token)
    assert (row.pk, row.user, row.state) == (invited.pk, user, "applied")
    with pytest.raises(Refused, match="no longer valid"):
        actions.apply_as_mentor(by=other, at=moment(), values=values, token=invited.invite_token)


def test_an_invitation_ends_and_can_be_renewed(office):
    invited = actions.invite_mentor(by=office.staff, at=moment(), name="何强", mobile="13990960001")
    values = {**VALUES, "region": office.township}
    later = moment(date(2026, 4, 2))  # 30 days after 2 March is 1 April
    with pytest.raises(Refused, match="no longer valid"):
        actions.apply_as_mentor(by=UserFactory(), at=later, values=values, token=invited.invite_token)
    renewed = actions.renew_invitation(by=office.staff, at=later, mentor=invited)
    assert renewed.invite_token != invited.invite_token
    actions.apply_as_mentor(by=UserFactory(), at=later, values=values, token=renewed.invite_token)


def test_places_stay_within_the_tariff(office, mentor):
    with pytest.raises(Refused, match="at most 5"):
        actions.update_profile(by=mentor.user, at=moment(), mentor=mentor, values={"capacity": 6})
    assert actions.update_profile(by=mentor.user, at=moment(), mentor=mentor, values={"capacity": 5}).free == 5


def test_nobody_changes_the_profile_of_another(office, mentor):
    other = mentoring.mentor(office)
    with pytest.raises(PermissionDenied):
        actions.update_profile(by=other.user, at=moment(), mentor=mentor, values={"bio": "我"})
    changed = actions.update_profile(by=mentor.user, at=moment(), mentor=mentor, values={"bio": "新", "name": "别人"})
    assert (changed.bio, changed.name) == ("新", mentor.name)  # the name was verified


def test_a_pause_begins_and_ends_by_its_days(office, mentor):
    actions.pause_mentor(
        by=mentor.user, at=moment(), mentor=mentor, reason="出国", starts_on=date(2026, 3, 5), until=date(2026, 3, 9)
    )
    days = [date(2026, 3, day) for day in (4, 5, 9, 10)]
    assert [Mentor.objects.open_on(day).exists() for day in days] == [True, False, False, True]
    actions.resume_mentor(by=mentor.user, at=moment(), mentor=mentor)
    assert Mentor.objects.open_on(date(2026, 3, 6)).exists()


def test_whose_role_was_ended_is_asked_no_longer(office, mentor):
    from talentmap.accounts.actions_members import end_role

    end_role(by=office.staff, at=moment(), membership=mentor.user.memberships.get(), reason="调离")
    assert not Mentor.objects.open_on(date(2026, 3, 6)).exists()
    application = mentoring.passed(office, mentoring.talent(office))
    with pytest.raises(Refused, match="no longer has the role"):
        actions.propose_mentor(by=office.staff, at=moment(), application=application, mentor=mentor)


def test_the_office_takes_a_mentor_out_of_the_directory(client, office, mentor):
    client.force_login(office.staff)
    client.post(f"/growth/mentoring/office/mentors/{mentor.pk}/end/", {"reason": "调离本县"})
    mentor.refresh_from_db()
    assert (mentor.state, mentor.decision_reason) == ("left", "调离本县")


def test_leaving_waits_for_the_pairs_and_ends_the_role(office, mentor, pair):
    with pytest.raises(Refused, match="taken or promised"):
        actions.leave_mentoring(by=mentor.user, at=moment(), mentor=mentor, reason="退休")
    actions.end_pair(by=mentor.user, at=moment(), pair=pair, reason="mentor", note="退休")
    actions.leave_mentoring(by=mentor.user, at=moment(), mentor=mentor, reason="退休")
    user = Mentor.objects.get(pk=mentor.pk).user
    assert not user.may(Permission.MENTOR)
    assert not Mentor.objects.public().exists()
