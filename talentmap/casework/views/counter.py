"""Entering an application for a person at the counter: find the person, choose the service, then the same form."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import actions
from talentmap.casework.benefits import benefits_of
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.casework.views.common import SENSITIVE, attempt, scheme_or_404
from talentmap.people.models import Talent
from talentmap.people.querysets import normalised

MOST_FOUND = 20
MOST_DRAFTS = 50


@requires(P.ENTER_FOR_PERSON)
@require_GET
def counter(request: SignedInRequest) -> HttpResponse:
    """Find the person; below, what one has begun and not sent."""
    wanted = normalised(request.GET.get("q", ""))
    found = _people(request, wanted) if wanted else []
    drafts = Application.objects.filter(entered_by=request.user, state__in=(State.DRAFT, State.RETURNED))
    context = {
        "q": wanted,
        "people": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
        "drafts": drafts.select_related("applicant").defer(*SENSITIVE).order_by("-created_at")[:MOST_DRAFTS],
        "may_create": request.user.may(P.EDIT_PEOPLE),
    }
    return render(request, "casework/counter.html", context)


def _people(request: SignedInRequest, wanted: str) -> list[Talent]:
    """One more than the page shows, to say that there are more."""
    people = Talent.objects.visible_to(request.user).registered().search(wanted)
    rows = people.without_sensitive().select_related("region__parent", "employer")
    return list(rows.order_by("name_sort_key", "pk")[: MOST_FOUND + 1])


@requires(P.ENTER_FOR_PERSON)
@require_http_methods(["GET", "POST"])
def choose_service(request: SignedInRequest, talent_pk: int) -> HttpResponse:
    people = Talent.objects.visible_to(request.user).registered().select_related("region__parent", "employer", "user")
    talent = get_object_or_404(people, pk=talent_pk)
    check_may(request.user, P.ENTER_FOR_PERSON, talent)
    if request.method == "POST":
        scheme = scheme_or_404(request.POST.get("scheme", ""))
        done, application = attempt(request, actions.start_draft, scheme=scheme.code, talent=talent)
        return redirect("casework:form", application.pk) if done else redirect(request.path)
    context = {
        "talent": talent,
        "benefits": benefits_of(talent, timezone.now()),
        "crumbs": [(_("Counter entry"), reverse("casework:counter")), (talent.name, "")],
    }
    return render(request, "casework/counter_service.html", context)
