"""A newcomer registers with the code that the demo shows, with scripts and without; the admin site works."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from tests.accounts.visitors import PASSWORD
from tests.factories.accounts import user_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _demo(settings):
    cache.clear()
    settings.DEMO, settings.SMS_CHANNEL = True, "talentmap.notices.channels.ConsoleSms"


def shown_code(page):
    return "".join(letter for letter in page.locator(".demo-code").inner_text() if letter.isdigit())


def test_a_newcomer_registers_with_a_code(visit):
    with visit() as newcomer:
        newcomer.goes("/register/")
        newcomer.fills(name="欧阳静", mobile="138 1234 1234", password=PASSWORD)
        newcomer.find(".code-send button").click()
        expect(newcomer.page.locator(".demo-code")).to_be_visible()
        expect(newcomer.find("[name=password]")).to_have_value(PASSWORD)
        newcomer.look()
        newcomer.fills(code=shown_code(newcomer.page))
        newcomer.find("[name=consent]").check()
        newcomer.follows("form.form-page button[type=submit]")
        expect(newcomer.page.locator("header.top .top-person")).to_have_count(1)
    assert User.objects.get(mobile="13812341234").mobile_verified_at


def test_a_newcomer_registers_where_no_script_runs(chromium, live_server):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/register/")
    page.fill("[name=name]", "欧阳静")
    page.fill("[name=mobile]", "13812341234")
    buttons = page.locator(".code-send button:visible")
    expect(buttons).to_have_count(1)
    buttons.click()
    expect(page.locator("[name=name]")).to_have_value("欧阳静")
    page.fill("[name=code]", shown_code(page))
    page.fill("[name=password]", PASSWORD)
    page.check("[name=consent]")
    page.click("form.form-page .form-buttons button[type=submit]")
    expect(page.locator("header.top .top-person")).to_have_count(1)
    context.close()


@pytest.mark.parametrize("address", ["", "talentmap/calendarday/add/", "talentmap/region/", "axes/accessattempt/"])
def test_the_admin_site_works_under_its_policy(visit, client, live_server, address):
    """`Visitor` fails for whatever the browser refuses and says so on its console."""
    client.force_login(user_with(Role.ADMINISTRATOR))
    with visit() as administrator:
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        administrator.context.add_cookies([session])
        answer = administrator.page.goto(f"/admin/{address}")
        assert answer.ok and "unsafe-eval" in answer.headers["content-security-policy"]
        administrator.page.wait_for_load_state("networkidle")
