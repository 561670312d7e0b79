"""What staff decide: accept or not, return, pass a stage, approve or reject, revoke, close."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.casework import calendar, clock, kinds, rules
from talentmap.casework.actions.moving import check, given, locked, move
from talentmap.casework.actions.parties import enter_stage
from talentmap.casework.models import Application, Objection, ReturnItem
from talentmap.casework.states import Action, State
from talentmap.casework.telling import tell_applicant
from talentmap.ui.errors import Refused


@dataclass(frozen=True)
class Item:
    """One thing to correct: a form field's name or a document's code ("" opens the whole form), and what is missing."""

    field_or_document: str
    note: str


@action
def accept(
    *, by: User, at: datetime, application: Application, expected_version: int | None = None, reason: str = ""
) -> Application:
    """Accept for review. The rules now in force are fixed on the case, and the promised date with them."""
    application = locked(application, expected_version)
    check(by, application, Action.ACCEPT)
    service, today, days = application.service, timezone.localdate(at), calendar.current()
    promise, first = clock.promise(service, today, days), service.stages[0]
    columns = promise | clock.at_stage(first.code, first.working_days, today, days)
    move(
        application, Action.ACCEPT, State.IN_REVIEW, by=by, at=at, reason=reason, handler=by, accepted_at=at, **columns
    )
    enter_stage(by, at, application)
    tell_applicant(application, kinds.ACCEPTED, by=by, at=at, date=application.decide_due_on)
    return application


@action
def refuse(
    *, by: User, at: datetime, application: Application, reason: str, expected_version: int | None = None
) -> Application:
    """Do not accept (不予受理), saying why; until it was accepted, also while the applicant has not corrected it."""
    application = locked(application, expected_version)
    return _end(Action.REFUSE, State.REFUSED, kinds.REFUSED, by, at, application, reason)


@action
def reject(
    *, by: User, at: datetime, application: Application, reason: str, expected_version: int | None = None
) -> Application:
    """Decide against it (不予批准), saying why; also while the applicant has not corrected it."""
    application = locked(application, expected_version)
    return _end(Action.REJECT, State.REJECTED, kinds.REJECTED, by, at, application, reason)


def _end(
    action: Action, target: State, kind: Any, by: User, at: datetime, application: Application, reason: str
) -> Application:
    check(by, application, action, target)
    reason = given(reason, action)
    running = clock.running(application, _waited_until(application, at), calendar.current())
    decided: dict[str, Any] = {"decided_at": at, "decision_reason": reason, **clock.ENDED, **running}
    move(application, action, target, by=by, at=at, reason=reason, public_note=reason, **decided)
    application.service.on_rejected(by=by, at=at, application=application)
    tell_applicant(application, kind, by=by, at=at)
    return application


def _waited_until(application: Application, at: datetime) -> date:
    """The last day on which the promised time stood still: today, or the last of a public notice that is over."""
    today, until = timezone.localdate(at), application.notice_until
    return min(today, until) if application.state == State.ON_NOTICE and until else today


@action
def return_for_correction(
    *,
    by: User,
    at: datetime,
    application: Application,
    items: Sequence[Item],
    reason: str = "",
    expected_version: int | None = None,
) -> Application:
    """Tell the applicant everything that is missing at once, item by item; the promised time waits for them."""
    application = locked(application, expected_version)
    check(by, application, Action.RETURN)
    _check_items(application, items)
    columns = clock.stopped(application, at, calendar.current())
    handler = application.handler or by
    move(application, Action.RETURN, State.RETURNED, by=by, at=at, reason=reason, handler=handler, **columns)
    ReturnItem.objects.bulk_create(
        ReturnItem(
            application=application,
            round=application.round,
            field_or_document=item.field_or_document,
            note=item.note.strip(),
        )
        for item in items
    )
    application.service.on_returned(by=by, at=at, application=application)
    tell_applicant(application, kinds.RETURNED, by=by, at=at, count=len(items))
    return application


def _check_items(application: Application, items: Sequence[Item]) -> None:
    service = application.service
    known = {"", *service.field_labels, *service.document_labels}
    codes = [item.field_or_document for item in items if item.field_or_document]
    if not items or any(not item.note.strip() for item in items):
        raise Refused(_("Say what is missing, item by item."))
    if len(codes) != len(set(codes)):
        raise Refused(_("Each field or document is named once in a return."))
    if set(codes) - known:
        raise Refused(_("This service has no such field or document."))


@action
def pass_stage(
    *, by: User, at: datetime, application: Application, reason: str = "", expected_version: int | None = None
) -> Application:
    """Pass the review stage it is in: on to the next, to the public notice, or to the decision."""
    application = locked(application, expected_version)
    check(by, application, Action.PASS_STAGE)
    following = application.service.stage_after(application)
    today, days = timezone.localdate(at), calendar.current()
    if following is not None:
        allotted = application.stage_days.get(following.code, following.working_days)
        columns = clock.at_stage(following.code, allotted, today, days)
        _pass(State.IN_REVIEW, by, at, application, reason, columns)
        enter_stage(by, at, application)
        return application
    if application.service.public_notice:
        return _start_notice(by, at, application, reason)
    return _pass(State.AWAITING_DECISION, by, at, application, reason, {"stage_due_on": None})


def _pass(
    target: State, by: User, at: datetime, application: Application, reason: str, columns: dict[str, Any]
) -> Application:
    """The next stage is somebody else's: nobody handles it until they take it."""
    return move(application, Action.PASS_STAGE, target, by=by, at=at, reason=reason, handler=None, **columns)


