"""Re-encrypts every sensitive column with the first of the field keys.

A value already under the first key is left alone, so a run that was cut short goes on where it stopped, and a
second run changes nothing. Each row is swapped only while it still holds what was read: a value saved meanwhile
is under the first key already.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pgtrigger
from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import TextField, Value
from django.db.models.functions import Cast

from talentmap.people.fields import EncryptedTextField, cipher


@dataclass(frozen=True)
class Column:
    model: type[models.Model]
    field: str

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.field}"


@dataclass(frozen=True)
class Step:
    """One batch: how many rows were looked at, re-encrypted, and readable with no key at all."""

    column: Column
    seen: int
    rotated: int
    unreadable: tuple[int, ...]


def columns() -> list[Column]:
    """Every encrypted column of every app."""
    return [
        Column(model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField) and field.model is model
    ]


def rotate(batch_size: int = 500) -> Iterator[Step]:
    """Go through all columns, one transaction a batch."""
    for column in columns():
        after = 0
        while rows := _raw(column, after, batch_size):
            yield _rotate_batch(column, rows)
            after = rows[-1][0]


def _raw(column: Column, after: int, batch_size: int) -> list[tuple[int, str]]:
    """The next rows as they stand in the database; the cast keeps the field from decrypting them."""
    rows = column.model._base_manager.annotate(encrypted=Cast(column.field, TextField())).filter(pk__gt=after)
    return list(rows.exclude(encrypted="").order_by("pk").values_list("pk", "encrypted")[:batch_size])


def _rotate_batch(column: Column, rows: list[tuple[int, str]]) -> Step:
    newest = Fernet(settings.FIELD_KEYS[0])
    rotated, unreadable = 0, []
    # Only the ciphertext changes: neither the history nor rules about the row's content are concerned.
    with transaction.atomic(), pgtrigger.ignore():
        for pk, token in rows:
            if _is_under(newest, token):
                continue
            try:
                fresh = cipher().rotate(token.encode()).decode()
            except InvalidToken:
                unreadable.append(pk)
                continue
            rotated += _swap(column, pk, token, fresh)
    return Step(column, len(rows), rotated, tuple(unreadable))


def _is_under(key: Fernet, token: str) -> bool:
    try:
        key.decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def _swap(column: Column, pk: int, old: str, new: str) -> int:
    rows = column.model._base_manager.annotate(encrypted=Cast(column.field, TextField()))
    held = rows.filter(pk=pk, encrypted=old)
    return held.update(**{column.field: Value(new, output_field=TextField())})
