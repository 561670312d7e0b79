"""Where a permission is held: everywhere, in regions, in organisations."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q


class Holding(NamedTuple):
    """An active role and where it is held: in a region, in an organisation, or in neither."""

    role: str
    region_code: str | None
    organisation_id: int | None


@dataclass(frozen=True)
class Reach:
    """`region_codes` are prefixes of region codes (511525100 is a township and all its villages)."""

    everything: bool = False
    region_codes: tuple[str, ...] = ()
    organisation_ids: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return self.everything or bool(self.region_codes or self.organisation_ids)

    def covers_code(self, code: str) -> bool:
        """Whether the region with this 12-digit code lies inside."""
        return self.everything or code.startswith(self.region_codes or ("-",))

    def covers(self, obj: Any) -> bool:
        """Whether `obj` lies inside by its `reach_region` or `reach_organisation_id`."""
        if self.everything:
            return True
        region = getattr(obj, "reach_region", None)
        if region is not None and self.covers_code(region.code):
            return True
        organisation_id = getattr(obj, "reach_organisation_id", None)
        return organisation_id is not None and organisation_id in self.organisation_ids

    def q(self, *, region: str = "", organisation: str = "") -> Q:
        """A filter by the paths to a region and to an organisation, e.g. `q(region="applicant__region")`."""
        if self.everything:
            return ~Q(pk__in=[])  # not Q(): an empty one vanishes when another is or-ed to it
        inside = Q(pk__in=[])
        if region:
            for prefix in self.region_codes:
                inside |= Q(**{f"{region}__code__startswith": prefix})
        if organisation and self.organisation_ids:
            inside |= Q(**{f"{organisation}__in": self.organisation_ids})
        return inside
