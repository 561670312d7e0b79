"""Making campaigns, taking them through their states, and what is refused on the way."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from needs.surveys.campaigns import actions
from needs.surveys.campaigns.models import Campaign, CampaignTownship, InvitationCode, PublicLink, Quota, Reminder
from needs.surveys.campaigns.states import STEPS
from talentmap.accounts.permissions import Role
from talentmap.audit.models import AuditEntry
from talentmap.ui.errors import Refused
from tests.factories.accounts import CountyFactory, TownshipFactory, VillageFactory, user_with
from tests.factories.surveys import CampaignFactory, QuestionnaireFactory, ResponseFactory, VersionFactory, campaign_in
from tests.factories.surveys_campaigns import assigned, link_of, quota

pytestmark = pytest.mark.django_db
State = Campaign.State
TODAY = timezone.localdate


@pytest.fixture
def staff():
    return user_with(Role.OFFICE_STAFF)


@pytest.fixture
def director():
    return user_with(Role.OFFICE_DIRECTOR)


def step(by, campaign, code, **more):
    return actions.change_state(by=by, at=timezone.now(), campaign=campaign, step=code, **more)


def test_a_campaign_goes_through_its_states(staff, director):
    campaign = campaign_in(TownshipFactory(), state=State.DRAFT)

    assert step(staff, campaign, "open").state == State.OPEN
    assert step(staff, campaign, "pause").state == State.PAUSED
    assert step(staff, campaign, "resume").state == State.OPEN
    assert step(staff, campaign, "close").closed_at is not None
    assert step(director, campaign, "reopen", reason="补录两个村").closed_at is None


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("code", STEPS)
def test_a_step_that_the_table_does_not_have_is_refused(state, code, director):
    closed_at = timezone.now() if state == State.CLOSED else None
    campaign = campaign_in(TownshipFactory(), state=state, closed_at=closed_at)
    if state in STEPS[code].before:
        assert step(director, campaign, code, reason="有据").state == STEPS[code].after
    else:
        with pytest.raises(Refused, match=r"by now|现为"):
            step(director, campaign, code, reason="有据")
        campaign.refresh_from_db()
        assert campaign.state == state


def test_only_the_director_opens_a_closed_campaign_again_and_says_why(staff, director):
    campaign = campaign_in(TownshipFactory(), state=State.CLOSED, closed_at=timezone.now())

    with pytest.raises(PermissionDenied):
        step(staff, campaign, "reopen", reason="补录")
    with pytest.raises(Refused):
        step(director, campaign, "reopen", reason="  ")
    step(director, campaign, "reopen", reason="补录两个村")
    assert AuditEntry.objects.filter(action="needs.surveys.campaigns.change_state", reason="补录两个村").exists()


@pytest.mark.parametrize("role", [Role.TOWNSHIP_CADRE, Role.COUNTY_LEADER, Role.TALENT, Role.ADMINISTRATOR])
def test_others_do_not_run_campaigns(role):
    campaign = campaign_in(TownshipFactory(), state=State.DRAFT)
    with pytest.raises(PermissionDenied):
        step(user_with(role), campaign, "open")


def test_a_campaign_without_townships_or_time_cannot_be_opened(staff):
    today = TODAY()
    with pytest.raises(Refused, match=r"township|乡镇"):
        step(staff, CampaignFactory(state=State.DRAFT), "open")
    over = campaign_in(
        TownshipFactory(), state=State.DRAFT, starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1)
    )
    with pytest.raises(Refused, match=r"last day|截止日"):
        step(staff, over, "open")


def test_a_closed_campaign_whose_time_is_over_is_opened_again_with_a_new_last_day(director):
    today = TODAY()
    campaign = campaign_in(
        TownshipFactory(),
        state=State.CLOSED,
        closed_at=timezone.now(),
        starts_on=today - timedelta(days=30),
        ends_on=today - timedelta(days=1),
    )
    with pytest.raises(Refused):
        step(director, campaign, "reopen", reason="补录")
    assert step(director, campaign, "reopen", reason="补录", ends_on=today + timedelta(days=5)).takes_answers(today)


def made(by, townships, **changes):
    values = {
        "title": "2026年村民人才需求调查",
        "version": VersionFactory(),
        "starts_on": TODAY(),
        "ends_on": TODAY() + timedelta(days=20),
        "shortest_minutes": Decimal(3),
        "townships": townships,
        **changes,
    }
    return actions.make_campaign(by=by, at=timezone.now(), **values)


def test_a_campaign_is_made_as_a_draft(staff):
    township = TownshipFactory()
    campaign = made(staff, [township])

    assert (campaign.state, campaign.made_by) == (State.DRAFT, staff)
    assert [row.region for row in campaign.townships.all()] == [township]


def test_only_published_versions_of_questionnaires_in_use_go_into_the_field(staff):
    draft = VersionFactory(published_at=None, published_by=None)
    archived = VersionFactory(questionnaire=QuestionnaireFactory(archived_at=timezone.now()))
    for version in (draft, archived):
        with pytest.raises(Refused):
            made(staff, [], version=version)


def test_a_county_or_a_village_does_not_take_part(staff):
    for region in (CountyFactory(), VillageFactory()):
        with pytest.raises(Refused):
            made(staff, [region])


def test_a_period_is_in_order_and_at_most_two_years(staff):
    with pytest.raises(Refused):
        made(staff, [], ends_on=TODAY() - timedelta(days=1))
    with pytest.raises(Refused):
        made(staff, [], ends_on=TODAY() + timedelta(days=733))


def edited(by, campaign, townships, **changes):
    values = {"title": "改名", "shortest_minutes": Decimal(5), **changes}
    return actions.edit_campaign(by=by, at=timezone.now(), campaign=campaign, townships=townships, **values)


def test_questionnaire_and_period_change_while_it_is_prepared_only(staff):
    draft, running = campaign_in(TownshipFactory(), state=State.DRAFT), campaign_in(TownshipFactory())
    version, ends_on = VersionFactory(), TODAY() + timedelta(days=60)
    for campaign in (draft, running):
        edited(staff, campaign, [row.region for row in campaign.townships.all()], version=version, ends_on=ends_on)
        campaign.refresh_from_db()

    assert (draft.version, draft.questionnaire, draft.ends_on) == (version, version.questionnaire, ends_on)
    assert running.version != version
    assert running.ends_on != ends_on
    assert running.title == "改名"


def test_a_township_taken_out_loses_its_quotas_and_assignments(staff):
    stays, goes = TownshipFactory(), TownshipFactory()
    campaign = campaign_in(stays, goes)
    quota(campaign, stays, 3)
    quota(campaign, goes, 4)
    assigned(campaign, user_with(Role.TOWNSHIP_CADRE, region=goes), VillageFactory(parent=goes))
    edited(staff, campaign, [stays])

    assert [row.region for row in campaign.townships.all()] == [stays]
    assert [row.region for row in campaign.quotas.all()] == [stays]
    assert not campaign.assignments.exists()


def test_a_township_with_answers_is_not_taken_out(staff):
    township = TownshipFactory()
    campaign = campaign_in(township)
    ResponseFactory(campaign=campaign, township=township)
    with pytest.raises(Refused, match=township.name):
        edited(staff, campaign, [])
    assert campaign.townships.count() == 1


def test_a_closed_campaign_is_not_changed(staff):
    township = TownshipFactory()
    campaign = campaign_in(township, state=State.CLOSED, closed_at=timezone.now())
    at, link = timezone.now(), link_of(campaign)
    calls = (
        lambda: edited(staff, campaign, [township]),
        lambda: actions.change_last_day(by=staff, at=at, campaign=campaign, ends_on=TODAY()),
        lambda: actions.change_version(by=staff, at=at, campaign=campaign, version=campaign.version),
        lambda: actions.set_quotas(by=staff, at=at, campaign=campaign, targets={}, townships=[]),
        lambda: actions.assign_cadres(by=staff, at=at, campaign=campaign),
        lambda: actions.make_link(by=staff, at=at, campaign=campaign, region=None, one_each="any", per_hour=1),
        lambda: actions.close_link(by=staff, at=at, link=link),
    )
    for call in calls:
        with pytest.raises(Refused):
            call()


def test_the_last_day_moves_both_ways_but_not_into_the_past(staff):
    campaign, at = campaign_in(TownshipFactory()), timezone.now()
    for days in (60, 0):
        ends_on = TODAY() + timedelta(days=days)
        assert actions.change_last_day(by=staff, at=at, campaign=campaign, ends_on=ends_on).ends_on == ends_on
    with pytest.raises(Refused):
        actions.change_last_day(by=staff, at=at, campaign=campaign, ends_on=TODAY() - timedelta(days=1))


def test_a_running_campaign_goes_on_with_a_newer_version_of_its_questionnaire(staff):
    campaign, at = campaign_in(TownshipFactory()), timezone.now()
    newer = VersionFactory(questionnaire=campaign.questionnaire, number=2)
    assert actions.change_version(by=staff, at=at, campaign=campaign, version=newer).version == newer
    for other in (VersionFactory(), VersionFactory(questionnaire=campaign.questionnaire, number=3, published_at=None,
                                                   published_by=None)):  # fmt: skip
        with pytest.raises(Refused):
            actions.change_version(by=staff, at=at, campaign=campaign, version=other)


# quotas --------------------------------------------------------------------------------------------------


def set_to(by, campaign, targets, townships, **more):
    at = timezone.now()
    return actions.set_quotas(by=by, at=at, campaign=campaign, targets=targets, townships=townships, **more)


def test_quotas_of_a_township_are_replaced_and_others_stay(staff):
    here, there = TownshipFactory(), TownshipFactory()
    campaign = campaign_in(here, there)
    for region in (here, there):
        quota(campaign, region, 9, "lt25", "farming")
    set_to(staff, campaign, {(here.pk, "ge55", "farming"): 4, (here.pk, "ge55", ""): 0}, [here.pk])

    found = set(campaign.quotas.values_list("region", "age_band", "occupation", "target"))
    assert found == {(here.pk, "ge55", "farming", 4), (there.pk, "lt25", "farming", 9)}


def test_only_what_changed_is_written(staff):
    township = TownshipFactory()
    campaign = campaign_in(township)
    same, other = quota(campaign, township, 3, "lt25"), quota(campaign, township, 3, "ge55")
    set_to(staff, campaign, {(township.pk, "lt25", ""): 3, (township.pk, "ge55", ""): 5}, [township.pk])

    changes = AuditEntry.objects.filter(table_name=Quota._meta.db_table, operation="update")
    assert [int(each.row_id) for each in changes] == [other.pk]
    assert Quota.objects.filter(pk=same.pk).exists()


def test_two_people_who_edit_the_same_quotas_do_not_overwrite_each_other(staff):
    township = TownshipFactory()
    campaign = campaign_in(township)
    from needs.surveys.campaigns.rules import fingerprint

    seen = fingerprint({})
    set_to(staff, campaign, {(township.pk, "lt25", ""): 3}, [township.pk], seen=seen)
    with pytest.raises(Refused, match=r"Somebody else|其他人"):
        set_to(staff, campaign, {(township.pk, "ge55", ""): 3}, [township.pk], seen=seen)


@pytest.mark.parametrize(
    ("band", "work", "target"), [("30_40", "", 1), ("", "x" * 61, 1), ("", "", -1), ("", "", 100_001)]
)
def test_absurd_quotas_are_refused(staff, band, work, target):
    township = TownshipFactory()
    with pytest.raises(Refused):
        set_to(staff, campaign_in(township), {(township.pk, band, work): target}, [township.pk])


def test_quotas_of_a_township_that_does_not_take_part_are_refused(staff):
    campaign, foreign = campaign_in(TownshipFactory()), TownshipFactory()
    with pytest.raises(Refused):
        set_to(staff, campaign, {(foreign.pk, "", ""): 1}, [foreign.pk])


def test_quotas_are_copied_as_far_as_they_fit(staff):
    both, only_there = TownshipFactory(), TownshipFactory()
    source, campaign = campaign_in(both, only_there), campaign_in(both)
    quota(source, both, 4, "lt25", "farming")
    quota(source, both, 5, "lt25", "mining")
    quota(source, only_there, 6, "lt25", "farming")
    quota(campaign, both, 1, "ge55", "trade")
    copied = actions.copy_quotas(
        by=staff, at=timezone.now(), campaign=campaign, source=source, occupations=["farming", "trade"]
    )

    assert (copied.quotas, copied.left_out) == (1, 2)
    assert list(campaign.quotas.values_list("age_band", "occupation", "target")) == [("lt25", "farming", 4)]


# links ---------------------------------------------------------------------------------------------------


def linked(by, campaign, region=None, one_each="device"):
    at = timezone.now()
    return actions.make_link(by=by, at=at, campaign=campaign, region=region, one_each=one_each, per_hour=30)


def test_links_cannot_be_guessed_and_belong_to_the_campaigns_townships(staff):
    township = TownshipFactory()
    campaign = campaign_in(township)
    tokens = {linked(staff, campaign, township).token for _each in range(20)}

    assert len(tokens) == 20
    assert all(len(token) == 16 for token in tokens)
    with pytest.raises(Refused):
        linked(staff, campaign, TownshipFactory())


def test_a_link_is_closed_and_opened_again_once_each(staff):
    link, at = linked(staff, campaign_in(TownshipFactory())), timezone.now()
    actions.close_link(by=staff, at=at, link=link)
    with pytest.raises(Refused):
        actions.close_link(by=staff, at=at, link=link)
    assert actions.reopen_link(by=staff, at=at, link=link).closed_at is None
    with pytest.raises(Refused):
        actions.reopen_link(by=staff, at=at, link=link)


def test_of_invitation_codes_only_digests_are_kept(staff):
    from needs.surveys.campaigns.codes import digest_of, find_code

    link = linked(staff, campaign_in(TownshipFactory()), one_each="invitation")
    codes = actions.make_codes(by=staff, at=timezone.now(), link=link, count=30)

    assert len(set(codes)) == 30
    kept = set(InvitationCode.objects.values_list("digest", flat=True))
    assert kept == {digest_of(link, code) for code in codes}
    assert not any(code in digest or code.replace("-", "") in digest for code in codes for digest in kept)
    assert find_code(link, f" {codes[0].lower().replace('-', ' ')} ") is not None
    assert find_code(linked(staff, link.campaign, one_each="invitation"), codes[0]) is None
    assert find_code(link, "") is None


def test_codes_are_made_for_links_that_ask_for_them_and_not_without_end(staff):
    plain, at = linked(staff, campaign_in(TownshipFactory())), timezone.now()
    asking = linked(staff, plain.campaign, one_each="invitation")
    for link, count in ((plain, 5), (asking, 0), (asking, 2001)):
        with pytest.raises(Refused):
            actions.make_codes(by=staff, at=at, link=link, count=count)


# constraints ---------------------------------------------------------------------------------------------


def test_the_database_refuses_what_must_never_be():
    township = TownshipFactory()
    campaign = campaign_in(township)
    person, today = user_with(Role.OFFICE_STAFF), TODAY()
    quota(campaign, township, 1)
    assigned(campaign, person, township)
    link = link_of(campaign)
    InvitationCode.objects.create(link=link, digest="d", made_at=timezone.now())
    reminder = {"campaign": campaign, "region": township, "sent_on": today, "sent_by": person, "target": 1, "done": 0}
    Reminder.objects.create(**reminder)
    wrong = {
        "needs_campaign_period_order": lambda: CampaignFactory(starts_on=today, ends_on=today - timedelta(days=1)),
        "needs_campaign_closed_dated": lambda: CampaignFactory(state=State.CLOSED),
        "needs_campaign_duration_not_negative": lambda: CampaignFactory(shortest_minutes=Decimal(-1)),
        "needs_campaigntownship_once": lambda: CampaignTownship.objects.create(campaign=campaign, region=township),
        "needs_quota_cell_unique": lambda: quota(campaign, township, 2),
        "needs_assignment_once": lambda: assigned(campaign, person, township),
        "needs_invitationcode_unique": lambda: InvitationCode.objects.create(
            link=link, digest="d", made_at=timezone.now()
        ),
        "needs_reminder_once_a_day": lambda: Reminder.objects.create(**reminder),
        "needs_publiclink_token": lambda: PublicLink.objects.create(
            campaign=campaign, token=link.token, made_at=timezone.now(), made_by=person
        ),
    }
    for name, violate in wrong.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            violate()
