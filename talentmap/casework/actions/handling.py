"""Whose desk a case is on, and decisions on many cases at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils.translation import gettext as _

from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.casework import kinds
from talentmap.casework.actions.moving import RELATED, check, locked, move
from talentmap.casework.actions.reviewing import accept, approve, pass_stage
from talentmap.casework.models import Application
from talentmap.casework.states import Action, State
from talentmap.casework.telling import tell_staff
from talentmap.ui.errors import Refused, reasons

BULK: dict[str, Callable[..., Application]] = {
    Action.ACCEPT: accept,
    Action.PASS_STAGE: pass_stage,
    Action.APPROVE: approve,
}
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Decided:
    """What became of one case of many: done, or why not."""

    application: Application
    ok: bool
    reason: str = ""


def decide_many(*, by: User, at: datetime, action: str, seen: Mapping[int, int], reason: str = "") -> list[Decided]:
    """Take one action on many cases, each in its own transaction: what is not allowed is skipped and says why.

    `seen` gives the version of each case that `by` saw, by its id: one that has changed since is skipped too. Ids that
    `by` may not see are left out, as if they did not exist.
    """
    if action not in BULK:
        raise Refused(_("This cannot be done to many applications at once."))
    if len(seen) > MOST_AT_ONCE:
        raise Refused(_("At most %(count)s applications at once.") % {"count": MOST_AT_ONCE})
    found = Application.objects.visible_to(by).filter(pk__in=seen).select_related(*RELATED).order_by("pk")
    return [_decide_one(BULK[action], by, at, application, seen[application.pk], reason) for application in found]


def _decide_one(
    decide: Callable[..., Application], by: User, at: datetime, application: Application, version: int, reason: str
) -> Decided:
    if application.version != version:
        return Decided(application, False, _("It has changed since you opened the list: look at it again."))
    try:
        done = decide(by=by, at=at, application=application, reason=reason, expected_version=version)
    except PermissionDenied as error:
        return Decided(application, False, str(error) or _("This is not yours to do."))
    except (Refused, IntegrityError) as error:
        said = reasons(error)
        if not said:
            raise
        return Decided(application, False, " ".join(said))
    return Decided(done, True)


@action
def reassign(*, by: User, at: datetime, application: Application, to: User, reason: str = "") -> Application:
    """Put the case on another desk; only on one from which it can be seen."""
    application = locked(application)
    check(by, application, Action.REASSIGN)
    if not _sees(to, application):
        raise Refused(_("%(name)s does not handle cases of this place.") % {"name": to})
    if to.pk == application.applicant.user_id:
        raise Refused(_("Nobody handles their own application."))
    if to.pk == application.handler_id:
        return application
    _hand_over(Action.REASSIGN, by, at, application, to, reason)
    tell_staff([to], application, kinds.ASSIGNED, by=by, at=at)
    return application


@action
def take(*, by: User, at: datetime, application: Application) -> Application:
    """Take a case that nobody handles onto one's own desk; taking it twice is taking it once."""
    application = locked(application)
    if application.handler_id == by.pk:
        return application
    if application.handler_id:
        raise Refused(_("%(name)s handles this application already.") % {"name": application.handler})
    return _hand_over(Action.TAKE, by, at, application, by)


def _sees(user: User, application: Application) -> bool:
    return user.is_active and Application.objects.in_reach(user).filter(pk=application.pk).exists()


def _hand_over(
    action: Action, by: User, at: datetime, application: Application, to: User, reason: str = ""
) -> Application:
    state = State(application.state)
    return move(application, action, state, by=by, at=at, reason=reason, handler=to)
