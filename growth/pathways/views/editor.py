"""The editor of a draft: stages and milestones, their order by keyboard, preview, publishing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from growth.pathways import actions, facts, rules
from growth.pathways.forms_editor import MilestoneForm, PublishForm, StageForm, SummaryForm
from growth.pathways.models import PathwayVersion
from growth.pathways.presentation import met_through
from growth.pathways.queries import on_older_versions
from growth.pathways.views.templates import crumbs
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on, told_on_page
from talentmap.accounts.permissions import Permission as P


def version_or_404(request: SignedInRequest, pk: int) -> PathwayVersion:
    found = PathwayVersion.objects.visible_to(request.user).select_related("pathway", "edited_by", "published_by")
    version: PathwayVersion = get_object_or_404(found, pk=pk)
    return version


def draft_or_404(request: SignedInRequest, pk: int) -> PathwayVersion:
    version = version_or_404(request, pk)
    if version.is_published:
        raise Http404
    return version


def _crumbs(version: PathwayVersion, *more: str) -> list[tuple[Any, str]]:
    pathway = (version.pathway.title, reverse("pathways:template", args=[version.pathway_id]))
    name = _("Version %(number)s") % {"number": version.number}
    address = reverse("pathways:editor", args=[version.pk]) if more else ""
    return crumbs(pathway, (name, address), *((label, "") for label in more))


@requires(P.EDIT_PATHWAYS)
@require_safe
def editor(request: SignedInRequest, pk: int) -> HttpResponse:
    """A draft with everything to edit it; a published version as it is."""
    return _drawn(request, version_or_404(request, pk))


def _drawn(request: SignedInRequest, version: PathwayVersion) -> HttpResponse:
    rows = facts.stages_with_milestones(version)
    milestones: list[Any] = [each for row in rows for each in row.milestones.all()]
    for each in milestones:
        each.through = met_through(each.record, each.record_value) if each.record else ""
    context = {
        "version": version,
        "stages": rows,
        "problems": () if version.is_published else rules.problems(facts.plan_of_rows(rows)),
        "crumbs": _crumbs(version),
    }
    return render(request, "pathways/editor.html", context)


@requires(P.EDIT_PATHWAYS)
@require_safe
def preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """As somebody sees it who has just started."""
    version = version_or_404(request, pk)
    rows = facts.stages_with_milestones(version)
    context = {"version": version, "stages": rows, "layout": "applicant", "crumbs": _crumbs(version, _("Preview"))}
    return render(request, "pathways/preview.html", context)


def _asked(request: SignedInRequest, version: PathwayVersion, form: Any, title: str, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "version": version,
        "back": reverse("pathways:editor", args=[version.pk]),
        "crumbs": _crumbs(version, title),
        **more,
    }
    return render(request, "pathways/form.html", context)


def _back(version: PathwayVersion, place: str = "") -> HttpResponse:
    page = redirect("pathways:editor", version.pk)
    if place:
        page["Location"] += f"#{place}"
    return page


@requires(P.EDIT_PATHWAYS)
@require_http_methods(["GET", "POST"])
def summary(request: SignedInRequest, pk: int) -> HttpResponse:
    version = draft_or_404(request, pk)
    initial = {"summary": version.summary, "revision": version.revision}
    form = SummaryForm(request.POST or None, initial=initial)
    if form.is_valid():
        with told_on(form):
            actions.summarise(by=request.user, at=timezone.now(), version=version, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return _back(version)
    return _asked(request, version, form, _("In short"))


@requires(P.EDIT_PATHWAYS)
@require_http_methods(["GET", "POST"])
def stage(request: SignedInRequest, pk: int, code: str = "") -> HttpResponse:
    """Change a stage, or add one."""
    version = draft_or_404(request, pk)
    held = get_object_or_404(version.stages, code=code) if code else None
    form = StageForm(request.POST or None, instance=held, version=version, initial={"revision": version.revision})
    if form.is_valid():
        with told_on(form):
            made = actions.save_stage(
                by=request.user,
                at=timezone.now(),
                version=version,
                revision=form.cleaned_data["revision"],
                code=code,
                values=form.values(),
            )
            messages.success(request, _("Saved."))
            return _back(version, f"s-{made.code}")
    return _asked(request, version, form, _("Change the stage") if held else _("Add a stage"))


@requires(P.EDIT_PATHWAYS)
@require_http_methods(["GET", "POST"])
def milestone(request: SignedInRequest, pk: int, code: str = "") -> HttpResponse:
    """Change a milestone, or add one to the stage that the address names."""
    version = draft_or_404(request, pk)
    held = get_object_or_404(version.milestones.select_related("stage"), code=code) if code else None
    wanted = held.stage.code if held else request.GET.get("stage", "")
    initial = {"revision": version.revision, "stage_code": wanted}
    form = MilestoneForm(request.POST or None, instance=held, version=version, initial=initial)
    if form.is_valid():
        with told_on(form):
            made = actions.save_milestone(
                by=request.user,
                at=timezone.now(),
                version=version,
                revision=form.cleaned_data["revision"],
                code=code,
                stage=form.cleaned_data["stage_code"],
                values=form.values(),
            )
            messages.success(request, _("Saved."))
            return _back(version, f"m-{made.code}")
    return _asked(
        request, version, form, _("Change the milestone") if held else _("Add a milestone"), is_milestone=True
    )


MOVES = {"stage": actions.move_stage, "milestone": actions.move_milestone}
DELETIONS = {"stage": actions.delete_stage, "milestone": actions.delete_milestone}


@requires(P.EDIT_PATHWAYS)
@require_POST
def move(request: SignedInRequest, pk: int, what: str, code: str, way: str) -> HttpResponse:
    """One place up or down: htmx takes the new order out of the page, and the button keeps the cursor."""
    version = draft_or_404(request, pk)
    if what not in MOVES or way not in ("up", "down"):
        raise Http404
    with told_on_page(request):
        MOVES[what](by=request.user, at=timezone.now(), version=version, code=code, up=way == "up")
    if request.htmx:
        return _drawn(request, version)
    return _back(version, f"{what[0]}-{code}")


@requires(P.EDIT_PATHWAYS)
@require_POST
def delete(request: SignedInRequest, pk: int, what: str, code: str) -> HttpResponse:
    version = draft_or_404(request, pk)
    if what not in DELETIONS:
        raise Http404
    with told_on_page(request):
        DELETIONS[what](by=request.user, at=timezone.now(), version=version, code=code)
        messages.success(request, _("Deleted."))
    return _back(version)


@requires(P.EDIT_PATHWAYS)
@require_http_methods(["GET", "POST"])
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    version = draft_or_404(request, pk)
    form = PublishForm(request.POST or None, initial={"revision": version.revision})
    if form.is_valid():
        with told_on(form):
            actions.publish(by=request.user, at=timezone.now(), version=version, **form.cleaned_data)
            messages.success(request, _("Published. Whoever starts from now on follows this version."))
            return redirect("pathways:template", version.pathway_id)
    plan = facts.plan_of(version)
    before = version.pathway.newest
    more = {
        "is_publishing": True,
        "problems": rules.problems(plan),
        "difference": rules.difference(facts.plan_of(before), plan) if before else None,
        "behind": on_older_versions(version.pathway).count(),
    }
    return _asked(request, version, form, _("Publish version %(number)s") % {"number": version.number}, **more)


@requires(P.EDIT_PATHWAYS)
@require_POST
def delete_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    version = draft_or_404(request, pk)
    pathway_pk, alone = version.pathway_id, False
    with told_on_page(request):
        alone = actions.delete_draft(by=request.user, at=timezone.now(), version=version)
        messages.success(request, _("The draft is deleted."))
    return redirect("pathways:template_list") if alone else redirect("pathways:template", pathway_pk)
