"""Every figure equals hand-written SQL, and shows no more than its reader may see."""

import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from support.housing.models import Entitlement
from talentmap.accounts.permissions import Role
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.dashboards import compute, registry, views
from talentmap.dashboards.scope import Scope, period
from talentmap.regions.models import Region
from talentmap.ui.downloads import XLSX
from tests.factories import housing
from tests.factories.accounts import TownshipFactory, VillageFactory, give, user_with
from tests.factories.casework import MONDAY, moment

pytestmark = pytest.mark.django_db
IN_2026 = {"period": "own", "first": "2026-01-01", "last": "2026-12-31"}
ROWS_PAGE = 11
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


@pytest.mark.parametrize("code", ["money.budget", "money.available", "money.committed", "money.paid"])
def test_the_amounts_of_the_rows_add_up_to_the_fund_figure(office, client, code):
    """The budget's lines stand below zero in the ledger, its rows do not."""
    client.force_login(office.director)
    page = client.get(reverse("dashboards:figure", args=[code]))
    amounts = [cell for cells, _url in page.context["table_rows"] for column, cell in cells if column.is_money]
    assert sum(amounts) == compute.value(registry.get(code), office.director, YEAR)
    assert bool(amounts) == (code != "money.paid")
    if code == "money.budget":
        assert 'class="num">¥1,000,000.00</td>' in page.content.decode()


def test_people_with_two_benefits_are_told_from_their_rows(office, client):
    now = Entitlement.objects.get()
    for year in (2024, 2025):
        before = {"starts_on": date(year, 1, 1), "ends_on": date(year, 6, 30), "ended_on": date(year, 6, 30)}
        same = {name: getattr(now, name) for name in ("talent", "kind", "grade", "tariff", "address")}
        same |= {"monthly_amount": now.monthly_amount, "total_amount": now.total_amount}
        Entitlement.objects.create(state="ended", end_reason="term", **same, **before)
    client.force_login(office.director)
    url = reverse("dashboards:figure", args=["housing.rent_granted"])
    text = client.get(url, {"period": "own", "first": "2024-01-01", "last": "2026-12-31"}).content.decode()
    assert "1 人，共 3 笔" in text
    assert "1 人，共" not in client.get(url, IN_2026).content.decode()


def test_the_fund_of_the_county_says_that_a_township_does_not_change_it(office, client):
    client.force_login(office.director)
    chosen = {"township": office.township.code}
    tiles = {t.figure.code: t for t in client.get(reverse("dashboards:support"), chosen).context["tiles"]}
    assert (tiles["money.available"].note, tiles["people.total"].note) == ("全县", "")
    assert "全县" in client.get(reverse("dashboards:figure", args=["money.available"]), chosen).content.decode()
    answer = client.get(reverse("dashboards:export_page", args=["support"]), chosen)
    table = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    header, *lines = table.iter_rows(values_only=True)
    assert (table.title, header[1]) == ("保障全景图", "数值")
    places = {line[0]: line[-1] for line in lines}
    assert places["可用余额"] == "全县"
    assert places["在册人才"] == office.township.name


def test_a_rate_without_a_population_says_why_and_lists_no_rows(office, client):
    client.force_login(office.cadre)
    page = client.get(reverse("dashboards:figure", args=["people.per_10000"]))
    assert "未登记该地常住人口" in page.content.decode()
    assert not page.context["has_rows"]
    assert 'id="list"' not in page.content.decode()
    assert "未登记该地常住人口" in client.get(reverse("dashboards:support")).content.decode()


def test_the_words_of_grades_and_amounts_are_those_of_their_matter(office, rated, client):
    client.force_login(office.director)
    columns = client.get(reverse("dashboards:figure", args=["service.rated"])).context["columns"]
    assert "评价等次" in [str(column.label) for column in columns]
    chart = client.get(reverse("dashboards:figure", args=["money.paid"])).context["charts"][0]
    assert chart.heading == "金额（元）"


