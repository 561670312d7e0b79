"""The coverage grid: live while the campaign is in the field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from needs.surveys.campaigns import grid, queries, rules
from needs.surveys.campaigns.grid import ANY, NOT_STATED, NOTHING, Cell, Cells
from needs.surveys.campaigns.models import Campaign, Reminder
from needs.surveys.campaigns.occupations import occupations
from needs.surveys.campaigns.pages import campaign_page, visible_campaign
from needs.surveys.columns import AgeBand
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.regions.models import Region
from talentmap.ui.downloads import xlsx_response


@dataclass(frozen=True)
class TownshipLine:
    region: Region
    cell: Cell
    pace: rules.Pace
    reminded_on: Any
    may_remind: bool


def bands() -> list[tuple[str, Any]]:
    return [*AgeBand.choices, (ANY, _("any age")), (NOT_STATED, pgettext("age", "not stated"))]


def works(campaign: Campaign) -> list[tuple[str, Any]]:
    """Occupations, what stands for all of them, and what nobody said."""
    any_work, unsaid = pgettext("occupation", "any"), pgettext("occupation", "not stated")
    return [*occupations(campaign.version), (ANY, any_work), (NOT_STATED, unsaid)]


@requires(P.VIEW_SURVEYS)
@require_safe
def campaign(request: SignedInRequest, pk: int) -> HttpResponse:
    row = visible_campaign(request, pk)
    seen = queries.townships_of(row, request.user)
    chosen = next((each for each in seen if str(each.pk) == request.GET.get("township")), None)
    cells = queries.cells_of(row, seen)
    shown = {place: cell for place, cell in cells.items() if chosen is None or place[0] == chosen.pk}
    context = {
        **campaign_page(request, row, "surveys:campaign"),
        "lines": _lines(request, row, seen, cells),
        "total": grid.total(cells.values()),
        "matrix": grid.matrix(shown, bands(), works(row)),
        "townships": seen,
        "chosen": chosen,
        "is_part": not request.user.reach(P.VIEW_SURVEYS).everything,
        "is_live": row.state == Campaign.State.OPEN,
        "now": timezone.now(),
    }
    return render(request, "surveys/campaigns/coverage.html", context)


def _lines(request: SignedInRequest, row: Campaign, seen: list[Region], cells: Cells) -> list[TownshipLine]:
    today = timezone.localdate()
    sums = grid.by_township(cells)
    reminded = dict(
        Reminder.objects.filter(campaign=row, region__in=seen).order_by("sent_on").values_list("region", "sent_on")
    )
    gone = rules.share_gone(row.starts_on, row.ends_on, today)
    may_remind = request.user.may(P.MANAGE_CAMPAIGNS) and row.takes_answers(today)
    lines = []
    for region in seen:
        cell = sums.get(region.pk, NOTHING)
        pace = rules.Pace(cell.target, cell.collected, gone)
        last = reminded.get(region.pk)
        lines.append(TownshipLine(region, cell, pace, last, may_remind and pace.lags and last != today))
    return lines


@requires(P.VIEW_SURVEYS)
@require_safe
def coverage_export(request: SignedInRequest, pk: int) -> HttpResponseBase:
    row = visible_campaign(request, pk)
    header = [_("Township"), _("Age band"), pgettext("respondent", "Occupation"), _("Target"), _("Approved")]
    header += [_("Pending"), _("Gap"), _("Over target"), _("Without quota")]
    seen = queries.townships_of(row, request.user)
    rows = _export_rows(row, seen, queries.cells_of(row, seen))
    title = _("Coverage %(title)s %(date)s") % {"title": row.title, "date": timezone.localdate()}
    return xlsx_response(title, header, rows)


def _export_rows(row: Campaign, seen: list[Region], cells: Cells) -> Iterator[list[Any]]:
    band_names, work_names = dict(bands()), dict(works(row))
    band_order, work_order = list(band_names), list(work_names)
    places = {region.pk: place for place, region in enumerate(seen)}

    def position(place: grid.Place) -> tuple[int, int, int, str]:
        work = work_order.index(place[2]) if place[2] in work_names else len(work_order)
        return places[place[0]], band_order.index(place[1]), work, place[2]

    for place in sorted(cells, key=position):
        cell = cells[place]
        names = [seen[places[place[0]]].name, band_names[place[1]], work_names.get(place[2], place[2])]
        numbers = [cell.target if cell.has_quota else None, cell.done, cell.pending, cell.gap, cell.over]
        yield [*names, *numbers, cell.unplanned + cell.unplanned_pending]
    total = grid.total(cells.values())
    label = _("Total of what you can see")
    sums = [total.target, total.done, total.pending, total.gap, total.over, total.unplanned + total.unplanned_pending]
    yield [label, "", "", *sums]
