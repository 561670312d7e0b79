"""What only a browser shows of the calculator: the result follows what is typed, on a desk and on a phone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Route, expect

from talentmap.accounts.permissions import Role
from talentmap.casework.models import Application
from tests.browser import settled
from tests.factories import loans
from tests.factories.accounts import user_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@pytest.fixture
def products(transactional_db):
    loans.policy_in_force()
    bank = loans.bank()
    return [loans.product(bank), loans.product(bank, "青创贷", **loans.YOUTH, max_grace=0)]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_result_follows_the_form(open_page, products, size):
    page = open_page(user_with(Role.TALENT), size)
    page.goto(f"{reverse('loans:calculator')}?principal=300000&months=12&method=interest-only&disbursed=2026-03-02")
    figures = page.locator("#result .figures")
    expect(figures).to_contain_text("¥10,500.00")  # 300,000 at 3.5% for a year
    expect(figures).to_contain_text("¥5,250.00")
    expect(page.locator("[data-loan-chart] canvas")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    page.fill("#id_principal", "240,000")
    expect(figures).to_contain_text("¥8,400.00")
    expect(page).to_have_url(re.compile("principal=240(%2C)?000"))

    page.fill("#id_months", "0")
    expect(page.locator("#errors-months")).to_contain_text("360")
    expect(page.locator("#id_months")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_months")).to_have_value("0")
    page.fill("#id_months", "12")
    expect(page.locator("#errors-months")).to_be_empty()
    expect(figures).to_contain_text("¥8,400.00")

    shared = page.url
    page.goto(shared)
    expect(figures).to_contain_text("¥8,400.00")
    assert not Application.objects.exists()


def test_a_product_narrows_the_form(open_page, products):
    page = open_page(user_with(Role.TALENT), DESK)
    page.goto(reverse("loans:calculator"))
    expect(page.locator(".field-instalment")).to_be_visible()
    page.select_option("#id_product", label="高县示例银行 · 青创贷 · 0%")
    expect(page.locator("#id_annual_rate")).to_have_count(0)
    expect(page.locator("#id_principal")).to_have_value("100000")
    expect(page.locator("#result .figures")).to_contain_text("¥100,000.00")
    expect(page.locator("#id_product")).to_be_focused()
    settled(page)
    page.select_option("#id_method", "interest-quarterly")
    expect(page.locator("#result tbody tr")).to_have_count(12)
    expect(page.locator(".field-instalment")).to_be_hidden()


def test_a_slow_network_still_narrows_the_form(open_page, products):
    """The form asks of itself 0.7 seconds after an entry; that must not end a request that takes longer."""
    page = open_page(user_with(Role.TALENT), DESK)
    page.clock.install()

    def answer_late(route: Route) -> None:
        page.clock.fast_forward(1000)
        route.continue_()

    page.goto(reverse("loans:calculator"))
    page.route("**/loans/calculator/?*", answer_late, times=1)
    page.select_option("#id_product", label="高县示例银行 · 青创贷 · 0%")
    expect(page.locator("#id_annual_rate")).to_have_count(0)


def test_the_schedule_is_downloaded_printed_and_shared(open_page, products):
    page = open_page(user_with(Role.TALENT), DESK)
    page.goto(reverse("loans:calculator"))
    with page.expect_download() as download:
        page.locator("#result a", has_text="Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    expect(page.locator("#result [data-print]")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#calculator-form")).to_be_hidden()
    expect(page.locator("#result .only-print")).to_be_visible()
    expect(page.locator("#result tfoot")).to_be_visible()
