"""What a brief says, counted once and kept as plain values: the documents are written from these alone."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from talentmap.dashboards import attention, compute, overview, presentation, registry
from talentmap.dashboards.registry import Figure, Number
from talentmap.dashboards.scope import ONE_DAY, Scope, back, next_month
from talentmap.regions.models import Level, Region

TREND_MONTHS = 12


def month_scope(month: date) -> Scope:
    return Scope(month, next_month(month) - ONE_DAY)


def counted(reader: Any, region: Region, month: date, *, now: datetime) -> dict[str, Any]:
    """The figures of the month as `reader` may see them, with the month before, the year so far and the townships."""
    place = None if region.level == Level.COUNTY else region
    scope = Scope(month, next_month(month) - ONE_DAY, place)
    maps = []
    for page, label in registry.PAGES.items():
        figures = [
            figure for figure in registry.seen_by(reader, registry.headlines(page)) if figure.region or place is None
        ]
        lines = [_line(figure, reader, scope) for figure in figures]
        if lines:
            maps.append({"code": page, "label": str(label), "lines": lines, "chart": _chart(figures, reader, scope)})
    return {
        "place": region.name,
        "month": f"{month:%Y-%m}",
        "as_of": timezone.localtime(now).isoformat(timespec="seconds"),
        "first": str(scope.first),
        "last": str(scope.last),
        "maps": maps,
        "warnings": _warnings(reader, region, timezone.localdate(now)),
    }


def permissions_of(reader: Any) -> list[str]:
    """Which permissions the figures take that `reader` sees: whoever lacks one may not read the brief."""
    seen = [f for page in registry.PAGES for f in registry.seen_by(reader, registry.headlines(page))]
    watched = [each.permission for each in attention.seen_by(reader)]
    return sorted({str(permission) for permission in [*(figure.permission for figure in seen), *watched]})


def _line(figure: Figure, reader: Any, scope: Scope) -> dict[str, Any]:
    """In words, as they were on that day: a later change of wording or of numbers does not reach what is kept."""
    found = compute.summary(figure, reader, scope, back(scope, 1))
    changed = overview.change(figure, found.value, found.before)
    so_far = _so_far(figure, reader, scope)
    return {
        "code": figure.code,
        "label": str(figure.label),
        "definition": str(figure.definition),
        "unit": str(figure.shown_unit),
        "is_stock": not figure.date,
        "value": presentation.shown(figure, found.value),
        "before": presentation.shown(figure, found.before) if figure.date else "",
        "change": changed.text if changed else "",
        "direction": changed.direction if changed else "",
        "so_far": presentation.shown(figure, so_far) if figure.date else "",
    }


def _so_far(figure: Figure, reader: Any, scope: Scope) -> Number:
    if not figure.date:
        return None
    return compute.value(figure, reader, Scope(scope.first.replace(month=1), scope.last, scope.region))


def _chart(figures: list[Figure], reader: Any, scope: Scope) -> dict[str, Any] | None:
    """The course of the year and the townships, of the figure that the overview draws too."""
    figure = overview.figure_to_draw(figures, "")
    if figure is None:
        return None
    year = Scope(back(scope, TREND_MONTHS - 1).first, scope.last, scope.region)
    course = compute.summary(figure, reader, year, back(year, 12))
    towns = compute.townships(figure, reader, scope, back(scope, 1)) if scope.region is None else {}
    lines = [(place.name, overview.at_place(figure, towns, place)[0]) for place in overview.places(reader)]
    if compute.shows_outside(figure, reader, towns):
        lines.append((str(figure.outside_townships.word()), towns[compute.OUTSIDE][0]))
    return {
        "label": str(figure.label),
        "unit": presentation.unit(figure),
        "months": [f"{each.first:%Y-%m}" for each in compute.trend_months(year)] if figure.date else [],
        "values": [_float(each) for each in course.months],
        "townships": [[name, _float(value)] for name, value in lines] if scope.region is None else [],
    }


def _float(number: Number) -> float | None:
    return None if number is None else float(number)


def _warnings(reader: Any, region: Region, today: date) -> list[dict[str, str]]:
    """What needs attention in the brief's place on the day on which it is made."""
    looking = reader if region.level == Level.COUNTY else attention.Narrowed(reader, region)
    found = attention.by_urgency((each, each.find(looking, today)) for each in attention.seen_by(looking))
    told = (watched.tell(finding) for watched, finding in found)
    return [{"what": str(what), "why": str(why)} for what, why in told]
