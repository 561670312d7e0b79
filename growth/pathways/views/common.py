"""What the pages share: finding a journey, drawing its page again after a change."""

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from growth.pathways.models import Journey
from growth.pathways.presentation import Roadmap
from talentmap.accounts.access import SignedInRequest
from talentmap.accounts.permissions import Permission as P

READERS = (P.OWN_FILE, P.VIEW_PEOPLE, P.MENTOR)


def rows(request: SignedInRequest) -> Any:
    seen = Journey.objects.visible_to(request.user).without_secrets()
    return seen.select_related("talent__region__parent", "talent__user", "pathway", "version", "stage")


def journey_or_404(request: SignedInRequest, pk: int) -> Journey:
    found: Journey = get_object_or_404(rows(request), pk=pk)
    return found


def frame_of(request: SignedInRequest, roadmap: Roadmap) -> str:
    """An official on their own roadmap sees the applicant's frame."""
    return "applicant" if roadmap.own else ""


def draw(request: SignedInRequest, journey: Journey) -> HttpResponse:
    roadmap = Roadmap(journey, request.user, timezone.now())
    context = {
        "roadmap": roadmap,
        "journey": journey,
        "others": _others(roadmap),
        "layout": frame_of(request, roadmap),
        "crumbs": crumbs(request, roadmap),
    }
    return render(request, "pathways/journey.html", context)


def _others(roadmap: Roadmap) -> Any:
    """The person's other roadmaps, the running ones first."""
    found = Journey.objects.visible_to(roadmap.reader).filter(talent=roadmap.talent)
    return found.exclude(pk=roadmap.journey.pk).select_related("pathway", "stage").order_by("ended_at", "-started_at")


def crumbs(request: SignedInRequest, roadmap: Roadmap, *more: str) -> list[tuple[Any, str]]:
    address = reverse("pathways:journey", args=[roadmap.journey.pk])
    trail: list[tuple[Any, str]] = [_home(request, roadmap)]
    trail.append((roadmap.journey.pathway if roadmap.own else roadmap.journey, address if more else ""))
    return [*trail, *((label, "") for label in more)]


def _home(request: SignedInRequest, roadmap: Roadmap) -> tuple[Any, str]:
    if roadmap.own:
        return _("My roadmap"), reverse("pathways:my")
    if request.user.may(P.VIEW_PEOPLE):
        return _("Roadmaps"), reverse("pathways:list")
    return _("Roadmaps of my mentees"), reverse("pathways:mentees")


def changed(request: SignedInRequest, journey: Journey, place: str = "roadmap") -> HttpResponse:
    """After a change: htmx gets the page as a reload would give it and takes the road out of it; without, go there."""
    if not request.htmx:
        response = redirect("pathways:journey", journey.pk)
        response["Location"] += f"#{place}"
        return response
    drawn = draw(request, journey_or_404(request, journey.pk))
    drawn["HX-Retarget"] = drawn["HX-Reselect"] = "#roadmap"
    drawn["HX-Reswap"] = "outerHTML show:none"
    drawn["HX-Trigger-After-Settle"] = json.dumps({"roadmap-changed": {"place": place}})
    return drawn


def ask(request: SignedInRequest, journey: Journey, title: str, form: Any, **more: Any) -> HttpResponse:
    """A question in a dialog over the road, or on a page of its own."""
    roadmap = Roadmap(journey, request.user, timezone.now())
    context = {
        "journey": journey,
        "roadmap": roadmap,
        "form": form,
        "title": title,
        "layout": frame_of(request, roadmap),
        "crumbs": crumbs(request, roadmap, title),
        **more,
    }
    return render(request, "pathways/parts/ask.html" if request.htmx else "pathways/ask.html", context)
