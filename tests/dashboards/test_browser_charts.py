"""What a browser shows when another day begins, when there is nothing to draw, and when boundaries cannot be had."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from talentmap.regions import actions_boundaries as boundaries
from talentmap.regions.boundaries import current_address
from tests.factories import housing
from tests.factories.accounts import TownshipFactory
from tests.regions.test_boundaries import feature, file, square

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK, WALL = ({"width": w, "height": h} for w, h in ((390, 844), (1440, 900), (1920, 1080)))


@pytest.fixture
def expected_trouble():
    """The request for boundaries that is cut on purpose."""
    return ("ERR_FAILED",)


@pytest.fixture
def office(transactional_db):
    """A case of yesterday in one of two townships, of which none has a tile."""
    office = housing.office()
    office.places = [office.township, TownshipFactory()]
    housing.submitted(housing.talent(office), on=timezone.localdate() - timedelta(days=1))
    return office


def test_the_board_names_the_days_of_the_numbers_it_shows(open_page, office):
    """The next answer is of another day, as after midnight."""
    page = open_page(office.leader, WALL)
    page.clock.install()
    page.goto(reverse("dashboards:board"))
    expect(page.locator("[data-period]")).to_contain_text(str(timezone.localdate()))

    def of_tomorrow(route):
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"period": "2031-01-01 – 2031-01-02", "compared": "对比甲"})

    page.route(f"**{reverse('dashboards:board_data')}*", of_tomorrow)
    page.clock.fast_forward(61_000)
    expect(page.locator("[data-period]")).to_have_text("2031-01-01 – 2031-01-02")
    expect(page.locator("[data-compared]")).to_have_text("对比甲")


def test_a_course_of_nothing_is_a_sentence_until_there_is_something(open_page, office):
    """On the board the chart goes and comes back with what there is to draw."""
    page = open_page(office.leader, WALL)
    page.clock.install()
    page.goto(reverse("dashboards:board"))
    trend = page.locator("[data-trend='service_quality']")
    expect(trend.locator("canvas")).to_have_count(1)

    def empty(route):
        answer = route.fetch()
        told = answer.json()
        for each in told["maps"]:
            if each["code"] == "service_quality":
                each["trend"]["nothing"] = "本时段为 0"
        route.fulfill(response=answer, json=told)

    url = f"**{reverse('dashboards:board_data')}*"
    page.route(url, empty)
    page.clock.fast_forward(61_000)
    expect(trend).to_contain_text("本时段为 0")
    expect(trend.locator("canvas")).to_have_count(0)
    page.unroute(url)
    page.clock.fast_forward(61_000)
    expect(trend.locator("canvas")).to_have_count(1)
    expect(trend).not_to_contain_text("本时段为 0")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_empty_chart_has_its_sentence_and_its_table(open_page, office, size):
    page = open_page(office.leader, size)
    page.goto(reverse("dashboards:figure", args=["service.received"]) + "?period=own&first=2019-01-01&last=2019-12-31")
    expect(page.locator(".chart-none").first).to_have_text("本时段为 0")
    expect(page.locator("canvas")).to_have_count(0)
    page.locator(".chart-table summary").first.click()
    expect(page.locator(".chart-table tbody tr").first).to_be_visible()


def test_a_map_is_never_blank_when_its_boundaries_cannot_be_had(open_page, office):
    """Tiles stand for townships that have none of their own; the board asks for the boundaries again."""
    shapes = [feature(square(104.4 + 0.1 * place, 28.4), code=each.code) for place, each in enumerate(office.places)]
    made = boundaries.upload_boundaries(
        by=office.staff, at=timezone.now(), file_name="a.geojson", source="x", content=file(*shapes)
    )
    boundaries.use_boundaries(by=office.staff, at=timezone.now(), boundaries=made)
    address = f"**{current_address()}"
    page = open_page(office.leader, DESK)
    page.route(address, lambda route: route.abort())
    page.goto(reverse("dashboards:overview"))
    place = page.locator("#map-service_quality")
    expect(place.locator(".tiles .tile")).to_have_count(2)
    expect(place).to_contain_text(office.places[1].name)

    wall = open_page(office.leader, WALL)
    wall.clock.install()
    wall.route(address, lambda route: route.abort())
    wall.goto(reverse("dashboards:board"))
    expect(wall.locator("[data-town] .tiles .tile")).to_have_count(2)
    wall.unroute(address)
    wall.clock.fast_forward(15_100)
    expect(wall.locator("[data-town] canvas")).to_have_count(1)
    expect(wall.locator("[data-town] .tiles .tile")).to_have_count(0)
