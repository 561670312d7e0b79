"""What only a browser shows: a day without a network, a phone that dies, an answer that was cut off, two people on one
phone."""

import json
import re

import pytest
from django.urls import reverse
from playwright.sync_api import Route, expect

from needs.surveys.campaigns.models import Campaign
from needs.surveys.responses.models import Response
from talentmap.accounts.permissions import Role
from tests.factories.accounts import CountyFactory, user_with
from tests.factories.surveys_filling import version
from tests.surveys.filling.phone import (
    DESK,
    HOME,
    all_sent,
    begin,
    fill,
    finish,
    go_home,
    go_on,
    interview,
    states,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


# a day without a network ----------------------------------------------------------------------------------


def test_three_interviews_without_a_network_a_closed_browser_and_each_arrives_once(phone, field):
    page = phone.opens(field.cadre)
    phone.offline()
    for age in (30, 40):
        interview(page, age=age)
        go_home(page)
    begin(page)
    fill(page, age=50)
    page.close()
    page = phone.page = phone.tab()
    page.goto(HOME)
    expect(page.locator("#queue [data-state]")).to_have_count(3)
    assert sorted(states(page)) == ["draft", "ready", "ready"]
    page.locator("#queue [data-state=draft] a").click()
    expect(page.locator("[data-path=age] input")).to_have_value("50")
    expect(page.locator("[data-path=wish] input")).to_have_value("电商")
    finish(page)
    go_home(page)
    expect(page.locator("#queue [data-state=ready]")).to_have_count(3)  # after an attempt that finds no network
    assert not Response.objects.exists()
    phone.offline(False)
    all_sent(page)
    expect(page.locator("#receipts li")).to_have_count(3)
    assert sorted(row.answers["age"] for row in Response.objects.all()) == [30, 40, 50]


def test_what_was_received_but_not_confirmed_is_sent_again_and_counts_once(phone, field):
    """The network cuts after the server took the response: the phone cannot know, and sends it again."""
    page = phone.opens(field.cadre)
    cut: list[int] = []

    def through_then_cut(route: Route) -> None:
        if len(cut) < 2:
            cut.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    phone.context.route("**/f/sync/", through_then_cut)
    interview(page)
    go_home(page)
    expect(page.locator("#banner")).to_contain_text("10 秒后")  # 5 after the first failure, twice that after the second
    expect(page.locator("#queue [data-state=ready]")).to_have_count(1)
    page.locator("#send").click()
    all_sent(page)
    assert cut == [201, 200]
    assert Response.objects.count() == 1


def test_two_windows_that_send_at_once_send_each_response_once(phone, field):
    page = phone.opens(field.cadre)
    phone.offline()
    for _each in range(3):
        interview(page)
        go_home(page)
    second = phone.tab()
    second.goto(HOME)
    expect(second.locator("#queue [data-state=ready]")).to_have_count(3)
    sent: list[str] = []
    phone.context.on("request", lambda asked: sent.append(asked.url) if asked.url.endswith("/sync/") else None)
    phone.offline(False)
    for window in (page, second):
        window.evaluate("dispatchEvent(new Event('online'))")
    all_sent(page)
    assert Response.objects.count() == 3
    assert len(sent) == 3


def test_a_refused_response_stays_with_what_is_wrong_is_corrected_and_sent(phone, field):
    """The server judges again; here it is shown something else than the phone meant, once."""
    page = phone.opens(field.cadre)

    def spoil(route: Route) -> None:
        sent = route.request.post_data_json
        route.continue_(post_data=json.dumps({**sent, "answers": {**sent["answers"], "work": "sailing"}}))

    phone.context.route("**/f/sync/", spoil, times=1)
    begin(page)
    fill(page)
    go_on(page)  # "finished" may be gone at once: a refusal leads back to the overview
    expect(page.locator("#queue [data-state=refused] .sapp-reason")).to_be_visible()
    assert not Response.objects.exists()
    page.locator("#queue [data-state=refused] a").click()
    expect(page.locator("[data-path=work]")).to_be_visible()
    page.locator(".sform-buttons button[type=submit]").click()
    expect(page.locator("[data-path=work] .sq-error")).to_be_visible()
    page.locator("[data-path=work]").get_by_label("经商").check()
    finish(page)
    go_home(page)
    all_sent(page)
    assert Response.objects.get().answers["work"] == "trade"


def test_a_paused_campaign_is_waited_for(phone, field):
    page = phone.opens(field.cadre)
    phone.offline()
    interview(page)
    go_home(page)
    field.set_state(Campaign.State.PAUSED)
    phone.offline(False)
    expect(page.locator("#queue [data-state=ready] .sapp-reason")).to_be_visible()
    field.set_state(Campaign.State.OPEN)
    page.locator("#send").click()
    all_sent(page)
    assert Response.objects.count() == 1


def test_what_is_finished_while_another_is_being_sent_goes_too(phone, field):
    page = phone.opens(field.cadre)
    held: list[Route] = []

    def hold(route):
        held.append(route)

    phone.context.route("**/f/sync/", hold, times=1)
    with page.expect_request("**/f/sync/"):
        interview(page)
    go_home(page)
    interview(page, age=50)
    held[0].continue_()
    go_home(page)
    all_sent(page)
    assert len(held) == 1
    assert sorted(row.answers["age"] for row in Response.objects.all()) == [40, 50]


def test_an_answer_to_an_older_version_is_taken(phone, field):
    page = phone.opens(field.cadre)
    phone.offline()
    interview(page)
    go_home(page)
    newer = version(questionnaire=field.campaign.questionnaire, number=2)
    Campaign.objects.update(version=newer)
    phone.offline(False)
    all_sent(page)
    assert Response.objects.get().version == field.version


# one phone, several people --------------------------------------------------------------------------------


def test_a_second_cadre_on_the_same_phone_sees_nothing_of_the_first(phone, field):
    page = phone.opens(field.cadre)
    phone.offline()
    interview(page, wish="第一人的答案")
    go_home(page)
    phone.context.route("**/f/sync/", lambda route: route.abort())
    phone.offline(False)
    second = user_with(Role.TOWNSHIP_CADRE, region=field.township)
    phone.sign_in(second)
    page.goto(reverse("surveys:campaign_list"))
    page = phone.opens()
    expect(page.locator("#queue [data-state]")).to_have_count(0)
    expect(page.locator("#who")).not_to_contain_text(field.cadre.display_name or field.cadre.username)
    phone.offline()
    page.reload()
    expect(page.locator("#queue [data-state]")).to_have_count(0)
    phone.offline(False)
    phone.context.unroute("**/f/sync/")
    phone.sign_in(field.cadre)
    page.goto(reverse("surveys:campaign_list"))
    phone.opens()
    all_sent(page)
    assert Response.objects.get().interviewer == field.cadre


def test_who_signs_in_on_the_way_back_to_the_form_sees_nothing_of_the_first(phone, field):
    """Straight from the sign-in page into the form, where the network then fails: it must not be the first one's."""
    page = phone.opens(field.cadre)
    phone.context.route("**/f/sync/", lambda route: route.abort())
    interview(page)
    phone.sign_out_silently()
    second = user_with(Role.TOWNSHIP_CADRE, region=field.township)
    second.set_password("Talentmap-2026")
    second.save()
    page.goto(f"{reverse('sign_in')}?next={HOME}")
    page.locator("[name=username]").fill(second.username)
    page.locator("[name=password]").fill("Talentmap-2026")
    phone.context.route("**/f/state/", lambda route: route.abort())
    page.locator("#main form button[type=submit]").click()
    page.wait_for_url(re.compile(rf"^[^?]*{HOME}$"))
    expect(page.locator("#app h1")).to_be_visible()
    expect(page.locator("#queue")).to_have_count(0)
    phone.context.unroute("**/f/state/")
    page.reload()
    expect(page.locator("#queue")).to_be_visible()
    expect(page.locator("#queue [data-state]")).to_have_count(0)
    assert not Response.objects.exists()


def test_signed_out_the_queue_stays_and_signing_in_sends_it(phone, field):
    page = phone.opens(field.cadre)
    phone.sign_out_silently()
    interview(page)
    go_home(page)
    expect(page.locator("#banner a")).to_have_attribute("href", re.compile("/sign-in/"))
    expect(page.locator("#queue [data-state=ready]")).to_have_count(1)
    phone.opens(field.cadre)
    all_sent(page)
    assert Response.objects.count() == 1


def test_the_page_after_the_idle_time_out_tells_of_what_waits(phone, field):
    page = phone.opens(field.cadre)
    phone.context.route("**/f/sync/", lambda route: route.abort())
    interview(page)
    phone.sign_out_silently()
    page.goto(reverse("sign_in") + "?expired=1")
    expect(page.locator("[data-unsent-note]")).to_contain_text("1")


def test_signing_out_with_unsent_responses_asks_first(phone, field):
    page = phone.opens(field.cadre)
    phone.offline()
    interview(page)
    go_home(page)
    phone.context.route("**/f/sync/", lambda route: route.abort())
    phone.offline(False)
    page.goto(reverse("surveys:campaign_list"))
    page.locator(".top-person").click()
    page.locator("form[action='/sign-out/'] button").click()
    dialog = page.locator("#unsent")
    expect(dialog).to_be_visible()
    dialog.locator("[data-stay]").click()
    expect(dialog).to_be_hidden()
    assert "/sign-in/" not in page.url
    page.locator(".top-person").click()
    page.locator("form[action='/sign-out/'] button").click()
    dialog.locator("[data-out]").click()
    page.wait_for_url("**/sign-in/**")
    phone.offline()
    page.goto(HOME)
    expect(page.locator("#app a")).to_have_attribute("href", re.compile("/sign-in/"))
    expect(page.locator("#queue")).to_have_count(0)


def test_the_queue_is_carried_to_a_desk_as_a_file(phone, phones, field, tmp_path):
    page = phone.opens(field.cadre)
    phone.offline()
    interview(page)
    go_home(page)
    with page.expect_download() as started:
        page.locator("#export").click()
    path = tmp_path / started.value.suggested_filename
    started.value.save_as(path)
    desk = phones(DESK)
    desk.sign_in(user_with(Role.OFFICE_STAFF, region=CountyFactory()))
    desk.page.goto(reverse("surveys:desk_import"))
    desk.page.set_input_files("input[type=file]", path)
    desk.page.locator(".form-page button[type=submit]").click()
    expect(desk.page.locator("[data-outcome=accepted]")).to_have_count(1)
    assert Response.objects.get().interviewer == field.cadre
    phone.offline(False)
    all_sent(page)
    assert Response.objects.count() == 1


def test_a_returned_response_is_corrected_on_the_phone(phone, field):
    page = phone.opens(field.cadre)
    interview(page)
    go_home(page)
    all_sent(page)
    Response.objects.update(state="returned")
    page.reload()
    page.get_by_role("button", name="改正").or_(page.get_by_role("button", name="更正")).first.click()
    expect(page.locator("[data-path=age] input")).to_have_value("40")
    page.locator("[data-path=age] input").fill("41")
    finish(page)
    go_home(page)
    all_sent(page)
    row = Response.objects.get()
    assert (row.answers["age"], row.revision, row.state) == (41, 1, "pending")


def test_paper_is_entered_at_a_desk_one_after_the_other(phones, field):
    desk = phones(DESK)
    page = desk.opens(user_with(Role.OFFICE_STAFF, region=CountyFactory()))
    for age in (30, 31):
        page.locator(".sapp-campaign a.btn-secondary, [data-finished] a.btn-primary").first.click()
        page.locator(".sform-page button[type=submit]").click()
        fill(page, age=age)
        finish(page)
    go_home(page)
    all_sent(page)
    assert [row.channel for row in Response.objects.all()] == ["desk", "desk"]
