import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from celery import shared_task
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from support.housing import actions, rules
from support.housing.models import Accrual, Entitlement
from talentmap.accounts.models import User

__all__ = ["accrue_rent_subsidies"]

log = logging.getLogger(__name__)


@shared_task
def accrue_rent_subsidies() -> int:
    """Book what has accrued since the last run and end what is over; one transaction an entitlement, so that a crash
    loses none."""
    at = timezone.now()
    end_stays(at=at)
    return accrue_all(at=at)


def accrue_all(*, at: datetime) -> int:
    """Returns the months booked."""
    return _for_each(_with_something_due(timezone.localdate(at)), actions.accrue, at)


def end_stays(*, at: datetime) -> int:
    """Returns how many apartment stays ended: they free the person for a rent subsidy and the flat for the next."""
    over = Entitlement.objects.active().filter(kind=Entitlement.Kind.APARTMENT, ends_on__lt=timezone.localdate(at))
    return _for_each(over, actions.end_stay, at)


def _for_each(entitlements: QuerySet, act: Callable[..., int], at: datetime) -> int:
    """One entitlement that cannot be done does not hold up the others."""
    system = User.objects.system()
    done = 0
    for entitlement in entitlements.order_by("pk"):
        try:
            done += act(by=system, at=at, entitlement=entitlement)
        except Exception:
            log.exception("housing benefit %s could not be brought up to date", entitlement.pk)
    return done


def _with_something_due(today: date) -> QuerySet:
    """Running rent subsidies that lack a month, hold an ended quarter not payable yet, or are over.

    Nearly every night that is none of them, and looking at each costs a lock and a transaction.
    """
    month_began = rules.month_of(today)
    quarter_began, _end = rules.quarter_of(month_began)
    booked = Accrual.objects.filter(entitlement=OuterRef("pk"))
    last_booked = Exists(booked.filter(month=rules.month_of(month_began - timedelta(days=1))))
    unpaid = Exists(booked.filter(payable=None, month__lt=quarter_began))
    lacks_a_month = Q(starts_on__lt=month_began) & ~last_booked
    return (
        Entitlement.objects.active()
        .filter(kind=Entitlement.Kind.RENT)
        .filter(lacks_a_month | Q(unpaid) | Q(ends_on__lt=today))
    )
