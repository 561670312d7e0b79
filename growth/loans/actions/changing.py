"""What of a loan rests on what: a change of the schedule comes after everything that is entered of earlier days, and is
taken back before it. What is taken back stays in the books."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from growth.loans.actions.common import (
    State,
    demand_lender,
    lock,
    refresh,
    schedules_in_force,
    valid_payouts,
    valid_repayments,
)
from growth.loans.actions.subsidising import book_again
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Disbursement, Repayment, Schedule
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.ui.errors import Refused, given

MOST_NAMED = 3
PAYOUTS = (Schedule.Reason.DISBURSED, Schedule.Reason.FURTHER)


def refuse_out_of_turn(row: Loan, on: date) -> None:
    """A change of an earlier day would count principal twice that a later one has moved."""
    changes, paid = schedules_in_force(row).filter(since__gt=on), valid_repayments(row).filter(paid_on__gt=on)
    if later := _named(changes, paid):
        raise Refused(
            _("Of a later day is entered already: %(what)s. Take that back first, and enter it again afterwards.")
            % {"what": later}
        )


def what_hangs_on(row: Loan, change: Schedule) -> str:
    """What was entered after a change of the schedule and holds, and so is taken back before it; empty where nothing
    was."""
    paid = valid_repayments(row)
    if change.reason != Schedule.Reason.DISBURSED:  # without the first payout nothing can have been repaid
        paid = paid.filter(paid_on__gt=change.since)
    return _named(_changes(row, change.version), paid)


def changes_after(row: Loan, paid: Repayment) -> str:
    """The changes in force that rest on a repayment: of later days, and of its own day what was entered after it."""
    rests = Q(since__gt=paid.paid_on) | Q(since=paid.paid_on, at__gte=paid.at)
    version = paid.schedule.version if paid.schedule else 0
    return _named(_changes(row, version).filter(rests), ())


def _changes(row: Loan, version: int) -> QuerySet[Schedule]:
    """Those in force after a version, which the first payout is not."""
    return schedules_in_force(row).filter(version__gt=version).exclude(reason=Schedule.Reason.DISBURSED)


def _named(changes: QuerySet[Schedule], paid: Iterable[Repayment]) -> str:
    """The latest first: the order in which to take them back. An early repayment is named once, as the change it is."""
    named = [(each.since, each.at, _name(each)) for each in changes]
    made = {each.pk for each in changes}
    named += [(each.paid_on, each.at, _repayment(each)) for each in paid if each.schedule_id not in made]
    told = [_("%(what)s (%(day)s)") % {"what": name, "day": day} for day, _at, name in sorted(named, reverse=True)]
    if len(told) > MOST_NAMED:
        told[MOST_NAMED:] = [pgettext("taking back", "%(more)s more") % {"more": len(told) - MOST_NAMED}]
    return str(_("; ")).join(told)


def _name(change: Schedule) -> str:
    early = change.repayments.first() if change.reason == Schedule.Reason.EARLY else None
    return _repayment(early) if early else str(change.get_reason_display())


def _repayment(repayment: Repayment) -> str:
    return _("Repayment %(reference)s") % {"reference": repayment.reference}


def schedule_of(row: Loan, payout: Disbursement) -> Schedule | None:
    """The schedule that a payout made: each makes one, in the order in which they are entered."""
    made = schedules_in_force(row).filter(reason__in=PAYOUTS)
    return dict(zip(valid_payouts(row).order_by("pk"), made, strict=False)).get(payout)


@action
def take_back_payout(*, by: User, at: datetime, payout: Disbursement, reason: str) -> Disbursement:
    """Take back the latest payout by a further row: the schedule before it holds again. Without any payout the loan
    is one to be paid out."""
    demand_lender(by, payout.loan)
    row = lock(payout.loan)
    wrong = Disbursement.objects.get(pk=payout.pk)
    change = schedule_of(row, wrong)
    if change is None:
        raise Refused(_("This payout is taken back already."))
    _withdraw(row, change, at, reason)
    reversal = Disbursement.objects.create(
        loan=row, on=wrong.on, amount=-wrong.amount, reference=wrong.reference, reverses=wrong, by=by, at=at,
        note=reason.strip()[:300],
    )  # fmt: skip
    refresh(row, timezone.localdate(at))
    row.disbursed -= wrong.amount
    if change.reason == Schedule.Reason.DISBURSED:
        row.state, row.first_due, row.due_day, row.agreed_end = State.SIGNED, None, None, None
    row.save(update_fields=["disbursed", "state", "first_due", "due_day", "agreed_end"])
    book_again(by, at, row, change.since)
    return reversal


@action
def take_back_extension(*, by: User, at: datetime, extension: Schedule, reason: str) -> Schedule:
    """Withdraw an extension: what was agreed before it holds again."""
    demand_lender(by, extension.loan)
    row = lock(extension.loan)
    change = Schedule.objects.get(pk=extension.pk)
    if change.withdrawn_at or change.reason != Schedule.Reason.EXTENDED:
        raise Refused(_("This extension is taken back already."))
    _withdraw(row, change, at, reason)
    refresh(row, timezone.localdate(at))
    book_again(by, at, row, change.since)
    return change


def _withdraw(row: Loan, change: Schedule, at: datetime, reason: str) -> None:
    given(reason)
    if row.state != State.RUNNING:
        raise Refused(_("This loan is over."))
    if later := what_hangs_on(row, change):
        raise Refused(_("Entered after it: %(what)s. Take that back first.") % {"what": later})
    change.withdrawn_at, change.withdrawn_note = at, reason.strip()[:300]
    change.save(update_fields=["withdrawn_at", "withdrawn_note"])
