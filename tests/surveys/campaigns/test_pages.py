"""The pages: what they show, to whom, and in how many queries."""

import io
import json
import re
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from needs.surveys.campaigns.models import Campaign
from talentmap.accounts.permissions import Role
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.surveys import CampaignFactory, ResponseFactory, campaign_in
from tests.factories.surveys_campaigns import assigned, counted, link_of, quota

pytestmark = pytest.mark.django_db
State = Campaign.State


def page(client, name, *args, query=""):
    response = client.get(reverse(f"surveys:{name}", args=args) + query)
    assert response.status_code == 200, response
    return response


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def sheet(response):
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


# the list ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, staff, count, django_assert_num_queries):
    for _each in range(count):
        township = TownshipFactory()
        campaign = campaign_in(township)
        quota(campaign, township, 5)
        counted(campaign, township, 2)
    page(client, "campaign_list")
    with django_assert_num_queries(9):
        page(client, "campaign_list")


def test_the_list_is_searched_sorted_and_cut_by_state(client, staff):
    first = campaign_in(TownshipFactory(), title="村民调查")
    draft = CampaignFactory(
        title="企业用工调查", state=State.DRAFT, starts_on=timezone.localdate() - timedelta(days=60)
    )

    def titles(query):
        return [row.title for row, _progress in page(client, "campaign_list", query=query).context["campaigns"]]

    assert titles("") == [first.title, draft.title]
    assert titles("?sort=starts") == [draft.title, first.title]
    assert titles("?q=企业") == [draft.title]
    assert titles("?state=draft") == [draft.title]
    assert titles("?state=nonsense") == titles("?sort=nonsense") == [first.title, draft.title]
    tabs = page(client, "campaign_list").context["state_tabs"]
    assert [(tab.code, tab.count) for tab in tabs] == [
        ("", "2"), ("draft", "1"), ("open", "1"), ("paused", "0"), ("closed", "0"),
    ]  # fmt: skip


def test_a_cadre_sees_opened_campaigns_of_the_own_township_with_its_own_numbers(client, cadre, township):
    other = TownshipFactory()
    both = campaign_in(township, other, title="两镇")
    for region, n in ((township, 3), (other, 4)):
        quota(both, region, n * 10)
        counted(both, region, n)
    campaign_in(other, title="别镇")
    campaign_in(township, title="筹备", state=State.DRAFT)
    response = page(client, "campaign_list")

    [(row, progress)] = response.context["campaigns"]
    assert (row.title, progress.target, progress.approved) == ("两镇", 30, 3)
    counts = {tab.code: tab.count for tab in response.context["state_tabs"]}
    assert counts == {"": "1", "open": "1", "paused": "0", "closed": "0"}


# coverage ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_grid_costs_the_same_for_one_township_and_for_three(client, staff, count, django_assert_num_queries):
    townships = [TownshipFactory() for _each in range(count)]
    campaign = campaign_in(*townships)
    for region in townships:
        for band in ("lt25", "35_44", "ge55"):
            quota(campaign, region, 5, band, "farming")
        counted(campaign, region, 2)
    page(client, "campaign", campaign.pk)
    with django_assert_num_queries(11):
        page(client, "campaign", campaign.pk)


def two_townships(township):
    other = TownshipFactory(name="罗场镇")
    campaign = campaign_in(township, other)
    quota(campaign, township, 10, "35_44", "farming")
    quota(campaign, other, 77, "35_44", "farming")
    counted(campaign, township, 4)
    counted(campaign, township, 2, state="pending")
    counted(campaign, other, 33)
    return campaign, other


def test_the_office_sees_all_townships_and_one_by_one(client, staff, township):
    campaign, other = two_townships(township)
    whole = page(client, "campaign", campaign.pk).context
    one = page(client, "campaign", campaign.pk, query=f"?township={other.pk}").context

    assert (whole["total"].target, whole["total"].done, whole["total"].gap) == (87, 37, 50)
    assert whole["matrix"].total == whole["total"]
    assert (one["matrix"].total.target, one["total"].target) == (77, 87)
    assert not whole["is_part"]


def test_a_cadre_sees_the_own_township_only_in_rows_totals_and_download(client, cadre, township):
    campaign, other = two_townships(township)
    response = page(client, "campaign", campaign.pk, query=f"?township={other.pk}")

    assert [line.region for line in response.context["lines"]] == [township]
    assert (response.context["total"].target, response.context["matrix"].total.target) == (10, 10)
    assert other.name not in text(response)
    assert response.context["is_part"]
    rows = sheet(page(client, "coverage_export", campaign.pk))
    assert [row[0] for row in rows[1:-1]] == [township.name]
    assert rows[-1][3:7] == [10, 4, 2, 6]
    assert all(other.name not in str(cell) for row in rows for cell in row)
    quotas = sheet(page(client, "quotas_export", campaign.pk))
    assert {row[0] for row in quotas[1:]} == {township.name}
    assert sum(row[3] for row in quotas[1:]) == 10


def test_over_target_and_without_quota_are_said_in_words(client, staff, township):
    campaign = campaign_in(township)
    quota(campaign, township, 3, "35_44", "farming")
    counted(campaign, township, 5)
    counted(campaign, township, 2, age_band="ge55", occupation="trade")
    said = text(page(client, "campaign", campaign.pk))

    assert "超2" in said
    assert "无配额" in said


