"""Tells people what happened to their own account."""

from datetime import datetime

from django.conf import settings
from django.utils import translation

from talentmap.accounts import kinds
from talentmap.accounts.models import User
from talentmap.notices.actions import notify
from talentmap.notices.kinds import NoticeKind
from talentmap.notices.texts import send_text


def tell(by: User, at: datetime, user: User, kind: NoticeKind) -> None:
    notify(by=by, at=at, recipient=user, kind=kind, link="/account/", key=f"{kind.code}-{at.isoformat()}")


def tell_mobile_changed(by: User, at: datetime, user: User, old: str) -> None:
    """Also the `old` number, if any: whoever took the account over holds the new one."""
    tell(by, at, user, kinds.MOBILE_CHANGED)
    if old:
        with translation.override(user.language or settings.LANGUAGE_CODE):
            send_text(mobile=old, subject=str(kinds.MOBILE_CHANGED.subject))
