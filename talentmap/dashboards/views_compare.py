"""Townships side by side, and one period against another, for what a map leads with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.dashboards import compute, overview, presentation, registry
from talentmap.dashboards.forms import ComparedForm
from talentmap.dashboards.overview import Change, change, figures_by_township, places, summaries
from talentmap.dashboards.registry import Figure, Number
from talentmap.dashboards.scope import Scope
from talentmap.dashboards.views_overview import choices
from talentmap.regions.models import Region
from talentmap.ui.downloads import xlsx_response


@dataclass(frozen=True)
class Cell:
    """A figure in one place: now, in the other period, and the rows behind it."""

    figure: Figure
    value: Number
    before: Number
    url: str

    @property
    def text(self) -> str:
        return presentation.shown(self.figure, self.value)

    @property
    def before_text(self) -> str:
        return presentation.shown(self.figure, self.before)

    @property
    def change(self) -> Change | None:
        return change(self.figure, self.value, self.before)


@dataclass(frozen=True)
class Line:
    name: str
    url: str
    cells: tuple[Cell, ...]
    is_whole: bool = False


@dataclass(frozen=True)
class Comparison:
    figures: tuple[Figure, ...]
    lines: tuple[Line, ...]
    whole: Line


@requires(P.VIEW_DASHBOARDS)
@require_safe
def compare(request: SignedInRequest, page: str) -> HttpResponse:
    """A table of places by figures, and a chart of one figure with both periods beside each other."""
    asked = _Asked(request, page)
    found = asked.comparison()
    drawn = next((f for f in found.figures if f.code == request.GET.get("figure")), next(iter(found.figures), None))
    context = {
        "page_code": asked.page,
        "page_label": registry.PAGES[asked.page],
        "form": asked.form,
        "scope": asked.scope,
        "before": asked.before,
        "query": urlencode(asked.query, doseq=True),
        "places": [(place, place.code in asked.wanted) for place in asked.there],
        "found": found,
        "drawn": drawn,
        "chart": asked.chart(found, drawn) if drawn and len(found.lines) > 1 else None,
        "now": timezone.now(),
        "pages": [(code, label, f"{reverse('dashboards:compare', args=[code])}?{urlencode(asked.query, doseq=True)}")
                  for code, label in registry.PAGES.items()],
        "crumbs": [
            (_("Overview of the three maps"), f"{reverse('dashboards:overview')}?{urlencode(asked.plain)}"),
            (_("Compare townships and periods"), ""),
        ],
    }  # fmt: skip
    return render(request, "dashboards/compare.html", context)


@requires(P.VIEW_DASHBOARDS)
@require_safe
def export_comparison(request: SignedInRequest, page: str) -> HttpResponseBase:
    asked = _Asked(request, page)
    found = asked.comparison()
    header = [_("Township"), _("Figure"), _("Unit"), _("This period"), _("Other period"), _("Definition")]
    return xlsx_response(_("Comparison"), header, _exported(found), sheet=_("Comparison"))


def _exported(found: Comparison) -> Iterator[list[Any]]:
    for line in (*found.lines, found.whole):
        for cell in line.cells:
            unit = _("yuan") if cell.figure.is_money else str(cell.figure.shown_unit)
            yield [line.name, str(cell.figure.label), unit, cell.value, cell.before, str(cell.figure.definition)]


class _Asked:
    """What was asked for, as far as it makes sense; a township that is none of the reader's is not looked at."""

    def __init__(self, request: SignedInRequest, page: str) -> None:
        self.page = page.replace("-", "_")
        if self.page not in registry.PAGES:
            raise Http404
        self.user = request.user
        self.form = ComparedForm(request.GET or None, reader=request.user, today=timezone.localdate())
        whole, compared = self.form.scope(), self.form.compared()
        self.scope, self.before = Scope(whole.first, whole.last), Scope(compared.first, compared.last)
        self.there = places(request.user)
        codes = {place.code for place in self.there}
        self.wanted = [code for code in request.GET.getlist("place") if code in codes]
        self.plain = choices(request, self.form)
        self.query: dict[str, Any] = {**{k: v for k, v in self.plain.items() if k != "township"}, "place": self.wanted}

    def comparison(self) -> Comparison:
        seen = registry.seen_by(self.user, registry.headlines(self.page))
        figures = tuple(figure for figure in seen if figure.region)
        now = timezone.now()
        towns = figures_by_township(self.user, figures, self.scope, self.before, now=now)
        whole = summaries(self.user, figures, self.scope, self.before, now=now)
        shown = [place for place in self.there if not self.wanted or place.code in self.wanted]
        lines = tuple(self._line(place, figures, towns) for place in shown)
        if not self.wanted and any(compute.shows_outside(figure, self.user, towns[figure.code]) for figure in figures):
            lines += (self._outside(figures, towns),)
        cells = tuple(
            Cell(f, whole[f.code].value, whole[f.code].before, presentation.address(f, self.plain_scope()))
            for f in figures
        )
        name = _("Whole county") if self.user.reach(P.VIEW_DASHBOARDS).everything else _("All my townships")
        return Comparison(figures, lines, Line(name, "", cells, is_whole=True))

    def _line(self, place: Region, figures: Sequence[Figure], towns: dict[str, Any]) -> Line:
        query = self.plain_scope() | {"township": place.code}
        cells = []
        for figure in figures:
            value, before = towns[figure.code].get(place.code[:9], (None, None))
            cells.append(
                Cell(
                    figure,
                    compute.at_place(figure, place, value),
                    compute.at_place(figure, place, before) if figure.date else None,
                    presentation.address(figure, query),
                )
            )
        return Line(place.name, f"{reverse('dashboards:overview')}?{urlencode(query)}", tuple(cells))

    def _outside(self, figures: Sequence[Figure], towns: dict[str, Any]) -> Line:
        """What lies in no township, so that the lines add up to the county."""
        cells = []
        for figure in figures:
            value, before = overview.outside(figure, self.user, towns[figure.code])
            query = self.plain_scope() | figure.outside_townships.query
            cells.append(Cell(figure, value, before, presentation.address(figure, query)))
        return Line(_("No township recorded"), "", tuple(cells))

    def plain_scope(self) -> dict[str, str]:
        """The choices that a figure's page understands."""
        return {name: value for name, value in self.plain.items() if name != "township"}

    def chart(self, found: Comparison, drawn: Figure) -> dict[str, Any]:
        """What `charts.js` draws: one bar a township, and a second one where there is another period."""
        place = found.figures.index(drawn)
        cells = [line.cells[place] for line in found.lines]
        data: dict[str, Any] = {
            "id": "comparison",
            "kind": "bar",
            "title": _("%(figure)s by township") % {"figure": drawn.label},
            "unit": _("yuan") if drawn.is_money else str(drawn.shown_unit),
            "labels": [line.name for line in found.lines],
            "values": [_float(cell.value) for cell in cells],
            "urls": [cell.url for cell in cells],
            "nothing": _nothing(drawn, [*(c.value for c in cells), *(c.before for c in cells if drawn.date)]),
        }
        if drawn.date:
            data["series"] = [
                {"name": f"{self.scope.first} – {self.scope.last}", "values": data["values"]},
                {"name": f"{self.before.first} – {self.before.last}", "values": [_float(c.before) for c in cells],
                 "dashed": True},
            ]  # fmt: skip
        return data


def _nothing(drawn: Figure, values: Sequence[Number]) -> str:
    """As `presentation.nothing_to_draw`, of both periods where there are two."""
    if not drawn.date or any(values):
        return presentation.nothing_to_draw(drawn, values)
    return _("No data in either period") if all(value is None for value in values) else _("0 in both periods")


def _float(number: Number) -> float | None:
    return None if number is None else float(number)
