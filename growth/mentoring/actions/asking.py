"""Asking mentors, one after the other: only who was asked accepts, and whoever declines is followed by the next."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _

from growth.mentoring import kinds, matching
from growth.mentoring.actions.common import (
    check_place,
    demand,
    lock_application,
    lock_mentor,
    lock_pair,
    today_of,
)
from growth.mentoring.models import Mentor, MentorRequest, Pair
from growth.mentoring.tariff import in_force
from growth.mentoring.telling import tell_mentor, tell_office, tell_talent
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.casework import actions as casework
from talentmap.casework import calendar
from talentmap.casework.actions.parties import release
from talentmap.casework.models import Application
from talentmap.casework.rules import add_working_days
from talentmap.ui.errors import Refused, given

State, Origin = MentorRequest.State, MentorRequest.Origin


@action
def propose_mentor(*, by: User, at: datetime, application: Application, mentor: Mentor) -> MentorRequest:
    """The office asks a mentor for an application that waits, outside a round."""
    demand(by, application)
    return ask(by, at, lock_application(application.pk), mentor.pk, Origin.OFFICE)


@action
def propose_change(*, by: User, at: datetime, pair: Pair, mentor: Mentor) -> MentorRequest:
    """The office asks another mentor to take over from the present one, who stays until the other has accepted; refused
    unless one of the two wishes it."""
    demand(by, pair)
    locked = lock_pair(pair)
    if not locked.is_active:
        raise Refused(_("This pair has ended on %(day)s.") % {"day": locked.ended_on})
    if not locked.change_asked_at:
        raise Refused(_("Neither of the two wishes another mentor: enter first who wishes it and why."))
    if mentor.pk == locked.mentor_id:
        raise Refused(_("This is the present mentor."))
    return ask(by, at, locked.application, mentor.pk, Origin.CHANGE, replaces=locked)


def ask(
    by: User, at: datetime, application: Application, mentor_id: int, origin: str, replaces: Pair | None = None
) -> MentorRequest:
    """Put a locked application to a mentor, whose place is held from now on. Only for actions."""
    today = today_of(at)
    if replaces is None and not matching.is_waiting(application):
        raise Refused(_("Application %(number)s does not wait for a mentor.") % {"number": application})
    if MentorRequest.objects.open().filter(application=application).exists():
        raise Refused(_("Another mentor is being asked for this application."))
    mentor = lock_mentor(mentor_id)
    kind = replaces.kind if replaces else application.mentoring.kind
    check_place(mentor, kind, application.applicant.user_id, today)
    request = MentorRequest.objects.create(
        application=application,
        mentor=mentor,
        origin=origin,
        replaces=replaces,
        asked_at=at,
        asked_by=by,
        due_on=_answer_by(application, today),
    )
    _tell(by, at, request)
    if replaces is None:
        casework.ask(by=by, at=at, application=application, stage=matching.MENTOR_STAGE, person=mentor.user)
    return request


def _answer_by(application: Application, today: date) -> date:
    """What was fixed when the application was accepted; a rule that changes later moves no answer of its."""
    days = application.stage_days.get(matching.MENTOR_STAGE) or int(in_force(today)["answer.working_days"])
    return add_working_days(today, days, calendar.current())


def _tell(by: User, at: datetime, request: MentorRequest) -> None:
    """Who is asked hears it from casework; for a change of mentor from us. The talent reads it where to say no."""
    application = request.application
    talents_link = reverse("casework:application", args=[application.pk])
    if request.replaces_id:
        link = reverse("mentoring:request", args=[request.pk])
        tell_mentor(
            by, at, request.mentor, kinds.CHANGE_ASKED, f"change_asked:{request.pk}", link=link, date=request.due_on
        )
        talents_link = reverse("mentoring:pair", args=[request.replaces_id])
    words = {"number": application.number, "date": request.due_on}
    tell_talent(by, at, application.applicant, kinds.NEXT_ASKED, f"asked:{request.pk}", link=talents_link, **words)


def ask_next(by: User, at: datetime, application: Application) -> MentorRequest | None:
    """Ask the first wish that nobody has said no to and that has a free place; where none is left the application waits
    for the office, which is told. Only for actions, over a locked application that waits."""
    detail = matching.details().get(pk=application.pk)
    said_no = matching.said_no([application.pk]).get(application.pk, set())
    for mentor in detail.wishes:
        if mentor.pk in said_no:
            continue
        try:
            return ask(by, at, application, mentor.pk, Origin.WISH)
        except Refused:
            continue  # paused or full by now: the next
    _tell_nobody_left(by, at, application)
    return None


def _tell_nobody_left(by: User, at: datetime, application: Application) -> None:
    key = f"{application.pk}:{application.version}"
    link = reverse("mentoring:waiting_one", args=[application.pk])
    tell_office(by, at, kinds.WAITS, f"mentoring:waits:{key}", link=link, number=application.number)
    link = reverse("casework:application", args=[application.pk])
    tell_talent(by, at, application.applicant, kinds.NOBODY_LEFT, f"nobody:{key}", link=link, number=application.number)


@action
def accept_request(*, by: User, at: datetime, asked: MentorRequest) -> MentorRequest:
    """The mentor who was asked accepts, in time: the application is approved and the pair begins."""
    from growth.mentoring.actions.pairing import take_over

    application = lock_application(asked.application_id)
    row = _answerable(by, at, asked)
    if row.replaces:
        take_over(by, at, row)
    else:
        casework.approve(by=by, at=at, application=application)
    return MentorRequest.objects.select_related("pair").get(pk=row.pk)


@action
def decline_request(*, by: User, at: datetime, asked: MentorRequest, reason: str) -> MentorRequest:
    """The mentor who was asked declines, saying why; the next is asked."""
    application = lock_application(asked.application_id)
    row = _answerable(by, at, asked, in_time=False)
    _answer(by, at, row, State.DECLINED, given(reason))
    go_on(by, at, application, row)
    return row


@action
def lapse_request(*, by: User, at: datetime, asked: MentorRequest) -> bool:
    """End a request that was not answered in time, and ask the next; False when it was answered meanwhile."""
    application = lock_application(asked.application_id)
    row = lock_request(asked.pk)
    if row.state != State.OPEN or row.due_on >= today_of(at):
        return False
    _answer(by, at, row, State.LAPSED)
    go_on(by, at, application, row)
    return True


def go_on(by: User, at: datetime, application: Application, row: MentorRequest) -> None:
    """What follows when a mentor said no: the next wish; for a change of mentor the office looks for another."""
    if row.replaces:
        link = reverse("mentoring:change", args=[row.replaces_id])
        tell_office(by, at, kinds.CHANGE_WISHED, f"mentoring:change_again:{row.pk}", link=link)
        return
    if matching.is_waiting(application):
        _set_free(application, at)
        ask_next(by, at, application)


def _set_free(application: Application, at: datetime) -> None:
    """Nobody outside the office sees the application until the next is asked."""
    release(application, at)
    application.version += 1
    application.save(update_fields=["version"])


def withdraw_open(by: User, at: datetime, application: Application, reason: str = "") -> None:
    """Take back what is open because the application is no longer what was asked about. Only for actions."""
    for row in MentorRequest.objects.open().filter(application=application).order_by("pk"):
        lock_mentor(row.mentor_id)
        _take_back(by, at, lock_request(row.pk), reason)


@action
def withdraw_request(*, by: User, at: datetime, asked: MentorRequest, reason: str) -> MentorRequest:
    """The office takes a request back, such as one that was put to the wrong mentor; then it proposes another."""
    application = lock_application(asked.application_id)
    demand(by, application)
    row = lock_request(asked.pk)
    if row.state != State.OPEN:
        raise Refused(_("This request is “%(state)s”.") % {"state": row.get_state_display()})
    _take_back(by, at, row, given(reason))
    if matching.is_waiting(application) and not row.replaces_id:
        _set_free(application, at)
    return row


def lock_request(pk: int) -> MentorRequest:
    rows = MentorRequest.objects.select_for_update(of=("self",)).select_related(
        "mentor__user", "application__applicant__user", "replaces"
    )
    return rows.get(pk=pk)


def _answerable(by: User, at: datetime, asked: MentorRequest, *, in_time: bool = True) -> MentorRequest:
    lock_mentor(asked.mentor_id)
    row = lock_request(asked.pk)
    if row.mentor.user_id != by.pk or not by.may(Permission.MENTOR):
        raise PermissionDenied
    if row.state != State.OPEN:
        raise Refused(_("This request is “%(state)s”.") % {"state": row.get_state_display()})
    if in_time and row.due_on < today_of(at):
        raise Refused(_("This request was to be answered by %(day)s.") % {"day": row.due_on})
    return row


def _answer(by: User, at: datetime, row: MentorRequest, state: str, reason: str = "") -> None:
    row.state, row.answered_at, row.answered_by, row.reason = state, at, by, reason
    row.save(update_fields=["state", "answered_at", "answered_by", "reason"])


def _take_back(by: User, at: datetime, row: MentorRequest, reason: str) -> None:
    """Whoever was asked hears that no answer is wanted any more."""
    _answer(by, at, row, State.WITHDRAWN, reason)
    link = reverse("mentoring:request", args=[row.pk])
    tell_mentor(by, at, row.mentor, kinds.TAKEN_BACK, f"taken_back:{row.pk}", link=link)


def mark_accepted(by: User, at: datetime, row: MentorRequest) -> None:
    """Only for `pairing`, which makes the pair in the same transaction."""
    _answer(by, at, row, State.ACCEPTED)
