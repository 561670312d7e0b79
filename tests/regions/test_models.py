from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from talentmap.regions.models import Level, Region
from tests.factories.accounts import CountyFactory, TownshipFactory, VillageFactory

pytestmark = pytest.mark.django_db


def violates(name, make):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    assert caught.value.__cause__.diag.constraint_name == name


def make(**values):
    fields = {"code": "511525100000", "name": "文江镇", "level": Level.TOWNSHIP, "parent": CountyFactory(), **values}
    return Region.objects.create(**fields)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("talentmap_region_code_digits", {"code": "51152510000A"}),
        ("talentmap_region_alt_code_digits", {"alt_code": "123"}),
        ("talentmap_region_level_fits_code", {"level": Level.VILLAGE}),
        ("talentmap_region_level_fits_code", {"code": "511525100001"}),
        ("talentmap_region_level_fits_code", {"code": "511525000000", "level": Level.TOWNSHIP}),
        ("talentmap_region_parent", {"parent": None}),
        ("talentmap_region_population_dated", {"population": 5}),
        ("talentmap_region_population_dated", {"population_as_of": date(2020, 11, 1)}),
        ("talentmap_region_coordinates_paired", {"latitude": 28}),
        ("talentmap_region_coordinates_on_earth", {"latitude": 91, "longitude": 104}),
        ("talentmap_region_coordinates_on_earth", {"latitude": 28, "longitude": -181}),
        ("talentmap_region_tile_paired", {"tile_y": 1}),
    ],
)
def test_the_database_refuses(name, values):
    county = CountyFactory()
    if values.get("code", "") == county.code:
        Region.objects.filter(pk=county.pk).update(code="511526000000")
    if values.get("code") == "51152510000A":  # fits no level either; the digits are what is asked here
        values = {**values, "level": Level.VILLAGE}
    violates(name, lambda: make(**values))


def test_codes_are_given_once():
    make(alt_code="511525115000")
    violates("talentmap_region_code_unique", make)
    violates("talentmap_region_alt_code_unique", lambda: make(code="511525101000", alt_code="511525115000"))
    make(code="511525102000")
    make(code="511525103000")  # many have no alternative code


def test_a_county_belongs_to_nothing():
    violates(
        "talentmap_region_parent",
        lambda: make(code="511526000000", level=Level.COUNTY, parent=CountyFactory()),
    )


def test_within_is_the_region_and_what_lies_below():
    township, other = TownshipFactory(), TownshipFactory()
    village = VillageFactory(parent=township)
    assert set(Region.objects.within(township)) == {township, village}
    assert set(Region.objects.within(village)) == {village}
    assert set(Region.objects.within("511525000000")) == {township.parent, township, village, other}
    assert village.full_name == f"{township.name}{village.name}"
    assert township.full_name == township.name


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("百通村民委员会", "百通村"),
        ("田村村民委员会", "田村"),
        ("大桥社区村民委员会", "大桥社区"),
        ("柳湖社区居民委员会", "柳湖社区"),
        ("麻柳村", "麻柳村"),
    ],
)
def test_a_narrow_column_names_the_village_without_its_committee(name, short):
    village = VillageFactory.build(parent=TownshipFactory.build(name="庆符镇"), name=name)
    assert village.short_name == f"庆符镇 {short}"
    assert village.parent.short_name == "庆符镇"


@pytest.mark.parametrize("code", ["511525101099", "511526100099"])
def test_a_code_begins_with_its_parents(code):
    township = TownshipFactory(code="511525100000")

    def make_below():
        make(code=code, level=Level.VILLAGE, parent=township)
        now()

    violates("talentmap_region_code_below_parent", make_below)


def test_a_parent_does_not_leave_what_lies_below():
    township = VillageFactory(parent=TownshipFactory(code="511525100000")).parent

    def move():
        Region.objects.filter(pk=township.pk).update(code="511525101000")
        now()

    violates("talentmap_region_code_below_parent", move)


def now():
    """Have judged at once what waits for the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
