"""What loans say when a person asks to be deleted, and do when a file's ID number is another than before."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from growth.loans.actions import borrowing
from growth.loans.models_borrowing import BorrowingPerson
from growth.loans.models_loan import Loan, LoanApplication
from talentmap.accounts.models import User
from talentmap.people.erasure import clears_on_erasure, guards_erasure
from talentmap.people.models import Talent
from talentmap.people.numbers import follows_number


@guards_erasure
def open_loan(talent: Talent) -> str:
    """Of partners too: what the bank knows them by stays as long as they answer for the loan."""
    partner = Q(borrowings__person__id_number_index=talent.id_number_index) if talent.id_number_index else Q()
    running = Loan.objects.open().filter(Q(talent=talent) | partner).first()
    return _("A loan is not over: %(loan)s") % {"loan": running} if running else ""


@clears_on_erasure
def forget_name_and_number(*, by: User, at: datetime, talent: Talent) -> None:
    """What stays is that somebody has had so many loans; and of the partners whom the person named, nothing."""
    index = talent.id_number_index
    known = Q(borrowings__loan__talent=talent, borrowings__is_borrower=True)
    known |= Q(id_number_index=index) if index else Q()
    for person in BorrowingPerson.objects.filter(known).distinct():
        person.name = person.id_number = ""
        person.save(update_fields=["name", "id_number"])
    for form in LoanApplication.objects.filter(application__applicant=talent).exclude(partner_list=""):
        form.partner_list = ""
        form.save(update_fields=["partner_list"])


@follows_number
def move_what_was_borrowed(*, by: User, at: datetime, talent: Talent) -> None:
    borrowing.move_to_number(talent)
