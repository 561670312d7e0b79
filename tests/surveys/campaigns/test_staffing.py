"""Who may interview where, and what they are told."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from needs.surveys.campaigns import actions
from needs.surveys.campaigns.models import Campaign
from needs.surveys.campaigns.queries import fillable, places
from talentmap.accounts.permissions import Role
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories.accounts import TownshipFactory, VillageFactory, user_with
from tests.factories.surveys import campaign_in
from tests.factories.surveys_campaigns import assigned

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return user_with(Role.OFFICE_STAFF)


@pytest.fixture
def township():
    return TownshipFactory()


@pytest.fixture
def cadre(township):
    return user_with(Role.TOWNSHIP_CADRE, region=township)


def today():
    return timezone.localdate()


def assign(by, campaign, interviewer, region, **more):
    at = timezone.now()
    return actions.assign(by=by, at=at, campaign=campaign, interviewer=interviewer, region=region, **more)


def test_an_interviewer_is_told_where_and_until_when(staff, cadre, township):
    village = VillageFactory(parent=township)
    campaign = campaign_in(township)
    made = assign(staff, campaign, cadre, village, target=20)

    notice = Notice.objects.get(recipient=cadre)
    assert (notice.kind, notice.params["place"]) == ("survey_assigned", village.full_name)
    assert (made.target, made.ended_at) == (20, None)
    with pytest.raises(Refused):
        assign(staff, campaign, cadre, village)


def test_cadres_of_other_townships_and_foreign_places_are_refused(staff, cadre, township):
    stranger, elsewhere = user_with(Role.TOWNSHIP_CADRE), TownshipFactory()
    campaign = campaign_in(township)
    for interviewer, region in ((stranger, township), (cadre, elsewhere), (user_with(Role.COUNTY_LEADER), township)):
        with pytest.raises(Refused):
            assign(staff, campaign, interviewer, region)
    assert assign(staff, campaign, staff, township).interviewer == staff
    with pytest.raises(PermissionDenied):
        assign(cadre, campaign, cadre, township)


def test_every_cadre_of_each_township_is_assigned_once(staff, cadre, township):
    other = TownshipFactory()
    second = user_with(Role.TOWNSHIP_CADRE, region=other)
    user_with(Role.TOWNSHIP_CADRE, region=other, is_active=False)
    user_with(Role.TOWNSHIP_CADRE)
    campaign = campaign_in(township, other)
    at = timezone.now()

    assert actions.assign_cadres(by=staff, at=at, campaign=campaign) == 2
    assert actions.assign_cadres(by=staff, at=at, campaign=campaign) == 0
    pairs = set(campaign.assignments.values_list("interviewer", "region"))
    assert pairs == {(cadre.pk, township.pk), (second.pk, other.pk)}
    assert Notice.objects.filter(kind="survey_assigned").count() == 2


def test_an_assignment_ends_once_and_can_be_given_again(staff, cadre, township):
    campaign, at = campaign_in(township), timezone.now()
    made = assign(staff, campaign, cadre, township)
    actions.end_assignment(by=staff, at=at, assignment=made)
    with pytest.raises(Refused):
        actions.end_assignment(by=staff, at=at, assignment=made)
    assert Notice.objects.filter(recipient=cadre, kind="survey_assignment_ended").count() == 1
    assert assign(staff, campaign, cadre, township).pk != made.pk


def test_without_any_assignment_a_township_is_every_cadres(cadre, township):
    village, elsewhere = VillageFactory(parent=township), TownshipFactory()
    campaign, foreign = campaign_in(township, elsewhere), campaign_in(elsewhere)

    assert list(fillable(cadre, today())) == [campaign]
    assert list(places(cadre, campaign)) == [township, village]
    assert not places(cadre, foreign).exists()


def test_with_an_assignment_only_the_assigned_fill(cadre, township):
    first, second = (VillageFactory(parent=township) for _each in range(2))
    colleague = user_with(Role.TOWNSHIP_CADRE, region=township)
    campaign = campaign_in(township)
    assigned(campaign, colleague, first)

    assert not fillable(cadre, today()).exists()
    assert not places(cadre, campaign).exists()
    assert list(fillable(colleague, today())) == [campaign]
    assert set(places(colleague, campaign)) == {township, first}
    assigned(campaign, cadre, township)
    assert set(places(cadre, campaign)) == {township, first, second}


def test_an_ended_assignment_gives_nothing_and_takes_nothing(cadre, township):
    campaign = campaign_in(township)
    assigned(campaign, user_with(Role.TOWNSHIP_CADRE, region=township), township, ended_at=timezone.now())
    assert list(fillable(cadre, today())) == [campaign]


def test_who_moved_to_another_township_keeps_no_place_from_the_old_one(cadre, township):
    campaign = campaign_in(township)
    mover = user_with(Role.TOWNSHIP_CADRE)
    assigned(campaign, mover, township)

    assert not fillable(mover, today()).exists()
    assert not places(mover, campaign).exists()


def test_the_office_enters_for_every_township(staff, township):
    village, other = VillageFactory(parent=township), TownshipFactory()
    campaign = campaign_in(township, other)
    assigned(campaign, user_with(Role.TOWNSHIP_CADRE, region=township), township)

    assert list(fillable(staff, today())) == [campaign]
    assert set(places(staff, campaign)) == {township, village, other}


@pytest.mark.parametrize("role", [Role.COUNTY_LEADER, Role.TALENT, Role.ADMINISTRATOR, Role.BANK_OFFICER])
def test_others_fill_nothing(role, township):
    campaign, person = campaign_in(township), user_with(role)
    assert not fillable(person, today()).exists()
    assert not places(person, campaign).exists()


def test_only_what_takes_answers_today_is_filled(cadre, township):
    day = today()
    campaign_in(township, state=Campaign.State.DRAFT)
    campaign_in(township, state=Campaign.State.PAUSED)
    campaign_in(township, state=Campaign.State.CLOSED, closed_at=timezone.now())
    campaign_in(township, starts_on=day + timedelta(days=1))
    campaign_in(township, starts_on=day - timedelta(days=9), ends_on=day - timedelta(days=1))
    last = campaign_in(township, ends_on=day)

    assert list(fillable(cadre, day)) == [last]
