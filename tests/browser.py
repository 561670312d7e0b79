"""A person at a browser: signs in, goes from page to page, and every page has to hold what all pages must."""

from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

AXE = settings.BASE_DIR / "node_modules/axe-core/axe.min.js"
GRAVE = {"serious", "critical"}
SIZES = {"desk": (1440, 900), "phone": (390, 844)}


def is_wrong(said: ConsoleMessage) -> bool:
    """htmx says of a request that another has replaced that it was aborted; every other error has its own name."""
    return said.type == "error" and not said.text.startswith(("htmx:sendAbort", "htmx:afterRequest"))


def settled(page: Page) -> None:
    """What htmx has swapped in hears clicks from now on."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


class Visitor:
    """One browser window of one person. Leaving it fails the test for whatever went wrong in any page of it."""

    def __init__(self, browser: Browser, address: str, size: tuple[int, int]) -> None:
        width, height = size
        self.context = browser.new_context(
            base_url=address, viewport={"width": width, "height": height}, locale="zh-CN", accept_downloads=True
        )
        self.page: Page = self.context.new_page()
        self.address = address
        self.wrongs: list[str] = []
        self.page.on("pageerror", lambda error: self.wrongs.append(str(error)))
        self.page.on("console", lambda said: self.wrongs.append(said.text) if is_wrong(said) else None)
        self.page.on("request", lambda asked: self._note_host(asked.url))

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, failure: Any, *_rest: Any) -> None:
        self.context.close()
        assert failure is not None or not self.wrongs, self.wrongs

    def _note_host(self, url: str) -> None:
        if not url.startswith((f"{self.address}/", "data:", "blob:")):
            self.wrongs.append(url)

    def find(self, selector: str) -> Locator:
        """What is in the page's own content, not in the frame around it."""
        return self.page.locator(f"#main {selector}").first

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("#main")).to_contain_text(text)

    def goes(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer and answer.ok, path
        self.look()

    def follows(self, selector: str) -> None:
        """Click what leads to another page, and look at that."""
        here = self.page.evaluate("performance.timeOrigin")
        self.find(selector).click()
        self.page.wait_for_function("before => performance.timeOrigin !== before", arg=here)
        self.look()

    def fills(self, **values: str) -> None:
        for name, value in values.items():
            self.find(f"[name={name}]").fill(value)

    def signs_in(self, username: str, password: str) -> None:
        self.goes("/sign-in/")
        self.fills(username=username, password=password)
        self.follows("form.form-page button[type=submit]")
        expect(self.page.locator("header.top .top-person")).to_have_count(1)

    def look(self) -> None:
        """What holds for every page: it fits the screen, and axe finds no serious fault."""
        self.page.wait_for_load_state("load")
        expect(self.page.locator("h1")).to_have_count(1)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.page.viewport_size["width"], f"{self.page.url} is {width} pixels wide"
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        grave = [
            (violation["id"], [node["html"] for node in violation["nodes"]])
            for violation in found["violations"]
            if violation["impact"] in GRAVE
        ]
        assert not grave, f"{self.page.url}: {grave}"
