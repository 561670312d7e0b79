"""What follows from a housing decision: the entitlement, its months, its money, its end.

Locks go application, then entitlement, then (inside money) fund and batch.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from support.housing import facts, rules
from support.housing.facts import SPENT_PAYABLES
from support.housing.models import Accrual, Entitlement
from support.housing.tariff import FUND_CODE
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.casework.rules import Assessment
from talentmap.casework.states import State
from talentmap.money import actions as money
from talentmap.money.actions.ledger import demand
from talentmap.money.models import Fund, Payable, Recovery
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused

Kind, EndReason = Entitlement.Kind, Entitlement.EndReason
OPEN_PAYABLES = (Payable.State.DUE, Payable.State.BATCHED, Payable.State.FAILED)


@dataclass(frozen=True)
class Ended:
    """What the end of a subsidy changed, in CNY."""

    entitlement: Entitlement
    still_payable: Decimal
    to_recover: Decimal


def housing_fund() -> Fund:
    return Fund.objects.get(code=FUND_CODE)


# Granting


@action
def grant_rent(*, by: User, at: datetime, application: Application, assessment: Assessment) -> Entitlement:
    """Start a rent subsidy and reserve its whole term; raises Shortfall when the fund cannot bear it."""
    grade = _grade(assessment)
    months = int(assessment.tariff["rent.months"]) - assessment.facts.rent_months_used
    starts_on, ends_on = rules.rent_term(timezone.localdate(at), months)
    _refuse_overlap(application.applicant, starts_on, ends_on)
    total = grade.amount * months
    entitlement = _create(
        application, assessment, kind=Kind.RENT, monthly_amount=grade.amount, total_amount=total,
        starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    _commit(by, at, application, total)
    return entitlement


@action
def grant_purchase(*, by: User, at: datetime, application: Application, assessment: Assessment) -> Entitlement:
    """Grant a purchase subsidy: a running rent subsidy ends, what was paid of it is deducted, the rest is payable."""
    grade = _grade(assessment)
    today = timezone.localdate(at)
    for rent in _locked(Entitlement.objects.active().filter(talent=application.applicant, kind=Kind.RENT)):
        _end_for_purchase(by, at, rent, today)
    deducted = facts.rent_paid(application.applicant)
    net = rules.purchase_net(grade.amount, deducted)
    entitlement = _create(
        application, assessment, kind=Kind.PURCHASE, total_amount=net, deducted=min(deducted, grade.amount),
        starts_on=today,
    )  # fmt: skip
    if net:
        _commit(by, at, application, net)
        _owe(by, at, entitlement, today, today, net, key=f"housing:{entitlement.pk}:purchase")
    else:
        _finish(by, at, entitlement, EndReason.PAID, today)
    return entitlement


def _total(rows: QuerySet) -> Decimal:
    return rows.aggregate(total=Sum("amount"))["total"] or rules.ZERO


def _grade(assessment: Assessment) -> rules.Entitled:
    grade = rules.best_grade(assessment.facts, assessment.tariff)
    if grade is None:
        raise Refused(_("Neither education nor category gives an amount."))
    return grade


def _create(application: Application, assessment: Assessment, **values: object) -> Entitlement:
    return Entitlement.objects.create(
        application=application,
        talent=application.applicant,
        grade=_grade(assessment).key,
        tariff_id=assessment.tariff.id,  # type: ignore[attr-defined]
        address=application.housing.address,
        **values,
    )


def _refuse_overlap(talent: Talent, first: date, last: date) -> None:
    held = Entitlement.objects.of_home(talent, first, last).first()
    if held:
        raise Refused(
            _("%(benefit)s runs from %(start)s: a rent subsidy and an apartment exclude each other.")
            % {"benefit": held.get_kind_display(), "start": held.starts_on}
        )


def _commit(by: User, at: datetime, application: Application, amount: Decimal) -> None:
    money.commit(
        by=by,
        at=at,
        fund=housing_fund(),
        amount=amount,
        application=application,
        key=f"housing:{application.pk}:commitment",
        memo=str(application),
    )


# Accruing


@action
def accrue(*, by: User, at: datetime, entitlement: Entitlement) -> int:
    """Book the months that have ended, make the ended quarters payable, end the term; returns the new months.

    Running it again, or twice at once, adds nothing.
    """
    row = _lock(entitlement)
    if row.state != Entitlement.State.ACTIVE or row.kind != Kind.RENT or row.ends_on is None:
        return 0
    today = timezone.localdate(at)
    added = _book_months(row, rules.months_due(row.starts_on, row.ends_on, today))
    _make_payable(by, at, row, before=today)
    if row.ends_on < today:
        _finish(by, at, row, EndReason.TERM, row.ends_on)
    return added


def _book_months(entitlement: Entitlement, months: Iterable[date]) -> int:
    known = set(entitlement.accruals.values_list("month", flat=True))
    fresh = [
        Accrual(entitlement=entitlement, month=month, amount=entitlement.monthly_amount)
        for month in months
        if month not in known
    ]
    return len(Accrual.objects.bulk_create(fresh))


def _make_payable(by: User, at: datetime, entitlement: Entitlement, before: date | None = None) -> None:
    """One payable a quarter; with `before`, only quarters that have ended by then."""
    waiting = {row.month: row for row in entitlement.accruals.filter(payable=None)}
    for (start, end), months in rules.by_quarter(waiting).items():
        if before and end >= before:
            continue
        rows = [waiting[month] for month in months]
        first, last = min(months), rules.last_day(max(months))
        serial = Payable.objects.filter(application=entitlement.case, period_from__range=(start, end)).count()
        payable = _owe(
            by, at, entitlement, first, last, sum((row.amount for row in rows), rules.ZERO),
            key=f"housing:{entitlement.pk}:{start:%Y-%m}:{serial}",
        )  # fmt: skip
        Accrual.objects.filter(pk__in=[row.pk for row in rows]).update(payable=payable)


def _owe(
    by: User, at: datetime, entitlement: Entitlement, first: date, last: date, amount: Decimal, key: str
) -> Payable:
    return money.owe(
        by=by,
        at=at,
        fund=housing_fund(),
        application=entitlement.case,
        entitlement_ref=str(entitlement),
        period_from=first,
        period_to=last,
        amount=amount,
        key=key,
    )


# Ending


@action
def end(*, by: User, at: datetime, entitlement: Entitlement, on: date, note: str) -> Ended:
    """End a rent subsidy or an apartment stay: the month of `on` is the last; later ones already paid are recovered."""
    demand(by, Permission.END_ENTITLEMENT)
    row = _lock(entitlement)
    _check_can_end(row, on, timezone.localdate(at))
    reason = EndReason.MOVED_OUT if row.kind == Kind.APARTMENT else EndReason.DEPARTURE
    return _end(by, at, row, on, reason, note)


def _check_can_end(row: Entitlement, on: date, today: date) -> None:
    if row.state != Entitlement.State.ACTIVE or row.kind == Kind.PURCHASE:
        raise Refused(_("This benefit is not running any more."))
    if on > today:
        raise Refused(_("The last day lies in the future."))
    if on < row.starts_on:
        raise Refused(_("The last day lies before the benefit began, on %(start)s.") % {"start": row.starts_on})


def _end_for_purchase(by: User, at: datetime, rent: Entitlement, today: date) -> None:
    """What the bank does not have yet is not paid any more: the purchase subsidy replaces it."""
    money.cancel_payables(by=by, at=at, application=rent.case, reason=_("Changed to a purchase subsidy"))
    rent.accruals.exclude(payable__state__in=SPENT_PAYABLES).delete()
    _finish(by, at, rent, EndReason.PURCHASE, today)


def _end(by: User, at: datetime, row: Entitlement, on: date, reason: str, note: str) -> Ended:
    if row.kind == Kind.APARTMENT:
        return Ended(_finish(by, at, row, reason, on, note), rules.ZERO, rules.ZERO)
    _take_back_after(by, at, row, rules.month_of(on))
    _book_months(row, rules.months_until(row.starts_on, on))
    _make_payable(by, at, row)
    to_recover = _claim_overpaid(by, at, row, _("Paid for months after the subsidy ended"))
    _finish(by, at, row, reason, on, note)
    return Ended(row, _open_amount(row.case), to_recover)


def _take_back_after(by: User, at: datetime, row: Entitlement, month: date) -> None:
    """Undo the accruals after `month`, and every payable of theirs that the bank does not have yet."""
    excess = row.accruals.filter(month__gt=month)
    first = excess.order_by("month").first()
    if first is None:
        return
    money.cancel_payables(
        by=by,
        at=at,
        application=row.case,
        reason=_("The subsidy ended earlier"),
        after=rules.quarter_of(first.month)[0] - rules.ONE_DAY,
    )
    excess.delete()
    row.accruals.filter(payable__state=Payable.State.CANCELLED).update(payable=None)


@action
def revoke_grant(*, by: User, at: datetime, application: Application, reason: str) -> Ended | None:
    """Undo a grant from its beginning: nothing more is paid, what was paid is claimed back."""
    row = Entitlement.objects.select_for_update(of=("self",)).filter(application=application).first()
    if row is None:
        return None
    money.cancel_payables(by=by, at=at, application=application, reason=reason)
    row.state, row.end_reason, row.end_note = Entitlement.State.REVOKED, EndReason.REVOKED, reason[:200]
    row.ended_on = row.ended_on or max(timezone.localdate(at), row.starts_on)
    row.save(update_fields=["state", "end_reason", "end_note", "ended_on"])
    _release_rest(by, at, row)
    return Ended(row, rules.ZERO, _claim_overpaid(by, at, row, reason))


def _claim_overpaid(by: User, at: datetime, row: Entitlement, reason: str) -> Decimal:
    """Claim back what was paid beyond what the person is entitled to; returns the new claim."""
    overpaid = _paid(row.case) - _entitled(row) - _claimed(row.case)
    if overpaid <= 0:
        return rules.ZERO
    claims = Recovery.objects.filter(application=row.application).count()
    money.open_recovery(
        by=by,
        at=at,
        fund=housing_fund(),
        application=row.case,
        amount=overpaid,
        reason=reason,
        key=f"housing:{row.pk}:overpaid:{claims}",
    )
    return overpaid


def _entitled(row: Entitlement) -> Decimal:
    if row.state == Entitlement.State.REVOKED:
        return rules.ZERO
    return row.total_amount if row.kind == Kind.PURCHASE else _total(row.accruals.all())


def _paid(application: Application) -> Decimal:
    return _total(Payable.objects.filter(application=application, state=Payable.State.PAID))


def _claimed(application: Application) -> Decimal:
    return _total(Recovery.objects.filter(application=application))


def _finish(by: User, at: datetime, row: Entitlement, reason: str, on: date, note: str = "") -> Entitlement:
    row.state, row.end_reason, row.ended_on, row.end_note = Entitlement.State.ENDED, reason, on, note
    row.save(update_fields=["state", "end_reason", "ended_on", "end_note"])
    if row.application:
        _release_rest(by, at, row)
        close_when_done(by=by, at=at, application=row.application)
    return row


def _release_rest(by: User, at: datetime, row: Entitlement) -> None:
    money.release_rest(
        by=by,
        at=at,
        fund=housing_fund(),
        application=row.case,
        key=f"housing:{row.pk}:{row.state}:release",
        memo=row.get_end_reason_display(),
        keep=_open_amount(row.case),
    )


def _open_amount(application: Application) -> Decimal:
    return _total(Payable.objects.filter(application=application, state__in=OPEN_PAYABLES))


@action
def close_when_done(*, by: User, at: datetime, application: Application) -> bool:
    """Close the case once its benefit has ended and nothing is left to pay. That follows by itself, so the system does
    it: a bank's file that pays its importer's own last amount is no decision on their own case."""
    row = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    running = Entitlement.objects.active().filter(application=row).exists()
    if row.state != State.APPROVED or running or _open_amount(row):
        return False
    casework.close(by=User.objects.system(), at=at, application=row)
    return True


@action
def after_payment(*, by: User, at: datetime, payable: Payable) -> None:
    """A purchase subsidy ends when it is paid; a case is closed with its last payment; what the bank already had when
    the subsidy ended is claimed back."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=payable.application_id)
    row = Entitlement.objects.select_for_update(of=("self",)).filter(application=application).first()
    if row is None:
        return
    if row.state != Entitlement.State.ACTIVE:
        _claim_overpaid(by, at, row, _("Paid after the subsidy had ended"))
        close_when_done(by=by, at=at, application=application)
    elif row.kind == Kind.PURCHASE:
        _finish(by, at, row, EndReason.PAID, timezone.localdate(at))


@action
def record_apartment(
    *, by: User, at: datetime, talent: Talent, address: str, starts_on: date, ends_on: date
) -> Entitlement:
    """Record a stay in a turnover apartment; refused while a rent subsidy or another stay covers part of it."""
    demand(by, Permission.END_ENTITLEMENT)
    Talent.objects.select_for_update(of=("self",)).get(pk=talent.pk)
    _refuse_overlap(talent, starts_on, ends_on)
    return Entitlement.objects.create(
        talent=talent, kind=Kind.APARTMENT, address=address, starts_on=starts_on, ends_on=ends_on
    )


def _lock(entitlement: Entitlement) -> Entitlement:
    """Application first, then the entitlement: the order in which every action takes them."""
    if entitlement.application_id:
        Application.objects.select_for_update(of=("self",)).get(pk=entitlement.application_id)
    return Entitlement.objects.select_for_update(of=("self",)).get(pk=entitlement.pk)


def _locked(rows: Iterable[Entitlement]) -> list[Entitlement]:
    return [_lock(row) for row in rows]
