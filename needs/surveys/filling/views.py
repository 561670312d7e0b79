"""The interviewer's pages, and what their device asks."""

import json
import re
import uuid
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from needs.surveys.campaigns.models import Campaign
from needs.surveys.campaigns.queries import paused
from needs.surveys.filling import actions, pwa, queries, rules, wire
from needs.surveys.filling.answering import speaks_json
from needs.surveys.filling.refusals import Conflict, Malformed, Reason
from needs.surveys.filling.versions import Unpublished, runnable
from needs.surveys.responses.models import Response
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework.documents import limits


@requires(P.PUBLIC)
@require_safe
def fill_home(request: HttpRequest) -> HttpResponse:
    """The frame alone: who may fill what is asked by the page itself, and known to the device without a network."""
    return _frame()


def _frame() -> HttpResponse:
    return HttpResponse(pwa.shell(), headers={"Cache-Control": "no-cache", "Vary": "Cookie"})


@requires(P.PUBLIC)
@require_safe
def fill_form(request: HttpRequest, campaign_pk: int) -> HttpResponse:
    """The same frame, begun with one campaign; whether the person takes part in it the page says."""
    if not Campaign.objects.exclude(state=Campaign.State.DRAFT).filter(pk=campaign_pk).exists():
        raise Http404
    return _frame()


@requires(P.PUBLIC)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": request.path.removesuffix("sw.js")}
    return HttpResponse(pwa.worker(), content_type="text/javascript; charset=utf-8", headers=headers)


@requires(P.PUBLIC)
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    return JsonResponse(pwa.manifest(), content_type="application/manifest+json")


@speaks_json
@requires(P.FILL_SURVEYS)
@never_cache
@require_safe
def device_state(request: SignedInRequest) -> HttpResponse:
    """Who is signed in, the token that writing asks for, and all that filling needs; asked at every opening."""
    user = request.user
    return JsonResponse(
        {
            "user": {"id": user.pk, "name": user.display_name or user.username, "username": user.username},
            "csrf": get_token(request),
            "today": timezone.localdate().isoformat(),
            "campaigns": queries.campaigns_for(user, timezone.localdate()),
            "paused": list(
                paused(user, timezone.localdate()).order_by("ends_on", "pk").values_list("title", flat=True)
            ),
            "returned": queries.returned_to(user),
            "is_desk": user.reach(P.FILL_SURVEYS).everything,
            "limits": limits(),
        }
    )


@speaks_json
@requires(P.FILL_SURVEYS)
@require_safe
def version(request: SignedInRequest, version_pk: int) -> HttpResponse:
    """A published version as it is run. It never changes, so the device asks once."""
    try:
        found = runnable(version_pk)
    except Unpublished as error:
        raise Http404 from error
    if not queries.knows_version(request.user, found.questionnaire_id):
        raise Http404
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return HttpResponse(found.json, content_type="application/json", headers=headers)


@speaks_json
@requires(P.FILL_SURVEYS)
@never_cache
@require_safe
def returned(request: SignedInRequest, response_uuid: uuid.UUID) -> HttpResponse:
    """One's own response that a reviewer wants corrected, whole: who asked wrote it down themselves."""
    rows = Response.objects.filter(interviewer=request.user, state=Response.State.RETURNED)
    row = get_object_or_404(rows, uuid=response_uuid)
    private = json.loads(row.personal) if row.personal else {}
    return JsonResponse(
        {
            "uuid": str(row.uuid),
            "campaign": row.campaign_id,
            "version": row.version_id,
            "township": row.township_id,
            "village": row.village_id,
            "started_at": row.started_at.isoformat(),
            "finished_at": row.finished_at.isoformat(),
            "language": row.language,
            "channel": row.channel,
            "revises": row.revision,
            "answers": rules.joined(row.answers, private),
        }
    )


@speaks_json
@requires(P.FILL_SURVEYS)
@never_cache
@require_POST
def sync(request: SignedInRequest) -> HttpResponse:
    """One response; see `docs/surveys.md`."""
    sent = wire.sent(wire.read_request(request))
    return answer(actions.accept(by=request.user, at=timezone.now(), sent=sent))


def answer(taken: actions.Taken) -> JsonResponse:
    status = HTTPStatus.CREATED if taken.is_new else HTTPStatus.OK
    return JsonResponse({"uuid": str(taken.uuid), "state": taken.state}, status=status)


@speaks_json
@requires(P.FILL_SURVEYS)
@never_cache
@require_POST
def upload(request: SignedInRequest) -> HttpResponse:
    """One picture or file, under the id that a response will name it by."""
    wanted = request.POST.get("campaign", "")
    if not re.fullmatch(r"[0-9]{1,18}", wanted):
        raise Malformed(Reason("bad_field", _("The file names no campaign.")))
    campaigns = Campaign.objects.visible_to(request.user, P.FILL_SURVEYS).exclude(state=Campaign.State.DRAFT)
    campaign = campaigns.filter(pk=int(wanted)).first()
    if campaign is None:
        raise Conflict(Reason("no_campaign", _("There is no such campaign, or you do not take part in it.")))
    return keep_upload(request, campaign, request.user)


def keep_upload(request: Any, campaign: Campaign, by: Any) -> JsonResponse:
    sent = request.FILES.get("file")
    try:
        key = uuid.UUID(request.POST.get("uuid", ""))
    except ValueError as error:
        raise Malformed(Reason("bad_field", _("The file has no valid id."))) from error
    if sent is None:
        raise Malformed(Reason("bad_field", _("There is no file.")))
    row, is_new = actions.keep_file(by=by, at=timezone.now(), campaign=campaign, key=key, upload=sent)
    return JsonResponse({"uuid": str(row.uuid), "sha256": row.sha256}, status=201 if is_new else 200)
