"""The leaders' overview: three maps and the quality of service, for the reader's reach or one township of it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.dashboards import kept, presentation, registry
from talentmap.dashboards.forms import ComparedForm
from talentmap.dashboards.overview import Headline, Map, Overview, overview, places
from talentmap.dashboards.scope import Scope
from talentmap.dashboards.sparks import Spark, spark
from talentmap.dashboards.town_map import TownMap, outside_of, town_map
from talentmap.regions.boundaries import current_address
from talentmap.regions.models import Region


@requires(P.VIEW_DASHBOARDS)
@require_safe
def index(request: SignedInRequest) -> HttpResponse:
    """`?fresh=1` counts anew instead of showing what was counted in the last two minutes."""
    form = ComparedForm(request.GET or None, reader=request.user, today=timezone.localdate())
    scope, before = form.scope(), form.compared()
    now = timezone.now()
    chosen = {page: request.GET.get(page, "") for page in registry.PAGES}
    found = overview(request.user, scope, before, now=now, chosen=chosen, fresh="fresh" in request.GET)
    if request.user.reach(P.VIEW_DASHBOARDS).everything:
        kept.note_watched()
    query = choices(request, form)
    context = {
        "form": form,
        "scope": scope,
        "before": before,
        "kept_choices": [(name, query[name]) for name in registry.PAGES if name in query],
        "now": now,
        "at": found.at,
        "age": int((now - found.at).total_seconds()),
        "fresh_url": f"?{urlencode(query | {'fresh': '1'})}",
        "board_url": f"{reverse('dashboards:board')}?{urlencode(query)}".rstrip("?"),
        "warnings": found.warnings,
        "maps": _shown(request, found, scope, query),
        "where": _where(request, scope, query),
    }
    return render(request, "dashboards/overview.html", context)


def choices(request: SignedInRequest, form: ComparedForm) -> dict[str, str]:
    """What was chosen, so that every way on and back keeps it: period, comparison, township, figures of the maps."""
    names = [*form.fields, *registry.PAGES]
    return {name: request.GET[name] for name in names if request.GET.get(name)}


def _where(request: SignedInRequest, scope: Scope, query: dict[str, str]) -> list[tuple[str, str]]:
    """The way from the whole reach to the township looked at."""
    whole = _("Whole county") if request.user.reach(P.VIEW_DASHBOARDS).everything else _("All my townships")
    if scope.region is None:
        return [(whole, "")]
    rest = {name: value for name, value in query.items() if name != "township"}
    return [(whole, f"{reverse('dashboards:overview')}?{urlencode(rest)}"), (scope.region.name, "")]


def _shown(request: SignedInRequest, found: Overview, scope: Scope, query: dict[str, str]) -> list[dict[str, Any]]:
    there, boundaries = places(request.user), current_address()
    return [
        {
            "map": each,
            "lines": [_line(line, scope, query) for line in each.headlines],
            "trend": presentation.trend_chart(each.chosen.figure, each.chosen.summary, scope, query)
            if each.chosen
            else None,
            "towns": _towns(request, each, there, boundaries, scope, query),
            "kept": [(name, value) for name, value in query.items() if name != each.code],
            "page_url": f"{reverse(f'dashboards:{each.code}')}?{urlencode(query)}",
            "compare_url": f"{reverse('dashboards:compare', args=[each.code])}?{urlencode(query)}",
        }
        for each in found.maps
    ]


def _line(line: Headline, scope: Scope, query: dict[str, str]) -> dict[str, Any]:
    return {
        "headline": line,
        "url": presentation.address(line.figure, query),
        "note": presentation.note(line.figure, line.summary.value, scope),
        "spark": _spark(line),
    }


def _spark(line: Headline) -> Spark | None:
    return spark([None if each is None else float(each) for each in line.summary.months])


def _towns(
    request: SignedInRequest, each: Map, there: list[Region], boundaries: str, scope: Scope, query: dict[str, str]
) -> TownMap | None:
    if each.chosen is None:
        return None
    figure = each.chosen.figure
    whole = {name: value for name, value in query.items() if name != "township"}
    outside_url = presentation.address(figure, whole | figure.outside_townships.query)
    index_url = reverse("dashboards:overview")
    return town_map(
        figure,
        each.townships,
        there,
        lambda place: f"{index_url}?{urlencode(query | {'township': place.code})}#map-{each.code}",
        code=each.code,
        boundaries=boundaries,
        chosen=scope.region,
        outside=outside_of(figure, request.user, each.townships, outside_url),
    )
