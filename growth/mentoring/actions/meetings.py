"""Meetings: planned, held, written down by one and confirmed by the other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from growth.mentoring import kinds
from growth.mentoring.actions.common import (
    check_version,
    lock_own,
    lock_pair,
    lock_running,
    lock_without_account,
    today_of,
)
from growth.mentoring.actions.plan import keep_file
from growth.mentoring.models import Meeting, Pair
from growth.mentoring.telling import tell_of_paper, tell_pair
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.ui.errors import Refused, given

State = Meeting.State
WHEN = ("starts_at", "minutes", "format", "place", "topic")
LOG = (*WHEN, "content", "next_steps")


@action
def plan_meeting(
    *,
    by: User,
    at: datetime,
    pair: Pair,
    values: Mapping[str, Any],
    meeting: Meeting | None = None,
    version: int | None = None,
) -> Meeting:
    """Plan a meeting ahead, or move one that is planned; the other is told. `values` are those of WHEN."""
    locked, _side = lock_running(by, pair)
    check_ahead(locked, values["starts_at"], at)
    row = _again(meeting, State.PLANNED, version) if meeting else Meeting(pair=locked, version=0)
    _fill(row, values, WHEN)
    row.planned_by, row.planned_at, row.version = by, at, row.version + 1
    row.save()
    tell_pair(by, at, locked, kinds.PLANNED, f"planned:{row.pk}:{row.version}", date=_day(row))
    return row


def check_ahead(pair: Pair, starts_at: datetime, at: datetime) -> None:
    """Refuse a time for which no meeting is planned; the form asks too, to say it at the field."""
    if starts_at <= at:
        raise Refused(_("This time is over: write the meeting down instead."))
    if pair.term_ends_on and timezone.localdate(starts_at) > pair.term_ends_on:
        raise Refused(_("The agreement ends on %(day)s: renew it first.") % {"day": pair.term_ends_on})


@action
def cancel_meeting(*, by: User, at: datetime, meeting: Meeting, reason: str) -> Meeting:
    """Cancel a planned meeting; after the end of the pair, one that was not held before it."""
    locked, _side = lock_own(by, meeting.pair)
    row = _again(meeting, State.PLANNED)
    row.state, row.cancel_reason = State.CANCELLED, given(reason)
    row.save(update_fields=["state", "cancel_reason"])
    tell_pair(by, at, locked, kinds.CANCELLED, f"cancelled:{row.pk}", date=_day(row))
    return row


@action
def log_meeting(
    *,
    by: User,
    at: datetime,
    pair: Pair,
    values: Mapping[str, Any],
    meeting: Meeting | None = None,
    version: int | None = None,
) -> Meeting:
    """Write a held meeting down: one that was planned, one that was not, or one's own words again before the other has
    confirmed them. `values` are those of LOG. Also after the end of the pair, for what was held until then."""
    locked, _side = lock_own(by, pair)
    check_held(locked, values["starts_at"], at)
    row = _to_be_logged(by, meeting, version) if meeting else Meeting(pair=locked, version=0)
    _fill(row, values, LOG)
    row.state, row.logged_by, row.logged_at, row.objection = State.LOGGED, by, at, ""
    row.version += 1
    row.save()
    tell_pair(by, at, locked, kinds.TO_CONFIRM, f"to_confirm:{row.pk}:{row.version}", date=_day(row))
    tell_of_paper(by, at, locked, f"meeting:{row.pk}:{row.version}")
    return row


def check_held(pair: Pair, starts_at: datetime, at: datetime) -> None:
    """Refuse a time at which no meeting was held; the form asks too, to say it at the field."""
    day = timezone.localdate(starts_at)
    if day < pair.started_on or starts_at > at:
        raise Refused(_("A meeting that was held lies between %(first)s and now.") % {"first": pair.started_on})
    if pair.ended_on is not None and day > pair.ended_on:
        raise Refused(
            _("The pair ended on %(day)s: only meetings held by then are written down.") % {"day": pair.ended_on}
        )


def _to_be_logged(by: User, meeting: Meeting, version: int | None) -> Meeting:
    row = _again(meeting, (State.PLANNED, State.LOGGED), version)
    if row.state == State.LOGGED and row.logged_by_id != by.pk:
        raise Refused(_("The other side wrote this: say what is not right, and they correct it."))
    return row


@action
def confirm_meeting(*, by: User, at: datetime, meeting: Meeting, version: int) -> Meeting:
    """Confirm what the other side wrote down, as it was shown; from then on nobody changes it. Also after the end of
    the pair."""
    _check_other(by, meeting)
    row = _again(meeting, (State.LOGGED, State.CONFIRMED))
    if row.state == State.CONFIRMED:
        return row
    check_version(row, version)
    row.state, row.confirmed_by, row.confirmed_at = State.CONFIRMED, by, at
    row.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    return row


@action
def confirm_meeting_on_paper(
    *, by: User, at: datetime, meeting: Meeting, version: int, upload: UploadedFile
) -> Meeting:
    """The office enters that a talent without an account has signed what the mentor wrote down, with the paper. Also
    after the end of the pair."""
    locked = lock_without_account(by, meeting.pair)
    row = _again(meeting, State.LOGGED, version)
    row.paper = keep_file(by, at, locked, upload, meeting=row)
    row.state, row.confirmed_by, row.confirmed_at = State.CONFIRMED, by, at
    row.save(update_fields=["state", "confirmed_by", "confirmed_at", "paper"])
    return row


@action
def object_to_meeting(*, by: User, at: datetime, meeting: Meeting, objection: str) -> Meeting:
    """Say what is not right in what the other side wrote down; they correct it and ask again."""
    pair = _check_other(by, meeting)
    row = _again(meeting, State.LOGGED)
    row.objection = given(objection)
    row.save(update_fields=["objection"])
    tell_pair(by, at, pair, kinds.OBJECTED, f"objected:{row.pk}:{row.version}:{at.timestamp():.0f}", date=_day(row))
    return row


def _check_other(by: User, meeting: Meeting) -> Pair:
    """The other side of who wrote it down."""
    pair = lock_pair(meeting.pair)
    if not pair.side_of(by) or Meeting.objects.filter(pk=meeting.pk, logged_by=by).exists():
        raise PermissionDenied
    return pair


@action
def remind_of_meeting(*, by: User, at: datetime, meeting: Meeting) -> bool:
    """Tell both of a meeting that is near, once for each time it is planned for."""
    row = Meeting.objects.select_related("pair__talent__user", "pair__mentor__user").get(pk=meeting.pk)
    if row.state != State.PLANNED or row.starts_at <= at:
        return False
    tell_pair(by, at, row.pair, kinds.REMINDER, f"reminder:{row.pk}:{row.starts_at.timestamp():.0f}", date=_day(row))
    return True


def _again(meeting: Meeting, states: str | tuple[str, ...], version: int | None = None) -> Meeting:
    row = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if row.state not in ((states,) if isinstance(states, str) else states):
        raise Refused(_("This meeting is “%(state)s”.") % {"state": row.get_state_display()})
    check_version(row, version)
    return row


def _fill(row: Meeting, values: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        setattr(row, name, values[name])


def _day(row: Meeting) -> Any:
    return today_of(row.starts_at)
