"""Writes of claims to get paid money back. Locks go application, fund, claim."""

from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.casework.models import Application
from talentmap.money import rules
from talentmap.money.actions.ledger import KeyReused, demand, lock_applications, recover
from talentmap.money.models import CommitmentBalance, Fund, Recovery, RecoveryReceipt
from talentmap.ui.errors import Refused, given
from talentmap.ui.templatetags.ui import money

State = Recovery.State


@action
def open_recovery(
    *,
    by: User,
    at: datetime,
    fund: Fund,
    application: Application,
    amount: Decimal,
    reason: str,
    key: str,
    due_on: date | None = None,
) -> Recovery:
    """Claim back money that was paid for an application, once a key.

    Refused when open claims would exceed what the person has received and not paid back.
    """
    demand(by, Permission.REVOKE_ENTITLEMENT, Permission.END_ENTITLEMENT)
    locked = Fund.objects.select_for_update(of=("self",)).get(pk=fund.pk)
    done = Recovery.objects.filter(key=key).first()
    if done:
        if (done.application_id, done.amount) != (application.pk, amount):
            raise KeyReused(key)
        return done
    if not rules.is_amount(amount) or not reason.strip():
        raise Refused(_("A claim has an amount and a reason."))
    _check_was_paid(locked, application, amount)
    return Recovery.objects.create(
        fund=locked,
        application=application,
        amount=amount,
        reason=reason.strip()[:300],
        due_on=due_on,
        opened_by=by,
        opened_at=at,
        key=key,
    )


def _check_was_paid(fund: Fund, application: Application, amount: Decimal) -> None:
    row = CommitmentBalance.objects.filter(fund=fund, application=application).first()
    claims = Recovery.objects.filter(fund=fund, application=application, state=State.OPEN)
    sums = claims.aggregate(amount=Sum("amount"), received=Sum("received"))
    claimed = (sums["amount"] or rules.ZERO) - (sums["received"] or rules.ZERO)
    claimable = (row.kept if row else rules.ZERO) - claimed
    if amount > claimable:
        raise Refused(
            _("At most %(claimable)s can be claimed back: more was not paid, or is claimed already.")
            % {"claimable": money(claimable)}
        )


@action
def receive(
    *,
    by: User,
    at: datetime,
    recovery: Recovery,
    amount: Decimal,
    received_on: date,
    key: str,
    reference: str = "",
) -> RecoveryReceipt:
    """Record a sum that came back, once a key; the claim is settled when all of it has."""
    demand(by, Permission.MANAGE_FUNDS, Permission.IMPORT_RETURN)
    lock_applications([recovery.application_id])
    Fund.objects.select_for_update(of=("self",)).get(pk=recovery.fund_id)
    claim = Recovery.objects.select_for_update(of=("self",)).get(pk=recovery.pk)
    done = RecoveryReceipt.objects.filter(entry__key=key).first()
    if done:
        return done
    if claim.state != State.OPEN:
        raise Refused(_("This claim is closed: %(state)s.") % {"state": claim.get_state_display()})
    if amount > claim.outstanding:
        raise Refused(_("Only %(rest)s is still outstanding.") % {"rest": money(claim.outstanding)})
    entry = recover(
        by=by, at=at, fund=claim.fund, amount=amount, application=claim.application, key=key, memo=reference
    )
    return RecoveryReceipt.objects.create(
        recovery=claim, entry=entry, amount=amount, received_on=received_on, reference=reference.strip()[:120]
    )


@action
def write_off(*, by: User, at: datetime, recovery: Recovery, reason: str) -> Recovery:
    """Give up what is outstanding of a claim; the payment stays booked as paid."""
    demand(by, Permission.REVOKE_ENTITLEMENT)
    return _close(by, at, recovery, State.WRITTEN_OFF, reason)


@action
def withdraw_claim(*, by: User, at: datetime, recovery: Recovery, reason: str) -> Recovery:
    """Take back what is outstanding of a claim that turned out not to be owed; what came in of it stays booked."""
    demand(by, Permission.REVOKE_ENTITLEMENT, Permission.END_ENTITLEMENT)
    return _close(by, at, recovery, State.WITHDRAWN, reason)


def _close(by: User, at: datetime, recovery: Recovery, state: Recovery.State, reason: str) -> Recovery:
    why = given(reason)[:300]
    claim = Recovery.objects.select_for_update(of=("self",)).get(pk=recovery.pk)
    if claim.state != State.OPEN:
        raise Refused(_("This claim is closed: %(state)s.") % {"state": claim.get_state_display()})
    claim.state, claim.closed_by, claim.closed_at = state, by, at
    claim.close_reason = why
    claim.save(update_fields=["state", "closed_by", "closed_at", "close_reason"])
    return claim
