"""A roadmap from the first click to the next stage: the talent on a phone, by keyboard; the office at its desk."""

import re

import pytest
from playwright.sync_api import expect

from growth.pathways import actions
from growth.pathways.models import Journey
from tests.browser import settled
from tests.factories import pathways
from tests.factories.casework import moment, picture
from tests.factories.pathways import milestone, stage
from tests.journeys.test_keyboard import Keyboard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


class Window:
    """What `Keyboard` wants of a window."""

    def __init__(self, page):
        self.page = page

    def look(self):
        fits(self.page)


def fits(page):
    page.wait_for_load_state("load")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{page.url} is {width} pixels wide"


@pytest.fixture
def road(town):
    town.talent.enterprise_stage = "idea"
    town.talent.save()
    return pathways.published(
        stage("first", milestone("course", needs="office")), stage("second", milestone("sale")), title="返乡创业路线"
    )


def test_started_ticked_with_evidence_confirmed_and_on_to_the_next_stage(town, road, open_page):
    page = open_page(town.talent.user, PHONE)
    page.goto("/my/")
    fits(page)
    keys = Keyboard(Window(page))
    keys.goes_on(".home-roadmap button")
    expect(page.locator("h2#summary-title")).to_contain_text("第1阶段（共2个）：阶段first")
    page.wait_for_load_state()
    keys.presses("#m-course a.btn", "Enter")
    dialog = page.locator("dialog#ask")
    expect(dialog.locator("[name=text]")).to_be_focused()
    dialog.locator("button[type=submit]").click()  # nothing shows it yet
    expect(dialog.locator("[data-error-summary]")).to_contain_text("请写几句说明")
    keys.types("[name=text]", "三月参加了返乡创业培训")
    dialog.locator("[name=file]").set_input_files(
        {"name": "结业证书.png", "mimeType": "image/png", "buffer": picture().read()}
    )
    keys.presses("dialog button[type=submit]", "Enter")
    expect(dialog).to_be_hidden()
    ticked = page.locator("#m-course")
    expect(ticked).to_be_focused()
    expect(ticked).to_contain_text("待确认")
    expect(ticked).to_contain_text("结业证书.png")
    expect(page.locator("#messages")).to_contain_text("已标记，确认后生效。")
    fits(page)

    office = open_page(town.cadre, DESK)
    office.goto("/growth/pathways/?waiting=1")
    with office.expect_navigation():
        office.get_by_role("link", name=town.talent.name).click()
    office.locator("#m-course").get_by_role("link", name=re.compile("^确认")).click()
    expect(office.locator("dialog#ask")).to_contain_text("三月参加了返乡创业培训")
    office.locator("dialog#ask button[type=submit]").click()
    expect(office.locator("h2#summary-title")).to_contain_text("第2阶段（共2个）：阶段second")
    expect(office.locator("#m-course")).to_contain_text("已达成")
    fits(office)

    again = open_page(town.talent.user, PHONE)
    again.goto("/growth/pathways/my/")
    expect(again.locator("h2#summary-title")).to_contain_text("第2阶段（共2个）：阶段second")
    expect(again.locator(".road-current")).to_contain_text("当前所在")
    expect(again.locator(".road-steps")).to_contain_text("里程碑sale")
    assert Journey.objects.get().stage.code == "second"


def test_a_dialog_left_by_escape_changes_nothing(town, road, open_page):
    row = actions.start(by=town.talent.user, at=moment(), talent=town.talent, pathway=road.pathway)
    page = open_page(town.talent.user, PHONE)
    page.goto(f"/growth/pathways/{row.pk}/")
    page.locator("#m-course a.btn").click()
    expect(page.locator("dialog#ask [name=text]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#ask")).to_be_hidden()
    assert row.ticks.count() == 0


def test_milestones_are_put_in_order_by_keyboard(town, open_page):
    version = pathways.published(stage("first", milestone("a"), milestone("b")), stage("second", milestone("c")))
    draft = actions.start_draft(by=town.staff, at=moment(), pathway=version.pathway)
    page = open_page(town.staff, DESK)
    page.goto(f"/growth/pathways/versions/{draft.pk}/")
    order = page.locator(".edited-milestones > li")
    page.locator("#down-a").focus()
    page.keyboard.press("Enter")
    expect(order.first).to_contain_text("里程碑b")
    expect(page.locator("#down-a")).to_be_focused()  # the same button, so that it goes on
    settled(page)
    page.keyboard.press("Enter")
    expect(page.locator("#s-second")).to_contain_text("里程碑a")
    expect(page.locator("#down-a")).to_be_focused()
    fits(page)


def test_of_the_record_only_what_fits_is_asked(town, open_page):
    version = pathways.published()
    draft = actions.start_draft(by=town.staff, at=moment(), pathway=version.pathway)
    page = open_page(town.staff, PHONE)
    page.goto(f"/growth/pathways/versions/{draft.pk}/milestones/plan/")
    expect(page.locator("#div_id_needs")).to_be_visible()
    expect(page.locator("#div_id_skill")).to_be_hidden()
    page.locator("#id_record").select_option("skill")
    expect(page.locator("#div_id_skill")).to_be_visible()
    expect(page.locator("#div_id_needs")).to_be_hidden()
    page.locator("#id_skill").select_option("senior")
    page.locator("#main .form-page button[type=submit]").click()
    expect(page.locator("#messages")).to_contain_text("已保存")
    row = draft.milestones.get(code="plan")
    assert (row.record, row.record_value) == ("skill", "senior")
    fits(page)


def test_a_question_opened_in_a_tab_of_its_own_is_answered_there(town, road, open_page):
    row = pathways.journey(town, road)
    page = open_page(town.cadre, DESK)
    page.goto(f"/growth/pathways/{row.pk}/stage/")
    page.get_by_label("阶段second").check()
    page.get_by_label("原因").fill("早已开业")
    page.locator("form.ask-form button[type=submit]").click()
    expect(page.locator("h2#summary-title")).to_contain_text("阶段second")
    expect(page.locator("#messages")).to_contain_text("阶段已设定")
