"""The pair: how it begins, changes its mentor and ends."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from growth.mentoring import kinds
from growth.mentoring.actions.asking import lock_request, mark_accepted, withdraw_open
from growth.mentoring.actions.common import (
    lock_mentor,
    lock_pair,
    lock_running,
    may_keep,
    side_of,
    today_of,
)
from growth.mentoring.choices import Side
from growth.mentoring.models import Meeting, MentorRequest, Pair
from growth.mentoring.telling import tell_office, tell_pair
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.casework.states import State as CaseState
from talentmap.ui.errors import Refused, given

State, EndReason = Pair.State, Pair.EndReason
__all__ = [
    "ask_for_change",
    "complete",
    "end_pair",
    "end_revoked",
    "finish",
    "pair_up",
    "refuse_change",
    "take_over",
]
WISH = ("change_asked_at", "change_asked_by", "change_side", "change_reason")
ANSWER = ("change_answer", "change_answered_at", "change_answered_by")
# What the two, or the office, may state as the reason of an early end.
EARLY = (EndReason.TALENT, EndReason.MENTOR, EndReason.REACHED, EndReason.MOVED, EndReason.OTHER)


@action
def pair_up(*, by: User, at: datetime, application: Application) -> Pair:
    """What the approval gives: the pair of the applicant and the mentor who has just accepted.

    Refused where `by` is not the one who was asked, and where the talent has a mentor of the kind already.
    """
    found = MentorRequest.objects.open().filter(application=application, mentor__user=by).first()
    if found is None:
        raise Refused(_("Only the mentor who was asked can accept."))
    lock_mentor(found.mentor_id)
    row = lock_request(found.pk)
    if row.state != MentorRequest.State.OPEN:
        raise Refused(_("This request is “%(state)s”.") % {"state": row.get_state_display()})
    return _make(by, at, row, application.mentoring.kind)


def take_over(by: User, at: datetime, row: MentorRequest) -> Pair:
    """A locked request for a change is accepted: the old pair ends with the day on which the new one begins. Only for
    actions."""
    if row.replaces is None:
        raise ValueError("this request replaces nobody")
    old = lock_pair(row.replaces)
    if not old.is_active:
        raise Refused(_("This pair has ended on %(day)s.") % {"day": old.ended_on})
    finish(by, at, old, State.ENDED, EndReason.CHANGE, old.change_reason)
    return _make(by, at, row, old.kind)


def _make(by: User, at: datetime, row: MentorRequest, kind: str) -> Pair:
    mark_accepted(by, at, row)
    try:
        with transaction.atomic():
            pair = Pair.objects.create(
                application=row.application,
                request=row,
                talent=row.application.applicant,
                mentor=row.mentor,
                kind=kind,
                started_on=today_of(at),
            )
    except IntegrityError as error:
        raise Refused(_("This talent already has a mentor of this kind.")) from error
    tell_pair(by, at, pair, kinds.PAIRED, f"paired:{pair.pk}")
    return pair


@action
def end_pair(*, by: User, at: datetime, pair: Pair, reason: str, note: str) -> Pair:
    """End a running pair early, with the reason; the two or the office. The mentor's place is free from then on."""
    locked, side = lock_running(by, pair, Side.TALENT, Side.MENTOR, Side.OFFICE)
    if reason not in EARLY:
        raise Refused(_("Choose why the pair ends."))
    if (side, reason) in ((Side.TALENT, EndReason.MENTOR), (Side.MENTOR, EndReason.TALENT)):
        raise Refused(_("Nobody speaks for the other side: choose a reason of your own."))
    finish(by, at, locked, State.ENDED, reason, given(note))
    withdraw_open(by, at, locked.application, _("The pair has ended."))
    close_case(at, locked)
    link = reverse("mentoring:pair", args=[locked.pk])
    tell_office(by, at, kinds.ENDED, f"mentoring:ended:{locked.pk}", link=link)
    return locked


