"""Reference data: what an installation needs before anybody works in it, loaded again after every update.

An area puts its loaders into its own `reference.py`; `load_reference_data` finds and runs them.

    @reference_data
    def holidays() -> str:
        ...                     # idempotent, never overwrites what the office changed
        return "2 calendar years"
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable
from typing import Any

from django.apps import apps

Loader = Callable[[], str]
LOADERS: list[Loader] = []
# Everything else may refer to the system account and to regions.
FIRST = ("talentmap.accounts", "talentmap.regions")
MAPS = ("talentmap", "needs", "growth", "support")


def reference_data(loader: Loader) -> Loader:
    """Have `load_reference_data` run `loader`; it returns a short line that says what there is now."""
    if loader not in LOADERS:
        LOADERS.append(loader)
    return loader


register = reference_data


def discover() -> list[Loader]:
    """Import every area's `reference` module, then give the loaders in the order in which they run."""
    for package in (*FIRST, *sorted(areas())):
        if importlib.util.find_spec(f"{package}.reference"):
            importlib.import_module(f"{package}.reference")
    return LOADERS


def areas() -> set[str]:
    found = set()
    for app in MAPS:
        for module in pkgutil.iter_modules([apps.get_app_config(app).path]):
            if module.ispkg and module.name not in ("management", "migrations"):
                found.add(f"{app}.{module.name}")
    return found - set(FIRST)


def schedule(name: str, task: str, *, minute: str = "0", hour: str = "*", seconds: int = 0) -> None:
    """Have Celery beat run `task` at these minutes and hours of Beijing time, or every so many `seconds`; an office's
    own change stays."""
    from django_celery_beat.models import PeriodicTask

    if PeriodicTask.objects.filter(name=name).update(task=task):
        return
    # What nobody took in time is sent again anyway: a worker that was away does not find a heap of them.
    when = {"interval": _every(seconds), "expire_seconds": seconds} if seconds else {"crontab": _times(minute, hour)}
    PeriodicTask.objects.create(name=name, task=task, **when)


def _every(seconds: int) -> Any:
    from django_celery_beat.models import IntervalSchedule

    wanted = {"every": seconds, "period": IntervalSchedule.SECONDS}
    return IntervalSchedule.objects.filter(**wanted).first() or IntervalSchedule.objects.create(**wanted)


def _times(minute: str, hour: str) -> Any:
    from django_celery_beat.models import CrontabSchedule

    wanted = {
        "minute": minute,
        "hour": hour,
        "day_of_week": "*",
        "day_of_month": "*",
        "month_of_year": "*",
        "timezone": "Asia/Shanghai",
    }
    return CrontabSchedule.objects.filter(**wanted).first() or CrontabSchedule.objects.create(**wanted)
