"""Whose mobile number is it: a code by text message, and a number given back that nobody has proven."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from talentmap.accounts import rules
from talentmap.accounts.models import User
from talentmap.accounts.records import MobileCode
from talentmap.audit.action import action
from talentmap.notices.texts import send_text
from talentmap.ui.errors import Refused

Purpose = MobileCode.Purpose


@action
def ask_code(*, by: User | None, at: datetime, purpose: str, mobile: str) -> str:
    """Send `mobile` a new code, which replaces any before it; the same for a number that has an account already.

    Gives the code: only a demo without text messages may show it. Raises Refused when it was asked for too often.
    """
    MobileCode.objects.get_or_create(mobile=mobile, defaults={"purpose": purpose, "sent_at": at})
    sent = MobileCode.objects.select_for_update().get(mobile=mobile)
    last_at = sent.sent_at if sent.sent_that_day else None
    if not rules.may_send_code(last_at, sent.sent_that_day, at):
        raise Refused(_("This number was sent a code less than a minute ago, or too many today. Please wait."))
    code = rules.fresh_code()
    sent.purpose, sent.digest, sent.tries = purpose, _digest(purpose, mobile, code), 0
    sent.sent_that_day = (rules.codes_of_day(last_at, sent.sent_that_day, at) if last_at else 0) + 1
    sent.sent_at = at
    sent.save()
    send_text(mobile=mobile, subject=_("Your code: %(code)s. Tell nobody.") % {"code": code}, code=code)
    return code


def use_code(*, purpose: str, mobile: str, code: str, at: datetime) -> bool:
    """Whether `code` is the one that `mobile` was sent: the right one works once, a wrong one costs a try.

    For an action that then answers instead of raising: a rollback would give the try back.
    """
    sent = MobileCode.objects.select_for_update().filter(mobile=mobile, purpose=purpose).first()
    if sent is None or not sent.digest or not rules.is_code_open(sent.sent_at, sent.tries, at):
        return False
    is_right = constant_time_compare(sent.digest, _digest(purpose, mobile, code))
    sent.tries += 1
    if is_right:
        sent.digest = ""
    sent.save(update_fields=["tries", "digest"])
    return is_right


def _digest(purpose: str, mobile: str, code: str) -> str:
    """Keyed: a million codes are tried in a second by whoever reads the table but not the key."""
    return salted_hmac("talentmap.mobile_code", f"{purpose}:{mobile}:{code}", algorithm="sha256").hexdigest()


def refuse_taken(user: User) -> None:
    """Say at the field whose number it is already; only to somebody who has proven that they hold the phone."""
    if user.mobile and User.objects.exclude(pk=user.pk).filter(mobile=user.mobile).exists():
        taken = _("There is already an account with this mobile number. Sign in, or ask the office for help.")
        raise ValidationError({"mobile": taken})


@action
def forget_codes(*, by: User, at: datetime) -> int:
    """Delete what is left of codes a day after: the numbers of people who may never have had an account."""
    return MobileCode.objects.filter(sent_at__lt=at - timedelta(days=1)).delete()[0]
