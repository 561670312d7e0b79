"""One journey: its road, its history, its stage, its version, its end."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from growth.pathways import actions, facts, rules
from growth.pathways.choices import Audience, Part
from growth.pathways.forms import EndForm, LevelForm, StageForm
from growth.pathways.history import history as history_of
from growth.pathways.models import Journey
from growth.pathways.parts import parts_of
from growth.pathways.presentation import Roadmap
from growth.pathways.views.common import READERS, ask, changed, crumbs, draw, frame_of, journey_or_404
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on, told_on_page
from talentmap.accounts.permissions import Permission as P


@requires(*READERS)
@never_cache
@require_safe
def journey(request: SignedInRequest, pk: int) -> HttpResponse:
    return draw(request, journey_or_404(request, pk))


@requires(*READERS)
@never_cache
@require_safe
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    found = journey_or_404(request, pk)
    roadmap = Roadmap(found, request.user, timezone.now())
    context = {
        "journey": found,
        "roadmap": roadmap,
        "entries": history_of(found),
        "layout": frame_of(request, roadmap),
        "crumbs": crumbs(request, roadmap, pgettext("roadmap", "History")),
    }
    return render(request, "pathways/history.html", context)


def _check(request: SignedInRequest, found: Journey, *allowed: str) -> None:
    if not parts_of(request.user, found) & set(allowed):
        raise PermissionDenied


@requires(P.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def stage(request: SignedInRequest, pk: int) -> HttpResponse:
    found = journey_or_404(request, pk)
    _check(request, found, Part.OFFICE)
    choices = [(row.code, row.title) for row in found.version.stages.exclude(pk=found.stage_id).order_by("position")]
    form = StageForm(request.POST or None, stages=choices)
    if form.is_valid():
        with told_on(form):
            actions.set_stage(by=request.user, at=timezone.now(), journey=found, **form.cleaned_data)
            messages.success(request, _("The stage is set."))
            return changed(request, found)
    return ask(request, found, _("Set the stage"), form, submit=_("Set the stage"))


@requires(P.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def level(request: SignedInRequest, pk: int) -> HttpResponse:
    found = journey_or_404(request, pk)
    _check(request, found, Part.OFFICE)
    if found.pathway.audience != Audience.RURAL:
        raise Http404
    form = LevelForm(request.POST if request.method == "POST" else None, initial={"level": found.rural_level})
    if form.is_valid():
        with told_on(form):
            actions.set_level(by=request.user, at=timezone.now(), journey=found, **form.cleaned_data)
            messages.success(request, _("The level is entered."))
            return changed(request, found)
    return ask(request, found, _("Enter the level as practical rural talent"), form)


@requires(P.OWN_FILE, P.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    found = journey_or_404(request, pk)
    _check(request, found, Part.TALENT, Part.OFFICE)
    form = EndForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            actions.end(by=request.user, at=timezone.now(), journey=found, **form.cleaned_data)
            messages.success(request, _("The pathway is left. What was done on it stays readable."))
            return changed(request, found)
    text = _("What was ticked stays readable. The pathway can be started again later, from the beginning.")
    return ask(request, found, _("Leave this pathway"), form, text=text, submit=_("Leave the pathway"), danger=True)


@requires(P.OWN_FILE, P.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def version(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the newer version changes for this person, then the move."""
    found = journey_or_404(request, pk)
    _check(request, found, Part.TALENT, Part.OFFICE)
    if request.method == "POST":
        with told_on_page(request):
            actions.move_to_newest(by=request.user, at=timezone.now(), journey=found)
            messages.success(request, _("This roadmap follows the newest version now."))
        return redirect("pathways:journey", pk)
    roadmap = Roadmap(found, request.user, timezone.now())
    if roadmap.newer is None:
        return redirect("pathways:journey", pk)
    context: dict[str, Any] = {
        "journey": found,
        "roadmap": roadmap,
        "difference": rules.difference(roadmap.plan, facts.plan_of(roadmap.newer)),
        "layout": frame_of(request, roadmap),
        "crumbs": crumbs(request, roadmap, _("Newer version")),
    }
    return render(request, "pathways/version.html", context)
