"""What the actions of mentoring share. Locks go application, pair, mentor, request, then (inside money) the fund."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from growth.mentoring.choices import Side
from growth.mentoring.models import Mentor, Pair
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.casework.models import Application
from talentmap.ui.errors import Refused


def lock_application(application_id: int) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("applicant__user", "region")
    return rows.get(pk=application_id)


def lock_mentor(mentor_id: int) -> Mentor:
    """Whatever takes or gives a place waits here, then looks at what is free."""
    rows = Mentor.objects.select_for_update(of=("self",)).without_secrets().select_related("user")
    return rows.get(pk=mentor_id)


def lock_pair(pair: Pair) -> Pair:
    """Application first, then the pair: the order in which every action takes them."""
    lock_application(pair.application_id)
    rows = Pair.objects.select_for_update(of=("self",)).without_secrets()
    return rows.select_related("talent__user", "talent__region", "mentor__user", "application").get(pk=pair.pk)


def lock_running(by: User, pair: Pair, *sides: str) -> tuple[Pair, str]:
    """A running pair, and which side `by` is of; only the two themselves, or of them only `sides`."""
    locked, side = lock_own(by, pair, *sides)
    if not locked.is_active:
        raise Refused(_("This pair has ended on %(day)s.") % {"day": locked.ended_on})
    return locked, side


def lock_own(by: User, pair: Pair, *sides: str) -> tuple[Pair, str]:
    """The same of a pair that may have ended: what belongs to its time is still put in order."""
    locked = lock_pair(pair)
    side = side_of(by, locked)
    if side not in (sides or (Side.TALENT, Side.MENTOR)):
        raise PermissionDenied
    return locked, side


def lock_without_account(by: User, pair: Pair) -> Pair:
    """A pair whose talent has no account, for the office that enters what they have signed on paper."""
    locked = lock_pair(pair)
    if side_of(by, locked) != Side.OFFICE:
        raise PermissionDenied
    if locked.talent.user_id is not None:
        raise Refused(_("This talent has an account: nobody confirms or assesses for them."))
    return locked


def side_of(by: User, pair: Pair) -> str:
    """Which part `by` has in a pair: of the two, or the office; "" for none."""
    own = pair.side_of(by)
    if own == Side.MENTOR and not by.may(Permission.MENTOR):
        return ""
    if own:
        return own
    return Side.OFFICE if by.may(Permission.MANAGE_MENTORING, pair) else ""


def may_keep(side: str, pair: Pair) -> bool:
    """Who may say that the mentor stays in spite of a wish: the talent always, as nobody is given another mentor
    against their will; a mentor, who may end the pair, only takes their own wish back."""
    return side in (Side.TALENT, Side.OFFICE) or side == Side.MENTOR == pair.change_side


def demand(by: User, obj: Any = None) -> None:
    """Raise PermissionDenied unless `by` runs mentoring where `obj` belongs."""
    if not by.may(Permission.MANAGE_MENTORING, obj):
        raise PermissionDenied


def check_version(row: Any, version: int | None) -> None:
    """Raise Refused where the person decided on words that have changed since they were shown."""
    if version is not None and row.version != version:
        raise Refused(_("This was changed in the meantime. Nothing was overwritten; please look at it again."))


def check_place(mentor: Mentor, kind: str, applicant_user_id: int | None, today: date) -> None:
    """Raise Refused unless a locked mentor may be asked today."""
    words = {"name": mentor.name}
    if mentor.state != Mentor.State.VERIFIED or kind not in mentor.offers:
        raise Refused(_("%(name)s is not a mentor of this kind.") % words)
    if mentor.user is None or not mentor.user.may(Permission.MENTOR):
        raise Refused(_("%(name)s no longer has the role of a mentor.") % words)
    if mentor.user_id == applicant_user_id:
        raise Refused(_("Nobody is their own mentor."))
    if mentor.is_paused(today):
        raise Refused(_("%(name)s takes a pause and is not asked at present.") % words)
    if mentor.taken >= mentor.capacity:
        raise Refused(_("%(name)s has no free place.") % words)


def today_of(at: datetime) -> date:
    return timezone.localdate(at)
