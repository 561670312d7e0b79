"""Exports in the background: each right after it was asked for, and a sweep for what a crash left over."""

from datetime import datetime, timedelta

from celery import shared_task
from django.utils import timezone

from needs.surveys.exports import actions, making
from needs.surveys.exports.models import ExportJob
from needs.surveys.exports.reading import jobs_at_work
from talentmap.accounts.models import User

__all__ = ["make_export", "sweep_exports"]

PATIENCE = timedelta(minutes=2)


@shared_task(name="needs.surveys.make_export")
def make_export(job_pk: int) -> None:
    """Make one export; called again, or for one that another worker has, it does nothing."""
    making.make(job_pk, timezone.now)


@shared_task(name="needs.surveys.sweep_exports")
def sweep_exports() -> None:
    """Every minute: send what nobody is making again, and delete files whose time is over."""
    at = timezone.now()
    for pk in forgotten(at):
        # The next sweep sends it again: a full queue does not fill with doubles.
        make_export.apply_async((pk,), expires=60)
    actions.expire(by=User.objects.system(), at=at)


def forgotten(at: datetime) -> list[int]:
    """Jobs that are running but that no process has in hand, and those that waited too long for one."""
    running = ExportJob.objects.filter(state=ExportJob.State.RUNNING).values_list("pk", flat=True)
    waiting = ExportJob.objects.filter(state=ExportJob.State.WAITING, made_at__lt=at - PATIENCE)
    held = jobs_at_work()
    return sorted({*running, *waiting.values_list("pk", flat=True)} - held)
