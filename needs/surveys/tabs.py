"""The pages of one campaign, for the row of tabs above each of them. A part adds its own line."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from talentmap.accounts.permissions import Permission


@dataclass(frozen=True)
class Tab:
    """`url_name` takes the campaign's id; the tab is shown to who holds any of `permissions`."""

    label: Any
    url_name: str
    permissions: tuple[Permission, ...]


P = Permission

CAMPAIGN_TABS: tuple[Tab, ...] = (
    Tab(pgettext_lazy("campaign tab", "Coverage"), "surveys:campaign", (P.VIEW_SURVEYS,)),
    Tab(pgettext_lazy("campaign tab", "Day by day"), "surveys:campaign_days", (P.VIEW_SURVEYS,)),
    Tab(pgettext_lazy("campaign tab", "Interviewers"), "surveys:campaign_interviewers", (P.VIEW_SURVEYS,)),
    Tab(pgettext_lazy("campaign tab", "Quotas"), "surveys:campaign_quotas", (P.VIEW_SURVEYS,)),
    Tab(pgettext_lazy("campaign tab", "Links"), "surveys:campaign_links", (P.MANAGE_CAMPAIGNS,)),
    Tab(pgettext_lazy("campaign tab", "Responses"), "surveys:response_list", (P.VIEW_RESPONSES,)),
    Tab(pgettext_lazy("campaign tab", "Results"), "surveys:results", (P.VIEW_RESULTS,)),
    Tab(pgettext_lazy("campaign tab", "Export"), "surveys:exports", (P.EXPORT_RESPONSES,)),
)


def campaign_tabs(user: Any, campaign: Any, current: str) -> list[tuple[Any, str, bool]]:
    """(label, address, whether it is the page one is on), as `surveys/parts/tabs.html` shows them."""
    return [
        (tab.label, reverse(tab.url_name, args=[campaign.pk]), tab.url_name == current)
        for tab in CAMPAIGN_TABS
        if any(user.may(permission) for permission in tab.permissions)
    ]
