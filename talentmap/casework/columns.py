"""Pieces that the casework models share."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q


def append_only() -> pgtrigger.Protect:
    """Rows that record decisions are only inserted."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def both_or_neither(*names: str) -> Q:
    return Q(**{f"{n}__isnull": True for n in names}) | Q(**{f"{n}__isnull": False for n in names})


def person(verbose_name: Any, **options: Any) -> models.ForeignKey:
    """A user named in a record: never deleted from under it, and without a reverse accessor."""
    options.setdefault("related_name", "+")
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=verbose_name, **options)
