"""The office's list of roadmaps with its export, starting one for a person, and a mentor's mentees."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from growth.pathways import actions, companions
from growth.pathways.filters import JourneyFilter
from growth.pathways.forms_start import StartForm
from growth.pathways.models import Journey
from growth.pathways.queries import having_ticks_waiting_for, with_counts
from growth.pathways.views.common import rows
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.people.models import Talent
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.lists import ListPage
from talentmap.ui.numbers import number_from

SORTS = {
    "person": "talent__name_sort_key",
    "pathway": ("pathway__title", "stage__position"),
    "stage": ("stage__position", "stage_since"),
    "township": ("talent__region__code", "talent__name_sort_key"),
    "since": "stage_since",
    "moved": "moved_at",
    "state": "state",
}


def _list(request: SignedInRequest) -> ListPage:
    """By office alone: one's own roadmap and those of one's mentees have pages of their own."""
    within = request.user.reach(P.VIEW_PEOPLE).q(region="talent__region")
    found = with_counts(rows(request).filter(within), request.user)
    return ListPage(request, found, JourneyFilter, sorts=SORTS, default_sort="-moved")


@requires(P.VIEW_PEOPLE)
@require_safe
def journey_list(request: SignedInRequest) -> HttpResponse:
    found = _list(request)
    within = request.user.reach(P.VIEW_PEOPLE).q(region="talent__region")
    context = {
        "list": found,
        "waiting": having_ticks_waiting_for(request.user, Journey.objects.filter(within)).count(),
        "may_export": request.user.may(P.EXPORT_PEOPLE),
        "may_start": request.user.may(P.EDIT_PEOPLE),
        "may_edit": request.user.may(P.EDIT_PATHWAYS),
    }
    return render(request, "pathways/journeys.html", context)


@requires(P.EXPORT_PEOPLE)
@require_safe
def export(request: SignedInRequest) -> HttpResponseBase:
    header = [_("Name"), _("Township"), _("Pathway"), _("Version"), _("Stage"), _("At this stage since")]
    header += [_("Needed milestones met"), _("Needed milestones"), _("Waiting for your confirmation")]
    header += [_("Last change"), _("Started"), _("State")]
    reached = request.user.reach(P.EXPORT_PEOPLE).q(region="talent__region")
    found = _list(request).queryset.filter(reached).iterator(chunk_size=1000)
    return xlsx_response(_("Roadmaps"), header, (_line(row) for row in found))


def _line(row: Any) -> list[Any]:
    return [
        row.talent.name,
        row.talent.region.full_name if row.talent.region else "",
        row.pathway.title,
        row.version.number,
        row.stage.title,
        timezone.localdate(row.stage_since),
        row.met,
        row.needed,
        row.waiting,
        timezone.localdate(row.moved_at),
        timezone.localdate(row.started_at),
        row.get_state_display(),
    ]


@requires(P.MENTOR)
@require_safe
def mentees(request: SignedInRequest) -> HttpResponse:
    """The roadmaps of the people whom one accompanies now; who has none is named."""
    keys = companions.talents_of(request.user)
    found = with_counts(rows(request).filter(talent__in=keys), request.user)
    without = Talent.objects.filter(pk__in=keys, journeys=None).without_sensitive().order_by("name_sort_key")
    context = {
        "list": ListPage(request, found, sorts=SORTS, default_sort="-moved"),
        "without": without,
        "waiting": having_ticks_waiting_for(request.user, Journey.objects.filter(talent__in=keys)).count(),
    }
    return render(request, "pathways/mentees.html", context)


@requires(P.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def start_for(request: SignedInRequest) -> HttpResponse:
    """Without a person chosen yet: search one; then the pathway."""
    talents = Talent.objects.visible_to(request.user).registered().without_sensitive()
    chosen: Any = talents.filter(pk=number_from(request.GET.get("talent"))).first()
    if chosen and not request.user.may(P.EDIT_PEOPLE, chosen):
        raise PermissionDenied
    form = StartForm(request.POST or None, talent=chosen, at=timezone.now()) if chosen else None
    if form is not None and form.is_valid():
        with told_on(form):
            made = actions.start(by=request.user, at=timezone.now(), talent=chosen, **form.cleaned_data)
            messages.success(request, _("The roadmap is drawn."))
            return redirect("pathways:journey", made.pk)
    query = request.GET.get("q", "").strip()
    context = {
        "form": form,
        "chosen": chosen,
        "query": query,
        "found": talents.search(query).select_related("region__parent")[:20] if query else (),
        "crumbs": [(_("Roadmaps"), reverse("pathways:list")), (_("Start a roadmap"), "")],
    }
    return render(request, "pathways/start_for.html", context)
