"""Accounts: registration, one's own settings, passwords and the second factor."""

import math
from base64 import b32encode
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from talentmap.accounts import kinds
from talentmap.accounts.actions_mobile import Purpose, refuse_taken, use_code
from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import Role
from talentmap.accounts.rules import fresh_username
from talentmap.accounts.telling import tell, tell_mobile_changed
from talentmap.audit.action import acting, action
from talentmap.people.actions import register_self
from talentmap.ui.errors import Refused

BACKUP_CODES = 10


@action
def register(*, by: None, at: datetime, name: str, mobile: str, code: str, password: str, language: str) -> User | None:
    """Open an applicant's account with an empty file, and record the consent given by registering.

    None where `code` is not the one that `mobile` was sent: answered, not raised, so that the try counts.
    """
    if not use_code(purpose=Purpose.REGISTER, mobile=mobile, code=code, at=at):
        return None
    user = User(username=fresh_username(), display_name=name, mobile=mobile, language=language, date_joined=at)
    user.mobile_verified_at = at
    refuse_taken(user)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    Membership.objects.create(user=user, role=Role.TALENT, granted_by=User.objects.system(), valid_from=at)
    with acting(by=user, name="accounts.register"):
        register_self(by=user, at=at, user=user, name=name, phone=mobile)
    return user


@action
def update_account(*, by: User, at: datetime, values: dict[str, Any], code: str = "") -> User | None:
    """Change one's own mobile number, e-mail or language.

    A number that is new or not confirmed needs the `code` it was sent. None where that is wrong: the try counts.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    old = user.mobile
    for name in ("mobile", "email", "language"):
        setattr(user, name, values.get(name, getattr(user, name)))
    if user.mobile and (user.mobile != old or (code and not user.mobile_verified_at)):
        if not use_code(purpose=Purpose.CHANGE, mobile=user.mobile, code=code, at=at):
            return None
        refuse_taken(user)
        user.mobile_verified_at = at
    user.full_clean(exclude=["password"])
    user.save(update_fields=["mobile", "email", "language"])
    if old != user.mobile:
        tell_mobile_changed(by, at, user, old)
    return user


@action
def choose_language(*, by: User, at: datetime, language: str) -> None:
    """Keep the language that was chosen in the page's frame for the next sign-in; Refused for one we do not speak."""
    if language not in dict(settings.LANGUAGES):
        raise Refused(_("This language is not available."))
    User.objects.filter(pk=by.pk).update(language=language)


@action
def change_password(*, by: User, at: datetime, old: str, new: str) -> User:
    """Choose a new password; every other session of this person ends."""
    user = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if not user.check_password(old):
        raise Refused(_("The current password is wrong."))
    if old == new:
        raise Refused(_("Choose a password other than the current one."))
    validate_password(new, user)
    user.set_password(new)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    return user


def device_to_set_up(user: User) -> TOTPDevice:
    """The unconfirmed device whose key the set-up page shows; the same until it is confirmed."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first() or TOTPDevice.objects.create(
        user=user, name="totp", confirmed=False
    )


@action
def confirm_second_factor(*, by: User, at: datetime, token: str) -> tuple[TOTPDevice, list[str]]:
    """Turn the second factor on with the first code of the app; gives the backup codes, which are shown once."""
    user = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if user.second_factor_since:
        raise Refused(_("The second factor is already on."))
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(token):
        raise Refused(_("The code is wrong or too old. Type the one the app shows now."))
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    user.second_factor_since = at
    user.save(update_fields=["second_factor_since"])
    return device, _fresh_codes(user, at)


@action
def renew_backup_codes(*, by: User, at: datetime, password: str) -> list[str]:
    """Make ten new backup codes; the old ones stop working."""
    user = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if not user.second_factor_since:
        raise Refused(_("Set up the second factor first."))
    if not user.check_password(password):
        raise Refused(_("The current password is wrong."))
    return _fresh_codes(user, at)


@action
def turn_second_factor_off(*, by: User, at: datetime, password: str) -> None:
    """Do without the second factor again, where the role allows that."""
    user = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if user.needs_second_factor:
        raise Refused(_("Your role requires the second factor."))
    if not user.check_password(password):
        raise Refused(_("The current password is wrong."))
    forget_devices(user)
    tell(by, at, user, kinds.SECOND_FACTOR_OFF)


def forget_devices(user: User) -> None:
    """Remove app and backup codes from a locked account row."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    user.second_factor_since = user.backup_codes_at = None
    user.save(update_fields=["second_factor_since", "backup_codes_at"])


def _fresh_codes(user: User, at: datetime) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="backup")
    codes = [StaticToken.random_token() for _each in range(BACKUP_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    user.backup_codes_at = at  # what the history shows of it
    user.save(update_fields=["backup_codes_at"])
    return codes


def readable_key(device: TOTPDevice) -> str:
    """The key in groups of four, for typing where a camera cannot read the square."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def seconds_until_next_try(user: User) -> int:
    """How long codes are refused after wrong ones, whole seconds; each wrong one doubles it."""
    waits = [device.verify_is_allowed()[1] for device in TOTPDevice.objects.filter(user=user, confirmed=True)]
    untils = [wait["locked_until"] for wait in waits if wait and wait.get("locked_until")]
    return max((max(0, math.ceil((until - timezone.now()).total_seconds())) for until in untils), default=0)
