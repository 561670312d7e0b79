"""From the approval to the money: the contract, what is paid out, an approval that is not taken up."""

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
    plans,
    policy_of,
    policy_on,
    refresh,
    refuse_nothing,
    terms_of,
)
from growth.loans.actions.early import accrued_until, refuse_in_arrears
from growth.loans.actions.ending import finish
from growth.loans.choices import BorrowerKind, Programme
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Disbursement, Schedule
from growth.loans.policy import loan_problems, percent, term_problems
from growth.loans.standing import dues
from growth.loans.tariff import TARIFF_CODE
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.money import tariffs
from talentmap.ui.errors import Refused, given


@action
def sign(
    *,
    by: User,
    at: datetime,
    loan: Loan,
    contract_number: str,
    signed_on: date,
    amount: Decimal | None = None,
    rate: Decimal | None = None,
    months: int | None = None,
) -> Loan:
    """Record the contract. The policy of its day holds for the loan from then on, whatever changes later; where it
    became stricter since the approval, the contract has a lower amount (CNY) or rate (% a year) or fewer months."""
    demand_lender(by, loan)
    row = lock(loan)
    if row.state != State.APPROVED:
        raise Refused(_("The contract of this loan is signed already, or the loan is over."))
    if not row.approved_on <= signed_on <= timezone.localdate(at):
        raise Refused(_("A contract is signed between the approval and today."))
    _agree(
        row,
        row.amount if amount is None else amount,
        row.annual_rate if rate is None else rate,
        row.months if months is None else months,
    )
    _check_terms(row, signed_on)
    row.contract_number, row.signed_on, row.state = contract_number.strip(), signed_on, State.SIGNED
    row.tariff_id = tariffs.in_force(TARIFF_CODE, signed_on).id
    row.save(update_fields=["contract_number", "signed_on", "state", "tariff", "amount", "annual_rate", "months"])
    return row


def _agree(row: Loan, amount: Decimal, rate: Decimal, months: int) -> None:
    """What the contract says, within the approval."""
    refuse_nothing(amount, months)
    if amount > row.amount or rate > row.annual_rate or months > row.months:
        approved = {"amount": f"{row.amount:,.2f}", "rate": percent(row.annual_rate), "months": row.months}
        raise Refused(_("Approved are at most CNY %(amount)s at %(rate)s%% a year for %(months)s months.") % approved)
    if row.grace >= months:
        raise Refused(_("The months of grace are fewer than those of the term."))
    row.amount, row.annual_rate, row.months = amount, rate, months


@action
def correct_contract(*, by: User, at: datetime, loan: Loan, contract_number: str, reason: str) -> Loan:
    """Give a contract the number that it really has: the bank's files name the loan by it."""
    demand_lender(by, loan)
    row = lock(loan)
    if not row.contract_number:
        raise Refused(_("This loan has no contract yet."))
    given(reason)
    if not contract_number.strip():
        raise Refused(_("A contract has a number."))
    row.contract_number = contract_number.strip()
    row.save(update_fields=["contract_number"])
    return row


def _check_terms(row: Loan, signed_on: date) -> None:
    """The policy may have changed since the approval. The term is counted from the payout, which is still to come."""
    problems = loan_problems(
        policy_on(signed_on),
        kind=BorrowerKind(row.kind),
        programme=Programme(row.programme),
        principal=row.amount,
        months=row.months,
        annual_rate=row.annual_rate,
        partners=row.partners,
    )
    reasons = [problem.reason for problem in problems]
    if row.months > row.product.max_months:
        reasons.append(_("The product allows at most %(most)s months.") % {"most": row.product.max_months})
    if reasons:
        raise Refused(" ".join(reasons))


