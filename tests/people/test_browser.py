"""The register in a real browser: on the phone of the person, on the desk of the clerk."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from talentmap.accounts.permissions import Role
from talentmap.audit.models import AccessLog
from talentmap.people.models import Talent
from tests.factories.accounts import user_with
from tests.factories.people import OrganisationFactory, TalentFactory, talent_with_account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def test_a_clerk_reads_a_number_for_a_reason(open_page):
    staff, talent = user_with(Role.OFFICE_STAFF), TalentFactory()
    page = open_page(staff, DESK, "en")
    page.goto(reverse("people:talent_detail", args=[talent.pk]))
    secret = page.locator("#secret-id_number")
    expect(secret).to_contain_text(talent.masked_id_number)
    secret.locator("summary").click()
    secret.get_by_role("button", name="Show", exact=True).click()
    expect(secret.get_by_role("alert")).to_contain_text("why")
    secret.locator("select").select_option(label="Checking the identity")
    secret.get_by_role("button", name="Show", exact=True).click()
    expect(secret).to_contain_text(talent.id_number)
    secret.get_by_role("button", name="Hide").click()
    expect(secret).not_to_contain_text(talent.id_number)
    assert AccessLog.objects.get().reason == "Checking the identity"


def test_an_id_number_typed_into_the_search_goes_the_safe_way(open_page):
    staff, talent = user_with(Role.OFFICE_STAFF), TalentFactory()
    page = open_page(staff, DESK, "en")
    addresses: list[str] = []
    page.on("request", lambda asked: addresses.append(asked.url))
    page.goto(reverse("people:talent_list"))
    page.get_by_label("Name, pinyin or the phone's last four digits").fill(talent.id_number)
    page.wait_for_url(f"**{reverse('people:talent_detail', args=[talent.pk])}")
    assert not any(talent.id_number in address for address in addresses)


def test_of_a_phone_typed_into_the_search_the_last_digits_go_into_the_address(open_page):
    staff = user_with(Role.OFFICE_STAFF)
    talent, _other = TalentFactory(phone="13912345678"), TalentFactory(phone="13912345679")
    page = open_page(staff, DESK, "en")
    addresses: list[str] = []
    page.on("request", lambda asked: addresses.append(asked.url))
    page.goto(reverse("people:talent_list"))
    search = page.get_by_label("Name, pinyin or the phone's last four digits")
    search.press_sequentially(talent.phone)
    search.press("Tab")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    assert any("q=5678" in address for address in addresses)
    assert not any("39123456" in address for address in addresses)


def test_the_list_answers_while_one_types(open_page):
    staff = user_with(Role.OFFICE_STAFF)
    TalentFactory(name="张伟")
    TalentFactory(name="安心")
    page = open_page(staff, DESK, "en")
    page.goto(reverse("people:talent_list"))
    page.get_by_label("Name, pinyin or the phone's last four digits").press_sequentially("zw")
    expect(page).to_have_url(re.compile("q=zw"))
    expect(page.locator("#list tbody tr")).to_have_count(1)
    swapped = page.locator("#list").inner_text()
    page.reload()
    assert page.locator("#list").inner_text() == swapped


def test_a_person_keeps_their_file_on_the_phone(open_page):
    talent = talent_with_account(name="张伟")
    OrganisationFactory(name="高县早白尖茶业有限公司")
    page = open_page(talent.user, PHONE, "en")
    page.goto(reverse("people:my_file"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#secret-id_number").get_by_role("button").click()
    expect(page.locator("#secret-id_number")).to_contain_text(talent.id_number)
    with page.expect_navigation():
        page.locator("#work").get_by_role("link").click()
    page.get_by_label("Employer", exact=True).press_sequentially("早白")
    expect(page.locator("datalist option")).to_have_count(1)
    page.get_by_label("Employer", exact=True).fill("高县早白尖茶业有限公司")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#work")).to_contain_text("高县早白尖茶业有限公司")
    assert Talent.objects.get().employer is not None
