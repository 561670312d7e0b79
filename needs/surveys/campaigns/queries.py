"""What is read about campaigns: counts, who may fill which, who works where."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Left

from needs.surveys.campaigns.grid import APPROVED, PENDING, Cells, coverage
from needs.surveys.campaigns.models import Assignment, Campaign, CampaignTownship, Quota
from needs.surveys.campaigns.rules import Readiness
from needs.surveys.tallies.models import Tally
from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import Permission, Role
from talentmap.accounts.reach import Reach
from talentmap.regions.models import Level, Region

P = Permission
TOWNSHIP_DIGITS = 9


# counts --------------------------------------------------------------------------------------------------


def townships_of(campaign: Campaign, user: Any, permission: Permission = P.VIEW_SURVEYS) -> list[Region]:
    """The townships that take part and that the person reaches, by code."""
    within = user.reach(permission).q(region="region")
    rows = CampaignTownship.objects.filter(within, campaign=campaign).select_related("region").order_by("region__code")
    return [row.region for row in rows]


def cells_by_campaign(
    campaigns: Collection[Campaign], user: Any, permission: Permission
) -> dict[int, tuple[list[Region], Cells]]:
    """Of each campaign its townships within reach, and their coverage: in three queries however many there are."""
    reach, ids = user.reach(permission), [campaign.pk for campaign in campaigns]
    rows = CampaignTownship.objects.filter(reach.q(region="region"), campaign__in=ids)
    townships, quotas, counts = (defaultdict[int, list[Any]](list) for _number in range(3))
    for row in rows.select_related("region").order_by("region__code"):
        townships[row.campaign_id].append(row.region)
    wanted = Quota.objects.filter(reach.q(region="region"), campaign__in=ids).order_by()
    for pk, *quota in wanted.values_list("campaign", "region", "age_band", "occupation", "target"):
        quotas[pk].append(quota)
    tallies = Tally.objects.filter(reach.q(region="township"), campaign__in=ids, question="")
    tallies = tallies.filter(state__in=(APPROVED, PENDING)).order_by()
    grouped = tallies.values_list("campaign", "township", "age_band", "occupation", "state").annotate(count=Sum("n"))
    for pk, *count in grouped:
        counts[pk].append(count)
    return {pk: (townships[pk], coverage(quotas[pk], counts[pk])) for pk in ids}


def cells_of(campaign: Campaign, townships: Iterable[Region]) -> Cells:
    """The coverage of these townships, in two queries however many answers there are."""
    places = [township.pk for township in townships]
    quotas = Quota.objects.filter(campaign=campaign, region__in=places)
    counts = (
        Tally.objects.filter(campaign=campaign, question="", township__in=places, state__in=(APPROVED, PENDING))
        .values_list("township", "age_band", "occupation", "state")
        .annotate(count=Sum("n"))
        .order_by()
    )
    return coverage(quotas.order_by().values_list("region", "age_band", "occupation", "target"), counts)


@dataclass
class Progress:
    target: int = 0
    approved: int = 0
    pending: int = 0


def progress_of(campaigns: Collection[Campaign], user: Any) -> dict[int, Progress]:
    """Target and answers of each campaign within the person's reach, in two queries."""
    reach, found = user.reach(P.VIEW_SURVEYS), defaultdict[int, Progress](Progress)
    ids = [campaign.pk for campaign in campaigns]
    quotas = Quota.objects.filter(reach.q(region="region"), campaign__in=ids).order_by()
    for pk, target in quotas.values_list("campaign").annotate(wanted=Sum("target")):
        found[pk].target = target
    tallies = Tally.objects.filter(reach.q(region="township"), campaign__in=ids, question="").order_by()
    for pk, state, n in tallies.values_list("campaign", "state").annotate(count=Sum("n")):
        if state == APPROVED:
            found[pk].approved = n
        elif state == PENDING:
            found[pk].pending = n
    return found


# who may fill what ---------------------------------------------------------------------------------------


def fillable(user: Any, today: date) -> QuerySet[Campaign]:
    """The campaigns that the person may enter answers for today.

    Those with an active assignment of theirs; and those in which a township of theirs takes part that has no
    assignment at all, so that a campaign that nobody was assigned to is everybody's. Who fills surveys in the whole
    county (a desk of the office) may enter for all.
    """
    return _entered_by(user, Campaign.objects.taking_answers(today))


def paused(user: Any, today: date) -> QuerySet[Campaign]:
    """Those that the person could enter answers for today, had the office not paused them."""
    resting = Campaign.objects.filter(state=Campaign.State.PAUSED, starts_on__lte=today, ends_on__gte=today)
    return _entered_by(user, resting)


