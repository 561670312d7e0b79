"""The one version of the boundaries that maps are drawn with."""

from typing import Any

from django.urls import reverse

from talentmap.regions import geojson
from talentmap.regions.boundary_models import Boundary, BoundarySet
from talentmap.regions.models import Region


def current() -> BoundarySet | None:
    return BoundarySet.objects.in_use().first()


def current_address() -> str:
    """Where browsers get the boundaries, another address for every version; "" where there are none."""
    pk = BoundarySet.objects.in_use().values_list("pk", flat=True).first()
    return reverse("regions:boundaries_json", args=[pk]) if pk else ""


def known_townships() -> list[geojson.Known]:
    found = Region.objects.townships().active().order_by("code").values_list("pk", "name", "code", "alt_code")
    return [geojson.Known(*values) for values in found]


def as_geojson(boundaries: BoundarySet) -> dict[str, Any]:
    """The version as ECharts reads it: the township's code is the name, `cp` the place of the label."""
    rows = Boundary.objects.filter(boundary_set=boundaries).select_related("region")
    features = [
        {
            "type": "Feature",
            "properties": {"name": row.region.code, "label": row.region.name,
                           "cp": [row.label_longitude, row.label_latitude]},
            "geometry": row.geometry,
        }
        for row in rows
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}
