from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.regions import actions
from talentmap.regions.models import Level, Region
from talentmap.regions.reference import SHIPPED
from talentmap.regions.rules import RegionRow
from talentmap.ui.errors import Refused
from tests.factories.accounts import CountyFactory, TownshipFactory, VillageFactory, user_with
from tests.races import run_together

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ROWS = (
    RegionRow(2, "511525000000", "高县", population=380893, population_as_of=date(2020, 11, 1)),
    RegionRow(3, "511525100000", "文江镇", alt_code="511525115000"),
    RegionRow(4, "511525100001", "硕勋社区"),
)


@pytest.mark.django_db
def test_the_shipped_county_is_whole_and_loads_once():
    out = StringIO()
    call_command("load_reference_data", stdout=out)
    call_command("load_reference_data", stdout=out)
    levels = [Region.objects.filter(level=level).count() for level in Level.values]
    assert levels == [1, 13, 218]
    assert Region.objects.get(name="落润镇").alt_code == "511525115000"
    assert Region.objects.get(name="庆岭镇").alt_code == "511525116000"
    assert Region.objects.townships().filter(tile_x__isnull=False).values("tile_x", "tile_y").distinct().count() == 13
    assert User.objects.filter(username="system").count() == 1
    assert "232 regions" in out.getvalue()


@pytest.mark.django_db
def test_what_the_office_changed_survives_an_update():
    call_command("load_reference_data", stdout=StringIO())
    Region.objects.filter(name="文江镇").update(name="文江街道")
    call_command("load_reference_data", stdout=StringIO())
    assert Region.objects.filter(name="文江街道").exists()


def test_the_shipped_file_is_in_the_package():
    assert SHIPPED.exists()


@pytest.mark.django_db
def test_an_import_makes_the_tree_and_then_changes_nothing():
    system = User.objects.system()
    done = actions.import_regions(by=system, at=AT, rows=ROWS)
    assert (done.created, done.updated) == (3, 0)
    village = Region.objects.get(code="511525100001")
    assert village.parent.parent.name == "高县"
    again = actions.import_regions(by=system, at=AT, rows=ROWS)
    assert (again.created, again.updated) == (0, 0)


@pytest.mark.django_db
def test_an_import_under_the_ministrys_codes_changes_and_adds_below_the_stored_township():
    system = User.objects.system()
    actions.import_regions(by=system, at=AT, rows=ROWS)
    rows = (RegionRow(2, "511525115000", "文江街道"), RegionRow(3, "511525115001", "硕勋村"))
    assert actions.import_regions(by=system, at=AT, rows=rows).updated == 2
    assert set(Region.objects.values_list("code", "name")) == {
        ("511525000000", "高县"),
        ("511525100000", "文江街道"),
        ("511525100001", "硕勋村"),
    }


@pytest.mark.django_db
def test_a_new_village_under_the_ministrys_code_gets_the_statistical_one_of_its_township():
    system = User.objects.system()
    actions.import_regions(by=system, at=AT, rows=ROWS)
    new = (RegionRow(2, "511525115099", "新村"),)
    assert actions.import_regions(by=system, at=AT, rows=new).created == 1
    village = Region.objects.get(name="新村")
    assert (village.code, village.alt_code, village.parent.name) == ("511525100099", "511525115099", "文江镇")
    assert village in Region.objects.within(village.parent)
    assert actions.plan_import(new).changes == ()


@pytest.mark.django_db
def test_who_keeps_a_township_imports_there_under_either_code():
    actions.import_regions(by=User.objects.system(), at=AT, rows=ROWS)
    keeper = user_with(Role.ADMINISTRATOR, region=Region.objects.get(name="文江镇"))
    new = (RegionRow(2, "511525115099", "新村"),)
    assert actions.import_regions(by=keeper, at=AT, rows=new).created == 1


