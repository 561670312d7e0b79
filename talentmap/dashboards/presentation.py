"""How figures are put before a reader: tiles, charts with their tables, rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from talentmap.dashboards import compute
from talentmap.dashboards.compute import Series, Summary
from talentmap.dashboards.registry import Figure, Number
from talentmap.dashboards.scope import Scope
from talentmap.ui.templatetags.ui import money

GOOD_FROM, BAD_BELOW = Decimal(95), Decimal(80)


@dataclass(frozen=True)
class Tile:
    figure: Figure
    value: str
    url: str
    tone: str
    note: str


@dataclass(frozen=True)
class Chart:
    """What `charts.js` draws; the table beside it says the same."""

    figure: Figure
    series: Series
    title: str
    unit: str
    data: dict[str, Any]
    nothing: str = ""  # what stands where there is nothing to draw

    @property
    def data_id(self) -> str:
        return f"{self.data['id']}-data"

    @property
    def heading(self) -> str:
        """Over the column of numbers of the table."""
        return _("Amount (CNY)") if self.figure.is_money else self.unit or pgettext("figure", "Value")

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Label, number and the address of the rows of every point."""
        return list(
            zip(
                self.data["labels"],
                (shown(self.figure, point.value) for point in self.series.points),
                self.data["urls"],
                strict=True,
            )
        )


def shown(figure: Figure, number: Number) -> str:
    """A number as a reader reads it; "—" where there is nothing to say."""
    if number is None:
        return "—"
    if figure.is_money:
        return money(number)
    return number_format(number, force_grouping=True)


def nothing_to_draw(figure: Figure, values: Sequence[Number]) -> str:
    """What to say instead of axes without a bar or a line: that nothing is known, or that all of it is 0; else ""."""
    if any(values):
        return ""
    if all(value is None for value in values):
        return _("No data in this period") if figure.date else _("No data at present")
    return _("0 in this period") if figure.date else _("0 at present")


def unit(figure: Figure) -> str:
    """The unit in words, also of an amount, for axes and tables without signs."""
    return _("yuan") if figure.is_money else str(figure.shown_unit)


def tile(figure: Figure, reader: Any, scope: Scope, query: dict[str, str]) -> Tile:
    number = compute.value(figure, reader, scope)
    return Tile(
        figure, shown(figure, number), address(figure, query), _tone(figure, number), note(figure, number, scope)
    )


def note(figure: Figure, number: Number, scope: Scope) -> str:
    """What a reader must know of the number: that the choice of township leaves it alone, or why there is none."""
    if not figure.region and scope.region:
        return _("County as a whole")
    if figure.per_inhabitants and number is None:
        return _("No population recorded for the place")
    return ""


def rows_of(figure: Figure, number: Number, count: int) -> str:
    """How many rows stand behind a number of people, where a person may have several."""
    if not figure.counts_distinct or number == count:
        return ""
    told = {"value": shown(figure, number), "unit": figure.unit, "count": number_format(count, force_grouping=True)}
    return ngettext("%(value)s %(unit)s in %(count)s row", "%(value)s %(unit)s in %(count)s rows", count) % told


def _tone(figure: Figure, number: Number) -> str:
    """Only shares are judged, and counts of what should not be."""
    if number is None or not figure.good_when:
        return ""
    if figure.is_share and figure.good_when == "high":
        return "good" if number >= GOOD_FROM else "bad" if number < BAD_BELOW else "wait"
    if not figure.is_share and figure.good_when == "low":
        return "wait" if number else ""
    return ""


def address(figure: Figure, query: dict[str, str]) -> str:
    """The page of a figure under these choices."""
    url = reverse("dashboards:figure", args=[figure.code])
    return f"{url}?{urlencode(query)}" if query else url


def charts(figure: Figure, reader: Any, scope: Scope, query: dict[str, str]) -> list[Chart]:
    """Every chart that a figure has, the course over time first."""
    found = [
        (compute.by_month(figure, reader, scope), _("By month")),
        (compute.by_township(figure, reader, scope), _("By township")),
        *((compute.by_split(figure, split, reader, scope), str(split.label)) for split in figure.splits),
    ]
    return [_chart(figure, series, title, query) for series, title in found if series and series.points]


def page_charts(figures: Sequence[Figure], reader: Any, scope: Scope, query: dict[str, str]) -> list[Chart]:
    """The course and the townships of the figures that a page leads with."""
    found = []
    for figure in figures:
        for series in (compute.by_month(figure, reader, scope), compute.by_township(figure, reader, scope)):
            if series and series.points:
                words = _("%(figure)s by month") if series.kind == "line" else _("%(figure)s by township")
                found.append(_chart(figure, series, words % {"figure": figure.label}, query))
    return found


def trend_chart(figure: Figure, summary: Summary, scope: Scope, query: dict[str, str]) -> Chart | None:
    """The course of a figure from its summary; None for a stock."""
    if not summary.months:
        return None
    months = compute.trend_months(scope)
    series = compute.month_series([(each.first, each.last) for each in months], summary.months)
    return _chart(figure, series, _("%(figure)s by month") % {"figure": figure.label}, query)


def _chart(figure: Figure, series: Series, title: str, query: dict[str, str]) -> Chart:
    data = {
        "id": f"{figure.code}-{series.code}".replace(".", "-"),
        "kind": series.kind,
        "title": title,
        "unit": unit(figure),
        "labels": [str(point.label) for point in series.points],
        "values": [None if point.value is None else float(point.value) for point in series.points],
        "urls": [address(figure, query | point.query) for point in series.points],
    }
    return Chart(
        figure, series, title, unit(figure), data, nothing_to_draw(figure, [point.value for point in series.points])
    )
