"""A questionnaire that runs, a campaign to fill it in, and what a device sends."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from needs.surveys import engine
from needs.surveys.campaigns.models import Campaign, PublicLink
from needs.surveys.filling import wire
from needs.surveys.filling.versions import runnable
from talentmap.accounts.permissions import Role
from tests.factories.accounts import TownshipFactory, VillageFactory, user_with
from tests.factories.surveys import CHINESE, DOCUMENT, VersionFactory, campaign_in

ENGLISH = "English (en)"
ANSWERS = {"age": 40, "sex": "female", "work": "farming", "wish": "电商"}


def question(kind: str, name: str, label: str = "", **more: Any) -> dict[str, Any]:
    return {"kind": "question", "id": name, "type": kind, "name": name, "label": {CHINESE: label or name}, **more}


def document(*items: Any, choices: Any = None, **settings: Any) -> dict[str, Any]:
    return {
        "settings": {"title": "调查", "form_id": "survey", "default_language": CHINESE, **settings},
        "languages": [CHINESE],
        "items": list(items),
        "choices": choices or {},
    }


PERSONAL = document(
    question("text", "name", "姓名", personal=True, required="yes"),
    question("integer", "age", "年龄", role="age", constraint=". >= 16", constraint_message={CHINESE: "须满16岁"}),
    {
        "kind": "repeat",
        "id": "member",
        "name": "member",
        "label": {CHINESE: "家庭成员"},
        "items": [question("text", "member_name", "姓名", personal=True), question("integer", "member_age", "年龄")],
    },
    question("geopoint", "place", "位置"),
    question("image", "photo", "照片"),
)


def version(found: dict[str, Any] | None = None, **fields: Any) -> Any:
    """A published version that runs."""
    made = found or DOCUMENT
    return VersionFactory(document=made, compiled=engine.compile(made).to_json(), **fields)


class Field:
    """A township with a village, its cadre, and a campaign in the field there."""

    def __init__(self, found: dict[str, Any] | None = None, **fields: Any) -> None:
        runnable.cache_clear()
        self.township: Any = TownshipFactory(name="庆符镇")
        self.village: Any = VillageFactory(parent=self.township)
        self.cadre: Any = user_with(Role.TOWNSHIP_CADRE, region=self.township)
        self.version = version(found)
        self.campaign: Any = campaign_in(self.township, version=self.version, **fields)

    def payload(self, **fields: Any) -> dict[str, Any]:
        now = timezone.now()
        return {
            "uuid": str(uuid.uuid4()),
            "campaign": self.campaign.pk,
            "version": self.version.pk,
            "township": self.township.pk,
            "village": None,
            "device": "phone-1",
            "started_at": (now - timedelta(minutes=20)).isoformat(),
            "finished_at": (now - timedelta(minutes=5)).isoformat(),
            "language": CHINESE,
            "username": self.cadre.username,
            "answers": dict(ANSWERS),
            **fields,
        }

    def sent(self, **fields: Any) -> wire.Sent:
        return wire.sent(self.payload(**fields))

    def link(self, **fields: Any) -> PublicLink:
        made = {"campaign": self.campaign, "region": self.township, "token": uuid.uuid4().hex, "one_each": "any"}
        return PublicLink.objects.create(**{**made, "made_at": timezone.now(), "made_by": self.cadre, **fields})

    def set_state(self, state: str) -> None:
        at = timezone.now() if state == Campaign.State.CLOSED else None
        Campaign.objects.filter(pk=self.campaign.pk).update(state=state, closed_at=at)
