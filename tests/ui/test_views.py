import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from talentmap.accounts.permissions import PARTNERS, Role
from talentmap.ui import views
from tests.factories.accounts import UserFactory, give, user_with

pytestmark = pytest.mark.django_db


def test_a_visitor_sees_what_the_office_offers(client):
    page = client.get("/")
    assert page.status_code == 200
    for scheme in views.registry.all():
        assert str(scheme.title) in page.content.decode()
    assert reverse("register") in page.content.decode()
    assert reverse("casework:public_notices") in page.content.decode()


@pytest.mark.parametrize(
    "role, name",
    [
        (Role.TALENT, "casework:my"),
        (Role.TOWNSHIP_CADRE, "casework:inbox"),
        (Role.OFFICE_STAFF, "casework:inbox"),
        (Role.OFFICE_DIRECTOR, "casework:inbox"),
        (Role.COUNTY_LEADER, "dashboards:overview"),
        (Role.ADMINISTRATOR, "members"),
        (Role.MENTOR, "mentoring:own"),
        *((partner, "casework:inbox") for partner in sorted(PARTNERS - {Role.MENTOR})),
    ],
)
def test_each_role_starts_where_its_work_is_and_may_open_it(client, role, name):
    client.force_login(user_with(role))
    response = client.get("/")
    assert response["Location"] == reverse(name)
    assert client.get(response["Location"]).status_code == 200


def test_duties_come_before_ones_own_affairs(client):
    cadre = user_with(Role.TOWNSHIP_CADRE)
    give(cadre, Role.TALENT)
    client.force_login(cadre)
    assert client.get("/")["Location"] == reverse("casework:inbox")


def test_somebody_without_a_role_reaches_their_account(client):
    client.force_login(UserFactory())
    assert client.get("/")["Location"] == reverse("account")


def test_the_language_is_switched_and_kept(client):
    response = client.post(reverse("choose_language"), {"language": "en", "next": "/?a=1"})
    assert response["Location"] == "/?a=1"
    assert "What the office offers" in client.get("/").content.decode()
    client.post(reverse("choose_language"), {"language": "xx"})
    assert client.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_large_text_is_switched_on_and_off(client):
    client.post(reverse("choose_text_size"), {"large": "1", "next": "/"})
    assert 'class="large-text"' in client.get("/").content.decode()
    client.post(reverse("choose_text_size"), {"large": "0"})
    assert 'class="large-text"' not in client.get("/").content.decode()


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "\\\\evil", ""])
@pytest.mark.parametrize("name", ["choose_language", "choose_text_size"])
def test_a_switch_never_leads_to_another_site(client, name, target):
    assert client.post(reverse(name), {"next": target})["Location"] == "/"


@pytest.mark.parametrize("name", ["choose_language", "choose_text_size", "stay_signed_in"])
def test_switches_are_not_links(client, name):
    client.force_login(UserFactory())
    assert client.get(reverse(name)).status_code == 405


def test_staying_signed_in_is_for_who_is(client):
    assert client.post(reverse("stay_signed_in")).status_code == 302
    client.force_login(user_with(Role.TALENT))
    assert client.post(reverse("stay_signed_in")).status_code == 204


def test_live_asks_nothing_and_ready_asks_both(client, django_assert_num_queries, monkeypatch):
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"status": "ok"}
    assert client.get("/health/ready").status_code == client.get("/health/").status_code == 200
    monkeypatch.setattr(views, "_database_answers", lambda: False)
    failing = client.get("/health/ready")
    assert failing.status_code == 503
    assert failing.json() == {"database": False, "cache": True}


def test_ready_says_no_when_a_server_is_away(monkeypatch):
    monkeypatch.setattr(views, "connection", None)
    monkeypatch.setattr(views, "cache", None)
    assert not views._database_answers()
    assert not views._cache_answers()


def test_a_browser_finds_the_icon_it_asks_for_on_its_own(client):
    assert client.get("/favicon.ico")["Location"] == "/static/img/mark.svg"
