"""The campaign that an answer belongs to and whether somebody may answer for its place: one question to the database,
since every response asks it."""

from dataclasses import dataclass
from typing import Any

from needs.surveys.campaigns.models import Campaign
from needs.surveys.filling.wire import Sent
from talentmap.accounts.permissions import Permission

# What `campaigns.queries.places` says of all places, of one; and of an assignment that has ended, that it held when
# the answers were given: a device may have been away for days.
_ABOUT = """
    select campaign.*, township.code as place_code,
           exists (select 1 from needs_campaigntownship part
                    where part.campaign_id = campaign.id and part.region_id = township.id) as takes_part,
           %(village)s::bigint is null
               or exists (select 1 from talentmap_region village
                           where village.id = %(village)s and village.parent_id = township.id) as village_fits,
           exists (select 1 from needs_assignment other join talentmap_region place on place.id = other.region_id
                    where other.campaign_id = campaign.id and other.ended_at is null
                      and left(place.code, 9) = left(township.code, 9)) as is_assigned,
           exists (select 1 from needs_assignment mine join talentmap_region place on place.id = mine.region_id
                    where mine.campaign_id = campaign.id and mine.interviewer_id = %(by)s
                      and (place.id in (township.id, %(village)s)
                           or (%(village)s::bigint is null and place.parent_id = township.id))
                      and (mine.ended_at is null
                           or (mine.assigned_at <= %(finished_at)s and mine.ended_at >= %(finished_at)s))) as is_mine
      from needs_campaign campaign
      left join talentmap_region township on township.id = %(township)s and township.level = 'township'
     where campaign.id = %(campaign)s
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
        """The township is one of the campaign's, and the village lies in it."""
        return self.takes_part and self.village_fits


def about(sent: Sent, by: Any) -> tuple[Campaign | None, Place | None]:
    """The campaign, and the place as `by` stands to it; None for what there is not."""
    asked = {
        "campaign": sent.campaign,
        "township": sent.township,
        "village": sent.village,
        "finished_at": sent.finished_at,
        "by": by.pk if by else None,
    }
    rows: Any = Campaign.objects.raw(_ABOUT, asked)  # with what is asked about the place as attributes
    for found in rows:
        if found.place_code is None:
            return found, None
        facts = (found.takes_part, found.village_fits, found.is_assigned, found.is_mine)
        return found, Place(found.place_code, *facts)
    return None, None


def may_answer_in(by: Any, place: Place | None) -> bool:
    """Whether the person may enter answers for this place now, or could when the answers were given."""
    if place is None or not place.is_of_campaign or not by.may(Permission.FILL_SURVEYS):
        return False
    reach = by.reach(Permission.FILL_SURVEYS)
    return reach.covers_code(place.code) and (reach.everything or place.is_mine or not place.is_assigned)
