"""Registration, the session's guard, the second factor, one's own account."""

import math

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talentmap.accounts.actions_mobile import Purpose
from talentmap.accounts.middleware import LAST_SEEN
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.people.models import Talent
from tests.accounts.test_actions import code, code_for, with_second_factor
from tests.accounts.visitors import PASSWORD, person, sign_in, signed_in
from tests.factories.accounts import UserFactory, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts_from_before():
    cache.clear()


# Registration --------------------------------------------------------------------------------------------

FORM = {"name": "欧阳静", "mobile": "138 1234-1234", "password": PASSWORD, "consent": "on"}


def form(**changes):
    """What is typed, with the code that the number was sent."""
    return {**FORM, "code": code_for("13812341234", at=timezone.now()), **changes}


def test_registering_signs_in_and_opens_a_file(client):
    assert client.post(reverse("register"), form()).url == reverse("people:my_file")
    assert signed_in(client)
    assert Talent.objects.get().phone == "13812341234"


@pytest.mark.parametrize("field", [*sorted(FORM), "code"])
def test_nothing_is_missing_from_a_registration(client, field):
    page = client.post(reverse("register"), form(**{field: ""}))
    assert page.status_code == 200 and field in page.context["form"].errors
    assert not User.objects.people().exists() and not Talent.objects.exists()


def test_a_weak_password_is_refused_in_the_words_of_the_rest(client):
    client.cookies["django_language"] = "zh-hans"
    page = client.post(reverse("register"), form(password="Tm-2026"))
    assert page.context["form"].errors["password"] == ["密码太短，至少需要 10 个字符。"]
    assert "你" not in page.content.decode() and "您" in page.content.decode()


def test_an_empty_field_asks_to_be_filled_in(client):
    client.cookies["django_language"] = "zh-hans"
    page = client.post(reverse("register"), form(name=""))
    assert page.context["form"].errors["name"] == ["请填写或选择此项。"]


def test_a_number_that_has_an_account_is_told(client):
    person(mobile="13812341234")
    page = client.post(reverse("register"), form())
    assert "mobile" in page.context["form"].errors
    assert "欧阳静" in page.content.decode(), "what was typed stays"
    assert PASSWORD not in page.content.decode(), "but never the password"


def test_registering_again_and_again_is_slowed_down(client):
    for _attempt in range(30):
        client.post(reverse("register"), {})
    refused = client.post(reverse("register"), form())
    assert refused.status_code == 429 and not signed_in(client)
    seconds = int(refused["Retry-After"])
    assert 60 < seconds <= 3600, "the limit is by the hour"
    assert str(math.ceil(seconds / 60)) in refused.content.decode()


# The guard -----------------------------------------------------------------------------------------------


def seen(client, seconds_ago):
    session = client.session
    session[LAST_SEEN] = int(timezone.now().timestamp()) - seconds_ago
    session.save()


def test_an_idle_session_ends_and_says_so(client, settings):
    client.force_login(person())
    seen(client, settings.SESSION_COOKIE_AGE + 5)
    stopped = client.get(reverse("account"))
    assert stopped.status_code == 302 and not signed_in(client)
    page = client.get(stopped.url)
    assert page.context["idle_minutes"] == 30
    assert "next=%2Faccount%2F" in stopped.url


def test_a_used_session_goes_on(client, settings):
    client.force_login(person())
    seen(client, settings.SESSION_COOKIE_AGE - 60)
    assert client.get(reverse("account")).status_code == 200
    assert timezone.now().timestamp() - client.session[LAST_SEEN] < 5


def test_what_the_page_asks_by_itself_keeps_nobody_in(client):
    client.force_login(person())
    seen(client, 600)
    client.get(reverse("account"), headers={"X-Passive": "1"})
    assert timezone.now().timestamp() - client.session[LAST_SEEN] > 590


