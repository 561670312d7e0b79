"""How a benefit ends: what is still payable, what is claimed back, what the fund gets again."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from support.housing import facts, rules
from support.housing.actions.claims import settle_claims
from support.housing.actions.common import EndReason, Kind, State, housing_fund, lock, open_amount
from support.housing.actions.months import book_months, make_payable, take_back_after
from support.housing.actions.telling import tell_end
from support.housing.models import Entitlement
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.casework.states import State as CaseState
from talentmap.money import actions as money
from talentmap.money.actions.ledger import demand
from talentmap.money.models import LedgerEntry, Payable
from talentmap.ui.errors import Refused


@dataclass(frozen=True)
class Ended:
    """What the end of a subsidy changed, in CNY."""

    entitlement: Entitlement
    still_payable: Decimal
    to_recover: Decimal


@action
def end(*, by: User, at: datetime, entitlement: Entitlement, on: date, note: str) -> Ended:
    """End a rent subsidy or an apartment stay: the month of `on` is the last; later ones already paid are recovered.

    A last day after the term changes nothing any more: the benefit ended with its term.
    """
    demand(by, Permission.END_ENTITLEMENT)
    row = lock(entitlement)
    _check_can_end(row, on, timezone.localdate(at))
    if row.ends_on and row.ends_on < on:
        return _end(by, at, row, row.ends_on, EndReason.TERM, note)
    reason = EndReason.MOVED_OUT if row.kind == Kind.APARTMENT else EndReason.DEPARTURE
    return _end(by, at, row, on, reason, note)


def _check_can_end(row: Entitlement, on: date, today: date) -> None:
    if row.state != State.ACTIVE or row.kind == Kind.PURCHASE:
        raise Refused(_("This benefit is not running any more."))
    if on > today:
        raise Refused(_("The last day lies in the future."))
    if on < row.starts_on:
        raise Refused(_("The last day lies before the benefit began, on %(start)s.") % {"start": row.starts_on})


def end_for_purchase(by: User, at: datetime, rent: Entitlement, today: date) -> None:
    """The purchase subsidy replaces a rent subsidy: what the bank does not have yet is not paid any more, whether the
    rent subsidy runs or has ended before."""
    if rent.state == State.REVOKED:
        return
    money.cancel_payables(by=by, at=at, application=rent.case, reason=_("Changed to a purchase subsidy"))
    kept = facts.spent(Payable.objects.filter(application=rent.case))
    rent.accruals.exclude(payable__in=kept).delete()
    if rent.state == State.ACTIVE:
        finish(by, at, rent, EndReason.PURCHASE, today)
    else:
        release_rest(by, at, rent)
        close_when_done(by=by, at=at, application=rent.case)


def _end(by: User, at: datetime, row: Entitlement, on: date, reason: str, note: str) -> Ended:
    if row.kind == Kind.APARTMENT:
        return Ended(finish(by, at, row, reason, on, note), rules.ZERO, rules.ZERO)
    take_back_after(by, at, row, rules.month_of(on))
    book_months(row, rules.months_until(row.starts_on, on))
    make_payable(by, at, row)
    to_recover = settle_claims(by, at, row, _("Paid for months after the subsidy ended"))
    finish(by, at, row, reason, on, note)
    return Ended(row, open_amount(row.case), to_recover)


@action
def revoke_grant(*, by: User, at: datetime, application: Application, reason: str) -> Ended | None:
    """Undo a grant from its beginning: no month counts, nothing more is paid, what was paid is claimed back."""
    row = Entitlement.objects.select_for_update(of=("self",)).filter(application=application).first()
    if row is None:
        return None
    money.cancel_payables(by=by, at=at, application=application, reason=reason)
    row.state, row.end_reason, row.end_note = State.REVOKED, EndReason.REVOKED, reason[:200]
    row.ended_on = row.ended_on or max(timezone.localdate(at), row.starts_on)
    row.save(update_fields=["state", "end_reason", "end_note", "ended_on"])
    row.accruals.all().delete()
    release_rest(by, at, row)
    to_recover = settle_claims(by, at, row, reason)
    if row.kind == Kind.PURCHASE:
        _settle_what_was_deducted(by, at, row, reason)
    return Ended(row, rules.ZERO, to_recover)


def _settle_what_was_deducted(by: User, at: datetime, purchase: Entitlement, reason: str) -> None:
    """A rent subsidy revoked before counted as paid back by the deduction, which is gone now."""
    rents = Entitlement.objects.filter(talent=purchase.talent, kind=Kind.RENT, state=State.REVOKED)
    for rent in rents.order_by("pk"):
        settle_claims(by, at, lock(rent), reason)


def finish(by: User, at: datetime, row: Entitlement, reason: str, on: date, note: str = "") -> Entitlement:
    row.state, row.end_reason, row.ended_on, row.end_note = State.ENDED, reason, on, note
    row.save(update_fields=["state", "end_reason", "ended_on", "end_note"])
    if row.application:
        release_rest(by, at, row)
        close_when_done(by=by, at=at, application=row.application)
    month = _last_month(row)
    if month:
        tell_end(by, at, row, month)
    return row


def _last_month(row: Entitlement) -> date | None:
    """The last month of a home benefit; None where no month counts, or there are none as of a purchase subsidy."""
    if row.end_reason == EndReason.PURCHASE:
        return row.accruals.aggregate(last=Max("month"))["last"]
    return rules.month_of(row.ended_on) if row.ended_on and row.kind != Kind.PURCHASE else None


def release_rest(by: User, at: datetime, row: Entitlement) -> None:
    """Give the fund back what is committed and will not be paid; the application's lock makes the serial safe."""
    serial = LedgerEntry.objects.filter(application=row.case, kind=LedgerEntry.Kind.RELEASE).count()
    money.release_rest(
        by=by,
        at=at,
        fund=housing_fund(),
        application=row.case,
        key=f"housing:{row.pk}:release:{serial}",
        memo=row.get_end_reason_display(),
        keep=open_amount(row.case),
    )


@action
def close_when_done(*, by: User, at: datetime, application: Application) -> bool:
    """Close the case once its benefit has ended and nothing is left to pay.

    It follows by itself: whoever caused it need not be one who could close it, their reach may end elsewhere.
    """
    row = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    running = Entitlement.objects.active().filter(application=row).exists()
    if row.state != CaseState.APPROVED or running or open_amount(row):
        return False
    casework.close(by=User.objects.system(), at=at, application=row)
    return True
