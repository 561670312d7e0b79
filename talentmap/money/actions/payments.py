"""Writes of payables and payment batches. Locks go fund, batch, payables, after the application."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import GRANTS, Permission
from talentmap.audit.action import action
from talentmap.audit.actions import log_access
from talentmap.casework import calendar, policy
from talentmap.casework.models import Application
from talentmap.casework.rules import add_working_days
from talentmap.money import kinds, rules
from talentmap.money.actions.ledger import KeyReused, Shortfall, committed, demand
from talentmap.money.models import BatchLine, Fund, Payable, PaymentBatch
from talentmap.money.models_payment import quarter_name
from talentmap.money.payees import Payee, in_file
from talentmap.notices.actions import notify, notify_each
from talentmap.ui.errors import Refused, given
from talentmap.ui.templatetags.ui import money

Due = Payable.State
Batch = PaymentBatch.State
Outcome = BatchLine.Outcome


@dataclass(frozen=True)
class Prepared:
    """A new batch, and how many due payments were left out because no account is known."""

    batch: PaymentBatch
    without_account: int


@dataclass(frozen=True)
class Cancelled:
    """What was cancelled, and what could not be because the bank already has it."""

    cancelled: tuple[Payable, ...]
    under_way: tuple[Payable, ...]


@action
def owe(
    *,
    by: User,
    at: datetime,
    fund: Fund,
    application: Application,
    entitlement_ref: str,
    period_from: date,
    period_to: date,
    amount: Decimal,
    key: str,
    payee: User | None = None,
) -> Payable:
    """Make an amount payable, once a key; to the applicant unless `payee` says otherwise, and to the account in their
    file. The day by which it is to be paid follows from the rule now in force.

    Raises Shortfall when all that is payable would exceed what is committed for the application.
    """
    locked = Fund.objects.select_for_update(of=("self",)).get(pk=fund.pk)
    done = Payable.objects.filter(key=key).first()
    if done:
        if (done.application_id, done.amount) != (application.pk, amount):
            raise KeyReused(key)
        return done
    _check_covered(locked, application, amount)
    row = Payable(
        fund=locked,
        application=application,
        entitlement_ref=entitlement_ref,
        period_from=period_from,
        period_to=period_to,
        amount=amount,
        due_on=_to_be_paid_by(timezone.localdate(at)),
        key=key,
        created_at=at,
        payee=payee,
    )
    for name, value in in_file(row).columns().items():
        setattr(row, name, value)
    row.save()
    return row


def _to_be_paid_by(today: date) -> date:
    return add_working_days(today, policy.deadlines(today).pay, calendar.current())


def _check_covered(fund: Fund, application: Application, amount: Decimal) -> None:
    payable = Payable.objects.filter(fund=fund, application=application, state__in=Payable.UNPAID)
    needed = amount + (payable.aggregate(total=Sum("amount"))["total"] or rules.ZERO)
    available = committed(fund, application)
    if needed > available:
        raise Shortfall(
            _("%(available)s is committed for application %(number)s, %(needed)s would be payable.")
            % {"available": money(available), "number": application.number, "needed": money(needed)},
            needed=needed,
            available=available,
        )


@action
def correct_payee(*, by: User, at: datetime, payable: Payable, payee: Payee, reason: str) -> Payable:
    """Put right whom a due or failed payment goes to; it then goes into the next batch. An empty account number
    keeps the present one. That it is not the account in the payee's file is kept for whoever releases it."""
    demand(by, Permission.PREPARE_BATCH)
    why = given(reason)[:300]
    row = Payable.objects.select_for_update(of=("self",)).get(pk=payable.pk)
    if row.state not in (Due.DUE, Due.FAILED):
        raise Refused(_("Only a due or failed payment can be corrected."))
    columns = Payee(payee.name, payee.bank, payee.account or row.bank_account).columns()
    for name, value in columns.items():
        setattr(row, name, value)
    if not row.has_account:
        raise Refused(_("Payee, bank and account number are all needed."))
    row.entered_by_hand = columns != in_file(row).columns()
    row.state, row.state_reason = Due.DUE, why
    row.save(update_fields=[*columns, "entered_by_hand", "state", "state_reason"])
    return row


