"""Reminding the borrower, and telling the bank what became of its file. Only for actions of loans."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from growth.loans import kinds
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import RepaymentFile
from growth.loans.standing import Standing
from talentmap.accounts.models import User
from talentmap.notices.actions import notify
from talentmap.notices.kinds import NoticeKind

# Days overdue on which the borrower is reminded again; each once an arrear.
STEPS = (1, 7, 30, 60, 90)


def remind(by: User, at: datetime, loan: Loan, now: Standing, today: date, ahead: date) -> None:
    """Of what falls due until `ahead`, and of what is overdue; each once."""
    if now.next_row and now.next_row.due <= ahead:
        due = now.next_row.due
        _tell(by, at, loan, kinds.DUE_SOON, {"date": f"{due:%Y-%m-%d}"}, f"loan:{loan.pk}:due:{due}")
    if now.overdue_since:
        days = (today - now.overdue_since).days
        reached = [step for step in STEPS if step <= days]
        if reached:
            key = f"loan:{loan.pk}:overdue:{now.overdue_since}:{reached[-1]}"
            _tell(by, at, loan, kinds.OVERDUE, {"days": days}, key)


def tell_entered(by: User, at: datetime, file: RepaymentFile) -> None:
    """Whoever imported the file need not wait beside it."""
    notify(
        by=by, at=at, recipient=file.by, kind=kinds.FILE_ENTERED, key=f"repayments:{file.pk}",
        params={"date": f"{timezone.localtime(file.at):%Y-%m-%d}"},
        link=reverse("loans:repayment_file", args=[file.pk]),
    )  # fmt: skip


def _tell(by: User, at: datetime, loan: Loan, kind: NoticeKind, params: dict[str, Any], key: str) -> None:
    """A borrower without an account is told by the bank."""
    user = loan.talent.user
    if user:
        params |= {"number": str(loan.application)}
        notify(by=by, at=at, recipient=user, kind=kind, params=params, link=loan.get_absolute_url(), key=key)
