"""The list of questionnaires, one of them, a new one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from needs.surveys.campaigns.models import Campaign
from needs.surveys.questionnaires import actions, ready
from needs.surveys.questionnaires.documents import Document
from needs.surveys.questionnaires.filters import QuestionnaireFilter
from needs.surveys.questionnaires.forms import EMPTY, DescribeForm, NewForm
from needs.surveys.questionnaires.listing import listed, retired_count, versions_of
from needs.surveys.questionnaires.models import Questionnaire, Version
from needs.surveys.questionnaires.views.common import crumbs, of_questionnaire, questionnaire_of
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on, told_on_page
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.lists import ListPage

SORTS = {
    "title": "title",
    "audience": "audience",
    "latest": "latest",
    "asked": "asked",
    "in_field": "in_field",
    "edited": "edited",
}


@requires(P.VIEW_SURVEYS)
@require_safe
def questionnaire_list(request: SignedInRequest) -> HttpResponse:
    found = listed(Questionnaire.objects.visible_to(request.user))
    context = {
        "list": ListPage(request, found, QuestionnaireFilter, sorts=SORTS, default_sort="-edited"),
        "may_edit": request.user.may(P.EDIT_QUESTIONNAIRES),
    }
    return render(request, "surveys/questionnaires/list.html", context)


@requires(P.VIEW_SURVEYS)
@require_safe
def questionnaire(request: SignedInRequest, pk: int) -> HttpResponse:
    row = questionnaire_of(request, pk)
    versions = list(versions_of(row.versions.visible_to(request.user)))
    campaigns = Campaign.objects.visible_to(request.user).filter(questionnaire=row).select_related("version")
    context = {
        "questionnaire": row,
        "versions": _with_campaigns(versions, list(campaigns.defer("version__document", "version__compiled"))),
        "draft": next((version for version in versions if not version.is_published), None),
        "published": [version for version in versions if version.is_published],
        "retired": retired_count(row),
        "may_edit": request.user.may(P.EDIT_QUESTIONNAIRES),
        "crumbs": crumbs((row.title, "")),
    }
    return render(request, "surveys/questionnaires/questionnaire.html", context)


def _with_campaigns(versions: list[Version], campaigns: list[Campaign]) -> list[tuple[Version, list[Campaign]]]:
    return [(version, [each for each in campaigns if each.version_id == version.pk]) for version in versions]


@requires(P.EDIT_QUESTIONNAIRES)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_new(request: SignedInRequest) -> HttpResponse:
    copied = Questionnaire.objects.filter(versions__isnull=False).distinct().order_by("title")
    form = NewForm(request.POST or None, initial=_initial(request), questionnaires=copied)
    if form.is_valid():
        with told_on(form):
            source = form.cleaned_data.pop("source")
            made = actions.make_questionnaire(
                by=request.user, at=timezone.now(), document=_source(source), **form.cleaned_data
            )
            return redirect("surveys:builder", made.versions.get().pk)
    context = {"form": form, "ready": ready.offered(), "crumbs": crumbs((_("New questionnaire"), ""))}
    return render(request, "surveys/questionnaires/new.html", context)


def _initial(request: SignedInRequest) -> dict[str, Any]:
    """The page's own links choose what to begin with."""
    source = request.GET.get("source", EMPTY)
    kind, _colon, code = source.partition(":")
    offered = {each.code: each for each in ready.offered()}
    if kind == "ready" and code in offered:
        return {"source": source, "title": offered[code].title, "audience": code}
    return {"source": source, "audience": Questionnaire.Audience.OTHER}


def _source(source: str) -> Document | None:
    """The document that a choice of the form stands for; the form has checked that there is one."""
    kind, _colon, code = source.partition(":")
    if kind == "ready":
        return ready.document(code)
    if kind == "copy":
        newest = Version.objects.filter(questionnaire=int(code)).order_by("-number").first()
        return newest.document if newest else None
    return None


@requires(P.EDIT_QUESTIONNAIRES)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    row = questionnaire_of(request, pk)
    form = DescribeForm(request.POST or None, instance=questionnaire_of(request, pk))
    if form.is_valid():
        with told_on(form):
            actions.describe(by=request.user, at=timezone.now(), questionnaire=row, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("surveys:questionnaire", row.pk)
    context = {"form": form, "questionnaire": row, "crumbs": of_questionnaire(row, _("Title and description"))}
    return render(request, "surveys/questionnaires/edit.html", context)


@requires(P.EDIT_QUESTIONNAIRES)
@require_POST
def questionnaire_archive(request: SignedInRequest, pk: int) -> HttpResponse:
    row = questionnaire_of(request, pk)
    with told_on_page(request):
        actions.archive(by=request.user, at=timezone.now(), questionnaire=row)
        messages.success(request, _("The questionnaire is archived. Campaigns in the field go on."))
    return redirect("surveys:questionnaire", row.pk)


@requires(P.EDIT_QUESTIONNAIRES)
@require_POST
def questionnaire_bring_back(request: SignedInRequest, pk: int) -> HttpResponse:
    row = questionnaire_of(request, pk)
    with told_on_page(request):
        actions.bring_back(by=request.user, at=timezone.now(), questionnaire=row)
        messages.success(request, _("The questionnaire is in use again."))
    return redirect("surveys:questionnaire", row.pk)


@requires(P.EDIT_QUESTIONNAIRES)
@require_POST
def draft_start(request: SignedInRequest, pk: int) -> HttpResponse:
    row = questionnaire_of(request, pk)
    with told_on_page(request):
        draft = actions.start_draft(by=request.user, at=timezone.now(), questionnaire=row)
        return redirect("surveys:builder", draft.pk)
    return redirect("surveys:questionnaire", row.pk)
