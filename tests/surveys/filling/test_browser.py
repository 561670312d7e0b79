"""What only a browser shows: a day without a network, a phone that dies, an answer that was cut off, two people on one
phone, a keyboard instead of a thumb."""

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Route, expect

from needs.surveys.campaigns.models import Campaign
from needs.surveys.responses.models import Response, ResponseFile
from talentmap.accounts.permissions import Role
from tests.browser import AXE, GRAVE
from tests.factories.accounts import CountyFactory, user_with
from tests.factories.casework import picture
from tests.factories.surveys import CHINESE
from tests.factories.surveys_filling import ENGLISH, Field, document, question, version

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
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


@pytest.fixture
def field():
    return Field()


@pytest.fixture
def phones(live_server, client, chromium) -> Iterator[Any]:
    made: list[Phone] = []

    def make(size=PHONE) -> Phone:
        made.append(Phone(chromium, live_server, client, size))
        return made[-1]

    yield make
    for phone in made:
        phone.context.close()
    assert [error for phone in made for error in phone.errors] == []


@pytest.fixture
def phone(phones) -> Phone:
    return phones()


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
    assert states(page) == ["ready"] * 3
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
    for seconds in ("5", "10"):  # each attempt that fails waits twice as long for the next one
        expect(page.locator("#banner")).to_contain_text(f"{seconds} 秒后")
        assert states(page) == ["ready"]
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
    spoiled: list[str] = []

    def spoil(route: Route) -> None:
        if not spoiled:
            spoiled.append(route.request.url)
            sent = route.request.post_data_json
            route.continue_(post_data=json.dumps({**sent, "answers": {**sent["answers"], "work": "sailing"}}))
        else:
            route.continue_()

    phone.context.route("**/f/sync/", spoil)
    interview(page)
    go_home(page)
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
    expect(page.locator("#queue .sapp-reason")).to_be_visible()
    assert states(page) == ["ready"]
    field.set_state(Campaign.State.OPEN)
    page.locator("#send").click()
    all_sent(page)
    assert Response.objects.count() == 1


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
    page.wait_for_url(f"**{HOME}")
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
    assert states(page) == ["ready"]
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


# the form -------------------------------------------------------------------------------------------------

SCALE = ("很差", "差", "一般", "好", "很好")
KINDS = document(
    {
        "kind": "group",
        "name": "who",
        "label": {CHINESE: "基本情况", ENGLISH: "About you"},
        "items": [
            question("note", "hello", "您好，我们是人才服务中心。"),
            question("text", "name", "姓名", required="yes", personal=True, hint={CHINESE: "身份证上的姓名"}),
            question("integer", "age", "年龄", constraint=". >= 16", constraint_message={CHINESE: "须满16岁"}),
            question("decimal", "income", "月收入"),
            question("date", "born", "出生日期"),
            question("time", "wake", "几点起床"),
            question("dateTime", "met", "见面时间"),
            question("text", "story", "说说您的想法", appearance="multiline", guidance_hint={CHINESE: "照原话记"}),
        ],
    },
    {
        "kind": "group",
        "name": "wishes",
        "label": {CHINESE: "需求"},
        "items": [
            question("select_one", "sex", "性别", list="sex"),
            question("select_one", "county", "县", list="sex", appearance="minimal"),
            question("select_multiple", "skills", "想学什么", list="skills"),
            question("rank", "order", "排序", list="skills"),
            question("range", "score", "满意度", parameters={"start": "0", "end": "10", "step": "1"}),
            question("acknowledge", "read", "告知"),
            question("select_one", "crop", "种什么", list="crops"),
            question("text", "why", "为什么是女", relevant="${sex} = 'female'"),
            question("calculate", "double", calculation="${age} * 2"),
            question("note", "told", "两倍年龄是${double}"),
        ],
    },
    {
        "kind": "group",
        "name": "likes",
        "label": {CHINESE: "满意程度"},
        "appearance": "table-list",
        "items": [
            question("select_one", "road", "道路", list="scale"),
            question("select_one", "school", "学校", list="scale"),
        ],
    },
    {
        "kind": "repeat",
        "id": "member",
        "name": "member",
        "label": {CHINESE: "家庭成员"},
        "items": [question("text", "member_name", "姓名"), question("integer", "member_age", "年龄")],
    },
    {
        "kind": "group",
        "name": "proof",
        "label": {CHINESE: "现场"},
        "items": [
            question("geopoint", "place", "位置"),
            question("image", "photo", "照片"),
            question("file", "paper", "文件"),
        ],
    },
    choices={
        "sex": [{"name": "male", "label": {CHINESE: "男"}}, {"name": "female", "label": {CHINESE: "女"}}],
        "skills": [{"name": name, "label": {CHINESE: label}} for name, label in [("weld", "焊接"), ("cook", "烹饪")]],
        "scale": [{"name": str(n), "label": {CHINESE: word}} for n, word in enumerate(SCALE)],
        "crops": [{"name": f"c{n}", "label": {CHINESE: f"作物{n}号"}} for n in range(40)],
    },
)
KINDS["languages"] = [CHINESE, ENGLISH]
KINDS["settings"]["style"] = "pages"


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


