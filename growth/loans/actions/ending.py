"""How a loan ends: repaid, written off, or never taken up."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from growth.loans.actions import borrowing
from growth.loans.actions.common import State, demand_lender, lock
from growth.loans.models_loan import Loan
from growth.loans.schedules import ZERO
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.casework.states import State as CaseState
from talentmap.ui.errors import Refused


def finish(by: User, at: datetime, row: Loan, state: str, on: date, reason: str = "") -> Loan:
    """End a locked loan; its case is completed with it."""
    if state != State.SETTLED and not reason.strip():
        raise Refused(_("Say why."))
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
    """Have a locked loan that was repaid run again, and its case with it."""
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
    if on > timezone.localdate(at):
        raise Refused(_("The day lies in the future."))
    return finish(by, at, row, State.WRITTEN_OFF, on, reason)


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
