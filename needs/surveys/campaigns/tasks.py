import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.utils import timezone

from needs.surveys.campaigns import actions, grid, queries, rules
from needs.surveys.campaigns.models import Campaign
from talentmap.accounts.models import User
from talentmap.regions.models import Region
from talentmap.ui.errors import Refused

__all__ = ["remind_lagging_townships"]

log = logging.getLogger(__name__)
EVERY = timedelta(days=7)


@shared_task
def remind_lagging_townships() -> int:
    """Remind every township that lags in a campaign in the field: run daily, each is reminded once a week."""
    return remind_all(at=timezone.now())


def remind_all(*, at: datetime) -> int:
    """Returns how many townships were reminded. One that cannot be does not hold up the others."""
    today = timezone.localdate(at)
    return sum(_remind_in(campaign, at) for campaign in Campaign.objects.taking_answers(today))


def _remind_in(campaign: Campaign, at: datetime) -> int:
    reminded, system = 0, User.objects.system()
    lately = timezone.localdate(at) - EVERY
    told = set(campaign.reminders.filter(sent_on__gt=lately).values_list("region", flat=True))
    for region in lagging(campaign, at):
        if region.pk in told:
            continue
        try:
            actions.remind(by=system, at=at, campaign=campaign, region=region)
            reminded += 1
        except Refused as refusal:
            log.info("campaign %s: %s", campaign.pk, refusal)
        except Exception:
            log.exception("township %s could not be reminded of campaign %s", region.code, campaign.pk)
    return reminded


def lagging(campaign: Campaign, at: datetime) -> list[Region]:
    townships = [row.region for row in campaign.townships.select_related("region")]
    sums = grid.by_township(queries.cells_of(campaign, townships))
    gone = rules.share_gone(campaign.starts_on, campaign.ends_on, timezone.localdate(at))
    cells = [(region, sums.get(region.pk, grid.NOTHING)) for region in townships]
    return [region for region, cell in cells if rules.Pace(cell.target, cell.collected, gone).lags]
