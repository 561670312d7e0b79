"""One form for anybody who has the link: by themselves, without an account."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_ratelimit.core import get_usage

from needs.surveys.campaigns.codes import find_code
from needs.surveys.campaigns.models import CampaignTownship, PublicLink
from needs.surveys.filling import actions, rules, wire
from needs.surveys.filling.answering import speaks_json, told
from needs.surveys.filling.refusals import Conflict, Reason
from needs.surveys.filling.versions import runnable
from needs.surveys.filling.views import answer, keep_upload
from needs.surveys.form_texts import icon_sheet, texts
from talentmap.accounts import limits
from talentmap.accounts.access import requires
from talentmap.accounts.actions_mobile import ask_code
from talentmap.accounts.forms import MobileField
from talentmap.accounts.limits import TooMany
from talentmap.accounts.permissions import Permission as P
from talentmap.accounts.records import MobileCode
from talentmap.accounts.views_mobile import WRONG_CODE, shows_codes
from talentmap.casework.documents import limits as file_limits
from talentmap.people.fields import blind_index
from talentmap.ui.errors import Refused

YEAR = 365 * 24 * 3600
MONTH = 30 * 24 * 3600
DEVICE_COOKIE = "survey_device"
OneEach = PublicLink.OneEach


@dataclass(frozen=True)
class Closed:
    """Why a link takes no answers now, for the page that says so."""

    code: str
    starts_on: Any
    ends_on: Any


def _link(token: str) -> PublicLink:
    return get_object_or_404(PublicLink.objects.select_related("campaign", "region"), token=token)


def closed(link: PublicLink, at: Any) -> Closed | None:
    campaign = link.campaign
    window = rules.Window(
        campaign.state, campaign.starts_on, campaign.ends_on, campaign.closed_at, link_closed_at=link.closed_at
    )
    code = rules.refusal(window, at, at)
    return Closed(code, campaign.starts_on, campaign.ends_on) if code else None


@requires(P.PUBLIC)
@require_safe
def public_form(request: HttpRequest, token: str) -> HttpResponse:
    link = _link(token)
    if reason := closed(link, timezone.now()):
        return render(request, "surveys/fill/closed.html", {"link": link, "closed": reason, "layout": "public"})
    context = {"link": link, "texts": texts(), "sheet": icon_sheet()}
    page = render(request, "surveys/fill/public.html", context)
    page["Cache-Control"] = "no-cache"
    return page


@speaks_json
@requires(P.PUBLIC)
@never_cache
@require_safe
def public_state(request: HttpRequest, token: str) -> HttpResponse:
    """What the page needs to begin, and the token that writing asks for."""
    link = _link(token)
    if reason := closed(link, timezone.now()):
        return told(409, reason.code, _("This survey takes no answers at present."))
    response = JsonResponse(
        {
            "csrf": get_token(request),
            "campaign": {"id": link.campaign_id, "title": link.campaign.title, "version": link.campaign.version_id},
            "places": _places(link),
            "one_each": link.one_each,
            "is_confirmed": bool(_mobile_digest(request, link)),
            "limits": file_limits(),
        }
    )
    if not _device(request):
        _remember(response, request, DEVICE_COOKIE, secrets.token_urlsafe(16), YEAR)
    return response


def _places(link: PublicLink) -> list[dict[str, Any]]:
    rows = CampaignTownship.objects.filter(campaign=link.campaign_id)
    if link.region_id:
        rows = rows.filter(region=link.region_id)
    return [{"id": pk, "name": name, "villages": []} for pk, name in rows.values_list("region", "region__name")]


@requires(P.PUBLIC)
@require_safe
def public_version(request: HttpRequest, token: str, version_pk: int) -> HttpResponse:
    """The campaign's own version; the page keeps it, so an older one goes on with what it has."""
    link = _link(token)
    if version_pk != link.campaign.version_id:
        raise Http404
    body = runnable(version_pk).json
    return HttpResponse(body, content_type="application/json", headers={"Cache-Control": "private, max-age=31536000"})


@speaks_json
@requires(P.PUBLIC)
@never_cache
@require_POST
def public_sync(request: HttpRequest, token: str) -> HttpResponse:
    link = _link(token)
    _check_rate(request, link)
    found = wire.read_request(request)
    invitation = str(found.pop("invitation", ""))[:40]
    sent = wire.sent(found)
    taken = actions.accept(by=None, at=timezone.now(), sent=sent, respondent=_respondent(request, link, invitation))
    if taken.is_new:
        _check_rate(request, link, increment=True)
    return answer(taken)


