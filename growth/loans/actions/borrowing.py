"""Whom a loan counts for: the borrower, and each partner of a partnership. Whatever gives one of them a further loan,
at whichever bank, waits for the same rows."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from growth.loans.actions.common import State
from growth.loans.choices import BorrowerKind
from growth.loans.consents import partners_wording
from growth.loans.models_borrowing import Borrowing, BorrowingPerson
from growth.loans.models_loan import Loan, LoanApplication
from growth.loans.partners import BadPartners, Partner, read_partners
from growth.loans.policy import Policy
from talentmap.people.fields import blind_index
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused

Persons = Sequence[BorrowingPerson]


def partners_of(detail: LoanApplication, at: datetime) -> tuple[Partner, ...]:
    """The partners beside the applicant; raises Refused where the list does not name each of them."""
    if detail.kind != BorrowerKind.PARTNERSHIP:
        return ()
    try:
        found = read_partners(detail.partner_list, timezone.localdate(at))
    except BadPartners as error:
        raise Refused(str(error)) from error
    if len(found) + 1 != detail.partners or not detail.partners_agree:
        raise Refused(_("The partners are not all named, or have not agreed."))
    return found


def lock_persons(talent: Talent, partners: Sequence[Partner]) -> Persons:
    """The borrower first, then the partners, locked in one order whoever asks."""
    named = [Partner(talent.name, talent.id_number), *partners]
    by_index = {blind_index(each.id_number): each for each in named if each.id_number}
    BorrowingPerson.objects.bulk_create(
        [
            BorrowingPerson(name=each.name, id_number=each.id_number, id_number_index=index)
            for index, each in sorted(by_index.items())
        ],
        ignore_conflicts=True,
    )
    rows = _locked(list(by_index))
    return [rows[index] for index in by_index]


def _locked(indexes: Sequence[str]) -> dict[str, BorrowingPerson]:
    found = BorrowingPerson.objects.filter(id_number_index__in=indexes).order_by("id_number_index")
    return {person.id_number_index: person for person in found.select_for_update()}


def refuse_beyond(persons: Persons, policy: Policy) -> None:
    """Raise Refused where one of them has a loan that is not over, or has had as many as the policy gives."""
    most = int(policy.amounts["loans.most"])
    for person in persons:
        parts = list(Borrowing.objects.filter(person=person, is_counted=True))
        if any(part.is_open for part in parts):
            raise Refused(_("%(name)s has a loan already that is not over.") % {"name": person})
        if len(parts) >= most:
            raise Refused(
                _("%(name)s has had %(most)s loans: a person gets no more in a lifetime.")
                % {"name": person, "most": most}
            )


def record(loan: Loan, persons: Persons, at: datetime) -> None:
    """Have the loan count for each of them; the first is the borrower, and the partners have agreed by `at`."""
    for place, person in enumerate(persons):
        had = Borrowing.objects.filter(person=person, is_counted=True).count()
        Borrowing.objects.create(
            loan=loan,
            person=person,
            is_borrower=place == 0,
            ordinal=had + 1,
            consent_text=partners_wording() if place else "",
            consented_at=at if place else None,
        )


def follow(loan: Loan) -> None:
    """Have the parts of a locked loan say what its state says."""
    parts = Borrowing.objects.filter(loan=loan)
    parts.update(is_open=loan.state in Loan.OPEN, is_counted=loan.state != State.CANCELLED)


def have_another(loan: Loan) -> bool:
    """Whether somebody of a loan that is over has a further one by now; locks them, so that none gets one meanwhile."""
    parts = Borrowing.objects.filter(loan=loan).select_related("person")
    persons = _locked([part.person.id_number_index for part in parts]).values()
    others = Borrowing.objects.filter(person__in=persons, is_open=True).exclude(loan=loan)
    return others.exists() or Loan.objects.open().filter(talent=loan.talent_id).exists()
