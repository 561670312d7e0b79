"""Tariffs: the version in force on a day, versions added and never changed."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from talentmap.accounts.models import User
from talentmap.money import actions, tariffs
from talentmap.money.models import Tariff
from talentmap.money.tariffs import NoTariff, TariffDefinition, TariffKey, Unit, day_of, value_of
from talentmap.ui.errors import Refused
from tests.factories import money as made

pytestmark = pytest.mark.django_db
VALUES = {"rent.doctor": Decimal(3_500), "rent.bachelor": Decimal(1_500), "months": Decimal(36)}


def add(**changes):
    values = {
        "by": made.director(),
        "at": made.AT,
        "code": "test_rent",
        "valid_from": date(2027, 1, 1),
        "values": VALUES,
        "note": "高人社发〔2026〕9号",
        "expected_version": 1,
        **changes,
    }
    return actions.add_version(**values)


def test_the_date_decides_which_version_is_in_force():
    made.tariff(date(2025, 1, 1))
    made.tariff(date(2026, 7, 1), version=2, rent__doctor=4_000)
    assert tariffs.in_force("test_rent", date(2026, 6, 30))["rent.doctor"] == 3_000
    assert tariffs.in_force("test_rent", date(2026, 7, 1))["rent.doctor"] == 4_000


def test_of_two_versions_of_one_day_the_later_puts_the_earlier_right():
    made.tariff(date(2025, 1, 1))
    made.tariff(date(2026, 7, 1), version=2, rent__doctor=40)
    made.tariff(date(2026, 7, 1), version=3, rent__doctor=4_000)
    assert tariffs.in_force("test_rent", date(2026, 7, 2)).version == 3


def test_a_version_added_for_an_earlier_day_does_not_end_a_planned_one():
    made.tariff(date(2025, 1, 1))
    made.tariff(date(2027, 1, 1), version=2, rent__doctor=4_000)
    made.tariff(date(2026, 7, 1), version=3, rent__doctor=3_200)
    assert tariffs.in_force("test_rent", date(2026, 12, 31)).version == 3
    assert tariffs.in_force("test_rent", date(2027, 1, 1)).version == 2


def test_several_tariffs_are_read_in_one_query_with_the_versions_in_force(django_assert_num_queries):
    made.tariff(date(2025, 1, 1))
    made.tariff(date(2026, 7, 1), version=2, rent__doctor=40)
    made.tariff(date(2026, 7, 1), version=3, rent__doctor=4_000)
    made.tariff(date(2027, 1, 1), version=4, rent__doctor=5_000)
    with django_assert_num_queries(1):
        found = tariffs.amounts(("test_rent", "", "casework.deadlines"), date(2026, 7, 2))
    assert found == {"test_rent": dict(tariffs.in_force("test_rent", date(2026, 7, 2)))}


def test_before_the_first_version_there_is_none():
    made.tariff(date(2025, 1, 1))
    with pytest.raises(NoTariff, match="2024-12-31"):
        tariffs.in_force("test_rent", date(2024, 12, 31))


def test_a_case_keeps_the_version_it_has():
    kept = made.tariff(date(2025, 1, 1))
    add(valid_from=date(2025, 1, 1))
    assert tariffs.version(Tariff.objects.get(pk=kept.pk))["rent.doctor"] == 3_000


def test_a_parameter_younger_than_the_version_has_its_default():
    made.tariff()
    young = TariffKey("purchase", "购房", Unit.CNY, default=Decimal(50_000))
    tariffs.define(TariffDefinition("test_rent", "x", keys=(*made.RENT.keys, young)))
    try:
        assert tariffs.in_force("test_rent", date(2026, 1, 1))["purchase"] == 50_000
    finally:
        tariffs.define(made.RENT)


def test_a_version_is_added_behind_the_latest():
    made.tariff()
    added = add()
    assert (added.version, added.valid_from) == (2, date(2027, 1, 1))
    assert dict(tariffs.version(added)) == VALUES


def test_who_may_not_adds_no_version():
    made.tariff()
    with pytest.raises(PermissionDenied):
        add(by=made.staff())


@pytest.mark.parametrize(
    "changes",
    [
        {"note": " "},
        {"expected_version": 0},
        {"values": {**VALUES, "months": Decimal(61)}},
        {"values": {**VALUES, "months": Decimal("1.5")}},
        {"values": {**VALUES, "rent.doctor": Decimal(-1)}},
        {"values": {**VALUES, "rent.doctor": Decimal("NaN")}},
        {"values": {**VALUES, "rent.doctor": Decimal("0.001")}},
        {"values": made.RENT.defaults, "valid_from": date(2025, 1, 1)},
    ],
)
def test_a_version_that_cannot_be_is_refused(changes):
    made.tariff()
    with pytest.raises(Refused):
        add(**changes)
    assert Tariff.objects.filter(code="test_rent").count() == 1


def test_values_of_other_keys_are_a_fault_of_the_caller():
    made.tariff()
    with pytest.raises(ValueError, match="keys"):
        add(values={"months": Decimal(1)})


def test_a_tariff_without_a_version_gets_no_second():
    tariffs.define(made.RENT)
    with pytest.raises(Refused):
        add()


def test_reference_data_gives_every_tariff_its_first_version_once():
    tariffs.define(made.RENT)
    args = {"by": User.objects.system(), "at": made.AT}
    assert actions.load_defaults(**args) >= 1
    assert actions.load_defaults(**args) == 0
    first = tariffs.in_force("test_rent", date(2026, 1, 1))
    assert (first.version, first["rent.doctor"]) == (1, 3_000)


def test_every_shipped_default_is_possible():
    for definition in tariffs.definitions():
        for key in definition.keys:
            assert key.problem(key.default) == "", (definition.code, key.key)


def test_a_parameter_may_be_a_date():
    key = TariffKey("until", "Until", Unit.DAY, value_of(date(2020, 1, 1)), value_of(date(2999, 12, 31)))
    assert [key.problem(value_of(day)) for day in (date(2020, 1, 1), date(2028, 2, 29))] == ["", ""]
    assert day_of(value_of(date(2028, 2, 29))) == date(2028, 2, 29)
    assert "2020-01-01" in key.problem(value_of(date(2019, 12, 31)))
    for value in ("20280230", "0", "20271231.5", "NaN", "1E+9"):
        assert key.problem(Decimal(value))
