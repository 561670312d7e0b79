"""The nightly work: months that have ended, quarters that have ended, terms that have ended."""

from datetime import datetime

from django.utils import timezone

from support.housing import rules
from support.housing.actions.common import EndReason, Kind, State, lock
from support.housing.actions.ending import finish
from support.housing.actions.months import book_months, make_payable
from support.housing.models import Entitlement
from talentmap.accounts.models import User
from talentmap.audit.action import action


@action
def accrue(*, by: User, at: datetime, entitlement: Entitlement) -> int:
    """Book the months that have ended, make the ended quarters payable, end the term; returns the new months.

    The term's last months do not wait for the end of their quarter. Running it again, or twice at once, adds nothing.
    """
    row = lock(entitlement)
    if row.state != State.ACTIVE or row.kind != Kind.RENT or row.ends_on is None:
        return 0
    today = timezone.localdate(at)
    added = book_months(row, rules.months_due(row.starts_on, row.ends_on, today))
    is_over = row.ends_on < today
    make_payable(by, at, row, before=None if is_over else today)
    if is_over:
        finish(by, at, row, EndReason.TERM, row.ends_on)
    return added


@action
def end_stay(*, by: User, at: datetime, entitlement: Entitlement) -> bool:
    """End an apartment stay whose time is over."""
    row = lock(entitlement)
    if row.state != State.ACTIVE or row.kind != Kind.APARTMENT or row.ends_on is None:
        return False
    if row.ends_on >= timezone.localdate(at):
        return False
    finish(by, at, row, EndReason.TERM, row.ends_on)
    return True