def test_htmx_is_sent_to_the_sign_in_as_a_whole_page(client):
    part = client.get(
        reverse("account"),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/members/?page=2"},
    )
    assert part["HX-Redirect"] == "/sign-in/?next=%2Fmembers%2F%3Fpage%3D2"


def test_a_form_sent_too_late_comes_back_to_its_page_not_to_its_target(client):
    stopped = client.post(reverse("backup_codes"), headers={"Referer": "http://testserver/account/"})
    assert stopped.url == "/sign-in/?next=%2Faccount%2F"
    stopped = client.post(reverse("backup_codes"), headers={"Referer": "http://evil.example/"})
    assert stopped.url == "/sign-in/"


def test_a_given_password_must_be_replaced_first(client):
    user = person(must_change_password=True)
    client.force_login(user)
    for url in (reverse("account"), reverse("home"), "/admin/"):
        assert client.get(url).url.startswith(reverse("password_change"))
    assert client.get("/no/such/page/").status_code == 404
    values = {"old": PASSWORD, "new": "A-better-one-8", "again": "A-better-one-8"}
    assert client.post(reverse("password_change"), values).status_code == 302
    assert signed_in(client) and client.get(reverse("account")).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"old": "wrong"}, "__all__"),
        ({"new": "short", "again": "short"}, "new"),
        ({"again": "Another-one-9"}, "again"),
        ({"new": PASSWORD, "again": PASSWORD}, "__all__"),
    ],
)
def test_a_password_that_will_not_do_is_told(client, change, field):
    client.force_login(person())
    values = {"old": PASSWORD, "new": "A-better-one-8", "again": "A-better-one-8", **change}
    page = client.post(reverse("password_change"), values)
    assert field in page.context["form"].errors


def test_a_new_password_ends_the_other_sessions(client, client_factory):
    user, other = person(), client_factory()
    client.force_login(user)
    other.force_login(user)
    values = {"old": PASSWORD, "new": "A-better-one-8", "again": "A-better-one-8"}
    client.post(reverse("password_change"), values)
    assert client.get(reverse("account")).status_code == 200
    assert other.get(reverse("account")).status_code == 302


# The second factor ---------------------------------------------------------------------------------------


def test_staff_set_it_up_before_anything_else_where_it_is_required(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(staff := user_with(Role.OFFICE_STAFF))
    for url in (reverse("account"), reverse("members"), "/admin/"):
        assert client.get(url).url.startswith(reverse("second_factor_setup"))
    page = client.get(reverse("second_factor_setup"))
    assert page.context["qr"].startswith("data:image/svg+xml")
    device = staff.totpdevice_set.get()
    codes = client.post(reverse("second_factor_setup"), {"token": code(device)})
    assert len(codes.context["codes"]) == 10
    assert "no-store" in codes["Cache-Control"]
    assert client.get(reverse("members")).status_code == 200


def test_talents_need_none(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(person())
    assert client.get(reverse("account")).status_code == 200


def test_who_has_one_is_asked_at_every_sign_in_also_in_the_demo(client):
    user = with_second_factor(person())
    sign_in(client, user.username)
    assert client.get(reverse("account")).url.startswith(reverse("second_factor_verify"))
    user.totpdevice_set.update(last_t=-1)
    wrong = client.post(reverse("second_factor_verify"), {"token": "000000"})
    assert wrong.context["form"].errors
    user.totpdevice_set.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    right = client.post(
        reverse("second_factor_verify", query={"next": "/account/"}), {"token": code(user.totpdevice_set.get())}
    )
    assert right.url == "/account/"
    assert client.get(reverse("account")).status_code == 200


def test_a_backup_code_lets_in_once(client):
    user = with_second_factor(person())
    backup = user.staticdevice_set.get().token_set.first().token
    for attempt in (1, 2):
        sign_in(client, user.username)
        user.staticdevice_set.update(throttling_failure_count=0, throttling_failure_timestamp=None)
        client.post(reverse("second_factor_verify"), {"token": backup.upper()})
        assert client.get(reverse("account")).status_code == (200 if attempt == 1 else 302)
        client.post(reverse("sign_out"))


def test_guessing_codes_is_slowed_down(client):
    user = with_second_factor(person())
    sign_in(client, user.username)
    for _attempt in range(4):
        page = client.post(reverse("second_factor_verify"), {"token": "000000"})
    assert any(letter.isdigit() for letter in page.context["form"].errors["token"][0])
    right = {"token": code(user.totpdevice_set.get())}
    assert client.post(reverse("second_factor_verify"), right).status_code == 200


def verified(client, user):
    """Signed in with password and second factor."""
    sign_in(client, user.username)
    user.totpdevice_set.update(last_t=-1)
    client.post(reverse("second_factor_verify"), {"token": code(user.totpdevice_set.get())})


def test_a_session_older_than_the_second_factor_owes_it_too(client, client_factory):
    """Somebody left signed in at a shared desk does not step around the factor set up at home."""
    user, left_open = person(), client_factory()
    left_open.force_login(user)
    assert left_open.get(reverse("account")).status_code == 200
    with_second_factor(user)
    for page in ("account", "backup_codes", "second_factor_off", "password_change"):
        assert left_open.get(reverse(page)).url.startswith(reverse("second_factor_verify"))
    verified(client, user)
    assert client.get(reverse("account")).status_code == 200


def test_setting_the_second_factor_up_keeps_this_session_in(client):
    client.force_login(user := person())
    device = client.get(reverse("second_factor_setup")) and user.totpdevice_set.get()
    client.post(reverse("second_factor_setup"), {"token": code(device)})
    assert client.get(reverse("account")).status_code == 200


def test_the_account_page_shows_what_is_on(client):
    user = with_second_factor(person())
    verified(client, user)
    page = client.get(reverse("account"))
    assert page.context["codes_left"] == 10
    assert client.get(reverse("backup_codes")).status_code == 200
    assert client.post(reverse("backup_codes"), {"password": "wrong"}).context["form"].errors
    fresh = client.post(reverse("backup_codes"), {"password": PASSWORD})
    assert len(fresh.context["codes"]) == 10
    off = client.post(reverse("second_factor_off"), {"password": PASSWORD})
    assert off.status_code == 302
    assert client.get(reverse("account")).context["codes_left"] == 0


def test_ones_own_settings_are_kept_and_spoken(client):
    client.force_login(user := person())
    mine = code_for("13912341234", Purpose.CHANGE, timezone.now())
    values = {"mobile": "13912341234", "email": "", "language": "en", "code": mine}
    response = client.post(reverse("account_edit"), values)
    assert response.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "en"
    user.refresh_from_db()
    assert (user.mobile, user.language) == ("13912341234", "en")
    UserFactory(mobile="13712341234")
    theirs = code_for("13712341234", Purpose.CHANGE, timezone.now())
    page = client.post(reverse("account_edit"), {**values, "mobile": "13712341234", "code": theirs})
    assert "mobile" in page.context["form"].errors


# Anything may be typed -----------------------------------------------------------------------------------

ABSURD = st.text(max_size=80) | st.sampled_from(["\x00", "'", "<script>", "１３８", "🙂" * 70, "a" * 5000, "%s", "../"])


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(first=ABSURD, second=ABSURD, third=ABSURD)
@pytest.mark.parametrize("name", ["sign_in", "register", "account_edit", "password_change", "second_factor_setup"])
def test_absurd_values_are_answered(client, name, first, second, third):
    cache.clear()
    client.raise_request_exception = False
    if name not in ("sign_in", "register"):
        client.force_login(User.objects.filter(username="absurd").first() or person(username="absurd"))
    else:
        client.logout()
    fields = ("username", "password", "name", "mobile", "consent", "email", "language", "old", "new", "again", "token")
    values = {field: (first, second, third)[place % 3] for place, field in enumerate(fields)}
    assert client.post(reverse(name), values).status_code in (200, 302, 400, 429)
