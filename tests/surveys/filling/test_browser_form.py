"""What only a browser shows of the form: every kind of question, a keyboard instead of a thumb, the public page."""

import gzip
import json

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from needs.surveys.responses.models import Response, ResponseFile
from tests.factories.casework import picture
from tests.factories.surveys import CHINESE
from tests.factories.surveys_filling import ENGLISH, Field, document, question
from tests.surveys.filling.phone import (
    DESK,
    SMALL,
    all_sent,
    begin,
    fill,
    finish,
    go_home,
    go_on,
    looks_right,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
    expect(page.locator("[data-path=age] .sq-error")).to_be_hidden()  # the page does not move under the click
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


def test_a_jump_to_a_mistake_is_over_before_the_next_tap(phones):
    phone = phones(SMALL)
    page = phone.opens(Field(KINDS).cadre)
    begin(page)
    go_on(page)
    scroll = """(behaviour) => {
        document.documentElement.style.scrollBehavior = behaviour;
        document.activeElement.blur();
        scrollTo({ top: 0, behavior: "instant" });
        document.querySelector("[data-path=story] textarea").focus();
        return scrollY;
    }"""
    assert page.evaluate(scroll, "smooth") == 0  # the control: animated, the page has not moved yet
    assert page.evaluate(scroll, "") > 0


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
    answers = []

    def keep(answer):
        answers.append(answer)

    phone.page.on("response", keep)
    phone.page.goto(reverse("surveys:public_form", args=[link.token]))
    phone.page.get_by_role("checkbox").check()
    go_on(phone.page)
    expect(phone.page.locator("[data-path=q1]")).to_be_visible()
    sizes = {answer.url: len(gzip.compress(answer.body())) for answer in answers}
    assert any("/versions/" in url for url in sizes) and any(url.endswith("engine.js") for url in sizes)
    own = {url: size for url, size in sizes.items() if "sw.js" not in url}
    assert sum(own.values()) <= 200 * 1024, json.dumps(own, indent=1)