@pytest.mark.django_db
def test_a_stale_page_overwrites_nothing():
    administrator, township = user_with(Role.ADMINISTRATOR), TownshipFactory()
    save = {"by": administrator, "at": AT, "region": township, "expected_version": 1}
    assert actions.save_region(**save, values={"name": "文江街道"}).version == 2
    with pytest.raises(Refused):
        actions.save_region(**save, values={"population": 5})
    assert Region.objects.get(pk=township.pk).name == "文江街道"


@pytest.mark.django_db
def test_an_import_with_a_problem_saves_nothing():
    with pytest.raises(Refused):
        actions.import_regions(by=User.objects.system(), at=AT, rows=(*ROWS, RegionRow(5, "511525900001", "孤村")))
    assert not Region.objects.exists()


@pytest.mark.django_db
def test_only_who_keeps_the_regions_imports_and_inside_their_own():
    with pytest.raises(PermissionDenied):
        actions.import_regions(by=user_with(Role.OFFICE_STAFF), at=AT, rows=ROWS)
    elsewhere = user_with(Role.ADMINISTRATOR, region=CountyFactory(code="511526000000", name="珙县"))
    with pytest.raises(Refused):
        actions.import_regions(by=elsewhere, at=AT, rows=ROWS)


@pytest.mark.django_db
def test_a_new_code_takes_the_villages_along_and_the_old_one_stays_known():
    administrator, township = user_with(Role.ADMINISTRATOR), TownshipFactory(code="511525112000")
    village = VillageFactory(parent=township, code="511525112007")
    actions.save_region(by=administrator, at=AT, region=township, values={"code": "511525115000"})
    township.refresh_from_db()
    village.refresh_from_db()
    assert (township.code, township.alt_code) == ("511525115000", "511525112000")
    assert (village.code, village.parent) == ("511525115007", township)


@pytest.mark.django_db
def test_a_village_moves_to_the_township_its_new_code_names():
    administrator = user_with(Role.ADMINISTRATOR)
    old, new = TownshipFactory(code="511525112000"), TownshipFactory(code="511525113000")
    village = VillageFactory(parent=old, code="511525112007")
    actions.save_region(by=administrator, at=AT, region=village, values={"code": "511525113009"})
    village.refresh_from_db()
    assert village.parent == new


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["511525112001", "511526112000", "511525113000", "nonsense"])
def test_a_code_that_fits_nothing_is_refused_whole(code):
    administrator, township = user_with(Role.ADMINISTRATOR), TownshipFactory(code="511525112000")
    TownshipFactory(code="511525113000")
    VillageFactory(parent=township, code="511525112007")
    with pytest.raises((Refused, ValidationError)):
        actions.save_region(by=administrator, at=AT, region=township, values={"code": code})
    assert set(Region.objects.values_list("code", flat=True)) == {
        "511525000000",
        "511525112000",
        "511525113000",
        "511525112007",
    }


@pytest.mark.django_db
def test_the_countys_own_code_belongs_to_the_settings():
    administrator = user_with(Role.ADMINISTRATOR)
    with pytest.raises(Refused):
        actions.save_region(by=administrator, at=AT, region=CountyFactory(), values={"code": "511599000000"})
    with pytest.raises(PermissionDenied):
        actions.save_region(by=user_with(Role.OFFICE_STAFF), at=AT, region=CountyFactory(), values={"name": "x"})


# Two at once ---------------------------------------------------------------------------------------------


def import_four_times():
    system = User.objects.system()
    return run_together(lambda index: actions.import_regions(by=system, at=AT, rows=ROWS), 4)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_imported_four_times_at_once_is_imported_once():
    outcomes = import_four_times()
    assert sorted(done.created for done in outcomes) == [0, 0, 0, 3]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_imports_collide(monkeypatch):
    monkeypatch.setattr(actions, "_one_at_a_time", lambda: None)
    for _attempt in range(5):
        Region.objects.all().delete()
        if any(isinstance(outcome, Exception) for outcome in import_four_times()):
            return
    pytest.fail("the race was never lost: the test with the lock proves nothing")
