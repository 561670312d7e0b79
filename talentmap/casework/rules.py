"""Pure rules of a case: working days, deadlines and their colours, eligibility, what changed between two rounds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

Words = str | Promise

ONE_DAY = timedelta(days=1)
SATURDAY = 5
AMBER_DAYS = 2
# Days off by date in every year, by the State Council's rules on holidays as in force from 2025. The feasts of the
# lunar calendar and the weekend days worked in exchange are known only from the yearly notice.
STATUTORY = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True)
class WorkingCalendar:
    """Monday to Friday, but for the announced exceptions. `years` are those whose holidays are on record; in any
    other year weekends and the statutory days are off."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < SATURDAY and not self._is_statutory(day))

    def _is_statutory(self, day: date) -> bool:
        return day.year not in self.years and (day.month, day.day) in STATUTORY

    def unknown_years(self, first: date, last: date) -> tuple[int, ...]:
        """The years between two days whose holidays are not on record."""
        return tuple(y for y in range(first.year, last.year + 1) if y not in self.years)


def add_working_days(start: date, count: int, calendar: WorkingCalendar) -> date:
    """The `count`-th working day after `start`, which itself is not counted; so the end is never a holiday.

    A negative count goes back as many working days; 0 is `start` itself, or the next working day.
    """
    day = start
    step = ONE_DAY if count >= 0 else -ONE_DAY
    left = abs(count)
    while left:
        day += step
        left -= calendar.is_workday(day)
    while not calendar.is_workday(day):
        day += ONE_DAY
    return day


def working_days_between(start: date, end: date, calendar: WorkingCalendar) -> int:
    """Working days after `start` until and with `end`; negative when `end` is past."""
    first, last, sign = (start, end, 1) if end >= start else (end, start, -1)
    days = (first + ONE_DAY * n for n in range(1, (last - first).days + 1))
    return sign * sum(calendar.is_workday(day) for day in days)


def days_left(today: date, due_on: date, calendar: WorkingCalendar) -> int:
    """Working days until a deadline; at least one too many once it is past, also on the weekend after it."""
    left = working_days_between(today, due_on, calendar)
    return min(left, -1) if due_on < today else left


class Colour(StrEnum):
    NONE = "none"  # no deadline runs
    GREEN = "green"
    AMBER = "amber"  # at most two working days left, today's end included
    RED = "red"  # overdue


@dataclass(frozen=True)
class Deadline:
    """A date that runs: how many working days are left, negative when overdue."""

    due_on: date | None
    left: int | None
    colour: Colour


def deadline(due_on: date | None, today: date, calendar: WorkingCalendar) -> Deadline:
    """How urgent a case is today."""
    if due_on is None:
        return Deadline(None, None, Colour.NONE)
    left = days_left(today, due_on, calendar)
    if left < 0:
        return Deadline(due_on, left, Colour.RED)
    return Deadline(due_on, left, Colour.AMBER if left <= AMBER_DAYS else Colour.GREEN)


@dataclass(frozen=True)
class Pause:
    """What is left of the promised time, and of the stage's, when the clock stops. Negative: already overdue."""

    remaining_days: int
    stage_remaining_days: int | None


def pause(today: date, due_on: date, stage_due_on: date | None, calendar: WorkingCalendar) -> Pause:
    stage_left = None if stage_due_on is None else days_left(today, stage_due_on, calendar)
    return Pause(days_left(today, due_on, calendar), stage_left)


def resume(day: date, remaining: int, calendar: WorkingCalendar) -> date:
    """The new due date when the clock runs again after `day`: what was left is left, no more and no less."""
    return add_working_days(day, remaining, calendar)


class Outcome(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"  # something is not entered yet
    WARN = "warn"  # does not block, but the reviewer must look


@dataclass(frozen=True)
class Condition:
    """One condition of a service with its outcome, in the same words for applicant and reviewer."""

    code: str
    label: Words
    outcome: Outcome
    reason: Words = ""
    fix_url: str = ""

    @property
    def blocks(self) -> bool:
        return self.outcome == Outcome.NOT_MET


@dataclass(frozen=True)
class Offer:
    """What the person would get: an amount in CNY where it is money, and how it comes about line by line."""

    amount: Decimal | None = None
    text: Words = ""
    lines: tuple[tuple[Words, Words], ...] = ()


@dataclass(frozen=True)
class Assessment:
    """Facts, conditions and offer of one person for one service, under one version of its tariff."""

    facts: Any
    conditions: tuple[Condition, ...]
    offer: Offer
    tariff: Mapping[str, Decimal]

    @property
    def unmet(self) -> tuple[Condition, ...]:
        return tuple(c for c in self.conditions if c.blocks)

    @property
    def unknown(self) -> tuple[Condition, ...]:
        return tuple(c for c in self.conditions if c.outcome == Outcome.UNKNOWN)

    @property
    def to_fill_in(self) -> tuple[Condition, ...]:
        """What the person's file does not say yet, as opposed to what the form asks."""
        return tuple(c for c in self.unknown if c.fix_url)

    @property
    def eligible(self) -> bool:
        """Nothing known speaks against it."""
        return not self.unmet

    @property
    def certain(self) -> bool:
        """Eligible, and nothing is left to be entered."""
        return not self.unmet and not self.unknown


@dataclass(frozen=True)
class Change:
    """One field or document that differs between two submissions."""

    code: str
    before: Any
    after: Any


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What changed between two snapshots, form fields first, each in the order of the newer one."""
    return tuple(
        Change(code, old.get(code), new.get(code))
        for old, new in ((before.get(part, {}), after.get(part, {})) for part in ("form", "documents"))
        for code in _in_order(new, old)
        if old.get(code) != new.get(code)
    )


def _in_order(*mappings: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for mapping in mappings for code in mapping))


def case_number(prefix: str, year: int, serial: int) -> str:
    """A number of our own, such as ZF-2026-000123; it claims to be no official service code."""
    return f"{prefix}-{year}-{serial:06d}"
