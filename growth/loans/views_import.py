"""The bank's files of repayments: upload, how far one is, what was made of it, all that there are."""

from typing import Any

from django.contrib import messages
from django.core.files import File
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from growth.loans import actions
from growth.loans.actions.importing import LIMIT_ROWS
from growth.loans.filters import RepaymentFileFilter
from growth.loans.forms import ImportForm
from growth.loans.models_repayment import RepaymentFile, RepaymentLine
from growth.loans.querysets import RepaymentFileQuerySet
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.people.models import Organisation
from talentmap.ui.lists import ListPage
from talentmap.ui.workbooks import BadFile

Verdict = RepaymentLine.Verdict
Crumbs = list[tuple[str, str]]


def _banks(request: SignedInRequest) -> QuerySet:
    return Organisation.objects.filter(pk__in=request.user.reach(P.LEND).organisation_ids, kind="bank")


def _files(request: SignedInRequest) -> RepaymentFileQuerySet:
    return RepaymentFile.objects.visible_to(request.user).select_related("bank", "by").defer("entries")


@requires(P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def repayment_import(request: SignedInRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None, banks=_banks(request))
    context: dict[str, Any] = {"form": form, "limit": LIMIT_ROWS, "crumbs": _crumbs(_("Import repayments"))}
    if form.is_valid():
        with told_on(form):
            if made := _import(request, form.cleaned_data["bank"], form.cleaned_data["file"], context):
                return redirect("loans:repayment_file", made.pk)
    return render(request, "loans/import.html", context)


def _import(request: SignedInRequest, bank: Organisation, file: File, context: dict[str, Any]) -> RepaymentFile | None:
    """Read the file and have it entered; None where cells cannot be read, which go into the page's context."""
    try:
        upload = actions.read_upload(file)
    except BadFile as error:
        if not error.errors:  # what is wrong is the file as a whole
            raise
        context["file_errors"] = error.errors
        return None
    at = timezone.now()
    made = actions.import_repayments(by=request.user, at=at, bank=bank, upload=upload)
    if made.at != at and made.is_open:
        messages.info(request, _("This file is being entered already."))
    elif made.at != at:
        said = _("This file was imported on %(day)s by %(person)s already: 0 repayments are new.")
        messages.info(request, said % {"day": f"{timezone.localtime(made.at):%Y-%m-%d}", "person": made.by})
    return made


@requires(P.LEND, P.MANAGE_LOANS)
@require_safe
def repayment_file_list(request: SignedInRequest) -> HttpResponse:
    page = ListPage(request, _files(request).with_later(), RepaymentFileFilter, sorts={"at": "pk"}, default_sort="-at")
    context = {
        "list": page,
        "is_busy": any(row.is_open for row in page.rows),
        "may_import": request.user.may(P.LEND),
        "crumbs": _crumbs(_("Repayment files")),
    }
    return render(request, "loans/repayment_files.html", context)


@requires(P.LEND, P.MANAGE_LOANS)
@require_safe
def repayment_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was made of each row; while rows are being entered, how far that is."""
    file = get_object_or_404(_files(request), pk=pk)
    counts = dict(file.lines.values_list("verdict").annotate(Count("pk")).order_by())
    context: dict[str, Any] = {"file": file, "percent": 100 * sum(counts.values()) // max(file.rows, 1)}
    if request.htmx and request.htmx.target == "entering":
        response = render(request, "loans/parts/entering.html", context)
        if not file.is_open:
            response["HX-Refresh"] = "true"  # there is more to show than the progress now
        return response
    return render(request, "loans/repayment_file.html", context | _lines(request, file, counts))


def _lines(request: SignedInRequest, file: RepaymentFile, counts: dict[str, int]) -> dict[str, Any]:
    shown = request.GET.get("verdict", "")
    rows = file.lines.select_related("repayment__loan")
    rows = rows.filter(verdict=shown) if shown in Verdict.values else rows
    tabs = [
        {"value": value, "label": label, "count": counts.get(value, 0), "current": value == shown}
        for value, label in Verdict.choices
        if counts.get(value)
    ]
    return {
        "list": ListPage(request, rows, sorts={"row": "row"}, default_sort="row", page_size=100),
        "tabs": tabs,
        "total": sum(counts.values()),
        "may_repeat": request.user.may(P.LEND, file.bank),
        "later": _files(request).filter(bank=file.bank, sha256=file.sha256, attempt__gt=file.attempt).last(),
        "all_shown": shown not in Verdict.values,
        "crumbs": [*_crumbs(_("Repayment files"), reverse("loans:repayment_file_list")), (file.name, "")],
    }


def _crumbs(title: str, url: str = "") -> Crumbs:
    return [(_("Loans"), reverse("loans:loan_list")), (title, url)]
