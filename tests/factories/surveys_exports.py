"""Exports, tokens and webhooks, and a questionnaire in two versions with all kinds of answers."""

import json
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from needs.surveys.api import actions as api_actions
from needs.surveys.api.models import Webhook, WebhookDelivery
from needs.surveys.exports import actions, making
from needs.surveys.exports.models import ExportJob
from needs.surveys.exports.options import Options
from needs.surveys.exports.queries import layout_of, versions_of
from needs.surveys.exports.selecting import TITLES
from talentmap.accounts.permissions import Role
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.surveys import CHINESE, ResponseFactory, VersionFactory, campaign_in

ENGLISH = "English (en)"


def question(name: str, kind: str, label: str, **more: Any) -> dict[str, Any]:
    return {"kind": "question", "id": name, "name": name, "type": kind, "label": {CHINESE: label}, **more}


def choices(*pairs: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"name": name, "label": {CHINESE: label, ENGLISH: name.title()}} for name, label in pairs]


SETTINGS = {"title": "人才需求", "form_id": "needs", "default_language": CHINESE}
CROPS = choices(("tea", "茶叶"), ("silk", "蚕桑"))
FIRST = {
    "settings": SETTINGS,
    "languages": [CHINESE, ENGLISH],
    "items": [
        question("age", "integer", "年龄", role="age"),
        question("crop", "select_one", "主要作物", list="crops"),
        question("trained", "text", "参加过什么培训"),
        question("lacks", "select_multiple", "缺什么人才", list="lacks"),
        question("phone", "text", "手机号", personal=True),
        {
            "kind": "repeat",
            "id": "member",
            "name": "member",
            "label": {CHINESE: "家庭成员"},
            "items": [
                question("member_age", "integer", "成员年龄"),
                question("member_name", "text", "成员姓名", personal=True),
            ],
        },
    ],
    "choices": {"crops": CROPS, "lacks": choices(("growing", "种植"), ("selling", "电商"))},
}
SECOND = {
    "settings": SETTINGS,
    "languages": [CHINESE, ENGLISH],
    "items": [
        question("wish", "text", "最希望学什么"),
        question("age", "integer", "您的年龄", role="age"),
        {
            "kind": "group",
            "name": "work",
            "label": {CHINESE: "生产"},
            "items": [
                question("crop", "select_one", "主要种什么", list="crops"),
                question("lacks", "select_multiple", "缺什么人才", list="lacks"),
            ],
        },
        question("phone", "text", "手机号", personal=True),
        *FIRST["items"][5:],
    ],
    "choices": {"crops": [*CROPS, *choices(("fruit", "水果"))], "lacks": FIRST["choices"]["lacks"]},
}


def two_versions(*townships: Any) -> Any:
    """A campaign whose questionnaire changed: `trained` went, `wish` came first, `crop` has a new label and choice."""
    first = VersionFactory(document=FIRST)
    second = VersionFactory(questionnaire=first.questionnaire, number=2, document=SECOND)
    campaign = campaign_in(*(townships or (TownshipFactory(),)), version=second, questionnaire=first.questionnaire)
    campaign.first, campaign.second = first, second
    return campaign


def answer(campaign: Any, version: Any = None, personal: dict[str, Any] | None = None, **answers: Any) -> Any:
    township = answers.pop("township", None) or campaign.townships.first().region
    fields = {name: answers.pop(name) for name in ("state", "flags", "revision") if name in answers}
    return ResponseFactory(
        campaign=campaign,
        version=version or campaign.version,
        township=township,
        answers=answers,
        personal=json.dumps(personal) if personal else "",
        received_at=timezone.now() - timedelta(hours=1),
        **fields,
    )


def every_column(campaign: Any) -> tuple[str, ...]:
    return (*TITLES, *layout_of(versions_of(campaign)).codes)


def asked(campaign: Any, by: Any = None, **more: Any) -> ExportJob:
    """An export of everything, in codes and CSV unless said otherwise."""
    by = by or user_with(Role.OFFICE_STAFF)
    fields = {name: more.pop(name) for name in ("format", "with_personal", "reason") if name in more}
    options = Options(**{"columns": every_column(campaign), "words": "codes", **more})
    return actions.ask(
        by=by,
        at=timezone.now(),
        campaign=campaign,
        options=options,
        format=fields.get("format", "csv"),
        with_personal=fields.get("with_personal", False),
        reason=fields.get("reason", ""),
    )


def made(campaign: Any, by: Any = None, **more: Any) -> ExportJob:
    """The same, made."""
    job = asked(campaign, by, **more)
    making.make(job.pk, timezone.now)
    job.refresh_from_db()
    return job


def finished(campaign, by, content=b"0123456789"):
    """A file as the worker leaves it, without a worker."""
    job = asked(campaign, by)
    folder = making.work_folder(job.pk)
    folder.mkdir(parents=True)
    path = folder / "answers.csv"
    path.write_bytes(content)
    job = actions.start(by=by, at=timezone.now(), job_pk=job.pk)
    digest, name = making._sha256(path), making._stored(job, path)
    return actions.finish(
        by=by, at=timezone.now(), job=job, file=name, size=len(content), sha256=digest, rows_written=0
    )


def token(by: Any = None, **more: Any) -> tuple[Any, str]:
    now = timezone.now()
    fields = {"name": "统计平台", "expires_at": now + timedelta(days=30), **more}
    return api_actions.make_token(by=by or user_with(Role.OFFICE_DIRECTOR), at=now, **fields)


def webhook(campaign: Any, by: Any = None, url: str = "http://127.0.0.1:9/hook") -> Webhook:
    by = by or user_with(Role.OFFICE_DIRECTOR)
    return api_actions.make_webhook(by=by, at=timezone.now(), campaign=campaign, url=url)[0]


def delivery(hook: Webhook, response: Any, **fields: Any) -> WebhookDelivery:
    now = timezone.now()
    values = {"made_at": now, "next_at": now, "revision": response.revision, "token": uuid.uuid4(), **fields}
    return WebhookDelivery.objects.create(webhook=hook, response=response, **values)
