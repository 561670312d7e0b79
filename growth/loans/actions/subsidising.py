"""The interest subsidy: booked by quarter from what was paid, corrected by further bookings, paid through money."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from growth.loans import subsidy
from growth.loans.actions.common import loan_fund, lock, payments, plans, policy_of
from growth.loans.choices import BorrowerKind, Programme
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import SubsidyBooking
from growth.loans.schedules import ZERO
from growth.loans.standing import dues
from growth.loans.subsidy import Portion
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.money import actions as money
from talentmap.money.models import BatchLine, LedgerEntry, Payable, PaymentBatch, Recovery
from talentmap.money.rules import Quarter

OPEN_PAYABLES = (Payable.State.DUE, Payable.State.BATCHED, Payable.State.FAILED)


@action
def book_subsidy(*, by: User, at: datetime, loan: Loan) -> int:
    """Book the subsidy of every quarter that is over, as far as it is not booked as it now is; returns the new
    bookings. Running it again, or twice at once, books nothing twice."""
    if not (by.is_system or by.may(Permission.MANAGE_LOANS, loan)):
        raise PermissionDenied
    row = lock(loan)
    added = _book(by, at, row)
    settle(by, at, row)
    return added


def book_again(by: User, at: datetime, row: Loan, paid_on: date) -> None:
    """Follow a change of what was paid in a quarter that is over already."""
    if Quarter.of(paid_on) < Quarter.of(timezone.localdate(at)) and _book(by, at, row):
        settle(by, at, row)


def _book(by: User, at: datetime, row: Loan) -> int:
    if row.programme != Programme.GUARANTEED or row.agreed_end is None:
        return 0
    found = portions(row)
    sums, now = subsidy.by_quarter(found), Quarter.of(timezone.localdate(at))
    booked: dict[Quarter, list[SubsidyBooking]] = {}
    for booking in SubsidyBooking.objects.filter(loan=row):
        booked.setdefault(Quarter(booking.year, booking.quarter), []).append(booking)
    fresh = []
    for quarter in sorted({*sums, *booked}):
        total, before = sums.get(quarter, ZERO), booked.get(quarter, [])
        difference = total - sum((each.amount for each in before), ZERO)
        if quarter < now and difference:
            lines = [_line(each) for each in found if Quarter.of(each.paid_on) == quarter]
            fresh.append(
                SubsidyBooking(
                    loan=row, year=quarter.year, quarter=quarter.number, serial=len(before) + 1, amount=difference,
                    total=total, lines=lines, by=by, at=at,
                )
            )  # fmt: skip
    SubsidyBooking.objects.bulk_create(fresh)
    return len(fresh)


def portions(row: Loan) -> tuple[Portion, ...]:
    """What was paid of each instalment's interest, and what the state bears of it, by the contract's policy."""
    policy = policy_of(row)
    terms = subsidy.Terms(
        principal_cap=policy.subsidised(BorrowerKind(row.kind), row.partners),
        share=policy.amounts["subsidy.share"],
        rate_ceiling=policy.rate(),
        annual_rate=row.annual_rate,
        until=row.agreed_end or date.max,
    )
    return subsidy.portions(dues(plans(row)), payments(row), terms)


def _line(portion: Portion) -> dict[str, Any]:
    return {
        "paid_on": portion.paid_on.isoformat(),
        "number": portion.row.number,
        "due": portion.row.due.isoformat(),
        "opening": str(portion.row.opening),
        "interest": str(portion.interest),
        "days": portion.days,
        "counted_days": portion.counted_days,
        "subsidy": str(portion.subsidy),
    }


@action
def settle_subsidy(*, by: User, at: datetime, loan: Loan) -> bool:
    """Follow what became of a payment, or of the fund; returns whether nothing that is booked waits for money."""
    row = lock(loan)
    settle(by, at, row)
    return not row.subsidy_waiting


def settle(by: User, at: datetime, row: Loan) -> None:
    """Have what is payable, paid and claimed back of a locked loan amount to what is booked. Where the fund has not
    enough, what is booked waits until it has. Of what is with the bank nothing is claimed back before it is paid."""
    entitled, kept = _sum(row.subsidy_bookings), _kept(row)
    waiting = Payable.objects.filter(application=row.application, state__in=OPEN_PAYABLES)
    released = BatchLine.objects.filter(outcome=BatchLine.Outcome.OPEN, batch__state=PaymentBatch.State.RELEASED)
    with_bank = waiting.filter(pk__in=released.values("payable"))
    sent, still_here = _sum(with_bank), _sum(waiting.exclude(pk__in=released.values("payable")))
    _settle_claims(by, at, row, max(kept - entitled, ZERO))
    wanted = max(entitled - kept - sent, ZERO)
    lacking = ZERO if wanted == still_here else _pay(by, at, row, wanted, still_here, sent)
    if row.subsidy_waiting != lacking:
        row.subsidy_waiting = lacking
        row.save(update_fields=["subsidy_waiting"])


def _kept(row: Loan) -> Decimal:
    """What was paid and came not back, without what was forgiven of it."""
    claims = Recovery.objects.filter(application=row.application)
    paid = _sum(Payable.objects.filter(application=row.application, state=Payable.State.PAID))
    return max(paid - _sum(claims, "received") - _forgiven(row), ZERO)


def _forgiven(row: Loan) -> Decimal:
    """What was written off of claims, as far as the bookings are still that much below what they once were: what is
    booked again was not forgiven but owed, and is paid already."""
    claims = Recovery.objects.filter(application=row.application, state=Recovery.State.WRITTEN_OFF)
    if not (written_off := _sum(claims, F("amount") - F("received"))):
        return ZERO
    totals: dict[Quarter, list[Decimal]] = {}
    for booking in row.subsidy_bookings.order_by("serial"):
        totals.setdefault(Quarter(booking.year, booking.quarter), []).append(booking.total)
    return min(written_off, sum((max(each) - each[-1] for each in totals.values()), ZERO))


def _sum(rows: Any, what: Any = "amount") -> Decimal:
    return rows.aggregate(sum=Sum(what))["sum"] or ZERO


def _settle_claims(by: User, at: datetime, row: Loan, too_much: Decimal) -> None:
    """Have the open claims amount to what was paid too much; the claims follow by themselves, a bank opens none."""
    claims = Recovery.objects.filter(application=row.application, state=Recovery.State.OPEN)
    claimed = _sum(claims, F("amount") - F("received"))
    system, reason = User.objects.system(), _("The subsidy was corrected")
    if claimed > too_much:
        for claim in claims:
            money.withdraw_claim(by=system, at=at, recovery=claim, reason=reason)
        claimed = ZERO
    if too_much > claimed:
        serial = Recovery.objects.filter(application=row.application).count() + 1
        money.open_recovery(
            by=system, at=at, fund=loan_fund(), application=row.application, amount=too_much - claimed, reason=reason,
            key=f"loans:{row.pk}:claim:{serial}",
        )  # fmt: skip


def _pay(by: User, at: datetime, row: Loan, wanted: Decimal, still_here: Decimal, sent: Decimal) -> Decimal:
    """Less than is payable: cancelled and made payable anew; more: the difference. Returns what the fund lacks."""
    if wanted < still_here:
        money.cancel_payables(by=by, at=at, application=row.application, reason=_("The subsidy was corrected"))
        still_here = ZERO
    if wanted > still_here:
        try:
            _reserve(by, at, row, wanted + sent)
            _owe(by, at, row, wanted - still_here)
        except money.Shortfall:
            return wanted - still_here
    _release(by, at, row, money.committed(loan_fund(), row.application) - wanted - sent)
    return ZERO


def _owe(by: User, at: datetime, row: Loan, amount: Decimal) -> None:
    serial = Payable.objects.filter(application=row.application).count() + 1
    last = SubsidyBooking.objects.filter(loan=row).latest("year", "quarter")
    period = Quarter(last.year, last.quarter)
    money.owe(
        by=by, at=at, fund=loan_fund(), application=row.application, entitlement_ref=str(_("Interest subsidy")),
        period_from=period.first_day, period_to=period.last_day, amount=amount, key=f"loans:{row.pk}:{serial}",
    )  # fmt: skip


def _release(by: User, at: datetime, row: Loan, rest: Decimal) -> None:
    if rest > 0:
        serial = LedgerEntry.objects.filter(application=row.application, kind=LedgerEntry.Kind.RELEASE).count() + 1
        key = f"loans:{row.pk}:release:{serial}"
        money.release(by=by, at=at, fund=loan_fund(), amount=rest, application=row.application, key=key)


def _reserve(by: User, at: datetime, row: Loan, needed: Decimal) -> None:
    fund, case = loan_fund(), row.application
    missing = needed - money.committed(fund, case)
    if missing > 0:
        serial = LedgerEntry.objects.filter(application=case, kind=LedgerEntry.Kind.COMMITMENT).count() + 1
        key = f"loans:{row.pk}:commitment:{serial}"
        money.commit(by=by, at=at, fund=fund, amount=missing, application=case, key=key, memo=str(case))