@action
def disburse(
    *,
    by: User,
    at: datetime,
    loan: Loan,
    amount: Decimal,
    on: date,
    reference: str,
    first_due: date | None = None,
) -> Disbursement:
    """Record money paid out. The first payment makes the schedule, a further one changes what is still to come. The
    same reference again changes nothing."""
    demand_lender(by, loan)
    row = lock(loan)
    reference = reference.strip()
    if known := _known_payout(row, reference, amount, on):
        return known
    _check_disbursement(row, amount, on, timezone.localdate(at))
    first = row.state == State.SIGNED
    rows, reason = _first_rows(row, amount, on, first_due) if first else _further_rows(row, amount, on)
    paid = Disbursement.objects.create(loan=row, on=on, amount=amount, reference=reference, by=by, at=at)
    row.disbursed += amount
    row.state = State.RUNNING
    keep_schedule(row, rows, since=on, reason=reason, by=by, at=at)
    row.save(update_fields=["disbursed", "state", "first_due", "due_day", "agreed_end"])
    refresh(row, timezone.localdate(at))
    return paid


def _known_payout(row: Loan, reference: str, amount: Decimal, on: date) -> Disbursement | None:
    known = row.disbursements.filter(reference=reference, reverses=None).first()
    if known is None:
        return None
    if Disbursement.objects.filter(reverses=known).exists():
        raise Refused(
            _("The payout %(reference)s was taken back. Add something to its reference, such as -2.")
            % {"reference": reference}
        )
    if (known.amount, known.on) != (amount, on):
        raise Refused(_("The reference %(reference)s stands for another payment.") % {"reference": reference})
    return known


def _check_disbursement(row: Loan, amount: Decimal, on: date, today: date) -> None:
    if row.state not in (State.SIGNED, State.RUNNING):
        raise Refused(_("Money is paid out on a signed contract that is not over."))
    if not (row.signed_on or today) <= on <= today:
        raise Refused(_("Money is paid out between the contract and today."))
    if amount <= 0 or row.disbursed + amount > row.amount:
        rest = f"{row.amount - row.disbursed:,.2f}"
        raise Refused(_("Of this loan CNY %(rest)s is still to be paid out.") % {"rest": rest})


def _first_rows(row: Loan, amount: Decimal, on: date, first_due: date | None) -> tuple[tuple[schedules.Row, ...], str]:
    if first_due is None:
        raise Refused(_("Say when the first instalment is due."))
    terms = terms_of(row, amount, on, first_due)
    rows = schedules.schedule(terms)
    _check_term(row, on, rows[-1].due)
    row.first_due, row.due_day, row.agreed_end = first_due, terms.anchor, rows[-1].due
    return rows, Schedule.Reason.DISBURSED


def _check_term(row: Loan, on: date, last_due: date) -> None:
    """The first due date may be set late, and moves the last one with it."""
    problems = term_problems(
        policy_of(row),
        kind=BorrowerKind(row.kind),
        programme=Programme(row.programme),
        product_months=row.product.max_months,
        paid_out=on,
        last_due=last_due,
    )
    if reasons := [problem.reason for problem in problems]:
        raise Refused(" ".join([*reasons, _("Have the first instalment fall due earlier.")]))


def _further_rows(row: Loan, amount: Decimal, on: date) -> tuple[tuple[schedules.Row, ...], str]:
    refuse_out_of_turn(row, on)
    refuse_in_arrears(row, on)
    known = dues(plans(row))
    to_come = sum((each.principal for each in known if each.due > on), schedules.ZERO)
    rows = schedules.rest_schedule(
        agreed_terms(row), known, outstanding=to_come + amount, on=on, accrued=accrued_until(row, known, on)
    )
    return rows, Schedule.Reason.FURTHER


@action
def cancel(*, by: User, at: datetime, loan: Loan, reason: str) -> Loan:
    """Give up a loan of which nothing was paid out; it does not count among the person's loans."""
    demand_lender(by, loan)
    row = lock(loan)
    if row.state not in (State.APPROVED, State.SIGNED):
        raise Refused(_("Money was paid out on this loan, or it is over."))
    return finish(by, at, row, State.CANCELLED, timezone.localdate(at), reason)