@pytest.mark.parametrize("size", [SMALL, DESK])
def test_every_kind_of_question_is_answered_and_arrives(phones, size):
    field = Field(KINDS)
    phone = phones(size)
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({"latitude": 28.43601, "longitude": 104.51722, "accuracy": 8})
    page = phone.opens(field.cadre)
    looks_right(page)
    begin(page)
    looks_right(page)
    go_on(page)
    expect(page.locator("[data-path=name] input")).to_be_focused()
    expect(page.locator("[data-path=name] input")).to_have_attribute("aria-invalid", "true")
    looks_right(page)
    for name, value in {"name": "张三", "age": "15", "income": "3500.5", "born": "1985-03-02", "wake": "06:30"}.items():
        page.locator(f"[data-path={name}] input").fill(value)
    page.locator("[data-path=met] input").fill("2026-11-25T08:30")
    page.locator("[data-path=story] textarea").fill("想学电商\n也想学焊接")
    go_on(page)
    expect(page.locator("[data-path=age] .sq-error")).to_have_text("须满16岁")
    page.locator("[data-path=age] input").fill("40")
    go_on(page)
    expect(page.locator("[data-path=why]")).to_be_hidden()
    page.locator("[data-path=sex]").get_by_label("女").check()
    page.locator("[data-path=why] input").fill("没有为什么")
    page.locator("[data-path=county] select").select_option("male")
    page.locator("[data-path=skills]").get_by_label("焊接").check()
    page.locator("[data-path=order] [data-down]").first.click()
    page.locator("[data-path=score] input").fill("7")
    page.locator("[data-path=read] input").check()
    page.locator("[data-path=crop] input[type=search]").fill("39")
    page.locator("[data-path=crop]").get_by_label("作物39号").check()
    expect(page.locator("[data-path=told]")).to_have_text("两倍年龄是80")
    looks_right(page)
    go_on(page)
    for path, label in {"road": "好", "school": "很好"}.items():
        page.locator(f"[data-path={path}]").get_by_label(label, exact=True).check()
    looks_right(page)
    go_on(page)
    page.locator("[data-path='member[1]/member_name'] input").fill("李四")
    page.locator(".sq-repeat > .btn").click()
    page.locator("[data-path='member[2]/member_age'] input").fill("7")
    looks_right(page)
    go_on(page)
    page.locator("[data-path=place] button").click()
    expect(page.locator("[data-path=place] [role=status]")).to_contain_text("28.43601")
    upload = {"name": "照片.png", "mimeType": "image/png", "buffer": picture(size=(2400, 1200)).read()}
    page.set_input_files("[data-path=photo] input", upload)
    expect(page.locator("[data-path=photo] img")).to_be_visible()
    looks_right(page)
    finish(page)
    looks_right(page)
    go_home(page)
    all_sent(page)
    answers = Response.objects.get().answers
    file = ResponseFile.objects.get()
    assert answers.pop("photo") == {"file": str(file.uuid), "name": "照片.jpg"}
    assert answers.pop("place") == [28.43601, 104.51722, None, 8]
    assert answers.pop("met").startswith("2026-11-25T08:30:00")
    assert answers == {
        "age": 40, "income": 3500.5, "born": "1985-03-02", "wake": "06:30", "story": "想学电商\n也想学焊接",
        "sex": "female", "county": "male", "skills": ["weld"], "order": ["cook", "weld"], "score": 7, "read": "OK",
        "crop": "c39", "why": "没有为什么", "double": "80", "road": "3", "school": "4",
        "member": [{"member_name": "李四"}, {"member_age": 7}],
    }  # fmt: skip
    assert max(size_of(file)) == 1600


