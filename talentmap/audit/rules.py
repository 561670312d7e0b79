"""How a day's records become one digest, and how a chain of digests is judged. Pure."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any


@dataclass(frozen=True)
class Seal:
    """What a stored day seal says."""

    day: date
    entries: int
    accesses: int
    previous: str
    digest: str


@dataclass(frozen=True)
class DayRecords:
    """What the tables say about the same day; the digest is taken after `previous`."""

    entries: int
    accesses: int
    digest: str


@dataclass(frozen=True)
class Finding:
    """Outcome of a verification: `fault` is empty when the chain is sound up to `head`."""

    days: int
    head: str = ""
    broken_day: date | None = None
    fault: str = ""

    @property
    def sound(self) -> bool:
        return not self.fault


class Digest:
    """Running sha256 over records; `previous` goes in first, which is what chains one day to the next."""

    def __init__(self, previous: str) -> None:
        self._hash = hashlib.sha256(previous.encode())

    def add(self, records: Iterable[tuple[Any, ...]]) -> int:
        """Take in `records` in order and count them."""
        count = 0
        for record in records:
            self._hash.update(canonical(record))
            count += 1
        return count

    def hex(self) -> str:
        return self._hash.hexdigest()


def canonical(record: tuple[Any, ...]) -> bytes:
    """One record as bytes that no other record has: a JSON list with its line end."""
    return json.dumps([_plain(value) for value in record], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    return int(value.timestamp() * 1_000_000) if isinstance(value, datetime) else value


def bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """First moment of `day` in `zone` and the first moment that is no longer in it."""
    return (
        datetime.combine(day, time.min, tzinfo=zone),
        datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone),
    )


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included; none when `last` is earlier."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def judge(seal: Seal, before: Seal | None, found: DayRecords) -> str:
    """Name what is wrong with `seal`: `gap`, `chain`, `count` or `content`; empty when nothing is.

    `before` is the seal of the day before (None for the first one), `found` what the tables hold now.
    """
    if before and seal.day != before.day + timedelta(days=1):
        return "gap"
    if seal.previous != (before.digest if before else ""):
        return "chain"
    if (seal.entries, seal.accesses) != (found.entries, found.accesses):
        return "count"
    return "" if seal.digest == found.digest else "content"
