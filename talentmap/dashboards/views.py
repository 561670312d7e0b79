from datetime import date
from decimal import Decimal
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
from talentmap.dashboards import compute, presentation, registry
from talentmap.dashboards.forms import ScopeForm
from talentmap.dashboards.registry import Figure
from talentmap.dashboards.scope import Scope
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.lists import ListPage

LEADING = {
    "support": ("money.paid", "housing.rent_granted"),
    "service_quality": ("service.received", "service.decided_in_time"),
}
EXPORT_LIMIT = 50_000


@requires(P.VIEW_DASHBOARDS)
@require_safe
def support(request: SignedInRequest) -> HttpResponse:
    return _page(request, "support")


@requires(P.VIEW_DASHBOARDS)
@require_safe
def service_quality(request: SignedInRequest) -> HttpResponse:
    return _page(request, "service_quality")


def _page(request: SignedInRequest, page: str) -> HttpResponse:
    form, scope, query = _scope(request)
    figures = registry.seen_by(request.user, registry.of_page(page))
    leading = [figure for figure in figures if figure.code in LEADING[page]]
    charts = presentation.page_charts(leading, request.user, scope)
    context = {
        "page_code": page,
        "title": registry.PAGES[page],
        "form": form,
        "scope": scope,
        "query": query,
        "now": timezone.now(),
        "tiles": [presentation.tile(figure, request.user, scope, query) for figure in figures],
        "charts": [(chart, presentation.table(_of(figures, chart), chart)) for chart in charts],
    }
    return render(request, "dashboards/page.html", context)


def _of(figures: list[Figure], chart: Any) -> Figure:
    return next(f for f in figures if chart.data["id"].startswith(f.code.replace(".", "-") + "-"))


def _scope(request: SignedInRequest) -> tuple[ScopeForm, Scope, str]:
    today = timezone.localdate()
    form = ScopeForm(request.GET or None, reader=request.user, today=today)
    scope = form.scope()
    kept = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    query = urlencode(kept)
    return form, scope, query


def _figure(request: SignedInRequest, code: str) -> Figure:
    try:
        figure = registry.get(code)
    except registry.UnknownFigure:
        raise Http404 from None
    if not registry.seen_by(request.user, (figure,)):
        raise Http404
    return figure


@requires(P.VIEW_DASHBOARDS)
@require_safe
def figure(request: SignedInRequest, code: str) -> HttpResponse:
    """One figure: its definition, its charts with their tables, and the rows behind it."""
    shown = _figure(request, code)
    form, scope, query = _scope(request)
    charts = presentation.charts(shown, request.user, scope)
    rows = ListPage(request, _rows(request, shown, scope), default_sort="-pk")
    full = request.user.may(shown.row_permission)
    context = {
        "figure": shown,
        "page_title": registry.PAGES[shown.page],
        "form": form,
        "scope": scope,
        "query": query,
        "now": timezone.now(),
        "value": presentation.shown(shown, compute.value(shown, request.user, scope)),
        "charts": [(chart, presentation.table(shown, chart)) for chart in charts],
        "list": rows,
        "table_rows": [
            (presentation.cells(shown.columns, row, full=full), shown.link(row) if full and shown.link else "")
            for row in rows.rows
        ],
        "full": full,
        "only": request.GET.get("only", ""),
        "crumbs": [(registry.PAGES[shown.page], _page_url(shown.page)), (shown.label, "")],
    }
    return render(request, "dashboards/figure.html", context)


def _rows(request: SignedInRequest, shown: Figure, scope: Scope) -> Any:
    only = {"met": True, "unmet": False}.get(request.GET.get("only", ""))
    found = compute.with_part(shown, shown.visible_rows(request.user, scope), only)
    return found.select_related(*shown.related)


def _page_url(page: str) -> str:
    return reverse(f"dashboards:{page}")


@requires(P.VIEW_DASHBOARDS)
@require_safe
def export_figure(request: SignedInRequest, code: str) -> HttpResponseBase:
    shown = _figure(request, code)
    _form, scope, _query = _scope(request)
    full = request.user.may(shown.row_permission) and request.user.may(P.EXPORT_CASES)
    rows = _rows(request, shown, scope).order_by("-pk")[:EXPORT_LIMIT]
    header = [str(column.label) for column in shown.columns]
    cells = ([_plain(cell) for _label, cell in presentation.cells(shown.columns, row, full=full)] for row in rows)
    return xlsx_response(str(shown.label), header, cells)


def _plain(cell: Any) -> Any:
    """Numbers and dates stay what they are; a region or an application becomes its name."""
    return cell if cell is None or isinstance(cell, int | float | Decimal | date) else str(cell)


@requires(P.VIEW_DASHBOARDS)
@require_safe
def export_page(request: SignedInRequest, page: str) -> HttpResponseBase:
    """All figures of a page with their definitions, as of now."""
    page = page.replace("-", "_")
    if page not in registry.PAGES:
        raise Http404
    _form, scope, _query = _scope(request)
    header = [_("Figure"), _("Value"), _("Unit"), _("Definition"), _("Period"), _("Township")]
    place = str(scope.region) if scope.region else _("Whole reach")
    rows = (
        [
            str(figure.label),
            compute.value(figure, request.user, scope),
            _("yuan") if figure.is_money else str(figure.shown_unit),
            str(figure.definition),
            f"{scope.first} – {scope.last}" if figure.date else str(timezone.localdate()),
            place,
        ]
        for figure in registry.seen_by(request.user, registry.of_page(page))
    )
    return xlsx_response(str(registry.PAGES[page]), header, rows)