def _start_notice(by: User, at: datetime, application: Application, reason: str) -> Application:
    """Publish for the days fixed at acceptance; the promised time and what is published stand still meanwhile."""
    today, days = timezone.localdate(at), calendar.current()
    columns = clock.stopped(application, at, days) | {
        "notice_from": today,
        "notice_until": rules.add_working_days(today, application.notice_days or 0, days),
        "notice_lines": application.service.published_lines(application),
        "stage_due_on": None,
        "stage_remaining_days": None,
    }
    _pass(State.ON_NOTICE, by, at, application, reason, columns)
    tell_applicant(application, kinds.ON_NOTICE, by=by, at=at, date=application.notice_until)
    return application


@action
def approve(
    *, by: User, at: datetime, application: Application, reason: str = "", expected_version: int | None = None
) -> Application:
    """Approve, and let the service take effect in the same transaction: when the money does not suffice, the
    service refuses with the precise reason and nothing at all has changed.

    `reason` is a note for the office's history only; `decision_reason` is what the applicant reads.
    """
    application = locked(application, expected_version)
    check(by, application, Action.APPROVE)
    _check_objections(application)
    assessment = application.service.check_approval(application, at)
    decided: dict[str, Any] = {
        "decided_at": at,
        "decision_amount": _in_cents(assessment.offer.amount),
        **clock.ENDED,
    }
    move(application, Action.APPROVE, State.APPROVED, by=by, at=at, reason=reason, **decided)
    application.service.on_approved(by=by, at=at, application=application, assessment=assessment)
    tell_applicant(application, kinds.APPROVED, by=by, at=at)
    return application


def _in_cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.01"))


def _check_objections(application: Application) -> None:
    states = list(Objection.objects.filter(application=application).values_list("state", flat=True))
    unanswered = states.count(Objection.State.OPEN)
    if unanswered:
        raise Refused(
            ngettext(
                "%(count)s objection is not answered yet.", "%(count)s objections are not answered yet.", unanswered
            )
            % {"count": unanswered}
        )
    if Objection.State.UPHELD in states:
        raise Refused(_("An objection was upheld: the application can only be rejected."))


@action
def revoke(*, by: User, at: datetime, application: Application, reason: str) -> Application:
    """Take an approval back; the service ends what it gave and claims back what was paid."""
    application = locked(application)
    check(by, application, Action.REVOKE)
    reason = given(reason, Action.REVOKE)
    move(
        application,
        Action.REVOKE,
        State.REVOKED,
        by=by,
        at=at,
        reason=reason,
        public_note=reason,
        decision_reason=reason,
    )
    application.service.on_revoked(by=by, at=at, application=application)
    tell_applicant(application, kinds.REVOKED, by=by, at=at)
    return application


@action
def close(*, by: User, at: datetime, application: Application, reason: str = "") -> Application:
    """Complete (办结): what was approved has taken its full effect. The service's hook may refuse."""
    application = locked(application)
    move(application, Action.CLOSE, State.CLOSED, by=by, at=at, reason=reason, closed_at=at)
    application.service.on_closed(by=by, at=at, application=application)
    tell_applicant(application, kinds.CLOSED, by=by, at=at)
    return application


@action
def reopen(*, by: User, at: datetime, application: Application, reason: str) -> Application:
    """Take a completion back: what was approved has not taken its full effect after all. Only a service does it."""
    application = locked(application)
    reason = given(reason, Action.REOPEN)
    return move(application, Action.REOPEN, State.APPROVED, by=by, at=at, reason=reason, closed_at=None)
