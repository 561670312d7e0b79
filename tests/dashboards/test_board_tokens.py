"""A board asks with a token of its own: what it opens, what ends it, and that it keeps nobody signed in."""

import logging
import time

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from talentmap.accounts import actions, actions_members
from talentmap.accounts.middleware import LAST_SEEN
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.dashboards import board_tokens
from talentmap.regions.models import Region
from tests.dashboards.board import asked, figures, token_of, value
from tests.factories import housing
from tests.factories.accounts import TownshipFactory, give, user_with

pytestmark = pytest.mark.django_db
A_DAY = 24 * 3600


@pytest.fixture
def office():
    """Two cases in the cadre's township, one in another."""
    office = housing.office()
    office.elsewhere = TownshipFactory(name="沙河镇")
    for place in (office.township, office.township, office.elsewhere):
        housing.submitted(housing.talent(office, region=place), on=timezone.localdate())
    return office


@pytest.fixture
def token(client, office):
    client.force_login(office.leader)
    return token_of(client)


def received(answer):
    assert answer.status_code == 200
    return value(answer.json(), "service.received")


def is_over(token, why="ended"):
    answer = asked(token)
    return (answer.status_code, answer.json()) == (401, {"why": why})


def test_the_figures_come_when_the_session_is_long_gone(token):
    Session.objects.all().delete()
    assert received(asked(token)) == "3"


def test_they_are_those_of_the_place_and_period_that_the_page_was_opened_with(client, office):
    client.force_login(office.leader)
    assert value(figures(client, {"township": office.elsewhere.code}), "service.received") == "1"
    old = figures(client, {"period": "own", "first": "2019-01-01", "last": "2019-01-31"})
    assert (value(old, "service.received"), old["period"]) == ("0", "2019-01-01 – 2019-01-31")


def test_the_address_cannot_ask_for_another_place(client, office):
    client.force_login(office.leader)
    token = token_of(client, {"township": office.elsewhere.code})
    for query in ({"township": office.township.code}, {"township": ""}, {"period": "month"}):
        assert received(asked(token, query)) == "1"


def test_a_cadres_board_is_of_the_cadres_township(client, office):
    client.force_login(office.cadre)
    assert received(asked(token_of(client))) == "2"
    assert received(asked(token_of(client, {"township": office.elsewhere.code}))) == "2"


def test_nobody_gets_anything_without_a_token_of_the_server(client, office, token):
    client.force_login(office.leader)
    assert client.get(reverse("dashboards:board_data")).status_code == 401
    signed_otherwise = signing.dumps({"reader": office.leader.pk, "bound": "", "query": {}, "place": ""}, salt="other")
    right_salt = signing.dumps(
        {"reader": office.leader.pk, "bound": "", "query": {}, "place": ""}, salt=board_tokens.SALT
    )
    for wrong in ("", "x", "é:x:y", token[:-1], f"x{token}", token.replace(":", "."), signed_otherwise, right_salt):
        assert is_over(wrong.encode().decode("latin-1"))


def test_it_ends_by_itself_after_so_many_days(token, settings, monkeypatch):
    settings.BOARD_DAYS = 30
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 30 * A_DAY - 60)
    assert received(asked(token)) == "3"
    monkeypatch.setattr(time, "time", lambda: now + 30 * A_DAY + 60)
    assert is_over(token, "expired")


def test_a_closed_account_ends_it_until_it_is_opened_again(token, office):
    administrator, at = user_with(Role.ADMINISTRATOR), timezone.now()
    actions_members.let_in(by=administrator, at=at, user=office.leader, allowed=False, reason="x")
    assert is_over(token)
    actions_members.let_in(by=administrator, at=at, user=office.leader, allowed=True, reason="x")
    assert received(asked(token)) == "3"


def test_a_changed_password_ends_it(token, office):
    office.leader.set_password("Old-password-1")
    office.leader.save()
    assert is_over(token)
    client = Client()
    client.force_login(office.leader)
    newer = token_of(client)
    actions.change_password(by=office.leader, at=timezone.now(), old="Old-password-1", new="A-new-one-2026")
    assert is_over(newer)