def finish(by: User, at: datetime, pair: Pair, state: str, reason: str, note: str = "") -> None:
    """End a locked pair, and what was planned for later. Only for actions."""
    lock_mentor(pair.mentor_id)
    pair.state, pair.ended_on, pair.ended_by = state, max(today_of(at), pair.started_on), by
    pair.end_reason, pair.end_note = reason, note
    pair.save(update_fields=["state", "ended_on", "ended_by", "end_reason", "end_note"])
    planned = Meeting.objects.filter(pair=pair, state=Meeting.State.PLANNED, starts_at__gt=at)
    planned.update(state=Meeting.State.CANCELLED, cancel_reason=_("The pair has ended."))
    tell_pair(by, at, pair, kinds.ENDED, f"ended:{pair.pk}")


def complete(by: User, at: datetime, pair: Pair) -> None:
    """End a locked pair whose last term is over and assessed. Only for actions."""
    finish(by, at, pair, State.COMPLETED, EndReason.COMPLETED)
    withdraw_open(by, at, pair.application, _("The pair has ended."))
    close_case(at, pair)


def close_case(at: datetime, pair: Pair) -> None:
    """Complete the application whose last pair has ended: its effect is over, and the talent is asked to rate it. The
    system does it, since neither of the two decides on applications."""
    running = Pair.objects.active().filter(application=pair.application_id).exists()
    if not running and pair.application.state == CaseState.APPROVED:
        casework.close(by=User.objects.system(), at=at, application=pair.application)


@action
def end_revoked(*, by: User, at: datetime, application: Application, reason: str) -> None:
    """The office takes an approval back: the pair that came of it ends."""
    withdraw_open(by, at, application, reason[:300])
    for pair in Pair.objects.active().filter(application=application).order_by("pk"):
        finish(by, at, lock_pair(pair), State.ENDED, EndReason.OTHER, reason[:300])


@action
def ask_for_change(*, by: User, at: datetime, pair: Pair, reason: str, whose: str = "") -> Pair:
    """One of the two wishes another mentor, or the office enters that one of them (`whose`) has said so; the present
    mentor stays until another has accepted. Who did not say it is told."""
    locked, side = lock_running(by, pair, Side.TALENT, Side.MENTOR, Side.OFFICE)
    if locked.change_asked_at:
        raise Refused(_("Another mentor is being looked for already."))
    wished_by = whose if side == Side.OFFICE else side
    if wished_by not in (Side.TALENT, Side.MENTOR):
        raise Refused(_("Say whose wish it is."))
    locked.change_asked_at, locked.change_asked_by, locked.change_side = at, by, wished_by
    locked.change_reason = given(reason)
    locked.change_answer, locked.change_answered_at, locked.change_answered_by = "", None, None
    locked.save(update_fields=[*WISH, *ANSWER])
    key = f"{locked.pk}:{at.timestamp():.0f}"
    link = reverse("mentoring:change", args=[locked.pk])
    tell_office(by, at, kinds.CHANGE_WISHED, f"mentoring:change:{key}", link=link)
    tell_pair(by, at, locked, kinds.CHANGE_ENTERED, f"change_entered:{key}")
    return locked


@action
def refuse_change(*, by: User, at: datetime, pair: Pair, reason: str) -> Pair:
    """The pair stays as it is: whoever wished it has thought again, the talent wants to keep the mentor, or the office
    says why there is no other. The answer stays with the pair until there is another wish."""
    locked = lock_pair(pair)
    if not may_keep(side_of(by, locked), locked):
        raise PermissionDenied
    if not locked.change_asked_at:
        raise Refused(_("Nobody wishes another mentor here."))
    key = f"change_refused:{locked.pk}:{locked.change_asked_at.timestamp():.0f}"
    locked.change_answer, locked.change_answered_at, locked.change_answered_by = given(reason), at, by
    withdraw_open(by, at, locked.application, locked.change_answer)
    locked.change_asked_at = locked.change_asked_by = None
    locked.change_side = locked.change_reason = ""
    locked.save(update_fields=[*WISH, *ANSWER])
    tell_pair(by, at, locked, kinds.CHANGE_REFUSED, key)
    return locked
