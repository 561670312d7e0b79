"""The coverage grid: which answers count towards which quota, and what is missing where. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

ANY = "*"
NOT_STATED = ""
APPROVED, PENDING = "approved", "pending"

Place = tuple[int, str, str]
"""Township, age band, occupation; `ANY` in a quota that does not ask, `NOT_STATED` where the respondent did not say."""


@dataclass(frozen=True)
class Cell:
    """`gap` and `over` are summed over quotas, so that too many in one never hide what is missing in another.

    `unplanned` and `unplanned_pending` are answers that no quota asks for; they are not part of `done` and `pending`.
    """

    target: int = 0
    done: int = 0
    pending: int = 0
    gap: int = 0
    over: int = 0
    unplanned: int = 0
    unplanned_pending: int = 0
    quotas: int = 0

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def has_quota(self) -> bool:
        return self.quotas > 0

    @property
    def is_empty(self) -> bool:
        return not (self.quotas or self.unplanned or self.unplanned_pending)

    @property
    def is_done(self) -> bool:
        return self.has_quota and not self.gap

    @property
    def collected(self) -> int:
        """What the field work has brought in for the quotas: the review that is still to come is the office's."""
        return self.done + self.pending

    @property
    def received(self) -> int:
        return self.collected + self.unplanned + self.unplanned_pending

    @property
    def percent(self) -> int:
        """Share of the target that is done without what is over it; a whole percent, never rounded up to 100."""
        return 100 * (self.target - self.gap) // self.target if self.target else 100 * self.is_done


NOTHING = Cell()
Cells = Mapping[Place, Cell]


def coverage(quotas: Iterable[tuple[int, str, str, int]], counts: Iterable[tuple[int, str, str, str, int]]) -> Cells:
    """Compare quotas (township, age band or "", occupation or "", target) with answers (…, state, n).

    Each answer counts once, for the narrowest quota that it fits: its own age band and occupation, then its age band,
    then its occupation, then the township as a whole. What fits none stands in its own cell as unplanned.
    """
    targets = {(region, band or ANY, work or ANY): target for region, band, work, target in quotas}
    got: dict[Place, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for region, band, work, state, n in counts:
        got[_narrowest(targets, region, band, work)][state] += n
    places = targets.keys() | got.keys()
    return {place: _cell(targets.get(place), got.get(place, {})) for place in places}


def _narrowest(targets: Mapping[Place, int], region: int, band: str, work: str) -> Place:
    fitting = ((region, band, work), (region, band, ANY), (region, ANY, work), (region, ANY, ANY))
    return next((place for place in fitting if place in targets), (region, band, work))


def _cell(target: int | None, got: Mapping[str, int]) -> Cell:
    done, pending = got.get(APPROVED, 0), got.get(PENDING, 0)
    if target is None:
        return Cell(unplanned=done, unplanned_pending=pending)
    return Cell(target, done, pending, max(0, target - done), max(0, done - target), quotas=1)


def total(cells: Iterable[Cell]) -> Cell:
    return reduce(Cell.__add__, cells, NOTHING)


def by_township(cells: Cells) -> dict[int, Cell]:
    sums: dict[int, Cell] = defaultdict(Cell)
    for (region, _band, _work), cell in cells.items():
        sums[region] += cell
    return dict(sums)


@dataclass(frozen=True)
class Line:
    key: str
    label: Any
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True)
class Matrix:
    """Age bands down, occupations across; rows and columns in which there is nothing are left out."""

    columns: tuple[tuple[str, Any], ...]
    lines: tuple[Line, ...]
    totals: tuple[Cell, ...]
    total: Cell


def matrix(cells: Cells, bands: Sequence[tuple[str, Any]], works: Sequence[tuple[str, Any]]) -> Matrix:
    """The cells of all townships given, added up. `bands` and `works` are (key, label) in the order in which they are
    shown; occupations of other versions follow under their own names."""
    sums: dict[tuple[str, str], Cell] = defaultdict(Cell)
    for (_region, band, work), cell in cells.items():
        sums[band, work] += cell
    columns = _used(works, {work for _band, work in sums})
    rows = _used(bands, {band for band, _work in sums})
    lines = tuple(
        Line(band, label, row := tuple(sums.get((band, work), NOTHING) for work, _label in columns), total(row))
        for band, label in rows
    )
    totals = tuple(total(line.cells[place] for line in lines) for place in range(len(columns)))
    return Matrix(tuple(columns), lines, totals, total(totals))


def _used(known: Sequence[tuple[str, Any]], used: set[str]) -> list[tuple[str, Any]]:
    names = {key for key, _label in known}
    special = (ANY, NOT_STATED)
    foreign = [(key, key) for key in sorted(used - names)]
    ordered = [pair for pair in known if pair[0] not in special]
    rest = [pair for pair in known if pair[0] in special and pair[0] in used]
    return [*ordered, *foreign, *rest]
