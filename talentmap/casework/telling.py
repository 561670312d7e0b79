"""Telling the applicant and the office, inside the transaction of what they are told about."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format

from talentmap.accounts.models import User
from talentmap.casework.models import Application
from talentmap.notices.actions import notify_each
from talentmap.notices.kinds import NoticeKind


def tell_applicant(
    application: Application, kind: NoticeKind, *, by: Any, at: datetime, about: int | None = None, **words: Any
) -> None:
    """Once for each version of the application, or for each `about`; a person without an account is told by the
    office."""
    user = application.applicant.user
    if user is None:
        return
    link = reverse("casework:application", args=[application.pk])
    _tell([user], application, kind, link, by=by, at=at, words=words, about=about)


def tell_staff(
    recipients: Iterable[User],
    application: Application,
    kind: NoticeKind,
    *,
    by: Any,
    at: datetime,
    about: int | None = None,
    **words: Any,
) -> None:
    """`about` tells two notices of one kind apart while the application itself does not move."""
    link = reverse("casework:case", args=[application.pk])
    _tell(recipients, application, kind, link, by=by, at=at, words=words, about=about)


def tell_party(
    recipients: Iterable[User], application: Application, party_id: int, *, kind: NoticeKind, by: Any, at: datetime
) -> None:
    """Once each time that somebody outside the office is asked."""
    link, words = application.service.party_url(application), {"date": application.stage_due_on}
    _tell(recipients, application, kind, link, by=by, at=at, words=words, about=party_id)


def _tell(
    recipients: Iterable[User],
    application: Application,
    kind: NoticeKind,
    link: str,
    *,
    by: Any,
    at: datetime,
    words: dict[str, Any],
    about: int | None = None,
) -> None:
    params = {"number": application.number, "service": application.scheme}
    params |= {name: written(value) for name, value in words.items()}
    key = f"{kind.code}:{application.pk}:{about or application.version}"
    notify_each(recipients=recipients, by=by, at=at, kind=kind, params=params, link=link, key=key)


def written(value: Any) -> Any:
    """A date as the notice's words carry it."""
    return date_format(value, "Y-m-d") if isinstance(value, date) else value