def test_the_grid_refreshes_itself_in_the_field_only_and_as_the_same_page(client, staff, township):
    campaign = campaign_in(township)
    address = reverse("surveys:campaign", args=[campaign.pk])
    whole = client.get(address).content.decode()
    swapped = client.get(address, headers={"HX-Request": "true", "X-Passive": "1"}).content.decode()
    cut = re.compile(r'<section id="coverage".*?</section>', re.DOTALL)

    def plain(html):
        return re.sub(r"\d\d:\d\d:\d\d|csrfmiddlewaretoken\" value=\"\w+", "", cut.search(html)[0])

    assert plain(whole) == plain(swapped)
    assert " data-live" in whole
    Campaign.objects.filter(pk=campaign.pk).update(state=State.PAUSED)
    assert " data-live" not in client.get(address).content.decode()


def test_a_lagging_township_is_reminded_from_the_grid(client, staff, township):
    user_with(Role.TOWNSHIP_CADRE, region=township)
    campaign = campaign_in(township, starts_on=timezone.localdate() - timedelta(days=20), ends_on=timezone.localdate())
    quota(campaign, township, 10)
    remind = reverse("surveys:campaign_remind", args=[campaign.pk, township.pk])

    assert remind in page(client, "campaign", campaign.pk).content.decode()
    assert "已提醒来复镇" in text(client.post(remind, follow=True))
    assert "今天已提醒过来复镇" in text(client.post(remind, follow=True))
    assert remind not in page(client, "campaign", campaign.pk).content.decode()


# day by day, interviewers --------------------------------------------------------------------------------


def answered(campaign, township, days_ago, **fields):
    return ResponseFactory(
        campaign=campaign, township=township, received_at=timezone.now() - timedelta(days=days_ago), **fields
    )


def test_answers_add_up_day_by_day(client, staff, township):
    campaign = campaign_in(township)
    quota(campaign, township, 38)
    for days_ago in (2, 2, 0):
        answered(campaign, township, days_ago)
    answered(campaign, township, 0, state="rejected")
    context = page(client, "campaign_days", campaign.pk).context

    assert [(day["n"], day["sum"]) for day in context["days"][:4]] == [(1, 3), (0, 2), (2, 2), (0, 0)]
    data = json.loads(re.search(r'id="days-data"[^>]*>(.*?)</script>', page(
        client, "campaign_days", campaign.pk).content.decode(), re.DOTALL)[1])  # fmt: skip
    assert len(data["labels"]) == len(data["series"][0]["values"]) == 38
    assert data["series"][1]["values"][-1] == 38
    assert data["series"][0]["values"][-1] is None


def test_a_cadre_sees_the_days_of_the_own_township(client, cadre, township):
    campaign, other = two_townships(township)
    answered(campaign, other, 0)
    assert not page(client, "campaign_days", campaign.pk).context["has_answers"]


def test_the_board_tells_who_brought_in_what(client, staff, township):
    campaign = campaign_in(township)
    first, second = (user_with(Role.TOWNSHIP_CADRE, region=township) for _each in range(2))
    assigned(campaign, first, township, target=30)
    finished = timezone.now()
    for minutes, state in ((2, "approved"), (10, "pending"), (30, "rejected")):
        ResponseFactory(campaign=campaign, township=township, interviewer=first, state=state,
                        flags=["fast"] if minutes == 2 else [], started_at=finished - timedelta(minutes=minutes),
                        finished_at=finished)  # fmt: skip
    ResponseFactory(campaign=campaign, township=township, interviewer=second)
    link = link_of(campaign, township)
    ResponseFactory(campaign=campaign, township=township, channel="self", interviewer=None, link=link)
    rows = {row.interviewer: row for row in page(client, "campaign_interviewers", campaign.pk).context["rows"]}

    mine = rows[first]
    assert (mine.approved, mine.pending, mine.rejected, mine.flagged) == (1, 1, 1, 1)
    assert (mine.minutes, mine.target, mine.places) == (10.0, 30, [township])
    assert rows[second].pending == rows[None].pending == 1
    by_pending = page(client, "campaign_interviewers", campaign.pk, query="?sort=-approved").context["rows"]
    assert by_pending[0].interviewer == first
    assert len(sheet(page(client, "interviewers_export", campaign.pk))) == 4


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_costs_the_same_for_one_and_for_three(client, staff, township, count, django_assert_num_queries):
    campaign = campaign_in(township)
    for _each in range(count):
        person = user_with(Role.TOWNSHIP_CADRE, region=township)
        assigned(campaign, person, township)
        ResponseFactory(campaign=campaign, township=township)
    page(client, "campaign_interviewers", campaign.pk)
    with django_assert_num_queries(8):
        page(client, "campaign_interviewers", campaign.pk)


def test_on_the_board_a_cadre_sees_the_own_township_and_own_work(client, cadre, township):
    campaign, other = two_townships(township)
    stranger, colleague = user_with(Role.TOWNSHIP_CADRE, region=other), user_with(Role.TOWNSHIP_CADRE, region=township)
    ResponseFactory(campaign=campaign, township=other, interviewer=stranger)
    ResponseFactory(campaign=campaign, township=other, interviewer=cadre)
    ResponseFactory(campaign=campaign, township=township, interviewer=colleague)
    assigned(campaign, stranger, other)
    rows = page(client, "campaign_interviewers", campaign.pk).context["rows"]

    assert {row.interviewer for row in rows} == {cadre, colleague}
    assert len(sheet(page(client, "interviewers_export", campaign.pk))) == 3


@pytest.mark.parametrize("count", [1, 3])
def test_the_assignments_cost_the_same_for_one_and_for_three(client, staff, township, count, django_assert_num_queries):
    campaign = campaign_in(township)
    for _each in range(count):
        assigned(campaign, user_with(Role.TOWNSHIP_CADRE, region=township), township)
    page(client, "campaign_assignments", campaign.pk)
    with django_assert_num_queries(8):
        page(client, "campaign_assignments", campaign.pk)
