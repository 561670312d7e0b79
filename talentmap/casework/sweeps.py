"""What happens by the clock. Each sweep may run twice, late, or next to another: the result is that of running once."""

import logging
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from talentmap.accounts.models import Membership, User, UserQuerySet
from talentmap.accounts.permissions import GRANTS, Permission
from talentmap.casework import actions, calendar, kinds, policy, rules
from talentmap.casework.actions.moving import RELATED
from talentmap.casework.models import Application, Rating, Transition
from talentmap.casework.states import Action, State
from talentmap.casework.telling import tell_applicant, written
from talentmap.money.models import Payable
from talentmap.notices.actions import notify
from talentmap.notices.kinds import NoticeKind
from talentmap.ui.errors import Refused

log = logging.getLogger(__name__)


def end_notices(at: datetime) -> int:
    """End every public notice whose last day is over; one that cannot be ended does not stop the others."""
    over = Application.objects.filter(state=State.ON_NOTICE, notice_until__lt=timezone.localdate(at))
    system = User.objects.system()
    return sum(_end_one(system, at, application) for application in over.select_related(*RELATED).order_by("pk"))


def _end_one(system: User, at: datetime, application: Application) -> bool:
    try:
        actions.end_notice(by=system, at=at, application=application)
    except Refused:
        return False  # another sweep, a rejection or a withdrawal came first
    except Exception:
        log.exception("the public notice of application %s cannot be ended", application.pk)
        return False
    return True


def remind_of_corrections(at: datetime) -> int:
    """Remind each applicant, on working days and once a return, of what they have not corrected for some days."""
    today, days = timezone.localdate(at), calendar.current()
    if not days.is_workday(today):
        return 0
    too_late = calendar.start_of(rules.add_working_days(today, 1 - policy.deadlines(today).remind, days))
    returns = Transition.objects.filter(application=OuterRef("pk"), action=Action.RETURN).order_by("-id")
    waiting = Application.objects.filter(state=State.RETURNED).annotate(returned_at=Subquery(returns.values("at")[:1]))
    system, found = User.objects.system(), waiting.filter(returned_at__lt=too_late).select_related(*RELATED)
    for application in found.order_by("pk"):
        day = timezone.localdate(application.returned_at)
        tell_applicant(application, kinds.RETURNED_REMINDER, by=system, at=at, about=application.round, date=day)
    return len(found)


def everybody_with(permission: Permission) -> UserQuerySet:
    """All people who hold `permission` anywhere."""
    roles = [role for role, granted in GRANTS.items() if permission in granted]
    held = Membership.objects.active().filter(user=OuterRef("pk"), role__in=roles)
    return User.objects.people().filter(Exists(held), is_active=True).order_by("pk")


def overdue_digest(at: datetime) -> int:
    """Tell each director, on working days, how many cases and call-backs within their reach are overdue; and who
    prepares or releases payments, how many of those are."""
    today = timezone.localdate(at)
    if not calendar.current().is_workday(today):
        return 0
    told = 0
    for director in everybody_with(Permission.APPROVE):
        told += _tell_count(director, kinds.OVERDUE, _overdue_cases(director, today), "casework:inbox", at)
        told += _tell_count(director, kinds.RATINGS_OVERDUE, _overdue_ratings(director, today), "casework:ratings", at)
    payers = everybody_with(Permission.PREPARE_BATCH) | everybody_with(Permission.RELEASE_BATCH)
    for payer in payers:
        unpaid = Payable.objects.visible_to(payer).overdue(today).count()
        told += _tell_count(payer, kinds.PAYMENTS_OVERDUE, unpaid, "money:payable_list", at)
    return told


def _overdue_cases(director: User, today: date) -> int:
    return Application.objects.in_reach(director, Permission.APPROVE).overdue(today).count()


def _overdue_ratings(director: User, today: date) -> int:
    mine = Application.objects.in_reach(director, Permission.APPROVE).values("pk")
    late = Q(called_back_at=None, call_back_due_on__lt=today) | Q(mended_at=None, mended_due_on__lt=today)
    return Rating.objects.filter(late, application__in=mine).count()


def _tell_count(user: User, kind: NoticeKind, count: int, page: str, at: datetime) -> int:
    if not count:
        return 0
    day = timezone.localdate(at)
    params = {"count": count, "date": written(day)}
    _tell(user, kind, params, page, f"{kind.code}:{day}", at)
    return 1


def calendar_warning(at: datetime) -> int:
    """Once a month, months ahead: the year whose holidays nobody has entered."""
    today = timezone.localdate(at)
    years = calendar.missing_years(today, calendar.current())
    keepers = everybody_with(Permission.EDIT_CALENDAR) if years else User.objects.none()
    for user in keepers:
        for year in years:
            key = f"{kinds.CALENDAR_MISSING.code}:{year}:{today:%Y-%m}"
            _tell(user, kinds.CALENDAR_MISSING, {"year": year}, "casework:calendar", key, at)
    return len(keepers) * len(years)


def _tell(user: User, kind: NoticeKind, params: dict[str, Any], page: str, key: str, at: datetime) -> None:
    by = User.objects.system()
    notify(by=by, at=at, recipient=user, kind=kind, params=params, link=reverse(page), key=key)
