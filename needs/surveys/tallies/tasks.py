"""Folding as a Celery task; beat runs it every two seconds, `reference.py` schedules it."""

import time

from celery import shared_task
from django.utils import timezone

from needs.surveys.tallies import actions
from talentmap.accounts.models import User

__all__ = ["fold_tallies"]

LONGEST = 60.0  # seconds: then the next run goes on


@shared_task(name="surveys.fold_tallies")
def fold_tallies() -> int:
    """Batch after batch until nothing is left to count; returns how many responses were."""
    return fold_all(longest=LONGEST)


def fold_all(*, longest: float | None = None) -> int:
    system, began, folded = User.objects.system(), time.monotonic(), 0
    while done := actions.fold(by=system, at=timezone.now()):
        folded += done
        if longest is not None and time.monotonic() - began > longest:
            break
    return folded
