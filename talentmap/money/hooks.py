"""How a service hears that what it made payable was paid or failed, without money knowing any service."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from talentmap.accounts.models import User
from talentmap.money.models import Payable


class Listener(Protocol):
    def __call__(self, *, by: User, at: datetime, payable: Payable) -> None: ...


Heard = TypeVar("Heard", bound=Callable[..., None])

PAID: list[Listener] = []
FAILED: list[Listener] = []


def payable_paid(listener: Heard) -> Heard:
    """Call `listener(by=, at=, payable=)` in the transaction that records the payment."""
    PAID.append(listener)
    return listener


def payable_failed(listener: Heard) -> Heard:
    """Call `listener(by=, at=, payable=)` in the transaction that records the failure."""
    FAILED.append(listener)
    return listener
