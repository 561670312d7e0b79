"""Quotas, tallies, assignments and links of campaigns."""

from django.utils import timezone

from needs.surveys.campaigns.models import Assignment, PublicLink, Quota
from needs.surveys.tallies.models import Tally
from tests.factories.accounts import UserFactory


def quota(campaign, region, target, age_band="", occupation=""):
    return Quota.objects.create(
        campaign=campaign, region=region, target=target, age_band=age_band, occupation=occupation
    )


def counted(campaign, region, n, state="approved", age_band="35_44", occupation="farming", sex="female"):
    """Responses as the tallies count them."""
    return Tally.objects.create(
        campaign=campaign,
        version=campaign.version,
        township=region,
        age_band=age_band,
        occupation=occupation,
        sex=sex,
        state=state,
        n=n,
    )


def assigned(campaign, interviewer, region, **fields):
    return Assignment.objects.create(
        campaign=campaign, interviewer=interviewer, region=region, assigned_at=timezone.now(), **fields
    )


def link_of(campaign, region=None, **fields):
    serial = PublicLink.objects.count()
    values = {"token": f"token-{campaign.pk}-{serial}", "made_at": timezone.now(), "made_by": UserFactory(), **fields}
    return PublicLink.objects.create(campaign=campaign, region=region, **values)
