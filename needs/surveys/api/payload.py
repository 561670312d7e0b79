"""What leaves the platform of a response: what it says and where it stands, never what names a person."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from needs.surveys.api.models import WebhookDelivery
from needs.surveys.api.rules import APPROVED
from needs.surveys.exports.columns import Layout
from needs.surveys.exports.queries import layout_of
from needs.surveys.questionnaires.models import Version
from needs.surveys.responses.models import Response, ResponseRevision

Answers = dict[str, Any]


@lru_cache(maxsize=64)
def _layout(version_pks: tuple[int, ...]) -> Layout:
    """Published versions never change, so neither does what they add up to."""
    return layout_of(list(Version.objects.filter(pk__in=version_pks).order_by("number")))


def layout_for(questionnaire_id: int) -> Layout:
    published = Version.objects.published().filter(questionnaire=questionnaire_id).order_by("number")
    return _layout(tuple(published.values_list("pk", flat=True)))


def personal_ids(layout: Layout) -> frozenset[str]:
    return frozenset(question.id for table in layout for question in table.questions if question.personal)


def public(answers: Answers, hidden: frozenset[str]) -> Answers:
    """The answers without those to questions that any version takes for personal, inside repeats too."""
    return {name: _public(value, hidden) for name, value in answers.items() if name not in hidden}


def _public(value: Any, hidden: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [public(each, hidden) if isinstance(each, dict) else each for each in value]
    return value


def shown(response: Response, hidden: frozenset[str]) -> dict[str, Any]:
    """One response as the API and webhooks give it."""
    return {
        "id": response.pk,
        "uuid": str(response.uuid),
        "campaign": response.campaign_id,
        "version": response.version.number,
        "township": response.township.code,
        "village": response.village.code if response.village else None,
        "channel": response.channel,
        "language": response.language,
        "started_at": response.started_at,
        "finished_at": response.finished_at,
        "received_at": response.received_at,
        "state": response.state,
        "flags": response.flags,
        "revision": response.revision,
        "answers": public(response.answers, hidden),
    }


def with_places(responses: Any) -> Any:
    return responses.select_related("version", "township", "village").defer("personal", "tallied")


def body_of(delivery: WebhookDelivery) -> bytes:
    """The same in every attempt: the revision that was approved, also where the response was corrected since."""
    response = with_places(Response.objects).get(pk=delivery.response_id)
    if response.revision != delivery.revision:
        _as_it_was(response, delivery.revision)
    response.state = Response.State.APPROVED
    hidden = personal_ids(layout_for(delivery.webhook.campaign.questionnaire_id))
    content = {"event": APPROVED, "delivery": str(delivery.token), "response": shown(response, hidden)}
    return json.dumps(content, ensure_ascii=False, default=_iso).encode()


def _as_it_was(response: Response, revision: int) -> None:
    was = ResponseRevision.objects.select_related("version").get(response=response, number=revision)
    response.revision, response.answers, response.version = revision, was.answers, was.version


def _iso(moment: Any) -> str:
    return str(moment.isoformat())


def several(responses: Iterable[Response], hidden: frozenset[str]) -> list[dict[str, Any]]:
    return [shown(response, hidden) for response in responses]