def _entered_by(user: Any, found: QuerySet[Campaign]) -> QuerySet[Campaign]:
    if not user.may(P.FILL_SURVEYS):
        return found.none()
    reach = user.reach(P.FILL_SURVEYS)
    if reach.everything:
        return found
    mine = Assignment.objects.filter(campaign=OuterRef("pk"), interviewer=user, ended_at=None)
    mine = mine.filter(reach.q(region="region"))
    return found.filter(Exists(mine) | Exists(_open_townships(reach).filter(campaign=OuterRef("pk"))))


def _open_townships(reach: Reach) -> QuerySet[CampaignTownship]:
    """Townships within reach in which nobody is assigned, neither as a whole nor in a village."""
    assigned = Assignment.objects.filter(
        ended_at=None,
        campaign=OuterRef("campaign"),
        region__code__startswith=Left(OuterRef("region__code"), TOWNSHIP_DIGITS),
    )
    return CampaignTownship.objects.filter(reach.q(region="region")).exclude(Exists(assigned))


def places(user: Any, campaign: Campaign) -> QuerySet[Region]:
    """Where the person may enter answers in this campaign: townships, and with each the villages that are theirs.

    Whoever is assigned to a village gets it and its township, whoever is assigned to a township or has it as a whole
    gets all its villages.
    """
    if not user.may(P.FILL_SURVEYS):
        return Region.objects.none()
    reach, wanted = user.reach(P.FILL_SURVEYS), Q(pk__in=[])
    for region in _wide_places(user, campaign, reach):
        wanted |= Q(code__startswith=region.prefix)
    for region in _assigned(user, campaign, reach, level=Level.VILLAGE):
        wanted |= Q(pk__in=(region.pk, region.parent_id))
    return Region.objects.active().filter(wanted).order_by("code")


def _assigned(user: Any, campaign: Campaign, reach: Reach, level: str) -> QuerySet[Region]:
    mine = Assignment.objects.filter(campaign=campaign, interviewer=user, ended_at=None, region__level=level)
    return Region.objects.filter(pk__in=mine.filter(reach.q(region="region")).values("region"))


def _wide_places(user: Any, campaign: Campaign, reach: Reach) -> QuerySet[Region]:
    takes_part = CampaignTownship.objects.filter(campaign=campaign)
    if reach.everything:
        return Region.objects.filter(pk__in=takes_part.values("region"))
    free = _open_townships(reach).filter(campaign=campaign)
    assigned = _assigned(user, campaign, reach, level=Level.TOWNSHIP).filter(pk__in=takes_part.values("region"))
    return Region.objects.filter(Q(pk__in=free.values("region")) | Q(pk__in=assigned.values("pk")))


# interviewers --------------------------------------------------------------------------------------------


def cadres_of(townships: Iterable[Region]) -> list[tuple[User, Region]]:
    """Every active account with its township in which it is a cadre."""
    held = Membership.objects.active().filter(role=Role.TOWNSHIP_CADRE, region__in=list(townships))
    rows = held.filter(user__is_active=True).select_related("user", "region")
    return [(row.user, row.region) for row in rows.order_by("region__code", "user__name_sort_key", "pk") if row.region]


def interviewers_in(region: Region) -> QuerySet[User]:
    """Who may be assigned to a place: the cadres of its township, and the office."""
    township = region.code[:TOWNSHIP_DIGITS] + "000"
    held = Membership.objects.active().filter(
        Q(role=Role.TOWNSHIP_CADRE, region__code=township)
        | Q(role__in=(Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR), region__level=Level.COUNTY)
    )
    found = User.objects.people().filter(is_active=True, pk__in=held.values("user"))
    return found.order_by("name_sort_key", "pk")


def readiness(campaign: Campaign) -> Readiness:
    """What is there for opening; see `rules.Readiness`."""
    townships = [row.region for row in campaign.townships.select_related("region")]
    assigned = {
        code[:TOWNSHIP_DIGITS]
        for code in campaign.assignments.filter(ended_at=None).values_list("region__code", flat=True)
    }
    reachable = {region.pk for _user, region in cadres_of(townships)}
    missing = [region.name for region in townships if region.prefix not in assigned and region.pk not in reachable]
    return Readiness(
        townships=len(townships),
        ends_on=campaign.ends_on,
        assigned=len(assigned),
        reachable=len(reachable),
        links=campaign.links.filter(closed_at=None).count(),
        quotas=campaign.quotas.count(),
        townships_without_interviewer=tuple(missing),
    )


def answers_by_link(campaign: Campaign) -> dict[int, int]:
    rows = campaign.responses.filter(link__isnull=False).order_by()
    return dict(rows.values_list("link").annotate(count=Count("pk")))
