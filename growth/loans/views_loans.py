"""The portfolio, and one loan with all that belongs to it."""

from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from growth.loans import presentation
from growth.loans.actions.common import payments, plans
from growth.loans.duties import is_own_loan
from growth.loans.filters import LoanFilter
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Disbursement, Repayment, Schedule, SubsidyBooking
from growth.loans.models_write_off import WriteOff
from growth.loans.schedules import Row
from growth.loans.standing import dues, settled_on
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.lists import ListPage

SORTS = {
    "person": "talent__name_sort_key",
    "bank": "bank__name_sort_key",
    "amount": "amount",
    "outstanding": "outstanding",
    "arrears": "arrears",
    "next_due": "next_due_on",
    "approved": ("approved_on", "pk"),
}
SEEN_BY_OFFICE = (P.VIEW_LOANS,)


def visible_loans(request: SignedInRequest) -> QuerySet:
    found = Loan.objects.visible_to(request.user).without_secrets()
    return found.select_related("talent", "bank", "guarantor", "application__region__parent")


def loan_or_404(request: SignedInRequest, pk: int) -> Loan:
    return get_object_or_404(visible_loans(request).select_related("tariff"), pk=pk)


def _list(request: SignedInRequest) -> ListPage:
    rows = visible_loans(request)
    return ListPage(request, rows, LoanFilter, sorts=SORTS, default_sort="-approved", keys_first=True)


@requires(*SEEN_BY_OFFICE)
@require_safe
def loan_list(request: SignedInRequest) -> HttpResponse:
    page, today = _list(request), timezone.localdate()
    context = {
        "list": page,
        "rows": [(row, presentation.overdue_days(row, today)) for row in page.rows],
        "shows_bank": request.user.may(P.MANAGE_LOANS) or not request.user.may(P.LEND),
        "sums": _sums(page.queryset),
        "may_export": request.user.may(P.VIEW_LOANS),
        "may_import": request.user.may(P.LEND),
        "may_read_files": request.user.may(P.LEND) or request.user.may(P.MANAGE_LOANS),
    }
    return render(request, "loans/loans.html", context)


def _sums(found: QuerySet) -> dict[str, Any]:
    """What the loans under the filter come to, in one query."""
    running = Q(state=Loan.State.RUNNING)
    return found.order_by().aggregate(
        count=Count("pk"),
        granted=Sum("amount", filter=~Q(state=Loan.State.CANCELLED)),
        outstanding=Sum("outstanding", filter=running),
        arrears=Sum("arrears", filter=running),
        overdue=Count("pk", filter=running & Q(overdue_since__isnull=False)),
        waiting=Sum("subsidy_waiting"),
    )


@requires(*SEEN_BY_OFFICE)
@require_safe
def loan_export(request: SignedInRequest) -> HttpResponseBase:
    header = [
        _("Contract number"), _("Case number"), pgettext("loan", "Borrower"), _("Township"), _("Bank"), _("Guarantor"),
        _("Amount (CNY)"), _("Rate (% a year)"), _("Term in months"), _("Outstanding (CNY)"), _("Overdue (CNY)"),
        _("Overdue since"), _("Next due on"), _("Approved on"), pgettext("loan", "State"),
    ]  # fmt: skip
    rows = (
        [
            row.contract_number, row.application.number, row.talent.name, row.application.region.full_name,
            row.bank.name, row.guarantor.name if row.guarantor else "", row.amount, row.annual_rate, row.months,
            row.outstanding, row.arrears, row.overdue_since, row.next_due_on, row.approved_on, row.get_state_display(),
        ]
        for row in _list(request).queryset.iterator(chunk_size=1000)
    )  # fmt: skip
    return xlsx_response(_("Loans"), header, rows)


@requires(P.OWN_FILE, *SEEN_BY_OFFICE)
@require_safe
def loan(request: SignedInRequest, pk: int) -> HttpResponse:
    row = loan_or_404(request, pk)
    own = row.talent.user_id == request.user.pk
    context = {
        "loan": row,
        "facts": presentation.facts(row),
        "standing": presentation.standing(row, timezone.localdate()),
        "instalments": _instalments(row),
        "disbursements": Disbursement.objects.filter(loan=row).select_related("reverses", "reversal"),
        "extensions": _extensions(row),
        "repayments": Repayment.objects.filter(loan=row).select_related("by", "reverses", "reversal"),
        "write_offs": WriteOff.objects.filter(loan=row).select_related("by"),
        "bookings": SubsidyBooking.objects.filter(loan=row),
        "payables": row.application.payables.defer("bank_account").order_by("period_from", "pk"),
        "claims": row.application.recoveries.order_by("pk"),
        "case_url": _case_url(request, row, own),
        "may_lend": request.user.may(P.LEND, row) and not is_own_loan(request.user, row),
        "may_book": request.user.may(P.MANAGE_LOANS, row) and row.agreed_end is not None,
        "own": own,
        "crumbs": [] if own else [(_("Loans"), reverse("loans:loan_list")), (row, "")],
    }
    return render(request, "loans/loan.html", context)


def _extensions(row: Loan) -> QuerySet:
    """Those that were taken back as well, each with the day on which the last instalment is due under it."""
    found = Schedule.objects.filter(loan=row, reason=Schedule.Reason.EXTENDED).select_related("by")
    return found.annotate(last_due=Max("instalments__due")).order_by("version")


def _case_url(request: SignedInRequest, row: Loan, own: bool) -> str:
    if own:
        return reverse("casework:application", args=[row.application_id])
    return reverse("casework:case", args=[row.application_id]) if request.user.may(P.VIEW_CASES) else ""


def _instalments(row: Loan) -> list[dict[str, Any]]:
    """The dues with what became of each: paid on a day, overdue, or to come."""
    rows, today = dues(plans(row)), timezone.localdate()
    settled = settled_on(rows, payments(row))
    return [
        {"row": each, "paid_on": day, "state": _state(each, day, today)}
        for each, day in zip(rows, settled, strict=True)
    ]


def _state(row: Row, paid_on: Any, today: Any) -> str:
    if paid_on is not None:
        return "late" if paid_on > row.due else "paid"
    return "overdue" if row.due < today else "to_come"
