"""Claims to get paid money back."""

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.money import actions
from talentmap.money.filters import RecoveryFilter
from talentmap.money.forms import ReasonForm, ReceiptForm
from talentmap.money.models import Recovery
from talentmap.money.views.common import PAYERS, secrets_of, table_file
from talentmap.ui.lists import ListPage

SORTS = {
    "number": "application__number",
    "name": "application__applicant__name_sort_key",
    "amount": "amount",
    "outstanding": F("amount") - F("received"),
    "due": "due_on",
}


@requires(*PAYERS)
@require_safe
def recovery_list(request: SignedInRequest) -> HttpResponse:
    crumbs = [(_("Funds"), reverse("money:fund_list")), (_("Money to be paid back"), "")]
    return render(
        request, "money/recoveries.html", {"list": _page(request), "crumbs": crumbs, "today": timezone.localdate()}
    )


@requires(*PAYERS)
@require_safe
def recovery_export(request: SignedInRequest) -> HttpResponseBase:
    header = [_("Application"), _("Applicant"), _("Amount"), _("Received"), _("State"), _("Due on"), _("Reason")]
    rows = (
        (
            each.application.number,
            each.application.applicant.name,
            each.amount,
            each.received,
            str(each.get_state_display()),
            each.due_on,
            each.reason,
        )
        for each in _page(request).queryset.iterator(2000)
    )
    return table_file(request, "recoveries", header, rows)


def _page(request: SignedInRequest) -> ListPage:
    return ListPage(request, _visible(request), RecoveryFilter, sorts=SORTS, default_sort="-pk", page_size=50)


def _visible(request: SignedInRequest) -> QuerySet:
    rows = Recovery.objects.visible_to(request.user).select_related("fund", "application__applicant", "opened_by")
    return rows.defer(*secrets_of("application__applicant"))


@requires(*PAYERS)
@require_safe
def recovery_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    recovery = get_object_or_404(_visible(request).select_related("closed_by"), pk=pk)
    is_open = recovery.state == Recovery.State.OPEN
    context = {
        "recovery": recovery,
        "receipts": recovery.receipts.select_related("entry__by"),
        "may_receive": is_open and _may_receive(request),
        "may_write_off": is_open and request.user.may(P.REVOKE_ENTITLEMENT),
        "crumbs": _crumbs(recovery),
    }
    return render(request, "money/recovery.html", context)


def _may_receive(request: SignedInRequest) -> bool:
    return request.user.may(P.MANAGE_FUNDS) or request.user.may(P.IMPORT_RETURN)


@requires(P.MANAGE_FUNDS, P.IMPORT_RETURN)
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_receive(request: SignedInRequest, pk: int) -> HttpResponse:
    recovery = get_object_or_404(_visible(request), pk=pk)
    form = ReceiptForm(request.POST or None, recovery=recovery, today=timezone.localdate())
    if form.is_valid():
        with told_on(form):
            key = f"receipt:{form.once_token}"
            actions.receive(by=request.user, at=timezone.now(), recovery=recovery, key=key, **form.cleaned_data)
            messages.success(request, _("Received and booked; the fund has it available again."))
            return redirect(recovery)
    crumbs = _crumbs(recovery, _("Record a receipt"))
    return render(request, "money/recovery_receive.html", {"recovery": recovery, "form": form, "crumbs": crumbs})


@requires(P.REVOKE_ENTITLEMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_write_off(request: SignedInRequest, pk: int) -> HttpResponse:
    recovery = get_object_or_404(_visible(request), pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            reason = form.cleaned_data["reason"]
            actions.write_off(by=request.user, at=timezone.now(), recovery=recovery, reason=reason)
            messages.success(request, _("The claim is written off."))
            return redirect(recovery)
    crumbs = _crumbs(recovery, _("Write off"))
    return render(request, "money/recovery_write_off.html", {"recovery": recovery, "form": form, "crumbs": crumbs})


def _crumbs(recovery: Recovery, title: str = "") -> list[tuple[str, str]]:
    return [
        (_("Funds"), reverse("money:fund_list")),
        (_("Money to be paid back"), reverse("money:recovery_list")),
        (str(recovery.application.number), recovery.get_absolute_url() if title else ""),
        *([(title, "")] if title else []),
    ]
