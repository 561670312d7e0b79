"""The product's own web and worker processes, but stopping dead at a named spot, to be killed right there.

`STOP_AT` names a function as `module:name`. A process that gets there leaves the file `STOP_FOLDER/reached` and waits
for `STOP_FOLDER/go`. With `UNGUARDED` set, actions run without their transaction: what the guard is good for.

    gunicorn tests.crash.stops:application
    celery -A tests.crash.stops worker
"""

import os
import time
from collections.abc import Callable
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from talentmap.celery import app
from talentmap.wsgi import application

__all__ = ["app", "application"]


def stop_before(function: Callable[..., Any]) -> Callable[..., Any]:
    folder = Path(os.environ["STOP_FOLDER"])

    def stopped(*args: Any, **kwargs: Any) -> Any:
        (folder / "reached").touch()
        while not (folder / "go").exists():
            time.sleep(0.02)
        return function(*args, **kwargs)

    return stopped


# As in every test: pages are drawn without the static files having been collected.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if spot := os.environ.get("STOP_AT"):
    module, _, name = spot.partition(":")
    place = import_module(module)
    setattr(place, name, stop_before(getattr(place, name)))
if os.environ.get("UNGUARDED"):
    transaction.atomic = lambda *args, **kwargs: nullcontext()  # type: ignore[assignment]
    QuerySet.select_for_update = lambda self, *args, **kwargs: self  # type: ignore[method-assign]
