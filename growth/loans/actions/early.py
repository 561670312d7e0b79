"""Changes of what is still to come: repayment before it is due, and extension of the term."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from growth.loans import schedules
from growth.loans.actions.changing import refuse_out_of_turn
from growth.loans.actions.common import (
    State,
    agreed_terms,
    demand_lender,
    keep_schedule,
    lock,
    look,
    payments,
    plans,
    refresh,
    schedules_in_force,
)
from growth.loans.actions.ending import finish
from growth.loans.actions.entering import check_paid_on, known_repayment, refuse_unless_running
from growth.loans.actions.subsidising import book_again
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Repayment, Schedule
from growth.loans.schedules import ZERO, Keep, Row
from growth.loans.standing import TOLERANCE, dues, settled_on
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.ui.errors import Refused, given


def refuse_in_arrears(row: Loan, on: date) -> None:
    """What is due must be paid before what is to come can change."""
    known, paid = dues(plans(row)), look(row, on)
    due_today = any(each.due == on for each in known) and paid.next_row is not None and paid.next_row.due == on
    if paid.arrears or due_today:
        raise Refused(_("An instalment that is due is not paid yet: enter that first."))


def accrued_until(row: Loan, known: Sequence[Row], on: date) -> Decimal:
    """The interest since the last due date, not due yet, on the principal that is still to come; what had accrued
    before an earlier change of the plan is part of it."""
    terms, first = agreed_terms(row), next((each for each in known if each.due > on), None)
    if first is None:
        return ZERO
    return schedules.carried(terms, first) + schedules.interest_for_days(terms, first.opening, first.begins, on)


def paid_ahead(row: Loan, known: Sequence[Row], on: date) -> tuple[Decimal, Decimal]:
    """Principal and interest that are paid already of what is due only after `on`, where nothing is in arrears."""
    fallen, paid = [each for each in known if each.due <= on], payments(row)
    principal = sum((each.principal for each in paid), ZERO) - sum((each.principal for each in fallen), ZERO)
    interest = sum((each.interest for each in paid), ZERO) - sum((each.interest for each in fallen), ZERO)
    return principal, max(interest, ZERO)


def interest_owed(row: Loan, known: Sequence[Row], on: date) -> Decimal:
    """What is still to be paid of the interest until `on`."""
    return max(accrued_until(row, known, on) - paid_ahead(row, known, on)[1], ZERO)


@action
def repay_early(
    *,
    by: User,
    at: datetime,
    loan: Loan,
    paid_on: date,
    principal: Decimal,
    interest: Decimal,
    reference: str,
    keep: str = Keep.TERM,
    penalty: Decimal = ZERO,
    note: str = "",
) -> Repayment:
    """Repay part or all of what is not due yet, with the interest until that day; what remains is scheduled anew,
    over the same time or by the same instalments. The same reference again changes nothing."""
    demand_lender(by, loan)
    row = lock(loan)
    values = {"paid_on": paid_on, "principal": principal, "interest": interest, "penalty": penalty}
    if known := known_repayment(row, reference, values):
        return known
    refuse_unless_running(row)
    check_paid_on(row, paid_on, timezone.localdate(at))
    refuse_out_of_turn(row, paid_on)
    refuse_in_arrears(row, paid_on)
    rows = _rows_after(row, paid_on, principal, interest, Keep(keep))
    reason = Schedule.Reason.EARLY
    made = keep_schedule(row, rows, since=paid_on, reason=reason, by=by, at=at)
    repayment = Repayment.objects.create(
        loan=row, bank=row.bank, kind=Repayment.Kind.EARLY, reference=reference.strip(), schedule=made, by=by, at=at,
        note=note.strip()[:300], **values,
    )  # fmt: skip
    now = refresh(row, timezone.localdate(at))
    if now.is_settled:
        finish(by, at, row, State.SETTLED, paid_on)
    book_again(by, at, row, paid_on)
    return repayment


def _rows_after(row: Loan, on: date, principal: Decimal, interest: Decimal, keep: Keep) -> tuple[Row, ...]:
    """What was paid ahead counts as repaid with it, and an instalment that was paid ahead is not due again."""
    terms, known = agreed_terms(row), dues(plans(row))
    first = next((each for each in known if each.due > on), None)
    ahead, interest_ahead = paid_ahead(row, known, on)
    outstanding = first.opening - ahead if first else ZERO
    if first is None or not 0 < principal <= outstanding:
        raise Refused(_("CNY %(most)s is not due yet and can be repaid early.") % {"most": f"{outstanding:,.2f}"})
    owed = interest_owed(row, known, on)
    if abs(interest - owed) > TOLERANCE:
        raise Refused(_("The interest until that day is CNY %(interest)s.") % {"interest": f"{owed:,.2f}"})
    repaid, paid = ahead + principal, min(interest_ahead, accrued_until(row, known, on)) + interest
    until_now = Row(
        number=first.number,
        begins=first.begins,
        due=on,
        days=schedules.days_between(terms, first.begins, on),
        opening=first.opening,
        principal=repaid,
        interest=paid,
        total=repaid + paid,
        closing=first.opening - repaid,
    )
    if principal == outstanding:
        return (until_now,)
    left = _unpaid(row, known)
    rest = schedules.rest_schedule(terms, left, outstanding=until_now.closing, on=on, keep=keep)
    return until_now, *rest


def _unpaid(row: Loan, known: Sequence[Row]) -> list[Row]:
    settled = settled_on(known, payments(row))
    return [each for each, day in zip(known, settled, strict=True) if day is None or not each.total]


@action
def extend(*, by: User, at: datetime, loan: Loan, on: date, months: int, reason: str) -> Schedule:
    """Give the borrower `months` more; what lies after the agreed end is not subsidised. What is not due yet is spread
    over the longer time."""
    demand_lender(by, loan)
    row = lock(loan)
    if row.state != State.RUNNING:
        raise Refused(_("Only a running loan is extended."))
    given(reason)
    today, known = timezone.localdate(at), dues(plans(row))
    to_come = [each for each in known if each.due > on]
    if on > today or not to_come:
        raise Refused(_("A loan is extended before its last instalment is due, and not for a day to come."))
    # It has no reference of the bank by which the same one could be told, when it is sent twice.
    if schedules_in_force(row).filter(reason=Schedule.Reason.EXTENDED, since=on).exists():
        raise Refused(_("An extension of %(day)s is entered already. Take it back to enter another.") % {"day": on})
    refuse_out_of_turn(row, on)
    refuse_in_arrears(row, on)
    made = keep_schedule(
        row, _extended(row, to_come, months), since=on, reason=Schedule.Reason.EXTENDED, months=months,
        note=reason.strip()[:300], by=by, at=at,
    )  # fmt: skip
    refresh(row, today)
    return made


def _extended(row: Loan, to_come: Sequence[Row], months: int) -> tuple[Row, ...]:
    """Over the due dates that are left, and further ones after the last."""
    terms, first = agreed_terms(row), to_come[0]
    return schedules.rest_schedule(
        terms,
        to_come,
        outstanding=first.opening,
        on=first.begins,
        accrued=schedules.carried(terms, first),
        further=months,
    )
