"""What the actions share: the lock that they all take first, and what a closed campaign refuses."""

from django.utils.translation import gettext as _

from needs.surveys.campaigns.models import Campaign
from talentmap.accounts.access import check_may
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.ui.errors import Refused

State = Campaign.State


def lock(campaign: Campaign) -> Campaign:
    """Whatever changes a campaign or what belongs to it waits here, then looks at its state."""
    return Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)


def lock_changeable(by: User, campaign: Campaign) -> Campaign:
    """Raises PermissionDenied for who does not run campaigns, Refused when it is closed."""
    check_may(by, Permission.MANAGE_CAMPAIGNS)
    row = lock(campaign)
    if row.state == State.CLOSED:
        raise Refused(_("The campaign is closed: nothing of it can be changed."))
    return row


def township_ids(campaign: Campaign) -> set[int]:
    return set(campaign.townships.values_list("region", flat=True))
