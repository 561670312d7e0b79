"""What housing does when the bank has answered, and what it says when a person asks to be deleted."""

from datetime import datetime

from django.utils.translation import gettext as _

from support.housing import actions
from support.housing.models import Entitlement
from talentmap.accounts.models import User
from talentmap.money.hooks import payable_failed, payable_paid
from talentmap.money.models import Payable
from talentmap.people.erasure import guards_erasure
from talentmap.people.models import Talent


@payable_paid
def settle(*, by: User, at: datetime, payable: Payable) -> None:
    if Entitlement.objects.filter(application=payable.application_id).exists():
        actions.after_payment(by=by, at=at, payable=payable)


@payable_failed
def cut_back(*, by: User, at: datetime, payable: Payable) -> None:
    if Entitlement.objects.filter(application=payable.application_id).exists():
        actions.after_failure(by=by, at=at, payable=payable)


@guards_erasure
def running_benefit(talent: Talent) -> str:
    running = Entitlement.objects.active().filter(talent=talent).first()
    return _("A housing benefit is running: %(benefit)s") % {"benefit": running} if running else ""
