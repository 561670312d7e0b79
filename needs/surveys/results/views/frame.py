"""What all pages of results share."""

from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from needs.surveys.campaigns.models import Campaign
from needs.surveys.tabs import campaign_tabs
from talentmap.accounts.access import SignedInRequest
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.errors import Refused

Crumbs = list[tuple[str, str]]


def campaign_of(request: SignedInRequest, pk: int, permission: P = P.VIEW_RESULTS) -> Campaign:
    found = Campaign.objects.visible_to(request.user, permission).select_related("questionnaire", "version")
    return get_object_or_404(found.defer("version__document", "version__compiled"), pk=pk)


def page(request: SignedInRequest, campaign: Campaign, *crumbs: tuple[str, str]) -> dict[str, Any]:
    """The frame of a campaign's page: its tabs, and the way back for who may not see the campaign itself either."""
    return {
        "campaign": campaign,
        "tabs": campaign_tabs(request.user, campaign, "surveys:results"),
        "crumbs": crumbs_of(campaign, *crumbs),
        "may_manage": False,
    }


def crumbs_of(campaign: Campaign, *below: tuple[str, str]) -> Crumbs:
    here = reverse("surveys:results", args=[campaign.pk]) if below else ""
    return [(_("Survey results"), reverse("surveys:result_list")), (campaign.title, here), *below]


def attempt(request: SignedInRequest, act: Any, **values: Any) -> Any:
    """Run an action; a refusal is shown above the form, which keeps what was typed."""
    try:
        return act(by=request.user, at=timezone.now(), **values)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
