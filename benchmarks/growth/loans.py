"""Fills the benchmark's database with loans as banks have them: schedules by the product's own rules, repaid month by
month, some of them late, some repayments taken back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from benchmarks import data
from benchmarks.cases import Desks
from growth.loans.actions.common import ROW_FIELDS
from growth.loans.models import LoanProduct
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Disbursement, Instalment, Repayment, Schedule, SubsidyBooking
from growth.loans.schedules import DayCount, Method, Row, Terms, add_months, schedule
from growth.loans.standing import Payment, standing
from growth.loans.tariff import TARIFF_CODE
from talentmap.accounts.actions_members import give_role
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.money.models import Tariff
from talentmap.people.models import Organisation
from talentmap.people.pinyin import name_keys
from talentmap.regions.models import Region

BATCH = 250
BANKS, GUARANTORS = (
    ("高县农商银行", "宜宾市商业银行高县支行", "邮储银行高县支行"),
    ("高县融资担保公司", "宜宾农业担保公司"),
)
S = Loan.State
# Of a hundred loans; a running one is 0 to 23 months old, one that is over 13 to 36.
SHARES = {S.RUNNING: 60, S.SETTLED: 30, S.APPROVED: 2, S.SIGNED: 2, S.WRITTEN_OFF: 2, S.CANCELLED: 4}
HUNDRED = [state for state, share in SHARES.items() for _loan in range(share)]
LATE_SHARE, TAKEN_BACK_SHARE, SUBSIDY_SHARE = 0.12, 0.02, Decimal("0.5")
CASES = {S.SETTLED: State.CLOSED, S.WRITTEN_OFF: State.CLOSED, S.CANCELLED: State.REVOKED}


@dataclass(frozen=True)
class Lenders:
    """The banks' products, the guarantors, an officer of the first of each, and the policy of the contracts."""

    products: list[LoanProduct]
    guarantors: list[Organisation]
    bank: User
    guarantor: User
    tariff: Tariff
    townships: list[Region]


@dataclass
class Made:
    """One loan with all that belongs to it, before it is stored."""

    loan: Loan
    rows: tuple[Row, ...]
    paid: list[Repayment]


def lenders(desks: Desks) -> Lenders:
    banks = [_organisation(name, "bank") for name in BANKS]
    guarantors = [_organisation(name, "guarantor") for name in GUARANTORS]
    return Lenders(
        products=[_product(bank, desks.system) for bank in banks],
        guarantors=guarantors,
        bank=_officer("bank", Role.BANK_OFFICER, banks[0]),
        guarantor=_officer("guarantor", Role.GUARANTOR_OFFICER, guarantors[0]),
        tariff=Tariff.objects.filter(code=TARIFF_CODE).latest("pk"),
        townships=list(Region.objects.townships().order_by("code")),
    )


def _organisation(name: str, kind: str) -> Organisation:
    keys = name_keys(name)
    return Organisation.objects.create(
        name=name,
        kind=kind,
        name_sort_key=keys.sort_key,
        name_pinyin=keys.pinyin,
        name_initials=keys.initials,
        region=Region.objects.get(level="county"),
    )


def _officer(name: str, role: str, organisation: Organisation) -> User:
    user = User.objects.create_user(name, name, display_name=name)
    give_role(by=User.objects.system(), at=timezone.now(), user=user, role=role, organisation=organisation)
    return user


def _product(bank: Organisation, by: User) -> LoanProduct:
    return LoanProduct.objects.create(
        bank=bank, name="返乡创业贷", borrower_kinds=["individual"], methods=list(Method.values),
        annual_rate=Decimal("3.6"), min_amount=Decimal(10_000), max_amount=Decimal(300_000), min_months=6,
        max_months=36, valid_from=date(2020, 1, 1), made_at=timezone.now(), made_by=by,
    )  # fmt: skip


