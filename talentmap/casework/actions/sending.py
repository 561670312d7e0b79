"""Sending an application, sending it again after correction, and withdrawing it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.casework import calendar, clock, kinds, policy, rules, snapshots
from talentmap.casework.actions.drafts import open_items
from talentmap.casework.actions.moving import check, check_owner, locked, move
from talentmap.casework.models import Application, Document, NumberSeries, Transition
from talentmap.casework.rules import Assessment
from talentmap.casework.scheme import Gap, refuse_unmet
from talentmap.casework.states import Action, State
from talentmap.casework.telling import tell_applicant, tell_staff
from talentmap.people.choices import Purpose
from talentmap.people.models import Consent
from talentmap.ui.errors import Refused


@action
def submit(*, by: User, at: datetime, application: Application) -> Application:
    """Send the application, or send it again after correction. A second click finds it sent and changes nothing.

    Raises Refused with everything that is missing, all at once.
    """
    application = locked(application)
    check_owner(by, application)
    if application.state == State.RETURNED:
        return _send_again(by, at, application)
    if application.state != State.DRAFT and application.submitted_at:
        return application
    check(by, application, Action.SUBMIT)
    return _send(by, at, application)


def _send(by: User, at: datetime, application: Application) -> Application:
    _check_consents(application)
    today = timezone.localdate(at)
    application.requested_reference_date = application.service.reference_date(
        application.applicant, application=application, at=at
    )
    documents = _check_ready(application, at)
    move(
        application,
        Action.SUBMIT,
        State.SUBMITTED,
        by=by,
        at=at,
        round=1,
        number=take_number(application.service.prefix, today.year),
        submitted_at=at,
        requested_reference_date=application.requested_reference_date,
        **clock.to_accept(today, policy.deadlines(today).accept, calendar.current()),
    )
    snapshots.take(application, documents, at)
    application.service.on_submitted(by=by, at=at, application=application)
    tell_applicant(application, kinds.SUBMITTED, by=by, at=at, date=application.accept_due_on)
    return application


def _send_again(by: User, at: datetime, application: Application) -> Application:
    """Back to where it was returned from. Before acceptance the time to accept begins anew, later the promised time
    runs on where it stopped."""
    _check_answered(application)
    documents = _check_ready(application, at)
    today, days = timezone.localdate(at), calendar.current()
    target = State(last_return(application).from_state)
    if target == State.SUBMITTED:
        columns = clock.to_accept(today, application.accept_days or 0, days)
    else:
        columns = clock.running(application, today, days)
    move(application, Action.RESUBMIT, target, by=by, at=at, round=application.round + 1, **columns)
    snapshots.take(application, documents, at)
    application.service.on_submitted(by=by, at=at, application=application)
    if application.handler:
        tell_staff([application.handler], application, kinds.CORRECTED, by=by, at=at)
    return application


def last_return(application: Application) -> Transition:
    return application.transitions.filter(action=Action.RETURN).latest("id")


def _check_consents(application: Application) -> None:
    wanted = application.service.consent_purposes
    if not wanted:
        return
    given = Consent.objects.filter(talent=application.applicant, purpose__in=wanted, withdrawn_at__isnull=True)
    missing = set(wanted) - set(given.values_list("purpose", flat=True))
    if missing:
        labels = [Purpose(purpose).label for purpose in wanted if purpose in missing]
        raise Refused(_("Your consent is missing: %(purposes)s") % {"purposes": _listed(labels)})


def _check_ready(application: Application, at: datetime) -> list[Document]:
    """Complete, and eligible as far as anybody knows; gives the documents that are sent."""
    service = application.service
    assessment = service.assess(application.applicant, at=at, application=application)
    documents = list(Document.objects.filter(application=application).current())
    gaps = service.gaps(application, assessment.facts, documents)
    if gaps:
        raise Incomplete(gaps)
    _check_eligible(assessment)
    return documents


class Incomplete(Refused):
    """Something is missing or wrong in the form; `gaps` says each with its page."""

    def __init__(self, gaps: tuple[Gap, ...]) -> None:
        labels = dict.fromkeys(str(gap.label) for gap in gaps)
        super().__init__(_("Please complete: %(fields)s") % {"fields": _listed(labels)})
        self.gaps = gaps


def _check_eligible(assessment: Assessment) -> None:
    if assessment.unmet:
        refuse_unmet(assessment)
    if assessment.unknown:
        labels = _listed(condition.label for condition in assessment.unknown)
        raise Refused(_("This must be known before you can send: %(conditions)s") % {"conditions": labels})


def _check_answered(application: Application) -> None:
    unanswered = open_items(application).filter(answered=False).values_list("field_or_document", flat=True)
    if unanswered:
        labels = _listed(application.service.label_of(code) for code in unanswered)
        raise Refused(_("Not corrected or answered yet: %(items)s") % {"items": labels})


def _listed(labels: Iterable[Any]) -> str:
    return pgettext("list", ", ").join(str(label) for label in labels)


def take_number(prefix: str, year: int) -> str:
    """The next number of the service's year, in one statement: two at once get two."""
    table = NumberSeries._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS s (prefix, year, last) VALUES (%s, %s, 1)"  # noqa: S608
            " ON CONFLICT (prefix, year) DO UPDATE SET last = s.last + 1 RETURNING last",
            [prefix, year],
        )
        return rules.case_number(prefix, year, cursor.fetchone()[0])


@action
def withdraw(*, by: User, at: datetime, application: Application, reason: str = "") -> Application:
    """Take the application back, at any time before it is decided."""
    application = locked(application)
    columns = clock.ENDED
    move(application, Action.WITHDRAW, State.WITHDRAWN, by=by, at=at, reason=reason.strip(), **columns)
    application.service.on_withdrawn(by=by, at=at, application=application)
    return application
