"""What only a browser shows: a leader's way from the overview to a row and back, and the board at both its sizes."""

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from talentmap.accounts.permissions import Role
from talentmap.regions import actions_boundaries as boundaries
from tests.browser import AXE, GRAVE
from tests.dashboards.board import figures
from tests.factories import housing
from tests.factories.accounts import TownshipFactory, user_with
from tests.regions.test_boundaries import feature, file, square

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
WALLS = [{"width": 1920, "height": 1080}, {"width": 3840, "height": 2160}]


@pytest.fixture
def expected_trouble():
    """A connection that is cut is told in the console too; and a sign-in page is no JSON."""
    return ("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED")


@pytest.fixture
def office(transactional_db):
    office = housing.office()
    places = [office.township, *(TownshipFactory() for _number in range(2))]
    for column, place in enumerate(places):
        type(place).objects.filter(pk=place.pk).update(tile_x=column, tile_y=0)
        for _number in range(column + 1):
            housing.submitted(housing.talent(office, region=place), on=timezone.localdate() - timedelta(days=1))
    office.places = places
    return office


def fits(page):
    """Nothing beyond the window, no scroll bar, and nothing cut off inside a panel."""
    size = page.viewport_size
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        size["width"],
        size["height"],
    ]
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.board-panel, .board-headlines > div, .board-value, .board-top > *')]
            .filter((e) => e.scrollWidth > e.clientWidth + 1
                || (getComputedStyle(e).overflowY !== 'visible' && e.scrollHeight > e.clientHeight + 1))
            .map((e) => `${e.className}: ${e.textContent.trim().slice(0, 40)}`)"""
    )
    assert cut == []


def no_grave_fault(page):
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    faults = [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]
              if each["impact"] in GRAVE]  # fmt: skip
    assert faults == []


def received(page):
    return page.locator("[data-figure='service.received'] [data-value]")


@pytest.mark.parametrize("size", WALLS, ids=lambda size: str(size["width"]))
def test_the_board_fills_the_wall_and_survives_it_all(open_page, office, size, live_server):
    """It fits, it asks again, it keeps its figures without a connection, and it recovers by itself."""
    page = open_page(office.leader, size)
    page.clock.install()
    page.goto(reverse("dashboards:board"))
    expect(received(page)).to_have_text("6")
    expect(page.locator("[data-town] .tile")).to_have_count(3)
    fits(page)
    no_grave_fault(page)
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == size["width"] / 120

    housing.submitted(housing.talent(office), on=timezone.localdate() - timedelta(days=1))
    cache.clear()
    page.clock.fast_forward(61_000)
    expect(received(page)).to_have_text("7")

    page.context.set_offline(True)
    page.clock.fast_forward(61_000)
    expect(page.locator("#board-state")).to_contain_text("连接中断")
    expect(received(page)).to_have_text("7")
    fits(page)

    housing.submitted(housing.talent(office), on=timezone.localdate() - timedelta(days=1))
    cache.clear()
    page.context.set_offline(False)
    expect(received(page)).to_have_text("8")
    expect(page.locator("#board-state")).not_to_contain_text("连接中断")


def test_the_board_turns_from_map_to_map_and_can_be_stopped(open_page, office):
    page = open_page(office.leader, WALLS[0])
    page.clock.install()
    page.goto(reverse("dashboards:board"))
    title = page.locator("[data-town-title]")
    first = title.text_content()
    page.clock.fast_forward(15_100)
    expect(title).not_to_have_text(first)
    page.locator("[data-turning]").click()
    stopped = title.text_content()
    page.clock.fast_forward(45_000)
    expect(title).to_have_text(stopped)
    expect(page.locator("[data-turning]")).to_have_attribute("aria-pressed", "false")


def test_the_board_holds_nothing_of_a_person(office, client):
    client.force_login(office.leader)
    text = json.dumps(figures(client), ensure_ascii=False)
    for talent in type(housing.talent(office)).objects.all():
        assert talent.name not in text
    assert "ZF-" not in text


def test_a_cadres_board_counts_the_own_township(open_page, office):
    page = open_page(user_with(Role.TOWNSHIP_CADRE, region=office.places[2]), WALLS[0])
    page.goto(reverse("dashboards:board"))
    expect(received(page)).to_have_text("3")
    expect(page.locator("[data-town] .tile")).to_have_count(1)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_leader_goes_from_the_overview_to_a_row_and_back(open_page, office, size):
    """County, township on the map, figure, rows; back with the period and the figure of the map as they were."""
    page = open_page(office.leader, size)
    page.goto("/")
    expect(page).to_have_url(re.compile(reverse("dashboards:overview") + "$"))
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    no_grave_fault(page)
    page.select_option("[name=period]", "year")
    page.locator("[data-scope] button[type=submit]").click()
    page.wait_for_url(re.compile("period=year"))
    page.select_option("#id_service_quality", "service.satisfied")
    page.wait_for_url(re.compile("service_quality=service.satisfied"))
    page.select_option("#id_service_quality", "service.received")
    page.wait_for_url(re.compile("service_quality=service.received"))

    last = office.places[2]
    page.locator("#map-service_quality .tiles a", has_text=last.name).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".place-way strong")).to_have_text(last.name)
    overview = page.url
    assert "period=year" in overview
    assert "service_quality=service.received" in overview

    page.locator("#map-service_quality-section .headline", has_text="收件数").locator("a").first.click()
    expect(page.locator("#list tbody tr")).to_have_count(3)
    expect(page.locator("#list")).to_contain_text(last.name)
    expect(page.locator(".crumbs")).to_contain_text(last.name)
    assert "ZF-" not in page.locator("#list").inner_text()  # a leader reads figures, not cases
    no_grave_fault(page)

    with page.expect_navigation():
        page.locator(".crumbs a", has_text="三张图总览").click()
    assert "period=year" in page.url
    expect(page.locator(".place-way strong")).to_have_text(last.name)
    page.locator(".place-way a", has_text="全县").click()
    expect(page.locator(".place-way strong")).to_have_text("全县")
    assert "period=year" in page.url


def test_boundaries_are_drawn_where_there_are_some(open_page, office):
    """The tiles give way to the outlines; the table beside them stays."""
    shapes = [feature(square(104.4 + 0.1 * place, 28.4), code=each.code) for place, each in enumerate(office.places)]
    made = boundaries.upload_boundaries(
        by=office.staff, at=timezone.now(), file_name="a.geojson", source="x", content=file(*shapes)
    )
    boundaries.use_boundaries(by=office.staff, at=timezone.now(), boundaries=made)
    page = open_page(office.leader, DESK)
    page.goto(reverse("dashboards:overview"))
    place = page.locator("#map-service_quality")
    expect(place.locator("canvas")).to_have_count(1)
    expect(place.locator(".tiles")).to_have_count(0)
    page.locator("#map-service_quality-section .town-map summary").click()
    expect(page.locator("#map-service_quality-section .town-map tbody tr")).to_have_count(3)
    # The middle of the drawing is the middle township: a click goes into it.
    place.locator("canvas").click()
    expect(page.locator(".place-way strong")).to_have_text(office.places[1].name)

    wall = open_page(office.leader, WALLS[0])
    wall.goto(reverse("dashboards:board"))
    expect(wall.locator("[data-town] canvas")).to_have_count(1)
    fits(wall)


def test_the_sidebar_shows_where_one_is(open_page, office):
    """Its last entry lies below the fold at first; on its own page it is in sight, and only the sidebar has moved."""
    page = open_page(office.staff, {"width": 1440, "height": 600})
    page.goto(reverse("dashboards:overview"))
    entries = page.locator("#side .side-list a")
    expect(entries.last).not_to_be_in_viewport()
    page.goto(entries.last.get_attribute("href"))
    expect(entries.last).to_have_attribute("aria-current", "page")
    expect(entries.last).to_be_in_viewport(ratio=1)
    assert page.evaluate("[window.scrollY, document.activeElement === document.body]") == [0, True]
    page.goto(entries.first.get_attribute("href"))
    expect(entries.first).to_be_in_viewport(ratio=1)
    assert page.locator(".side-body").evaluate("body => body.scrollTop") == 0
