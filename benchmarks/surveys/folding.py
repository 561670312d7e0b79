"""Folds every two seconds, as beat has the worker do, and keeps how long responses waited to be counted."""

import json
import signal
import sys
import time

import django
from django.db import connection
from django.utils import timezone

LOOK_SECONDS = 0.25
_WAITING = (
    "select coalesce(extract(epoch from now() - min(received_at)), 0), count(*) from needs_response where is_dirty"
)


def main() -> int:
    """Until told to stop (SIGTERM); then prints the longest wait seen."""
    from needs.surveys.tallies.tasks import fold_all

    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopped.append(number))
    print("ready", flush=True)
    longest, folded, due = 0.0, 0, time.monotonic()
    while not stopped:
        longest = max(longest, _oldest())
        if time.monotonic() >= due:
            due = time.monotonic() + 2
            folded += fold_all()
        time.sleep(LOOK_SECONDS)
    folded += fold_all()
    print(json.dumps({"longest": longest, "folded": folded, "at": timezone.now().isoformat()}))
    return 0


def _oldest() -> float:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        return float(cursor.fetchone()[0])


if __name__ == "__main__":
    django.setup()
    sys.exit(main())
