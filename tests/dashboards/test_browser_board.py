"""What a board on the wall goes through in a month: outages, the end of its reader's session, and its own end."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from talentmap.dashboards import board
from tests.dashboards.test_browser import WALLS, fits, received
from tests.factories import housing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MINUTE, HOUR = 60_000, 3_600_000


@pytest.fixture
def expected_trouble():
    """A connection that is cut, and a token that opens nothing any more, are told in the console too."""
    return ("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED", "401 (Unauthorized)")


@pytest.fixture
def office(transactional_db):
    office = housing.office()
    one_more(office)
    return office


def one_more(office):
    """A case of yesterday, which the next answer counts."""
    housing.submitted(housing.talent(office), on=timezone.localdate() - timedelta(days=1))
    cache.clear()


@pytest.fixture(params=WALLS, ids=lambda size: str(size["width"]))
def wall(request, open_page, office):
    page = open_page(office.leader, request.param)
    page.clock.install()
    page.goto(reverse("dashboards:board"))
    expect(received(page)).to_have_text("1")
    return page


def no_session_is_left():
    Session.objects.all().delete()
    cache.clear()


def age(page):
    return page.locator("[data-age]")


def state(page):
    return page.locator("#board-state")


def test_it_goes_on_after_a_night_without_network_and_without_its_session(wall, office):
    expect(age(wall)).to_have_text("")
    no_session_is_left()
    wall.context.set_offline(True)
    wall.clock.fast_forward(MINUTE)
    expect(state(wall)).to_contain_text("连接中断")
    wall.clock.fast_forward(13 * HOUR)
    expect(age(wall)).to_have_text("13小时前")
    expect(received(wall)).to_have_text("1")
    fits(wall)
    one_more(office)
    wall.context.set_offline(False)
    expect(received(wall)).to_have_text("2")
    expect(state(wall)).to_contain_text("连接正常")
    expect(age(wall)).to_have_text("")
    one_more(office)
    wall.clock.fast_forward(13 * HOUR)
    expect(received(wall)).to_have_text("3")
    expect(wall.locator(".board-sign-in")).to_be_hidden()
    wall.locator(".board-buttons a").click()
    expect(wall).to_have_url(re.compile(reverse("sign_in")))


def test_it_says_that_it_ended_and_goes_on_when_its_reader_has_signed_in_again(wall, office, client):
    office.leader.set_password("Another-one-2026")
    office.leader.save()
    wall.clock.fast_forward(MINUTE)
    expect(state(wall)).to_contain_text("账号、密码或角色已变更")
    expect(wall.locator(".board-sign-in")).to_be_visible()
    wall.clock.fast_forward(3 * HOUR)
    expect(age(wall)).to_have_text("3小时前")
    expect(received(wall)).to_have_text("1")
    fits(wall)
    one_more(office)
    client.force_login(office.leader)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    wall.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": wall.url}])
    wall.clock.fast_forward(MINUTE)
    expect(received(wall)).to_have_text("2")
    expect(state(wall)).to_contain_text("连接正常")
    expect(wall.locator(".board-sign-in")).to_be_hidden()


def test_it_says_that_its_days_are_over(wall, office, settings):
    settings.BOARD_DAYS = 0
    no_session_is_left()
    wall.clock.fast_forward(MINUTE)
    expect(state(wall)).to_contain_text("已连续显示 30 天")
    expect(wall.locator(".board-sign-in")).to_be_visible()
    expect(received(wall)).to_have_text("1")
    fits(wall)


def test_after_an_update_it_shows_what_it_can_until_somebody_signs_in(wall, office, monkeypatch):
    """Figures that the page does not know, and some less; whose session goes on gets the new page at once."""
    monkeypatch.setattr(board, "MOST_HEADLINES", 3)
    one_more(office)
    wall.evaluate("window.isOld = true")
    wall.clock.fast_forward(MINUTE)
    expect(received(wall)).to_have_text("2")
    wall.wait_for_function("window.isOld === undefined")
    no_session_is_left()
    overdue = wall.locator("[data-figure='service.overdue'] [data-value]")
    for headlines, cases, told in ((4, "3", "0"), (2, "4", "—")):
        monkeypatch.setattr(board, "MOST_HEADLINES", headlines)
        one_more(office)
        wall.clock.fast_forward(MINUTE)
        expect(received(wall)).to_have_text(cases)
        expect(overdue).to_have_text(told)
        expect(state(wall)).to_contain_text("请重新登录查看")
    expect(wall.locator(".board-sign-in")).to_be_visible()
    fits(wall)
