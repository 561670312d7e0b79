"""What only a browser shows: the grid that keeps itself fresh, quotas that add up, a phone, a keyboard."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from needs.surveys.campaigns.models import Campaign
from needs.surveys.tallies.models import Tally
from talentmap.accounts.permissions import Role
from tests.browser import SIZES, Visitor
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.surveys import ResponseFactory, VersionFactory, campaign_in
from tests.factories.surveys_campaigns import assigned, counted, link_of, quota

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def address(name, *args):
    return reverse(f"surveys:{name}", args=args)


@pytest.fixture(params=SIZES, ids=str)
def window(request, chromium, live_server, client):
    """Somebody of the office, signed in, on a phone and at a desk."""
    client.force_login(user_with(Role.OFFICE_STAFF))
    with Visitor(chromium, live_server.url, SIZES[request.param]) as visitor:
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        visitor.context.add_cookies([cookie])
        yield visitor


@pytest.fixture
def campaign():
    townships = [TownshipFactory(name=name) for name in ("来复镇", "罗场镇")]
    made = campaign_in(*townships)
    for region in townships:
        for band in ("lt25", "35_44"):
            quota(made, region, 18, band, "farming")
        counted(made, region, 3)
    return made


def test_a_township_that_lags_is_reminded(window, campaign):
    township = campaign.townships.first().region
    user_with(Role.TOWNSHIP_CADRE, region=township)
    window.goes(address("campaign", campaign.pk))
    window.follows(f"form[action='{address('campaign_remind', campaign.pk, township.pk)}'] button")
    expect(window.page.locator(f"form[action='{address('campaign_remind', campaign.pk, township.pk)}']")).to_have_count(
        0
    )


def test_every_page_fits_the_screen_and_can_be_read_by_everybody(window, campaign):
    township = campaign.townships.first().region
    cadre = user_with(Role.TOWNSHIP_CADRE, region=township)
    assigned(campaign, cadre, township, target=9)
    ResponseFactory(campaign=campaign, township=township, interviewer=cadre, flags=["fast"])
    link = link_of(campaign, township, one_each="invitation")
    for name in ("campaign", "campaign_days", "campaign_interviewers", "campaign_assignments", "campaign_quotas",
                 "campaign_links", "campaign_edit", "campaign_extend", "campaign_version", "quotas_spread",
                 "quotas_upload", "quotas_copy", "assignment_new", "link_new"):  # fmt: skip
        window.goes(address(name, campaign.pk))
    for name, more in (("quotas_edit", township.pk), ("link_codes", link.pk), ("campaign_step", "close")):
        window.goes(address(name, campaign.pk, more))
    window.goes(address("campaign_list"))
    window.goes(address("campaign_new"))


def test_the_grid_follows_the_field_work_without_a_click(window, campaign):
    window.page.clock.install()
    window.goes(address("campaign", campaign.pk))
    figure = window.find(".figure:nth-child(2) .figure-value")
    expect(figure).to_have_text("6")
    Tally.objects.filter(campaign=campaign).update(n=5)
    window.page.clock.run_for(11_000)
    expect(figure).to_have_text("10")


def test_a_paused_campaign_is_not_asked_again(window, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(state=Campaign.State.PAUSED)
    window.page.clock.install()
    window.goes(address("campaign", campaign.pk))
    asked = []
    window.page.on("request", lambda request: asked.append(request.url))
    window.page.clock.run_for(60_000)
    assert not [url for url in asked if "/campaigns/" in url]


def test_a_township_is_chosen_by_keyboard(window, campaign):
    other = campaign.townships.last().region
    window.goes(address("campaign", campaign.pk))
    choice = window.find("#township")
    choice.focus()
    choice.select_option(str(other.pk))
    window.page.wait_for_url(f"**township={other.pk}")
    expect(window.find("#by-group")).to_contain_text("罗场镇")


def test_quotas_add_up_while_they_are_typed(window, campaign):
    township = campaign.townships.first().region
    window.goes(address("quotas_edit", campaign.pk, township.pk))
    total = window.find("[data-grid-total]")
    expect(total).to_have_text("36")
    window.find("[name=q0_1]").fill("１2")  # a full-width digit counts, too
    expect(total).to_have_text("48")
    window.follows("button[type=submit]")
    assert sum(campaign.quotas.filter(region=township).values_list("target", flat=True)) == 48


def test_a_campaign_is_taken_from_the_first_form_to_the_field(window):
    TownshipFactory()
    VersionFactory()
    window.goes(address("campaign_list"))
    window.follows(f"a[href='{address('campaign_new')}']")
    window.fills(title="2026年村民人才需求调查", ends_on="2099-12-31")
    window.find("[name=version]").select_option(index=1)
    window.follows("form.form-page button[type=submit]")
    window.sees("最长两年")
    today = timezone.localdate()
    window.fills(starts_on=str(today), ends_on=str(today + timedelta(days=700)))
    window.follows("form.form-page button[type=submit]")
    window.follows("a:has-text('开启')")
    window.sees("没有配额")
    window.follows("form.form-page button[type=submit]")
    expect(window.find("h1")).to_contain_text("调查中")
