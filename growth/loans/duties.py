"""Nobody sets the terms of their own loan or keeps it for the bank, neither as the borrower nor as a partner."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from growth.loans.facts import partners_named
from growth.loans.models_loan import Loan, LoanApplication
from talentmap.people.fields import blind_index
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused


def is_own_loan(user: Any, loan: Loan) -> bool:
    """Whether this person answers for the loan themselves; a partner is known by the ID number of their file."""
    numbers = Talent.objects.filter(user=user).exclude(id_number_index="").values("id_number_index")
    own = Q(talent__user=user) | Q(borrowings__person__id_number_index__in=numbers)
    return Loan.objects.filter(own, pk=loan.pk).exists()


def is_own_application(user: Any, detail: LoanApplication, today: date) -> bool:
    """Whether it is this person's own, or names them among the partners."""
    talent = Talent.objects.filter(user=user).only("id_number_index").first()
    if talent is None:
        return False
    named = {blind_index(each.id_number) for each in partners_named(detail, today)}
    return talent.pk == detail.application.applicant_id or talent.id_number_index in named


def own_loan_text() -> str:
    return _("This loan is your own, or you answer for it as a partner: a colleague decides on it and keeps it.")


def refuse_own_loan(by: Any, loan: Loan) -> None:
    if is_own_loan(by, loan):
        raise Refused(own_loan_text())


def refuse_own_application(by: Any, detail: LoanApplication, today: date) -> None:
    if is_own_application(by, detail, today):
        raise Refused(own_loan_text())
