"""How a loan ends: repaid, written off, or never taken up; and how what was written off is taken back."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from growth.loans.actions import borrowing
from growth.loans.actions.changing import refuse_out_of_turn
from growth.loans.actions.common import (
    State,
    demand_lender,
    last_paid_on,
    lock,
    look,
    refresh,
    valid_payouts,
)
from growth.loans.actions.subsidising import book_again
from growth.loans.models_loan import Loan
from growth.loans.models_write_off import WriteOff
from growth.loans.schedules import ZERO
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.casework.states import State as CaseState
from talentmap.ui.errors import Refused, given


def finish(by: User, at: datetime, row: Loan, state: str, on: date, reason: str = "") -> Loan:
    """End a locked loan; its case is completed with it."""
    if state != State.SETTLED:
        given(reason)
    row.state, row.ended_on, row.end_note = state, on, reason.strip()[:300]
    row.arrears, row.overdue_since, row.next_due_on, row.next_due_amount = ZERO, None, None, ZERO
    row.save(
        update_fields=[
            "state", "ended_on", "end_note", "arrears", "overdue_since", "next_due_on", "next_due_amount",
        ]
    )  # fmt: skip
    borrowing.follow(row)
    application = Application.objects.get(pk=row.application_id)
    if application.state == CaseState.APPROVED:
        # It follows by itself: a bank's officer closes no cases of the office.
        casework.close(by=User.objects.system(), at=at, application=application)
    return row


def run_again(by: User, at: datetime, row: Loan, reason: str) -> None:
    """Have a locked loan that was repaid or written off run again, and its case with it."""
    row.state, row.ended_on, row.end_note = State.RUNNING, None, ""
    row.save(update_fields=["state", "ended_on", "end_note"])
    borrowing.follow(row)
    application = Application.objects.get(pk=row.application_id)
    if application.state == CaseState.CLOSED:
        casework.reopen(by=User.objects.system(), at=at, application=application, reason=reason)


@action
def write_off(*, by: User, at: datetime, loan: Loan, on: date, reason: str) -> Loan:
    """Give up what is outstanding; nothing is subsidised from then on."""
    demand_lender(by, loan)
    row = lock(loan)
    if row.state != State.RUNNING:
        raise Refused(_("Only a running loan is written off."))
    _check_written_off_on(row, on, timezone.localdate(at))
    finish(by, at, row, State.WRITTEN_OFF, on, reason)
    WriteOff.objects.create(loan=row, on=on, amount=look(row, on).outstanding, reason=row.end_note, by=by, at=at)
    return row


def _check_written_off_on(row: Loan, on: date, today: date) -> None:
    first = valid_payouts(row).first()
    since = first.on if first else today
    if not since <= on <= today:
        raise Refused(
            _("A loan is written off on a day from the disbursement on %(first)s to today, %(today)s.")
            % {"first": since, "today": today}
        )
    refuse_out_of_turn(row, on)


@action
def take_back_write_off(*, by: User, at: datetime, loan: Loan, reason: str) -> Loan:
    """Take back a write-off by a further row: the loan runs again, and its case with it. Of what was repaid until then
    may have been entered so much meanwhile that it is over all the same, as repaid."""
    demand_lender(by, loan)
    row = borrowing.lock_with_persons(loan)
    if row.state != State.WRITTEN_OFF:
        raise Refused(_("This loan is not written off."))
    given(reason)
    if borrowing.have_another(row):
        raise Refused(_("The borrower has another loan by now: this one cannot run again."))
    wrong = row.write_offs.get(reverses=None, reversal=None)
    WriteOff.objects.create(
        loan=row, on=wrong.on, amount=-wrong.amount, reason=reason.strip()[:300], reverses=wrong, by=by, at=at
    )
    run_again(by, at, row, reason)
    if refresh(row, timezone.localdate(at)).is_settled:
        finish(by, at, row, State.SETTLED, last_paid_on(row))
    book_again(by, at, row, wrong.on)
    return row


@action
def revoke_grant(*, by: User, at: datetime, application: Application) -> Loan | None:
    """Follow a revoked approval: possible while no money was paid out; what is lent is the bank's to end."""
    loan = Loan.objects.filter(application=application).first()
    if loan is None or loan.state == State.CANCELLED:
        return loan
    row = lock(loan)
    if row.disbursed:
        raise Refused(_("Money was paid out on this loan: the bank ends it, not a revocation."))
    return finish(by, at, row, State.CANCELLED, timezone.localdate(at), application.decision_reason)
