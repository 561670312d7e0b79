"""The figures of the funds, straight from the ledger's lines."""

from collections.abc import Callable
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from talentmap.accounts.permissions import Permission
from talentmap.dashboards.registry import Column, Figure, register
from talentmap.money.models import Account, LedgerLine

COLUMNS = (
    Column(_("Booked on"), lambda row: timezone.localdate(row.entry.at)),
    Column(_("Fund"), lambda row: row.entry.fund),
    Column(_("Kind"), lambda row: row.entry.get_kind_display()),
    Column(_("Application"), lambda row: row.entry.application, personal=True),
    Column(_("Amount"), lambda row: row.amount, is_money=True),
)
# What came into the fund stands below zero in the ledger; the figure and its rows tell it as the reader thinks of it.
BUDGET_COLUMNS = (*COLUMNS[:-1], Column(_("Amount"), lambda row: -row.amount, is_money=True))


def _lines(account: str) -> Callable[[], QuerySet]:
    return lambda: LedgerLine.objects.filter(account=account)


def _money(code: str, label: Any, definition: Any, order: int, **options: Any) -> Figure:
    given: dict[str, Any] = {
        "measure": Sum("amount"),
        "permission": Permission.VIEW_FUNDS,
        "columns": COLUMNS,
    } | options
    return Figure(
        f"money.{code}",
        label,
        definition,
        page="support",
        order=order,
        is_money=True,
        row_permission=Permission.VIEW_FUNDS,
        related=("entry__fund", "entry__application"),
        link=lambda row: reverse("money:fund_detail", args=[row.entry.fund_id]),
        **given,
    )


register(
    _money(
        "budget",
        _("Fund budget"),
        _("All budgets and top-ups less reductions, as they stand today."),
        20,
        rows=_lines(Account.SOURCE),
        measure=Sum(-F("amount")),
        columns=BUDGET_COLUMNS,
    ),
    _money(
        "available",
        _("Available"),
        _("Budget less open commitments less payments plus recoveries, as it stands today."),
        21,
        rows=_lines(Account.AVAILABLE),
    ),
    _money(
        "committed",
        _("Committed"),
        _("Reserved by approvals and not paid yet, as it stands today."),
        22,
        rows=_lines(Account.COMMITTED),
    ),
    _money(
        "paid",
        _("Subsidies paid"),
        _("Payments that the bank confirmed in the period, less those that came back."),
        23,
        rows=_lines(Account.PAID),
        date="entry__at",
        region="entry__application__region",
        permission=Permission.VIEW_DASHBOARDS,
    ),
)
