"""The figures of the funds, straight from the ledger's lines."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from talentmap.accounts.permissions import Permission
from talentmap.dashboards import attention
from talentmap.dashboards.attention import Attention, Finding
from talentmap.dashboards.registry import Column, Figure, Words, register
from talentmap.money.models import Account, FundBalance, LedgerLine, Payable
from talentmap.money.models_base import ZERO
from talentmap.ui.templatetags.ui import money

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
        headline=True,
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
        headline=True,
    ),
    Figure(
        "money.late",
        _("Payments late"),
        _("Amounts that should have reached their payees by now and were not paid, as it stands today."),
        rows=lambda: Payable.objects.overdue(timezone.localdate()),
        page="support",
        order=24,
        measure=Sum("amount"),
        is_money=True,
        good_when="low",
        region="application__region",
        permission=Permission.VIEW_FUNDS,
        related=("fund", "application__applicant", "application__region__parent"),
        columns=(
            Column(_("Payee"), lambda row: row.payee_name or row.application.applicant.name, personal=True),
            Column(_("Township"), lambda row: row.application.region.full_name),
            Column(_("Fund"), lambda row: row.fund),
            Column(_("To be paid by"), lambda row: row.due_on),
            Column(_("State"), lambda row: row.get_state_display()),
            Column(_("Amount"), lambda row: row.amount, is_money=True),
        ),
        link=lambda row: row.get_absolute_url(),
    ),
)


NEARLY_ALL, MOST = Decimal("0.95"), Decimal("0.85")


def _find_exhausted(reader: Any, today: date) -> Finding | None:
    """The fund of which the least is left, where nearly all of its money is bound or spent."""
    balances: dict[tuple[int, str], dict[str, Decimal]] = {}
    rows = FundBalance.objects.filter(fund__is_active=True).values_list("fund", "fund__name", "account", "balance")
    for pk, name, account, balance in rows:
        balances.setdefault((pk, name), {})[account] = balance
    found = [(*fund, -sums.get(Account.SOURCE, ZERO), sums[Account.AVAILABLE]) for fund, sums in balances.items()]
    gone, name, pk, left = max(
        ((1 - left / budget, name, pk, left) for pk, name, budget, left in found if budget > 0),
        default=(ZERO, "", 0, ZERO),
    )
    if gone < MOST:
        return None
    facts = {"name": name, "pk": pk, "left": left, "percent": int(gone * 100)}
    return Finding(attention.ALARM if gone >= NEARLY_ALL else attention.WARNING, int(gone * 100), facts)


def _tell_exhausted(found: Finding) -> tuple[Words, Words]:
    what = _("%(name)s: %(percent)s%% of the budget is bound or paid") % found.facts
    return what, _("%(left)s is left for new approvals.") % {"left": money(found.facts["left"])}


def _find_unpaid(reader: Any, today: date) -> Finding | None:
    sums = Payable.objects.overdue(today).aggregate(count=Count("pk"), amount=Sum("amount"))
    return Finding(attention.WARNING, sums["count"], {"amount": sums["amount"]}) if sums["count"] else None


def _tell_unpaid(found: Finding) -> tuple[Words, Words]:
    what = ngettext("%(count)s payment is late", "%(count)s payments are late", found.count) % {"count": found.count}
    return what, _("%(amount)s should have reached its payees by now.") % {"amount": money(found.facts["amount"])}


attention.register(
    Attention(
        "money.exhausted",
        "support",
        find=_find_exhausted,
        tell=_tell_exhausted,
        url=lambda found: reverse("money:fund_detail", args=[found.facts["pk"]]),
        permission=Permission.VIEW_FUNDS,
        county=True,
    ),
    Attention(
        "money.unpaid",
        "support",
        find=_find_unpaid,
        tell=_tell_unpaid,
        url=lambda found: reverse("dashboards:figure", args=["money.late"]),
        permission=Permission.VIEW_FUNDS,
        county=True,
    ),
)
