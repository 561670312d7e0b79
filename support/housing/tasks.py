import logging
from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from support.housing import actions
from support.housing.models import Entitlement
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
    return _for_each(Entitlement.Kind.RENT, actions.accrue, at)


def end_stays(*, at: datetime) -> int:
    """Returns how many apartment stays ended: they free the person for a rent subsidy and the flat for the next."""
    return _for_each(Entitlement.Kind.APARTMENT, actions.end_stay, at)


def _for_each(kind: str, act: Callable[..., int], at: datetime) -> int:
    """One entitlement that cannot be done does not hold up the others."""
    system = User.objects.system()
    done = 0
    for entitlement in Entitlement.objects.active().filter(kind=kind).order_by("pk"):
        try:
            done += act(by=system, at=at, entitlement=entitlement)
        except Exception:
            log.exception("housing benefit %s could not be brought up to date", entitlement.pk)
    return done
