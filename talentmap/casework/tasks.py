"""The sweeps as Celery tasks; beat runs them, `reference.py` schedules them."""

from celery import shared_task
from django.utils import timezone

from talentmap.casework import sweeps

__all__ = ["calendar_warning", "end_notices", "overdue_digest", "remind_of_corrections"]


@shared_task(name="casework.end_notices")
def end_notices() -> None:
    sweeps.end_notices(timezone.now())


@shared_task(name="casework.overdue_digest")
def overdue_digest() -> None:
    sweeps.overdue_digest(timezone.now())


@shared_task(name="casework.remind_of_corrections")
def remind_of_corrections() -> None:
    sweeps.remind_of_corrections(timezone.now())


@shared_task(name="casework.calendar_warning")
def calendar_warning() -> None:
    sweeps.calendar_warning(timezone.now())