def test_a_password_that_the_office_has_reset_ends_it(token, office):
    actions_members.reset_password(by=user_with(Role.ADMINISTRATOR), at=timezone.now(), user=office.leader, reason="x")
    assert is_over(token)


@pytest.mark.parametrize("column", ["must_change_password", "second_factor_since", "is_superuser"])
def test_what_bars_a_session_or_changes_the_account_ends_it(token, office, column):
    User.objects.filter(pk=office.leader.pk).update(
        **{column: timezone.now() if column == "second_factor_since" else True}
    )
    assert is_over(token)


def test_an_account_that_owes_the_second_factor_gets_nothing(token, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    assert is_over(token)


def test_a_role_that_ends_or_comes_ends_it(client, office):
    administrator, at = user_with(Role.ADMINISTRATOR), timezone.now()
    client.force_login(office.cadre)
    token = token_of(client)
    give(office.cadre, Role.TOWNSHIP_CADRE, region=office.elsewhere)
    assert is_over(token)
    token = token_of(client)
    membership = office.cadre.memberships.active().get(region=office.township)
    actions_members.end_role(by=administrator, at=at, membership=membership)
    assert is_over(token)
    assert received(asked(token_of(client))) == "1"


def test_a_township_that_is_gone_is_not_answered_with_the_county(client, office):
    client.force_login(office.leader)
    token = token_of(client, {"township": office.elsewhere.code})
    Region.objects.filter(pk=office.elsewhere.pk).update(is_active=False)
    assert is_over(token)


PAGES = ["overview", "board", "support", "brief_list", "needs"]


@pytest.mark.parametrize("page", PAGES)
def test_it_opens_nothing_else(token, page):
    answer = asked(token, page=f"dashboards:{page}", Authorization=f"Bearer {token}")
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("sign_in"))
    as_session = Client()
    as_session.cookies["sessionid"] = token
    assert as_session.get(reverse(f"dashboards:{page}")).status_code == 302


def test_it_opens_nothing_of_the_survey_interface(token):
    answer = asked(token, page="surveys:api_campaigns", Authorization=f"Bearer {token}")
    assert answer.status_code == 401


def test_it_is_no_word_for_another_way_in(client, office, token):
    """Who is signed in as somebody else gets the figures of whose token it is: the session is not looked at."""
    client.force_login(office.cadre)
    answer = client.get(reverse("dashboards:board_data"), headers={"X-Board-Token": token})
    assert received(answer) == "3"


def test_a_board_keeps_nobody_signed_in(client, office, token):
    """Asked every minute, with the browser's cookie: the session ages as if nobody were there, and ends."""
    session = client.session
    session[LAST_SEEN] = int(time.time()) - 1500
    session.save()
    assert received(client.get(reverse("dashboards:board_data"), headers={"X-Board-Token": token})) == "3"
    assert time.time() - client.session[LAST_SEEN] > 1490
    session[LAST_SEEN] = int(time.time()) - 1900
    session.save()
    assert received(client.get(reverse("dashboards:board_data"), headers={"X-Board-Token": token})) == "3"
    away = client.get(reverse("dashboards:overview"))  # where the board's ✕ leads
    assert away["Location"].startswith(reverse("sign_in"))
    assert "next=" in away["Location"]


def test_it_is_in_no_address_and_in_no_log(client, office, caplog):
    caplog.set_level(logging.DEBUG)
    client.force_login(office.leader)
    page = client.get(reverse("dashboards:board"), {"period": "month"})
    token = page.context["token"]
    assert page.content.decode().count(token) == 1
    assert "no-store" in page["Cache-Control"]
    assert f'data-token="{token}"' in page.content.decode()
    answer = asked(token)
    assert "no-store" in answer["Cache-Control"]
    assert is_over(f"{token}x")
    assert token not in caplog.text
    assert token not in answer.content.decode()


def test_one_question_of_a_board_costs_few_queries_more_than_its_figures(token, django_assert_max_num_queries):
    """All that is not kept are the reader, the roles, the places; no session."""
    asked(token)
    with django_assert_max_num_queries(12):
        asked(token)
