"""The forms of a campaign, its quotas and its links."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from needs.surveys.campaigns.models import Campaign, PublicLink
from needs.surveys.results.models import Margin, MarginSet
from talentmap.accounts.permissions import Role
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.surveys import VersionFactory, campaign_in
from tests.factories.surveys_campaigns import link_of, quota
from tests.surveys.campaigns.test_pages import page, sheet, text

pytestmark = pytest.mark.django_db
State = Campaign.State


def send(client, name, *args, **values):
    return client.post(reverse(f"surveys:{name}", args=args), values, follow=True)


def test_a_campaign_is_prepared_opened_and_closed_by_its_pages(client, staff, township):
    today = timezone.localdate()
    said = send(client, "campaign_new", title="2026年村民调查", version=VersionFactory().pk, shortest_minutes="3",
                starts_on=today, ends_on=today + timedelta(days=9), where="all")  # fmt: skip
    campaign = Campaign.objects.get()
    assert "调查已建立" in text(said)
    assert [row.region for row in campaign.townships.all()] == [township]
    assert "没有配额" in text(page(client, "campaign_step", campaign.pk, "open"))
    send(client, "campaign_step", campaign.pk, "open")
    send(client, "campaign_extend", campaign.pk, ends_on=today + timedelta(days=20))
    send(client, "campaign_step", campaign.pk, "close")
    campaign.refresh_from_db()

    assert (campaign.state, campaign.ends_on) == (State.CLOSED, today + timedelta(days=20))
    assert "不能再修改" in text(page(client, "campaign_edit", campaign.pk))


def test_what_was_typed_is_kept_and_the_mistake_named(client, staff):
    today = timezone.localdate()
    response = send(client, "campaign_new", title="村民调查", version="0", shortest_minutes="-1", starts_on=today,
                    ends_on=today - timedelta(days=1), where="chosen")  # fmt: skip
    assert not Campaign.objects.exists()
    assert set(response.context["form"].errors) >= {"version", "ends_on"}
    assert 'value="村民调查"' in response.content.decode()


def test_a_township_without_answers_can_be_taken_out_by_the_form(client, staff, township):
    other = TownshipFactory()
    campaign = campaign_in(township, other)
    assert page(client, "campaign_edit", campaign.pk).context["form"].initial["where"] == "all"
    send(client, "campaign_edit", campaign.pk, title="改名", shortest_minutes="2.5", where="chosen", townships=other.pk)
    assert [row.region for row in campaign.townships.all()] == [other]


def test_only_the_director_is_offered_to_open_it_again(client, staff, township):
    campaign = campaign_in(township, state=State.CLOSED, closed_at=timezone.now())
    again = reverse("surveys:campaign_step", args=[campaign.pk, "reopen"])

    assert again not in page(client, "campaign", campaign.pk).content.decode()
    assert client.get(again).status_code == 403
    client.force_login(user_with(Role.OFFICE_DIRECTOR))
    assert again in page(client, "campaign", campaign.pk).content.decode()
    send(client, "campaign_step", campaign.pk, "reopen", reason="补录", ends_on=timezone.localdate())
    campaign.refresh_from_db()
    assert campaign.state == State.OPEN


def test_quotas_are_typed_as_people_type_numbers(client, staff, township):
    campaign = campaign_in(township)
    form = page(client, "quotas_edit", campaign.pk, township.pk).context["form"]
    seen = form["seen"].value()
    assert [label for _name, label in form.works] == ["务农", "经商", "不限"]
    wrong = send(client, "quotas_edit", campaign.pk, township.pk, q0_0="三", q1_1="5", seen=seen)
    assert "q0_0" in wrong.context["form"].errors
    assert not campaign.quotas.exists()
    send(client, "quotas_edit", campaign.pk, township.pk, q0_0="12", q1_1="5", q5_2="7", q2_0="0", seen=seen)
    found = set(campaign.quotas.values_list("age_band", "occupation", "target"))
    assert found == {("lt25", "farming", 12), ("25_34", "trade", 5), ("", "", 7)}
    late = send(client, "quotas_edit", campaign.pk, township.pk, q0_0="1", seen=seen)
    assert "其他人已修改" in text(late)


def test_a_sample_is_shown_before_it_replaces_the_quotas(client, staff, township):
    campaign = campaign_in(township)
    quota(campaign, township, 3)
    values = {"total": "40", f"t{township.pk}": "20000", "alt25": "1", "age55": "3", "o0": "1", "o1": "1"}
    shown = send(client, "quotas_spread", campaign.pk, show="1", **values)
    assert shown.context["total"].target == 40
    assert campaign.quotas.count() == 1
    send(client, "quotas_spread", campaign.pk, save="1", **values)
    found = set(campaign.quotas.values_list("age_band", "occupation", "target"))
    assert found == {("lt25", "farming", 5), ("lt25", "trade", 5), ("ge55", "farming", 15), ("ge55", "trade", 15)}


def test_margins_that_are_kept_fill_in_the_numbers(client, staff, township):
    campaign = campaign_in(township)
    kept = MarginSet.objects.create(title="七普", source="县统计局", as_of=date(2020, 11, 1), made_at=timezone.now(),
                                    made_by=staff)  # fmt: skip
    for dimension, category, population in (("township", str(township.pk), 32_000), ("age_band", "ge55", 9_000),
                                            ("occupation", "trade", 700)):  # fmt: skip
        Margin.objects.create(margin_set=kept, dimension=dimension, category=category, population=population)
    form = page(client, "quotas_spread", campaign.pk, query=f"?margins={kept.pk}").context["form"]

    assert (form[f"t{township.pk}"].value(), form["age55"].value(), form["o1"].value()) == (32_000, 9_000, 700)
    assert form["o0"].value() is None
    nonsense = page(client, "quotas_spread", campaign.pk, query="?margins=x").context["form"]
    assert nonsense["o1"].value() is None


def test_quotas_come_back_from_the_file_that_they_went_into(client, staff, township):
    campaign = campaign_in(township)
    quota(campaign, township, 4, "lt25", "farming")
    quota(campaign, township, 9)
    file = b"".join(page(client, "quotas_export", campaign.pk).streaming_content)
    campaign.quotas.update(target=1)
    quota(campaign, township, 5, "ge55", "trade")
    send(client, "quotas_upload", campaign.pk, file=SimpleUploadedFile("q.xlsx", file))

    found = set(campaign.quotas.values_list("age_band", "occupation", "target"))
    assert found == {("lt25", "farming", 4), ("", "", 9)}


def test_every_mistake_of_a_file_is_told_with_its_cell_and_nothing_changes(client, staff, township):
    campaign = campaign_in(township)
    quota(campaign, township, 4)
    lines = ["乡镇,年龄段,职业,目标", "来复镇,25岁以下,务农,5", "来复镇,lt25,farming,6", "火星镇,25岁以下,务农,5",
             "来复镇,30到40,务农,5", "来复镇,25岁以下,采矿,-3"]  # fmt: skip
    response = send(client, "quotas_upload", campaign.pk, file=SimpleUploadedFile("q.csv", "\n".join(lines).encode()))
    errors = [(error.row, error.letter) for error in response.context["problem"].errors]

    assert errors == [(3, "A"), (4, "A"), (5, "B"), (6, "C"), (6, "D")]
    assert campaign.quotas.get().target == 4


def test_quotas_are_copied_from_a_campaign_one_can_see(client, staff, township):
    source, campaign = campaign_in(township), campaign_in(township)
    quota(source, township, 6, "lt25", "trade")
    said = send(client, "quotas_copy", campaign.pk, source=source.pk)
    assert "已保存1项配额" in text(said)
    assert campaign.quotas.get().target == 6


def test_a_link_its_poster_and_its_codes(client, staff, township):
    campaign = campaign_in(township)
    send(client, "link_new", campaign.pk, region=township.pk, one_each="invitation", per_hour="20")
    link = PublicLink.objects.get()
    assert link.token in page(client, "campaign_links", campaign.pk).content.decode()
    assert page(client, "link_poster", campaign.pk, link.pk).content.startswith(b"%PDF")
    rows = sheet(client.post(reverse("surveys:link_codes", args=[campaign.pk, link.pk]), {"count": "7"}))
    assert len(rows) == 8
    assert link.codes.count() == 7
    shown = page(client, "link_codes", campaign.pk, link.pk).content.decode()
    assert not any(row[1] in shown for row in rows[1:])
    send(client, "link_close", campaign.pk, link.pk)
    link.refresh_from_db()
    assert link.closed_at


@pytest.mark.parametrize("count", [1, 3])
def test_the_links_cost_the_same_for_one_and_for_three(client, staff, township, count, django_assert_num_queries):
    campaign = campaign_in(township)
    for _each in range(count):
        link_of(campaign, township)
    page(client, "campaign_links", campaign.pk)
    with django_assert_num_queries(7):
        page(client, "campaign_links", campaign.pk)