@speaks_json
@requires(P.PUBLIC)
@never_cache
@require_POST
def public_upload(request: HttpRequest, token: str) -> HttpResponse:
    link = _link(token)
    limits.count(request, f"survey-file-{link.pk}", f"{max(1, link.per_hour) * 5}/h")
    if reason := closed(link, timezone.now()):
        raise Conflict(Reason(reason.code, _("This survey takes no answers at present.")))
    return keep_upload(request, link.campaign, None)


@speaks_json
@requires(P.PUBLIC)
@never_cache
@require_POST
def public_code(request: HttpRequest, token: str) -> HttpResponse:
    """Send a code to a mobile number, or confirm the number by it: the browser then holds a signed proof."""
    link = _link(token)
    try:
        mobile = MobileField().clean(request.POST.get("mobile", ""))
        limits.count(request, "mobile-code", "20/h", "100/d")
        if "code" in request.POST:
            return _confirmed(request, link, mobile, request.POST["code"])
        code = ask_code(by=None, at=timezone.now(), purpose=MobileCode.Purpose.SURVEY, mobile=mobile)
    except ValidationError as error:
        return told(400, "bad_mobile", " ".join(error.messages))
    except Refused as refusal:
        return told(429, "too_many", str(refusal))
    text = _("A code is on its way to %(mobile)s. It holds for five minutes.") % {"mobile": mobile}
    return JsonResponse({"text": text, "code": code if shows_codes() else ""})


def _confirmed(request: HttpRequest, link: PublicLink, mobile: str, code: str) -> HttpResponse:
    if not actions.confirm_mobile(by=None, at=timezone.now(), mobile=mobile, code=code[:10]):
        return told(422, "wrong_code", str(WRONG_CODE))
    response = JsonResponse({"text": _("The number is confirmed.")})
    _remember(response, request, _mobile_cookie(link), blind_index(f"survey-mobile:{link.pk}:{mobile}"), MONTH)
    return response


# who answers ----------------------------------------------------------------------------------------------


def _respondent(request: HttpRequest, link: PublicLink, invitation: str) -> actions.Respondent:
    if link.one_each == OneEach.DEVICE:
        return actions.Respondent(link, _or_refuse(_device_digest(request, link), "no_cookie"))
    if link.one_each == OneEach.MOBILE:
        return actions.Respondent(link, _or_refuse(_mobile_digest(request, link), "no_mobile"))
    if link.one_each == OneEach.INVITATION:
        code = find_code(link, invitation)
        return actions.Respondent(link, _or_refuse(code.digest if code else "", "no_invitation"), code)
    return actions.Respondent(link)


def _or_refuse(digest: str, code: str) -> str:
    if digest:
        return digest
    words = {
        "no_cookie": _("This browser keeps no cookies, so we cannot see that you answer only once."),
        "no_mobile": _("Confirm your mobile number first."),
        "no_invitation": _("This invitation code is not known. Check it letter by letter."),
    }
    raise Conflict(Reason(code, words[code]))


def _device(request: HttpRequest) -> str:
    return str(request.get_signed_cookie(DEVICE_COOKIE, default="", max_age=YEAR) or "")


def _device_digest(request: HttpRequest, link: PublicLink) -> str:
    device = _device(request)
    return blind_index(f"survey-device:{link.pk}:{device}") if device else ""


def _mobile_cookie(link: PublicLink) -> str:
    return f"survey_mobile_{link.pk}"


def _mobile_digest(request: HttpRequest, link: PublicLink) -> str:
    return str(request.get_signed_cookie(_mobile_cookie(link), default="", max_age=MONTH) or "")


def _remember(response: HttpResponse, request: HttpRequest, name: str, value: str, seconds: int) -> None:
    response.set_signed_cookie(name, value, max_age=seconds, httponly=True, samesite="Lax", secure=request.is_secure())


def _check_rate(request: HttpRequest, link: PublicLink, *, increment: bool = False) -> None:
    """Only what was kept counts: somebody who sends again after a cut is not turned away for it."""
    group, rate = f"survey-link-{link.pk}", f"{max(1, link.per_hour)}/h"
    usage = get_usage(request, group=group, key="ip", rate=rate, increment=increment)
    if usage and not increment and usage["count"] >= usage["limit"]:
        raise TooMany(usage["time_left"])
