"""What only a browser shows: building by keyboard and by thumb, saving by itself, undoing, the preview."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from needs.surveys.questionnaires import actions
from needs.surveys.questionnaires.models import BankQuestion
from tests.browser import AXE, GRAVE
from tests.factories.surveys import CHINESE
from tests.factories.surveys_questionnaires import bank_entry, document, draft, office, question

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
both_sizes = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])


def url(name, *args):
    return reverse(f"surveys:{name}", args=args)


@pytest.fixture
def staff(transactional_db):
    return office(display_name="李经办")


@pytest.fixture
def expected_trouble():
    return ("409",)


def at_rest(page):
    """Everything that was done has reached the server."""
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "saved")


def items_of(version):
    version.refresh_from_db()
    return version.document["items"]


def names_of(version):
    return [item["name"] for item in items_of(version)]


def row(page, name):
    return page.locator(f'.builder-line:has(code:text-is("{name}"))').first


def choose(page, name):
    row(page, name).click()


def field(page, key):
    return page.locator(f'[data-panel] [data-key="{key}"]')


def unfold(page, words):
    section = page.locator(f'.builder-section:has(> summary:text-is("{words}"))')
    if section.get_attribute("open") is None:
        section.locator("summary").click()


def test_a_questionnaire_is_built_by_keyboard_alone(open_page, staff):
    version = draft(
        document={"settings": {"title": "t", "form_id": "f"}, "languages": [CHINESE], "items": [], "choices": {}}
    )
    page = open_page(staff, DESK)
    page.goto(url("builder", version.pk))
    for kind, label in (("integer", "您今年多大"), ("select_one", "您的职业")):
        page.keyboard.press("Alt+n")
        page.locator(f'dialog [data-type="{kind}"]').focus()
        page.keyboard.press("Enter")
        expect(field(page, "label")).to_be_focused()
        page.keyboard.type(label)
    at_rest(page)
    assert [(item["type"], item["label"]) for item in items_of(version)] == [
        ("integer", {CHINESE: "您今年多大"}),
        ("select_one", {CHINESE: "您的职业"}),
    ]
    first = page.locator('[data-key^="choice:"]').first
    first.focus()
    page.keyboard.type("务农")
    page.keyboard.press("Enter")
    page.keyboard.type("务工")
    at_rest(page)
    version.refresh_from_db()
    (rows,) = version.document["choices"].values()
    assert [row["label"].get(CHINESE) if row.get("label") else None for row in rows] == ["务农", "务工", None]
    page.locator('[role=treeitem][aria-selected="true"]').focus()
    page.keyboard.press("Alt+ArrowUp")
    at_rest(page)
    assert [item["type"] for item in items_of(version)] == ["select_one", "integer"]
    page.keyboard.press("Delete")
    at_rest(page)
    assert [item["type"] for item in items_of(version)] == ["integer"]
    page.keyboard.press("Control+z")
    at_rest(page)
    assert [item["type"] for item in items_of(version)] == ["select_one", "integer"]
    page.keyboard.press("Control+y")
    at_rest(page)
    assert [item["type"] for item in items_of(version)] == ["integer"]


@both_sizes
def test_questions_are_added_grouped_and_deleted_by_clicks(open_page, staff, size):
    version = draft()
    page = open_page(staff, size)
    page.goto(url("builder", version.pk))
    at_rest(page)
    choose(page, "wish")
    if size is PHONE:
        page.locator(".builder-back").click()
    page.locator('[data-act="add"]').click()
    page.locator('dialog [data-type="group"]').click()
    field(page, "label").fill("愿望")
    if size is PHONE:
        page.locator(".builder-back").click()
    choose(page, "group")
    tools = page.locator(".builder-tools button")
    tools.nth(0).click()
    at_rest(page)
    assert names_of(version) == ["age", "sex", "work", "group", "wish"]
    if size is PHONE:
        page.locator(".builder-back").click()
    choose(page, "wish")
    tools.nth(3).click()
    at_rest(page)
    group = items_of(version)[3]
    assert [item["name"] for item in group["items"]] == ["wish"]
    tools.nth(2).click()
    tools.nth(4).click()
    at_rest(page)
    assert names_of(version) == ["age", "sex", "work", "group", "wish", "wish_2"]
    tools.nth(6).click()
    at_rest(page)
    assert names_of(version) == ["age", "sex", "work", "group", "wish"]
    page.locator("[data-told] button").click()
    at_rest(page)
    assert names_of(version) == ["age", "sex", "work", "group", "wish", "wish_2"]


def test_a_question_is_dragged_into_a_group(open_page, staff):
    group = {"kind": "group", "name": "more", "label": {CHINESE: "其他"}, "items": []}
    version = draft(document=document(group))
    page = open_page(staff, DESK)
    page.goto(url("builder", version.pk))
    with page.expect_response(lambda answer: answer.request.method != "GET"):
        row(page, "age").drag_to(row(page, "more"))
    at_rest(page)
    assert names_of(version) == ["sex", "work", "wish", "more"]
    assert items_of(version)[3]["items"][0]["name"] == "age"


def test_a_condition_is_chosen_and_the_expression_follows(open_page, staff):
    version = draft()
    page = open_page(staff, DESK)
    page.goto(url("builder", version.pk))
    choose(page, "wish")
    unfold(page, "询问条件")
    page.get_by_role("button", name="添加条件").click()
    term = page.locator(".builder-term")
    term.locator("select").nth(0).select_option("work")
    page.locator(".builder-term select").nth(2).select_option("farming")
    at_rest(page)
    assert items_of(version)[3]["relevant"] == "${work} = 'farming'"
    page.get_by_role("button", name="添加条件").click()
    page.locator(".builder-term").nth(1).locator("select").nth(0).select_option("age")
    page.locator(".builder-term").nth(1).locator("select").nth(1).select_option(">=")
    page.locator(".builder-term").nth(1).locator("input").fill("18")
    at_rest(page)
    assert items_of(version)[3]["relevant"] == "${work} = 'farming' and ${age} >= 18"
    field(page, "relevant").fill("if(${age} > 3, true(), false())")
    expect(page.locator(".builder-term")).to_have_count(0)
    at_rest(page)
    assert items_of(version)[3]["relevant"] == "if(${age} > 3, true(), false())"


def test_many_choices_are_pasted(open_page, staff):
    version = draft()
    page = open_page(staff, DESK)
    page.goto(url("builder", version.pk))
    choose(page, "work")
    page.get_by_role("button", name="批量粘贴").click()
    page.locator("dialog textarea").fill("student\t学生\n退休\n")
    page.get_by_role("button", name="追加").click()
    at_rest(page)
    version.refresh_from_db()
    assert [(row["name"], row["label"][CHINESE]) for row in version.document["choices"]["work"]] == [
        ("farming", "务农"),
        ("trade", "经商"),
        ("student", "学生"),
        ("3", "退休"),
    ]


def test_a_new_name_is_followed_by_what_refers_to_it_and_the_id_stays(open_page, staff):
    version = draft(document=document(question("why", relevant="${wish} != ''", label="为什么想学${wish}")))
    page = open_page(staff, DESK)
    page.goto(url("builder", version.pk))
    choose(page, "wish")
    field(page, "name").fill("dream")
    page.keyboard.press("Tab")
    at_rest(page)
    wish, why = items_of(version)[3:]
    assert (wish["name"], wish["id"]) == ("dream", "wish")
    assert (why["relevant"], why["label"][CHINESE]) == ("${dream} != ''", "为什么想学${dream}")
    expect(page.locator(".builder-count")).to_have_count(0)


@both_sizes
def test_a_problem_is_shown_at_its_question(open_page, staff, size):
    version = draft(document=document(question("why", relevant="${nobody} = 'x'")))
    page = open_page(staff, size)
    page.goto(url("builder", version.pk))
    expect(row(page, "why").locator(".builder-count")).to_have_text("1")
    page.locator('[data-act="problems"]').click()
    expect(page.locator("[data-problems]")).to_contain_text("nobody")
    unfold(page, "询问条件")
    field(page, "relevant").fill("${wish} = 'x'")
    expect(page.locator("[data-problems] li")).to_have_count(0)


def test_who_comes_second_is_told_and_overwrites_nothing(open_page, staff):
    version = draft()
    page = open_page(staff, DESK)
    page.goto(url("builder", version.pk))
    other = office(display_name="王同事")
    theirs = document(question("theirs"))
    actions.save_draft(by=other, at=timezone.now(), version=version, revision=0, document=theirs)
    choose(page, "wish")
    field(page, "label").fill("我的改动")
    expect(page.locator("[data-conflict]")).to_be_visible()
    expect(page.locator("[data-conflict]")).to_contain_text("王同事")
    with page.expect_download() as started:
        page.locator('[data-act="download"]').click()
    assert "我的改动" in started.value.path().read_text()
    version.refresh_from_db()
    assert version.document == theirs
    page.locator('[data-act="reload"]').click()
    expect(row(page, "theirs")).to_be_visible()


def test_the_bank_gives_and_takes(open_page, staff):
    bank_entry("性别", item=question("sex", "select_one", "性别？", list="sex"),
               choices={"sex": [{"name": "m", "label": {CHINESE: "男性"}}]})  # fmt: skip
    version = draft()
    page = open_page(staff, DESK)
    page.goto(url("builder", version.pk))
    choose(page, "wish")
    page.locator('[data-act="bank"]').click()
    page.locator("dialog li", has_text="性别").get_by_role("button").click()
    at_rest(page)
    taken = items_of(version)[4]
    assert (taken["name"], taken["list"]) == ("sex_2", "sex_2")
    assert version.document["choices"]["sex_2"] == [{"name": "m", "label": {CHINESE: "男性"}}]
    choose(page, "work")
    page.locator(".builder-tools button").nth(5).click()
    page.locator('dialog [data-key="keep-topic"]').fill("就业")
    page.locator("dialog button[type=submit]").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    kept = BankQuestion.objects.get(topic="就业")
    assert (kept.title, set(kept.choices)) == ("职业", {"work"})


def test_languages_are_added_and_switched(open_page, staff):
    version = draft()
    page = open_page(staff, DESK)
    page.goto(url("builder", version.pk))
    page.locator(".builder-line").first.click()
    field(page, "new-language").fill("English (en)")
    page.get_by_role("button", name="添加", exact=True).last.click()
    choose(page, "wish")
    page.get_by_role("button", name="English (en)").click()
    field(page, "label").fill("What would you like to learn?")
    at_rest(page)
    assert items_of(version)[3]["label"] == {CHINESE: "最希望学什么", "English (en)": "What would you like to learn?"}
    assert version.document["languages"] == [CHINESE, "English (en)"]


@both_sizes
def test_the_preview_asks_and_shows_the_answers(open_page, staff, size):
    version = draft(document=document(question("why", relevant="${age} >= 18", label="为什么")))
    page = open_page(staff, size)
    page.goto(url("version_preview", version.pk))
    form = page.locator("#preview-form")
    expect(form).not_to_contain_text("为什么")
    form.locator("input").first.fill("40")
    page.keyboard.press("Tab")
    expect(form).to_contain_text("为什么")
    expect(page.locator("#preview-answers")).to_contain_text("40")
    page.locator("#preview-again").click()
    expect(page.locator("#preview-answers")).not_to_contain_text("40")
    expect(form.locator("input").first).to_have_value("")


@both_sizes
@pytest.mark.parametrize(
    "name", ["questionnaire_list", "questionnaire_new", "questionnaire_upload", "question_bank", "builder", "version",
             "version_logic", "version_preview", "version_publish", "questionnaire", "compare"],
)  # fmt: skip
def test_every_page_fits_and_is_accessible(open_page, staff, size, name):
    version = draft(document=document(question("why", relevant="${age} >= 18")))
    bank_entry()
    page = open_page(staff, size)
    lists = ("questionnaire_list", "questionnaire_new", "questionnaire_upload", "question_bank")
    pk = version.questionnaire_id if name in ("questionnaire", "compare") else version.pk
    page.goto(url(name) if name in lists else url(name, pk))
    if name == "builder":
        choose(page, "work")
        page.evaluate("document.querySelectorAll('details.builder-section').forEach((each) => { each.open = true; })")
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["impact"] in GRAVE] == []
