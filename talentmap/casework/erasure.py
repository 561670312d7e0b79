"""What a person's deletion request means for their applications."""

from datetime import datetime

from django.utils.translation import gettext as _

from talentmap.accounts.models import User
from talentmap.casework import actions, documents
from talentmap.casework.models import Application, Document
from talentmap.casework.states import OPEN_STATES, State
from talentmap.people.erasure import clears_on_erasure, guards_erasure
from talentmap.people.models import Talent

# Their documents prove why public money was spent, so the archive keeps them with the decision.
GRANTED = (State.APPROVED, State.REVOKED, State.CLOSED)


@guards_erasure
def running_applications(talent: Talent) -> str:
    """A file cannot go while the office works on what it asked for."""
    running = Application.objects.filter(applicant=talent, state__in=OPEN_STATES).exclude(state=State.DRAFT)
    numbers = ", ".join(str(number) for number in running.values_list("number", flat=True))
    return (
        _("Applications are still running: %(numbers)s. Withdraw them first.") % {"numbers": numbers} if numbers else ""
    )


@clears_on_erasure
def forget_drafts_and_documents(*, by: User, at: datetime, talent: Talent) -> None:
    """End the drafts, and delete the uploads of whatever was not granted."""
    drafts = Application.objects.filter(applicant=talent, state=State.DRAFT)
    for draft in drafts:
        actions.withdraw(by=User.objects.system(), at=at, application=draft, reason=_("The file was deleted."))
    for document in Document.objects.filter(application__applicant=talent).exclude(application__state__in=GRANTED):
        documents.erase(document, at)
