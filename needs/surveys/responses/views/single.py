"""One response: its answers, what is suspicious, what was decided, and the decision."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from needs.surveys.campaigns.models import Campaign
from needs.surveys.campaigns.pages import campaign_page
from needs.surveys.responses import actions, showing
from needs.surveys.responses.filters import kept_query
from needs.surveys.responses.forms import ReviewForm
from needs.surveys.responses.models import Response, ResponseFile
from needs.surveys.responses.queries import neighbours
from needs.surveys.responses.states import choices_from
from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.audit.actions import log_access
from talentmap.people.form_fields import REASONS
from talentmap.ui.errors import Refused, reasons

TAB = "surveys:response_list"
SHOWN_INLINE = frozenset({"image/jpeg", "image/png", "image/webp"})


def _visible(request: SignedInRequest, pk: int) -> Response:
    found = Response.objects.visible_to(request.user).select_related(
        "township__parent", "village__parent", "interviewer", "campaign"
    )
    return get_object_or_404(found.defer("tallied"), pk=pk)


@requires(P.VIEW_RESPONSES)
@never_cache
@require_safe
def response(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _visible(request, pk))


def _campaign(found: Response) -> Campaign:
    """Who sees the response sees whose it is, also an interviewer who works elsewhere by now."""
    return Campaign.objects.with_questionnaire().get(pk=found.campaign_id)


def _page(request: SignedInRequest, found: Response, form: Any = None, personal: Any = None) -> HttpResponse:
    query = kept_query(request.GET.get("list", ""))
    campaign = _campaign(found)
    context = {
        **campaign_page(request, campaign, TAB),
        **showing.page_of(found, request.user, (get_language() or "zh")[:2], personal=personal),
        **_decision(request, found),
        "response": found,
        "form": form or ReviewForm(),
        "neighbours": neighbours(request, campaign, found, query),
        "query": query,
        "quoted_query": quote(query),
        "back": f"{reverse(TAB, args=[campaign.pk])}?{query}",
        "reasons": REASONS,
    }
    return render(request, "surveys/responses/response.html", context)


def _decision(request: SignedInRequest, found: Response) -> dict[str, Any]:
    """What this reader may decide, or why nothing."""
    own = found.interviewer_id == request.user.pk
    may_review = request.user.may(P.REVIEW_RESPONSES, found)
    choices = choices_from(found.state, has_interviewer=found.interviewer_id is not None) if may_review else []
    why_nothing = _("You entered this response yourself: somebody else reviews it.") if own and may_review else ""
    return {
        "own": own,
        "choices": [] if own else choices,
        "why_nothing": why_nothing,
        "may_read_personal": request.user.may(P.READ_RESPONDENTS, found),
    }


@requires(P.REVIEW_RESPONSES)
@never_cache
@require_POST
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decide, then go on to the next of the list."""
    found = _visible(request, pk)
    check_may(request.user, P.REVIEW_RESPONSES, found)
    form = ReviewForm(request.POST)
    if form.is_valid() and _decided(request, found, form):
        return _onwards(request, found)
    return _page(request, found, form)


def _decided(request: SignedInRequest, found: Response, form: ReviewForm) -> bool:
    try:
        actions.review(
            by=request.user,
            at=timezone.now(),
            response=found,
            to=form.cleaned_data["to"],
            comment=form.cleaned_data["comment"],
            seen=form.seen,
        )
    except (Refused, ValidationError, IntegrityError) as error:
        told = reasons(error)
        if not told:
            raise
        for each in told:
            form.add_error(None, each)
        found.refresh_from_db(fields=["state", "revision"])
        return False
    return True


def _onwards(request: SignedInRequest, found: Response) -> HttpResponse:
    query = kept_query(request.GET.get("list", ""))
    fresh = Response.objects.only("uuid", "state").get(pk=found.pk)
    messages.success(
        request,
        _("Response %(number)s: %(state)s.") % {"number": fresh.short_id, "state": fresh.get_state_display()},
    )
    if request.POST.get("then") == "next":
        following = neighbours(request, _campaign(found), found, query).following
        if following:
            return redirect(f"{reverse('surveys:response', args=[following])}?list={quote(query)}")
        return redirect(f"{reverse(TAB, args=[found.campaign_id])}?{query}")
    return redirect(f"{reverse('surveys:response', args=[found.pk])}?list={quote(query)}")


@requires(P.READ_RESPONDENTS)
@never_cache
@require_POST
def personal(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page with the answers that name the respondent, for a reason; the reading is logged."""
    found = _visible(request, pk)
    check_may(request.user, P.READ_RESPONDENTS, found)
    reason = " · ".join(part for part in (request.POST.get("why", ""), request.POST.get("reason", "")) if part.strip())
    try:
        read = actions.read_personal(by=request.user, at=timezone.now(), response=found, reason=reason)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(
            f"{reverse('surveys:response', args=[pk])}?list={quote(kept_query(request.GET.get('list', '')))}"
        )
    return _page(request, found, personal=read)


@requires(P.VIEW_RESPONSES)
@require_safe
def file(request: SignedInRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """A picture or file of a response, to who may see the response; one that names a person to fewer, and logged."""
    found = get_object_or_404(Response.objects.visible_to(request.user).select_related("township", "version"), pk=pk)
    kept = get_object_or_404(ResponseFile, pk=file_pk, response=found)
    if found.interviewer_id != request.user.pk:
        if showing.names_a_person(found, kept):
            check_may(request.user, P.READ_RESPONDENTS, found)
        reason = _("Review of response %(number)s") % {"number": found.short_id}
        log_access(by=request.user, at=timezone.now(), subject=kept, field="file", reason=reason)
    try:
        content = kept.file.open("rb")
    except OSError:
        raise Http404 from None
    shown = kept.content_type in SHOWN_INLINE
    return FileResponse(
        content,
        as_attachment="download" in request.GET or not shown,
        filename=kept.name,
        content_type=kept.content_type if shown else "application/octet-stream",
        headers={"Cache-Control": "private, no-store"},
    )
