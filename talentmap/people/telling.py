"""Who is told what about a file, and by which key it is told once."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import GRANTS, Permission
from talentmap.notices.actions import notify, notify_each
from talentmap.people import kinds
from talentmap.people.models import Talent
from talentmap.people.records import DataRequest
from talentmap.people.writing import day_of
from talentmap.regions.codes import lineage

if TYPE_CHECKING:
    from talentmap.notices.kinds import NoticeKind


def tell_person(*, by: User, at: datetime, talent: Talent, kind: "NoticeKind", key: str) -> None:
    """Tell whoever signs in with the file, if anybody does."""
    if talent.user:
        notify(by=by, at=at, recipient=talent.user, kind=kind, link="/my/file/", key=f"{kind.code}:{key}")


def tell_answered(*, by: User, at: datetime, request: DataRequest, talent: Talent) -> None:
    user = Talent.objects.get(pk=talent.pk).user
    if user is not None:
        told = _told(request) | {"key": f"data-request:{request.pk}", "link": "/my/file/"}
        notify(by=by, at=at, recipient=user, kind=kinds.DATA_REQUEST_ANSWERED, **told)


def tell_erased(*, by: User, at: datetime, request: DataRequest, user: User) -> None:
    """Before the account forgets where its person is reached."""
    told = _told(request) | {"key": f"file-erased:{request.pk}", "farewell": True}
    notify(by=by, at=at, recipient=user, kind=kinds.FILE_ERASED, **told)


def tell_office(*, by: User, at: datetime, request: DataRequest) -> None:
    people = answerers(request.talent).exclude(pk=request.talent.user_id or 0)
    told = _told(request) | {"key": f"data-request-asked:{request.pk}", "link": f"/people/requests/{request.pk}/"}
    notify_each(recipients=people, by=by, at=at, kind=kinds.DATA_REQUEST_ASKED, **told)


def _told(request: DataRequest) -> dict[str, Any]:
    return {"params": {"date": day_of(request.asked_at).isoformat()}}


def answerers(talent: Talent) -> QuerySet[User]:
    """Who answers requests about this file: by an office over its place, or over the county where it has none."""
    roles = [role for role, granted in GRANTS.items() if Permission.ANSWER_DATA_REQUEST in granted]
    codes = lineage(talent.region.code if talent.region else settings.COUNTY_CODE)
    held = Membership.objects.active().filter(user=OuterRef("pk"), role__in=roles, region__code__in=codes)
    return User.objects.people().filter(Exists(held), is_active=True).order_by("pk")
