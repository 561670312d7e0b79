from datetime import date
from decimal import Decimal

import pytest

from talentmap.regions.codes import level_of, parent_code, prefix_of
from talentmap.regions.rules import Known, RegionRow, moved, plan

EMPTY = {
    "alt_code": "",
    "population": None,
    "population_as_of": None,
    "latitude": None,
    "longitude": None,
    "tile_x": None,
    "tile_y": None,
}


def known(code, name="某", **values):
    stored = {"code": code, "name": name, **EMPTY, **values}
    return Known(code, stored["alt_code"], stored)


COUNTY = known("511525000000", "高县")
TOWNSHIP = known("511525112000", "落润镇", alt_code="511525115000")


@pytest.mark.parametrize(
    ("code", "prefix", "level", "parent"),
    [
        ("511525000000", "511525", "county", ""),
        ("511525100000", "511525100", "township", "511525000000"),
        ("511525100001", "511525100001", "village", "511525100000"),
    ],
)
def test_a_code_says_level_and_ancestor(code, prefix, level, parent):
    assert (prefix_of(code), level_of(code), parent_code(code)) == (prefix, level, parent)


def test_new_changed_and_unchanged_rows_are_told_apart():
    rows = [
        RegionRow(2, "511525000000", "高县"),
        RegionRow(3, "511525112000", "落润", population=21000, population_as_of=date(2020, 11, 1)),
        RegionRow(4, "511525112001", "公益村"),
    ]
    planned = plan(rows, [COUNTY, TOWNSHIP])
    assert (planned.created, planned.updated, planned.unchanged, planned.problems) == (1, 1, 1, ())
    changed = planned.changes[0]
    assert changed.was == {"name": "落润镇", "population": None, "population_as_of": None}
    assert changed.becomes == {
        "name": "落润",
        "population": 21000,
        "population_as_of": date(2020, 11, 1),
    }


def test_an_empty_cell_changes_nothing():
    stored = known("511525000000", "高县", latitude=Decimal("28.4"), longitude=Decimal("104.5"))
    assert plan([RegionRow(2, "511525000000", "高县")], [stored]).changes == ()


def test_a_row_under_the_ministrys_code_finds_the_stored_region():
    rows = [RegionRow(2, "511525115000", "落润镇"), RegionRow(3, "511525115001", "公益村")]
    planned = plan(rows, [COUNTY, TOWNSHIP, known("511525112001", "公益村")])
    assert planned.changes == ()
    assert planned.problems == ()


def messages(rows, stored=(COUNTY, TOWNSHIP)):
    return [(problem.number, str(problem.message)) for problem in plan(rows, stored).problems]


def test_a_code_twice_in_the_file_is_refused():
    [(number, message)] = messages([RegionRow(2, "511525000000", "甲"), RegionRow(5, "511525000000", "乙")])
    assert number == 5
    assert "2" in message


def test_a_region_named_by_both_its_codes_is_refused():
    rows = [RegionRow(2, "511525112099", "新村"), RegionRow(3, "511525115099", "新村")]
    assert [number for number, _ in messages(rows)] == [3]


def test_a_township_under_the_ministrys_code_of_the_county_is_created_below_the_county():
    county = known("511525000000", "高县", alt_code="511599000000")
    [change] = plan([RegionRow(2, "511599100000", "新镇")], [county]).changes
    assert change.becomes == {"code": "511525100000", "alt_code": "511599100000", "name": "新镇"}


def test_a_region_without_the_one_above_it_is_refused():
    [(number, message)] = messages([RegionRow(2, "511525999001", "孤村")])
    assert number == 2
    assert "511525999000" in message


def test_the_region_above_may_come_later_in_the_file():
    rows = [RegionRow(2, "511525999001", "孤村"), RegionRow(3, "511525999000", "新镇")]
    assert [change.row.code for change in plan(rows, [COUNTY]).changes] == ["511525999000", "511525999001"]


@pytest.mark.parametrize(
    "half",
    [
        {"population": 5},
        {"population_as_of": date(2020, 1, 1)},
        {"latitude": Decimal(1)},
        {"tile_x": 1},
    ],
)
def test_half_of_a_pair_is_refused(half):
    assert len(messages([RegionRow(2, "511525000000", "高县", **half)])) == 1


@pytest.mark.parametrize(
    "row",
    [
        RegionRow(2, "511525000000", "高县", alt_code="511525115000"),  # 落润's alternative code
        RegionRow(2, "511525000000", "高县", alt_code="511525112000"),  # 落润's own code
        RegionRow(2, "511525112000", "落润镇", alt_code="511525112000"),  # its own code again
    ],
)
def test_an_alternative_code_that_is_another_code_is_refused(row):
    assert len(messages([row])) == 1


def test_an_alternative_code_may_be_repeated_for_its_own_region():
    assert messages([RegionRow(2, "511525112000", "落润镇", alt_code="511525115000")]) == []


def test_two_rows_cannot_share_an_alternative_code():
    rows = [
        RegionRow(2, "511525113000", "甲镇", alt_code="511525116000"),
        RegionRow(3, "511525114000", "乙镇", alt_code="511525116000"),
    ]
    assert [number for number, _ in messages(rows)] == [3]


def test_a_village_moves_along_with_its_township():
    assert moved("511525112007", "511525112000", "511525115000") == "511525115007"
