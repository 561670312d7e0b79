"""The question bank as a page, and as what the builder takes from it and puts into it."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from needs.surveys.questionnaires import actions
from needs.surveys.questionnaires.bank_items import summary
from needs.surveys.questionnaires.documents import BadDocument
from needs.surveys.questionnaires.filters import BankFilter
from needs.surveys.questionnaires.forms import BankForm
from needs.surveys.questionnaires.models import BankQuestion
from needs.surveys.questionnaires.views.builder import read_json, refused
from needs.surveys.questionnaires.words import TYPE_WORDS
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.errors import reasons
from talentmap.ui.lists import ListPage

SORTS = {"title": "title", "topic": ("topic", "title"), "made_at": "made_at"}
OFFERED = 500


@requires(P.EDIT_QUESTIONNAIRES)
@require_safe
def question_bank(request: SignedInRequest) -> HttpResponse:
    found = BankQuestion.objects.select_related("made_by")
    page = ListPage(request, found, BankFilter, sorts=SORTS, default_sort="topic")
    context = {"list": page, "rows": [(row, type_of(row), _asked(row)) for row in page.rows]}
    return render(request, "surveys/questionnaires/bank.html", context)


def type_of(row: BankQuestion) -> Any:
    return TYPE_WORDS[row.item["type"] if row.item["kind"] == "question" else row.item["kind"]]


def _asked(row: BankQuestion) -> list[str]:
    return summary(row.item, row.choices)[:8]


@requires(P.EDIT_QUESTIONNAIRES)
@require_http_methods(["GET", "HEAD", "POST"])
def bank_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(BankQuestion, pk=pk)
    form = BankForm(request.POST or None, instance=get_object_or_404(BankQuestion, pk=pk))
    if form.is_valid():
        with told_on(form):
            actions.rename_in_bank(by=request.user, at=timezone.now(), entry=row, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("surveys:question_bank")
    context = {
        "form": form,
        "entry": row,
        "type": type_of(row),
        "asked": summary(row.item, row.choices),
        "crumbs": [(_("Question bank"), reverse("surveys:question_bank")), (row.title, "")],
    }
    return render(request, "surveys/questionnaires/bank_edit.html", context)


@requires(P.EDIT_QUESTIONNAIRES)
@require_POST
def bank_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(BankQuestion, pk=pk)
    actions.delete_from_bank(by=request.user, at=timezone.now(), entry=row)
    messages.success(request, _("“%(title)s” is deleted from the bank.") % {"title": row.title})
    return redirect("surveys:question_bank")


@requires(P.EDIT_QUESTIONNAIRES)
@never_cache
@require_safe
def bank_items(request: SignedInRequest) -> JsonResponse:
    """All of it, for the builder's dialog: a county's bank is short."""
    rows = BankQuestion.objects.order_by("topic", "title")[:OFFERED]
    return JsonResponse({"items": [_offered(row) for row in rows]})


def _offered(row: BankQuestion) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "title": row.title,
        "topic": row.topic,
        "type": str(type_of(row)),
        "asked": _asked(row),
        "item": row.item,
        "choices": row.choices,
    }


@requires(P.EDIT_QUESTIONNAIRES)
@require_POST
def bank_keep(request: SignedInRequest) -> JsonResponse:
    """Takes `{"title", "topic", "item", "choices"}` from the builder; 201, or 400 with reasons."""
    try:
        sent = read_json(request)
        form = BankForm({name: sent.get(name) for name in ("title", "topic") if isinstance(sent.get(name), str)})
        if not form.is_valid():
            return refused([f"{label}: {text}".removeprefix(": ") for _id, label, text in form.error_links])
        row = actions.keep_in_bank(
            by=request.user, at=timezone.now(), item=sent.get("item"), choices=sent.get("choices", {}),
            **form.cleaned_data,
        )  # fmt: skip
    except BadDocument as bad:
        return refused(bad.reasons)
    except (IntegrityError, ValidationError) as error:
        return refused(reasons(error) or [_("That did not work.")])
    return JsonResponse(_offered(row), status=HTTPStatus.CREATED)
