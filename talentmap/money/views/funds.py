"""Funds: balances, ledger, commitments, and money put in or taken back."""

from decimal import Decimal
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
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.money import actions
from talentmap.money.filters import CommitmentFilter, LedgerFilter
from talentmap.money.forms import ReasonForm, TopUpForm
from talentmap.money.models import CommitmentBalance, Fund, LedgerEntry
from talentmap.money.views.common import PAYERS, secrets_of, table_file
from talentmap.ui.lists import ListPage
from talentmap.ui.templatetags.ui import money

LEDGER_SORTS = {"at": "at", "amount": "amount", "kind": "kind"}


@requires(P.VIEW_FUNDS)
@require_safe
def fund_list(request: SignedInRequest) -> HttpResponse:
    funds = Fund.objects.visible_to(request.user).prefetch_related("balances")
    rows = [{"fund": fund, "balance": balances_of(fund)} for fund in funds]
    may_see_claims = any(request.user.may(permission) for permission in PAYERS)
    return render(request, "money/funds.html", {"rows": rows, "may_see_claims": may_see_claims})


def balances_of(fund: Fund) -> dict[str, Decimal]:
    """Every account as a positive amount, from balances already fetched."""
    return {row.account: abs(row.balance) for row in fund.balances.all()}


@requires(P.VIEW_FUNDS)
@require_safe
def fund_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    fund = _fund(request, pk)
    page, years, this_year = _ledger(request, fund), actions.budget_years(fund), timezone.localdate().year
    may_manage = request.user.may(P.MANAGE_FUNDS) and fund.is_active
    context = {
        "fund": fund,
        "list": page,
        "balance": balances_of(fund),
        "years": years,
        "export_url": reverse("money:ledger_export", args=[fund.pk]),
        "may_manage": may_manage,
        "may_carry_over": may_manage and sum(row.left for row in years if row.year < this_year) > 0,
        "may_open_case": request.user.may(P.VIEW_CASES),
        "crumbs": _crumbs(fund),
    }
    return render(request, "money/fund.html", context)


@requires(P.VIEW_FUNDS)
@require_safe
def ledger_export(request: SignedInRequest, pk: int) -> HttpResponseBase:
    fund = _fund(request, pk)
    entries = _ledger(request, fund).queryset
    header = [_("Booked at"), _("Kind"), _("Movement"), _("Amount"), _("Application"), _("Memo"), _("Booked by")]
    return table_file(request, f"{fund.code}-ledger", header, (_ledger_row(e) for e in entries.iterator(2000)))


def _ledger_row(entry: LedgerEntry) -> tuple[Any, ...]:
    number = entry.application.number if entry.application else ""
    kind = str(entry.get_kind_display())
    return entry.at, kind, entry.movement, entry.amount, number, entry.memo, str(entry.by)


def _ledger(request: SignedInRequest, fund: Fund) -> ListPage:
    entries = LedgerEntry.objects.visible_to(request.user).filter(fund=fund).select_related("by", "application")
    return ListPage(request, entries, LedgerFilter, sorts=LEDGER_SORTS, default_sort="-pk", page_size=50)


@requires(P.VIEW_FUNDS)
@require_safe
def commitment_list(request: SignedInRequest, pk: int) -> HttpResponse:
    fund = _fund(request, pk)
    context = {
        "fund": fund,
        "list": _commitments(request, fund),
        "export_url": reverse("money:commitment_export", args=[fund.pk]),
        "may_open_case": request.user.may(P.VIEW_CASES),
        "crumbs": [*_crumbs(fund)[:-1], (fund.name, fund.get_absolute_url()), (_("Commitments"), "")],
    }
    return render(request, "money/commitments.html", context)


@requires(P.VIEW_FUNDS)
@require_safe
def commitment_export(request: SignedInRequest, pk: int) -> HttpResponseBase:
    fund = _fund(request, pk)
    rows: QuerySet = _commitments(request, fund).queryset
    header = [_("Application"), _("Applicant"), _("Still committed"), _("Paid out"), _("Recovered")]
    lines = (
        (row.application.number, row.application.applicant.masked_name, row.committed, row.paid, row.given_back)
        for row in rows.iterator(2000)
    )
    return table_file(request, f"{fund.code}-commitments", header, lines)


def _commitments(request: SignedInRequest, fund: Fund) -> ListPage:
    rows = CommitmentBalance.objects.visible_to(request.user).filter(fund=fund)
    rows = rows.select_related("application__applicant").defer(*secrets_of("application__applicant"))
    sorts = {
        "number": "application__number",
        "name": "application__applicant__name_sort_key",
        "committed": "committed",
        "paid": "paid",
    }
    return ListPage(request, rows, CommitmentFilter, sorts=sorts, default_sort="-pk", page_size=50)


@requires(P.MANAGE_FUNDS)
@require_http_methods(["GET", "HEAD", "POST"])
def top_up(request: SignedInRequest, pk: int) -> HttpResponse:
    """Two steps: what the balance would become, then the booking; the form's token books once."""
    fund = _fund(request, pk)
    form = TopUpForm(request.POST or None)
    confirming = form.is_valid() and "back" not in request.POST
    if confirming and "confirmed" in request.POST:
        with told_on(form):
            entry = actions.top_up(
                by=request.user, at=timezone.now(), fund=fund, key=f"top_up:{form.once_token}", **form.cleaned_data
            )
            messages.success(request, _("Booked: %(entry)s.") % {"entry": entry.get_kind_display()})
            return redirect(fund)
    context = {"fund": fund, "form": form, "crumbs": [*_crumbs(fund)[:-1], (fund.name, fund.get_absolute_url())]}
    if confirming and not form.errors:
        return render(request, "money/top_up_confirm.html", {**context, **_foreseen(fund, form)})
    return render(request, "money/top_up.html", context)


def _foreseen(fund: Fund, form: TopUpForm) -> dict[str, Any]:
    available = balances_of(fund)["available"]
    amount = form.cleaned_data["amount"]
    falls = form.cleaned_data["kind"] == LedgerEntry.Kind.REDUCTION
    after = available - amount if falls else available + amount
    kind = form.KINDS[form.cleaned_data["kind"]]
    return {"available": available, "after": after, "amount": amount, "kind": kind, "too_much": after < 0}


@requires(P.MANAGE_FUNDS)
@require_http_methods(["GET", "HEAD", "POST"])
def carry_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Says what is left of the year before, then books it into this one."""
    fund = _fund(request, pk)
    year = timezone.localdate().year
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            entry = actions.carry_over(by=request.user, at=timezone.now(), fund=fund, **form.cleaned_data)
            booked = f"{entry.get_kind_display()} {money(entry.amount)}"
            messages.success(request, _("Booked: %(entry)s.") % {"entry": booked})
            return redirect(fund)
    amount = actions.left_before(fund, year)
    context = {
        "fund": fund,
        "form": form,
        "before": year - 1,
        "year": year,
        "amount": amount,
        "nothing": _("Nothing is left of %(year)s.") % {"year": year - 1} if amount <= 0 and not form.is_bound else "",
        "crumbs": [*_crumbs(fund)[:-1], (fund.name, fund.get_absolute_url()), (_("Carry over"), "")],
    }
    return render(request, "money/carry_over.html", context)


def _fund(request: SignedInRequest, pk: int) -> Fund:
    return get_object_or_404(Fund.objects.visible_to(request.user).prefetch_related("balances"), pk=pk)


def _crumbs(fund: Fund) -> list[tuple[str, str]]:
    return [(_("Funds"), reverse("money:fund_list")), (fund.name, "")]