@action
def cancel_payables(
    *, by: User, at: datetime, application: Application, reason: str, after: date | None = None
) -> Cancelled:
    """Cancel what an application would still be paid, or only periods that begin after a day.

    A payment in a batch not yet released is taken out of it; one the bank already has is left and reported.
    """
    funds = Payable.objects.filter(application=application).values("fund")
    list(Fund.objects.select_for_update(of=("self",)).filter(pk__in=funds).order_by("pk"))
    rows = Payable.objects.filter(application=application, state__in=Payable.UNPAID)
    rows = rows.filter(period_from__gt=after) if after else rows
    waiting = BatchLine.objects.filter(payable__in=rows, outcome="")
    _lock_batches(waiting)
    sent = set(waiting.filter(batch__state=Batch.RELEASED).values_list("payable_id", flat=True))
    found = list(rows.select_for_update(of=("self",)))
    cancelled = [row for row in found if row.pk not in sent]
    waiting.filter(payable__in=cancelled).update(outcome=Outcome.DROPPED, returned_at=at, reason=reason[:300])
    move(cancelled, Due.CANCELLED, reason)
    return Cancelled(tuple(cancelled), tuple(row for row in found if row.pk in sent))


@action
def cancel_payable(*, by: User, at: datetime, payable: Payable, reason: str) -> Payable:
    """Give up one due or failed payment that nobody is entitled to any more."""
    Fund.objects.select_for_update(of=("self",)).get(pk=payable.fund_id)
    row = Payable.objects.select_for_update(of=("self",)).get(pk=payable.pk)
    if row.state not in (Due.DUE, Due.FAILED):
        raise Refused(_("Only a due or failed payment can be cancelled."))
    move([row], Due.CANCELLED, reason)
    return row


def _lock_batches(lines: QuerySet) -> None:
    batches = PaymentBatch.objects.select_for_update(of=("self",))
    list(batches.filter(pk__in=lines.values("batch")).order_by("pk"))


def move(payables: Iterable[Payable], state: str, reason: str = "") -> None:
    """Set the state of payables, which the caller has locked by their fund."""
    rows = list(payables)
    Payable.objects.filter(pk__in=[row.pk for row in rows]).update(state=state, state_reason=reason[:300])
    for row in rows:
        row.state, row.state_reason = state, reason[:300]


# Batches -------------------------------------------------------------------------------------------------


@action
def prepare_batch(*, by: User, at: datetime, fund: Fund, quarter: rules.Quarter) -> Prepared:
    """Put everything due by the end of a quarter into a new batch; what failed before is due again once corrected.

    Refused when nothing is due. All in one transaction: a process that dies in the middle leaves nothing.
    """
    demand(by, Permission.PREPARE_BATCH)
    locked = Fund.objects.select_for_update(of=("self",)).get(pk=fund.pk)
    due = Payable.objects.filter(fund=locked).due_by(quarter.last_day)
    left_out = due.without_account().count()
    payables = list(due.with_account().select_for_update(of=("self",)).order_by("application_id", "period_from"))
    if not payables:
        raise Refused(_nothing_due(quarter, left_out))
    batch = PaymentBatch.objects.create(
        number=_next_number(locked, quarter),
        fund=locked,
        year=quarter.year,
        quarter=quarter.number,
        prepared_by=by,
        prepared_at=at,
    )
    BatchLine.objects.bulk_create(_line(batch, n, payable) for n, payable in enumerate(payables, start=1))
    move(payables, Due.BATCHED)
    _tell_releasers(by, at, batch)
    return Prepared(batch, left_out)


def _nothing_due(quarter: rules.Quarter, left_out: int) -> str:
    if not left_out:
        return _("Nothing is due for payment until the end of %(quarter)s.") % {"quarter": quarter_name(quarter)}
    return ngettext(
        "%(count)s payment is due until the end of %(quarter)s, but no account to pay to is known.",
        "%(count)s payments are due until the end of %(quarter)s, but no account to pay to is known.",
        left_out,
    ) % {"count": left_out, "quarter": quarter_name(quarter)}


def _next_number(fund: Fund, quarter: rules.Quarter) -> str:
    """Counted under the fund's lock."""
    before = PaymentBatch.objects.filter(fund=fund, year=quarter.year, quarter=quarter.number).count()
    return f"{fund.code.upper()}-{quarter}-{before + 1:02d}"


