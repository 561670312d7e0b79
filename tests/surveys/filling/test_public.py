"""Anybody with the link answers by themselves: once, if the link says so, and only where and while it takes answers."""

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from needs.surveys.campaigns.codes import digest_of
from needs.surveys.campaigns.models import Campaign, CampaignTownship, InvitationCode, PublicLink
from needs.surveys.responses.models import Response
from talentmap.accounts.records import MobileCode
from tests.factories.accounts import TownshipFactory
from tests.factories.casework import picture
from tests.factories.surveys_filling import Field

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}
MOBILE = "19900000042"


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


def state(client, link):
    return client.get(reverse("surveys:public_state", args=[link.token]), **JSON)


def send(client, link, field, **more):
    body = json.dumps(field.payload(username="", **more))
    address = reverse("surveys:public_sync", args=[link.token])
    return client.post(address, body, content_type="application/json", **JSON)


def code_of(answer):
    return answer.json()["reasons"][0]["code"]


def test_a_link_gives_its_page_its_questionnaire_and_takes_an_answer(field):
    link, client = field.link(), Client()
    assert client.get(reverse("surveys:public_form", args=[link.token])).status_code == 200
    found = state(client, link).json()
    assert [place["id"] for place in found["places"]] == [field.township.pk]
    address = reverse("surveys:public_version", args=[link.token, found["campaign"]["version"]])
    assert client.get(address).json() == field.version.compiled
    assert client.get(reverse("surveys:public_version", args=[link.token, 10**9])).status_code == 404
    assert send(client, link, field).status_code == 201
    row = Response.objects.get()
    assert (row.channel, row.link, row.interviewer, row.respondent) == ("self", link, None, "")


def test_an_unknown_token_is_not_found(field):
    assert Client().get(reverse("surveys:public_form", args=["a" * 32])).status_code == 404


def test_a_link_of_one_township_takes_no_other(field):
    other = TownshipFactory()
    CampaignTownship.objects.create(campaign=field.campaign, region=other)
    assert code_of(send(Client(), field.link(), field, township=other.pk)) == "wrong_place"
    county_wide = field.link(region=None)
    assert len(state(Client(), county_wide).json()["places"]) == 2
    assert send(Client(), county_wide, field, township=other.pk).status_code == 201
    assert code_of(send(Client(), county_wide, field, township=TownshipFactory().pk)) == "wrong_place"


def test_another_campaign_is_not_answered_through_it(field):
    elsewhere = Field()
    assert code_of(send(Client(), field.link(), elsewhere)) == "wrong_place"


@pytest.mark.parametrize("state_of", ["paused", "closed"])
def test_a_campaign_that_takes_nothing_has_a_page_that_says_so(field, state_of):
    link = field.link()
    field.set_state(state_of)
    page = Client().get(reverse("surveys:public_form", args=[link.token]))
    assert page.status_code == 200 and 'class="empty"' in page.content.decode()
    assert state(Client(), link).status_code == 409


def test_so_have_one_that_has_not_begun_and_a_link_that_was_closed(field):
    tomorrow = timezone.localdate() + timedelta(days=1)
    Campaign.objects.update(starts_on=tomorrow)
    link = field.link()
    assert str(tomorrow) in Client().get(reverse("surveys:public_form", args=[link.token])).content.decode()
    Campaign.objects.update(starts_on=timezone.localdate())
    PublicLink.objects.update(closed_at=timezone.now())
    assert state(Client(), link).status_code == 409


# once -----------------------------------------------------------------------------------------------------


def test_once_a_device_is_once_a_browser(field):
    link, browser = field.link(one_each="device"), Client()
    assert code_of(send(browser, link, field)) == "no_cookie"
    state(browser, link)
    assert send(browser, link, field).status_code == 201
    assert code_of(send(browser, link, field)) == "answered"
    other = Client()
    state(other, link)
    assert send(other, link, field).status_code == 201
    assert all(re.fullmatch("[0-9a-f]{64}", row.respondent) for row in Response.objects.all())


def test_a_cookie_that_somebody_made_up_is_none(field):
    link, browser = field.link(one_each="device"), Client()
    browser.cookies["survey_device"] = "abc:def:ghi"
    assert code_of(send(browser, link, field)) == "no_cookie"


def test_sent_again_after_a_cut_it_is_the_same_and_no_second_answer(field):
    link, browser = field.link(one_each="device"), Client()
    state(browser, link)
    payload = field.payload(username="")
    address = reverse("surveys:public_sync", args=[link.token])
    codes = [
        browser.post(address, json.dumps(payload), content_type="application/json", **JSON).status_code
        for _each in range(2)
    ]
    assert codes == [201, 200]


def test_a_mobile_number_is_confirmed_by_a_code_and_answers_once(field, settings):
    settings.DEMO = True
    link, browser = field.link(one_each="mobile"), Client()
    assert code_of(send(browser, link, field)) == "no_mobile"
    code = confirm_by_code(browser, link)
    assert code and state(browser, link).json()["is_confirmed"] is True
    assert send(browser, link, field).status_code == 201
    MobileCode.objects.all().delete()
    other = Client()
    confirm_by_code(other, link)
    assert code_of(send(other, link, field)) == "answered"


def confirm_by_code(browser, link):
    address = reverse("surveys:public_code", args=[link.token])
    code = browser.post(address, {"mobile": MOBILE}, **JSON).json()["code"]
    assert code_of(browser.post(address, {"mobile": MOBILE, "code": "000"}, **JSON)) == "wrong_code"
    assert browser.post(address, {"mobile": MOBILE, "code": code}, **JSON).status_code == 200
    return code


@pytest.mark.parametrize("mobile", ["", "12", "x" * 500])
def test_a_number_that_is_none_is_told_so(field, mobile):
    address = reverse("surveys:public_code", args=[field.link(one_each="mobile").token])
    assert code_of(Client().post(address, {"mobile": mobile}, **JSON)) == "bad_mobile"


def test_an_invitation_is_used_once_however_it_is_typed(field):
    link = field.link(one_each="invitation")
    code = "7K2M-9Q4R-3T8W"
    InvitationCode.objects.create(link=link, digest=digest_of(link, code), made_at=timezone.now())
    assert code_of(send(Client(), link, field, invitation="AAAA")) == "no_invitation"
    assert code_of(send(Client(), link, field)) == "no_invitation"
    assert send(Client(), link, field, invitation=" 7k2m9q4r3t8w ").status_code == 201
    assert InvitationCode.objects.get().used_at is not None
    assert code_of(send(Client(), link, field, invitation=code)) == "answered"


# how often ------------------------------------------------------------------------------------------------


def test_one_address_answers_so_many_times_an_hour_and_what_is_sent_again_does_not_count(field):
    link = field.link(per_hour=2)
    payload = field.payload(username="")
    address = reverse("surveys:public_sync", args=[link.token])
    for _each in range(3):
        Client().post(address, json.dumps(payload), content_type="application/json", **JSON)
    assert send(Client(), link, field).status_code == 201
    limited = send(Client(), link, field)
    assert limited.status_code == 429 and int(limited["Retry-After"]) > 0
    assert send(Client(), field.link(per_hour=2), field).status_code == 201


def test_a_stranger_sends_a_picture_and_no_program(field):
    link = field.link()
    address = reverse("surveys:public_upload", args=[link.token])
    key = "00000000-0000-4000-8000-000000000001"
    assert Client().post(address, {"uuid": key, "file": picture()}, **JSON).status_code == 201
    assert Client().post(address, {"uuid": "x", "file": picture()}, **JSON).status_code == 400
