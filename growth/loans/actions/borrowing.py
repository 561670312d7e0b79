"""Whom a loan counts for: the borrower, and each partner of a partnership. Whatever gives one of them a further loan,
at whichever bank, waits for the same rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from growth.loans.actions.common import State, lock
from growth.loans.choices import BorrowerKind
from growth.loans.consents import partners_wording
from growth.loans.models_borrowing import Borrowing, BorrowingPerson
from growth.loans.models_loan import Loan, LoanApplication
from growth.loans.partners import BadPartners, Partner, read_partners
from growth.loans.policy import Policy
from talentmap.casework.models import Application
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
    named = {_index(talent): Partner(talent.name, talent.id_number)}
    named |= {blind_index(each.id_number): each for each in partners}
    rows = _known(named)
    return [rows[index] for index in named]


def _index(talent: Talent) -> str:
    """A file without a number stands for itself: what was lent to it counts for nobody else, and is not lost."""
    return blind_index(talent.id_number) or f"file:{talent.pk}"


def _known(named: Mapping[str, Partner], others: Sequence[str] = ()) -> dict[str, BorrowingPerson]:
    """The persons of these indexes, locked; of `named` also those who are new, or whose name was blanked."""
    BorrowingPerson.objects.bulk_create(
        [
            BorrowingPerson(name=each.name, id_number=each.id_number, id_number_index=index)
            for index, each in sorted(named.items())
        ],
        ignore_conflicts=True,
    )
    rows = _locked([*named, *others])
    for index, each in named.items():
        if not rows[index].name:
            rows[index].name, rows[index].id_number = each.name, each.id_number
            rows[index].save(update_fields=["name", "id_number"])
    return rows


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


def lock_with_persons(loan: Loan) -> Loan:
    """The locks of a loan that may run again: nobody who borrows on it gets a further one meanwhile. The borrower's
    file comes before the persons, so that its number does not change between reading and locking them."""
    Application.objects.select_for_update(of=("self",)).get(pk=loan.application_id)
    Talent.objects.select_for_update(of=("self",)).get(pk=loan.talent_id)
    _locked(list(Borrowing.objects.filter(loan=loan).values_list("person__id_number_index", flat=True)))
    return lock(loan)


def have_another(loan: Loan) -> bool:
    """Whether somebody of a loan that is over, locked with its persons, has a further one by now."""
    persons = Borrowing.objects.filter(loan=loan).values("person")
    others = Borrowing.objects.filter(person__in=persons, is_open=True).exclude(loan=loan)
    return others.exists() or Loan.objects.open().filter(talent=loan.talent_id).exclude(pk=loan.pk).exists()


def move_to_number(talent: Talent) -> None:
    """Have what a locked file has borrowed count for the ID number that it has now: the loan is the file's, whatever
    number stood in it when the bank approved. As a partner somebody goes by the number that the partners gave."""
    index = _index(talent)
    borrowed = Borrowing.objects.filter(loan__talent=talent, is_borrower=True)
    before = borrowed.exclude(person__id_number_index=index).values_list("person__id_number_index", flat=True)
    if not (left := list(before.distinct())):
        return
    persons = _known({index: Partner(talent.name, talent.id_number)}, left)
    target = persons.pop(index)
    parts = _lock_parts([target, *persons.values()])
    moved = [part for part in parts if part.is_borrower and part.loan.talent_id == talent.pk]
    there = [part for part in parts if part.person_id == target.pk and part not in moved]
    refuse_two_in_one(moved, there)
    behind = [part for part in parts if part not in (*moved, *there)]
    for part in moved:
        part.person = target
    # Those there make room from above, those left behind close up from below: no two ever have one ordinal.
    ordinals = _ordinals(parts)
    for part in (*reversed(there), *moved, *behind):
        part.ordinal = ordinals.get(part.pk, part.ordinal)
        part.save(update_fields=["person", "ordinal"])
    kept = {part.person_id for part in behind}
    for person in persons.values():
        if person.pk not in kept:  # the index stays, the name was never that of the number's holder
            person.name = person.id_number = ""
            person.save(update_fields=["name", "id_number"])


def _lock_parts(persons: Persons) -> list[Borrowing]:
    """In the order in which they were granted."""
    found = Borrowing.objects.filter(person__in=persons).select_related("loan").order_by("pk")
    return sorted(found.select_for_update(of=("self",)), key=lambda part: (part.loan.approved_on, part.loan_id))


def refuse_two_in_one(moved: Sequence[Borrowing], there: Sequence[Borrowing]) -> None:
    """Raise Refused where one person would have two loans that are not over, or two parts in one."""
    are_open = any(part.is_open for part in moved) and any(part.is_open for part in there)
    if are_open or {part.loan_id for part in moved} & {part.loan_id for part in there}:
        raise Refused(
            _(
                "With this ID number the person would have two loans that are not over, or stand twice in one. The"
                " office clears that up with the banks first."
            )
        )


def _ordinals(parts: Sequence[Borrowing]) -> dict[int, int]:
    """Which loan of its person each part that counts is."""
    had: Counter[int] = Counter()
    found = {}
    for part in parts:
        if part.is_counted:
            had[part.person_id] += 1
            found[part.pk] = had[part.person_id]
    return found