def test_a_village_is_named_with_its_township(office, client):
    village = VillageFactory(parent=office.township, name="百通村民委员会")
    housing.talent(office, region=village)
    client.force_login(office.director)
    page = client.get(reverse("dashboards:figure", args=["people.total"]))
    assert f">{office.township.name}百通村民委员会<" in page.content.decode()


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


def opened(client, url):
    """What a reader who follows a point finds: the figure over all the rows that the page lists."""
    page = client.get(url)
    return page.context["figure"], page.context["scope"], page.context["list"].queryset


@pytest.mark.parametrize("code", [f.code for f in registry.all_figures()])
@pytest.mark.parametrize("query", [{}, {"period": "own", "first": "2026-02-10", "last": "2026-08-20"}])
def test_every_point_opens_exactly_its_rows(office, rated, client, code, query):
    """Months, townships and groups, on the figure's own page and on the page that leads to it."""
    client.force_login(office.director)
    page = client.get(reverse("dashboards:figure", args=[code]), query)
    overview = client.get(reverse(f"dashboards:{page.context['figure'].page}"), query)
    charts = [*page.context["charts"], *(c for c in overview.context["charts"] if c.figure.code == code)]
    assert charts or not page.context["figure"].region
    for chart in charts:
        for point, (_label, text, url) in zip(chart.series.points, chart.rows, strict=True):
            figure, scope, rows = opened(client, url)
            assert compute.value(figure, office.director, scope) == point.value, url
            assert compute.over(figure, rows) == point.value or figure.per_inhabitants, url
            assert f">{text}<" in client.get(url).content.decode() or text == "—"


def test_the_months_of_an_own_period_begin_and_end_with_it(office):
    figure = registry.get("service.received")
    first, _middle, last = compute.by_month(figure, office.leader, Scope(date(2026, 2, 10), date(2026, 4, 20))).points
    assert (first.query["first"], first.query["last"]) == ("2026-02-10", "2026-02-28")
    assert (last.query["first"], last.query["last"]) == ("2026-04-01", "2026-04-20")


def test_people_without_a_category_are_a_group_of_their_own(office, client):
    client.force_login(office.staff)
    whole = compute.value(registry.get("people.total"), office.staff, YEAR)
    for split in registry.get("people.total").splits:
        assert (
            sum(p.value for p in compute.by_split(registry.get("people.total"), split, office.staff, YEAR).points)
            == whole
        )
    page = client.get(reverse("dashboards:figure", args=["people.total"]), {"split": "category", "group": "-"})
    assert page.context["list"].count == whole > 0
    assert "未填写" in page.content.decode()


def test_the_rate_of_a_township_is_by_its_own_population(office):
    Region.objects.filter(pk=office.township.pk).update(population=4000, population_as_of=date(2020, 11, 1))
    figure = registry.get("people.per_10000")
    points = {p.label: p.value for p in compute.by_township(figure, office.leader, YEAR).points}
    assert points[office.township.name] == 5  # two of four thousand
    assert compute.value(figure, office.cadre, YEAR) == 5


def test_the_period_takes_in_both_its_days_whole(office):
    """Beijing's midnight divides the days, to the microsecond."""
    figure = registry.get("service.received")
    row, midnight = Application.objects.first(), moment(date(2025, 6, 15), 0)
    day = Scope(date(2025, 6, 15), date(2025, 6, 15))
    for at, counted in (
        (midnight, 1),
        (midnight - timedelta(microseconds=1), 0),
        (midnight + timedelta(days=1, microseconds=-1), 1),
        (midnight + timedelta(days=1), 0),
    ):
        Application.objects.filter(pk=row.pk).update(submitted_at=at)
        assert compute.value(figure, office.leader, day) == counted
    assert "::date" not in str(figure.visible_rows(office.leader, day).query)


@pytest.fixture
def rated(office):
    """A grade and a refusal, so that the figures of quality have something to show."""
    case = Application.objects.get(state=State.APPROVED)
    casework.rate(
        by=case.applicant.user, at=moment(MONDAY + timedelta(days=12)), application=case, score=2, comment="慢"
    )