def size_of(row: ResponseFile) -> tuple[int, int]:
    from PIL import Image

    with row.file.open() as opened, Image.open(opened) as found:
        return found.size


def test_a_form_is_filled_in_by_keyboard_alone(phones, field):
    page = phones(DESK).opens(field.cadre)
    page.locator(".sapp-campaign a.btn-primary").focus()
    page.keyboard.press("Enter")
    page.locator(".sform-page select").first.wait_for()
    page.keyboard.press("Enter")
    page.locator(".sform-page button[type=submit]").focus()
    page.keyboard.press("Enter")
    page.locator("[data-path=age] input").focus()
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    expect(page.locator("[data-path=sex] input[type=radio]").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("[data-path=wish] input")).to_be_focused()
    page.keyboard.type("电商")
    page.keyboard.press("Enter")
    expect(page.locator("[data-finished]")).to_be_visible()
    go_home(page)
    all_sent(page)
    assert Response.objects.get().answers == {"age": 40, "sex": "female", "work": "farming", "wish": "电商"}


def test_the_contents_lead_to_any_page_and_the_language_changes_the_words(phones):
    field = Field(KINDS)
    page = phones(SMALL).opens(field.cadre)
    begin(page)
    page.locator(".sform-contents summary").click()
    page.locator(".sform-contents ol button").nth(2).click()
    expect(page.locator(".sform h2")).to_have_text("满意程度")
    expect(page.locator(".sform h2")).to_be_focused()
    page.locator(".sform-contents summary").click()
    page.locator(".sform-contents ol button").first.click()
    page.locator(".sform-language select").select_option(ENGLISH)
    expect(page.locator(".sform h2")).to_have_text("About you")
    page.locator("#text-size").click()
    looks_right(page)


# the public page ------------------------------------------------------------------------------------------


def test_somebody_answers_by_themselves_and_once_loaded_without_a_network(phones, field):
    link = field.link(one_each="device")
    phone = phones(SMALL)
    page = phone.page
    page.goto(reverse("surveys:public_form", args=[link.token]))
    looks_right(page)
    go_on(page)
    expect(page.locator(".alert-bad")).to_be_visible()
    page.get_by_role("checkbox").check()
    go_on(page)
    expect(page.locator("[data-path=age]")).to_be_visible()
    phone.offline()
    fill(page)
    go_on(page)
    expect(page.locator(".sapp-finished")).to_be_visible()
    assert not Response.objects.exists()
    phone.offline(False)  # the browser says so, and the answers go by themselves
    expect(page.locator(".sapp-finished button")).to_have_count(0)
    looks_right(page)
    assert Response.objects.get().link == link
    page.reload()
    expect(page.locator(".sapp-finished")).to_be_visible()


# size -----------------------------------------------------------------------------------------------------


def test_a_form_of_a_hundred_questions_loads_in_two_hundred_kilobytes(phones):
    choices = {"yes": [{"name": name, "label": {CHINESE: name}} for name in ("是", "否", "不知道")]}
    asked = [
        question("select_one" if n % 2 else "integer", f"q{n}", f"第{n}个问题：您对本县的这一项服务有什么看法和建议？")
        | ({"list": "yes"} if n % 2 else {"constraint": ". >= 0", "relevant": f"${{q{n - 1}}} != ''" if n > 1 else ""})
        for n in range(1, 101)
    ]
    field = Field(document(*asked, choices=choices))
    link = field.link()
    phone = phones()
    sizes: dict[str, int] = {}
    phone.page.on("response", lambda answer: sizes.update({answer.url: len(gzip.compress(answer.body()))}))
    phone.page.goto(reverse("surveys:public_form", args=[link.token]))
    phone.page.get_by_role("checkbox").check()
    go_on(phone.page)
    expect(phone.page.locator("[data-path=q1]")).to_be_visible()
    assert any("/versions/" in url for url in sizes) and any(url.endswith("engine.js") for url in sizes)
    own = {url: size for url, size in sizes.items() if "sw.js" not in url}
    assert sum(own.values()) <= 200 * 1024, json.dumps(own, indent=1)
