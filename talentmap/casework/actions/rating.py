"""The applicant's grade of the service, and what the office owes after a poor one."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.casework import calendar, kinds, policy, rules
from talentmap.casework.actions.moving import check_owner, locked
from talentmap.casework.duties import holders
from talentmap.casework.models import Application, Rating
from talentmap.casework.records import HIGHEST_SCORE, LOWEST_SCORE, POOR_SCORE
from talentmap.casework.states import RATEABLE_STATES
from talentmap.casework.telling import tell_staff
from talentmap.ui.errors import Refused


@action
def rate(*, by: User, at: datetime, application: Application, score: int, comment: str = "") -> Rating:
    """Grade the service once, after the decision. A poor grade starts the time to call back and to mend."""
    application = locked(application)
    check_owner(by, application)
    if application.state not in RATEABLE_STATES:
        raise Refused(_("You can rate the service once your application is decided."))
    if not LOWEST_SCORE <= score <= HIGHEST_SCORE:
        raise Refused(_("The grade is between 1 and 5."))
    due = _due_dates(at) if score <= POOR_SCORE else {}
    try:
        with transaction.atomic():
            rating = Rating.objects.create(
                application=application, score=score, comment=comment.strip(), rated_at=at, **due
            )
    except IntegrityError as error:
        raise Refused(_("You have rated this application already.")) from error
    if rating.is_poor:
        recipients = holders(Permission.CALL_BACK, application)
        tell_staff(recipients, application, kinds.POOR_RATING, by=by, at=at, date=rating.call_back_due_on)
    return rating


def _due_dates(at: datetime) -> dict[str, object]:
    today, days = timezone.localdate(at), calendar.current()
    rule = policy.deadlines(today)
    return {
        "call_back_due_on": rules.add_working_days(today, rule.call_back, days),
        "mended_due_on": rules.add_working_days(today, rule.mend, days),
    }


def _opened(by: User, rating: Rating) -> Rating:
    application = locked(rating.application)
    if not by.may(Permission.CALL_BACK, application):
        raise PermissionDenied
    rating = Rating.objects.select_for_update(of=("self",)).get(pk=rating.pk)
    if not rating.is_poor:
        raise Refused(_("Only a poor grade is called back."))
    return rating


@action
def call_back(*, by: User, at: datetime, rating: Rating, note: str) -> Rating:
    """Record that the person was called and what they said."""
    rating = _opened(by, rating)
    if rating.called_back_at:
        raise Refused(_("%(name)s called back already.") % {"name": rating.called_back_by})
    rating.called_back_by, rating.called_back_at, rating.call_back_note = by, at, _written(note)
    rating.save(update_fields=["called_back_by", "called_back_at", "call_back_note"])
    return rating


@action
def mend(*, by: User, at: datetime, rating: Rating, note: str) -> Rating:
    """Record what was mended."""
    rating = _opened(by, rating)
    if not rating.called_back_at:
        raise Refused(_("Call the person back first."))
    if rating.mended_at:
        raise Refused(_("This was marked as mended by %(name)s already.") % {"name": rating.mended_by})
    rating.mended_by, rating.mended_at, rating.mend_note = by, at, _written(note)
    rating.save(update_fields=["mended_by", "mended_at", "mend_note"])
    return rating


def _written(note: str) -> str:
    if not note.strip():
        raise Refused(_("Write down what was said or done."))
    return note.strip()
