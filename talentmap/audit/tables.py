"""What the history knows of the tables it speaks of: their models, their columns, and how a row is called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q

from talentmap.audit.triggers import AuditTrigger

# The first of these that a model has is what one of its rows is called; all of them are searched.
_NAMES = (
    "number",
    "display_name",
    "name",
    "title",
    "application__number",
    "talent__name",
    "user__display_name",
    "batch__number",
    "notice__key",
)
_ALSO_SEARCHED = ("applicant__name", "application__applicant__name")
MOST_FOUND = 200


@lru_cache(maxsize=1)
def models_by_table() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models() if not model._meta.proxy}


@lru_cache(maxsize=1)
def tracked_tables() -> tuple[str, ...]:
    """The tables whose changes are recorded."""
    return tuple(
        table
        for table, model in models_by_table().items()
        if any(isinstance(trigger, AuditTrigger) for trigger in getattr(model._meta, "triggers", ()))
    )


def table_label(table: str) -> str:
    """What people call a row's kind; a table whose model is gone keeps its own name."""
    model = models_by_table().get(table)
    return str(model._meta.verbose_name) if model else table


def table_choices() -> list[tuple[str, str]]:
    return sorted(((table, table_label(table)) for table in tracked_tables()), key=lambda pair: pair[1])


@lru_cache(maxsize=256)
def column(table: str, name: str) -> models.Field | None:
    """The model field behind a column; None for one that a later release dropped."""
    model = models_by_table().get(table)
    fields = model._meta.concrete_fields if model else ()
    return next((field for field in fields if field.column == name), None)


@lru_cache(maxsize=128)
def name_path(model: type[models.Model]) -> str:
    """The field path that names a row of `model`; empty when there is none."""
    return next((path for path in _NAMES if _has_path(model, path)), "")


def _has_path(model: type[models.Model], path: str) -> bool:
    try:
        for part in path.split("__"):
            field = model._meta.get_field(part)
            if field.one_to_many or field.many_to_many or (field.one_to_one and not field.concrete):
                return False
            model = field.related_model or model
    except FieldDoesNotExist:
        return False
    return not field.is_relation


def row_names(wanted: Iterable[tuple[type[models.Model], Any]]) -> dict[tuple[type[models.Model], str], str]:
    """Names of rows, one query a model however many rows; rows that are gone or have no name are left out.

    A model whose rows are people without a file of their own masks their names by its `name_in_history`.
    """
    keys: dict[type[models.Model], set[Any]] = {}
    for model, key in wanted:
        if key not in (None, "") and name_path(model):
            keys.setdefault(model, set()).add(key)
    return {
        (model, str(key)): getattr(model, "name_in_history", str)(name)
        for model, ids in keys.items()
        for key, name in model._base_manager.filter(pk__in=ids).values_list("pk", name_path(model))
        if name
    }


@dataclass(frozen=True)
class Called:
    """The audit entries of what goes by some text; `is_cut` where so much does that not all of it was looked for."""

    condition: Q
    is_cut: bool


def rows_called(text: str) -> Called:
    """Find a person, an organisation, a case and what belongs to it, at most `MOST_FOUND` rows of each kind."""
    condition, is_cut = Q(pk__in=[]), False
    for table in tracked_tables():
        keys = _keys_called(models_by_table()[table], text)
        is_cut |= len(keys) > MOST_FOUND
        if keys:
            condition |= Q(table_name=table, row_id__in=keys[:MOST_FOUND])
    return Called(condition, is_cut)


def subjects_called(text: str) -> Q:
    """The readings of rows that go by `text`."""
    found = Q(pk__in=[])
    for table in tracked_tables():
        model = models_by_table()[table]
        if keys := _keys_called(model, text):
            found |= Q(subject_type=model._meta.label_lower, subject_id__in=keys)
    return found


def _keys_called(model: type[models.Model], text: str) -> list[str]:
    paths = [path for path in (*_NAMES, *_ALSO_SEARCHED) if _has_path(model, path)]
    if not paths:
        return []
    matches = Q()
    for path in paths:
        matches |= Q(**{f"{path}__icontains": text})
    return [str(key) for key in model._base_manager.filter(matches).values_list("pk", flat=True)[: MOST_FOUND + 1]]


def subject_model(label: str) -> type[models.Model] | None:
    """The model behind an access log's `subject_type`."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


Names = Mapping[tuple[type[models.Model], str], str]
