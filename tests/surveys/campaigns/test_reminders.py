"""Townships that lag are told, once a day by hand and once a week by themselves."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from needs.surveys.campaigns import actions
from needs.surveys.campaigns.models import Campaign, Reminder
from needs.surveys.campaigns.tasks import remind_all
from talentmap.accounts.permissions import Role
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories.accounts import TownshipFactory, VillageFactory, user_with
from tests.factories.surveys import campaign_in
from tests.factories.surveys_campaigns import assigned, counted, quota

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return user_with(Role.OFFICE_STAFF)


def half_gone(*townships, **fields):
    """Ten of twenty days are over."""
    first = timezone.localdate() - timedelta(days=10)
    return campaign_in(*townships, starts_on=first, ends_on=first + timedelta(days=19), **fields)


def remind(by, campaign, region):
    return actions.remind(by=by, at=timezone.now(), campaign=campaign, region=region)


def test_cadres_and_the_assigned_are_told_how_many_answers_are_missing(staff):
    township = TownshipFactory()
    cadre = user_with(Role.TOWNSHIP_CADRE, region=township)
    helper = user_with(Role.OFFICE_STAFF)
    campaign = half_gone(township)
    assigned(campaign, helper, VillageFactory(parent=township))
    assigned(campaign, user_with(Role.OFFICE_STAFF), township, ended_at=timezone.now())
    quota(campaign, township, 40, "35_44", "farming")
    counted(campaign, township, 7)
    counted(campaign, township, 3, state="pending")
    counted(campaign, township, 5, state="rejected")
    reminder = remind(staff, campaign, township)

    assert (reminder.target, reminder.done) == (40, 10)
    told = Notice.objects.filter(kind="survey_lagging")
    assert {notice.recipient for notice in told} == {cadre, helper}
    assert {notice.params["count"] for notice in told} == {30}


def test_twice_a_day_is_once(staff):
    township = TownshipFactory()
    user_with(Role.TOWNSHIP_CADRE, region=township)
    campaign = half_gone(township)
    quota(campaign, township, 10)
    remind(staff, campaign, township)
    with pytest.raises(Refused, match=r"today|今天"):
        remind(staff, campaign, township)
    assert Notice.objects.filter(kind="survey_lagging").count() == 1


def test_who_may_not_and_what_need_not_be_reminded(staff):
    township, foreign = TownshipFactory(), TownshipFactory()
    cadre = user_with(Role.TOWNSHIP_CADRE, region=township)
    user_with(Role.TOWNSHIP_CADRE, region=foreign)
    campaign, paused = half_gone(township), half_gone(township, state=Campaign.State.PAUSED)
    for each in (campaign, paused):
        quota(each, township, 5, "35_44", "farming")
    with pytest.raises(PermissionDenied):
        remind(cadre, campaign, township)
    for each, region in ((paused, township), (campaign, foreign)):
        with pytest.raises(Refused):
            remind(staff, each, region)
    counted(campaign, township, 5)
    with pytest.raises(Refused, match=r"collected|收齐"):
        remind(staff, campaign, township)
    assert not Reminder.objects.exists()


def test_a_township_without_anybody_is_not_marked_as_reminded(staff):
    township = TownshipFactory()
    campaign = half_gone(township)
    quota(campaign, township, 5)
    with pytest.raises(Refused):
        remind(staff, campaign, township)
    assert not Reminder.objects.exists()


def test_the_task_reminds_who_lags_and_nobody_else_once_a_week():
    lagging, in_time, empty, nobody = (TownshipFactory() for _each in range(4))
    for region in (lagging, in_time, empty):
        user_with(Role.TOWNSHIP_CADRE, region=region)
    campaign = half_gone(lagging, in_time, empty, nobody)
    for region in (lagging, in_time, nobody):
        quota(campaign, region, 20, "35_44", "farming")
    counted(campaign, in_time, 8)  # ten are expected, two behind are a tenth
    closed = half_gone(lagging, state=Campaign.State.CLOSED, closed_at=timezone.now())
    quota(closed, lagging, 20)
    at = timezone.now()

    assert remind_all(at=at) == 1
    assert [row.region for row in Reminder.objects.all()] == [lagging]
    assert remind_all(at=at) == 0
    assert remind_all(at=at + timedelta(days=6)) == 1  # by then the other one lags, too
    assert {row.region for row in Reminder.objects.all()} == {lagging, in_time}
    assert remind_all(at=at + timedelta(days=7)) == 1
    assert Reminder.objects.filter(region=lagging).count() == 2
