import logging
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
    """Book what has accrued since the last run; one transaction an entitlement, so that a crash loses none."""
    return accrue_all(at=timezone.now())


def accrue_all(*, at: datetime) -> int:
    """Returns the months booked. One entitlement that cannot be booked does not hold up the others."""
    system = User.objects.system()
    added = 0
    for entitlement in _with_something_due(timezone.localdate(at)).order_by("pk"):
        try:
            added += actions.accrue(by=system, at=at, entitlement=entitlement)
        except Exception:
            log.exception("rent subsidy %s could not be accrued", entitlement.pk)
    return added


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
