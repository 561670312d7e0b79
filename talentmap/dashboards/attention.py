"""What needs a leader's attention: each capability says what it watches, the most urgent of a map is shown.

    register(Attention(
        "service.overdue", "service_quality", find=_overdue, tell=_told, url=_rows,
    ))

`find` counts, `tell` finds the words for what was counted: a count is kept (`kept.py`), words are of the reader's
language.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from talentmap.accounts.permissions import Permission
from talentmap.accounts.reach import Reach
from talentmap.dashboards.registry import Words
from talentmap.regions.codes import prefix_of
from talentmap.regions.models import Region

# How urgent a finding is. Between two of one level the one with the greater count comes first.
NOTE, WARNING, ALARM = 1, 2, 3
TONES = {NOTE: "info", WARNING: "wait", ALARM: "bad"}


@dataclass(frozen=True)
class Finding:
    """`facts` are plain values (numbers, names, dates) for the words and the address."""

    level: int
    count: int
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Attention:
    """`find` gets the reader and the day and looks within the reader's reach; None where all is well.

    `county` is for what only the county as a whole has, such as a fund.
    """

    code: str
    page: str
    find: Callable[[Any, date], Finding | None]
    tell: Callable[[Finding], tuple[Words, Words]]  # what, and why it needs attention
    url: Callable[[Finding], str]
    permission: Permission = Permission.VIEW_DASHBOARDS
    county: bool = False

    def is_seen_by(self, reader: Any) -> bool:
        return reader.may(self.permission) and (not self.county or reader.reach(self.permission).everything)


@dataclass(frozen=True)
class Narrowed:
    """A reader who looks at one township: of what they reach, only what lies there."""

    reader: Any
    place: Region

    def may(self, permission: str) -> bool:
        return bool(self.reader.may(permission))

    def reach(self, permission: str) -> Reach:
        inside = self.reader.reach(permission).covers_code(self.place.code)
        return Reach(region_codes=(prefix_of(self.place.code),)) if inside else Reach()


_attentions: dict[str, Attention] = {}


def register(*attentions: Attention) -> None:
    """Make them known; a second one of the same code is a mistake in the code base."""
    for attention in attentions:
        if attention.code in _attentions:
            raise ValueError(f"attention {attention.code} is registered twice")
        _attentions[attention.code] = attention


def seen_by(reader: Any) -> list[Attention]:
    return [attention for attention in _attentions.values() if attention.is_seen_by(reader)]


def by_urgency(found: Iterable[tuple[Attention, Finding | None]]) -> list[tuple[Attention, Finding]]:
    """What was found, the most urgent first; in the order of their codes where nothing tells them apart."""
    there = [(attention, finding) for attention, finding in found if finding is not None]
    return sorted(there, key=lambda each: (-each[1].level, -each[1].count, each[0].code))
