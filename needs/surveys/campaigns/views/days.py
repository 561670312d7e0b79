"""Answers day by day against an even pace."""

from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from needs.surveys.campaigns import queries, rules
from needs.surveys.campaigns.models import Campaign
from needs.surveys.campaigns.pages import campaign_page, visible_campaign
from needs.surveys.columns import ResponseState
from needs.surveys.responses.models import Response
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.regions.models import Region


@requires(P.VIEW_SURVEYS)
@require_safe
def campaign_days(request: SignedInRequest, pk: int) -> HttpResponse:
    row = visible_campaign(request, pk)
    seen = queries.townships_of(row, request.user)
    received = dict(_received(row, seen))
    target = sum(row.quotas.filter(region__in=seen).values_list("target", flat=True))
    days = _days(row, received, timezone.localdate(), target)
    context = {
        **campaign_page(request, row, "surveys:campaign_days"),
        "is_part": not request.user.reach(P.VIEW_SURVEYS).everything,
        "days": [day for day in reversed(days) if day["sum"] is not None],
        "has_answers": bool(received),
        "target": target,
        "chart": _chart(days, target) if received else None,
    }
    return render(request, "surveys/campaigns/days.html", context)


def _received(row: Campaign, seen: list[Region]) -> QuerySet[Response, tuple[date, int]]:
    """By the server's clock: a phone's may be wrong."""
    counted = Response.objects.filter(campaign=row, township__in=seen).exclude(state=ResponseState.REJECTED)
    by_day = counted.order_by().values_list(TruncDate("received_at"))
    return by_day.annotate(count=Count("pk"))  # type: ignore[return-value]


def _days(row: Campaign, received: dict[date, int], today: date, target: int) -> list[dict[str, Any]]:
    """From the first day to the last, with what came before and after; no sum for days that are still to come."""
    first = min([row.starts_on, *received])
    last = max([row.ends_on, *received])
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    sums = accumulate(received.get(day, 0) for day in dates)
    return [
        {
            "day": day,
            "n": received.get(day, 0),
            "sum": total if day <= today else None,
            "plan": rules.planned(target, row.starts_on, row.ends_on, day),
        }
        for day, total in zip(dates, sums, strict=True)
    ]


def _chart(days: list[dict[str, Any]], target: int) -> dict[str, Any]:
    series: list[dict[str, Any]] = [{"name": _("Answers received"), "values": [day["sum"] for day in days]}]
    if target:
        series.append({"name": _("Even pace"), "values": [day["plan"] for day in days], "dashed": True})
    return {
        "id": "days",
        "kind": "line",
        "title": _("Answers received and even pace"),
        "unit": _("answers"),
        "labels": [f"{day['day']:%m-%d}" for day in days],
        "series": series,
    }
