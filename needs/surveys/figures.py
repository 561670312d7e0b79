"""The figures of the field work: campaigns running, answers accepted, quotas filled. They count work, not answers."""

from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from needs.surveys.campaigns import grid, queries, rules
from needs.surveys.campaigns.models import Campaign, CampaignTownship, Quota
from needs.surveys.campaigns.occupations import occupations
from needs.surveys.columns import ResponseState
from needs.surveys.responses.models import Response
from needs.surveys.tallies.models import Tally
from talentmap.accounts.permissions import Permission
from talentmap.accounts.reach import Reach
from talentmap.dashboards import attention
from talentmap.dashboards.attention import Attention, Finding
from talentmap.dashboards.registry import Column, Figure, Words, register
from talentmap.regions.models import Region


def _work_in_words(quota: Quota) -> Any:
    """As the questionnaire words it; one of another version under its own name."""
    if not quota.occupation:
        return _("any")
    return dict(occupations(quota.campaign.version)).get(quota.occupation, quota.occupation)


CAMPAIGN = Column(_("Survey campaign"), lambda row: row.campaign)
TOWNSHIP = Column(_("Township"), lambda row: row.region)
CAMPAIGN_COLUMNS = (CAMPAIGN, TOWNSHIP, Column(_("Until"), lambda row: row.campaign.ends_on))
QUOTA_COLUMNS = (
    CAMPAIGN,
    TOWNSHIP,
    Column(_("Age band"), lambda row: row.get_age_band_display() or _("any")),
    Column(_("Occupation"), _work_in_words),
    Column(_("Target"), lambda row: row.target),
    Column(_("Approved"), lambda row: row.done),
)
RESPONSE_COLUMNS = (
    CAMPAIGN,
    Column(_("Township"), lambda row: row.township),
    Column(_("Received on"), lambda row: timezone.localdate(row.received_at)),
    Column(_("Channel"), lambda row: row.get_channel_display()),
)


def _running() -> QuerySet:
    return Campaign.objects.taking_answers(timezone.localdate())


def _townships() -> QuerySet:
    return CampaignTownship.objects.filter(campaign__in=_running().values("pk"))


class _Everywhere:
    """Reads all of the county: what a reader may see of it, the figure decides."""

    def reach(self, _permission: Permission) -> Reach:
        return Reach(everything=True)


def _paced() -> QuerySet:
    """The townships in the field; `is_behind` says of each whether it lags in its campaign."""
    behind = Q(pk__in=())
    for campaign, places in _lagging(_Everywhere(), timezone.localdate()):
        behind |= Q(campaign=campaign, region__in=places)
    return _townships().annotate(is_behind=ExpressionWrapper(behind, output_field=BooleanField()))


def _lagging(reader: Any, today: date) -> list[tuple[Campaign, list[Region]]]:
    """Of each running campaign in which any lags, the one that ends first leading, the townships that do."""
    campaigns = list(Campaign.objects.taking_answers(today).order_by("ends_on", "pk"))
    found = queries.cells_by_campaign(campaigns, reader, Permission.VIEW_DASHBOARDS)
    late = []
    for campaign in campaigns:
        places, cells_there = found[campaign.pk]
        sums = grid.by_township(cells_there)
        gone = rules.share_gone(campaign.starts_on, campaign.ends_on, today)
        cells = [(place, sums.get(place.pk, grid.NOTHING)) for place in places]
        late.append((campaign, [place for place, cell in cells if rules.Pace(cell.target, cell.collected, gone).lags]))
    return [(campaign, places) for campaign, places in late if places]


def _accepted() -> QuerySet:
    return Response.objects.without_answers().filter(state=ResponseState.APPROVED)


RANK = Case(When(Q(age_band=""), then=Value(2)), default=Value(0)) + Case(
    When(Q(occupation=""), then=Value(1)), default=Value(0)
)


