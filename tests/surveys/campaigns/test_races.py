"""Two people at the same campaign at the same moment."""

import pytest
from django.utils import timezone

from needs.surveys.campaigns import actions
from needs.surveys.campaigns.actions import common, reminding, running
from needs.surveys.campaigns.models import Campaign, Reminder
from talentmap.accounts.permissions import Role
from talentmap.audit.models import AuditEntry
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.surveys import campaign_in
from tests.factories.surveys_campaigns import quota
from tests.races import run_together, without

pytestmark = pytest.mark.django_db(transaction=True)
State = Campaign.State


def unlocked(campaign):
    """The negative control: what the lock would do without locking."""
    return Campaign.objects.get(pk=campaign.pk)


def opened_by_two():
    staff = [user_with(Role.OFFICE_STAFF) for _each in range(2)]
    campaign = campaign_in(TownshipFactory(), state=State.DRAFT)

    def go(index):
        return actions.change_state(by=staff[index], at=timezone.now(), campaign=campaign, step="open")

    outcomes = run_together(go, 2)
    return sum(isinstance(each, Campaign) for each in outcomes), sum(isinstance(each, Refused) for each in outcomes)


def test_of_two_who_open_at_once_the_second_is_told():
    for _round in range(5):
        assert opened_by_two() == (1, 1)


def test_without_the_lock_both_would_have_opened_it(monkeypatch):
    monkeypatch.setattr(running, "lock", unlocked)
    assert any(opened_by_two() == (2, 0) for _round in range(30))


def test_nothing_is_assigned_once_the_campaign_is_closed():
    """Either the assignments were there before the close, or they are refused: none is made after it."""
    for _round in range(5):
        staff, township = user_with(Role.OFFICE_STAFF), TownshipFactory()
        user_with(Role.TOWNSHIP_CADRE, region=township)
        campaign = campaign_in(township)

        def close(campaign=campaign, staff=staff):
            return actions.change_state(by=staff, at=timezone.now(), campaign=campaign, step="close")

        def assign(campaign=campaign, staff=staff):
            return actions.assign_cadres(by=staff, at=timezone.now(), campaign=campaign)

        closed, assigned = run_together(lambda index, calls=(close, assign): calls[index](), 2)
        assert isinstance(closed, Campaign)
        if isinstance(assigned, Refused):
            assert not campaign.assignments.exists()
        else:
            assert assigned == 1
            made = AuditEntry.objects.get(table_name="needs_assignment", row_id=str(campaign.assignments.get().pk))
            shut = AuditEntry.objects.get(action="needs.surveys.campaigns.change_state", row_id=str(campaign.pk))
            assert made.pk < shut.pk


def reminded_by_two():
    staff = [user_with(Role.OFFICE_STAFF) for _each in range(2)]
    township = TownshipFactory()
    user_with(Role.TOWNSHIP_CADRE, region=township)
    campaign = campaign_in(township)
    quota(campaign, township, 10)
    run_together(
        lambda index: actions.remind(by=staff[index], at=timezone.now(), campaign=campaign, region=township), 2
    )
    told = Notice.objects.filter(kind="survey_lagging", recipient__memberships__region=township).count()
    return Reminder.objects.filter(campaign=campaign).count(), told


def test_two_who_remind_at_once_remind_once():
    for _round in range(5):
        assert reminded_by_two() == (1, 1)


def test_without_lock_and_constraint_the_township_would_be_reminded_twice(monkeypatch):
    monkeypatch.setattr(reminding, "lock", unlocked)
    assert common.lock is not reminding.lock
    with without("needs_reminder", "needs_reminder_once_a_day"):
        assert any(reminded_by_two() == (2, 2) for _round in range(30))
