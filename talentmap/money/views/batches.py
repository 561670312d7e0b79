"""Payment batches: prepare, check, release, bank file, the bank's answers."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Max, Min, Q, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on, told_on_page
from talentmap.accounts.permissions import Permission as P
from talentmap.money import actions, bank_files
from talentmap.money.filters import BatchFilter, LineFilter
from talentmap.money.forms import PrepareForm, ReasonForm
from talentmap.money.models import BatchLine, Fund, Payable, PaymentBatch
from talentmap.money.models_payment import quarter_name
from talentmap.money.rules import Quarter
from talentmap.money.views.common import PAYERS, secrets_of
from talentmap.ui.lists import ListPage

State = PaymentBatch.State
STANDING = ~Q(lines__outcome="dropped")


@requires(*PAYERS)
@require_safe
def batch_list(request: SignedInRequest) -> HttpResponse:
    batches = PaymentBatch.objects.visible_to(request.user).select_related("fund", "prepared_by", "released_by")
    page = ListPage(
        request,
        batches.annotate(total=Sum("lines__amount", filter=STANDING), payments=Count("lines", filter=STANDING)),
        BatchFilter,
        sorts={"number": "number", "quarter": ("year", "quarter"), "total": "total", "prepared": "prepared_at"},
        default_sort="-pk",
    )
    context = {"list": page, "due": _due(request), "may_prepare": request.user.may(P.PREPARE_BATCH)}
    return render(request, "money/batches.html", context)


def _due(request: SignedInRequest) -> dict[str, Any]:
    """What waits to be put into a batch, or to be corrected first."""
    rows = Payable.objects.visible_to(request.user)
    missing = Q(payee_name="") | Q(bank_name="") | Q(account_last4="")
    return rows.aggregate(
        due=Count("pk", filter=Q(state="due")),
        due_amount=Sum("amount", filter=Q(state="due")),
        failed=Count("pk", filter=Q(state="failed")),
        no_account=Count("pk", filter=Q(state="due") & missing),
    )


@requires(P.PREPARE_BATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_prepare(request: SignedInRequest) -> HttpResponse:
    funds = Fund.objects.visible_to(request.user).filter(is_active=True)
    due = _due_by_quarter(request, funds)
    today = timezone.localdate()
    form = PrepareForm(request.POST or None, funds=funds, today=today, initial=_latest_ended(due, today))
    if form.is_valid():
        with told_on(form):
            prepared = actions.prepare_batch(by=request.user, at=timezone.now(), **form.cleaned_data)
            _say_prepared(request, prepared)
            return redirect(prepared.batch)
    crumbs = [(_("Payment batches"), reverse("money:batch_list")), (_("Prepare a batch"), "")]
    context = {"form": form, "due": due, "crumbs": crumbs}
    return render(request, "money/batch_prepare.html", context)


def _latest_ended(due: list[dict[str, Any]], today: date) -> dict[str, Any]:
    """What is most likely paid next: what is due of the latest quarter that is over."""
    ended = [row for row in due if row["quarter"].last_day < today]
    if ended:
        return {"fund": ended[-1]["fund"], "quarter": str(ended[-1]["quarter"])}
    return {"fund": due[0]["fund"]} if due else {}


def _say_prepared(request: SignedInRequest, prepared: actions.Prepared) -> None:
    messages.success(request, _("Batch %(number)s is prepared.") % {"number": prepared.batch.number})
    if prepared.without_account:
        text = ngettext(
            "%(count)s due payment was left out because no account to pay to is known.",
            "%(count)s due payments were left out because no account to pay to is known.",
            prepared.without_account,
        )
        messages.warning(request, text % {"count": prepared.without_account})


def _due_by_quarter(request: SignedInRequest, funds: Any) -> list[dict[str, Any]]:
    """What is due, by fund and the quarter in which its period ends."""
    rows = Payable.objects.visible_to(request.user).filter(state="due", fund__in=funds).with_account()
    found: dict[tuple[Quarter, int], dict[str, Any]] = {}
    for row in rows.values("fund", "fund__name", "period_to", "amount"):
        key = (Quarter.of(row["period_to"]), row["fund"])
        line = found.setdefault(key, {"fund": key[1], "name": row["fund__name"], "count": 0, "amount": Decimal(0)})
        line["quarter"], line["quarter_name"] = key[0], quarter_name(key[0])
        line["count"] += 1
        line["amount"] += row["amount"]
    return [found[key] for key in sorted(found)]


@requires(*PAYERS)
@require_safe
def batch_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    lines = batch.lines.with_difference().select_related("payable__application__applicant")
    page = ListPage(
        request,
        lines.defer("bank_account", "payable__bank_account", *secrets_of("payable__application__applicant")),
        LineFilter,
        sorts={"position": "position", "amount": "amount", "outcome": "outcome"},
        default_sort="position",
        page_size=50,
    )
    return render(request, "money/batch.html", _batch_context(request, batch, page))


def _batch_context(request: SignedInRequest, batch: PaymentBatch, page: ListPage) -> dict[str, Any]:
    user = request.user
    waiting = batch.state == State.PREPARED
    own = batch.prepared_by_id == user.pk
    return {
        "batch": batch,
        "list": page,
        "sums": _sums(batch),
        "waiting": waiting,
        "returns": batch.returns.select_related("imported_by"),
        "may_release": waiting and user.may(P.RELEASE_BATCH) and not own,
        "own_batch": waiting and user.may(P.RELEASE_BATCH) and own,
        "may_cancel": waiting and (user.may(P.PREPARE_BATCH) or user.may(P.RELEASE_BATCH)),
        "may_export": batch.is_with_bank and (user.may(P.PREPARE_BATCH) or user.may(P.RELEASE_BATCH)),
        "may_import": batch.is_with_bank and user.may(P.IMPORT_RETURN),
        "cancel_form": ReasonForm(),
        "crumbs": [(_("Payment batches"), reverse("money:batch_list")), (batch.number, "")],
    }


# An applicant, or whom a service pays beside them; below zero, so that the two kinds of ids do not meet.
PERSON = Coalesce(-F("payable__payee"), F("payable__application__applicant"))


def _sums(batch: PaymentBatch) -> dict[str, Any]:
    standing = Q(outcome__in=["", "paid", "failed"])
    return batch.lines.with_difference().aggregate(
        count=Count("pk", filter=standing),
        total=Sum("amount", filter=standing, default=Decimal(0)),
        paid=Sum("amount", filter=Q(outcome="paid"), default=Decimal(0)),
        failed=Sum("amount", filter=Q(outcome="failed"), default=Decimal(0)),
        failed_count=Count("pk", filter=Q(outcome="failed")),
        open_count=Count("pk", filter=Q(outcome="")),
        dropped=Count("pk", filter=Q(outcome="dropped")),
        differing=Count("pk", filter=standing & Q(differs=True)),
        first=Min("payable__period_from", filter=standing),
        last=Max("payable__period_to", filter=standing),
        people=Count(PERSON, filter=standing, distinct=True),
    )


@requires(P.RELEASE_BATCH)
@require_POST
def batch_release(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    with told_on_page(request):
        actions.release_batch(
            by=request.user, at=timezone.now(), batch=batch, expected_total=_amount(request.POST.get("total", ""))
        )
        messages.success(request, _("Batch %(number)s is released to the bank.") % {"number": batch.number})
    return redirect(batch)


def _amount(text: str) -> Decimal:
    """The total that the page showed; what is none matches no batch."""
    try:
        amount = Decimal(text[:20])
    except InvalidOperation:
        return Decimal(-1)
    return amount if amount.is_finite() else Decimal(-1)


@requires(P.PREPARE_BATCH, P.RELEASE_BATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            actions.cancel_batch(by=request.user, at=timezone.now(), batch=batch, reason=form.cleaned_data["reason"])
            messages.success(
                request, _("Batch %(number)s is cancelled; its payments are due again.") % {"number": batch}
            )
            return redirect(batch)
    crumbs = [
        (_("Payment batches"), reverse("money:batch_list")),
        (batch.number, batch.get_absolute_url()),
        (_("Cancel the batch"), ""),
    ]
    return render(request, "money/batch_cancel.html", {"batch": batch, "form": form, "crumbs": crumbs})


@requires(P.PREPARE_BATCH, P.RELEASE_BATCH)
@require_POST
def batch_export(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The bank file with full account numbers. A POST, for each one writes a line of the access log."""
    batch = _batch(request, pk)
    with told_on_page(request):
        lines = actions.export_batch(by=request.user, at=timezone.now(), batch=batch)
        return bank_files.response(batch, lines, as_csv=request.POST.get("format") == "csv")
    return redirect(batch)


def _batch(request: SignedInRequest, pk: int) -> PaymentBatch:
    batches = PaymentBatch.objects.visible_to(request.user)
    return get_object_or_404(batches.select_related("fund", "prepared_by", "released_by", "cancelled_by"), pk=pk)


def line_of(request: SignedInRequest, pk: int) -> BatchLine:
    """A payment of a batch in sight."""
    lines = BatchLine.objects.filter(batch__in=PaymentBatch.objects.visible_to(request.user))
    return get_object_or_404(lines.select_related("batch", "payable__application__applicant"), pk=pk)