def _quotas() -> QuerySet:
    """With `done`: approved answers, each counted for the narrowest quota that it fits, as in the coverage grid."""
    fits = Q(age_band="") | Q(age_band=OuterRef("age_band"))
    fits &= Q(occupation="") | Q(occupation=OuterRef("occupation"))
    here = {"campaign": OuterRef("campaign"), "region": OuterRef("township")}
    narrower = Quota.objects.alias(rank=RANK).filter(fits, rank__lt=OuterRef(OuterRef("rank")), **here)
    text = CharField()
    answers = (
        Tally.objects.filter(campaign=OuterRef("campaign"), township=OuterRef("region"), question="", value="")
        .filter(state=ResponseState.APPROVED)
        .alias(band=ExpressionWrapper(OuterRef("age_band"), text), work=ExpressionWrapper(OuterRef("occupation"), text))
        .filter(Q(band="") | Q(band=F("age_band")), Q(work="") | Q(work=F("occupation")), ~Exists(narrower))
        .order_by()
        .values("campaign")
        .annotate(sum=Sum("n"))
        .values("sum")
    )
    found = Quota.objects.filter(campaign__in=_running().values("pk"), target__gt=0).annotate(rank=RANK)
    found = found.prefetch_related("campaign__version")  # whose words the occupations have
    return found.annotate(done=Coalesce(Subquery(answers, output_field=IntegerField()), 0))


def _figure(code: str, label: Any, definition: Any, order: int, **options: Any) -> Figure:
    given: dict[str, Any] = {"region": "region", "related": ("campaign", "region"), "headline": True} | options
    return Figure(
        f"surveys.{code}",
        label,
        definition,
        page="needs",
        order=order,
        row_permission=Permission.VIEW_SURVEYS,
        export_permission=Permission.EXPORT_RESPONSES,
        **given,
    )


register(
    _figure(
        "accepted",
        _("Survey answers accepted"),
        _("Responses received in the period that the office approved."),
        10,
        rows=_accepted,
        date="received_at",
        region="township",
        unit=pgettext_lazy("unit", "answers"),
        columns=RESPONSE_COLUMNS,
        related=("campaign", "township"),
        link=lambda row: reverse("surveys:response", args=[row.pk]),
    ),
    _figure(
        "running",
        _("Surveys in the field"),
        _("Survey campaigns that take answers today."),
        20,
        rows=_townships,
        measure=Count("campaign", distinct=True),
        unit=pgettext_lazy("unit", "campaigns"),
        columns=CAMPAIGN_COLUMNS,
        link=lambda row: reverse("surveys:campaign", args=[row.campaign_id]),
    ),
    _figure(
        "quotas_filled",
        _("Quotas filled"),
        _("Of the quotas of surveys in the field, those that approved answers have filled, as it stands now."),
        30,
        rows=_quotas,
        part=Q(done__gte=F("target")),
        columns=QUOTA_COLUMNS,
        link=lambda row: reverse("surveys:campaign", args=[row.campaign_id]),
    ),
    _figure(
        "behind",
        _("Townships behind their quotas"),
        _(
            "Of the townships of surveys in the field, those in which fewer answers have come in than the days gone "
            "would ask for, as it stands now."
        ),
        40,
        rows=_paced,
        part=Q(is_behind=True),
        good_when="low",
        headline=False,
        columns=CAMPAIGN_COLUMNS,
        link=lambda row: reverse("surveys:campaign", args=[row.campaign_id]),
    ),
)


def _behind(reader: Any, today: date) -> Finding | None:
    """The townships within reach that lag in a campaign, by the calendar."""
    late = _lagging(reader, today)
    if not late:
        return None
    first = late[0][0]
    level = attention.ALARM if (first.ends_on - today).days <= LAST_DAYS else attention.WARNING
    behind = sum(len(places) for _campaign, places in late)
    return Finding(level, behind, {"title": first.title, "ends": f"{first.ends_on:%Y-%m-%d}"})


def _told(found: Finding) -> tuple[Words, Words]:
    what = ngettext("%(count)s township lags behind its quotas", "%(count)s townships lag behind their quotas",
                    found.count) % {"count": found.count}  # fmt: skip
    why = _("“%(title)s” ends on %(ends)s, and fewer answers have come in than the days gone would ask for.")
    return what, why % found.facts


LAST_DAYS = 7
attention.register(
    Attention(
        "surveys.behind",
        "needs",
        find=_behind,
        tell=_told,
        url=lambda found: reverse("dashboards:figure", args=["surveys.behind"]) + "?only=met",
    )
)
