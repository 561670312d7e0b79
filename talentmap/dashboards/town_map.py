"""A figure by township: the rows of its table, the tiles, and what `town-maps.js` needs to draw boundaries instead."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from talentmap.dashboards import compute, overview, presentation
from talentmap.dashboards.overview import Change, Townships
from talentmap.dashboards.registry import Figure, Number
from talentmap.regions.models import Region
from talentmap.ui.tiles import SHADES, Legend, Place, TileMap, shade_of, tile_map

Address = Callable[[Region], str]
TEN_THOUSAND = 10_000


@dataclass(frozen=True)
class Row:
    """A township: its number and its change, and where a click on it leads."""

    region: Region
    value: Number
    before: Number
    text: str
    before_text: str
    change: Change | None
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Outside:
    """What lies in no township: a line of the table, on no map."""

    text: str
    before_text: str
    change: Change | None
    url: str


@dataclass(frozen=True)
class TownMap:
    """`tiles` is None where there is no township; the table is always there."""

    figure: Figure
    title: str
    rows: tuple[Row, ...]
    tiles: TileMap | None
    legend: Legend
    data: dict[str, Any]
    outside: Outside | None = None

    @property
    def data_id(self) -> str:
        return f"{self.data['id']}-data"

    @property
    def heading(self) -> str:
        return _("Amount (CNY)") if self.figure.is_money else str(self.figure.shown_unit) or _("Value")


def town_map(
    figure: Figure,
    townships: Townships,
    places: Sequence[Region],
    address: Address,
    *,
    code: str,
    boundaries: str = "",
    chosen: Region | None = None,
    outside: Outside | None = None,
) -> TownMap:
    """The map `code` of a figure; `boundaries` is the address of the boundaries, "" where none were uploaded."""
    rows = tuple(_row(figure, townships, place, address, chosen) for place in places)
    known = [float(row.value) for row in rows if row.value is not None]
    drawn = tile_map([_place(row) for row in rows], _numbered(figure, known), _unit(figure))
    title = _("%(figure)s by township") % {"figure": figure.label}
    return TownMap(
        figure,
        title,
        rows,
        drawn,
        drawn.legend if drawn else (),
        {
            "id": f"map-{code}",
            "title": title,
            "boundaries": boundaries,
            "places": [_drawn(row, known) for row in rows],
        },
        outside,
    )


def outside_of(figure: Figure, reader: Any, townships: Townships, url: str) -> Outside | None:
    """None where every row lies in a township."""
    if not compute.shows_outside(figure, reader, townships):
        return None
    value, before = overview.outside(figure, reader, townships)
    shown, shown_before = presentation.shown(figure, value), presentation.shown(figure, before)
    return Outside(shown, shown_before, overview.change(figure, value, before), url)


def _row(figure: Figure, townships: Townships, place: Region, address: Address, chosen: Region | None) -> Row:
    value, before = overview.at_place(figure, townships, place)
    return Row(
        place,
        value,
        before,
        presentation.shown(figure, value),
        presentation.shown(figure, before),
        overview.change(figure, value, before),
        address(place),
        chosen is not None and chosen.pk == place.pk,
    )


def _place(row: Row) -> Place:
    region, value = row.region, None if row.value is None else float(row.value)
    return Place(
        region.name, region.tile_x, region.tile_y, value, _short(row), row.url, region.code, is_chosen=row.is_chosen
    )


def _short(row: Row) -> str:
    """For a tile, which is narrow: an amount in ten thousands, a smaller one in yuan."""
    if row.value is None or not row.text.startswith("¥"):
        return row.text
    if row.value < TEN_THOUSAND:
        return row.text.removesuffix(".00")
    return _("%(amount)s × 10k") % {
        "amount": number_format(round(float(row.value) / TEN_THOUSAND, 1), force_grouping=True)
    }


def _drawn(row: Row, known: list[float]) -> dict[str, Any]:
    value = None if row.value is None else float(row.value)
    return {
        "code": row.region.code,
        "name": row.region.name,
        "text": _short(row),
        "full": row.text,
        "shade": shade_of(value, known),
        "url": row.url,
        "chosen": row.is_chosen,
    }


def _numbered(figure: Figure, known: list[float]) -> Callable[[float], str]:
    """A bound of the legend, as precise as the width of a shade asks for."""
    width = (max(known) - min(known)) / SHADES if known else 0
    is_whole = all(each == int(each) for each in known) or (figure.is_money and width >= 2)
    places = 0 if is_whole else 1
    return lambda bound: number_format(round(Decimal(bound), places), decimal_pos=places, force_grouping=True)


def _unit(figure: Figure) -> str:
    unit = presentation.unit(figure)
    return f" {unit}" if unit else ""
