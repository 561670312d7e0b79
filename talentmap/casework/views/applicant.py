"""What applicants see of their applications: the list, the timeline, withdrawing, rating, the letter."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import actions
from talentmap.casework.forms import RatingForm, WithdrawForm
from talentmap.casework.models import Application, Rating
from talentmap.casework.states import EDITABLE_STATES, RATEABLE_STATES, State
from talentmap.casework.timelines import applicant_timeline
from talentmap.casework.views.common import (
    SENSITIVE,
    drawn_panels,
    frame_of,
    is_for_another,
    own_application,
    try_action,
)
from talentmap.ui import panels
from talentmap.ui.lists import ListPage

LETTER_STATES = (State.REFUSED, State.APPROVED, State.REJECTED, State.REVOKED, State.CLOSED)


def has_letter(application: Application) -> bool:
    return application.state in LETTER_STATES and application.service.writes_letters


@requires(P.APPLY)
@require_GET
def my_applications(request: SignedInRequest) -> HttpResponse:
    own = Application.objects.of_applicant(request.user).select_related("applicant").defer(*SENSITIVE)
    page = ListPage(request, own.select_related("rating"), default_sort="-created_at", page_size=10)
    talent = getattr(request.user, "talent", None)
    context = {"list": page, "talent": talent, "panels": panels.drawn("home", request, talent)}
    return render(request, "casework/my.html", context)


@requires(P.APPLY, P.ENTER_FOR_PERSON)
@require_GET
def application(request: SignedInRequest, pk: int) -> HttpResponse:
    found = own_application(request, pk)
    allowed = actions.allowed(request.user, found)
    context = {
        "application": found,
        "scheme": found.service,
        "entries": applicant_timeline(found),
        "items": _open_items(found),
        "overview": found.service.overview(found),
        "documents": found.documents.current(),
        "panels": drawn_panels(request, found),
        "may_withdraw": "withdraw" in allowed,
        "may_rate": _may_rate(request, found),
        "rating": _own_rating(request, found),
        "has_letter": has_letter(found),
        "crumbs": _crumbs(request, found),
        "layout": frame_of(request, found),
    }
    return render(request, "casework/application.html", context)


def _open_items(application: Application) -> list[Any]:
    if application.state != State.RETURNED:
        return []
    items: list[Any] = list(application.returnitems.filter(round=application.round))
    for item in items:
        item.label = application.service.label_of(item.field_or_document)
    return items


def _may_rate(request: SignedInRequest, application: Application) -> bool:
    own = application.applicant.user_id == request.user.pk
    return own and application.state in RATEABLE_STATES and not hasattr(application, "rating")


def _own_rating(request: SignedInRequest, application: Application) -> Rating | None:
    """What the person said, for themselves alone; whoever entered the case at the counter does not read it here."""
    own = application.applicant.user_id == request.user.pk
    return getattr(application, "rating", None) if own and application.state in RATEABLE_STATES else None


def _crumbs(request: SignedInRequest, application: Application) -> list[tuple[Any, str]]:
    if is_for_another(request, application):
        return [(_("Counter entry"), "/cases/new/"), (application, "")]
    return [(_("My applications"), "/my/"), (application, "")]


@requires(P.APPLY, P.ENTER_FOR_PERSON)
@require_GET
def submitted(request: SignedInRequest, pk: int) -> HttpResponse:
    found = own_application(request, pk)
    if found.state in EDITABLE_STATES or found.submitted_at is None:
        return redirect("casework:form", pk)
    context = {"application": found, "scheme": found.service, "layout": frame_of(request, found)}
    return render(request, "casework/submitted.html", context)


@requires(P.APPLY, P.ENTER_FOR_PERSON)
@require_http_methods(["GET", "POST"])
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    found = own_application(request, pk)
    if "withdraw" not in actions.allowed(request.user, found):
        return redirect("casework:application", pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if try_action(form, request, actions.withdraw, application=found, reason=reason)[0]:
            return redirect("casework:application", pk)
    context = {"application": found, "scheme": found.service, "form": form, "layout": frame_of(request, found)}
    return render(request, "casework/withdraw.html", context)


@requires(P.APPLY)
@require_http_methods(["GET", "POST"])
def rate(request: SignedInRequest, pk: int) -> HttpResponse:
    found = own_application(request, pk)
    if not _may_rate(request, found):
        return redirect("casework:application", pk)
    form = RatingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done, rating = try_action(form, request, actions.rate, application=found, **form.cleaned_data)
        if done:
            messages.success(request, _thanks(rating))
            return redirect("casework:application", pk)
    context = {"application": found, "scheme": found.service, "form": form, "layout": frame_of(request, found)}
    return render(request, "casework/rate.html", context)


def _thanks(rating: Rating) -> str:
    if rating.is_poor:
        due = {"date": rating.call_back_due_on}
        return _("Thank you for your rating. We are sorry: the office calls you back by %(date)s.") % due
    return _("Thank you for your rating.")


@requires(P.APPLY, P.ENTER_FOR_PERSON, P.VIEW_CASES)
@require_GET
def letter(request: SignedInRequest, pk: int) -> HttpResponse:
    """The decision letter, for the person and for the office alike."""
    found = get_object_or_404(Application.objects.visible_to(request.user), pk=pk)
    content = found.service.decision_letter(found) if has_letter(found) else None
    if content is None:
        raise Http404
    name = f"{found.number}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )
