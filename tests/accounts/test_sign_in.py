"""Signing in and out, the lock, and what is kept of it."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import InternalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from talentmap.accounts.backends import find
from talentmap.accounts.models import User
from talentmap.accounts.records import SignIn
from talentmap.audit.models import AuditEntry
from tests.accounts.test_actions import code, with_second_factor
from tests.accounts.test_views import form
from tests.accounts.visitors import PASSWORD, SIGN_IN, person, sign_in, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts_from_before():
    cache.clear()


# Signing in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["wang.wei", "WANG.WEI ", "13812341234", "138 1234 1234", "１３８１２３４１２３４"])
def test_user_name_or_mobile_number_lets_in(client, typed):
    person(username="wang.wei", mobile="13812341234")
    assert sign_in(client, typed).status_code == 302
    assert signed_in(client)


def test_wrong_name_and_wrong_password_are_told_alike(client):
    person(username="wang.wei")
    person(username="closed", is_active=False)
    tries = [("wang.wei", "wrong"), ("nobody", PASSWORD), ("13900000000", PASSWORD), ("closed", PASSWORD)]
    told = []
    for typed, password in tries:
        page = sign_in(client, typed, password)
        assert page.status_code == 200 and not signed_in(client)
        told.append(page.context["form"].errors.as_json())
    assert len(set(told)) == 1 and "__all__" in told[0]


@pytest.mark.parametrize("typed", ["", " ", "\u3000", "\x00", None])
def test_a_missing_mobile_number_is_nobodys_name(typed):
    person(mobile="")
    assert find(typed) is None


def test_a_closed_account_and_the_system_stay_out(client):
    sign_in(client, person(is_active=False).username)
    assert not signed_in(client)
    User.objects.system()
    sign_in(client, "system", "!")
    assert not signed_in(client)


@pytest.mark.parametrize(
    ("wanted", "reached"), [("/members/", "/members/"), ("https://evil.example/", "/"), ("//evil.example", "/")]
)
def test_one_goes_on_where_one_was_stopped_but_never_elsewhere(client, wanted, reached):
    assert sign_in(client, person().username, next=wanted).url == reached


def test_the_accounts_language_comes_along(client):
    response = sign_in(client, person(language="en").username)
    assert response.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_the_language_chosen_on_a_page_outlasts_the_next_sign_in(client):
    user = person(language="zh-hans")
    client.force_login(user)
    client.post(reverse("choose_language"), {"language": "en", "next": "/account/"})
    client.post(reverse("choose_language"), {"language": "xx", "next": "/account/"})
    user.refresh_from_db()
    assert user.language == "en"
    last = AuditEntry.objects.filter(table_name="talentmap_user", row_id=str(user.pk)).latest("id")
    assert (last.action, last.actor_id) == ("accounts.choose_language", user.pk)
    client.post(reverse("sign_out"))
    response = sign_in(client, user.username)
    assert response.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_signing_out_needs_a_post(client):
    client.force_login(person())
    assert client.get(reverse("sign_out")).status_code == 405
    client.post(reverse("sign_out"))
    assert not signed_in(client)


# The lock ------------------------------------------------------------------------------------------------


def test_five_failures_lock_the_name_and_say_for_how_long(client):
    user = person(mobile="13812341234")
    for _attempt in range(4):
        assert sign_in(client, user.username, "wrong").status_code == 200
    locked = sign_in(client, user.mobile, "wrong")
    assert locked.status_code == 429, "user name and mobile number count together"
    assert locked.context["minutes"] == 15
    assert locked["Retry-After"] == "900"
    assert "15" in locked.content.decode()
    for name in (user.username, user.mobile):
        assert sign_in(client, name).status_code == 429
    assert not signed_in(client)


def test_the_lock_opens_after_its_time_and_counts_anew(client):
    user = person()
    for _attempt in range(5):
        sign_in(client, user.username, "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert sign_in(client, user.username).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_others_and_other_addresses_are_not_locked(client):
    user, other = person(), person()
    for _attempt in range(5):
        sign_in(client, user.username, "wrong")
    assert sign_in(client, other.username).status_code == 302
    client.logout()
    elsewhere = {"username": user.username, "password": PASSWORD}
    assert client.post(SIGN_IN, elsewhere, REMOTE_ADDR="10.0.0.9").status_code == 302


def tried_from(client, user, address, password="wrong"):
    return client.post(SIGN_IN, {"username": user.username, "password": password}, REMOTE_ADDR=address)


def test_failures_from_many_addresses_lock_the_name_for_all(client, settings):
    user, other = person(), person()
    addresses = [f"10.0.0.{serial}" for serial in range(1, 12)]
    for serial in range(settings.NAME_FAILURE_LIMIT):
        assert tried_from(client, user, addresses[serial // 3]).status_code == 200, "never five from one"
    locked = tried_from(client, user, addresses[-1], PASSWORD)
    assert locked.status_code == 429 and not signed_in(client)
    assert locked["Retry-After"] == "900" and locked.context["everywhere"]
    assert tried_from(client, other, addresses[-1], PASSWORD).status_code == 302
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    client.logout()
    assert tried_from(client, user, addresses[-1], PASSWORD).status_code == 302


def test_one_address_makes_us_check_sixty_passwords_a_minute(client):
    for serial in range(60):
        assert sign_in(client, f"nobody{serial}", "x").status_code == 200
    refused = sign_in(client, person().username)
    assert refused.status_code == 429 and not signed_in(client)
    assert 0 < int(refused["Retry-After"]) <= 60


# What is kept of it --------------------------------------------------------------------------------------


def outcomes():
    return list(SignIn.objects.order_by("pk").values_list("user__username", "address", "outcome"))


def test_every_sign_in_and_every_failure_is_kept(client):
    user = with_second_factor(person(username="wang.wei"))
    sign_in(client, "nobody", "x")
    sign_in(client, "wang.wei", "wrong")
    sign_in(client, "wang.wei")
    client.post(reverse("second_factor_verify"), {"token": "000000"})
    user.totpdevice_set.update(throttling_failure_count=0, throttling_failure_timestamp=None, last_t=-1)
    client.post(reverse("second_factor_verify"), {"token": code(user.totpdevice_set.get())})
    here = "127.0.0.1"
    assert outcomes() == [
        (None, here, "wrong"),
        ("wang.wei", here, "wrong"),
        ("wang.wei", here, "in"),
        ("wang.wei", here, "code_wrong"),
        ("wang.wei", here, "code"),
    ]


def test_a_lock_is_kept_and_what_was_typed_is_not(client):
    user = person()
    for _attempt in range(5):
        sign_in(client, user.username, "wrong")
    sign_in(client, "my-secret-password", "x")
    kept = [outcome for _user, _address, outcome in outcomes()]
    assert kept == ["wrong"] * 4 + ["locked", "wrong"]
    with connection.cursor() as cursor:
        cursor.execute("select s::text from talentmap_signin s")
        assert "my-secret-password" not in str(cursor.fetchall())


def test_registering_is_a_sign_in(client):
    client.post(reverse("register"), form())
    assert [outcome for _user, _address, outcome in outcomes()] == ["in"]


@pytest.mark.parametrize("change", [lambda rows: rows.update(outcome="in"), lambda rows: rows.delete()])
def test_sign_ins_are_never_changed(change):
    SignIn.objects.create(at=timezone.now(), user=person(), address="10.0.0.1", outcome="wrong")
    with pytest.raises(InternalError), transaction.atomic():
        change(SignIn.objects.all())


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "1.2.3.4", "127.0.0.1"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (1, "nonsense", "127.0.0.1"),
        (2, "1.2.3.4", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_the_address_is_what_our_own_proxy_saw(rf, settings, proxies, forwarded, counted):
    from talentmap.accounts.addresses import client_ip

    settings.PROXY_COUNT = proxies
    assert client_ip(rf.get("/", HTTP_X_FORWARDED_FOR=forwarded)) == counted
