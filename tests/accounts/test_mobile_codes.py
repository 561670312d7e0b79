"""Whose mobile number is it: codes by text message, and what an unproven number is good for."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from talentmap.accounts import actions, actions_members, actions_mobile, rules
from talentmap.accounts.actions_mobile import Purpose
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.accounts.records import MobileCode
from talentmap.audit.models import AuditEntry
from talentmap.notices import tasks
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused
from tests.accounts.test_actions import WHO, change_mobile, code_for, register
from tests.factories.accounts import UserFactory, user_with
from tests.factories.people import TalentFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MOBILE = "13812341234"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _no_counts_from_before():
    cache.clear()


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def ask(at=AT, mobile=MOBILE, purpose=Purpose.REGISTER):
    return actions_mobile.ask_code(by=None, at=at, purpose=purpose, mobile=mobile)


# The code ------------------------------------------------------------------------------------------------


def test_a_code_is_six_digits_and_kept_as_a_keyed_digest(settings):
    codes = {rules.fresh_code() for _each in range(200)}
    assert len(codes) > 190 and all(len(each) == 6 and each.isdigit() for each in codes)
    code, stored = ask(), MobileCode.objects.get()
    assert code not in (stored.digest, stored.mobile) and len(stored.digest) == 64
    first = stored.digest
    settings.SECRET_KEY = "another" * 10
    assert actions_mobile._digest(Purpose.REGISTER, MOBILE, code) != first


@pytest.mark.parametrize(("later", "registered"), [(0, True), (5 * 60, True), (5 * 60 + 1, False)])
def test_a_code_holds_for_five_minutes(later, registered):
    code = ask()
    made = actions.register(by=None, at=AT + timedelta(seconds=later), code=code, **WHO)
    assert (made is not None) is registered
    assert User.objects.people().exists() is registered


def test_a_code_works_once():
    code = ask()
    assert actions.register(by=None, at=AT, code=code, **WHO)
    assert not actions_mobile.use_code(purpose=Purpose.REGISTER, mobile=MOBILE, code=code, at=AT)


@pytest.mark.parametrize(("guesses", "registered"), [(4, True), (5, False)])
def test_the_sixth_try_is_refused_even_if_right(guesses, registered):
    code = ask()
    for _guess in range(guesses):
        assert actions.register(by=None, at=AT, code=wrong(code), **WHO) is None
    assert (actions.register(by=None, at=AT, code=code, **WHO) is not None) is registered


def test_a_code_proves_one_number_for_one_purpose():
    code = ask()
    assert actions.register(by=None, at=AT, **{**WHO, "mobile": "13912341234"}, code=code) is None
    assert actions.update_account(by=UserFactory(), at=AT, values={"mobile": MOBILE}, code=code) is None
    assert actions.register(by=None, at=AT, code="", **WHO) is None
    assert actions.register(by=None, at=AT, code=code, **WHO)


def test_a_new_code_replaces_the_old_one():
    old, new = ask(), ask(at=AT + MINUTE)
    if old != new:
        assert actions.register(by=None, at=AT + MINUTE, code=old, **WHO) is None
    assert actions.register(by=None, at=AT + MINUTE, code=new, **WHO)


def test_a_number_is_sent_one_a_minute_and_ten_a_day():
    ask()
    with pytest.raises(Refused):
        ask(at=AT + MINUTE - timedelta(seconds=1))
    for minute in range(1, 10):
        ask(at=AT + minute * MINUTE)
    with pytest.raises(Refused):
        ask(at=AT + 10 * MINUTE)
    with pytest.raises(Refused):
        ask(at=AT + timedelta(hours=23))
    ask(at=AT + 9 * MINUTE + timedelta(days=1))


def test_a_weak_password_does_not_use_the_code_up():
    code = ask()
    with pytest.raises(ValidationError):
        actions.register(by=None, at=AT, code=code, **{**WHO, "password": "short"})
    assert actions.register(by=None, at=AT, code=code, **WHO)


def test_old_codes_are_forgotten():
    ask(), ask(mobile="13912341234", at=AT + timedelta(hours=12))
    assert actions_mobile.forget_codes(by=User.objects.system(), at=AT + timedelta(hours=25)) == 1
    assert MobileCode.objects.get().mobile == "13912341234"


@pytest.mark.parametrize(
    "row",
    [{"mobile": "12345"}, {"tries": 6}, {"mobile": "13912341234"}],
    ids=["form", "tries", "one a number"],
)
def test_the_database_refuses(row):
    MobileCode.objects.create(mobile="13912341234", purpose="register", sent_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        MobileCode.objects.create(**{"mobile": MOBILE, "purpose": "register", "sent_at": AT, **row})


def test_a_number_that_is_not_there_cannot_be_confirmed():
    user = UserFactory(mobile=MOBILE)
    user.mobile = ""
    user.save(update_fields=["mobile"])
    user.refresh_from_db()
    assert user.mobile_verified_at is None, "goes with its number"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(mobile_verified_at=AT)


# The message ---------------------------------------------------------------------------------------------


@pytest.fixture
def outbox(settings, tmp_path):
    settings.SMS_OUTBOX = tmp_path / "sms"
    return settings.SMS_OUTBOX


def test_the_text_carries_the_code_and_nothing_else(outbox, eager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        code = ask()
    (sent,) = outbox.iterdir()
    said = sent.read_text()
    assert code in said and MOBILE not in said


def test_a_message_that_was_sent_twice_is_one(outbox):
    for _each in range(2):
        tasks.text.apply(("1d4a5c3e-0000-4000-8000-000000000001", MOBILE, "Your code", "123456"))
    assert len(list(outbox.iterdir())) == 1


# Registering and changing --------------------------------------------------------------------------------


def test_a_registered_number_is_proven():
    assert register().mobile_verified_at == AT


def test_a_changed_number_is_proven_and_an_unproven_one_changes_nothing():
    user = UserFactory(mobile=MOBILE)
    code = code_for("13912341234", Purpose.CHANGE)
    assert actions.update_account(by=user, at=AT, values={"mobile": "13912341234"}, code=wrong(code)) is None
    assert actions.update_account(by=user, at=AT, values={"mobile": "13912341234"}) is None
    user.refresh_from_db()
    assert user.mobile == MOBILE
    assert change_mobile(user, "13912341234").mobile_verified_at == AT


def test_what_the_office_typed_is_confirmed_by_the_person():
    user = UserFactory(mobile=MOBILE, mobile_verified_at=None)
    assert actions.update_account(by=user, at=AT, values={"language": "en"}).mobile_verified_at is None
    assert change_mobile(user, MOBILE).mobile_verified_at == AT


def test_staff_who_correct_a_number_do_not_confirm_it():
    staff, cadre = user_with(Role.OFFICE_STAFF), user_with(Role.TOWNSHIP_CADRE, mobile=MOBILE)
    kept = actions_members.update_member(by=staff, at=AT, user=cadre, values={"mobile": MOBILE})
    assert kept.mobile_verified_at is not None
    changed = actions_members.update_member(by=staff, at=AT, user=cadre, values={"mobile": "13912341234"})
    assert changed.mobile_verified_at is None


def test_an_account_opened_at_the_counter_has_an_unconfirmed_number_that_can_be_taken():
    staff = user_with(Role.OFFICE_STAFF)
    talent = TalentFactory(user=None, phone=MOBILE, verified=True)
    user, _password = actions_members.open_account(by=staff, at=AT, talent=talent)
    assert (user.mobile, user.mobile_verified_at) == (MOBILE, None)
    freed = actions_members.free_mobile(by=staff, at=AT, user=user, reason="its owner stood here")
    assert freed.mobile == ""
    last = AuditEntry.objects.filter(table_name="talentmap_user", row_id=str(user.pk)).latest("id")
    assert (last.action, last.reason) == ("accounts.free_mobile", "its owner stood here")
    assert register()


def test_a_confirmed_number_is_not_taken_and_nobody_takes_above_themselves():
    staff = user_with(Role.OFFICE_STAFF)
    with pytest.raises(Refused):
        actions_members.free_mobile(by=staff, at=AT, user=user_with(Role.TOWNSHIP_CADRE, mobile=MOBILE), reason="x")
    director = user_with(Role.OFFICE_DIRECTOR, mobile="13912341234", mobile_verified_at=None)
    with pytest.raises(PermissionDenied):
        actions_members.free_mobile(by=staff, at=AT, user=director, reason="x")


def test_nobody_gets_another_persons_file_by_registering_with_their_number():
    """Mallory types Zhang's name and number, but never holds Zhang's phone."""
    ask()
    assert actions.register(by=None, at=AT, code="000000", **{**WHO, "name": "张伟"}) is None
    assert not Talent.objects.exists()


def test_a_file_goes_to_no_account_whose_number_is_unproven(client):
    staff = user_with(Role.OFFICE_STAFF)
    talent = TalentFactory(name=WHO["name"], user=None, verified=True)
    mallory = register()
    User.objects.filter(pk=mallory.pk).update(mobile_verified_at=None)
    client.force_login(staff)
    page = client.post(reverse("people:talent_link_account", args=[talent.pk]), {"mobile": MOBILE})
    assert "mobile" in page.context["form"].errors
    from talentmap.people.actions import link_account

    mallory.refresh_from_db()
    with pytest.raises(Refused):
        link_account(by=staff, at=AT, talent=talent, user=mallory)
    change_mobile(mallory, MOBILE)
    client.post(reverse("people:talent_link_account", args=[talent.pk]), {"mobile": MOBILE})
    talent.refresh_from_db()
    assert talent.user == mallory


# The button ----------------------------------------------------------------------------------------------

HTMX = {"HX-Request": "true"}


def press(client, mobile=MOBILE, page="register", **headers):
    return client.post(reverse(page), {"send_code": "1", "mobile": mobile}, headers=headers)


def said(response):
    return response.content.decode().replace(MOBILE, "N").replace("13912341234", "N")


def test_the_button_answers_alike_whether_the_number_has_an_account(client, settings):
    settings.DEMO = False
    UserFactory(mobile="13912341234")
    free, taken = press(client, **HTMX), press(client, "13912341234", **HTMX)
    assert (free.status_code, said(free)) == (taken.status_code, said(taken))
    again, taken_again = press(client, **HTMX), press(client, "13912341234", **HTMX)
    assert said(again) == said(taken_again) != said(free)
    assert MobileCode.objects.count() == 2


def test_registering_without_the_phone_does_not_tell_whether_the_number_has_an_account(client):
    UserFactory(mobile="13912341234")
    form = {"name": "欧阳静", "password": WHO["password"], "consent": "on", "code": "000000"}
    told = []
    for mobile in (MOBILE, "13912341234"):
        press(client, mobile)
        page = client.post(reverse("register"), {**form, "mobile": mobile})
        told.append(page.context["form"].errors.as_json())
    assert told[0] == told[1] and "code" in told[0]


def test_without_a_script_the_page_comes_back_with_what_was_typed(client):
    page = client.post(reverse("register"), {"send_code": "1", "mobile": "138 1234-1234", "name": "欧阳静"})
    text = page.content.decode()
    assert "欧阳静" in text and page.context["code_tone"] == "good" and not page.context["form"].errors
    assert MobileCode.objects.get().mobile == MOBILE


@pytest.mark.parametrize("mobile", ["", "123", "12812341234", "x" * 5000])
def test_a_number_that_is_none_is_told_and_sent_nothing(client, mobile):
    page = press(client, mobile, **HTMX)
    assert page.status_code == 200 and page.context["code_tone"] == "bad"
    assert not MobileCode.objects.exists()


def test_one_address_asks_twenty_times_an_hour(client):
    for serial in range(20):
        assert press(client, f"1391234{serial:04d}", **HTMX).status_code == 200
    refused = press(client, "13912349999", **HTMX)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert not MobileCode.objects.filter(mobile="13912349999").exists()


@pytest.mark.parametrize(
    ("demo", "channel", "shown"),
    [
        (True, "talentmap.notices.channels.ConsoleSms", True),
        (True, "talentmap.notices.aliyun.AliyunSms", False),
        (False, "talentmap.notices.channels.ConsoleSms", False),
        (False, "talentmap.notices.aliyun.AliyunSms", False),
    ],
)
def test_only_a_demo_without_text_messages_shows_the_code(client, settings, demo, channel, shown):
    settings.DEMO, settings.SMS_CHANNEL = demo, channel
    text = press(client, **HTMX).content.decode()
    digits = [word for word in text.replace("<", " ").split() if len(word) == 6 and word.isdigit()]
    assert bool(digits) is shown
    assert ("demo-code" in text) is shown
    if shown:
        assert actions_mobile.use_code(
            purpose=Purpose.REGISTER, mobile=MOBILE, code=digits[0], at=MobileCode.objects.get().sent_at
        )


def test_the_own_account_shows_and_confirms_a_number(client):
    user = user_with(Role.TALENT, mobile=MOBILE, mobile_verified_at=None)
    client.force_login(user)
    assert MOBILE in client.get(reverse("account")).content.decode()
    code = press(client, page="account_edit", **HTMX).context["code_shown"]
    values = {"mobile": MOBILE, "email": "", "language": "en"}
    assert client.post(reverse("account_edit"), {**values, "code": wrong(code)}).context["form"].errors["code"]
    assert client.post(reverse("account_edit"), {**values, "code": code}).status_code == 302
    user.refresh_from_db()
    assert user.mobile_verified_at


def test_staff_take_an_unconfirmed_number_with_a_reason(client):
    user = user_with(Role.TOWNSHIP_CADRE, mobile=MOBILE, mobile_verified_at=None)
    client.force_login(user_with(Role.OFFICE_STAFF))
    client.post(reverse("member_mobile", args=[user.pk]), {"reason": ""})
    user.refresh_from_db()
    assert user.mobile == MOBILE
    client.post(reverse("member_mobile", args=[user.pk]), {"reason": "its owner stood here"})
    user.refresh_from_db()
    assert user.mobile == ""
