"""What the pages of responses read."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from needs.surveys.campaigns.models import Campaign
from needs.surveys.responses.filters import ResponseFilter
from needs.surveys.responses.keyset import OLDEST, KeyPage, beyond
from needs.surveys.responses.models import Response
from talentmap.accounts.permissions import Permission as P
from talentmap.regions.models import Region
from talentmap.ui.counts import count_together

MOST_COUNTED = 1000
LIST_COLUMNS = (
    "uuid", "state", "revision", "received_at", "started_at", "finished_at", "channel", "age_band", "sex",
    "occupation", "flags", "campaign_id", "interviewer__display_name", "interviewer__username", "township__name",
    "township__level", "village__name", "village__level",
)  # fmt: skip


@dataclass(frozen=True)
class StateTab:
    """One state with how many the filter finds in it; `code` is "" for all of them."""

    code: str
    label: Any
    count: int
    url: str
    current: bool

    @property
    def is_many(self) -> bool:
        return self.count > MOST_COUNTED


def listed(user: Any, campaign: Campaign) -> QuerySet[Response]:
    """What the list shows of a campaign to this reader: their own townships, and what they asked themselves.

    The same as `visible_to`, without a join that would keep the database from walking along an index.
    """
    found, reach = Response.objects.filter(campaign=campaign), user.reach(P.VIEW_RESPONSES)
    if not reach.everything:
        codes = [Q(code__startswith=code) for code in reach.region_codes]
        inside = Region.objects.townships().filter(reduce(or_, codes, Q(pk__in=[])))
        found = found.filter(Q(township__in=inside.values("pk")) | Q(interviewer=user))
    return found.select_related("interviewer", "township", "village").only(*LIST_COLUMNS)


def narrowed(query: QueryDict, request: Any, campaign: Campaign) -> ResponseFilter:
    """The list under the filter that an address says."""
    return ResponseFilter(query, queryset=listed(request.user, campaign), request=request, campaign=campaign)


def state_tabs(page: KeyPage, campaign: Campaign) -> list[StateTab]:
    """All states with their counts under the filter, none counted beyond `MOST_COUNTED`: there people filter."""
    query = page.request.GET.copy()
    here = query.pop("state", [""])[-1]
    everywhere = narrowed(query, page.request, campaign)
    found = everywhere.queryset.none() if "q" in everywhere.errors else everywhere.qs
    by_state = {state: found.filter(state=state) for state in Response.State.values}
    counts = count_together({"": found, **by_state}, most=MOST_COUNTED + 1)
    here = here if here in by_state else ""
    return [
        StateTab(code, label, counts[code], page.url(state=code or None), code == here)
        for code, label in [*Response.State.choices, ("", _("All"))]
    ]


@dataclass(frozen=True)
class Neighbours:
    previous: int | None
    following: int | None


def neighbours(request: Any, campaign: Campaign, response: Response, query: str) -> Neighbours:
    """The responses before and after this one in the list that the reader came from."""
    given = QueryDict(query)
    descending = given.get("sort") != OLDEST
    found = narrowed(given, request, campaign).qs.select_related(None).only("pk")
    return Neighbours(
        previous=_first(beyond(found, response.pk, descending=not descending)),
        following=_first(beyond(found, response.pk, descending=descending)),
    )


def _first(found: QuerySet) -> int | None:
    return found.values_list("pk", flat=True).first()


def twins(user: Any, response: Response) -> QuerySet[Response]:
    """Others of the campaign that say the same, as far as the reader sees them."""
    alike = Response.objects.visible_to(user, P.VIEW_RESPONSES).filter(
        campaign=response.campaign_id, fingerprint=response.fingerprint
    )
    return alike.exclude(pk=response.pk).only("uuid", "received_at", "state").order_by("pk")
