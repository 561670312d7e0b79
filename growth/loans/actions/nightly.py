"""What the calendar changes: an instalment falls due, becomes overdue, a quarter ends, somebody is reminded."""

from datetime import datetime, timedelta

from django.utils import timezone

from growth.loans.actions.common import State, lock, policy_of, refresh
from growth.loans.actions.telling import remind
from growth.loans.models_loan import Loan
from talentmap.accounts.models import User
from talentmap.audit.action import action


@action
def bring_up_to_date(*, by: User, at: datetime, loan: Loan) -> bool:
    """Have a running loan's columns say where it stands today, and remind the borrower; returns whether it was
    running. Running it again changes nothing and reminds nobody twice."""
    row = lock(loan)
    if row.state != State.RUNNING:
        return False
    today = timezone.localdate(at)
    now = refresh(row, today)
    ahead = today + timedelta(days=int(policy_of(row).amounts["remind.days"]))
    remind(by, at, row, now, today, ahead)
    return True
