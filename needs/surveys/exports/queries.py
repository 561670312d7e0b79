"""What an export is about: the versions whose answers a campaign holds, and their columns."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from needs.surveys.campaigns.models import Campaign
from needs.surveys.exports.columns import Layout, layout
from needs.surveys.questionnaires.models import Version
from needs.surveys.results.models import WeightRun


def versions_of(campaign: Campaign, version: int | None = None) -> list[Version]:
    """The published versions, the oldest first: responses to any of them are taken; or the one that was chosen."""
    published = Version.objects.published().filter(questionnaire=campaign.questionnaire_id)
    return list((published.filter(pk=version) if version else published).order_by("number"))


def layout_of(versions: Sequence[Version]) -> Layout:
    return layout([version.document for version in versions])


def weight_runs(campaign: Campaign) -> QuerySet[WeightRun]:
    return WeightRun.objects.filter(campaign=campaign).order_by("-number")


def file_name(job: Any) -> str:
    """What the file is called where it is saved: the campaign and the day."""
    ending = job.file.name.rpartition(".")[2]
    return f"{job.campaign.title}-{timezone.localtime(job.made_at):%Y%m%d}-{job.pk}.{ending}"
