"""A questionnaire, its published version, a campaign with one township, and responses to it."""

import hashlib
import uuid
from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from needs.surveys.campaigns.models import Campaign, CampaignTownship
from needs.surveys.questionnaires.models import Questionnaire, Version
from needs.surveys.responses.models import Response
from talentmap.accounts.permissions import Role
from tests.factories.accounts import TownshipFactory, UserFactory, user_with

CHINESE = "中文 (zh)"
DOCUMENT = {
    "settings": {"title": "人才需求调查", "form_id": "needs", "default_language": CHINESE},
    "languages": [CHINESE],
    "items": [
        {"kind": "question", "id": "age", "type": "integer", "name": "age", "label": {CHINESE: "年龄"}, "role": "age"},
        {
            "kind": "question",
            "id": "sex",
            "type": "select_one",
            "list": "sex",
            "name": "sex",
            "label": {CHINESE: "性别"},
            "role": "sex",
        },
        {
            "kind": "question",
            "id": "work",
            "type": "select_one",
            "list": "work",
            "name": "work",
            "label": {CHINESE: "职业"},
            "role": "occupation",
        },
        {"kind": "question", "id": "wish", "type": "text", "name": "wish", "label": {CHINESE: "最希望学什么"}},
    ],
    "choices": {
        "sex": [{"name": "male", "label": {CHINESE: "男"}}, {"name": "female", "label": {CHINESE: "女"}}],
        "work": [{"name": "farming", "label": {CHINESE: "务农"}}, {"name": "trade", "label": {CHINESE: "经商"}}],
    },
}


class QuestionnaireFactory(DjangoModelFactory):
    class Meta:
        model = Questionnaire

    title = factory.Sequence(lambda n: f"人才需求调查{n}")
    audience = Questionnaire.Audience.VILLAGERS
    made_at = factory.LazyFunction(timezone.now)
    made_by = factory.SubFactory(UserFactory)


class VersionFactory(DjangoModelFactory):
    """A published version; `published_at=None, published_by=None` makes a draft."""

    class Meta:
        model = Version

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    number = 1
    document = DOCUMENT
    compiled = factory.LazyFunction(dict)
    edited_at = factory.LazyFunction(timezone.now)
    edited_by = factory.SubFactory(UserFactory)
    published_at = factory.LazyFunction(timezone.now)
    published_by = factory.SelfAttribute("edited_by")


class CampaignFactory(DjangoModelFactory):
    """In the field this month, without townships: `campaign_in(township)` adds one."""

    class Meta:
        model = Campaign

    title = factory.Sequence(lambda n: f"2026年村民调查{n}")
    version = factory.SubFactory(VersionFactory)
    questionnaire = factory.SelfAttribute("version.questionnaire")
    state = Campaign.State.OPEN
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=7))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    made_at = factory.LazyFunction(timezone.now)
    made_by = factory.SubFactory(UserFactory)


def campaign_in(*townships, **fields):
    """A campaign in the field in these townships."""
    campaign = CampaignFactory(**fields)
    CampaignTownship.objects.bulk_create(CampaignTownship(campaign=campaign, region=region) for region in townships)
    return campaign


class ResponseFactory(DjangoModelFactory):
    """An interview of a farmer of 40 in a township of the campaign."""

    class Meta:
        model = Response

    uuid = factory.LazyFunction(uuid.uuid4)
    campaign = factory.SubFactory(CampaignFactory)
    version = factory.SelfAttribute("campaign.version")
    township = factory.SubFactory(TownshipFactory)
    channel = Response.Channel.INTERVIEW
    interviewer = factory.LazyAttribute(lambda row: user_with(Role.TOWNSHIP_CADRE, region=row.township))
    started_at = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=20))
    finished_at = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=5))
    received_at = factory.LazyFunction(timezone.now)
    answers = factory.LazyFunction(lambda: {"age": 40, "sex": "female", "work": "farming", "wish": "电商"})
    digest = factory.LazyAttribute(lambda row: hashlib.sha256(str(row.uuid).encode()).hexdigest())
    fingerprint = factory.SelfAttribute("digest")
    age_band = "35_44"
    sex = "female"
    occupation = "farming"
