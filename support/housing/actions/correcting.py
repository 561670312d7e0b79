"""Putting right a last day that was reported wrong."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from support.housing import rules
from support.housing.actions.claims import settle_claims
from support.housing.actions.common import EndReason, Kind, housing_fund, lock, lock_talent, open_amount, total
from support.housing.actions.ending import Ended, close_when_done, release_rest
from support.housing.actions.months import book_months, count_as_paid, make_payable, take_back_after
from support.housing.actions.telling import tell_end
from support.housing.models import Entitlement
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.money import actions as money
from talentmap.money.actions.ledger import demand
from talentmap.money.models import LedgerEntry
from talentmap.ui.errors import Refused


@action
def correct_end(*, by: User, at: datetime, entitlement: Entitlement, on: date, reason: str) -> Ended:
    """Put right the last day of a rent subsidy that has ended.

    Earlier: later months are taken back, or claimed back where they are paid. Later, at most until the end of the
    term: the months between are booked again, and a claim on them is withdrawn; raises Shortfall when the fund cannot
    bear what is to be paid anew.
    """
    demand(by, Permission.END_ENTITLEMENT)
    row = lock(entitlement)
    lock_talent(row.talent)
    _check_can_correct(row, on, timezone.localdate(at))
    _set_last_day(row, on, reason)
    month = rules.month_of(on)
    take_back_after(by, at, row, month)
    book_months(row, rules.months_until(row.starts_on, on))
    count_as_paid(row)
    _reserve_missing(by, at, row)
    make_payable(by, at, row)
    to_recover = settle_claims(by, at, row, _("The last day was corrected"))
    release_rest(by, at, row)
    close_when_done(by=by, at=at, application=row.case)
    tell_end(by, at, row, month)
    return Ended(row, open_amount(row.case), to_recover)


def _set_last_day(row: Entitlement, on: date, reason: str) -> None:
    row.ended_on, row.end_note = on, reason.strip()[:200]
    row.end_reason = EndReason.TERM if on == row.ends_on else EndReason.DEPARTURE
    row.save(update_fields=["ended_on", "end_note", "end_reason"])


def _check_can_correct(row: Entitlement, on: date, today: date) -> None:
    if not row.is_end_correctable:
        raise Refused(_("Only the last day of a rent subsidy that ended by departure or term can be corrected."))
    if on == row.ended_on:
        raise Refused(_("This is the last day on record already."))
    if on > today:
        raise Refused(_("The last day lies in the future."))
    if on < row.starts_on:
        raise Refused(_("The last day lies before the benefit began, on %(start)s.") % {"start": row.starts_on})
    if row.ends_on and on > row.ends_on:
        raise Refused(_("The last day lies after the end of the term, on %(end)s.") % {"end": row.ends_on})
    if row.ended_on and on > row.ended_on:
        _check_free_until(row, on)


def _check_free_until(row: Entitlement, on: date) -> None:
    if Entitlement.objects.standing().filter(talent=row.talent, kind=Kind.PURCHASE).exists():
        raise Refused(_("A purchase subsidy was already granted."))
    months = rules.whole_months(row.starts_on, on)
    if Entitlement.objects.of_home(row.talent, *months).exclude(pk=row.pk).exists():
        raise Refused(_("A rent subsidy or another apartment covers part of this time."))


def _reserve_missing(by: User, at: datetime, row: Entitlement) -> None:
    """The end gave back what was committed for the months that are booked again."""
    fund, case = housing_fund(), row.case
    needed = total(row.accruals.filter(payable=None)) + open_amount(case)
    missing = needed - money.committed(fund, case)
    if missing > 0:
        serial = LedgerEntry.objects.filter(application=case, kind=LedgerEntry.Kind.COMMITMENT).count()
        key = f"housing:{case.pk}:commitment:{serial}"
        money.commit(by=by, at=at, fund=fund, amount=missing, application=case, key=key, memo=str(case))
