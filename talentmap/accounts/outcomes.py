"""Tells the person why an action said no."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest

from talentmap.ui.errors import Refused, reasons


@contextmanager
def told_on(form: Any) -> Iterator[None]:
    """Put a refusal on the form, which keeps what was typed; what a field is to blame for stands at the field."""
    try:
        yield
    except (Refused, ValidationError, IntegrityError) as error:
        by_field = getattr(error, "error_dict", {})
        for name in [name for name in by_field if name in form.fields]:
            form.add_error(name, by_field.pop(name))
        rest = [str(message) for errors in by_field.values() for error_ in errors for message in error_.messages]
        _say(error, lambda text: form.add_error(None, text), rest if hasattr(error, "error_dict") else None)


@contextmanager
def told_on_page(request: HttpRequest) -> Iterator[None]:
    """Put a refusal on the next page."""
    try:
        yield
    except (Refused, ValidationError, IntegrityError) as error:
        _say(error, lambda text: messages.error(request, text))


def _say(error: Exception, say: Any, told: list[str] | None = None) -> None:
    texts = reasons(error) if told is None else told
    if told is None and not texts:
        raise error
    for text in texts:
        say(text)
