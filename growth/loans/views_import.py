"""The bank's file of repayments: upload, what was made of it, earlier files."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.files import File
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from growth.loans import actions
from growth.loans.actions.importing import LIMIT_ROWS
from growth.loans.forms import ImportForm
from growth.loans.models_repayment import RepaymentFile, RepaymentLine
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.people.models import Organisation
from talentmap.ui.lists import ListPage
from talentmap.ui.workbooks import BadFile

Verdict = RepaymentLine.Verdict


def _banks(request: SignedInRequest) -> QuerySet:
    return Organisation.objects.filter(pk__in=request.user.reach(P.LEND).organisation_ids, kind="bank")


@requires(P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def repayment_import(request: SignedInRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None, banks=_banks(request))
    context: dict[str, Any] = {"form": form, "limit": LIMIT_ROWS, "crumbs": _crumbs(_("Import repayments"))}
    before = list(RepaymentFile.objects.visible_to(request.user).select_related("by")[:20])
    again = {(file.bank_id, file.sha256, file.attempt - 1) for file in before}
    context["files"] = [
        (file, *_booked_and_odd(file), (file.bank_id, file.sha256, file.attempt) in again) for file in before
    ]
    if form.is_valid():
        with told_on(form):
            at = timezone.now()
            made = _import(request, at, form.cleaned_data["bank"], form.cleaned_data["file"], context)
            _say(request, made, is_new=made.at == at)
            return redirect("loans:repayment_file", made.pk)
    return render(request, "loans/import.html", context)


def _import(
    request: SignedInRequest, at: datetime, bank: Organisation, file: File, context: dict[str, Any]
) -> RepaymentFile:
    """Read and enter the file; the cells that cannot be read go into the page's context."""
    try:
        upload = actions.read_upload(file)
    except BadFile as error:
        context["file_errors"] = error.errors
        raise
    return actions.import_repayments(by=request.user, at=at, bank=bank, upload=upload)


def _say(request: SignedInRequest, made: RepaymentFile, *, is_new: bool) -> None:
    (booked, odd), known = _booked_and_odd(made), made.counts.get(Verdict.KNOWN, 0)
    if not is_new:
        said = _("This file was imported on %(day)s by %(person)s already: 0 repayments are new.")
        messages.info(request, said % {"day": f"{timezone.localtime(made.at):%Y-%m-%d}", "person": made.by})
        return
    if made.attempt > 1:
        said = _("This file was imported before: only the rows not entered then were tried again; %(booked)s are new.")
        messages.info(request, said % {"booked": booked})
    elif booked or known:
        said = _("%(booked)s repayments entered, %(known)s were known.") % {"booked": booked, "known": known}
        messages.success(request, said)
    if odd:
        messages.warning(request, _("%(count)s rows changed nothing and need a look.") % {"count": odd})


def _booked_and_odd(file: RepaymentFile) -> tuple[int, int]:
    """How many rows were entered, and how many changed nothing though they are not known."""
    booked, known = file.counts.get(Verdict.BOOKED, 0), file.counts.get(Verdict.KNOWN, 0)
    return booked, sum(file.counts.values()) - booked - known


@requires(P.LEND, P.MANAGE_LOANS)
@require_safe
def repayment_file(request: SignedInRequest, pk: int) -> HttpResponse:
    file = get_object_or_404(RepaymentFile.objects.visible_to(request.user).select_related("bank", "by"), pk=pk)
    shown = request.GET.get("verdict", "")
    rows = file.lines.select_related("repayment__loan")
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
        "odd": _booked_and_odd(file)[1] if request.user.may(P.LEND, file.bank) else 0,
        "later": RepaymentFile.objects.filter(bank=file.bank, sha256=file.sha256, attempt__gt=file.attempt).last(),
        "all_shown": shown not in Verdict.values,
        "crumbs": _crumbs(file.name),
    }
    return render(request, "loans/repayment_file.html", context)


def _crumbs(title: str) -> list[tuple[str, str]]:
    return [(_("Loans"), reverse("loans:loan_list")), (title, "")]
