"""Registration, one's own account, the second factor."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from talentmap.accounts import actions, actions_mobile
from talentmap.accounts.actions_mobile import Purpose
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission as P
from talentmap.accounts.permissions import Role
from talentmap.accounts.records import MobileCode
from talentmap.audit.models import AuditEntry
from talentmap.people.choices import Purpose as Consented
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused
from tests.factories.accounts import UserFactory, user_with

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "Tea-on-the-hill-7"
WHO = {"name": "欧阳静", "mobile": "13812341234", "password": PASSWORD, "language": "zh-hans"}


def code_for(mobile, purpose=Purpose.REGISTER, at=AT):
    """A fresh code for the number, however many it was sent before."""
    MobileCode.objects.filter(mobile=mobile).delete()
    return actions_mobile.ask_code(by=None, at=at, purpose=purpose, mobile=mobile)


def register(**changes):
    who = {**WHO, **changes}
    return actions.register(by=None, at=AT, **{"code": code_for(who["mobile"]), **who})


def test_registering_opens_an_account_a_file_and_the_consent():
    user = register()
    assert user.roles == {Role.TALENT} and user.may(P.APPLY)
    assert user.check_password(PASSWORD)
    talent = Talent.objects.get(user=user)
    assert (talent.name, talent.phone) == ("欧阳静", "13812341234")
    assert list(talent.consents.values_list("purpose", "given_at")) == [(Consented.REGISTER, AT)]
    assert user.memberships.get().granted_by == User.objects.system()


def test_a_mobile_number_registers_once():
    register()
    with pytest.raises(ValidationError) as caught:
        register(name="别人")
    assert "mobile" in str(caught.value) or "手机" in str(caught.value)
    assert Talent.objects.count() == 1


@pytest.mark.parametrize(
    "password", ["short", "12345678901234", "password1234", "欧阳静", "13812341234abc", "13812341234 欧阳静"]
)
def test_a_weak_password_registers_nobody(password):
    with pytest.raises(ValidationError):
        register(password=password)
    assert not User.objects.people().exists()


def test_the_history_names_the_registration_and_never_password_or_mobile():
    user = register()
    entry = AuditEntry.objects.get(table_name="talentmap_user", row_id=str(user.pk), operation="insert")
    assert entry.action == "accounts.register"
    assert PASSWORD not in str(entry.changes) and "13812341234" not in str(entry.changes)
    assert user.password not in str(entry.changes)


def test_a_new_password_needs_the_old_one_and_the_rules():
    user = UserFactory(must_change_password=True)
    user.set_password("the old one 1")
    user.save()
    with pytest.raises(Refused):
        actions.change_password(by=user, at=AT, old="wrong", new=PASSWORD)
    with pytest.raises(Refused):
        actions.change_password(by=user, at=AT, old="the old one 1", new="the old one 1")
    with pytest.raises(ValidationError):
        actions.change_password(by=user, at=AT, old="the old one 1", new="short")
    user.refresh_from_db()
    assert user.check_password("the old one 1") and user.must_change_password
    actions.change_password(by=user, at=AT, old="the old one 1", new=PASSWORD)
    user.refresh_from_db()
    assert user.check_password(PASSWORD) and not user.must_change_password


def change_mobile(user, mobile, **values):
    code = code_for(mobile, Purpose.CHANGE)
    return actions.update_account(by=user, at=AT, values={"mobile": mobile, **values}, code=code)


def test_ones_own_account_takes_no_number_of_somebody_else():
    UserFactory(mobile="13812341234")
    user = UserFactory()
    with pytest.raises(ValidationError):
        change_mobile(user, "13812341234")
    changed = change_mobile(user, "13912341234", language="en")
    assert (changed.mobile, changed.mobile_verified_at, changed.language) == ("13912341234", AT, "en")


# Second factor -------------------------------------------------------------------------------------------


def code(device, steps_ago=0):
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = datetime.now(UTC).timestamp() - steps_ago * device.step
    return f"{totp.token():06d}"


def test_the_first_code_turns_the_second_factor_on_and_gives_ten_backup_codes():
    user = UserFactory()
    device = actions.device_to_set_up(user)
    assert actions.device_to_set_up(user) == device, "the key on the page stays the same until it is confirmed"
    confirmed, codes = actions.confirm_second_factor(by=user, at=AT, token=code(device))
    user.refresh_from_db()
    assert confirmed.confirmed and user.second_factor_since == AT
    assert len(set(codes)) == 10
    assert StaticToken.objects.filter(device__user=user).count() == 10
    with pytest.raises(Refused):
        actions.confirm_second_factor(by=user, at=AT, token=code(device))


def test_a_wrong_code_turns_nothing_on():
    user = UserFactory()
    device = actions.device_to_set_up(user)
    with pytest.raises(Refused):
        actions.confirm_second_factor(by=user, at=AT, token=code(device, steps_ago=20))
    assert not TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    assert not StaticDevice.objects.exists()


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def with_second_factor(user):
    actions.confirm_second_factor(by=user, at=AT, token=code(actions.device_to_set_up(user)))
    user.refresh_from_db()
    return user


def test_new_backup_codes_replace_the_old_ones():
    user = with_second_factor(with_password(UserFactory()))
    old = set(StaticToken.objects.values_list("token", flat=True))
    new = set(actions.renew_backup_codes(by=user, at=AT + timedelta(days=1), password=PASSWORD))
    assert set(StaticToken.objects.values_list("token", flat=True)) == new and not old & new
    last = AuditEntry.objects.filter(table_name="talentmap_user", row_id=str(user.pk)).latest("id")
    assert (last.action, last.actor_id, list(last.changes)) == (
        "accounts.renew_backup_codes",
        user.pk,
        ["backup_codes_at"],
    )
    with pytest.raises(Refused):
        actions.renew_backup_codes(by=with_password(UserFactory()), at=AT, password=PASSWORD)


def test_new_backup_codes_need_the_password():
    user = with_second_factor(with_password(UserFactory()))
    old = set(StaticToken.objects.values_list("token", flat=True))
    with pytest.raises(Refused):
        actions.renew_backup_codes(by=user, at=AT, password="wrong")
    assert set(StaticToken.objects.values_list("token", flat=True)) == old


def test_the_second_factor_goes_off_with_the_password_unless_the_role_requires_it(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    talent, staff = (with_second_factor(user_with(role)) for role in (Role.TALENT, Role.OFFICE_STAFF))
    for user in (talent, staff):
        user.set_password(PASSWORD)
        user.save()
    with pytest.raises(Refused):
        actions.turn_second_factor_off(by=talent, at=AT, password="wrong")
    with pytest.raises(Refused):
        actions.turn_second_factor_off(by=staff, at=AT, password=PASSWORD)
    actions.turn_second_factor_off(by=talent, at=AT, password=PASSWORD)
    talent.refresh_from_db()
    assert talent.second_factor_since is None and not TOTPDevice.objects.filter(user=talent).exists()
    assert [notice.kind for notice in talent.notices.all()] == ["second_factor_off"]


@pytest.mark.parametrize(
    ("field", "value", "password"),
    [
        ("username", "wang.xiaoming", "wang.xiaoming.1"),
        ("display_name", "Alexandra Hamilton", "alexandra-hamilton"),
        ("mobile", "13812341234", "ab13812341234"),
        ("email", "longmailname@example.org", "longmailname99"),
    ],
)
def test_a_password_like_what_others_know_of_the_person_will_not_do(field, value, password):
    """Long enough, and neither common nor of digits alone: nothing but the likeness is wrong with it."""
    validate_password(password, UserFactory())
    with pytest.raises(ValidationError) as caught:
        validate_password(password, UserFactory(**{field: value}))
    assert [error.code for error in caught.value.error_list] == ["password_too_similar"]
