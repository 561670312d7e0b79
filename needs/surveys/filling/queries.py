"""What a device is given before it goes where no network is."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from needs.surveys.campaigns.models import Assignment, Campaign, CampaignTownship
from needs.surveys.campaigns.queries import fillable
from needs.surveys.responses.models import Response, ReviewEvent
from talentmap.accounts.permissions import Permission
from talentmap.regions.models import Level, Region

P = Permission
PREFIX = 9  # digits of a township's code that its villages share
MOST_RETURNED = 200


def campaigns_for(user: Any, today: date) -> list[dict[str, Any]]:
    """The campaigns that the person may enter answers for, each with its places; five queries however many."""
    rows = list(fillable(user, today).order_by("ends_on", "pk"))
    found = _places(user, rows)
    return [
        {
            "id": row.pk,
            "title": row.title,
            "version": row.version_id,
            "starts_on": row.starts_on.isoformat(),
            "ends_on": row.ends_on.isoformat(),
            "places": found[row.pk],
        }
        for row in rows
    ]


def _places(user: Any, campaigns: Iterable[Campaign]) -> dict[int, list[dict[str, Any]]]:
    reach = user.reach(P.FILL_SURVEYS)
    part = CampaignTownship.objects.filter(reach.q(region="region"), campaign__in=list(campaigns))
    townships = list(part.select_related("region").order_by("region__code"))
    assigned = _Assigned(user, part.values("campaign"), everything=reach.everything)
    villages = _villages(row.region_id for row in townships)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in townships:
        here = assigned.villages(row, villages[row.region_id])
        if here is not None:
            found[row.campaign_id].append({**_named(row.region), "villages": [_named(village) for village in here]})
    return found


def _named(region: Region) -> dict[str, Any]:
    return {"id": region.pk, "name": region.name}


def _villages(townships: Iterable[int]) -> dict[int, list[Region]]:
    found: dict[int, list[Region]] = defaultdict(list)
    rows = Region.objects.active().filter(parent__in=set(townships), level=Level.VILLAGE).order_by("code")
    for village in rows.only("pk", "name", "parent_id"):
        found[village.parent_id or 0].append(village)
    return found


class _Assigned:
    """Who works where in some campaigns, as `campaigns.queries.places` has it, for all of them at once."""

    def __init__(self, user: Any, campaigns: QuerySet, *, everything: bool) -> None:
        self.everything = everything
        self.taken: set[tuple[int, str]] = set()
        self.mine: dict[tuple[int, str], set[int]] = defaultdict(set)
        rows = Assignment.objects.none() if everything else Assignment.objects.filter(campaign__in=campaigns)
        for campaign, who, region, code in rows.filter(ended_at=None).values_list(
            "campaign", "interviewer", "region", "region__code"
        ):
            key = (campaign, code[:PREFIX])
            self.taken.add(key)
            if who == user.pk:
                self.mine[key].add(region)

    def villages(self, row: CampaignTownship, all_of_them: list[Region]) -> list[Region] | None:
        """Those in which the person asks; None where they do not ask at all."""
        key = (row.campaign_id, row.region.code[:PREFIX])
        if self.everything or key not in self.taken or row.region_id in self.mine[key]:
            return all_of_them
        return [village for village in all_of_them if village.pk in self.mine[key]] or None


def returned_to(user: Any) -> list[dict[str, Any]]:
    """One's own responses that a reviewer wants corrected, with what is said about each."""
    comment = ReviewEvent.objects.filter(response=OuterRef("pk"), to_state="returned").order_by("-pk").values("comment")
    rows = Response.objects.filter(interviewer=user, state=Response.State.RETURNED).without_answers()
    rows = rows.select_related("campaign").annotate(comment=Subquery(comment[:1]))
    return [
        {
            "uuid": str(row.uuid),
            "campaign": row.campaign_id,
            "title": row.campaign.title,
            "version": row.version_id,
            "revision": row.revision,
            "finished_at": row.finished_at.isoformat(),
            "comment": row.comment or "",
        }
        for row in rows.order_by("pk")[:MOST_RETURNED]
    ]


def knows_version(user: Any, questionnaire_id: int) -> bool:
    """Whether the questionnaire is in the field within reach: its old versions are asked for by what was returned."""
    campaigns = Campaign.objects.visible_to(user, P.FILL_SURVEYS)
    return campaigns.filter(questionnaire=questionnaire_id).exists()
