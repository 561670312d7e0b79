"""The talent's own pages: their roadmap, and starting one."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from growth.pathways import actions, facts, presentation
from growth.pathways.models import Journey
from growth.pathways.queries import offered
from growth.pathways.views.common import draw, rows
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on_page
from talentmap.accounts.permissions import Permission as P


@requires(P.APPLY)
@never_cache
@require_safe
def my(request: SignedInRequest) -> HttpResponse:
    """The roadmap that moved last; without one, the pathways that fit."""
    talent = getattr(request.user, "talent", None)
    if talent is None:
        return redirect("people:my_file")
    mine = _mine(request)
    running = mine.active().order_by("-moved_at").first()
    if running and "all" not in request.GET:
        return draw(request, running)
    fitting, others = presentation.offers(talent, _startable(talent), timezone.now())
    context = {
        "fitting": fitting,
        "others": others,
        "journeys": mine.order_by("ended_at", "-moved_at"),
        "layout": "applicant",
        "crumbs": [(_("My roadmap"), reverse("pathways:my")), (_("All pathways"), "")] if running else None,
    }
    return render(request, "pathways/offers.html", context)


def _mine(request: SignedInRequest) -> Any:
    return rows(request).filter(talent__user=request.user)


def _startable(talent: Any) -> QuerySet:
    under_way = Journey.objects.active().filter(talent=talent)
    return offered().exclude(pk__in=under_way.values("pathway"))


@requires(P.APPLY)
@never_cache
@require_http_methods(["GET", "POST"])
def start(request: SignedInRequest, pathway_pk: int) -> HttpResponse:
    """What the pathway asks, then one click."""
    talent = getattr(request.user, "talent", None)
    if talent is None:
        return redirect("people:my_file")
    pathway: Any = get_object_or_404(offered(), pk=pathway_pk)
    if request.method == "POST":
        with told_on_page(request):
            made = actions.start(by=request.user, at=timezone.now(), talent=talent, pathway=pathway)
            messages.success(request, _("Your roadmap is drawn. Here is what comes next."))
            return redirect("pathways:journey", made.pk)
        return redirect("pathways:my")
    fitting, others = presentation.offers(talent, [pathway], timezone.now())
    context = {
        "pathway": pathway,
        "stages": facts.stages_with_milestones(pathway.newest),
        "offer": (fitting + others)[0],
        "layout": "applicant",
        "crumbs": [(_("My roadmap"), reverse("pathways:my")), (pathway.title, "")],
    }
    return render(request, "pathways/start.html", context)
