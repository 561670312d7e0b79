"""What growth paths tell other areas: deeds of the spine, panels on other pages, and what a deletion empties."""

from datetime import datetime
from typing import Any

from growth.pathways import following, own_deeds, panels
from growth.pathways.actions.journeys import finish_early
from growth.pathways.evidence import erase
from growth.pathways.models import Journey, TickEvidence
from talentmap.accounts.models import User
from talentmap.casework.models import Application
from talentmap.money.hooks import payable_paid
from talentmap.money.models import Payable
from talentmap.people.erasure import clears_on_erasure
from talentmap.people.models import Skill, Talent
from talentmap.ui.panels import register

own_deeds.connect()
following.follow(Talent, talent="pk")
following.follow(Skill, talent="talent_id")
following.follow(Application, talent="applicant_id", when="state")
register("person", panels.of_person)
register("home", panels.of_home)


@payable_paid
def follow_payment(*, by: User, at: datetime, payable: Payable) -> None:
    following.changed(payable.application.applicant_id)


@clears_on_erasure
def forget_evidence(*, by: User, at: datetime, talent: Talent) -> None:
    """End what is under way, and empty what shows that milestones were met: words, files, what they pointed to."""
    for journey in Journey.objects.active().filter(talent=talent).select_for_update(of=("self",)):
        finish_early(User.objects.system(), at, journey, _reason())
    shown: Any = TickEvidence.objects.filter(tick__journey__talent=talent, erased_at=None)
    for row in shown:
        erase(row, at)


def _reason() -> str:
    from django.utils.translation import gettext as _

    return _("The file was deleted.")
