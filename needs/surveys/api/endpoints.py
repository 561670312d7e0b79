"""The read API, version 1: what machines may ask, described by OpenAPI."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import conditional_page
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError

from needs.surveys.api import payload
from needs.surveys.api.schemas import (
    CampaignPage,
    Problem,
    QuestionList,
    ResponseOut,
    ResponsePage,
    ResultList,
    ResultsAsked,
)
from needs.surveys.api.settled import settled
from needs.surveys.api.tokens import ApiError, Reader, TokenAuth
from needs.surveys.campaigns.models import Campaign
from needs.surveys.columns import ResponseState
from needs.surveys.responses.models import Response, ReviewEvent
from needs.surveys.results.models import WeightRun
from needs.surveys.results.results import QuestionResult, question_results
from talentmap.accounts.permissions import Permission
from talentmap.regions.models import Region

LIMIT = 1000
After = Annotated[int, Query(ge=0, lt=2**63, description=gettext_noop("Key of the last row that you have."))]
Limit = Annotated[int, Query(ge=1, le=LIMIT)]

api = NinjaAPI(
    title="Talentmap: surveys",
    version="1",
    description="Results and responses of survey campaigns, to be read by other systems. Answers that name a person"
    " are never given, and results hide the same small numbers as the pages.",
    urls_namespace="surveys",
    docs_url=None,
    auth=TokenAuth(),
)

PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 422: Problem, 429: Problem}


def _reader(request: HttpRequest) -> Reader:
    return request.auth  # type: ignore[attr-defined,no-any-return]


def _campaign(request: HttpRequest, campaign_pk: int) -> Campaign:
    return get_object_or_404(_reader(request).campaigns().select_related("questionnaire", "version"), pk=campaign_pk)


@api.get(
    "campaigns",
    response={200: CampaignPage, **PROBLEMS},
    url_name="api_campaigns",
    summary=gettext_noop("Campaigns in reach"),
)
def campaigns(request: HttpRequest, after: After = 0, limit: Limit = 100) -> dict[str, Any]:
    found = _reader(request).campaigns().filter(pk__gt=after).select_related("questionnaire", "version")
    rows = list(found.order_by("pk")[: limit + 1])
    return {
        "campaigns": [_shown(campaign) for campaign in rows[:limit]],
        "next": rows[limit - 1].pk if len(rows) > limit else None,
    }


def _shown(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.pk,
        "title": campaign.title,
        "state": campaign.state,
        "starts_on": campaign.starts_on,
        "ends_on": campaign.ends_on,
        "questionnaire": campaign.questionnaire.title,
        "version": campaign.version.number,
    }


@api.get(
    "campaigns/{int:campaign_pk}/questions",
    response={200: QuestionList, **PROBLEMS},
    url_name="api_questions",
    description=gettext_noop("Without questions whose answers name a person."),
    summary=gettext_noop("Questions of all versions, merged by stable id"),
)
def questions(request: HttpRequest, campaign_pk: int) -> dict[str, Any]:
    layout = payload.layout_for(_campaign(request, campaign_pk).questionnaire_id)
    return {
        "languages": layout.languages,
        "questions": [
            {
                "id": question.id,
                "type": question.type,
                "label": question.label,
                "repeat": list(table.path),
                "choices": [{"name": name, "label": label} for name, label in question.choices.items()],
            }
            for table in layout
            for question in table.questions
            if not question.personal
        ],
    }


@api.get(
    "campaigns/{int:campaign_pk}/results",
    response={200: ResultList, **PROBLEMS},
    url_name="api_results",
    description=gettext_noop("Approved answers, with exactly what the pages hide hidden."),
    summary=gettext_noop("Results of every question"),
)
def results(request: HttpRequest, campaign_pk: int, asked: Query[ResultsAsked]) -> dict[str, Any]:
    reader, campaign = _reader(request), _campaign(request, campaign_pk)
    run = get_object_or_404(WeightRun, campaign=campaign, number=asked.weights) if asked.weights else None
    filters = reader.filters(
        township=_regions(asked.township),
        age_band=asked.age_band,
        sex=asked.sex,
        occupation=asked.occupation,
        states=[str(each) for each in asked.state],
    )
    found = question_results(reader.user, campaign, filters, run)
    return {"campaign": campaign.pk, "weights": asked.weights, "results": [_result(each) for each in found]}


def _regions(codes: Sequence[str]) -> list[int]:
    """Raises ApiError for a code that is no township's."""
    found = dict(Region.objects.townships().filter(code__in=codes).values_list("code", "pk"))
    unknown = [code for code in codes if code not in found]
    if unknown:
        raise ApiError(422, "township", _("There is no township with the code %(code)s.") % {"code": unknown[0][:20]})
    return list(found.values())


