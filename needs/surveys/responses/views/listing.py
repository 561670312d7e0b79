"""The responses of one campaign: found, counted by state, and decided on in bulk."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from needs.surveys.campaigns.models import Campaign
from needs.surveys.campaigns.occupations import occupations
from needs.surveys.campaigns.pages import campaign_page, visible_campaign
from needs.surveys.responses import actions
from needs.surveys.responses.filters import kept_query
from needs.surveys.responses.keyset import KeyPage
from needs.surveys.responses.presentation import duration_words
from needs.surveys.responses.queries import MOST_COUNTED, listed, narrowed, state_tabs
from needs.surveys.responses.rules import Flag
from needs.surveys.responses.states import BULK, CHOICES
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.errors import Refused

RESULT = "surveys_reviewed"
TAB = "surveys:response_list"


@requires(P.VIEW_RESPONSES)
@never_cache
@require_safe
def response_list(request: SignedInRequest, campaign_pk: int) -> HttpResponse:
    campaign = visible_campaign(request, campaign_pk, P.VIEW_RESPONSES)
    page = KeyPage(request, narrowed(request.GET, request, campaign))
    query = kept_query(page.querystring)
    may_review = request.user.may(P.REVIEW_RESPONSES)
    context = {
        **campaign_page(request, campaign, TAB),
        "list": page,
        "rows": _in_words(page.rows, campaign),
        "state_tabs": state_tabs(page, campaign),
        "most_counted": MOST_COUNTED,
        "query": query,
        "quoted_query": quote(query),
        "bulk": [CHOICES[state] for state in BULK] if may_review and page.rows else [],
        "may_check_again": may_review,
    }
    return render(request, "surveys/responses/list.html", context)


def _in_words(rows: Any, campaign: Campaign) -> Any:
    names = dict(occupations(campaign.version)) if any(row.occupation for row in rows) else {}
    for row in rows:
        row.occupation_label = names.get(row.occupation, row.occupation)
        row.duration = duration_words((row.finished_at - row.started_at).total_seconds())
        row.flag_labels = [Flag(flag).label for flag in row.flags if flag in Flag]
    return rows


@requires(P.REVIEW_RESPONSES)
@require_POST
def decide_many(request: SignedInRequest, campaign_pk: int) -> HttpResponse:
    campaign = visible_campaign(request, campaign_pk, P.VIEW_RESPONSES)
    query = kept_query(request.POST.get("query", ""))
    back = f"{reverse(TAB, args=[campaign.pk])}?{query}"
    seen, wanted = actions.seen_of(request.POST.getlist("response")), request.POST.get("to", "")
    if not seen:
        messages.error(request, _("Tick the responses that you want to decide on."))
        return redirect(back)
    try:
        outcomes = actions.review_many(
            by=request.user,
            at=timezone.now(),
            campaign=campaign,
            to=wanted,
            seen=seen,
            comment=request.POST.get("comment", "")[:500],
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    told = [(each.response, each.ok, each.reason) for each in outcomes]
    request.session[RESULT] = {"campaign": campaign.pk, "to": wanted, "query": query, "outcomes": told}
    return redirect("surveys:response_decided", campaign.pk)


@requires(P.REVIEW_RESPONSES)
@require_safe
def decided(request: SignedInRequest, campaign_pk: int) -> HttpResponse:
    """The last decision on many in this session: each response, and for those left out the reason."""
    campaign = visible_campaign(request, campaign_pk, P.VIEW_RESPONSES)
    result = request.session.get(RESULT) or {}
    if result.get("campaign") != campaign.pk:
        return redirect(TAB, campaign.pk)
    found = listed(request.user, campaign).in_bulk([pk for pk, _ok, _reason in result["outcomes"]])
    rows = [{"response": found[pk], "ok": ok, "reason": why} for pk, ok, why in result["outcomes"] if pk in found]
    context = {
        **campaign_page(request, campaign, TAB),
        "choice": CHOICES[result["to"]],
        "done": [row for row in rows if row["ok"]],
        "left_out": [row for row in rows if not row["ok"]],
        "back": f"{reverse(TAB, args=[campaign.pk])}?{result['query']}",
    }
    return render(request, "surveys/responses/decided.html", context)


@requires(P.REVIEW_RESPONSES)
@require_POST
def check_again(request: SignedInRequest, campaign_pk: int) -> HttpResponse:
    campaign = visible_campaign(request, campaign_pk, P.VIEW_RESPONSES)
    actions.ask_to_check_again(campaign, request.user)
    messages.success(
        request, _("All pending responses are looked at again in the background; their suspicions change one by one.")
    )
    return redirect(f"{reverse(TAB, args=[campaign.pk])}?{kept_query(request.POST.get('query', ''))}")
