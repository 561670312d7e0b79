"""What only a browser shows: charts drawn under the page's policy, filters ticked, answers coded by keyboard."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from needs.surveys.results import actions
from needs.surveys.results.models import Coding
from talentmap.accounts.permissions import Role
from tests.factories.accounts import TownshipFactory, UserFactory, user_with
from tests.factories.surveys import ResponseFactory
from tests.factories.surveys_results import respondents, results_campaign, tally

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@pytest.fixture
def campaign(transactional_db) -> Any:
    places = [TownshipFactory(tile_x=place, tile_y=0) for place in range(2)]
    found = results_campaign(*places)
    for place in places:
        respondents(found, place, {("35_44", "farming", "female"): 60, ("35_44", "farming", "male"): 60})
        for sex, yes in (("female", 45), ("male", 20)):
            tally(found, place, "stay", {"yes": yes, "no": 60 - yes}, sex=sex)
            tally(found, place, "pleased", {"bad": 10, "fair": 20, "good": 30}, sex=sex)
            tally(found, place, "learn", {"tea": 30, "shop": 20, "care": 15}, base=60, sex=sex)
            tally(found, place, "age", {36: 20, 40: 20, 44: 20}, sex=sex)
    return found


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_charts_are_drawn_and_filters_ticked(size, open_page, campaign):
    page = open_page(user_with(Role.COUNTY_LEADER), size)
    page.goto(reverse("surveys:results", args=[campaign.pk]))
    stay = page.locator("#q-stay")
    stay.scroll_into_view_if_needed()
    expect(stay.locator("canvas")).to_be_visible()
    expect(stay).to_contain_text("54.2%")  # 130 of 240
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.locator("summary", has_text="性别").first.click()
    page.get_by_label("女").check()
    page.get_by_role("button", name="查看").first.click()
    expect(page.locator("#q-stay")).to_contain_text("75.0%")
    assert "sex=female" in page.url


def test_a_question_is_compared_mapped_and_kept_as_a_picture(open_page, campaign):
    page = open_page(user_with(Role.COUNTY_LEADER), DESK)
    page.goto(reverse("surveys:question_result", args=[campaign.pk, "stay"]))
    expect(page.locator(".tiles .tile")).to_have_count(2)
    page.locator("#id_choice").select_option(label="不愿意")
    page.locator(".map-choice button").click()
    expect(page.locator(".tiles")).to_contain_text("45.8%")
    page.get_by_role("link", name="性别", exact=True).click()
    expect(page.locator(".cross-table")).to_contain_text("33.3%")
    chart = page.locator("[data-result-chart]").nth(1)
    chart.scroll_into_view_if_needed()
    expect(chart.locator("canvas")).to_be_visible()
    with page.expect_download() as download:
        page.locator("[data-picture]").nth(1).click()
    assert download.value.suggested_filename.endswith(".png")


def test_answers_are_coded_by_keyboard_alone(open_page, campaign):
    place = campaign.townships.first().region
    rows = [ResponseFactory(campaign=campaign, township=place, answers={"wish": f"修路{i}"}) for i in range(3)]
    theme = actions.add_theme(by=UserFactory(), at=timezone.now(), campaign=campaign, question="wish", name="道路")
    page = open_page(user_with(Role.OFFICE_STAFF), DESK)
    page.goto(reverse("surveys:open_answers", args=[campaign.pk, "wish"]))
    for key in ("j", "x", "j", "x", "1"):
        page.keyboard.press(key)
    expect(page.locator(".theme-tag")).to_have_count(2)
    coded = set(Coding.objects.values_list("response", "theme"))
    assert coded == {(rows[2].pk, theme.pk), (rows[1].pk, theme.pk)}
