"""One version to read: its questions, how they hang together, what is new in it, and how a respondent sees it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from needs.surveys import engine
from needs.surveys.form_texts import icon_sheet, texts
from needs.surveys.questionnaires import differences, logic, trouble
from needs.surveys.questionnaires.documents import question_count
from needs.surveys.questionnaires.models import Version
from needs.surveys.questionnaires.outline import outline
from needs.surveys.questionnaires.settled import compiled, settled
from needs.surveys.questionnaires.views.common import (
    name_of,
    of_questionnaire,
    questionnaire_of,
    version_of,
)
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.numbers import number_from


def _context(request: SignedInRequest, version: Version, title: str) -> dict[str, Any]:
    return {
        "version": version,
        "questionnaire": version.questionnaire,
        "name": name_of(version),
        "may_edit": request.user.may(P.EDIT_QUESTIONNAIRES),
        "crumbs": of_questionnaire(version.questionnaire, title),
    }


@requires(P.VIEW_SURVEYS)
@require_safe
def version(request: SignedInRequest, pk: int) -> HttpResponse:
    """The questionnaire to read and to print."""
    row = version_of(request, pk)
    context = _context(request, row, name_of(row)) | {
        "rows": outline(row.document),
        "questions": question_count(row.document),
        "languages": [language for language in row.document.get("languages", []) if language],
    }
    return render(request, "surveys/questionnaires/version.html", context)


@requires(P.VIEW_SURVEYS)
@require_safe
def version_logic(request: SignedInRequest, pk: int) -> HttpResponse:
    row = version_of(request, pk)
    context = _context(request, row, _("Logic")) | logic.context(settled(row))
    return render(request, "surveys/questionnaires/logic.html", context)


@requires(P.VIEW_SURVEYS)
@require_safe
def version_preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """The form as respondents see it; what is typed in stays in the browser."""
    row = version_of(request, pk)
    problems = [] if row.is_published else trouble.of_version(row)
    context = _context(request, row, _("Preview")) | {"problems": problems}
    if not problems:
        context |= {"compiled": compiled(row), "words": _words(request), "texts": texts(), "sheet": icon_sheet()}
    return render(request, "surveys/questionnaires/preview.html", context)


def _words(request: SignedInRequest) -> dict[str, Any]:
    return {
        "username": request.user.username,
        "messages": engine.client_messages(),
        "columns": [pgettext("questionnaire", "Question"), _("Stable id"), pgettext("survey", "Answer")],
        "none": _("Nothing is answered yet."),
        "finished": _("The form is complete. A respondent's answers would be sent now."),
    }


@requires(P.VIEW_SURVEYS)
@require_safe
def compare(request: SignedInRequest, pk: int) -> HttpResponse:
    """Any two versions; without a choice the newest two."""
    row = questionnaire_of(request, pk)
    versions = list(row.versions.visible_to(request.user).order_by("-number").defer("document", "compiled"))
    new = _chosen(request, "new", versions, versions[0] if versions else None)
    older = [version for version in versions if new and version.number < new.number]
    old = _chosen(request, "old", versions, older[0] if older else None)
    context = {
        "questionnaire": row,
        "versions": versions,
        "old": old,
        "new": new,
        "changes": differences.between(settled(old), settled(new)) if old and new else None,
        "crumbs": of_questionnaire(row, _("Compare versions")),
    }
    return render(request, "surveys/questionnaires/compare.html", context)


def _chosen(request: SignedInRequest, name: str, versions: list[Version], default: Version | None) -> Version | None:
    number = number_from(request.GET.get(name))
    return next((version for version in versions if version.number == number), default)
