"""`@action`: the one way to write. One transaction, a named actor, and the triggers know why."""

import functools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from talentmap.ui.errors import Refused

Params = ParamSpec("Params")
Result = TypeVar("Result")

ACTIONS: dict[str, Callable[..., Any]] = {}
"""Every action of the platform by the name that audit entries carry, such as `casework.accept`."""

# Deadlock detected, and could not serialize access: the database gave up one of two that were in each other's way.
IN_EACH_OTHERS_WAY = ("40P01", "40001")

_context: ContextVar[tuple[str, str, str]] = ContextVar("audit_context", default=("", "", ""))


def action(function: Callable[Params, Result]) -> Callable[Params, Result]:
    """Run `function(*, by, ...)` in one transaction whose audit entries name `by`, the action and `reason`.

    `by=None` stands for somebody who is not signed in. A nested action keeps its own name while it runs; a
    failed one leaves nothing behind. Raises Refused when another transaction was in the way: the person tries again.
    """
    name = _name_of(function)

    @functools.wraps(function)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        if args or "by" not in kwargs:
            raise TypeError(f"{name}() takes keyword arguments only, `by` among them")
        try:
            with acting(by=kwargs["by"], name=name, reason=str(kwargs.get("reason") or "")):
                return function(*args, **kwargs)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") not in IN_EACH_OTHERS_WAY:
                raise
            raise Refused(
                _("Somebody else was changing the same records at this moment. Nothing was changed: please try again.")
            ) from error

    ACTIONS[name] = run
    return run


@contextmanager
def acting(*, by: Any, name: str, reason: str = "") -> Iterator[None]:
    """Open a transaction whose audit entries carry `by`, `name` and `reason`; for writes that are no action of ours."""
    told = ("" if by is None or by.pk is None else str(by.pk), name, reason)
    is_nested = connection.in_atomic_block
    with transaction.atomic():
        before = _context.get()
        token = _context.set(told)
        try:
            _tell_database(told)
            yield
            # Not when an error comes through: the rollback takes our words back by itself, and a failed
            # transaction would answer any further statement with an error that hides the first. Nor when the
            # transaction ends here, and what was said for it with it.
            if is_nested:
                _tell_database(before)
        finally:
            _context.reset(token)


def _name_of(function: Callable[..., Any]) -> str:
    """`talentmap.casework.actions_review.accept` → `casework.accept`; apps keep their own first word."""
    module = re.sub(r"(\.actions\w*)(\..*)?$", "", function.__module__)
    return f"{module.removeprefix('talentmap.')}.{function.__name__}"


def _tell_database(told: tuple[str, str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('talentmap.actor', %s, true), set_config('talentmap.action', %s, true),"
            " set_config('talentmap.reason', %s, true)",
            told,
        )
