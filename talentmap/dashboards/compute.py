"""Numbers of a figure, all from the one queryset, all aggregated by the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf, Substr, TruncMonth

from talentmap.accounts.permissions import Permission
from talentmap.dashboards.registry import NOT_STATED, Figure, Number, Split, Words
from talentmap.dashboards.scope import Scope, townships_for
from talentmap.regions.models import Region

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Point:
    """One bar or one point of a line, and the choices that look at its rows alone."""

    label: Words
    value: Number
    query: dict[str, str]


@dataclass(frozen=True)
class Series:
    code: str
    label: Words
    kind: str  # "line" over time, else "bar"
    points: tuple[Point, ...]


def value(figure: Figure, reader: Any, scope: Scope) -> Number:
    """The figure itself; None where there is nothing to divide by."""
    number = over(figure, figure.visible_rows(reader, scope))
    return _per_inhabitants(figure, reader, scope, number) if figure.per_inhabitants else number


def over(figure: Figure, rows: QuerySet) -> Number:
    """What some of the figure's rows come to."""
    return _number(figure, rows.aggregate(**_wanted(figure)))


def by_month(figure: Figure, reader: Any, scope: Scope) -> Series | None:
    """The figure's course; None for a stock, which has none."""
    if not figure.date:
        return None
    rows = figure.visible_rows(reader, scope).annotate(month=TruncMonth(figure.date))
    found = {_day(row["month"]): _number(figure, row) for row in _grouped(figure, rows, "month")}
    points = tuple(
        Point(f"{month:%Y-%m}", found.get(month, _nothing(figure)), _own_period(*scope.within(month)))
        for month in scope.months()
    )
    return Series("month", "", "line", points)


def by_township(figure: Figure, reader: Any, scope: Scope) -> Series | None:
    """The figure of every township the reader may see; None for what only the county as a whole has."""
    if not figure.region or scope.region:
        return None
    rows = figure.visible_rows(reader, scope).annotate(township=Substr(f"{figure.region}__code", 1, 9))
    found = {row["township"]: _number(figure, row) for row in _grouped(figure, rows, "township")}
    points = tuple(
        Point(place.name, _at(place, figure, found.get(place.code[:9])), {"township": place.code})
        for place in townships_for(reader, Permission.VIEW_DASHBOARDS)
    )
    return Series("township", "", "bar", points)


def by_split(figure: Figure, split: Split, reader: Any, scope: Scope) -> Series | None:
    """The figure of every group; None where one group is looked at already."""
    if scope.split:
        return None
    group = Coalesce(NullIf(split.path, Value("")), Value(NOT_STATED), output_field=CharField())
    rows = figure.visible_rows(reader, scope).annotate(group=group)
    found = {row["group"]: _number(figure, row) for row in _grouped(figure, rows, "group")}
    groups = [*split.labels, *(group for group in found if group not in split.labels)]
    points = tuple(
        Point(split.word(group), found.get(group, _nothing(figure)), {"split": split.code, "group": group})
        for group in groups
        if group
    )
    return Series(split.code, split.label, "bar", points)


def _own_period(first: date, last: date) -> dict[str, str]:
    return {"period": "own", "first": str(first), "last": str(last)}


def _grouped(figure: Figure, rows: QuerySet, by: str) -> Iterable[dict[str, Any]]:
    return rows.order_by().values(by).annotate(**_wanted(figure))


def _wanted(figure: Figure) -> dict[str, Any]:
    if figure.part is not None:
        return {"met": Count("pk", filter=figure.part), "of": Count("pk")}
    return {"measured": figure.measure}


def _number(figure: Figure, row: dict[str, Any]) -> Number:
    if figure.part is None:
        return row["measured"] if row["measured"] is not None else _nothing(figure)
    return round(HUNDRED * row["met"] / row["of"], 1) if row["of"] else None


def _nothing(figure: Figure) -> Number:
    """What no rows at all come to: a sum or a count of none is 0, a share or an average of none is unknown."""
    if figure.part is not None or figure.measure.__class__.__name__ in ("Avg", "Median"):
        return None
    return Decimal("0.00") if figure.is_money else 0


def _per_inhabitants(figure: Figure, reader: Any, scope: Scope, number: Number) -> Number:
    reach = reader.reach(figure.permission)
    if scope.region:
        places = [scope.region]
    elif reach.everything:
        places = list(Region.objects.filter(level="county"))
    else:
        places = list(townships_for(reader, figure.permission))
    counted = [place.population for place in places if place.population]
    return _rate(figure, number, sum(counted) if len(counted) == len(places) else 0)


def _at(place: Region, figure: Figure, number: Number) -> Number:
    number = _nothing(figure) if number is None else number
    return _rate(figure, number, place.population or 0) if figure.per_inhabitants else number


def _rate(figure: Figure, number: Number, population: int) -> Number:
    return round(Decimal(str(number or 0)) * figure.per_inhabitants / population, 1) if population else None


def _day(moment: Any) -> date:
    return moment.date() if hasattr(moment, "date") else moment


def with_part(figure: Figure, rows: QuerySet, only_met: bool | None) -> QuerySet:
    """Of a share's rows, those that meet it or those that do not; `None` for all."""
    if figure.part is None or only_met is None:
        return rows
    return rows.filter(figure.part) if only_met else rows.exclude(pk__in=rows.filter(figure.part).values("pk"))
