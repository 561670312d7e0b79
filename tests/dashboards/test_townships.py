"""Townships add up to the county: what lies in none of them has a line of its own for whoever reads the county."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from talentmap.accounts.permissions import Role
from talentmap.dashboards import compute, registry
from talentmap.dashboards.town_map import town_map
from talentmap.regions.models import Region
from tests.dashboards.test_overview import LAST_YEAR, YEAR
from tests.factories import housing
from tests.factories.accounts import TownshipFactory, VillageFactory, user_with

pytestmark = pytest.mark.django_db
PEOPLE, WORDS = "people.total", "未登记乡镇"


@pytest.fixture
def office():
    """Two people in a township; one without a place, one of the county at large, one in a village of a township that
    was given up."""
    office = housing.office()
    office.given_up = TownshipFactory(name="旧镇")
    county = Region.objects.get(level="county")
    for region in (office.township, office.township, None, county, VillageFactory(parent=office.given_up)):
        housing.talent(office, region=region)
    Region.objects.filter(pk=office.given_up.pk).update(is_active=False)
    return office


def compared(client):
    page = client.get(reverse("dashboards:compare", args=["support"]))
    found = page.context["found"]
    place = [figure.code for figure in found.figures].index(PEOPLE)
    return {line.name: line.cells[place] for line in found.lines}, found.whole.cells[place]


def test_the_lines_of_the_comparison_add_up_to_the_county(office, client):
    client.force_login(office.leader)
    lines, whole = compared(client)
    assert (lines[office.township.name].value, lines[WORDS].value, whole.value) == (2, 3, 5)
    opened = client.get(lines[WORDS].url)
    assert opened.context["list"].count == 3
    assert opened.context["value"] == "3"
    assert WORDS in opened.content.decode()
    answer = client.get(reverse("dashboards:export_comparison", args=["support"]))
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    label = str(registry.get(PEOPLE).label)
    assert [row[3] for row in rows if row[:2] == (WORDS, label)] == [3]


def test_so_do_the_table_of_the_overview_and_the_chart_of_the_figure(office, client):
    client.force_login(office.leader)
    page = client.get(reverse("dashboards:overview"), {"support": PEOPLE})
    towns = next(each["towns"] for each in page.context["maps"] if each["map"].code == "support")
    assert sum(row.value for row in towns.rows) + int(towns.outside.text) == 5
    assert client.get(towns.outside.url).context["list"].count == 3
    chart = client.get(reverse("dashboards:figure", args=[PEOPLE])).context["charts"][0]
    assert sum(point.value for point in chart.series.points) == 5


def test_whoever_reaches_a_township_reads_nothing_of_it(office, client):
    client.force_login(office.cadre)
    lines, whole = compared(client)
    assert (set(lines), whole.value) == ({office.township.name}, 2)
    rows = client.get(reverse("dashboards:figure", args=[PEOPLE]), {"split": "township", "group": "-"})
    assert rows.context["list"].count == 0
    elsewhere = user_with(Role.TOWNSHIP_CADRE)
    client.force_login(elsewhere)
    assert WORDS not in client.get(reverse("dashboards:overview"), {"support": PEOPLE}).content.decode()


def test_there_is_no_such_line_where_everybody_has_a_township(client):
    office = housing.office()
    housing.talent(office)
    client.force_login(office.leader)
    assert WORDS not in compared(client)[0]
    assert WORDS not in client.get(reverse("dashboards:overview"), {"support": PEOPLE}).content.decode()


def test_a_chosen_township_is_compared_alone(office, client):
    client.force_login(office.leader)
    page = client.get(reverse("dashboards:compare", args=["support"]), {"place": office.township.code})
    assert [line.name for line in page.context["found"].lines] == [office.township.name]


def test_what_lies_in_no_township_is_counted_by_the_same_query(office, django_assert_num_queries):
    office.leader.reach("view_dashboards")
    with django_assert_num_queries(1):
        found = compute.townships(registry.get(PEOPLE), office.leader, YEAR, LAST_YEAR)
    assert found == {office.township.code[:9]: (2, None), compute.OUTSIDE: (3, None)}


@pytest.mark.parametrize(
    ("amount", "text"),
    [("437.50", "¥437.50"), ("9000", "¥9,000"), ("10000", "1.0万"), ("123456", "12.3万"), ("0", "¥0")],
)
def test_an_amount_on_a_tile_is_never_rounded_away(amount, text):
    place = TownshipFactory(tile_x=0, tile_y=0)
    towns = {place.code[:9]: (Decimal(amount), None)}
    drawn = town_map(registry.get("money.paid"), towns, [place], lambda _place: "", code="support")
    assert drawn.tiles.tiles[0].text == text
