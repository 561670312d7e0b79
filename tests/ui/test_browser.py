"""What the shared scripts and styles do, seen in a browser at desk and phone size."""

import re

import pytest
from playwright.sync_api import expect

from talentmap.regions.models import Region
from tests.browser import settled
from tests.ui import urls

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("odd_urls")]


@pytest.fixture
def regions():
    county = Region.objects.create(code="990000000000", name="County", level="county")
    for number in range(1, 6):
        Region.objects.create(code=f"99000010{number}000", name=f"Town {number}", level="township", parent=county)


SORTED = re.compile(r"/t/regions/\?sort=name$")


def is_phone(page):
    return page.viewport_size["width"] < 500


def list_of(page):
    """The list's own markup, without what htmx notes on it while it works."""
    return re.sub(r"htmx-\w+\s?|\sclass=\"\s*\"", "", page.locator("#list").evaluate("list => list.outerHTML"))


def test_a_swapped_list_equals_a_full_reload_and_goes_back(page, regions):
    page.goto("/t/regions/")
    page.locator("body").evaluate("body => body.dataset.sameDocument = '1'")
    page.get_by_role("link", name="Name").click() if not is_phone(page) else page.goto("/t/regions/?sort=name")
    expect(page).to_have_url(re.compile(r"sort=name"))
    expect(page.locator("#page-after")).to_have_attribute("href", re.compile(r"sort=name"))
    settled(page)
    page.locator("#page-after").click()
    expect(page).to_have_url(re.compile(r"page=2"))
    expect(page.locator(".list-count")).to_contain_text("3")
    if not is_phone(page):
        assert page.locator("body").get_attribute("data-same-document") == "1"
    swapped = list_of(page)
    page.reload()
    assert list_of(page) == swapped
    page.go_back()
    expect(page.locator(".pages-here")).to_have_text("1")


@pytest.mark.parametrize("page", [(1440, 900)], indirect=True, ids=["desk"])
def test_of_two_links_pressed_at_once_the_last_counts(page, regions):
    """Sorting is not answered before the next page was asked for: rows and address are both of that page."""
    page.route(SORTED, lambda route: None)
    page.goto("/t/regions/")
    page.locator("#sort-name").click()
    with page.expect_event("requestfailed", lambda request: SORTED.search(request.url)):
        page.locator("#page-after").click()
    expect(page.locator(".pages-here")).to_have_text("2")
    expect(page).to_have_url(re.compile(r"page=2"))


@pytest.mark.parametrize("page", [(1440, 900)], indirect=True, ids=["desk"])
def test_control_an_answer_that_came_late_leaves_a_wrong_address(page, regions):
    held = []

    def hold(route):
        held.append(route)

    page.route(SORTED, hold)
    page.goto("/t/regions/")
    page.locator("#list").evaluate("list => list.removeAttribute('hx-sync')")
    page.locator("#sort-name").click()
    page.locator("#page-after").click()
    expect(page.locator(".pages-here")).to_have_text("2")
    held[0].continue_()
    expect(page).to_have_url(SORTED)
    expect(page.locator(".pages-here")).to_have_text("2")


@pytest.mark.parametrize("page", [(1440, 900)], indirect=True, ids=["desk"])
def test_sorting_by_keyboard_keeps_the_place(page, regions):
    """On a phone the rows are cards, which have no headings."""
    page.goto("/t/regions/")
    page.locator("#sort-name").focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Name")
    expect(page.locator("#sort-name")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Name")


def test_a_row_leads_to_its_own_page(page, regions):
    page.goto("/t/regions/")
    page.locator("#list tbody a").first.click()
    expect(page.locator("h1")).to_have_text("Form")
    page.go_back()
    expect(page.locator("#list tbody a")).to_have_count(2)


def test_typing_into_the_filter_finds_while_one_types(page, regions):
    page.goto("/t/regions/")
    page.locator("[name=q]").press_sequentially("Town 4", delay=20)
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=Town"))
    expect(page.locator("[name=q]")).to_be_focused()


def test_a_word_sent_with_enter_is_one_step_back(page, regions):
    """Enter changes the field and sends the form, two requests for one search; the page fails for any console error."""
    page.goto("/t/regions/")
    page.locator("body").evaluate("""body => {
        body.dataset.answers = 0;
        body.addEventListener("htmx:afterSettle", () => body.dataset.answers++);
    }""")
    page.locator("[name=q]").fill("Town 4")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-answers", "2")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=Town"))
    page.go_back()
    expect(page.locator("#list tbody tr")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"regions/$"))


