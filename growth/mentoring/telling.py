"""Telling the two and the office, inside the transaction of what they are told about. Only for actions."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from growth.mentoring import kinds
from growth.mentoring.models import Mentor, Pair
from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import GRANTS, Permission
from talentmap.notices.actions import notify_each
from talentmap.notices.kinds import NoticeKind


def office() -> list[User]:
    """Who watches over mentoring."""
    roles = [role for role, granted in GRANTS.items() if Permission.MANAGE_MENTORING in granted]
    held = Membership.objects.active().filter(role__in=roles).values("user")
    return list(User.objects.people().filter(pk__in=held, is_active=True).order_by("pk"))


def tell_office(by: User, at: datetime, kind: NoticeKind, key: str, *, link: str, **params: Any) -> None:
    people = [user for user in office() if user.pk != by.pk]
    notify_each(recipients=people, by=by, at=at, kind=kind, params=_written(params), link=link, key=key)


def tell_mentor(
    by: User, at: datetime, mentor: Mentor, kind: NoticeKind, key: str, *, link: str, **params: Any
) -> None:
    if mentor.user:
        _tell([mentor.user], by, at, kind, key, link, params)


def tell_talent(by: User, at: datetime, talent: Any, kind: NoticeKind, key: str, *, link: str, **params: Any) -> None:
    """A person without an account is told by the office."""
    if talent.user:
        _tell([talent.user], by, at, kind, key, link, params)


def tell_pair(by: User, at: datetime, pair: Pair, kind: NoticeKind, key: str, **params: Any) -> None:
    """Both, but for whoever did it."""
    people = [user for user in (pair.talent.user, pair.mentor.user) if user and user.pk != by.pk]
    _tell(people, by, at, kind, key, reverse("mentoring:pair", args=[pair.pk]), params)


def tell_of_paper(by: User, at: datetime, pair: Pair, key: str) -> None:
    """A talent without an account signs on paper what was written, which the office sees to."""
    if pair.talent.user is None:
        link = reverse("mentoring:pair", args=[pair.pk])
        tell_office(by, at, kinds.TO_SIGN, f"mentoring:to_sign:{key}", link=link)


def _tell(
    people: Iterable[User], by: User, at: datetime, kind: NoticeKind, key: str, link: str, params: dict[str, Any]
) -> None:
    notify_each(recipients=people, by=by, at=at, kind=kind, params=_written(params), link=link, key=f"mentoring:{key}")


def _written(params: dict[str, Any]) -> dict[str, Any]:
    return {name: f"{value:%Y-%m-%d}" if isinstance(value, date) else value for name, value in params.items()}
