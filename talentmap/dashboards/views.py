from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.dashboards import compute, presentation, registry, rows
from talentmap.dashboards.forms import ComparedForm, GroupForm, ScopeForm
from talentmap.dashboards.registry import Figure
from talentmap.dashboards.scope import Scope
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.lists import ListPage

# What the overview is asked with besides: carried along, so that the way back leads to what one came from.
CARRIED = (*(name for name in ComparedForm.base_fields if name not in ScopeForm.base_fields), *registry.PAGES)
MOST_EXPORTED, MOST_LEADING = 50_000, 2


@requires(P.VIEW_DASHBOARDS)
@require_safe
def needs(request: SignedInRequest) -> HttpResponse:
    return _page(request, "needs")


@requires(P.VIEW_DASHBOARDS)
@require_safe
def growth(request: SignedInRequest) -> HttpResponse:
    return _page(request, "growth")


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
    leading = [figure for figure in registry.headlines(page) if figure in figures and figure.date][:MOST_LEADING]
    context = {
        "page_code": page,
        "title": registry.PAGES[page],
        "form": form,
        "scope": scope,
        "query": urlencode(query),
        "kept_choices": [(name, query[name]) for name in CARRIED if name in query],
        "now": timezone.now(),
        "tiles": [presentation.tile(figure, request.user, scope, query) for figure in figures],
        "charts": presentation.page_charts(leading, request.user, scope, query),
    }
    return render(request, "dashboards/page.html", context)


def _scope(request: SignedInRequest, of: type[ScopeForm] = ScopeForm) -> tuple[ScopeForm, Scope, dict[str, str]]:
    """The form of the choices, what they come to, and the choices as a drill-down goes on from them."""
    form = of(request.GET or None, reader=request.user, today=timezone.localdate())
    return form, form.scope(), {name: request.GET[name] for name in (*form.fields, *CARRIED) if request.GET.get(name)}


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
    form, scope, query = _scope(request, GroupForm)
    found = ListPage(request, _rows(request, shown, scope, shown.row_permission), default_sort="-pk")
    columns = rows.shown_columns(shown.columns, found.rows)
    number = compute.value(shown, request.user, scope)
    split = shown.split(scope.split)
    context = {
        "figure": shown,
        "page_title": registry.PAGES[shown.page],
        "form": form,
        "scope": scope,
        "query": urlencode(query),
        "kept_choices": [(name, query[name]) for name in CARRIED if name in query],
        "group": split and (split.label, split.word(scope.group)),
        "without_group": presentation.address(shown, {k: v for k, v in query.items() if k not in ("split", "group")}),
        "now": timezone.now(),
        "value": presentation.shown(shown, number),
        "note": presentation.note(shown, number, scope),
        "rows_of": "" if found.is_capped else presentation.rows_of(shown, number, found.count),
        "has_rows": not shown.per_inhabitants or number is not None,
        "charts": presentation.charts(shown, request.user, scope, query),
        "list": found,
        "columns": columns,
        "table_rows": [
            (rows.cells(columns, row), shown.link(row) if row.is_full and shown.link else "") for row in found.rows
        ],
        "some_masked": any(column.personal for column in shown.columns) and not all(row.is_full for row in found.rows),
        "only": request.GET.get("only", ""),
        "crumbs": _crumbs(request, shown, scope),
    }
    return render(request, "dashboards/figure.html", context)


def _rows(request: SignedInRequest, shown: Figure, scope: Scope, *permissions: P) -> QuerySet:
    only = {"met": True, "unmet": False}.get(request.GET.get("only", ""))
    return rows.behind(shown, request.user, scope, only_met=only, permissions=permissions)


def _crumbs(request: SignedInRequest, shown: Figure, scope: Scope) -> list[tuple[Any, str]]:
    """From the overview to the figure, and from the figure of the county to that of the township; every way back keeps
    the period and what the maps of the overview showed."""
    query = _scope(request)[2]
    steps: list[tuple[Any, str]] = [
        (_("Overview of the three maps"), _address("overview", query)),
        (registry.PAGES[shown.page], _address(shown.page, query)),
    ]
    if scope.region is None or not shown.region:
        return [*steps, (shown.label, "")]
    whole = {name: value for name, value in query.items() if name != "township"}
    return [*steps, (shown.label, presentation.address(shown, whole)), (scope.region.name, "")]


def _address(name: str, query: dict[str, str]) -> str:
    return f"{reverse(f'dashboards:{name}')}?{urlencode(query)}".rstrip("?")


@requires(P.VIEW_DASHBOARDS)
@require_safe
def export_figure(request: SignedInRequest, code: str) -> HttpResponseBase:
    shown = _figure(request, code)
    _form, scope, query = _scope(request, GroupForm)
    found = _rows(request, shown, scope, shown.row_permission, shown.export_permission).order_by("-pk")
    if found[MOST_EXPORTED : MOST_EXPORTED + 1].exists():
        messages.error(
            request, _("More than %(count)s rows: choose a shorter period or a township.") % {"count": MOST_EXPORTED}
        )
        return redirect(presentation.address(shown, query))
    header = [str(column.label) for column in shown.columns]
    return xlsx_response(str(shown.label), header, _export_rows(shown, found), sheet=str(shown.label))


def _export_rows(shown: Figure, found: QuerySet) -> Iterator[list[Any]]:
    for row in found.iterator(chunk_size=2000):
        yield [_plain(cell) for _column, cell in rows.cells(shown.columns, row)]


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
    header = [_("Figure"), pgettext("figure", "Value"), _("Unit"), _("Definition"), _("Period"), _("Township")]
    lines = (_export_line(request, each, scope) for each in registry.seen_by(request.user, registry.of_page(page)))
    title = str(registry.PAGES[page])
    return xlsx_response(title, header, lines, sheet=title)


def _export_line(request: SignedInRequest, shown: Figure, scope: Scope) -> list[Any]:
    """A figure with its day or period and its place; one that has no number says why."""
    number = compute.value(shown, request.user, scope)
    return [
        str(shown.label),
        presentation.note(shown, number, scope) if number is None else number,
        _("yuan") if shown.is_money else str(shown.shown_unit),
        str(shown.definition),
        f"{scope.first} – {scope.last}" if shown.date else str(timezone.localdate()),
        _place(shown, scope),
    ]


def _place(shown: Figure, scope: Scope) -> str:
    if not shown.region:
        return _("County as a whole")
    return str(scope.region) if scope.region else _("Whole reach")