def grow_to(count: int, desks: Desks, market: Lenders) -> None:
    """Add borrowers with a loan each until there are `count` loans."""
    rng = Random(count)
    for start in range(Loan.objects.count(), count, BATCH):
        _add(rng, range(start, min(start + BATCH, count)), desks, market)


@transaction.atomic
def _add(rng: Random, serials: range, desks: Desks, market: Lenders) -> None:
    people = data.talents(rng, serials, _places(rng, market), desks.system)
    made = [_made(rng, serial, person, market) for serial, person in zip(serials, people, strict=True)]
    Application.objects.bulk_create([each.loan.application for each in made])
    Loan.objects.bulk_create([each.loan for each in made])
    paid_out = [each for each in made if each.rows]
    Disbursement.objects.bulk_create([_disbursement(each.loan, desks.system) for each in paid_out])
    plans = Schedule.objects.bulk_create([_schedule(each.loan, desks.system) for each in paid_out])
    Instalment.objects.bulk_create(
        [
            Instalment(schedule=plan, **{name: getattr(row, name) for name in ROW_FIELDS})
            for plan, each in zip(plans, paid_out, strict=True)
            for row in each.rows
        ]
    )
    repayments = Repayment.objects.bulk_create([row for each in paid_out for row in _by(each.paid, desks.system)])
    taken_back = [row for row in repayments if rng.random() < TAKEN_BACK_SHARE]
    Repayment.objects.bulk_create([again for row in taken_back for again in _corrected(row)])
    SubsidyBooking.objects.bulk_create([booking for each in paid_out for booking in _bookings(each, desks.system)])


