"""What a person was paid beyond their entitlement and is to pay back. Only for actions of housing."""

from datetime import datetime
from decimal import Decimal

from support.housing import rules
from support.housing.actions.common import Kind, State, housing_fund, total
from support.housing.models import Entitlement
from talentmap.accounts.models import User
from talentmap.casework.models import Application
from talentmap.money import actions as money
from talentmap.money.models import Payable, Recovery


def claim_overpaid(by: User, at: datetime, row: Entitlement, reason: str) -> Decimal:
    """Claim back what was paid beyond what the person is entitled to; returns the new claim."""
    overpaid = _paid(row.case) - _entitled(row) - _claimed(row.case)
    if overpaid <= 0:
        return rules.ZERO
    claims = Recovery.objects.filter(application=row.application).count()
    money.open_recovery(
        by=by,
        at=at,
        fund=housing_fund(),
        application=row.case,
        amount=overpaid,
        reason=reason,
        key=f"housing:{row.pk}:overpaid:{claims}",
    )
    return overpaid


def _entitled(row: Entitlement) -> Decimal:
    if row.state == State.REVOKED:
        return rules.ZERO
    return row.total_amount if row.kind == Kind.PURCHASE else total(row.accruals.all())


def _paid(application: Application) -> Decimal:
    return total(Payable.objects.filter(application=application, state=Payable.State.PAID))


def _claimed(application: Application) -> Decimal:
    return total(Recovery.objects.filter(application=application))
