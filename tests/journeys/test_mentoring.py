"""A graduate finds a mentor, gets one, agrees on a term and meets: each person at their own window."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from growth.mentoring.models import Mentor, MentorRequest, Pair
from talentmap.casework.models import Application
from tests.factories import mentoring
from tests.factories.casework import MONDAY
from tests.journeys.conftest import NAME, PASSWORD
from tests.journeys.test_rent_subsidy import decide, state_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GOALS = "一年内把本村的早春茶做出自己的品牌"
DONE = "一起走访两家门市，比较包装和价格"


@pytest.fixture
def county(transactional_db, clock):
    """An office, a graduate, and two mentors of whom the one in tea fits better."""
    office = mentoring.office()
    tea = mentoring.mentor(office, name="何强", mobile="13990960001")
    mentoring.mentor(office, name="罗桂芳", industries=["silk"], skills=["growing"])
    talent = mentoring.talent(office, name=NAME, phone="13900000001")
    for person in (talent.user, office.staff, tea.user):
        person.set_password(PASSWORD)
        person.save()
    return office, talent, tea


def ask_for_a_mentor(window) -> Application:
    window.goes(reverse("casework:service_guide", args=["mentoring"]))
    window.follows("form[action='/services/mentoring/apply/'] button")
    window.find("[name=kind][value=practice]").check()
    window.fills(goals=GOALS)
    window.find("[name=enterprise_stage]").select_option("starting")
    window.find("[name=industry]").select_option("tea")
    window.follows("form.form-page button[type=submit]")
    for name, value in (("skill_gaps", "ecommerce"), ("formats", "on_site"), ("languages", "mandarin")):
        window.find(f"[name={name}][value={value}]").check()
    window.follows("form.form-page button[type=submit]")
    best = window.page.locator(".candidate").first
    expect(best).to_contain_text("何强")
    expect(best).to_contain_text("从事同一行业：茶叶")
    window.look()
    window.find("[name=first_wish]").select_option(label=window.find("[name=first_wish] option >> nth=1").inner_text())
    window.follows("form.form-page button[type=submit]")
    window.sees(GOALS, "何强")
    window.find("[name=declaration]").check()
    window.follows("form.form-page button[type=submit]")
    return Application.objects.get()


def opens_my_mentoring(window) -> None:
    """From the row at the top of a desk; on a phone from behind the last of five targets that a thumb meets."""
    bar = window.page.locator(".top-nav")
    if window.page.viewport_size["width"] < 500:
        bar = window.page.locator(".bottom")
        boxes = [each.bounding_box() for each in bar.locator(".bottom-entry").all()]
        assert len(boxes) == 5
        assert all(min(box["width"], box["height"]) >= 44 for box in boxes)
        bar.locator(".bottom-more > button").click()
    bar.locator(f"a[href='{reverse('mentoring:my_pairs')}']").click()
    expect(window.page.locator("h1")).to_have_text("我的帮带")
    window.look()


def test_a_graduate_finds_and_gets_a_mentor_and_logs_a_meeting(county, clock, enter):
    office, talent, tea = county
    with enter(talent.user) as window:
        application = ask_for_a_mentor(window)
    assert state_of(application) == "submitted"

    clock.on(MONDAY)
    with enter(office.staff) as window:
        decide(window, application, "accept")
        window.goes(reverse("casework:inbox"))
        decide(window, application, "pass_stage")
    assert state_of(application) == "in_review:mentor"
    asked = MentorRequest.objects.open().get()
    assert asked.mentor == tea

    clock.on(date(2026, 3, 3))
    with enter(tea.user) as window:
        window.sees(NAME, "2026-03-09")
        window.follows(f"a[href='{reverse('mentoring:request', args=[asked.pk])}']")
        window.sees(GOALS, "匹配理由")
        window.look()
        window.find("[data-opens=ask-accept]").click()
        window.follows("#ask-accept button[type=submit]")
        pair = Pair.objects.get()
        window.follows(f"a[href='{pair.get_absolute_url()}']")
        window.sees("13900000001")
        window.follows(f"a[href='{reverse('mentoring:agreement', args=[pair.pk])}']")
        window.fills(
            starts_on="2026-03-03", weeks="26", aims="线上销售二十万元", content="每月见面两次", duties="按计划完成"
        )
        window.look()
        window.follows("form.form-page button[type=submit]")

    clock.on(date(2026, 3, 10), 18)
    with enter(talent.user) as window:
        opens_my_mentoring(window)
        window.sees("查看并确认协议")
        window.follows(f"a[href='{pair.get_absolute_url()}']")
        window.follows("form[action*='/confirm/'] button")
        window.sees("生效中")
        window.follows(f"a[href='{reverse('mentoring:log_meeting', args=[pair.pk])}']")
        window.fills(topic="产品定位", starts_at="2026-03-10T14:00", minutes="90", place="茶厂", content=DONE)
        window.find("[name=format][value=on_site]").check()
        window.look()
        window.follows("form.form-page button[type=submit]")
    assert pair.meetings.get().state == "logged"

    clock.on(date(2026, 3, 11))
    with enter(tea.user) as window:
        window.goes(pair.get_absolute_url())
        window.follows("#meetings table a")
        window.sees(DONE, "茶厂")
        window.follows("form[action*='/confirm/'] button")
    meeting = pair.meetings.get()
    assert (meeting.state, meeting.confirmed_by) == ("confirmed", tea.user)
    assert Mentor.objects.get(pk=tea.pk).taken == 1
    assert state_of(application) == "approved"
