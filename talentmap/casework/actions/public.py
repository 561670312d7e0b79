"""The public notice: its end, what people say against an application, and the office's answer."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.casework import calendar, clock, kinds
from talentmap.casework.actions.moving import locked, move
from talentmap.casework.duties import holders
from talentmap.casework.models import Application, Objection
from talentmap.casework.states import Action, State
from talentmap.casework.telling import tell_staff
from talentmap.ui.errors import Refused


@action
def end_notice(*, by: User, at: datetime, application: Application) -> Application:
    """End a notice whose last day is over; the promised time runs on from that day, however late the sweep comes."""
    application = locked(application)
    until = application.notice_until
    if application.state == State.ON_NOTICE and until and timezone.localdate(at) <= until:
        raise Refused(_("The public notice runs until %(date)s.") % {"date": until})
    columns = clock.running(application, until, calendar.current()) if until else {}
    return move(application, Action.END_NOTICE, State.AWAITING_DECISION, by=by, at=at, **columns)


@action
def object_to(
    *, by: User | None, at: datetime, application: Application, text: str, name: str = "", contact: str = ""
) -> Objection:
    """Object to an application on public notice; anybody may, named or not. It blocks the approval until answered."""
    application = locked(application)
    today = timezone.localdate(at)
    on_notice = application.state == State.ON_NOTICE and application.notice_from and application.notice_until
    if not on_notice or not application.notice_from <= today <= application.notice_until:  # type: ignore[operator]
        raise Refused(_("This application is not on public notice."))
    if not text.strip():
        raise Refused(_("Say what you object to."))
    objection = Objection.objects.create(
        application=application, text=text.strip(), name=name.strip(), contact=contact.strip(), made_at=at
    )
    recipients = holders(Permission.ANSWER_OBJECTION, application)
    tell_staff(recipients, application, kinds.OBJECTION, by=by, at=at, about=objection.pk)
    return objection


@action
def answer_objection(*, by: User, at: datetime, objection: Objection, upheld: bool, answer: str) -> Objection:
    """Uphold or dismiss an objection, with the reasons; an upheld one leaves only the rejection."""
    application = locked(objection.application)
    if not by.may(Permission.ANSWER_OBJECTION, application) or application.applicant.user_id == by.pk:
        raise PermissionDenied
    objection = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if objection.state != Objection.State.OPEN:
        raise Refused(_("This objection was answered by %(name)s already.") % {"name": objection.answered_by})
    if not answer.strip():
        raise Refused(_("Write the answer and its reasons."))
    objection.state = Objection.State.UPHELD if upheld else Objection.State.DISMISSED
    objection.answer, objection.answered_by, objection.answered_at = answer.strip(), by, at
    objection.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    return objection
