import logging
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
    """Book what has accrued since the last run; one transaction an entitlement, so that a crash loses none."""
    return accrue_all(at=timezone.now())


def accrue_all(*, at: datetime) -> int:
    """Returns the months booked. One entitlement that cannot be booked does not hold up the others."""
    system = User.objects.system()
    added = 0
    for entitlement in Entitlement.objects.active().filter(kind=Entitlement.Kind.RENT).order_by("pk"):
        try:
            added += actions.accrue(by=system, at=at, entitlement=entitlement)
        except Exception:
            log.exception("rent subsidy %s could not be accrued", entitlement.pk)
    return added
