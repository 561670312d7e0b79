"""What follows from the bank's answers."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from support.housing import facts, rules
from support.housing.actions.claims import settle_claims
from support.housing.actions.common import EndReason, Kind, State, lock_of, total
from support.housing.actions.ending import close_when_done, finish, release_rest
from support.housing.actions.months import owe
from support.housing.models import Accrual, Entitlement
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.money import actions as money
from talentmap.money.models import Payable


@action
def after_payment(*, by: User, at: datetime, payable: Payable) -> None:
    """A purchase subsidy ends when it is paid; a case is closed with its last payment; what the bank already had when
    the subsidy ended is claimed back."""
    row = lock_of(payable.application_id)
    if row is None:
        return
    if row.state != State.ACTIVE:
        settle_claims(by, at, row, _("Paid after the subsidy had ended"))
        close_when_done(by=by, at=at, application=row.case)
    elif row.kind == Kind.PURCHASE:
        finish(by, at, row, EndReason.PAID, timezone.localdate(at))


@action
def after_failure(*, by: User, at: datetime, payable: Payable) -> None:
    """What failed when the benefit had ended is paid again only as far as the person is still entitled to it; what
    came back after it was paid is not claimed back any more."""
    row = lock_of(payable.application_id)
    if row is None or row.state == State.ACTIVE:
        return
    due = _still_due(row, payable)
    if due < payable.amount:
        _cut(by, at, row, payable, due)
        release_rest(by, at, row)
    settle_claims(by, at, row, _("The bank returned the payment"))
    close_when_done(by=by, at=at, application=row.case)


def _still_due(row: Entitlement, payable: Payable) -> Decimal:
    """What remains of a payment: for its months that still count, or because a purchase subsidy deducted it."""
    if row.kind == Kind.PURCHASE:
        return rules.ZERO if row.state == State.REVOKED else payable.amount
    unpaid = facts.rent_deducted(row.talent) - max(facts.rent_paid(row.talent), rules.ZERO)
    return max(total(payable.housing_accruals.all()), min(unpaid, payable.amount), rules.ZERO)


def _cut(by: User, at: datetime, row: Entitlement, payable: Payable, due: Decimal) -> None:
    reason = _("The subsidy ended earlier")
    money.cancel_payable(by=by, at=at, payable=payable, reason=reason)
    if not due:
        return
    months = Accrual.objects.filter(payable=payable)
    last = months.order_by("-month").values_list("month", flat=True).first()
    until = rules.last_day(last) if last else payable.period_to
    key = f"housing:{row.pk}:instead:{payable.pk}"
    months.update(payable=owe(by, at, row, payable.period_from, until, due, key=key))
