"""What the full-screen board shows, as plain values: counts only, nothing of any person."""

import hashlib
from datetime import datetime
from typing import Any

from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _

from talentmap.dashboards import compute, presentation
from talentmap.dashboards.overview import Headline, Map, Overview, overview, places
from talentmap.dashboards.scope import Scope
from talentmap.dashboards.town_map import town_map
from talentmap.regions.boundaries import current_address

MOST_HEADLINES = 4


def board(reader: Any, scope: Scope, before: Scope, *, now: datetime) -> dict[str, Any]:
    """`shape` tells whether the page still fits: it does not when the figures on it or its own code are others."""
    found = overview(reader, scope, before, now=now)
    boundaries = current_address()
    maps = [_map(each, scope) for each in found.maps]
    towns = _towns(reader, found, boundaries)
    return {
        "at": timezone.localtime(found.at).isoformat(),
        "at_text": f"{timezone.localtime(found.at):%H:%M:%S}",
        "period": f"{scope.first} – {scope.last}",
        "compared": _("compared with %(first)s – %(last)s") % {"first": before.first, "last": before.last},
        "maps": maps,
        "towns": towns,
        "warnings": [
            {"page": each.page, "tone": each.tone, "what": each.what, "why": each.why} for each in found.warnings
        ],
        "shape": _shape(maps),
    }


def _map(each: Map, scope: Scope) -> dict[str, Any]:
    shown = [_headline(line) for line in each.headlines[:MOST_HEADLINES]]
    return {
        "code": each.code,
        "label": str(each.label),
        "icon": each.icon,
        "headlines": shown,
        "trend": _trend(each.chosen, scope),
    }


def _headline(line: Headline) -> dict[str, Any]:
    changed = line.change
    return {
        "code": line.figure.code,
        "label": str(line.figure.label),
        "value": line.shown,
        "unit": str(line.figure.shown_unit) if line.is_known else "",
        "change": changed.text if changed else "" if line.figure.date else _("as it stands now"),
        "direction": changed.direction if changed else "",
        "tone": changed.tone if changed else "",
    }


def _trend(chosen: Headline | None, scope: Scope) -> dict[str, Any] | None:
    if chosen is None or not chosen.summary.months:
        return None
    return {
        "title": _("%(figure)s by month") % {"figure": chosen.figure.label},
        "unit": presentation.unit(chosen.figure),
        "labels": [f"{month.first:%Y-%m}" for month in compute.trend_months(scope)],
        "values": [None if each is None else float(each) for each in chosen.summary.months],
        "nothing": presentation.nothing_to_draw(chosen.figure, chosen.summary.months),
    }


def _towns(reader: Any, found: Overview, boundaries: str) -> list[dict[str, Any]]:
    """One map of townships for each map that has a figure by township; the board shows them in turn."""
    there = places(reader)
    drawn = []
    for each in found.maps:
        if each.chosen is None:
            continue
        towns = town_map(
            each.chosen.figure, each.townships, there, lambda place: "", code=each.code, boundaries=boundaries
        )
        tiles = towns.tiles
        drawn.append(
            {
                "page": each.code,
                "map": str(each.label),
                "title": towns.title,
                "definition": str(each.chosen.figure.definition),
                "boundaries": boundaries,
                "places": towns.data["places"],
                "legend": [{"shade": shade, "text": text} for shade, text in towns.legend],
                "tiles": {
                    "width": tiles.width,
                    "height": tiles.height,
                    "at": [{"name": t.name, "text": t.text, "shade": t.shade, "x": t.x, "y": t.y} for t in tiles.tiles],
                }
                if tiles
                else None,
                "unit": presentation.unit(each.chosen.figure),
            }
        )
    return drawn


def _shape(maps: list[dict[str, Any]]) -> str:
    parts = [each["code"] for shown in maps for each in (shown, *shown["headlines"])]
    return hashlib.sha256("|".join([*parts, static("js/board.js")]).encode()).hexdigest()[:12]
