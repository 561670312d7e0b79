"""Boundaries: what a file may hold, which township each shape belongs to, versions, and who may do what."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from talentmap.accounts.permissions import Role
from talentmap.regions import actions_boundaries as actions
from talentmap.regions import geojson
from talentmap.regions.boundaries import as_geojson, current, current_address
from talentmap.regions.boundary_models import Boundary, BoundarySet
from talentmap.ui.errors import Refused
from tests.factories.accounts import TownshipFactory, user_with

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def square(x=104.5, y=28.4, side=0.1):
    corners = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {"type": "Polygon", "coordinates": [corners]}


def feature(geometry=None, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry or square()}


def file(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}, ensure_ascii=False).encode()


@pytest.fixture
def townships():
    """Of the trap in the sources: the statistical office says 112 where the ministry says 115."""
    return [
        TownshipFactory(code="511525112000", alt_code="511525115000", name="落润镇"),
        TownshipFactory(code="511525101000", name="庆符镇"),
        TownshipFactory(code="511525102000", name="沙河镇"),
    ]


@pytest.fixture
def staff():
    return user_with(Role.OFFICE_STAFF)


def uploaded(staff, *features):
    return actions.upload_boundaries(
        by=staff, at=NOW, file_name="高县.geojson", source="县自然资源局 2026", content=file(*features)
    )


# matching -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "properties",
    [
        {"code": "511525112000"},
        {"code": "511525115000"},
        {"adcode": 511525115},
        {"XZQDM": "511525112"},
        {"name": "落润镇"},
        {"名称": "落润"},
        {"name": "别名", "gb": "511525115000"},
    ],
)
def test_a_township_is_known_by_either_code_or_by_name(townships, staff, properties):
    made = uploaded(staff, feature(**properties))
    assert [row.region.name for row in made.boundaries.select_related("region")] == ["落润镇"]


def test_a_code_says_more_than_a_name(townships, staff):
    made = uploaded(staff, feature(name="庆符镇", code="511525102000"))
    assert [row.region.name for row in made.boundaries.all()] == ["沙河镇"]


def test_what_belongs_nowhere_and_what_is_missing_is_told_by_name(townships, staff, client):
    made = uploaded(staff, feature(name="庆符镇"), feature(name="邻县某镇"), feature())
    assert made.left_out == ["邻县某镇", "第 3 个图形"]
    client.force_login(staff)
    text = client.get(reverse("regions:boundary_detail", args=[made.pk])).content.decode()
    for words in ("邻县某镇", "落润镇", "沙河镇", "尚未生效"):
        assert words in text


def test_two_shapes_of_one_township_are_refused_by_name(townships, staff):
    with pytest.raises(geojson.BadBoundaries) as bad:
        uploaded(staff, feature(name="庆符镇"), feature(name="庆符", code="511525101000"))
    assert "庆符镇" in bad.value.problems[0]
    assert not BoundarySet.objects.exists()


def test_a_file_of_another_county_changes_nothing(townships, staff):
    with pytest.raises(geojson.BadBoundaries) as bad:
        uploaded(staff, feature(name="筠连镇"))
    assert bad.value.problems == ("筠连镇",)
    assert not BoundarySet.objects.exists()


# content --------------------------------------------------------------------------------------------------

BOWTIE = {"type": "Polygon", "coordinates": [[[104, 28], [105, 29], [105, 28], [104, 29], [104, 28]]]}
BAD = {
    "empty": b"",
    "no json": b"PK\x03\x04" + b"\x00" * 40,
    "not utf-8": b"\xff\xfe\xfd",
    "deep": b"[" * 100_000,
    "a list": b"[1, 2]",
    "one feature": json.dumps(feature(name="庆符镇")).encode(),
    "no features": file(),
    "features no list": b'{"type": "FeatureCollection", "features": {"a": 1}}',
    "a number as feature": file(7),
    "no geometry": file({"type": "Feature", "properties": None, "geometry": None}),
    "a point": file(feature({"type": "Point", "coordinates": [104, 28]}, name="庆符镇")),
    "open ring": file(feature({"type": "Polygon", "coordinates": [[[104, 28], [105, 28], [105, 29], [104, 29]]]})),
    "short ring": file(feature({"type": "Polygon", "coordinates": [[[104, 28], [105, 28], [104, 28]]]})),
    "flat": file(feature({"type": "Polygon", "coordinates": [[104, 28], [105, 28]]})),
    "text for numbers": file(feature({"type": "Polygon", "coordinates": [[["104", "28"]] * 4]})),
    "true for numbers": file(feature({"type": "Polygon", "coordinates": [[[True, False]] * 4]})),
    "metres": file(feature(square(500_000, 3_100_000, 10))),
    "infinite": b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":'
    b'{"type":"Polygon","coordinates":[[[NaN,1],[Infinity,2],[3,3],[NaN,1]]]}}]}',
    "crossing itself": file(feature(BOWTIE, name="庆符镇")),
    "too many": file(*[feature()] * 501),
    "too large": b" " * (5 * 1024 * 1024) + b"{} ",
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_file_is_told_what_is_wrong_and_saves_nothing(townships, staff, client, name):
    client.force_login(staff)
    upload = SimpleUploadedFile("a.geojson", BAD[name])
    page = client.post(reverse("regions:boundary_upload"), {"file": upload, "source": "x"})
    assert page.status_code == 200
    text = page.content.decode()
    assert 'role="alert"' in text or "invalid-feedback" in text or "error-summary" in text
    assert not BoundarySet.objects.exists()


def test_too_many_points_are_counted_and_told(monkeypatch, townships, staff):
    monkeypatch.setattr(geojson, "MOST_POINTS", 9)
    with pytest.raises(geojson.BadBoundaries) as bad:
        uploaded(staff, feature(name="庆符镇"), feature(name="沙河镇"))
    assert "10" in bad.value.problems[0]


def test_the_shape_that_is_wrong_is_named(townships, staff):
    with pytest.raises(geojson.BadBoundaries) as bad:
        uploaded(staff, feature(name="沙河镇"), feature(BOWTIE, name="庆符镇"))
    assert len(bad.value.problems) == 1
    assert bad.value.problems[0].startswith("庆符镇")


def test_a_good_shape_is_kept_to_the_metre_with_a_label_inside(townships, staff):
    made = uploaded(staff, feature(square(104.5000049, 28.4, 0.1), name="庆符镇"))
    row = made.boundaries.get()
    assert row.geometry["coordinates"][0][0] == [104.5, 28.4]
    assert 104.5 < row.label_longitude < 104.6
    assert 28.4 < row.label_latitude < 28.5


# versions -------------------------------------------------------------------------------------------------


def test_versions_take_each_others_place_and_come_back(townships, staff):
    first = uploaded(staff, feature(name="庆符镇"))
    assert current() is None
    assert current_address() == ""
    actions.use_boundaries(by=staff, at=NOW, boundaries=first)
    second = uploaded(staff, feature(name="庆符镇"), feature(name="沙河镇"))
    actions.use_boundaries(by=staff, at=NOW + timedelta(minutes=1), boundaries=second)
    first.refresh_from_db()
    assert (first.state, second.pk, first.ended_by) == ("ended", current().pk, staff)
    actions.use_boundaries(by=staff, at=NOW + timedelta(minutes=2), boundaries=first)
    assert current() == first
    with pytest.raises(Refused):
        actions.use_boundaries(by=staff, at=NOW, boundaries=first)
    actions.remove_boundaries(by=staff, at=NOW + timedelta(minutes=3), boundaries=first)
    assert current() is None
    assert BoundarySet.objects.count() == 2
    with pytest.raises(Refused):
        actions.remove_boundaries(by=staff, at=NOW, boundaries=first)


def test_a_new_upload_takes_the_place_of_ones_own_unconfirmed_one(townships, staff):
    uploaded(staff, feature(name="庆符镇"))
    other = user_with(Role.OFFICE_STAFF)
    theirs = uploaded(other, feature(name="庆符镇"))
    mine = uploaded(staff, feature(name="沙河镇"))
    assert set(BoundarySet.objects.values_list("pk", flat=True)) == {theirs.pk, mine.pk}
    with pytest.raises(Refused):
        actions.use_boundaries(by=staff, at=NOW, boundaries=theirs)


def test_only_who_may_edit_boundaries_does(townships, staff, client):
    made = uploaded(staff, feature(name="庆符镇"))
    leader, cadre = user_with(Role.COUNTY_LEADER), user_with(Role.TOWNSHIP_CADRE)
    for person in (leader, cadre):
        with pytest.raises(PermissionDenied):
            uploaded(person, feature(name="庆符镇"))
        with pytest.raises(PermissionDenied):
            actions.use_boundaries(by=person, at=NOW, boundaries=made)
        client.force_login(person)
        assert client.get(reverse("regions:boundary_list")).status_code == 403
        assert client.get(reverse("regions:boundaries_json", args=[made.pk])).status_code == 404
    actions.use_boundaries(by=staff, at=NOW, boundaries=made)
    assert client.get(reverse("regions:boundaries_json", args=[made.pk])).json() == as_geojson(made)


def test_the_database_refuses_two_in_use_and_halves(townships, staff):
    made = uploaded(staff, feature(name="庆符镇"))
    actions.use_boundaries(by=staff, at=NOW, boundaries=made)
    base = {"file_name": "b", "source": "b", "sha256": "1" * 64, "uploaded_at": NOW, "uploaded_by": staff}
    wrong = {
        "talentmap_boundaryset_one_in_use": {"confirmed_at": NOW, "confirmed_by": staff},
        "talentmap_boundaryset_confirmed_paired": {"confirmed_at": NOW},
        "talentmap_boundaryset_ended_paired": {"confirmed_at": NOW, "confirmed_by": staff, "ended_at": NOW},
        "talentmap_boundaryset_ended_after_confirmed": {"ended_at": NOW, "ended_by": staff},
    }
    for name, fields in wrong.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            BoundarySet.objects.create(**base, **fields)
    row = made.boundaries.get()
    with pytest.raises(IntegrityError, match="talentmap_boundary_once"), transaction.atomic():
        Boundary.objects.create(boundary_set=made, region=row.region, geometry={}, label_longitude=0, label_latitude=0)


def test_upload_look_and_confirm_in_the_pages(townships, staff, client):
    client.force_login(staff)
    upload = SimpleUploadedFile("高县.geojson", file(feature(name="庆符镇")))
    answer = client.post(reverse("regions:boundary_upload"), {"file": upload, "source": "县自然资源局 2026"})
    made = BoundarySet.objects.get()
    assert answer["Location"] == reverse("regions:boundary_detail", args=[made.pk])
    assert current() is None
    client.post(reverse("regions:boundary_confirm", args=[made.pk]))
    assert current() == made
    text = client.get(reverse("regions:boundary_list")).content.decode()
    assert "高县.geojson" in text
    assert "沙河镇、落润镇" in text
    leader = user_with(Role.COUNTY_LEADER)
    client.force_login(leader)
    assert current_address() in client.get(reverse("dashboards:overview")).content.decode()


PAGE = 9


def test_the_list_costs_the_same_at_one_and_at_three(townships, staff, client, django_assert_num_queries):
    client.force_login(staff)
    url = reverse("regions:boundary_list")
    for number in range(3):
        made = uploaded(staff, feature(name="庆符镇"))
        actions.use_boundaries(by=staff, at=NOW + timedelta(minutes=number), boundaries=made)
        client.get(url)
        if number in (0, 2):
            with django_assert_num_queries(PAGE):
                client.get(url)
