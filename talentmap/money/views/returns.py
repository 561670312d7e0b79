"""The bank's answers: import of a return file, its rows, and a single answer by hand."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.files import File
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.money import actions, return_files
from talentmap.money.forms import AnswerForm, ReturnFileForm
from talentmap.money.models import BatchLine, PaymentBatch, ReturnFile, ReturnLine
from talentmap.money.views.batches import line_of
from talentmap.money.views.common import PAYERS
from talentmap.ui.lists import ListPage
from talentmap.ui.workbooks import BadFile

Verdict = ReturnLine.Verdict


@requires(P.IMPORT_RETURN)
@require_http_methods(["GET", "HEAD", "POST"])
def return_import(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(PaymentBatch.objects.visible_to(request.user).select_related("fund"), pk=pk)
    form = ReturnFileForm(request.POST or None, request.FILES or None)
    context = {"batch": batch, "form": form, "crumbs": _crumbs(batch, _("Return file"))}
    if form.is_valid():
        with told_on(form):
            file = _import(request, batch, form.cleaned_data["file"], context)
            _say_imported(request, file)
            return redirect(file)
    return render(request, "money/return_import.html", context)


def _import(request: SignedInRequest, batch: PaymentBatch, file: File, context: dict[str, Any]) -> ReturnFile:
    """Read and apply the file; the cells that cannot be read go into the page's context."""
    try:
        upload = return_files.read_upload(file)
    except BadFile as error:
        context["file_errors"] = error.errors
        raise
    return actions.import_return(by=request.user, at=timezone.now(), batch=batch, upload=upload)


def _say_imported(request: SignedInRequest, file: ReturnFile) -> None:
    counts = Counter(file.counts)
    odd = counts.total() - counts[Verdict.PAID] - counts[Verdict.FAILED] - counts[Verdict.KNOWN]
    done = _("Imported: %(paid)s paid, %(failed)s failed.") % {
        "paid": counts[Verdict.PAID],
        "failed": counts[Verdict.FAILED],
    }
    messages.success(request, done)
    if odd:
        messages.warning(request, _("%(count)s rows changed nothing and need a look.") % {"count": odd})


@requires(*PAYERS)
@require_safe
def return_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    files = ReturnFile.objects.visible_to(request.user).select_related("batch", "imported_by")
    file = get_object_or_404(files, pk=pk)
    rows = file.lines.select_related("line__payable__application__applicant")
    shown = request.GET.get("verdict", "")
    rows = rows.filter(verdict=shown) if shown in Verdict.values else rows
    tabs = [
        {"value": value, "label": label, "count": file.counts.get(value, 0), "current": value == shown}
        for value, label in Verdict.choices
        if file.counts.get(value)
    ]
    context = {
        "file": file,
        "list": ListPage(request, rows, sorts={"row": "row"}, default_sort="row", page_size=100),
        "tabs": tabs,
        "total": sum(file.counts.values()),
        "all_shown": shown not in Verdict.values,
        "crumbs": _crumbs(file.batch, file.name),
    }
    return render(request, "money/return.html", context)


@requires(P.IMPORT_RETURN)
@require_http_methods(["GET", "HEAD", "POST"])
def line_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    line = line_of(request, pk)
    form = AnswerForm(request.POST or None, initial={"result": "failed" if line.outcome == "paid" else "paid"})
    if form.is_valid():
        with told_on(form):
            actions.record_answer(by=request.user, at=timezone.now(), line=line, **form.cleaned_data)
            messages.success(request, _("Recorded: %(reference)s.") % {"reference": line.reference})
            return redirect(line.batch)
    came_back = line.outcome == BatchLine.Outcome.PAID
    context = {"line": line, "form": form, "came_back": came_back, "crumbs": _crumbs(line.batch, line.reference)}
    return render(request, "money/line_answer.html", context)


def _crumbs(batch: PaymentBatch, title: str) -> list[tuple[str, str]]:
    return [
        (_("Payment batches"), reverse("money:batch_list")),
        (batch.number, batch.get_absolute_url()),
        (title, ""),
    ]
