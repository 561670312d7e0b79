"""What a table of regions would change, and what is wrong with it. No database here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from talentmap.regions.codes import COUNTY_DIGITS, TOWNSHIP_DIGITS, VILLAGE_DIGITS, level_of, parent_code, prefix_of


@dataclass(frozen=True)
class RegionRow:
    """One region as a file gives it; None means that the file says nothing and what is known stays."""

    number: int
    code: str
    name: str
    alt_code: str | None = None
    population: int | None = None
    population_as_of: date | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    tile_x: int | None = None
    tile_y: int | None = None

    @property
    def level(self) -> str:
        return level_of(self.code)

    def given(self) -> dict[str, Any]:
        """The values that the file states, by field."""
        return {name: value for name, value in asdict(self).items() if name != "number" and value is not None}


VALUES = tuple(field.name for field in fields(RegionRow) if field.name != "number")


@dataclass(frozen=True)
class Known:
    """A region as it is stored."""

    code: str
    alt_code: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    number: int
    message: Any


@dataclass(frozen=True)
class Change:
    """A row that would create a region (`known` is None) or change it; `was` → `becomes` by field."""

    row: RegionRow
    known: Known | None
    was: Mapping[str, Any]
    becomes: Mapping[str, Any]

    @property
    def is_new(self) -> bool:
        return self.known is None

    @property
    def code(self) -> str:
        """The region's code as it is stored, whatever code the file names it by."""
        return self.known.code if self.known else str(self.becomes["code"])


@dataclass(frozen=True)
class Plan:
    changes: tuple[Change, ...]
    unchanged: int
    problems: tuple[Problem, ...]

    @property
    def created(self) -> int:
        return sum(change.is_new for change in self.changes)

    @property
    def updated(self) -> int:
        return len(self.changes) - self.created


def plan(rows: Sequence[RegionRow], known: Iterable[Known]) -> Plan:
    """Compare a file with what is stored; a row is found by the code or alternative code of itself or its township."""
    register = _Register(known)
    checks = (_doubled(rows, register), _halves(rows), _orphans(rows, register), _alt_codes_taken(rows, register))
    problems = [problem for found in checks for problem in found]
    compared = [_compare(row, register) for row in rows]
    changes = sorted((change for change in compared if change.becomes), key=lambda change: change.code)
    return Plan(tuple(changes), len(compared) - len(changes), tuple(sorted(problems, key=lambda p: p.number)))


class _Register:
    """Stored regions by any code they go by."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_code = {region.code: region for region in known}
        self.by_alt = {region.alt_code: region for region in self.by_code.values() if region.alt_code}

    def translated(self, code: str) -> str:
        """The statistical code of a region that a file names by the ministry's code of it or of one above it."""
        if code in self.by_code:
            return code
        if code in self.by_alt:
            return self.by_alt[code].code
        for digits in (TOWNSHIP_DIGITS, COUNTY_DIGITS):
            if above := self.by_alt.get(code[:digits].ljust(VILLAGE_DIGITS, "0")):
                return above.code[:digits] + code[digits:]
        return code

    def find(self, code: str) -> Known | None:
        return self.by_code.get(self.translated(code))


def _compare(row: RegionRow, register: _Register) -> Change:
    given, known = row.given(), register.find(row.code)
    if known is None:
        # Below the region it belongs to, whose own code may be another; the file's code stays known.
        code = register.translated(row.code)
        other = {} if code == row.code else {"alt_code": row.code}
        return Change(row, None, {}, {**other, **given, "code": code})
    if known.code != row.code:
        del given["code"]
    differing = {name: value for name, value in given.items() if known.values[name] != value}
    return Change(row, known, {name: known.values[name] for name in differing}, differing)


def _doubled(rows: Sequence[RegionRow], register: _Register) -> Iterable[Problem]:
    seen: dict[str, int] = {}
    for row in rows:
        code = register.translated(row.code)
        if code in seen:
            yield Problem(row.number, _("The code is already in row %(row)s.") % {"row": seen[code]})
        seen.setdefault(code, row.number)


PAIRS = (
    (
        "population",
        "population_as_of",
        _("A population needs the date it was counted, and a date needs a population."),
    ),
    ("latitude", "longitude", _("Give both latitude and longitude, or neither.")),
    ("tile_x", "tile_y", _("Give both tile column and tile row, or neither.")),
)


def _halves(rows: Sequence[RegionRow]) -> Iterable[Problem]:
    for row in rows:
        for first, second, message in PAIRS:
            if (getattr(row, first) is None) != (getattr(row, second) is None):
                yield Problem(row.number, message)


def _orphans(rows: Sequence[RegionRow], register: _Register) -> Iterable[Problem]:
    here = {row.code for row in rows}
    for row in rows:
        above = parent_code(row.code)
        if above and above not in here and register.find(above) is None:
            yield Problem(
                row.number,
                _("The region it belongs to, %(code)s, is neither in the file nor stored.") % {"code": above},
            )


def _alt_codes_taken(rows: Sequence[RegionRow], register: _Register) -> Iterable[Problem]:
    here: dict[str, RegionRow] = {row.code: row for row in rows}
    seen: dict[str, str] = {}
    for row in rows:
        if not row.alt_code:
            continue
        own = register.translated(row.code)
        stored = register.by_alt.get(row.alt_code) or register.by_code.get(row.alt_code)
        another = here.get(row.alt_code)
        taken = (stored and stored.code != own) or (another and another.code != row.code)
        if taken or seen.setdefault(row.alt_code, row.code) != row.code or row.alt_code == row.code:
            yield Problem(row.number, _("The alternative code %(code)s is another code.") % {"code": row.alt_code})


def moved(code: str, old: str, new: str) -> str:
    """The code of a region below `old` after `old` became `new`: only the digits that say where it lies change."""
    assert code.startswith(prefix_of(old)) and len(prefix_of(old)) in (COUNTY_DIGITS, TOWNSHIP_DIGITS)
    return prefix_of(new) + code[len(prefix_of(old)) :]
