"""Ratings, and what the office owes after a poor one: a call within a day, a remedy within fifteen."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import actions, calendar
from talentmap.casework.filters import RatingFilter
from talentmap.casework.forms import NoteForm
from talentmap.casework.models import Application, Rating
from talentmap.casework.views.common import try_action
from talentmap.casework.views.inbox import mark_deadline
from talentmap.casework.views.objections import APPLICANT
from talentmap.people.loading import rights
from talentmap.people.showing import Secret
from talentmap.ui.lists import ListPage

SORTS = {"rated": "rated_at", "score": ("score", "rated_at"), "due": "call_back_due_on"}


def _reached(request: SignedInRequest) -> Any:
    cases = Application.objects.in_reach(request.user, P.CALL_BACK).values("pk")
    rows = Rating.objects.filter(application__in=cases).select_related(
        "application__applicant", "application__region", "called_back_by", "mended_by"
    )
    return rows.defer(*APPLICANT)


@requires(P.CALL_BACK)
@require_GET
def ratings(request: SignedInRequest) -> HttpResponse:
    page = ListPage(request, _reached(request), RatingFilter, sorts=SORTS, default_sort="-rated")
    _mark(page.rows)
    return render(request, "casework/ratings.html", {"list": page})


def _mark(rows: Any) -> None:
    """What is owed next on each poor rating, and how urgent it is."""
    today, days = timezone.localdate(), calendar.current()
    for row in rows:
        due = row.call_back_due_on if not row.called_back_at else row.mended_due_on if not row.mended_at else None
        mark_deadline(row, due, today, days)


@requires(P.CALL_BACK)
@require_http_methods(["GET", "POST"])
def rating(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_reached(request), pk=pk)
    check_may(request.user, P.CALL_BACK, found.application)
    step = _next_step(found)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and step and form.is_valid():
        done, _row = try_action(form, request, step, rating=found, note=form.cleaned_data["note"])
        if done:
            messages.success(request, _("Recorded."))
            return redirect("casework:rating", pk)
    _mark([found])
    context = {
        "rating": found,
        "application": found.application,
        "step": step.__name__ if step else "",
        "form": form,
        "phone": Secret("phone", found.application.applicant.masked_phone),
        **rights(request.user, found.application.applicant),
        "crumbs": [(_("Ratings"), reverse("casework:ratings")), (found.application, "")],
    }
    return render(request, "casework/rating.html", context)


def _next_step(found: Rating) -> Callable[..., Any] | None:
    if not found.is_poor or found.mended_at:
        return None
    return actions.mend if found.called_back_at else actions.call_back