def _result(found: QuestionResult) -> dict[str, Any]:
    numbers = found.numbers
    return {
        "question": found.key,
        "kind": found.question.kind,
        "n": found.n,
        "n_eff": found.n_eff,
        "design_effect": found.design_effect,
        "withheld": found.withheld,
        "numbers": vars(numbers) if numbers else None,
        "rows": [
            {
                "value": row.value,
                "label": dict(row.label),
                "n": row.cell.n,
                "share": row.cell.share,
                "low": row.cell.low,
                "high": row.cell.high,
                "position": row.cell.position,
                "hidden": row.cell.is_hidden,
            }
            for row in found.rows
        ],
    }


@api.get(
    "campaigns/{int:campaign_pk}/responses",
    response={200: ResponsePage, **PROBLEMS},
    url_name="api_responses",
    description=gettext_noop(
        "Only for tokens made for it. What arrives while you page comes at the end: no row comes twice and none is"
        " missed. A response appears some seconds after it arrived."
    ),
    summary=gettext_noop("Single responses, in the order of their keys"),
)
def responses(
    request: HttpRequest,
    campaign_pk: int,
    after: After = 0,
    limit: Limit = 100,
    modified_since: Annotated[
        datetime | None, Query(description=gettext_noop("Arrived, reviewed or corrected since"))
    ] = None,
    state: Annotated[list[ResponseState], Query()] = [],  # noqa: B006
) -> dict[str, Any]:
    campaign = _campaign(request, campaign_pk)
    found = settled(_reader(request).responses(campaign)).filter(pk__gt=after)
    if state:
        found = found.filter(state__in=[str(each) for each in state])
    if modified_since:
        found = _modified(found, modified_since)
    hidden = payload.personal_ids(payload.layout_for(campaign.questionnaire_id))
    rows = list(payload.with_places(found).order_by("pk")[: limit + 1])
    shown = rows[:limit]
    return {
        "responses": payload.several(shown, hidden),
        "next": shown[-1].pk if len(rows) > limit else None,
        "last": shown[-1].pk if shown else None,
    }


def _modified(found: Any, since: datetime) -> Any:
    if since.tzinfo is None:
        raise ApiError(422, "modified_since", _("Give the time with its zone, such as 2026-11-25T08:30:00+08:00."))
    reviewed = ReviewEvent.objects.filter(response=OuterRef("pk"), at__gte=since)
    return found.filter(Q(received_at__gte=since) | Exists(reviewed))


@api.get(
    "campaigns/{int:campaign_pk}/responses/{uuid:uuid}",
    response={200: ResponseOut, **PROBLEMS},
    url_name="api_response",
    summary=gettext_noop("One response"),
)
def response(request: HttpRequest, campaign_pk: int, uuid: UUID) -> dict[str, Any]:
    campaign = _campaign(request, campaign_pk)
    found = payload.with_places(_reader(request).responses(campaign))
    hidden = payload.personal_ids(payload.layout_for(campaign.questionnaire_id))
    shown: Response = get_object_or_404(found, uuid=uuid)
    return payload.shown(shown, hidden)


def _problem(request: HttpRequest, status: int, reasons: list[dict[str, str]]) -> HttpResponse:
    return api.create_response(request, {"reasons": reasons}, status=status)


@api.exception_handler(ApiError)
def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    told = _problem(request, error.status, [{"code": error.code, "text": error.text}])
    for name, value in error.headers.items():
        told[name] = value
    return told


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return _problem(request, 404, [{"code": "not_found", "text": _("There is nothing here, or not in your reach.")}])


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    wrong = [(_name_of(each["loc"]), each["msg"]) for each in error.errors]
    return _problem(request, 422, [{"code": name, "text": f"{name}: {text}"} for name, text in wrong])


def _name_of(place: Sequence[Any]) -> str:
    """The parameter that is wrong, for one of several values too."""
    return str([each for each in place if isinstance(each, str)][-1])


def _root(request: HttpRequest) -> HttpResponse:
    """Whoever opens the API's own address finds its description."""
    return redirect("surveys:openapi-json")


def patterns() -> list[Any]:
    """The API's addresses under the namespace of surveys. They are open as far as the session goes: a token decides,
    which `by_token` says to whoever walks all addresses."""
    found: list[Any] = api.urls[0]
    for pattern in found:
        is_described = pattern.name in ("openapi-json", "api-root")
        if pattern.name == "api-root":
            pattern.callback = _root
        elif not is_described:
            pattern.callback = conditional_page(pattern.callback)
        pattern.callback.permissions = (Permission.PUBLIC,)
        pattern.callback.by_token = not is_described
    return found
