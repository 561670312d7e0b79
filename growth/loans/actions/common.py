"""What the loan actions share: locks, and a loan as the pure rules see it.

Locks go application, then talent, then enterprise, then persons who borrow, then loan, then its parts, then (inside
money) fund and payables.
"""

from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from growth.loans import schedules
from growth.loans.duties import refuse_own_loan
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Disbursement, Instalment, Repayment, Schedule
from growth.loans.policy import Policy
from growth.loans.schedules import DayCount, Method, Row
from growth.loans.standing import Payment, Plan, Standing, dues, standing
from growth.loans.tariff import FUND_CODE, TARIFF_CODE
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.casework.models import Application
from talentmap.money import tariffs
from talentmap.money.models import Fund
from talentmap.ui.errors import Refused

ROW_FIELDS = ("number", "begins", "due", "days", "opening", "principal", "interest", "total", "closing")
State = Loan.State


def loan_fund() -> Fund:
    return Fund.objects.get(code=FUND_CODE)


def lock(loan: Loan) -> Loan:
    """Application first, then the loan: the order in which every action takes them."""
    Application.objects.select_for_update(of=("self",)).get(pk=loan.application_id)
    rows = Loan.objects.select_for_update(of=("self",)).select_related("application__region", "talent", "bank")
    return rows.get(pk=loan.pk)


def demand_lender(by: User, loan: Loan) -> None:
    """Raise PermissionDenied unless `by` keeps this loan for its bank, Refused where it is their own."""
    if not by.may(Permission.LEND, loan):
        raise PermissionDenied
    refuse_own_loan(by, loan)


def refuse_nothing(amount: Decimal, months: int) -> None:
    if amount <= 0 or months <= 0:
        raise Refused(_("Amount and term are more than zero."))


def policy_on(day: date) -> Policy:
    return Policy(tariffs.in_force(TARIFF_CODE, day))


def policy_of(loan: Loan) -> Policy:
    """The version of the day on which the contract was signed; before that the one of the approval."""
    return Policy(tariffs.version(loan.tariff)) if loan.tariff else policy_on(loan.approved_on)


def terms_of(
    loan: Loan, principal: Decimal, disbursed: date, first_due: date, due_day: int | None = None
) -> schedules.Terms:
    return schedules.Terms(
        principal=principal,
        annual_rate=loan.annual_rate,
        months=loan.months,
        method=Method(loan.method),
        disbursed=disbursed,
        first_due=first_due,
        grace=loan.grace,
        day_count=DayCount(loan.day_count),
        due_day=due_day,
    )


def agreed_terms(loan: Loan) -> schedules.Terms:
    """The terms of a loan that is paid out, as its schedules are continued. One whose first schedule was made before
    the due day was kept goes on with the day of its first due date, as that schedule does."""
    first = valid_payouts(loan).first()
    assert first and loan.first_due
    return terms_of(loan, loan.disbursed, first.on, loan.first_due, loan.due_day or loan.first_due.day)


def schedules_in_force(loan: Loan) -> QuerySet[Schedule]:
    """Those that are not withdrawn, in their order."""
    return Schedule.objects.filter(loan=loan, withdrawn_at=None).order_by("version")


def plans(loan: Loan) -> list[Plan]:
    """The schedules that hold, each with its rows, in two queries."""
    found = list(schedules_in_force(loan))
    rows: dict[int, list[Row]] = {schedule.pk: [] for schedule in found}
    for instalment in Instalment.objects.filter(schedule__in=found).order_by("due", "number"):
        rows[instalment.schedule_id].append(Row(*(getattr(instalment, name) for name in ROW_FIELDS)))
    return [Plan(schedule.since, tuple(rows[schedule.pk])) for schedule in found]


def valid_payouts(loan: Loan) -> QuerySet[Disbursement]:
    """Those that are not taken back."""
    return Disbursement.objects.filter(loan=loan, reverses=None, reversal=None).order_by("on", "id")


def valid_repayments(loan: Loan) -> QuerySet[Repayment]:
    """Those that are not taken back."""
    return Repayment.objects.filter(loan=loan, reverses=None, reversal=None).order_by("paid_on", "id")


def payments(loan: Loan) -> list[Payment]:
    """What was paid and not taken back."""
    return [Payment(*values) for values in valid_repayments(loan).values_list("paid_on", "principal", "interest")]


def last_paid_on(loan: Loan) -> date:
    """The day of the latest payment of a loan on which something was paid, in whatever order they were entered."""
    return valid_repayments(loan).latest("paid_on").paid_on


def look(loan: Loan, day: date) -> Standing:
    return standing(dues(plans(loan)), payments(loan), day)


def refresh(loan: Loan, today: date) -> Standing:
    """Have a locked loan's columns say where it stands today. Of one that is over only the balance is corrected."""
    now = look(loan, today)
    loan.outstanding = now.outstanding
    if not loan.is_open:
        loan.save(update_fields=["outstanding"])
        return now
    loan.arrears, loan.overdue_since = now.arrears, now.overdue_since
    loan.next_due_on = now.next_row.due if now.next_row else None
    loan.next_due_amount = now.next_principal + now.next_interest
    loan.last_due_on = now.last_due
    loan.save(
        update_fields=["outstanding", "arrears", "overdue_since", "next_due_on", "next_due_amount", "last_due_on"]
    )
    return now


def keep_schedule(loan: Loan, rows: tuple[Row, ...], **values: object) -> Schedule:
    """A further schedule of a locked loan; `values` are since, reason, by and at, of an extension its months and
    note as well."""
    version = loan.schedules.count() + 1
    made = Schedule.objects.create(loan=loan, version=version, **values)
    Instalment.objects.bulk_create(
        Instalment(schedule=made, **{name: getattr(row, name) for name in ROW_FIELDS}) for row in rows
    )
    return made
