"""Townships as tiles of a map, shaded by a share. Pure; drawn as SVG by the template, without styles or scripts."""

from collections.abc import Iterable
from dataclasses import dataclass

from talentmap.regions.models import Region

SIDE, GAP = 96, 6
SHADES = 5


@dataclass(frozen=True)
class Tile:
    name: str
    text: str
    shade: int
    x: int
    y: int
    url: str

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
    bounds: tuple[str, ...]


def tile_map(shares: Iterable[tuple[Region, float | None, str, str]]) -> TileMap | None:
    """From (township, share or None, its text, its address); None where no township has a tile.

    Shade 0 is "not shown"; 1 to 5 cut the range between the least and the largest share into equal parts.
    """
    placed = [each for each in shares if each[0].tile_x is not None and each[0].tile_y is not None]
    if not placed:
        return None
    known = [share for _region, share, _text, _url in placed if share is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    left = min(region.tile_x or 0 for region, *_rest in placed)
    top = min(region.tile_y or 0 for region, *_rest in placed)
    tiles = tuple(
        Tile(
            name=region.name,
            text=text,
            shade=_shade(share, low, high),
            x=((region.tile_x or 0) - left) * (SIDE + GAP),
            y=((region.tile_y or 0) - top) * (SIDE + GAP),
            url=url,
        )
        for region, share, text, url in placed
    )
    width, height = max(tile.x for tile in tiles) + SIDE, max(tile.y for tile in tiles) + SIDE
    return TileMap(tiles, width, height, _bounds(low, high) if known else ())


def _shade(share: float | None, low: float, high: float) -> int:
    if share is None:
        return 0
    return SHADES if high <= low else min(int((share - low) / (high - low) * SHADES) + 1, SHADES)


def _bounds(low: float, high: float) -> tuple[str, ...]:
    if high <= low:
        return (f"{low * 100:.0f}%",)
    step = (high - low) / SHADES
    return tuple(f"{(low + step * i) * 100:.0f}–{(low + step * (i + 1)) * 100:.0f}%" for i in range(SHADES))
