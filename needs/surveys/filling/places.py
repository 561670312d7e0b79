"""Whether somebody may answer for a place: one question to the database, since every response asks it."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from needs.surveys.campaigns.models import Campaign
from needs.surveys.filling.wire import Sent
from talentmap.accounts.permissions import Permission

# What `campaigns.queries.places` says of all places, of one; and of an assignment that has ended, that it held when
# the answers were given: a device may have been away for days.
_ABOUT = """
    select township.code,
           exists (select 1 from needs_campaigntownship part
                    where part.campaign_id = %(campaign)s and part.region_id = township.id),
           %(village)s::bigint is null
               or exists (select 1 from talentmap_region village
                           where village.id = %(village)s and village.parent_id = township.id),
           exists (select 1 from needs_assignment other join talentmap_region place on place.id = other.region_id
                    where other.campaign_id = %(campaign)s and other.ended_at is null
                      and left(place.code, 9) = left(township.code, 9)),
           exists (select 1 from needs_assignment mine join talentmap_region place on place.id = mine.region_id
                    where mine.campaign_id = %(campaign)s and mine.interviewer_id = %(by)s
                      and (place.id in (township.id, %(village)s)
                           or (%(village)s::bigint is null and place.parent_id = township.id))
                      and (mine.ended_at is null
                           or (mine.assigned_at <= %(finished_at)s and mine.ended_at >= %(finished_at)s)))
      from talentmap_region township where township.id = %(township)s and township.level = 'township'
"""


@dataclass(frozen=True)
class Place:
    """`is_assigned`: somebody works in the township by assignment; `is_mine`: the person does, just there."""

    code: str
    takes_part: bool
    village_fits: bool
    is_assigned: bool
    is_mine: bool

    @property
    def is_of_campaign(self) -> bool:
        return self.takes_part and self.village_fits


def _place(campaign: Campaign, sent: Sent, by: Any) -> Place | None:
    asked = {
        "campaign": campaign.pk,
        "township": sent.township,
        "village": sent.village,
        "finished_at": sent.finished_at,
        "by": by.pk if by else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ABOUT, asked)
        row = cursor.fetchone()
    return Place(*row) if row else None


def takes_part(campaign: Campaign, sent: Sent) -> bool:
    """The township is one of the campaign's, and the village lies in it."""
    place = _place(campaign, sent, None)
    return place is not None and place.is_of_campaign


def may_answer_in(by: Any, campaign: Campaign, sent: Sent) -> bool:
    """Whether the person may enter answers for this place now, or could when the answers were given."""
    if not by.may(Permission.FILL_SURVEYS):
        return False
    place = _place(campaign, sent, by)
    reach = by.reach(Permission.FILL_SURVEYS)
    if place is None or not place.is_of_campaign or not reach.covers_code(place.code):
        return False
    return reach.everything or place.is_mine or not place.is_assigned
