"""What a person was paid beyond their entitlement and is to pay back. Only for actions of housing."""

from datetime import date, datetime
from decimal import Decimal

from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from support.housing import facts, rules
from support.housing.actions.common import Kind, State, housing_fund, total
from support.housing.actions.telling import tell_claim, tell_withdrawn
from support.housing.models import Entitlement
from support.housing.tariff import TARIFF_CODE
from talentmap.accounts.models import User
from talentmap.casework import calendar
from talentmap.casework.rules import add_working_days
from talentmap.money import actions as money
from talentmap.money import tariffs
from talentmap.money.models import Payable, Recovery


def settle_claims(by: User, at: datetime, row: Entitlement, reason: str) -> Decimal:
    """Have the open claims amount to what the person still has beyond their entitlement; returns what they rose by.

    What turns out not to be owed is withdrawn.
    """
    claims = Recovery.objects.filter(application=row.case, state=Recovery.State.OPEN)
    claimed = _outstanding(claims)
    owed = _owed_back(row, claimed)
    if owed < claimed:
        for claim in list(claims):
            money.withdraw_claim(by=by, at=at, recovery=claim, reason=reason)
            if not owed:
                tell_withdrawn(by, at, row, claim)
        _claim(by, at, row, owed, reason)
    else:
        _claim(by, at, row, owed - claimed, reason)
    return max(owed - claimed, rules.ZERO)


def _claim(by: User, at: datetime, row: Entitlement, amount: Decimal, reason: str) -> None:
    if not amount:
        return
    serial = Recovery.objects.filter(application=row.case).count()
    claim = money.open_recovery(
        by=by,
        at=at,
        fund=housing_fund(),
        application=row.case,
        amount=amount,
        reason=reason,
        key=f"housing:{row.pk}:overpaid:{serial}",
        due_on=_due_on(timezone.localdate(at)),
    )
    tell_claim(by, at, row, claim)


def _due_on(today: date) -> date:
    """The tariff in force when the claim is opened says how long the person has."""
    days = int(tariffs.in_force(TARIFF_CODE, today)["recovery.working_days"])
    return add_working_days(today, days, calendar.current())


def _owed_back(row: Entitlement, claimed: Decimal) -> Decimal:
    """What was paid beyond the entitlement, came not back and was not written off; `claimed` is what is open of it.

    What a purchase subsidy deducted has come back by that: of a rent subsidy only the rest is owed.
    """
    claims = Recovery.objects.filter(application=row.case)
    received = claims.aggregate(sum=Sum("received"))["sum"] or rules.ZERO
    forgiven = _outstanding(claims.filter(state=Recovery.State.WRITTEN_OFF))
    paid = total(Payable.objects.filter(application=row.case, state=Payable.State.PAID))
    owed = paid - entitled(row) - received - forgiven
    deducted = facts.rent_deducted(row.talent) if row.kind == Kind.RENT else rules.ZERO
    if deducted:
        owed = min(owed, facts.rent_paid(row.talent) + claimed - deducted)
    return max(owed, rules.ZERO)


def _outstanding(claims: QuerySet[Recovery]) -> Decimal:
    return claims.aggregate(sum=Sum(F("amount") - F("received")))["sum"] or rules.ZERO


def entitled(row: Entitlement) -> Decimal:
    """What a person may keep of a subsidy as it stands."""
    if row.state == State.REVOKED:
        return rules.ZERO
    return row.total_amount if row.kind == Kind.PURCHASE else total(row.accruals.all())
