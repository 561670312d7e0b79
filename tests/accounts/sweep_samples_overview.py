"""Samples for the URL sweep: the leaders' overview, comparisons, boundaries."""

from datetime import date, timedelta

from django.utils import timezone

from talentmap.accounts.permissions import Role
from talentmap.dashboards.brief_models import Brief
from talentmap.regions.boundary_models import BoundarySet
from tests.accounts.sweep import Sample, World, sample
from tests.factories.accounts import UserFactory

EDITORS = frozenset({Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR, Role.ADMINISTRATOR})
READERS = EDITORS | {Role.TOWNSHIP_CADRE, Role.COUNTY_LEADER}


@sample("dashboards:compare", "dashboards:export_comparison")
def comparison(world: World) -> Sample:
    return Sample(here={"page": "support"}, reached_by=READERS)


def _version(**more: object) -> BoundarySet:
    at, person = timezone.now() - timedelta(days=1), UserFactory()
    return BoundarySet.objects.create(
        file_name="a.geojson", source="x", sha256="0" * 64, uploaded_at=at, uploaded_by=person, **more
    )


def _in_use() -> BoundarySet:
    return _version(confirmed_at=timezone.now(), confirmed_by=UserFactory())


@sample("regions:boundary_detail", "regions:boundary_confirm", "regions:boundary_remove")
def boundaries(world: World) -> Sample:
    """What somebody else has not confirmed is nobody's business yet."""
    return Sample(here={"pk": _in_use().pk}, elsewhere={"pk": _version().pk}, reached_by=EDITORS, private=True)


@sample("regions:boundaries_json")
def outlines(world: World) -> Sample:
    return Sample(here={"pk": _in_use().pk}, elsewhere={"pk": _version().pk}, reached_by=READERS, private=True)


def _brief(region: object, by: object) -> Brief:
    return Brief.objects.create(
        region=region, is_county=False, month=date(2026, 1, 1), asked_at=timezone.now(), made_by=by
    )


@sample("dashboards:brief")
def brief(world: World) -> Sample:
    here, elsewhere = (_brief(place, UserFactory()) for place in (world.township, world.other_township))
    return Sample(here={"pk": here.pk}, elsewhere={"pk": elsewhere.pk}, reached_by=READERS)


@sample("dashboards:brief_file")
def brief_file(world: World) -> Sample:
    """Of one that is not ready there is no file for anybody."""
    made = _brief(world.township, UserFactory())
    return Sample(here={"pk": made.pk, "ending": "pdf"}, reached_by=frozenset())