def test_the_filter_folds_on_the_phone_only(page, regions):
    page.goto("/t/regions/")
    expect(page.locator("[name=level]")).to_be_visible(visible=not is_phone(page))
    if is_phone(page):
        page.locator("[data-fold]").click()
        expect(page.locator("[name=level]")).to_be_visible()


@pytest.fixture
def held_back():
    """The form's answer stays away until the test lets it go."""
    urls.sent.clear()
    urls.arrived.clear()
    urls.may_answer.clear()
    yield
    urls.may_answer.set()


def test_a_click_while_the_form_is_on_its_way_sends_nothing(page, held_back):
    page.goto("/t/form/")
    page.get_by_label("Text").fill("hello")
    page.get_by_label("Amount").fill("1,200")
    page.get_by_role("button", name="Send").evaluate("""button => {
        button.click();
        fetch("/t/arrival/").then(() => { button.click(); fetch("/t/release/"); });
    }""")
    page.wait_for_url("**/t/say/")
    assert len(urls.sent) == 1


def test_a_refused_form_keeps_what_was_typed_and_leads_to_the_field(page):
    page.goto("/t/form/")
    page.get_by_label("Text").fill("kept")
    page.get_by_label("Amount").fill("much")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.get_by_label("Text")).to_have_value("kept")
    page.locator("[data-error-summary] a").first.click()
    expect(page.get_by_label("Amount")).to_be_focused()
    expect(page.get_by_role("button", name="Send")).to_be_enabled()


def test_leaving_with_something_typed_asks_first(page):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/t/form/")
    page.goto("/t/form/")
    assert not asked
    page.get_by_label("Text").press_sequentially("typed")
    page.goto("/")
    assert asked == ["beforeunload"]


def test_a_dialog_opens_by_keyboard_and_closes_by_escape(page):
    page.goto("/t/form/")
    page.get_by_role("button", name="Ask").press("Enter")
    expect(page.locator("dialog#ask")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#ask")).to_be_hidden()
    expect(page.get_by_role("button", name="Ask")).to_be_focused()


def test_the_first_tab_skips_to_the_content(page):
    page.goto("/t/form/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize("address", ["/", "/t/form/", "/t/regions/", "/sign-in/", "/register/"])
def test_no_page_is_wider_than_the_screen(page, regions, address):
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("address", ["/", "/t/form/", "/t/regions/"])
def test_large_text_is_large(page, regions, live_server, address):
    page.context.add_cookies([{"name": "large_text", "value": "1", "url": live_server.url}])
    page.goto(address)
    small = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && [...e.childNodes].some(
             n => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 18)
             .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert not small
    low = page.evaluate(
        """() => [...document.querySelectorAll('button, input:not([type=hidden]), select, .btn, nav a')]
             .filter(e => e.checkVisibility() && e.type !== 'checkbox' && e.type !== 'radio')
             .filter(e => e.getBoundingClientRect().height < 43.9 && e.getBoundingClientRect().height > 1)
             .map(e => e.outerHTML.slice(0, 160) + e.getBoundingClientRect().height)"""
    )
    assert not low
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("address", ["/", "/t/form/", "/t/regions/"])
def test_axe_finds_nothing_serious(page, regions, settings, address):
    page.goto(address)
    page.evaluate((settings.BASE_DIR / "node_modules/axe-core/axe.min.js").read_text())
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
    assert not [(v["id"], [n["html"] for n in v["nodes"]]) for v in found["violations"]]
