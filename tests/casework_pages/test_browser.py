"""What only a browser shows: saving as one types, uploading with a choice, ticking many cases, deciding by keyboard."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from talentmap.casework import actions
from talentmap.casework.states import State
from tests.casework.sample import SampleDetail
from tests.factories import casework as cases
from tests.factories.casework import moment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def url(name, *args):
    return reverse(f"casework:{name}", args=args)


@pytest.fixture
def people(transactional_db) -> Any:
    cases.rules_in_force()
    return type("People", (), cases.people())


@pytest.fixture
def draft(people):
    return cases.draft(people.talent)


def cost_of(application) -> Any:
    return SampleDetail.objects.get(application=application).cost


def test_what_is_typed_is_saved_and_judged_without_a_click(open_page, people, draft):
    page = open_page(people.talent, PHONE)
    page.goto(url("form_page", draft.pk, "cost"))
    page.fill("#id_cost", "1234.5")
    expect(page.locator("#conditions")).to_contain_text("¥1,234.50")
    assert str(cost_of(draft)) == "1234.50"


def test_what_cannot_be_saved_is_named_and_stays_typed(open_page, people, draft):
    page = open_page(people.talent, DESK)
    page.goto(url("form_page", draft.pk, "cost"))
    page.fill("#id_cost", "plenty")
    expect(page.locator("#saved .saved-not")).to_contain_text("Cost")
    expect(page.locator("#id_cost")).to_have_value("plenty")
    assert str(cost_of(draft)) == "500.00"


def test_leaving_in_the_middle_of_a_word_loses_nothing(open_page, people, draft):
    page = open_page(people.talent, DESK)
    page.goto(url("form_page", draft.pk, "cost"))
    page.fill("#id_cost", "777")
    page.goto(url("my"))
    page.wait_for_function(
        "address => fetch(address).then((answer) => answer.text()).then((form) => form.includes('777.00'))",
        arg=url("form_page", draft.pk, "cost"),
    )
    page.goto(url("form_page", draft.pk, "cost"))
    expect(page.locator("#id_cost")).to_have_value("777.00")


def test_a_chosen_file_goes_up_at_once_and_a_bad_one_is_named(open_page, people, draft):
    page = open_page(people.talent, PHONE)
    page.goto(url("documents", draft.pk))
    picture = {"name": "photo.png", "mimeType": "image/png", "buffer": cases.picture().read()}
    page.set_input_files("#file-photo", picture)
    expect(page.locator("#document-photo .file")).to_contain_text("photo.png")
    page.set_input_files("#file-plan", {"name": "plan.png", "mimeType": "image/png", "buffer": b"MZ"})
    expect(page.locator("#messages .alert-bad")).to_be_visible()
    with page.expect_file_chooser() as chooser:
        page.locator("#document-plan .upload button").click()
    expect(page.locator("#messages .alert-bad")).to_be_visible()
    chooser.value.set_files(picture)
    expect(page.locator("#document-plan .file")).to_be_visible()
    assert draft.documents.count() == 2


def test_ticked_cases_are_counted_also_after_the_list_was_swapped(open_page, people):
    for _n in range(3):
        cases.submitted(cases.people()["talent"])
    page = open_page(people.staff, DESK)
    page.goto(url("inbox"))
    bar = page.locator("[data-bulk-bar]")
    expect(bar).not_to_be_visible()
    page.locator("[data-bulk-all]").check()
    expect(bar.locator("[data-bulk-count]")).to_have_text("3")
    page.locator("th a.sort").first.click()
    page.wait_for_url("**sort=**")
    expect(bar).not_to_be_visible()
    page.locator("input[name=case]").first.check()
    expect(bar.locator("[data-bulk-count]")).to_have_text("1")
    bar.locator("button[value=accept]").click()
    expect(page.locator("#main .alert-good")).to_be_visible()


def test_the_search_follows_the_typing_and_the_export_follows_the_search(open_page, people):
    mine = cases.submitted(people.talent)
    other = cases.submitted(cases.people()["talent"])
    page = open_page(people.staff, DESK)
    page.goto(url("inbox") + "?tab=all")
    page.locator("#id_q").press_sequentially(mine.number)
    expect(page.locator("#list")).not_to_contain_text(other.number)
    page.wait_for_url(f"**q={mine.number}**")
    with page.expect_download() as started:
        page.locator("[data-export]").click()
    assert mine.number in started.value.url


def test_a_case_is_decided_by_keyboard_and_the_next_one_follows(open_page, people):
    first, second = cases.submitted(people.talent), cases.submitted(cases.people()["talent"])
    page = open_page(people.staff, DESK)
    page.goto(url("case", first.pk))
    page.locator("details.choice summary").nth(2).focus()
    page.keyboard.press("Enter")
    reason = page.locator("#reason-refuse")
    expect(reason).to_be_visible()
    expect(reason).to_be_focused()
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#reason-refuse-error")).to_be_visible()
    page.locator("#reason-refuse").focus()
    page.keyboard.type("Not our county")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{url('case', second.pk)}**")
    first.refresh_from_db()
    assert first.state == State.REFUSED


def test_a_document_opens_beside_the_case_and_turns(open_page, people):
    application = cases.submitted(people.talent, cost=1500)
    page = open_page(people.cadre, DESK)
    page.goto(url("case", application.pk))
    page.locator("#document-list .document-link").first.click()
    picture = page.locator("#viewer img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 8
    page.locator("[data-turn]").click()
    expect(page.locator("#viewer .viewer-picture")).to_have_attribute("data-turned", "1")


def test_on_the_phone_a_button_leads_to_the_decision(open_page, people):
    application = cases.submitted(people.talent)
    page = open_page(people.cadre, PHONE)
    page.goto(url("case", application.pk))
    page.locator(".to-decision").click()
    expect(page.locator("#decision")).to_be_in_viewport()


def test_on_the_phone_a_refused_return_shows_why_at_once(open_page, people):
    application = cases.submitted(people.talent)
    page = open_page(people.cadre, PHONE)
    page.goto(url("case", application.pk))
    choice = page.locator("details.choice", has=page.locator("input[name=action][value=return]"))
    choice.locator("summary").click()
    choice.locator("button[type=submit]").click()
    told = page.locator("#decision [role=alert]")
    expect(told).to_be_in_viewport()
    expect(told).to_be_focused()


def test_a_correction_on_the_phone_item_by_item(open_page, people):
    application = cases.accepted(people)
    items = [actions.Item("cost", "Too high"), actions.Item("photo", "Please add")]
    actions.return_for_correction(by=people.cadre, at=moment(), application=application, items=items)
    page = open_page(people.talent, PHONE)
    page.goto(url("correct", application.pk))
    page.fill("#id_cost", "400")
    with page.expect_navigation():
        page.locator(".correction form.form-page button[type=submit]").first.click()
    expect(page.locator(".correction .alert-good")).to_have_count(1)
    picture = {"name": "photo.png", "mimeType": "image/png", "buffer": cases.picture().read()}
    page.set_input_files("#file-photo", picture)
    expect(page.locator(".correction .alert-good")).to_have_count(2)
