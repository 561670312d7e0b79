"""The demo's date: `timezone.now` of the web and worker processes, by whole days ahead of the machine.

The house rule is that the clock comes in as an argument, and whoever passes it reads `timezone.now`. So that is the one
place where a demo's date can run ahead of the machine's, and it is replaced at the start of a process, in a demo only.
What measures seconds and not days stays with the machine: idle sessions, one-time passwords, signatures, the cache, the
history and its seals, and beat. See `docs/adr`.
"""

from datetime import datetime, timedelta
from typing import Any

from celery.signals import task_prerun
from django.conf import settings
from django.core.signals import request_started
from django.db import DatabaseError, connection  # first, so that its own receivers see a request before ours
from django.utils import timezone

# A quarter and the holidays behind it.
MOST_DAYS = 100

machine_now = timezone.now
_ahead = timedelta()


def start() -> None:
    """Let this process live on the demo's date; does nothing outside a demo."""
    if settings.DEMO:
        timezone.now = _demo_now
        request_started.connect(refresh)
        task_prerun.connect(refresh)


def stop() -> None:
    """Let this process live on the machine's date again."""
    global _ahead
    request_started.disconnect(refresh)
    task_prerun.disconnect(refresh)
    timezone.now, _ahead = machine_now, timedelta()


def refresh(**_signal: Any) -> None:
    """Learn how far ahead the date is: before every request and every task, so that all processes agree."""
    from talentmap.demo.models import DemoDate

    global _ahead  # noqa: PLW0603
    try:
        row = DemoDate.objects.first()
    except DatabaseError:
        connection.close_if_unusable_or_obsolete()
        return  # the request itself will say that there is no database
    _ahead = timedelta(days=row.days_ahead if row else 0)


def days_ahead() -> int:
    return _ahead.days


def _demo_now() -> datetime:
    return machine_now() + _ahead
