"""A phone or a desk of one person in a browser, and what they do on it."""

from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import AXE, GRAVE

PHONE, SMALL, DESK = ({"width": 390, "height": 844}, {"width": 360, "height": 640}, {"width": 1440, "height": 900})
HOME = "/needs/surveys/f/"


class Phone:
    """One browser with its storage: signing in as another person keeps what lies on it."""

    def __init__(self, chromium, live_server, client, size=PHONE):
        self.address, self.client = live_server.url, client
        self.context: BrowserContext = chromium.new_context(
            viewport=size, base_url=live_server.url, locale="zh-CN", accept_downloads=True
        )
        self.context.set_default_timeout(15000)
        self.errors: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    def sign_in(self, user: Any) -> None:
        self.client.force_login(user)
        session = self.client.cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": self.address}])

    def sign_out_silently(self) -> None:
        self.context.clear_cookies(name="sessionid")

    def opens(self, user: Any | None = None) -> Page:
        """The overview, loaded with a network, with its worker ready for the way without one."""
        if user:
            self.sign_in(user)
        self.page.goto(HOME)
        expect(self.page.locator("#app h1")).to_be_visible()
        expect(self.page.locator("#app .sapp-foot")).to_contain_text("20")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function("navigator.serviceWorker.controller !== null")
        return self.page

    def offline(self, is_off: bool = True) -> None:
        self.context.set_offline(is_off)


def begin(page: Page) -> None:
    page.locator(".sapp-campaign a.btn-primary").click()
    page.locator(".sform-page button[type=submit]").click()
    expect(page.locator(".sform")).to_be_visible()


def fill(page: Page, age: int = 40, wish: str = "电商") -> None:
    page.locator("[data-path=age] input").fill(str(age))
    page.locator("[data-path=sex]").get_by_label("女").check()
    page.locator("[data-path=work]").get_by_label("务农").check()
    page.locator("[data-path=wish] input").fill(wish)


def finish(page: Page) -> None:
    page.locator(".sform-buttons button[type=submit]").click()
    expect(page.locator("[data-finished]")).to_be_visible()


def interview(page: Page, **answers: Any) -> None:
    begin(page)
    fill(page, **answers)
    finish(page)


def go_home(page: Page) -> None:
    page.evaluate("location.hash = '#/'")
    expect(page.locator("#queue")).to_be_visible()


def states(page: Page) -> list[str]:
    return page.locator("#queue [data-state]").evaluate_all("rows => rows.map((row) => row.dataset.state)")


def all_sent(page: Page) -> None:
    expect(page.locator("#queue [data-state]")).to_have_count(0)


def looks_right(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{width} pixels wide"
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    grave = [
        (violation["id"], [node["html"] for node in violation["nodes"]])
        for violation in found["violations"]
        if violation["impact"] in GRAVE
    ]
    assert not grave, grave


def go_on(page: Page) -> None:
    page.locator(".sform-buttons button[type=submit]").click()
