"""The application form without a mouse: only Tab, Shift+Tab, Space, Enter and typing."""

import pytest
from playwright.sync_api import expect

from talentmap.casework.models import Application
from tests.browser import SIZES
from tests.factories.casework import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_STOPS = 80


@pytest.fixture
def size() -> tuple[int, int]:
    return SIZES["desk"]


class Keyboard:
    """The keys of one window. Whatever has the focus must be seen to have it."""

    def __init__(self, window) -> None:
        self.window, self.page = window, window.page
        # As long as somebody listens, Chromium hands over every choice of a file; switching that off and on again
        # between two of them would race with the key that opens the second.
        self.page.on("filechooser", lambda chooser: None)

    def reach(self, selector: str) -> None:
        """Tab on until `selector` has the focus."""
        for _stop in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return self._is_marked()
        raise AssertionError(f"{selector} cannot be reached by Tab on {self.page.url}")

    def _is_marked(self) -> None:
        marked = self.page.evaluate(
            """() => { const s = getComputedStyle(document.activeElement);
                 return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none"; }"""
        )
        assert marked, self.page.evaluate("document.activeElement.outerHTML")

    def types(self, selector: str, text: str) -> None:
        self.reach(selector)
        self.page.keyboard.type(text)

    def presses(self, selector: str, key: str) -> None:
        self.reach(selector)
        self.page.keyboard.press(key)

    def goes_on(self, selector: str) -> None:
        """Enter on what leads to the next page."""
        self.reach(selector)
        here = self.page.evaluate("performance.timeOrigin")
        self.page.keyboard.press("Enter")
        self.page.wait_for_function("before => performance.timeOrigin !== before", arg=here)
        self.window.look()

    def attaches(self, kind: str) -> None:
        """Space on the input opens the system's own choice of a file."""
        self.reach(f"#file-{kind}")
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Space")
        content = picture(size=(9 + len(kind), 9)).read()
        chooser.value.set_files({"name": f"{kind}.png", "mimeType": "image/png", "buffer": content})
        expect(self.window.find(f"#document-{kind}")).to_contain_text(f"{kind}.png")


def test_the_application_form_needs_no_mouse(town, enter):
    with enter(town.talent.user) as window:
        keys = Keyboard(window)
        window.goes("/my/benefits/")
        keys.goes_on("form[action='/services/housing_rent/apply/'] button")
        fill_home(keys)
        declare(keys)
        keys.attaches("lease")
        keys.attaches("certificate")
        keys.goes_on(".form-buttons a.btn-primary")
        for purpose in ("housing", "bank_account"):
            keys.presses(f"#consent_{purpose}", "Space")
        keys.presses("#declaration", "Space")
        keys.goes_on("form.form-page button[type=submit]")
        application = Application.objects.get()
        window.sees(application.number, "2026-03-09")
    assert application.state == "submitted"
    assert application.housing.owns_home is False
    assert application.housing.monthly_rent == 1200


def fill_home(keys: Keyboard) -> None:
    keys.types("[name=address]", "庆符镇学府路1号")
    keys.types("[name=landlord]", "李女士")
    keys.types("[name=monthly_rent]", "1,200")
    keys.types("[name=lease_from]", "02022026")  # the browser's own English order, whatever the page's language
    keys.types("[name=lease_until]", "12122029")
    keys.goes_on("form.form-page button[type=submit]")


def declare(keys: Keyboard) -> None:
    for name in ("owns_home", "has_dormitory"):
        keys.presses(f"[name={name}]", "Space")
        expect(keys.window.find(f"[name={name}][value=False]")).to_be_checked()
    keys.presses("[name=declared_true]", "Space")
    keys.goes_on("form.form-page button[type=submit]")
