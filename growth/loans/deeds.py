"""A person's loans on their growth roadmap, for themselves, the office and the loan's own bank and guarantor."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from growth.loans.models_loan import Loan
from growth.pathways import deeds, following
from growth.pathways.deeds import Deed

PAID_OUT = (Loan.State.RUNNING, Loan.State.SETTLED)


def loans_of(talent: Any, reader: Any) -> Iterator[Deed]:
    found = Loan.objects.filter(talent=talent)
    for loan in found if reader is None else found.visible_to(reader):
        yield Deed(
            key=f"loan:{loan.pk}",
            kind="loan",
            title=_("Start-up loan"),
            day=loan.signed_on or loan.approved_on,
            state=loan.state,
            state_label=loan.get_state_display(),
            link=loan.get_absolute_url(),
            icon="bank",
            done=loan.state in PAID_OUT,
            text=loan.contract_number,
        )


deeds.register("loan", _("Start-up loans"), loans_of)
following.follow(Loan, talent="talent_id", when="state")
