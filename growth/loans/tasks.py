import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from growth.loans import actions
from growth.loans.choices import Programme
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Repayment, RepaymentFile, SubsidyBooking
from talentmap.accounts.models import User
from talentmap.money.rules import Quarter

__all__ = ["enter_repayment_file", "look_after_loans", "sweep_repayment_files"]

log = logging.getLogger(__name__)
# The longest that a reminder may be set ahead; looking at a few loans too many costs little.
LOOK_AHEAD = timedelta(days=31)
# A quarter without any subsidy has no booking; so many days into the next one nobody looks at it again.
LOOK_BACK = timedelta(days=45)
# So many rows of a file in one go, about a minute's work: another file need not wait for the whole of a long one.
ROWS_AT_ONCE = 500
PATIENCE = timedelta(minutes=2)


@shared_task
def enter_repayment_file(pk: int) -> None:
    """Enter the rows of a bank's file; called again, or beside another worker, it enters none twice."""
    if actions.enter_file(pk, timezone.now, most=ROWS_AT_ONCE):
        enter_repayment_file.apply_async((pk,))


@shared_task
def sweep_repayment_files() -> None:
    """Every few minutes: go on with what nobody has begun, and with what a worker left unfinished."""
    for pk in RepaymentFile.objects.open().filter(at__lt=timezone.now() - PATIENCE).values_list("pk", flat=True):
        enter_repayment_file.apply_async((pk,), expires=60)


@shared_task
def look_after_loans() -> int:
    """Every night: what is due, overdue, to be reminded of; subsidies that wait for money, then those of the quarter
    that is over. One transaction a loan, so that a crash loses none."""
    at = timezone.now()
    return bring_all_up_to_date(at=at) + pay_waiting(at=at) + book_all(at=at)


def bring_all_up_to_date(*, at: datetime) -> int:
    """Returns how many running loans were looked at: those with something due soon, or overdue."""
    soon = timezone.localdate(at) + LOOK_AHEAD
    found = Loan.objects.running().filter(Q(next_due_on__lte=soon) | Q(overdue_since__isnull=False))
    return _for_each(found, actions.bring_up_to_date, at)


def pay_waiting(*, at: datetime) -> int:
    """Returns the loans of which everything booked is payable now that the fund has money."""
    return _for_each(Loan.objects.filter(subsidy_waiting__gt=0), actions.settle_subsidy, at)


def book_all(*, at: datetime) -> int:
    """Returns the bookings made for the quarter that is over."""
    today = timezone.localdate(at)
    over = Quarter.of(Quarter.of(today).first_day - timedelta(days=1))
    if today - over.last_day > LOOK_BACK:
        return 0
    paid = Repayment.objects.filter(loan=OuterRef("pk"), paid_on__range=(over.first_day, over.last_day))
    booked = SubsidyBooking.objects.filter(loan=OuterRef("pk"), year=over.year, quarter=over.number)
    found = Loan.objects.filter(Exists(paid), ~Exists(booked), programme=Programme.GUARANTEED)
    return _for_each(found, actions.book_subsidy, at)


def _for_each(loans: QuerySet, act: Callable[..., Any], at: datetime) -> int:
    """One loan that cannot be done does not hold up the others."""
    system, done = User.objects.system(), 0
    for loan in loans.order_by("pk").iterator(chunk_size=500):
        try:
            done += act(by=system, at=at, loan=loan)
        except Exception:
            log.exception("loan %s could not be brought up to date", loan.pk)
    return done
