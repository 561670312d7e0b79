"""The figures of start-up loans."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from growth.loans.models_loan import Loan
from growth.loans.models_repayment import SubsidyBooking
from talentmap.accounts.permissions import Permission
from talentmap.dashboards import attention
from talentmap.dashboards.attention import ALARM, WARNING, Attention, Finding
from talentmap.dashboards.registry import Column, Figure, register

UNIT = pgettext_lazy("unit", "loans")
OVERDUE = Q(overdue_since__isnull=False)
COLUMNS = (
    Column(pgettext_lazy("loan", "Borrower"), lambda row: row.talent.name, personal=True),
    Column(_("Township"), lambda row: row.application.region.full_name),
    Column(_("Bank"), lambda row: row.bank),
    Column(_("Amount"), lambda row: row.amount, is_money=True),
    Column(_("Loan balance"), lambda row: row.outstanding, is_money=True),
    Column(_("Overdue"), lambda row: row.arrears, is_money=True),
    Column(pgettext_lazy("loan", "State"), lambda row: _("Overdue") if row.overdue_since else row.get_state_display()),
)


def _standing() -> QuerySet:
    """Every loan but those that were never taken up."""
    return Loan.objects.exclude(state=Loan.State.CANCELLED)


def _running() -> QuerySet:
    return _standing().filter(state=Loan.State.RUNNING)


def _loans(code: str, label: Any, definition: Any, order: int, **options: Any) -> Figure:
    return Figure(
        f"loans.{code}",
        label,
        definition,
        page="growth",
        order=order,
        region="application__region",
        row_permission=Permission.VIEW_LOANS,
        columns=COLUMNS,
        related=("talent", "bank", "application__region__parent"),
        link=lambda row: row.get_absolute_url(),
        **{"unit": UNIT, **options},
    )


register(
    _loans(
        "granted",
        _("Loans granted"),
        _("Start-up loans that banks approved in the period, but those not taken up."),
        60,
        rows=_standing,
        headline=True,
        date="approved_on",
    ),
    _loans(
        "amount",
        _("Amount granted"),
        _("What banks approved in the period as start-up loans, but those not taken up."),
        61,
        rows=_standing,
        date="approved_on",
        measure=Sum("amount"),
        unit="",  # an amount brings its own sign
        is_money=True,
    ),
    _loans("running", _("Loans running"), _("Start-up loans that are paid out and not over today."), 62, rows=_running),
    _loans(
        "outstanding",
        _("Outstanding principal"),
        _("What is still to be repaid on running start-up loans today."),
        63,
        rows=_running,
        measure=Sum("outstanding"),
        unit="",
        is_money=True,
    ),
    _loans(
        "overdue",
        _("Loans overdue"),
        _("Of the running start-up loans those of which an instalment is overdue today."),
        64,
        rows=_running,
        headline=True,
        part=OVERDUE,
        good_when="low",
    ),
    Figure(
        "loans.subsidy",
        _("Interest subsidies booked"),
        _("What was booked in the period as subsidy of interest really paid, corrections counted."),
        rows=SubsidyBooking.objects.all,
        page="growth",
        order=65,
        date="at",
        region="loan__application__region",
        measure=Sum("amount"),
        is_money=True,
        row_permission=Permission.VIEW_LOANS,
        related=("loan__talent", "loan__application__region__parent"),
        columns=(
            Column(pgettext_lazy("loan", "Borrower"), lambda row: row.loan.talent.name, personal=True),
            Column(_("Township"), lambda row: row.loan.application.region.full_name),
            Column(_("Quarter"), str),
            Column(_("Booked"), lambda row: row.amount, is_money=True),
        ),
        link=lambda row: row.loan.get_absolute_url(),
    ),
)

LONG_OVERDUE_DAYS = 90


def _find_overdue(reader: Any, today: date) -> Finding | None:
    reach = reader.reach(Permission.VIEW_DASHBOARDS)
    found: Any = Loan.objects.running().filter(reach.q(region="application__region"), OVERDUE)
    days = sorted(((today - since).days for since in found.values_list("overdue_since", flat=True)), reverse=True)
    if not days:
        return None
    return Finding(ALARM if days[0] > LONG_OVERDUE_DAYS else WARNING, len(days), {"days": days[0]})


def _tell_overdue(found: Finding) -> tuple[str, str]:
    what = ngettext("%(count)s loan is overdue", "%(count)s loans are overdue", found.count) % {"count": found.count}
    return what, gettext("The oldest for %(days)s days.") % found.facts


attention.register(
    Attention(
        "loans.overdue",
        "growth",
        find=_find_overdue,
        tell=_tell_overdue,
        url=lambda found: reverse("dashboards:figure", args=["loans.overdue"]) + "?only=met",
    )
)
