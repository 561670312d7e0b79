"""Looking at a whole campaign for suspicions once more, in the background."""

from celery import shared_task
from django.utils import timezone

from needs.surveys.campaigns.models import Campaign
from needs.surveys.responses import actions
from talentmap.accounts.models import User

__all__ = ["check_campaign_again"]


@shared_task(name="surveys.check_campaign_again")
def check_campaign_again(campaign: int, by: int) -> int:
    """Returns how many responses have other flags now; done twice, the second changes nothing."""
    found, person, last, changed = Campaign.objects.get(pk=campaign), User.objects.get(pk=by), 0, 0
    while True:
        last, more = actions.check_again(by=person, at=timezone.now(), campaign=found, after=last)
        changed += more
        if not last:
            return changed
