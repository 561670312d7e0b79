"""The rows behind a figure, each with what its reader may know of it."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Model, QuerySet, Value

from talentmap.accounts.reach import Reach
from talentmap.dashboards import compute
from talentmap.dashboards.registry import Column, Figure
from talentmap.dashboards.scope import Scope
from talentmap.people.masks import mask_name

NOTHING = "—"


def behind(figure: Figure, reader: Any, scope: Scope, *, only_met: bool | None, permissions: Sequence[str]) -> QuerySet:
    """The rows of the scope; `is_full` says of each whether the reader holds all of `permissions` over it."""
    found = compute.with_part(figure, figure.visible_rows(reader, scope), only_met)
    reaches = [reader.reach(permission) for permission in permissions]
    return (
        found.annotate(is_full=_inside(figure, reaches))
        .select_related(*figure.related)
        .defer(*_sensitive(found.model, figure.related))
    )


def _inside(figure: Figure, reaches: list[Reach]) -> Any:
    """A row of the county as a whole is read in full by whoever reaches the county."""
    partly = [reach for reach in reaches if not reach.everything]
    if not partly:
        return Value(value=True)
    if not figure.region or not all(reach.region_codes for reach in partly):
        return Value(value=False)
    inside = partly[0].q(region=figure.region)
    for reach in partly[1:]:
        inside &= reach.q(region=figure.region)
    return ExpressionWrapper(inside, output_field=BooleanField())


def _sensitive(model: type[Model], related: Sequence[str]) -> Iterator[str]:
    """The encrypted columns of the rows and what is read with them: no figure shows any, each costs a decryption."""
    yield from _encrypted(model, "")
    for path in related:
        there: Any = model
        steps = path.split("__")
        for depth, step in enumerate(steps, start=1):
            there = there._meta.get_field(step).related_model
            yield from _encrypted(there, "__".join(steps[:depth]) + "__")


def _encrypted(model: Any, prefix: str) -> list[str]:
    return [prefix + field.name for field in model._meta.concrete_fields if getattr(field, "sensitive", False)]


def cells(columns: Sequence[Column], row: Any) -> list[tuple[Column, Any]]:
    """One row as (column, cell); personal cells are masked unless the reader may see the row itself."""
    return [
        (column, _masked(column.value(row)) if column.personal and not row.is_full else column.value(row))
        for column in columns
    ]


def shown_columns(columns: Sequence[Column], found: Sequence[Any]) -> list[Column]:
    """The columns less those of which the reader may see nothing in any of the rows."""
    return [
        column
        for column in columns
        if not column.personal or any(row.is_full or _masked(column.value(row)) != NOTHING for row in found)
    ]


def _masked(value: Any) -> str:
    text = str(value or "")
    return mask_name(text) if text and not text.isascii() else NOTHING
