"""Places as tiles of a map, shaded by a number. Pure; drawn as SVG by the template, without styles or scripts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, sqrt

from django.utils.translation import gettext as _

SIDE, GAP = 96, 6
SHADES = 5
Numbered = Callable[[float], str]  # a bound of a shade in words
Legend = tuple[tuple[int, str], ...]  # shade and what it stands for


@dataclass(frozen=True)
class Place:
    """A place with its tile (column and row from 0, None without one), its number, and what to say of it."""

    name: str
    column: int | None
    row: int | None
    value: float | None
    text: str
    url: str = ""
    key: str = ""
    is_chosen: bool = False


Cell = tuple[int, int, Place]  # column, row, and who stands there


@dataclass(frozen=True)
class Tile:
    name: str
    text: str
    shade: int
    x: int
    y: int
    url: str
    key: str = ""
    is_chosen: bool = False

    @property
    def middle(self) -> int:
        return self.x + SIDE // 2

    @property
    def name_y(self) -> int:
        return self.y + SIDE // 2 - 4

    @property
    def text_y(self) -> int:
        return self.y + SIDE // 2 + 20


@dataclass(frozen=True)
class TileMap:
    tiles: tuple[Tile, ...]
    width: int
    height: int
    legend: Legend
    unplaced: int = 0  # so many of the tiles, the last, stand where there was room

    @property
    def is_unplaced(self) -> bool:
        return self.unplaced == len(self.tiles)

    @property
    def outer_width(self) -> int:
        """With room for the outline of what is chosen or has the focus."""
        return self.width + GAP

    @property
    def outer_height(self) -> int:
        return self.height + GAP


def tile_map(places: Iterable[Place], numbered: Numbered, unit: str = "") -> TileMap | None:
    """The map of these places; None where there are none. `numbered` words the bounds of a shade for the legend.

    Shade 0 is "not shown"; 1 to 5 cut the range between the least and the greatest number into equal parts.
    """
    given = list(places)
    if not given:
        return None
    placed = [(each.column, each.row, each) for each in given if each.column is not None and each.row is not None]
    unplaced = [each for each in given if each.column is None or each.row is None]
    placed += _below(placed, unplaced)
    known = [each.value for each in given if each.value is not None]
    left, top = min(column for column, _row, _each in placed), min(row for _column, row, _each in placed)
    tiles = tuple(
        Tile(
            each.name,
            each.text,
            shade_of(each.value, known),
            (column - left) * (SIDE + GAP),
            (row - top) * (SIDE + GAP),
            each.url,
            each.key,
            each.is_chosen,
        )
        for column, row, each in placed
    )
    width, height = max(tile.x for tile in tiles) + SIDE, max(tile.y for tile in tiles) + SIDE
    return TileMap(tiles, width, height, legend(known, numbered, unit), len(unplaced))


def _below(placed: Sequence[Cell], unplaced: Sequence[Place]) -> list[Cell]:
    """Those without a tile, row by row below the others, so that nobody is missing from the map."""
    left = min((column for column, _row, _each in placed), default=0)
    top = max((row for _column, row, _each in placed), default=-1) + 1
    width = max((column - left + 1 for column, _row, _each in placed), default=0)
    width = max(width, ceil(sqrt(len(unplaced))))
    return [(left + number % width, top + number // width, each) for number, each in enumerate(unplaced)]


def legend(known: Sequence[float], numbered: Numbered, unit: str = "") -> Legend:
    """The shades that there are, each with its range in words, so that every number lies in one of them alone."""
    if not known:
        return ()
    low, high = min(known), max(known)
    if high <= low:
        return ((shade_of(low, known), f"{numbered(low)}{unit}"),)
    if all(each == int(each) for each in known):
        return _in_whole_numbers(int(low), int(high), numbered, unit)
    ends = [*(low + (high - low) * part / SHADES for part in range(SHADES)), high]
    words = [
        _("%(low)s to below %(high)s") % {"low": numbered(start), "high": numbered(end)}
        for start, end in pairwise(ends)
    ]
    words[-1] = f"{numbered(ends[-2])}–{numbered(high)}"
    return tuple((shade, f"{each}{unit}") for shade, each in enumerate(words, start=1))


def _in_whole_numbers(low: int, high: int, numbered: Numbered, unit: str) -> Legend:
    """Without a shade between whose bounds no whole number lies."""
    starts = [low + ceil((high - low) * part / SHADES) for part in range(SHADES)] + [high + 1]
    return tuple(
        (shade, f"{'–'.join(dict.fromkeys((numbered(start), numbered(after - 1))))}{unit}")
        for shade, (start, after) in enumerate(pairwise(starts), start=1)
        if start < after
    )


def shade_of(value: float | None, known: Sequence[float]) -> int:
    """0 for what is not known, else 1 to 5; where all are alike there is but one shade."""
    if value is None:
        return 0
    low, high = min(known), max(known)
    if high <= low:
        return SHADES if high else 1
    return min(int((value - low) / (high - low) * SHADES) + 1, SHADES)
