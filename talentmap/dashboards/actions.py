"""Asking for a brief, and what the worker writes down about it."""

from collections.abc import Callable
from datetime import date, datetime
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import GRANTS, Permission, Role
from talentmap.audit.action import action
from talentmap.dashboards import kinds
from talentmap.dashboards.brief_models import Brief
from talentmap.notices.actions import notify_each
from talentmap.notices.kinds import NoticeKind
from talentmap.regions.models import Level, Region
from talentmap.ui.errors import Refused

State = Brief.State
MOST_OPEN = 2
MOST_STARTS = 3


class Overtaken(Exception):
    """The brief was begun anew by another worker, or is over: this run has no more say in it."""


@action
def ask_brief(*, by: User, at: datetime, region: Region, month: date, is_scheduled: bool = False) -> Brief:
    """Have a month's brief made in the background, of the county or of one township.

    Raises PermissionDenied outside the reach; Refused while two are being made, or for a month that is not over.
    """
    _check_reach(by, region)
    if month.day != 1 or month >= at.astimezone().date().replace(day=1):
        raise Refused(_("A brief can be made of a month that is over."))
    if not is_scheduled and Brief.objects.open().filter(made_by=by).count() >= MOST_OPEN:
        raise Refused(_("Two of your briefs are being made. Wait for one of them."))
    try:
        with transaction.atomic():
            made = Brief.objects.create(
                region=region,
                is_county=region.level == Level.COUNTY,
                month=month,
                is_scheduled=is_scheduled,
                asked_at=at,
                made_by=by,
            )
    except IntegrityError:
        raise Refused(_("The brief of this month is there already.")) from None
    transaction.on_commit(_enqueue(made.pk), robust=True)
    return made


@action
def ask_brief_again(*, by: User, at: datetime, brief: Brief) -> Brief | None:
    """Put a scheduled brief that failed back into the line, in its own row; None when another worker was first.

    Raises PermissionDenied outside the reach.
    """
    _check_reach(by, brief.region)
    locked = Brief.objects.select_for_update(of=("self",)).get(pk=brief.pk)
    if not locked.is_scheduled or locked.state != State.FAILED:
        return None
    asked = _set(
        locked,
        state=State.WAITING,
        asked_at=at,
        percent=0,
        attempts=ceil(locked.attempts / MOST_STARTS) * MOST_STARTS,
        error="",
        finished_at=None,
        figures={},
        shows=[],
    )
    transaction.on_commit(_enqueue(asked.pk), robust=True)
    return asked


def _check_reach(by: User, region: Region) -> None:
    if not by.may(Permission.VIEW_DASHBOARDS) or not by.reach(Permission.VIEW_DASHBOARDS).covers_code(region.code):
        raise PermissionDenied


def _enqueue(pk: int) -> Callable[[], Any]:
    from talentmap.dashboards.tasks import make_brief

    # One try only: where the broker is away, the sweep sends it later and nobody waits now.
    return lambda: make_brief.apply_async((pk,), retry=False)


@action
def start_brief(*, by: User, at: datetime, pk: int) -> Brief | None:
    """Take a brief in hand; None when another worker has it or it is over. Three interruptions, and it is given up.

    `attempts` only ever goes up: it tells one run of a brief from every other.
    """
    brief = Brief.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, state__in=Brief.OPEN).first()
    if brief is None:
        return None
    if brief.state == State.RUNNING and brief.attempts % MOST_STARTS == 0:
        _give_up(brief, by=by, at=at, error=_("It was interrupted three times. Ask the administrator why."))
        return None
    return _set(brief, state=State.RUNNING, started_at=at, percent=5, attempts=brief.attempts + 1)


def _in_its_run(brief: Brief) -> Brief | None:
    """The row under a lock while it is still in the run that `brief` was taken in hand for."""
    locked = Brief.objects.select_for_update(of=("self",)).get(pk=brief.pk)
    return locked if (locked.state, locked.attempts) == (State.RUNNING, brief.attempts) else None


@action
def note_progress(*, by: User, brief: Brief, percent: int) -> None:
    Brief.objects.filter(pk=brief.pk, state=State.RUNNING, attempts=brief.attempts).update(percent=percent)


@action
def keep_figures(*, by: User, brief: Brief, figures: dict[str, Any], shows: list[str]) -> Brief:
    """What was counted; the documents are written from it. Raises Overtaken."""
    if (locked := _in_its_run(brief)) is None:
        raise Overtaken
    return _set(locked, figures=figures, shows=shows, percent=40)


@action
def finish_brief(*, by: User, at: datetime, brief: Brief, docx: str, pdf: str) -> Brief:
    """Offer both files, and tell whoever waits for them. Raises Overtaken."""
    if (locked := _in_its_run(brief)) is None:
        raise Overtaken
    done = _set(locked, state=State.READY, docx=docx, pdf=pdf, percent=100, finished_at=at, error="")
    _tell(done, by=by, at=at, kind=kinds.BRIEF_READY)
    return done


@action
def fail_brief(*, by: User, at: datetime, brief: Brief) -> Brief | None:
    """Say what can be done about it; why it failed is in the log, where it tells something to somebody. None when
    another run has it in hand."""
    if (locked := _in_its_run(brief)) is None:
        return None
    if locked.is_scheduled:
        advice = _("It is tried again every day. Why it fails is in the log, for the administrator to read.")
    else:
        advice = _("Ask for it once more. If it fails again, tell the administrator, who finds the reason in the log.")
    return _give_up(locked, by=by, at=at, error=advice)


def _give_up(brief: Brief, *, by: User, at: datetime, error: str) -> Brief:
    """Without what was counted: it is of use to nobody, and would hide the failure from whoever may not read it all."""
    failed = _set(brief, state=State.FAILED, finished_at=at, error=error, figures={}, shows=[])
    _tell(failed, by=by, at=at, kind=kinds.BRIEF_FAILED)
    return failed


def _tell(brief: Brief, *, by: User, at: datetime, kind: NoticeKind) -> None:
    """Whoever waits for it: the maker, or all who read the county's figures. Of a scheduled one that fails day after
    day they hear once."""
    readers = _readers(and_administrators=kind is kinds.BRIEF_FAILED) if brief.is_scheduled else [brief.made_by]
    which = f"{brief.region.code}:{brief.month:%Y-%m}" if brief.is_scheduled else brief.pk
    notify_each(
        recipients=[each for each in readers if Brief.objects.visible_to(each).filter(pk=brief.pk).exists()],
        by=by,
        at=at,
        kind=kind,
        params={"place": brief.region.name, "month": f"{brief.month:%Y-%m}"},
        link=reverse("dashboards:brief", args=[brief.pk]),
        key=f"dashboards:{kind.code}:{which}",
    )


def _readers(*, and_administrators: bool) -> list[User]:
    """Leaders and directors, who read the county's figures by office; and who must act when there are none."""
    roles = [role for role in (Role.COUNTY_LEADER, Role.OFFICE_DIRECTOR) if Permission.VIEW_DASHBOARDS in GRANTS[role]]
    roles += [Role.ADMINISTRATOR] if and_administrators else []
    held = Membership.objects.active().filter(role__in=roles, region__level=Level.COUNTY)
    told = Q(pk__in=held.values("user")) | (Q(is_superuser=True) if and_administrators else Q())
    return list(User.objects.people().filter(told, is_active=True))


def _set(brief: Brief, **values: Any) -> Brief:
    for name, value in values.items():
        setattr(brief, name, value)
    brief.save(update_fields=list(values))
    return brief
