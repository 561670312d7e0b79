"""What a response looks suspicious by, with the one question to the database that this takes."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from needs.surveys.questionnaires.models import Version
from needs.surveys.responses import rules
from needs.surveys.responses.models import Response

_AROUND = """
    select exists (select 1 from needs_response
                    where campaign_id = %(campaign)s and fingerprint = %(fingerprint)s and uuid <> %(uuid)s),
           (select count(*) from (select 1 from needs_response
                                   where channel = 'self' and device <> '' and campaign_id = %(campaign)s
                                     and device = %(device)s and uuid <> %(uuid)s
                                   limit %(most)s) as others),
           latitude, longitude,
           not exists (select 1 from talentmap_region village
                        where village.id = %(village)s and village.parent_id <> township.id)
      from talentmap_region township where id = %(township)s
"""


def flags_of(response: Response) -> list[str]:
    """The suspicions about a response, stored or about to be. `response.campaign` is best at hand already."""
    twin, others, latitude, longitude, village_fits = _around(response)
    seen = rules.Seen(
        started_at=timezone.localtime(response.started_at),
        finished_at=timezone.localtime(response.finished_at),
        shortest_minutes=response.campaign.shortest_minutes,
        answers=response.answers,
        scales=scales_of(response.version_id),
        is_interview=response.channel == Response.Channel.INTERVIEW,
        distance_km=_distance(response, latitude, longitude),
        is_village_elsewhere=not village_fits,
        has_twin=twin,
        others_by_device=others if response.channel == Response.Channel.SELF else 0,
    )
    return [flag.value for flag in rules.suspicions(seen)]


@lru_cache(maxsize=200)
def scales_of(version_id: int) -> tuple[rules.Scale, ...]:
    """A published version never changes, so each process reads it once."""
    compiled: Mapping[str, Any] | None = Version.objects.values_list("compiled", flat=True).get(pk=version_id)
    return rules.scales(compiled or {})


def _around(response: Response) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            _AROUND,
            {
                "campaign": response.campaign_id,
                "fingerprint": response.fingerprint,
                "uuid": str(response.uuid),
                "device": response.device,
                "most": rules.MOST_BY_DEVICE,
                "village": response.village_id,
                "township": response.township_id,
            },
        )
        return tuple(cursor.fetchone())


def _distance(response: Response, latitude: Any, longitude: Any) -> float | None:
    if response.latitude is None or response.longitude is None or latitude is None:
        return None
    return rules.distance_km((response.latitude, response.longitude), (float(latitude), float(longitude)))
