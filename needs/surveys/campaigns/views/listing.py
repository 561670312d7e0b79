"""The list of campaigns."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from needs.surveys.campaigns.filters import CampaignFilter
from needs.surveys.campaigns.models import Campaign
from needs.surveys.campaigns.queries import Progress, progress_of
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.counts import count_together
from talentmap.ui.lists import ListPage

State = Campaign.State
MOST_COUNTED = 99
SORTS = {"title": "title", "starts": "starts_on", "ends": "ends_on", "state": "state"}


@dataclass(frozen=True)
class StateTab:
    code: str
    label: Any
    url: str
    count: str
    is_current: bool


@requires(P.VIEW_SURVEYS)
@require_safe
def campaign_list(request: SignedInRequest) -> HttpResponse:
    seen = Campaign.objects.visible_to(request.user)
    page = ListPage(request, seen.with_questionnaire(), CampaignFilter, sorts=SORTS, default_sort="-starts")
    rows = page.rows
    progress = progress_of(rows, request.user)
    context = {
        "list": page,
        "campaigns": [(row, progress.get(row.pk, Progress())) for row in rows],
        "state_tabs": _tabs(request, page),
        "may_manage": request.user.may(P.MANAGE_CAMPAIGNS),
        "is_part": not request.user.reach(P.VIEW_SURVEYS).everything,
    }
    return render(request, "surveys/campaigns/list.html", context)


def _tabs(request: SignedInRequest, page: ListPage) -> list[StateTab]:
    """Every state with its count, in one query; drafts only for those who see them."""
    seen = Campaign.objects.visible_to(request.user)
    states = [state for state in State if state != State.DRAFT or request.user.may(P.MANAGE_CAMPAIGNS)]
    asked = {"": seen, **{state.value: seen.filter(state=state) for state in states}}
    counts = count_together(asked, MOST_COUNTED + 1)
    labels: dict[str, Any] = {"": pgettext_lazy("tab", "All"), **{state.value: state.label for state in states}}
    current = request.GET.get("state", "")
    return [
        StateTab(code, labels[code], page.url(state=code or None, page=None), _shown(counts[code]), code == current)
        for code in asked
    ]


def _shown(count: int) -> str:
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