def _places(rng: Random, market: Lenders) -> list[Region]:
    """A third of all live in the first township, the county's seat."""
    return [market.townships[0]] * (len(market.townships) // 2) + market.townships


def _made(rng: Random, serial: int, person: Any, market: Lenders) -> Made:
    state, today = HUNDRED[serial * 37 % 100], timezone.localdate()
    over = state in (S.SETTLED, S.WRITTEN_OFF)
    months = rng.choice((6, 12)) if over else rng.choice((24, 36))
    approved = today - timedelta(days=rng.randrange(400, 1100) if over else rng.randrange(40, 700))
    loan = _loan(serial, person, market, Decimal(rng.randrange(5, 31)) * 10_000, months, approved)
    loan.state, loan.application = state, _case(serial, person, state, approved)
    if state in (S.APPROVED, S.CANCELLED):
        loan.ended_on = approved + timedelta(days=20) if state == S.CANCELLED else None
        return Made(loan, (), [])
    loan.contract_number, loan.tariff = f"HT{serial:06d}", market.tariff
    loan.signed_on = approved + timedelta(days=5)
    return Made(loan, (), []) if state == S.SIGNED else _paid_out(rng, loan, today)


def _loan(serial: int, person: Any, market: Lenders, amount: Decimal, months: int, approved: date) -> Loan:
    product = market.products[serial % len(market.products)]
    return Loan(
        talent=person, product=product, bank=product.bank, guarantor=market.guarantors[serial // 3 % 2],
        kind="individual", programme="guaranteed", ordinal=1, amount=amount, annual_rate=product.annual_rate,
        months=months, method=Method.values[serial % len(Method.values)], day_count=DayCount.THIRTY_360,
        approved_on=approved,
    )  # fmt: skip


def _case(serial: int, person: Any, state: str, approved: date) -> Application:
    sent, decided = _moment(approved - timedelta(days=20)), _moment(approved)
    case = Application(
        scheme="start_up_loan", number=f"DK-2026-{serial:06d}", applicant=person, region=person.region,
        state=CASES.get(S(state), State.APPROVED), stage="bank", round=1, version=1, created_at=sent,
        submitted_at=sent, accept_days=5, accept_due_on=approved, accepted_at=sent + timedelta(days=1),
        promised_days=20, notice_days=0, decide_due_on=approved + timedelta(days=8), decided_at=decided,
        decision_reason="未在期限内签订合同。" if state == S.CANCELLED else "",
    )  # fmt: skip
    if case.state == State.CLOSED:
        case.closed_at = decided + timedelta(days=400)
    return case


def _paid_out(rng: Random, loan: Loan, today: date) -> Made:
    """Its schedule, what was paid of it, and where it stands."""
    on = _paid_out_on(loan)
    loan.first_due, loan.disbursed = add_months(on, 1), loan.amount
    rows = schedule(Terms(loan.amount, loan.annual_rate, loan.months, Method(loan.method), on, loan.first_due))
    paid = list(_repaid(rng, loan, rows, today))
    loan.agreed_end = loan.last_due_on = rows[-1].due
    now = standing(rows, [Payment(each.paid_on, each.principal, each.interest) for each in paid], today)
    loan.outstanding, loan.arrears, loan.overdue_since = now.outstanding, now.arrears, now.overdue_since
    if now.next_row:
        loan.next_due_on, loan.next_due_amount = now.next_row.due, now.next_row.total
    if loan.state != S.RUNNING:
        loan.ended_on, loan.overdue_since, loan.arrears = rows[-1].due, None, Decimal(0)
    return Made(loan, rows, paid)


def _paid_out_on(loan: Loan) -> date:
    assert loan.signed_on
    return loan.signed_on + timedelta(days=3)


def _repaid(rng: Random, loan: Loan, rows: tuple[Row, ...], today: date) -> Iterator[Repayment]:
    """Every instalment that fell due; of a late loan and of one written off the last ones are missing."""
    late = loan.state == S.RUNNING and rng.random() < LATE_SHARE
    fallen = [row for row in rows if row.due < today]
    missing = rng.randrange(1, 5) if late or loan.state == S.WRITTEN_OFF else 0
    for row in fallen[: len(fallen) - missing] if missing else fallen:
        yield Repayment(
            loan=loan, bank=loan.bank, paid_on=row.due, principal=row.principal, interest=row.interest,
            reference=f"{loan.contract_number}-{row.number}",
        )  # fmt: skip


def _by(rows: list[Repayment], user: User) -> Iterator[Repayment]:
    for row in rows:
        row.by, row.at = user, _moment(row.paid_on)
        yield row


def _corrected(row: Repayment) -> Iterator[Repayment]:
    """Entered wrong: taken back, and entered again under another reference."""
    shared = {"loan": row.loan, "bank": row.bank, "paid_on": row.paid_on, "by": row.by, "at": row.at}
    back = {name: -getattr(row, name) for name in ("principal", "interest")}
    yield Repayment(**shared, **back, kind="reversal", reverses=row, reference=row.reference)
    again = {name: getattr(row, name) for name in ("principal", "interest")}
    yield Repayment(**shared, **again, reference=f"{row.reference}-2")


def _disbursement(loan: Loan, by: User) -> Disbursement:
    on = _paid_out_on(loan)
    reference = loan.contract_number
    return Disbursement(loan=loan, on=on, amount=loan.amount, reference=reference, by=by, at=_moment(on))


def _schedule(loan: Loan, by: User) -> Schedule:
    on = _paid_out_on(loan)
    return Schedule(loan=loan, version=1, since=on, reason=Schedule.Reason.DISBURSED, by=by, at=_moment(on))


def _bookings(made: Made, by: User) -> Iterator[SubsidyBooking]:
    interest: dict[tuple[int, int], Decimal] = {}
    for row in made.paid:
        of = (row.paid_on.year, (row.paid_on.month + 2) // 3)
        interest[of] = interest.get(of, Decimal(0)) + row.interest
    for (year, quarter), paid in interest.items():
        amount = round(paid * SUBSIDY_SHARE, 2)
        if amount:
            at = _moment(date(year, quarter * 3, 28))
            yield SubsidyBooking(
                loan=made.loan, year=year, quarter=quarter, serial=1, amount=amount, total=amount, by=by, at=at
            )  # fmt: skip


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))
