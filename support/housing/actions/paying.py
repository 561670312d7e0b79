"""What follows from the bank's answers."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from support.housing.actions.claims import claim_overpaid
from support.housing.actions.common import EndReason, Kind, State, lock_of
from support.housing.actions.ending import close_when_done, finish
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.money.models import Payable


@action
def after_payment(*, by: User, at: datetime, payable: Payable) -> None:
    """A purchase subsidy ends when it is paid; a case is closed with its last payment; what the bank already had when
    the subsidy ended is claimed back."""
    row = lock_of(payable.application_id)
    if row is None:
        return
    if row.state != State.ACTIVE:
        claim_overpaid(by, at, row, _("Paid after the subsidy had ended"))
        close_when_done(by=by, at=at, application=row.case)
    elif row.kind == Kind.PURCHASE:
        finish(by, at, row, EndReason.PAID, timezone.localdate(at))
