import logging
from datetime import datetime

from celery import shared_task
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from growth.pathways import actions
from growth.pathways.models import Journey, PathwayMilestone, PathwayStage
from talentmap.accounts.models import User

__all__ = ["catch_up_journeys", "catch_up_talent"]

log = logging.getLogger(__name__)


@shared_task
def catch_up_journeys() -> int:
    """Tick what the record meets by now, and follow where people stand by their file; gives how many journeys moved."""
    return catch_up_all(at=timezone.now())


@shared_task
def catch_up_talent(talent_id: int) -> int:
    """The same for one person, whose record has just changed."""
    return _catch_up(Journey.objects.active().filter(talent=talent_id), timezone.now())


def catch_up_all(*, at: datetime) -> int:
    by_record = PathwayMilestone.objects.filter(version=OuterRef("version")).exclude(record="")
    by_file = PathwayStage.objects.filter(version=OuterRef("version")).exclude(standing="")
    return _catch_up(Journey.objects.active().filter(Exists(by_record) | Exists(by_file)), at)


def _catch_up(led: QuerySet[Journey], at: datetime) -> int:
    """One transaction a journey: one that cannot be brought up to date does not hold up the others."""
    system, moved = User.objects.system(), 0
    for journey in led.order_by("pk").iterator(chunk_size=500):
        try:
            moved += actions.catch_up(by=system, at=at, journey=journey)
        except Exception:
            log.exception("roadmap %s could not be brought up to date", journey.pk)
    return moved
