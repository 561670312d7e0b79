"""Telling the person about the end of a benefit and about claims. Only for actions of housing."""

from datetime import date, datetime

from django.urls import reverse

from support.housing import kinds
from support.housing.models import Entitlement
from talentmap.accounts.models import User
from talentmap.money.models import Recovery
from talentmap.notices.actions import notify
from talentmap.notices.kinds import NoticeKind


def tell_end(by: User, at: datetime, row: Entitlement, month: date) -> None:
    """A corrected last day is told again."""
    params = {"service": row.kind, "month": f"{month:%Y-%m}"}
    _tell(by, at, row, kinds.ENDED, params, f"housing:{row.pk}:ended:{at.timestamp():.0f}")


def tell_claim(by: User, at: datetime, row: Entitlement, claim: Recovery) -> None:
    params = {"number": row.case.number, "date": f"{claim.due_on:%Y-%m-%d}"}
    _tell(by, at, row, kinds.CLAIM_OPENED, params, f"housing:claim:{claim.pk}")


def tell_withdrawn(by: User, at: datetime, row: Entitlement, claim: Recovery) -> None:
    _tell(by, at, row, kinds.CLAIM_WITHDRAWN, {"number": row.case.number}, f"housing:claim:{claim.pk}:withdrawn")


def _tell(by: User, at: datetime, row: Entitlement, kind: NoticeKind, params: dict[str, str], key: str) -> None:
    """A person without an account is told by the office."""
    user = row.talent.user
    if user:
        link = reverse("housing:entitlement", args=[row.pk])
        notify(by=by, at=at, recipient=user, kind=kind, params=params, link=link, key=key)
