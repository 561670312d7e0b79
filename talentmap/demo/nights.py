"""The nights that pass when the demo's date is moved on, each with what the platform does in a night."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from celery import current_app
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django_celery_beat.models import PeriodicTask

from talentmap.accounts.models import User
from talentmap.demo import actions, clock
from talentmap.ui.errors import Refused

log = logging.getLogger(__name__)
# The history is stamped and sealed by the machine's date: no day of it is over sooner because a demo's is.
NOT_PLAYED = ("talentmap.audit.seal_days",)


def pass_days(*, by: User, days: int) -> None:
    """Let `days` nights pass one by one, with the tasks that the schedule has for them.

    A night that was cut short is made up for by the next one, as in production. Raises Refused for too many days at
    once and while somebody else moves the date.
    """
    if not 0 < days <= clock.MOST_DAYS:
        raise Refused(_("The date can be moved on by 1 to %(most)s days at once.") % {"most": clock.MOST_DAYS})
    with _alone():
        current_app.loader.import_default_modules()
        tasks = nightly_tasks()
        for _night in range(days):
            actions.next_day(by=by, at=timezone.now())
            clock.refresh()
            for name in tasks:
                _run(name)


def nightly_tasks() -> list[str]:
    """What beat runs once a day, in the order of the night; what it runs more often goes on by itself."""
    daily = PeriodicTask.objects.filter(enabled=True, crontab__isnull=False).exclude(crontab__hour="*")
    due = [each for each in daily.select_related("crontab") if each.task not in NOT_PLAYED]
    return [each.task for each in sorted(due, key=_time)]


def _time(task: PeriodicTask) -> tuple[int, int, str]:
    """Hour and minute; what is due at the same minute goes by its name."""
    return int(task.crontab.hour), int(task.crontab.minute), task.task


def _run(name: str) -> None:
    try:
        current_app.tasks[name]()
    except Exception:
        log.exception("%s failed in a night of the demo", name)


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtext('talentmap.demo'))")
        if not cursor.fetchone()[0]:
            raise Refused(_("Somebody else is moving the date on just now."))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(hashtext('talentmap.demo'))")