def _line(batch: PaymentBatch, position: int, payable: Payable) -> BatchLine:
    return BatchLine(
        batch=batch,
        position=position,
        reference=f"{batch.number}-{position:04d}",
        payable=payable,
        amount=payable.amount,
        payee_name=payable.payee_name,
        bank_name=payable.bank_name,
        bank_account=payable.bank_account,
        account_last4=payable.account_last4,
    )


def _tell_releasers(by: User, at: datetime, batch: PaymentBatch) -> None:
    roles = [role for role, granted in GRANTS.items() if Permission.RELEASE_BATCH in granted]
    holding = Membership.objects.active().filter(role__in=roles).values("user")
    notify_each(
        recipients=User.objects.filter(pk__in=holding, is_active=True).exclude(pk=by.pk),
        by=by,
        at=at,
        kind=kinds.BATCH_PREPARED,
        params={"batch": batch.number},
        link=batch.get_absolute_url(),
        key=f"batch:{batch.pk}:prepared",
    )


@action
def release_batch(
    *, by: User, at: datetime, batch: PaymentBatch, expected_total: Decimal | None = None
) -> PaymentBatch:
    """Let a prepared batch go to the bank; by somebody who did not prepare it.

    `expected_total` is the sum the person saw: when payments were taken out since, it is refused.
    """
    demand(by, Permission.RELEASE_BATCH)
    row = lock_batch(batch)
    if row.state != Batch.PREPARED:
        raise Refused(_("This batch is no longer waiting for release: %(state)s.") % {"state": row.get_state_display()})
    if row.prepared_by_id == by.pk:
        raise Refused(_("Whoever prepared a batch cannot release it."))
    total = _total(row)
    if expected_total is not None and total != expected_total:
        raise Refused(_("The batch has changed: it now pays %(total)s. Check it again.") % {"total": money(total)})
    if not total:
        raise Refused(_("Every payment was taken out of this batch. Cancel it."))
    row.state, row.released_by, row.released_at = Batch.RELEASED, by, at
    row.save(update_fields=["state", "released_by", "released_at"])
    notify(
        by=by,
        at=at,
        recipient=row.prepared_by,
        kind=kinds.BATCH_RELEASED,
        params={"batch": row.number},
        link=row.get_absolute_url(),
        key=f"batch:{row.pk}:released",
    )
    return row


def lock_batch(batch: PaymentBatch) -> PaymentBatch:
    """Read a batch again under its lock."""
    return PaymentBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)


def _total(batch: PaymentBatch) -> Decimal:
    total: Decimal | None = batch.lines.filter(outcome="").aggregate(total=Sum("amount"))["total"]
    return total or rules.ZERO


@action
def cancel_batch(*, by: User, at: datetime, batch: PaymentBatch, reason: str) -> PaymentBatch:
    """Give up a batch that was not released; its payments are due again."""
    demand(by, Permission.PREPARE_BATCH, Permission.RELEASE_BATCH)
    why = given(reason)[:300]
    row = lock_batch(batch)
    if row.state != Batch.PREPARED:
        raise Refused(_("Only a batch that is not released yet can be cancelled."))
    waiting = row.lines.filter(outcome="")
    move(Payable.objects.filter(lines__in=waiting).select_for_update(of=("self",)), Due.DUE)
    waiting.update(outcome=Outcome.DROPPED, returned_at=at, reason=why)
    row.state, row.cancelled_by, row.cancelled_at = Batch.CANCELLED, by, at
    row.cancel_reason = why
    row.save(update_fields=["state", "cancelled_by", "cancelled_at", "cancel_reason"])
    return row


@action
def export_batch(*, by: User, at: datetime, batch: PaymentBatch) -> Sequence[BatchLine]:
    """Hand out a released batch's payments with full account numbers; that it happened is logged first."""
    demand(by, Permission.PREPARE_BATCH, Permission.RELEASE_BATCH)
    row = lock_batch(batch)
    if row.state not in (Batch.RELEASED, Batch.SETTLED):
        raise Refused(_("The bank file exists once the batch is released."))
    log_access(
        by=by,
        at=at,
        subject=row,
        field="bank_account",
        reason=_("Bank file of batch %(n)s") % {"n": row.number},
    )
    return list(row.lines.exclude(outcome=Outcome.DROPPED).order_by("position"))
