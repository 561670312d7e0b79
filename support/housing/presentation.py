"""How a housing benefit is shown: the same lines on its own page and on the case page."""

from typing import Any

from django.utils.translation import gettext as _

from support.housing.models import Entitlement
from talentmap.ui.templatetags.ui import money


def facts(row: Entitlement) -> list[tuple[str, Any]]:
    """Label and value of everything that is set."""
    return [
        (_("Grade"), row.get_grade_display()),
        (_("Address"), row.address),
        (_("From"), f"{row.starts_on:%Y-%m-%d}"),
        (_("Until"), f"{row.last_day:%Y-%m-%d}" if row.last_day else ""),
        *_amounts(row),
        *_end(row),
    ]


def money_context(row: Entitlement) -> dict[str, Any]:
    """What was and will be paid, and what is to be paid back, for `payables.html` and `claims.html`."""
    if row.application is None:
        return {"payables": (), "claims": ()}
    claims = list(row.application.recoveries.order_by("pk"))
    return {
        "payables": row.application.payables.defer("bank_account").order_by("period_from"),
        "claims": claims,
        "owes": any(claim.state == claim.State.OPEN for claim in claims),
        "number": row.application.number,
        "contact": row.application.service.guide.contact,
    }


def _amounts(row: Entitlement) -> list[tuple[str, Any]]:
    if row.kind == Entitlement.Kind.RENT:
        return [(_("Monthly amount"), money(row.monthly_amount)), (_("In total at most"), money(row.total_amount))]
    if row.kind == Entitlement.Kind.PURCHASE:
        return [
            (_("Amount"), money(row.total_amount)),
            (_("Rent subsidy already paid, deducted"), money(row.deducted)),
        ]
    return []


def _end(row: Entitlement) -> list[tuple[str, Any]]:
    if row.state == Entitlement.State.ACTIVE:
        return []
    return [(_("Reason of the end"), row.get_end_reason_display()), (_("Note"), row.end_note)]
