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


def schedule(name: str, task: str, *, minute: str = "0", hour: str = "*") -> None:
    """Have Celery beat run `task` at these minutes and hours of Beijing time; an office's own change stays."""
    from django_celery_beat.models import CrontabSchedule, PeriodicTask

    if PeriodicTask.objects.filter(name=name).update(task=task):
        return
    times = CrontabSchedule.objects.filter(
        minute=minute,
        hour=hour,
        day_of_week="*",
        day_of_month="*",
        month_of_year="*",
        timezone="Asia/Shanghai",
    ).first() or CrontabSchedule.objects.create(minute=minute, hour=hour, timezone="Asia/Shanghai")
    PeriodicTask.objects.create(name=name, task=task, crontab=times)
