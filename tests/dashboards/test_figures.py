"""Every figure equals hand-written SQL, and shows no more than its reader may see."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from talentmap.accounts.permissions import Role
from talentmap.casework import actions as casework
from talentmap.dashboards import compute, registry
from talentmap.dashboards.scope import Scope, period
from tests.factories import housing
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.casework import MONDAY, moment

pytestmark = pytest.mark.django_db
YEAR = Scope(date(2026, 1, 1), date(2026, 12, 31))


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.fixture
def office():
    """Two townships: one rent approved and one case waiting in the first, one submitted in the second."""
    office = housing.office()
    housing.approved(office, housing.talent(office))
    housing.submitted(housing.talent(office))
    other = TownshipFactory()
    housing.submitted(housing.talent(office, region=other))
    return office


HAND_WRITTEN = {
    "service.received": "select count(*) from talentmap_application where submitted_at >= '2026-01-01'",
    "service.decided": "select count(*) from talentmap_application where decided_at > accepted_at",
    "service.approved": "select count(*) from talentmap_application where state = 'approved'",
    "people.total": "select count(*) from talentmap_talent where is_active and erased_at is null",
    "money.budget": "select -sum(amount) from talentmap_ledgerline where account = 'source'",
    "money.available": "select sum(amount) from talentmap_ledgerline where account = 'available'",
    "money.committed": "select sum(amount) from talentmap_ledgerline where account = 'committed'",
    "housing.rent_running": "select count(*) from support_entitlement where kind = 'rent' and state = 'active'",
    "housing.rent_granted": "select count(*) from support_entitlement where kind = 'rent' and state <> 'revoked'",
}


@pytest.mark.parametrize("code", sorted(HAND_WRITTEN))
def test_a_figure_equals_hand_written_sql(office, code):
    expected = sql(HAND_WRITTEN[code])
    assert compute.value(registry.get(code), office.leader, YEAR) == expected
    assert expected > 0


def test_the_fund_after_one_masters_rent_subsidy(office):
    """2,000 a month for 36 months is reserved out of a million."""
    values = {c: compute.value(registry.get(f"money.{c}"), office.leader, YEAR) for c in ("available", "committed")}
    assert values == {"available": Decimal(928_000), "committed": Decimal(72_000)}


def test_decided_in_time_counts_by_the_promised_day(office):
    figure = registry.get("service.decided_in_time")
    assert compute.value(figure, office.leader, YEAR) == 100
    late = housing.awaiting_decision(office, housing.talent(office))
    casework.reject(by=office.director, at=moment(MONDAY + timedelta(days=200)), application=late, reason="不符合条件")
    assert compute.value(figure, office.leader, YEAR) == 50


def test_a_share_of_nothing_is_unknown_and_a_count_of_nothing_is_zero(office):
    before = Scope(date(2020, 1, 1), date(2020, 12, 31))
    assert compute.value(registry.get("service.decided_in_time"), office.leader, before) is None
    assert compute.value(registry.get("service.received"), office.leader, before) == 0


def test_a_cadre_sees_the_own_township_only(office):
    figure = registry.get("service.received")
    assert compute.value(figure, office.cadre, YEAR) == 2
    assert compute.value(figure, office.leader, YEAR) == 3
    elsewhere = user_with(Role.TOWNSHIP_CADRE)
    assert compute.value(figure, elsewhere, YEAR) == 0
    assert [point.label for point in compute.by_township(figure, office.cadre, YEAR).points] == [office.township.name]


def test_the_county_fund_is_not_shown_to_a_cadre(office, client):
    client.force_login(office.cadre)
    assert client.get(reverse("dashboards:figure", args=["money.available"])).status_code == 404
    assert "money.available" not in client.get(reverse("dashboards:support")).content.decode()


def test_months_and_townships_add_up_to_the_figure(office):
    figure = registry.get("service.received")
    whole = compute.value(figure, office.leader, YEAR)
    assert sum(p.value for p in compute.by_month(figure, office.leader, YEAR).points) == whole
    assert sum(p.value for p in compute.by_township(figure, office.leader, YEAR).points) == whole


def test_the_rows_behind_a_figure_are_those_counted(office, client):
    client.force_login(office.staff)
    page = client.get(
        reverse("dashboards:figure", args=["service.received"]),
        {"period": "own", "first": "2026-01-01", "last": "2026-12-31"},
    )
    assert page.context["list"].count == 3
    assert page.content.decode().count("ZF-2026-") == 3


def test_a_leader_reads_figures_with_masked_rows(office, client):
    client.force_login(office.leader)
    page = client.get(
        reverse("dashboards:figure", args=["service.received"]),
        {"period": "own", "first": "2026-01-01", "last": "2026-12-31"},
    )
    text = page.content.decode()
    assert "张*" in text
    assert "ZF-2026-" not in text
    assert 'href="/cases/' not in text


@pytest.mark.parametrize("code", [f.code for f in registry.all_figures()])
def test_every_figure_has_its_definition_and_opens(office, client, code):
    figure = registry.get(code)
    assert str(figure.definition).endswith(".") or str(figure.definition).endswith("。")
    client.force_login(office.director)
    assert client.get(reverse("dashboards:figure", args=[code])).status_code == 200
    assert client.get(reverse("dashboards:export_figure", args=[code])).status_code == 200


def test_hostile_choices_fall_back_and_say_so(office, client):
    client.force_login(office.leader)
    for query in ({"period": "own", "first": "2026-13-45", "last": "x"}, {"township": "'; drop"}, {"period": "own"}):
        page = client.get(reverse("dashboards:service_quality"), query)
        assert page.status_code == 200
        assert page.context["form"].errors


def test_the_last_twelve_months_end_today_and_begin_the_day_after_a_year_ago():
    assert period("year", date(2026, 11, 23)) == (date(2025, 11, 24), date(2026, 11, 23))
    assert period("year", date(2028, 2, 29)) == (date(2027, 3, 1), date(2028, 2, 29))
    assert period("quarter", date(2026, 11, 23)) == (date(2026, 10, 1), date(2026, 11, 23))
