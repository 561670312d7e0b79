"""Sensitive columns: encrypted at rest with rotating keys, found again by a keyed blind index."""

import functools
import hashlib
import hmac
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact, IsNull


@functools.lru_cache(maxsize=8)
def _cipher_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    """The cipher of the configured keys: the first encrypts, each of them decrypts."""
    return _cipher_of(tuple(settings.FIELD_KEYS))


def encrypt(value: str) -> str:
    return cipher().encrypt(value.encode()).decode() if value else ""


def decrypt(token: str) -> str:
    """Give the plain text; raises InvalidToken when no configured key fits."""
    return cipher().decrypt(token.encode()).decode() if token else ""


def blind_index(value: str) -> str:
    """Give the keyed digest by which an encrypted `value` can be looked up and kept unique; "" stays ""."""
    if not value:
        return ""
    key = settings.BLIND_INDEX_KEY.encode()
    return hmac.new(key, value.strip().upper().encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):
    """Text that only the application can read. Looking up by its value is refused: use the blind index."""

    sensitive = True  # the audit history keeps that it changed, never a value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        lookup = {"isnull": IsNull, "exact": EmptyOnly}.get(lookup_name)
        if lookup is None:
            raise _refusal(self)
        return lookup


class EmptyOnly(Exact):
    """`= ''` is all that can be asked of an encrypted column."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise _refusal(self.lhs.output_field)
        return self.rhs


def _refusal(field: EncryptedTextField) -> FieldError:
    return FieldError(f"{field.name} is encrypted: look it up by its blind index")
