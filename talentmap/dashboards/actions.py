"""Asking for a brief, and what the worker writes down about it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
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


@action
def ask_brief(*, by: User, at: datetime, region: Region, month: date, is_scheduled: bool = False) -> Brief:
    """Have a month's brief made in the background, of the county or of one township.

    Raises PermissionDenied outside the reach; Refused while two are being made, or for a month that is not over.
    """
    if not by.may(Permission.VIEW_DASHBOARDS) or not by.reach(Permission.VIEW_DASHBOARDS).covers_code(region.code):
        raise PermissionDenied
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


def _enqueue(pk: int) -> Callable[[], Any]:
    from talentmap.dashboards.tasks import make_brief

    # One try only: where the broker is away, the sweep sends it later and nobody waits now.
    return lambda: make_brief.apply_async((pk,), retry=False)


@action
def start_brief(*, by: User, at: datetime, pk: int) -> Brief | None:
    """Take a brief in hand; None when another worker has it or it is over. Three interruptions, and it is given up."""
    brief = Brief.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, state__in=Brief.OPEN).first()
    if brief is None:
        return None
    if brief.attempts >= MOST_STARTS:
        _give_up(brief, by=by, at=at, error=_("It was interrupted three times. Ask the administrator why."))
        return None
    return _set(brief, state=State.RUNNING, started_at=at, percent=5, attempts=brief.attempts + 1)


@action
def note_progress(*, by: User, brief: Brief, percent: int) -> None:
    Brief.objects.filter(pk=brief.pk, state=State.RUNNING).update(percent=percent)


@action
def keep_figures(*, by: User, brief: Brief, figures: dict[str, Any], shows: list[str]) -> Brief:
    """What was counted; the documents are written from it."""
    return _set(brief, figures=figures, shows=shows, percent=40)


@action
def finish_brief(*, by: User, at: datetime, brief: Brief, docx: str, pdf: str) -> Brief:
    """Offer both files, and tell whoever waits for them."""
    locked = Brief.objects.select_for_update(of=("self",)).get(pk=brief.pk)
    done = _set(locked, state=State.READY, docx=docx, pdf=pdf, percent=100, finished_at=at, error="")
    _tell(done, by=by, at=at, kind=kinds.BRIEF_READY)
    return done


@action
def fail_brief(*, by: User, at: datetime, brief: Brief) -> Brief:
    """Say what can be done about it; why it failed is in the log, where it tells something to somebody."""
    locked = Brief.objects.select_for_update(of=("self",)).get(pk=brief.pk)
    if not locked.is_open:
        return locked
    advice = _("Ask for it once more. If it fails again, tell the administrator, who finds the reason in the log.")
    return _give_up(locked, by=by, at=at, error=advice)


def _give_up(brief: Brief, *, by: User, at: datetime, error: str) -> Brief:
    failed = _set(brief, state=State.FAILED, finished_at=at, error=error)
    _tell(failed, by=by, at=at, kind=kinds.BRIEF_FAILED)
    return failed


def _tell(brief: Brief, *, by: User, at: datetime, kind: NoticeKind) -> None:
    """Whoever waits for it: the maker, or all who read the county's figures."""
    readers = _readers() if brief.is_scheduled else [brief.made_by]
    notify_each(
        recipients=[each for each in readers if Brief.objects.visible_to(each).filter(pk=brief.pk).exists()],
        by=by,
        at=at,
        kind=kind,
        params={"place": brief.region.name, "month": f"{brief.month:%Y-%m}"},
        link=reverse("dashboards:brief", args=[brief.pk]),
        key=f"dashboards:{kind.code}:{brief.pk}",
    )


def _readers() -> list[User]:
    """Leaders and directors: who reads the county's figures by office."""
    roles = [role for role in (Role.COUNTY_LEADER, Role.OFFICE_DIRECTOR) if Permission.VIEW_DASHBOARDS in GRANTS[role]]
    held = Membership.objects.active().filter(role__in=roles, region__level=Level.COUNTY)
    return list(User.objects.people().filter(is_active=True, pk__in=held.values("user")))


def _set(brief: Brief, **values: Any) -> Brief:
    for name, value in values.items():
        setattr(brief, name, value)
    brief.save(update_fields=list(values))
    return brief
