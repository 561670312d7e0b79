"""A person's loans, for the copy of everything that is stored about them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from growth.loans.models_borrowing import Borrowing
from growth.loans.models_loan import Loan, LoanApplication
from growth.loans.models_repayment import Disbursement, Instalment, Repayment, SubsidyBooking
from growth.loans.models_write_off import WriteOff
from talentmap.people.models import Talent
from talentmap.people.takeout import Entry, entries_of, numbered, taken_along


@taken_along
def loans(talent: Talent) -> Iterator[Entry]:
    for form in LoanApplication.objects.filter(application__applicant=talent).select_related("application"):
        yield from entries_of(f"{_('Application')} {form.application} · {_('Loan')}", form)
    for loan in Loan.objects.filter(talent=talent).select_related("application").order_by("pk"):
        title = f"{_('Loan')} {loan}"
        yield from entries_of(title, loan)
        yield from numbered(f"{title} · {_('Part in a loan')}", Borrowing.objects.filter(loan=loan, is_borrower=True))
        yield from numbered(f"{title} · {_('Disbursement')}", Disbursement.objects.filter(loan=loan))
        yield from numbered(f"{title} · {_('Instalment')}", Instalment.objects.filter(schedule__loan=loan))
        yield from numbered(f"{title} · {_('Repayment')}", Repayment.objects.filter(loan=loan))
        yield from numbered(f"{title} · {_('Write-off')}", WriteOff.objects.filter(loan=loan))
        yield from numbered(f"{title} · {_('Interest subsidy')}", SubsidyBooking.objects.filter(loan=loan))
