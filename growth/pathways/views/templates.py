"""Pathway templates: the list, one with its versions, made, copied, renamed, retired."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from growth.pathways import actions
from growth.pathways.choices import JourneyState
from growth.pathways.filters import PathwayFilter
from growth.pathways.forms_editor import PathwayForm, TitleForm, copied_title
from growth.pathways.models import Pathway
from growth.pathways.queries import on_older_versions, with_versions
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on, told_on_page
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.lists import ListPage

ACTIVE = Count("journeys", filter=Q(journeys__state=JourneyState.ACTIVE), distinct=True)
SORTS = {"title": "title", "audience": ("audience", "title"), "people": "people", "made": "made_at"}


def pathway_or_404(request: SignedInRequest, pk: int) -> Pathway:
    found: Pathway = get_object_or_404(with_versions(Pathway.objects.visible_to(request.user)), pk=pk)
    return found


def crumbs(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [(_("Pathway templates"), reverse("pathways:template_list")), *more]


@requires(P.EDIT_PATHWAYS)
@require_safe
def template_list(request: SignedInRequest) -> HttpResponse:
    found = with_versions(Pathway.objects.visible_to(request.user).annotate(people=ACTIVE))
    context = {"list": ListPage(request, found, PathwayFilter, sorts=SORTS, default_sort="title")}
    return render(request, "pathways/templates.html", context)


@requires(P.EDIT_PATHWAYS)
@require_http_methods(["GET", "POST"])
def template_new(request: SignedInRequest) -> HttpResponse:
    form = PathwayForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            made = actions.make(by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The draft is made. Add its stages."))
            return redirect("pathways:editor", made.versions.get().pk)
    title = _("New pathway")
    return render(request, "pathways/form.html", {"form": form, "title": title, "crumbs": crumbs((title, ""))})


@requires(P.EDIT_PATHWAYS)
@require_safe
def template(request: SignedInRequest, pk: int) -> HttpResponse:
    pathway = pathway_or_404(request, pk)
    versions = pathway.versions.select_related("published_by", "edited_by").annotate(people=ACTIVE)
    context = {
        "pathway": pathway,
        "versions": versions.order_by("-number"),
        "behind": on_older_versions(pathway).count(),
        "crumbs": crumbs((pathway.title, "")),
    }
    return render(request, "pathways/template.html", context)


@requires(P.EDIT_PATHWAYS)
@require_http_methods(["GET", "POST"])
def template_copy(request: SignedInRequest, pk: int) -> HttpResponse:
    pathway = pathway_or_404(request, pk)
    form = TitleForm(request.POST or None, initial={"title": copied_title(pathway)})
    if form.is_valid():
        with told_on(form):
            made = actions.copy(by=request.user, at=timezone.now(), pathway=pathway, **form.cleaned_data)
            messages.success(request, _("The copy is made as a draft."))
            return redirect("pathways:editor", made.versions.get().pk)
    return _titled(request, pathway, form, _("Copy the pathway"))


@requires(P.EDIT_PATHWAYS)
@require_http_methods(["GET", "POST"])
def template_rename(request: SignedInRequest, pk: int) -> HttpResponse:
    pathway = pathway_or_404(request, pk)
    form = TitleForm(request.POST or None, initial={"title": pathway.title})
    if form.is_valid():
        with told_on(form):
            actions.describe(by=request.user, at=timezone.now(), pathway=pathway, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("pathways:template", pk)
    return _titled(request, pathway, form, _("Rename the pathway"))


def _titled(request: SignedInRequest, pathway: Pathway, form: Any, title: str) -> HttpResponse:
    address = reverse("pathways:template", args=[pathway.pk])
    context = {
        "form": form,
        "title": title,
        "back": address,
        "crumbs": crumbs((pathway.title, address), (title, "")),
    }
    return render(request, "pathways/form.html", context)


@requires(P.EDIT_PATHWAYS)
@require_POST
def template_retire(request: SignedInRequest, pk: int) -> HttpResponse:
    pathway = pathway_or_404(request, pk)
    with told_on_page(request):
        if pathway.retired_at:
            actions.bring_back(by=request.user, at=timezone.now(), pathway=pathway)
            messages.success(request, _("The pathway is offered again."))
        else:
            actions.retire(by=request.user, at=timezone.now(), pathway=pathway)
            messages.success(request, _("The pathway is retired: nobody starts it any more, who is on it goes on."))
    return redirect("pathways:template", pk)


@requires(P.EDIT_PATHWAYS)
@require_POST
def template_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """The draft that there is, or a new one."""
    pathway = pathway_or_404(request, pk)
    with told_on_page(request):
        draft = actions.start_draft(by=request.user, at=timezone.now(), pathway=pathway)
        return redirect("pathways:editor", draft.pk)
    return redirect("pathways:template", pk)


@requires(P.EDIT_PATHWAYS)
@require_POST
def template_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Everybody who is still on an older version, to the newest one."""
    pathway = pathway_or_404(request, pk)
    with told_on_page(request):
        count = actions.move_everybody(by=request.user, at=timezone.now(), pathway=pathway)
        told = ngettext("%(count)s person follows the newest version now.",
                        "%(count)s people follow the newest version now.", count)  # fmt: skip
        messages.success(request, told % {"count": count})
    return redirect("pathways:template", pk)
