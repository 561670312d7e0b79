"""Repayments as scheduled, and taking back a wrong one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from growth.loans.actions import borrowing
from growth.loans.actions.changing import changes_after
from growth.loans.actions.common import (
    State,
    demand_lender,
    last_paid_on,
    lock,
    payments,
    plans,
    refresh,
    valid_payouts,
)
from growth.loans.actions.ending import finish, run_again
from growth.loans.actions.subsidising import book_again
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Repayment, RepaymentFile
from growth.loans.schedules import ZERO, Row
from growth.loans.standing import TOLERANCE, Payment, dues, settled_on
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.ui.errors import Refused, given


class OtherRepayment(Refused):
    """The bank's reference stands for a repayment with other values."""


@action
def repay(
    *,
    by: User,
    at: datetime,
    loan: Loan,
    paid_on: date,
    principal: Decimal,
    interest: Decimal,
    reference: str,
    penalty: Decimal = ZERO,
    note: str = "",
    file: RepaymentFile | None = None,
) -> Repayment:
    """Enter what the borrower paid of what is due until the next instalment; more than rounding beyond that is an early
    repayment. The same reference again changes nothing. A loan of which everything is paid is over. Of one that is
    written off is entered what was paid until then."""
    demand_lender(by, loan)
    row = lock(loan)
    values = {"paid_on": paid_on, "principal": principal, "interest": interest, "penalty": penalty}
    if known := known_repayment(row, reference, values):
        return known
    if row.state != State.WRITTEN_OFF or not row.ended_on or paid_on > row.ended_on:
        refuse_unless_running(row)
    check_paid_on(row, paid_on, timezone.localdate(at))
    _check_amounts(row, paid_on, principal, interest, penalty)
    repayment = Repayment.objects.create(
        loan=row, bank=row.bank, reference=reference.strip(), note=note.strip()[:300], file=file, by=by, at=at, **values
    )
    _after(by, at, row, paid_on)
    return repayment


def _after(by: User, at: datetime, row: Loan, paid_on: date) -> None:
    now = refresh(row, timezone.localdate(at))
    if now.is_settled and row.state == State.RUNNING:
        finish(by, at, row, State.SETTLED, last_paid_on(row))
    book_again(by, at, row, paid_on)


def known_repayment(row: Loan, reference: str, values: Mapping[str, Any]) -> Repayment | None:
    """The repayment that this reference of the bank stands for already; raises OtherRepayment when it is another,
    or was taken back."""
    if not reference.strip():
        raise Refused(_("Give the bank's reference: it keeps a repayment from being entered twice."))
    known = Repayment.objects.filter(bank=row.bank, reference=reference.strip(), reverses=None).first()
    if known is None:
        return None
    if Repayment.objects.filter(reverses=known).exists():
        raise OtherRepayment(
            _("The repayment %(reference)s was taken back. Add something to its reference, such as -2.")
            % {"reference": reference.strip()}
        )
    if known.loan_id != row.pk or any(getattr(known, name) != value for name, value in values.items()):
        raise OtherRepayment(
            _("The reference %(reference)s stands for another repayment.") % {"reference": reference.strip()}
        )
    return known


def refuse_unless_running(row: Loan) -> None:
    if row.state != State.RUNNING:
        raise Refused(_("This loan is not running: nothing is repaid on it."))


def check_paid_on(row: Loan, paid_on: date, today: date) -> None:
    first = valid_payouts(row).first()
    since = first.on if first else today
    if not since <= paid_on <= today:
        raise Refused(
            _("A repayment is of a day from the disbursement on %(first)s to today, %(today)s.")
            % {"first": since, "today": today}
        )


def _check_amounts(row: Loan, on: date, principal: Decimal, interest: Decimal, penalty: Decimal) -> None:
    if min(principal, interest, penalty) < 0 or not principal + interest + penalty:
        raise Refused(_("Amounts are not negative, and something is paid."))
    rows, paid = dues(plans(row)), payments(row)
    # One that is entered after later ones must fit on its own day and beside them.
    for day in sorted({on, max([on, *(each.on for each in paid)])}):
        _check_not_early(rows, [each for each in paid if each.on <= day], day, principal, interest)


def _check_not_early(
    rows: Sequence[Row], paid: Sequence[Payment], day: date, principal: Decimal, interest: Decimal
) -> None:
    settled = settled_on(rows, paid)
    to_come = next((each for each, done in zip(rows, settled, strict=True) if done is None and each.due >= day), None)
    until = to_come.due if to_come else rows[-1].due
    due = [each for each in rows if each.due <= until]
    open_principal = sum((each.principal for each in due), ZERO) - sum((each.principal for each in paid), ZERO)
    open_interest = sum((each.interest for each in due), ZERO) - sum((each.interest for each in paid), ZERO)
    left = sum((each.principal for each in rows), ZERO) - sum((each.principal for each in paid), ZERO)
    if principal > min(open_principal + TOLERANCE, left) or interest > open_interest + TOLERANCE:
        raise Refused(
            _(
                "Until %(until)s principal of CNY %(principal)s and interest of CNY %(interest)s is due; more is an"
                " early repayment."
            )
            % {"until": until, "principal": f"{open_principal:,.2f}", "interest": f"{open_interest:,.2f}"}
        )


@action
def take_back(*, by: User, at: datetime, repayment: Repayment, reason: str) -> Repayment:
    """Take back a repayment that was entered wrongly, by a further row. The subsidy of its quarter is computed again,
    and the difference booked; a loan that it had settled runs again, and its case is open again. One that was written
    off stays so."""
    loan = Loan.objects.get(pk=repayment.loan_id)
    demand_lender(by, loan)
    row = borrowing.lock_with_persons(loan)
    wrong = Repayment.objects.select_related("schedule").get(pk=repayment.pk)
    _check_can_take_back(row, wrong, reason)
    reversal = Repayment.objects.create(
        loan=row, bank=row.bank, kind=Repayment.Kind.REVERSAL, paid_on=wrong.paid_on, principal=-wrong.principal,
        interest=-wrong.interest, penalty=-wrong.penalty, reference=wrong.reference, reverses=wrong, by=by, at=at,
        note=reason.strip()[:300],
    )  # fmt: skip
    if wrong.schedule:
        wrong.schedule.withdrawn_at = at
        wrong.schedule.save(update_fields=["withdrawn_at"])
    if row.state == State.SETTLED:
        run_again(by, at, row, reason)
    refresh(row, timezone.localdate(at))
    book_again(by, at, row, wrong.paid_on)
    return reversal


def _check_can_take_back(row: Loan, wrong: Repayment, reason: str) -> None:
    given(reason)
    if wrong.reverses_id or Repayment.objects.filter(reverses=wrong).exists():
        raise Refused(_("This repayment is taken back already."))
    if row.state not in (State.RUNNING, State.SETTLED, State.WRITTEN_OFF):
        raise Refused(_("This loan is over."))
    if row.state == State.SETTLED and borrowing.have_another(row):
        raise Refused(_("The borrower has another loan by now: this one cannot run again."))
    if later := changes_after(row, wrong):
        raise Refused(
            _("What was still to come was scheduled anew after it: %(what)s. Take that back first.") % {"what": later}
        )
