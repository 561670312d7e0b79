"""What is due to people, and putting right whom it goes to."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on, told_on_page
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import calendar
from talentmap.casework.views.inbox import mark_deadline
from talentmap.money import actions
from talentmap.money.filters import PayableFilter
from talentmap.money.forms import PayeeForm
from talentmap.money.models import Payable
from talentmap.money.payees import in_file
from talentmap.money.views.common import PAYERS, secrets_of, table_file
from talentmap.ui.lists import ListPage

SORTS = {
    "name": "application__applicant__name_sort_key",
    "number": "application__number",
    "period": "period_from",
    "amount": "amount",
    "state": "state",
    "due": "due_on",
}


@requires(*PAYERS)
@require_safe
def payable_list(request: SignedInRequest) -> HttpResponse:
    crumbs = [(_("Payment batches"), reverse("money:batch_list")), (_("Payable amounts"), "")]
    page, today, days = _page(request), timezone.localdate(), calendar.current()
    for row in page.rows:
        mark_deadline(row, row.due_on if row.is_unpaid else None, today, days)
    return render(request, "money/payables.html", {"list": page, "crumbs": crumbs})


@requires(*PAYERS)
@require_safe
def payable_export(request: SignedInRequest) -> HttpResponseBase:
    header = [
        _("Application"),
        _("Applicant"),
        _("What for"),
        _("From"),
        _("Until"),
        _("Amount"),
        _("To be paid by"),
        _("State"),
        _("Reason"),
        _("Account"),
    ]
    return table_file(request, "payables", header, (_row(each) for each in _page(request).queryset.iterator(2000)))


def _row(payable: Payable) -> tuple[Any, ...]:
    return (
        payable.application.number,
        payable.application.applicant.name,
        payable.purpose,
        payable.period_from,
        payable.period_to,
        payable.amount,
        payable.due_on,
        str(payable.get_state_display()),
        payable.state_reason,
        f"**** {payable.account_last4}" if payable.account_last4 else "",
    )


def _page(request: SignedInRequest) -> ListPage:
    return ListPage(request, _visible(request), PayableFilter, sorts=SORTS, default_sort="-period", page_size=50)


def _visible(request: SignedInRequest) -> QuerySet:
    rows = Payable.objects.visible_to(request.user).select_related("fund", "application__applicant")
    return rows.defer("bank_account", *secrets_of("application__applicant"))


@requires(*PAYERS)
@require_safe
def payable_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    payable = get_object_or_404(_visible(request), pk=pk)
    context = {
        "payable": payable,
        "lines": payable.lines.defer("bank_account").select_related("batch").order_by("pk"),
        "may_correct": request.user.may(P.PREPARE_BATCH) and payable.is_correctable,
        "crumbs": _crumbs(payable, last=True),
    }
    return render(request, "money/payable.html", context)


@requires(P.PREPARE_BATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def payable_correct(request: SignedInRequest, pk: int) -> HttpResponse:
    payable = get_object_or_404(_visible(request), pk=pk)
    if not payable.is_correctable:
        messages.error(request, _("Only a due or failed payment can be corrected."))
        return redirect(payable)
    form = PayeeForm(request.POST or None, payable=payable)
    if form.is_valid():
        with told_on(form):
            _correct(request, payable, form)
            messages.success(request, _("Corrected. The payment goes into the next batch."))
            return redirect(payable)
    context = {"payable": payable, "form": form, "crumbs": _crumbs(payable)}
    return render(request, "money/payable_correct.html", context)


@requires(P.PREPARE_BATCH)
@require_http_methods(["POST"])
def payable_from_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take over the account that stands in the person's file now."""
    payable = get_object_or_404(Payable.objects.visible_to(request.user), pk=pk)
    payee = in_file(payable)
    reason = _("Account taken over from the person's file")
    with told_on_page(request):
        actions.correct_payee(by=request.user, at=timezone.now(), payable=payable, payee=payee, reason=reason)
        messages.success(request, _("Corrected. The payment goes into the next batch."))
    return redirect(payable)


def _correct(request: SignedInRequest, payable: Payable, form: PayeeForm) -> None:
    data = form.cleaned_data
    payee = actions.Payee(data["payee_name"], data["bank_name"], data["bank_account"])
    actions.correct_payee(by=request.user, at=timezone.now(), payable=payable, payee=payee, reason=data["reason"])


def _crumbs(payable: Payable, *, last: bool = False) -> list[tuple[str, str]]:
    title = f"{payable.application.number} · {payable.period_from:%Y-%m}"
    return [
        (_("Payment batches"), reverse("money:batch_list")),
        (_("Payable amounts"), reverse("money:payable_list")),
        (title, "" if last else payable.get_absolute_url()),
        *([] if last else [(_("Correct the bank account"), "")]),
    ]
