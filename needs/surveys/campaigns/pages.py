"""The frame around every page of one campaign, also of those that other parts add."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from needs.surveys.campaigns import rules
from needs.surveys.campaigns.models import Campaign
from needs.surveys.campaigns.states import RUNNING, steps_from
from needs.surveys.tabs import campaign_tabs
from talentmap.accounts.access import SignedInRequest
from talentmap.accounts.permissions import Permission as P


def visible_campaign(request: SignedInRequest, pk: int, permission: P = P.VIEW_SURVEYS) -> Campaign:
    """The campaign with what the frame shows of it; 404 outside the reach in which one holds `permission`."""
    return get_object_or_404(Campaign.objects.visible_to(request.user, permission).with_questionnaire(), pk=pk)


def campaign_page(request: SignedInRequest, campaign: Campaign, current_tab: str) -> dict[str, Any]:
    """The context of a template that extends `surveys/campaigns/base.html`; `current_tab` is a URL name."""
    user, today = request.user, timezone.localdate()
    may_manage = user.may(P.MANAGE_CAMPAIGNS)
    return {
        "campaign": campaign,
        "tabs": campaign_tabs(user, campaign, current_tab),
        "crumbs": [(_("Survey campaigns"), reverse("surveys:campaign_list")), (campaign.title, "")],
        "steps": [step for step in steps_from(campaign.state) if user.may(step.permission)],
        "may_manage": may_manage,
        "may_change": may_manage and campaign.state != Campaign.State.CLOSED,
        "may_extend": may_manage and campaign.state in RUNNING,
        "gone_percent": int(100 * rules.share_gone(campaign.starts_on, campaign.ends_on, today)),
        "days_left": (campaign.ends_on - today).days + 1 if campaign.starts_on <= today <= campaign.ends_on else 0,
    }


def below_campaign(campaign: Campaign, here: Any) -> list[tuple[Any, str]]:
    """The crumbs of a page below one of the campaign's."""
    return [
        (_("Survey campaigns"), reverse("surveys:campaign_list")),
        (campaign.title, reverse("surveys:campaign", args=[campaign.pk])),
        (here, ""),
    ]
