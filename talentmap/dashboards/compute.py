"""Numbers of a figure, all from the one queryset, all aggregated by the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Case, CharField, Count, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf, Substr, TruncMonth

from talentmap.accounts.permissions import Permission
from talentmap.dashboards.registry import NOT_STATED, Figure, Number, Split, Words
from talentmap.dashboards.scope import Scope, townships_for
from talentmap.regions.models import Region

HUNDRED = Decimal(100)
OUTSIDE = ""


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
    return _finished(figure, reader, scope, number)


@dataclass(frozen=True)
class Summary:
    """A figure in the period, in the one that it is compared with, and in each month; a stock has its number alone."""

    value: Number
    before: Number = None
    months: tuple[Number, ...] = ()


def summary(figure: Figure, reader: Any, scope: Scope, before: Scope) -> Summary:
    """All of it in one query: the rows are gone through once, whatever is asked of them."""
    rows = figure.reached_rows(reader, scope)
    if not figure.date:
        return Summary(_finished(figure, reader, scope, _number(figure, rows.aggregate(**_wanted(figure)))))
    months = trend_months(scope)
    parts = {"now": scope, "before": before, **{f"m{i}": month for i, month in enumerate(months)}}
    row = rows.filter(figure.during(scope) | figure.during(before)).aggregate(**_in_parts(figure, parts))
    found = {name: _finished(figure, reader, scope, _number(figure, _part(row, name))) for name in parts}
    return Summary(found["now"], found["before"], tuple(found[f"m{i}"] for i in range(len(months))))


def townships(figure: Figure, reader: Any, scope: Scope, before: Scope) -> dict[str, tuple[Number, Number]]:
    """By the nine digits of a township: the figure in the period and in the one before; without those without rows.
    Under OUTSIDE what lies in no township."""
    parts = {"now": scope, "before": before} if figure.date else {"now": scope}
    rows = figure.reached_rows(reader, scope).annotate(at_township=_at_township(figure))
    if figure.date:
        rows = rows.filter(figure.during(scope) | figure.during(before))
    grouped = rows.order_by().values("at_township").annotate(**_in_parts(figure, parts))
    return {
        row["at_township"]: (
            _number(figure, _part(row, "now")),
            _number(figure, _part(row, "before")) if figure.date else None,
        )
        for row in grouped
    }


def _at_township(figure: Figure) -> Case:
    """Where a row lies: nine digits, or OUTSIDE all the townships in use."""
    return Case(When(figure.outside_townships.q(), then=Value(OUTSIDE)), default=Substr(f"{figure.region}__code", 1, 9))


MOST_MONTHS = 24


def trend_months(scope: Scope) -> list[Scope]:
    """The months of a trend: those of the period, the last two years of a longer one."""
    return [replace(scope, first=first, last=last) for first, last in map(scope.within, scope.months()[-MOST_MONTHS:])]


def _in_parts(figure: Figure, parts: dict[str, Scope]) -> dict[str, Any]:
    """What is wanted of a figure, once for each part of the time."""
    return {
        f"{part}_{name}": _filtered(aggregate, figure.during(scope) if figure.date else None)
        for part, scope in parts.items()
        for name, aggregate in _wanted(figure).items()
    }


def _filtered(aggregate: Aggregate, condition: Q | None) -> Aggregate:
    if condition is None:
        return aggregate
    made = aggregate.copy()
    own = aggregate.filter
    made.filter = condition if own is None else Q(own) & condition
    return made


def _part(row: dict[str, Any], part: str) -> dict[str, Any]:
    """The numbers of one part under the names that `_number` knows them by."""
    return {name.removeprefix(f"{part}_"): number for name, number in row.items() if name.startswith(f"{part}_")}


def _finished(figure: Figure, reader: Any, scope: Scope, number: Number) -> Number:
    return _per_inhabitants(figure, reader, scope, number) if figure.per_inhabitants else number


def over(figure: Figure, rows: QuerySet) -> Number:
    """What some of the figure's rows come to."""
    return _number(figure, rows.aggregate(**_wanted(figure)))


def by_month(figure: Figure, reader: Any, scope: Scope) -> Series | None:
    """The figure's course; None for a stock, which has none."""
    if not figure.date:
        return None
    rows = figure.visible_rows(reader, scope).annotate(in_month=TruncMonth(figure.date))
    found = {_day(row["in_month"]): _number(figure, row) for row in _grouped(figure, rows, "in_month")}
    parts = [scope.within(month) for month in scope.months()]
    return month_series(parts, [found.get(month, nothing(figure)) for month in scope.months()])


def month_series(parts: Sequence[tuple[date, date]], values: Sequence[Number]) -> Series:
    """The course over these months, each of which opens the rows of its own days."""
    points = (
        Point(f"{first:%Y-%m}", value, _own_period(first, last))
        for (first, last), value in zip(parts, values, strict=True)
    )
    return Series("month", "", "line", tuple(points))


def by_township(figure: Figure, reader: Any, scope: Scope) -> Series | None:
    """The figure of every township the reader may see, and of the rows that lie in none; None for what only the county
    as a whole has."""
    if not figure.region or scope.region or scope.split == figure.outside_townships.code:
        return None
    rows = figure.visible_rows(reader, scope).annotate(at_township=_at_township(figure))
    found = {row["at_township"]: _number(figure, row) for row in _grouped(figure, rows, "at_township")}
    points = tuple(
        Point(place.name, at_place(figure, place, found.get(place.code[:9])), {"township": place.code})
        for place in townships_for(reader, Permission.VIEW_DASHBOARDS)
    )
    if shows_outside(figure, reader, found):
        outside = figure.outside_townships
        points += (Point(outside.word(), found[OUTSIDE], outside.query),)
    return Series("township", "", "bar", points)


def shows_outside(figure: Figure, reader: Any, found: Mapping[str, Any]) -> bool:
    """Whether rows lie in no township: who reads the county sees townships that do not add up to it otherwise."""
    everything = reader.reach(Permission.VIEW_DASHBOARDS).everything
    return OUTSIDE in found and everything and not figure.per_inhabitants


def by_split(figure: Figure, split: Split, reader: Any, scope: Scope) -> Series | None:
    """The figure of every group; None where one group is looked at already."""
    if scope.split:
        return None
    group = Coalesce(NullIf(split.path, Value("")), Value(NOT_STATED), output_field=CharField())
    rows = figure.visible_rows(reader, scope).annotate(in_group=group)
    found = {row["in_group"]: _number(figure, row) for row in _grouped(figure, rows, "in_group")}
    groups = [*split.labels, *(group for group in found if group not in split.labels)]
    points = tuple(
        Point(split.word(group), found.get(group, nothing(figure)), {"split": split.code, "group": group})
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
        return row["measured"] if row["measured"] is not None else nothing(figure)
    return round(HUNDRED * row["met"] / row["of"], 1) if row["of"] else None


def nothing(figure: Figure) -> Number:
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


def at_place(figure: Figure, place: Region, number: Number) -> Number:
    """A township's number; one without rows has none to count, and a rate goes by its own population."""
    number = nothing(figure) if number is None else number
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
