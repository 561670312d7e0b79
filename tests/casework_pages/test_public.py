"""What anybody may read without an account, and what they must not learn there."""

from datetime import timedelta

import pytest
from django.urls import reverse

from talentmap.casework import actions
from talentmap.casework.models import Objection
from talentmap.casework.views.public import reference_of
from talentmap.people.models import Talent
from talentmap.regions.models import Level
from tests.factories import casework as cases
from tests.factories import housing
from tests.factories.accounts import VillageFactory
from tests.factories.casework import MONDAY, moment

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"casework:{name}", args=args)


@pytest.fixture
def on_notice(people, now):
    now(moment())
    return cases.on_notice(people)


def test_services_and_guide_are_public(client, rules_in_force):
    assert "Sample grant" in client.get(url("services")).content.decode()
    guide = client.get(url("service_guide", "sample")).content.decode()
    for said in ("Anybody", "Money", "The office", "Plan", "Township review"):
        assert said in guide
    assert reverse("sign_in") in guide


def test_the_guide_says_the_amounts_in_force_and_the_time_to_accept(client, db, now, django_assert_num_queries):
    now(moment())
    housing.office()
    with django_assert_num_queries(1):
        page = client.get(url("service_guide", "housing_rent")).content.decode()
    for said in ("博士", "每月 ¥3,000.00", "A 类人才", "每月 ¥5,000.00", "36 个月"):
        assert said in page
    assert "一次性告知全部内容。 <small>5 个工作日内</small>" in page
    bought = client.get(url("service_guide", "housing_purchase")).content.decode()
    assert "一次性¥100,000.00" in bought and "12 个月" in bought


def test_a_guide_whose_amounts_are_not_set_says_none(client, db):
    assert client.get(url("service_guide", "housing_rent")).status_code == 200


def test_a_notice_masks_the_name_and_hides_the_rest(client, on_notice, people):
    talent = people.talent.talent
    page = client.get(url("public_notices")).content.decode()
    assert talent.masked_name in page
    assert talent.region.name in page
    assert on_notice.number in page, "two people of one masked name are told apart"
    for secret in filter(None, (talent.name, talent.phone, talent.bank_account_last4)):
        assert secret not in page


def test_a_notice_names_the_township_not_the_village(client, on_notice):
    village = VillageFactory(parent=on_notice.region, name="小桥村", level=Level.VILLAGE)
    type(on_notice).objects.filter(pk=on_notice.pk).update(region=village)
    page = client.get(url("public_notices")).content.decode()
    assert on_notice.region.name in page
    assert "小桥村" not in page


def test_a_notice_that_is_over_is_gone(client, on_notice, now):
    now(moment(on_notice.notice_until + timedelta(days=1)))
    assert str(url("object_to", on_notice.pk)) not in client.get(url("public_notices")).content.decode()
    assert client.get(url("object_to", on_notice.pk)).status_code == 404


def test_a_case_that_is_not_on_notice_cannot_be_objected_to(client, people, now):
    now(moment())
    application = cases.submitted(people.talent)
    assert client.post(url("object_to", application.pk), {"text": "x"}).status_code == 404


def test_an_objection_is_confirmed_with_a_reference(client, on_notice):
    response = client.post(url("object_to", on_notice.pk), {"text": "Owns a home", "contact": "13800001234"})
    objection = Objection.objects.get()
    assert response.url == url("objection_received")
    page = client.get(response.url).content.decode()
    assert reference_of(objection) in page
    assert objection.contact == "13800001234"
    assert "Owns a home" not in page


def test_an_objection_without_words_keeps_what_was_typed(client, on_notice):
    response = client.post(url("object_to", on_notice.pk), {"text": " ", "name": "王某"})
    assert response.status_code == 200
    assert "王某" in response.content.decode()
    assert not Objection.objects.exists()


def test_objections_are_rate_limited_and_keep_what_was_typed(client, on_notice, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "limit"}}
    statuses = [
        client.post(url("object_to", on_notice.pk), {"text": f"nr {n}"}, REMOTE_ADDR="203.0.113.7") for n in range(11)
    ]
    assert [r.status_code for r in statuses] == [302] * 10 + [429]
    assert "nr 10" in statuses[-1].content.decode()
    assert Objection.objects.count() == 10
    other = client.post(url("object_to", on_notice.pk), {"text": "else"}, REMOTE_ADDR="203.0.113.8")
    assert other.status_code == 302


def test_the_confirmation_belongs_to_who_objected(client):
    assert client.get(url("objection_received")).url == url("public_notices")


@pytest.mark.parametrize("count", [1, 3])
def test_notices_cost_the_same_for_one_and_for_three(client, people, now, django_assert_num_queries, count):
    now(moment())
    for _n in range(count):
        cases.on_notice(type(people)(**cases.people()))
    with django_assert_num_queries(4):
        page = client.get(url("public_notices")).content.decode()
    assert page.count("notice-who") == count


def housing_on_notice(office, **fields):
    """A rent subsidy on public notice: a service that publishes its amount."""
    application = actions.accept(
        by=office.cadre, at=moment(), application=housing.submitted(housing.talent(office, **fields))
    )
    for reviewer in (office.cadre, office.staff, office.director):
        application = actions.pass_stage(by=reviewer, at=moment(), application=application)
    return application


@pytest.mark.parametrize("count", [1, 3])
def test_what_a_notice_publishes_costs_the_same_for_one_and_for_three(
    client, db, now, django_assert_num_queries, count
):
    now(moment())
    office = housing.office()
    for _n in range(count):
        housing_on_notice(office)
    with django_assert_num_queries(4):
        page = client.get(url("public_notices")).content.decode()
    assert page.count("2,000.00") == count


def test_what_was_published_stays_whatever_the_file_says_later(client, db, now):
    now(moment())
    application = housing_on_notice(housing.office(), education="master")
    Talent.objects.filter(pk=application.applicant_id).update(education="doctor")
    chinese = client.get(url("public_notices")).content.decode()
    client.cookies["django_language"] = "en"
    english = client.get(url("public_notices")).content.decode()
    assert "硕士" in chinese
    assert "Master" in english
    assert "博士" not in chinese
    assert "2,000.00" in chinese
    assert "2,000.00" in english


def test_the_last_day_is_said(client, on_notice, now):
    now(moment(on_notice.notice_until))
    assert client.get(url("public_notices")).status_code == 200
    assert on_notice.notice_until > MONDAY


def test_an_empty_notice_board_says_so(client, rules_in_force):
    assert 'class="empty"' in client.get(url("public_notices")).content.decode()