@pytest.fixture
def two_roles(office):
    """Reads the county's figures as a leader, and the first township's cases as its cadre."""
    person = user_with(Role.COUNTY_LEADER)
    give(person, Role.TOWNSHIP_CADRE, region=office.township)
    person.forget_memberships()
    return person


def test_rows_are_unmasked_only_where_the_reader_may_read_them(office, two_roles, client):
    client.force_login(two_roles)
    page = client.get(reverse("dashboards:figure", args=["service.received"]), IN_2026)
    shown = [
        (next(cell for column, cell in cells if column.label == "编号"), url)
        for cells, url in page.context["table_rows"]
    ]
    here = {a.number for a in Application.objects.filter(region=office.township)}
    assert sorted(number for number, _url in shown) == sorted([*here, "—"])
    assert all(bool(url) == (number != "—") for number, url in shown)
    assert page.context["some_masked"]


def test_an_export_needs_the_right_to_export_over_each_row(office, two_roles, client):
    def numbers(person):
        client.force_login(person)
        answer = client.get(reverse("dashboards:export_figure", args=["service.received"]), IN_2026)
        table = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
        return [row[0] for row in table.iter_rows(min_row=2, values_only=True)]

    assert set(numbers(two_roles)) == {"—"}  # a cadre exports nothing
    give(two_roles, Role.OFFICE_STAFF, region=TownshipFactory())
    assert set(numbers(two_roles)) == {"—"}  # the right held elsewhere is none here
    assert sorted(numbers(office.staff)) == sorted(Application.objects.values_list("number", flat=True))


def test_too_many_rows_are_refused_and_not_cut_off(office, client, monkeypatch):
    monkeypatch.setattr(views, "MOST_EXPORTED", 2)
    client.force_login(office.staff)
    url = reverse("dashboards:export_figure", args=["service.received"])
    answer = client.get(url, IN_2026, follow=True)
    assert answer.redirect_chain[0][0].startswith(reverse("dashboards:figure", args=["service.received"]))
    assert "period=own" in answer.redirect_chain[0][0]
    assert "超过 2 行" in answer.content.decode()
    monkeypatch.setattr(views, "MOST_EXPORTED", 3)
    assert client.get(url, IN_2026)["Content-Type"] == XLSX


@pytest.mark.parametrize("code", ["people.total", "service.received", "housing.rent_running", "money.paid"])
def test_no_figure_reads_an_encrypted_column(office, client, code):
    client.force_login(office.staff)
    for name in ("figure", "export_figure"):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(f"dashboards:{name}", args=[code]), IN_2026)
        assert not [q for q in queries if re.search('"(id_number|bank_account|health_note)"', q["sql"])]


def test_the_rows_page_costs_the_same_at_one_and_at_three_rows(office, client, django_assert_num_queries):
    client.force_login(office.staff)
    one = {"period": "own", "first": "2025-01-01", "last": "2025-12-31"}
    Application.objects.filter(pk=Application.objects.first().pk).update(submitted_at=moment(date(2025, 6, 2)))
    for code, query in (("service.received", one), ("service.received", IN_2026 | {"first": "2025-01-01"})):
        url = reverse("dashboards:figure", args=[code])
        client.get(url, query)
        with django_assert_num_queries(ROWS_PAGE):
            client.get(url, query)


@pytest.mark.parametrize("last", ["9999-12-31", "9999-01-01", "2101-01-01"])
def test_a_period_beyond_all_calendars_is_a_mistake_on_the_form(office, client, last):
    client.force_login(office.leader)
    for query in ({"first": "2026-01-01", "last": last}, {"first": "0001-01-01", "last": "0001-01-02"}):
        for url in (reverse("dashboards:service_quality"), reverse("dashboards:figure", args=["service.received"])):
            page = client.get(url, {"period": "own"} | query)
            assert page.status_code == 200
            assert page.context["form"].errors


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
    assert [str(column.label) for column in page.context["columns"]][:2] == ["申请人", "服务事项"]  # no column of "—"
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
