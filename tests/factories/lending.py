"""Loans at any point of their life, made through the product's own actions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from growth.loans import actions
from growth.loans.actions.borrowing import lock_persons, record
from growth.loans.actions.common import keep_schedule, terms_of
from growth.loans.models import LoanProduct
from growth.loans.models_loan import Loan, LoanApplication
from growth.loans.models_repayment import Disbursement
from growth.loans.schedules import schedule
from growth.loans.tariff import FUND_CODE, TARIFF_CODE
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.casework import actions as casework
from talentmap.casework.models import Application, Party
from talentmap.money import actions as money
from talentmap.money.models import Fund, Tariff
from talentmap.people.choices import Purpose
from talentmap.people.models import Organisation, Talent
from tests.factories import housing
from tests.factories.accounts import user_with
from tests.factories.casework import MONDAY, moment, picture
from tests.factories.money import ApplicationFactory
from tests.factories.people import OrganisationFactory

CONSENTS = (Purpose.SHARING, Purpose.BANK_ACCOUNT)
SIGNED = date(2026, 3, 9)


@dataclass
class Market:
    """The office, a guarantor, a bank with a product, another bank with one, and the people who decide there."""

    office: housing.Office
    fund: Fund
    guarantor: User
    guarantor_office: Organisation
    bank: User
    bank_office: Organisation
    product: LoanProduct
    other_bank: User
    other_product: LoanProduct


def market(budget: Any = 1_000_000) -> Market:
    office = housing.office(budget=0)
    fund = money.open_fund(by=office.system, at=moment(), code=FUND_CODE, name="创业担保贷款贴息资金")
    if budget:
        money.top_up(by=office.director, at=moment(), fund=fund, amount=Decimal(budget), key="loans", reason="年度预算")
    guarantor, bank, other = (OrganisationFactory(kind=kind) for kind in ("guarantor", "bank", "bank"))
    return Market(
        office=office,
        fund=fund,
        guarantor=user_with(Role.GUARANTOR_OFFICER, organisation=guarantor),
        guarantor_office=guarantor,
        bank=user_with(Role.BANK_OFFICER, organisation=bank),
        bank_office=bank,
        product=product(bank, office.system),
        other_bank=user_with(Role.BANK_OFFICER, organisation=other),
        other_product=product(other, office.system),
    )


def product(bank: Organisation, by: User, **fields: Any) -> LoanProduct:
    """A product within the shipped policy."""
    values = {
        "name": "返乡创业贷",
        "programme": "guaranteed",
        "borrower_kinds": ["individual", "partnership", "enterprise"],
        "methods": ["equal-instalment", "equal-principal", "interest-only", "interest-quarterly"],
        "annual_rate": Decimal("3.5"),
        "min_amount": Decimal(10_000),
        "max_amount": Decimal(500_000),
        "min_months": 6,
        "max_months": 36,
        "max_grace": 12,
        "valid_from": date(2025, 4, 1),
    }
    return LoanProduct.objects.create(bank=bank, made_by=by, made_at=moment(), **{**values, **fields})


def borrower(where: Market, **fields: Any) -> Talent:
    return housing.talent(where.office, **{"consents": CONSENTS, **fields})


def draft(where: Market, person: Talent, on: date = MONDAY, **asked: Any) -> Application:
    """A complete draft; `partner_list` names those who borrow with the person."""
    at, partner_list = moment(on), asked.pop("partner_list", "")
    if partner_list:
        asked |= {"kind": "partnership", "partners": len(partner_list.splitlines()) + 1}
    application = casework.start_draft(by=person.user, at=at, scheme="start_up_loan", talent=person)
    values = {
        "kind": "individual", "partners": None, "product": where.product, "amount": Decimal(300_000), "months": 12,
        "method": "interest-only", "grace": 0, "purpose": "茶叶加工设备",
    } | asked  # fmt: skip
    debts = {
        "business_started_on": date(2025, 1, 10), "other_loans": "none", "consumer_amount": None,
        "spouse_loans": "permitted", "spouse_consumer_amount": None, "partner_list": partner_list,
        "partners_agree": bool(partner_list),
    }  # fmt: skip
    pages = {"loan": values, "business": debts, "declaration": {"declared_true": True}}
    for page, filled in pages.items():
        casework.save_page(by=person.user, at=at, application=application, page=page, values=filled)
    for kind in ("licence", "plan", *(("partnership",) if partner_list else ())):
        casework.attach(by=person.user, at=at, application=application, kind=kind, upload=picture())
    return application


def at_guarantor(where: Market, person: Talent, on: date = MONDAY, **asked: Any) -> Application:
    at, application = moment(on), draft(where, person, on, **asked)
    casework.submit(by=person.user, at=at, application=application)
    casework.accept(by=where.office.cadre, at=at, application=application)
    for by in (where.office.cadre, where.office.staff):
        application = casework.pass_stage(by=by, at=at, application=application)
    return application


def at_bank(where: Market, person: Talent, on: date = MONDAY, **asked: Any) -> Application:
    application = at_guarantor(where, person, on, **asked)
    return casework.pass_stage(by=where.guarantor, at=moment(on), application=application)


def with_terms(where: Market, person: Talent, on: date = MONDAY, bank: User | None = None, **asked: Any) -> Application:
    """At the bank, which has set the terms as they were asked for."""
    application = at_bank(where, person, on, **asked)
    form = application.loan_form
    terms = {
        "amount": form.amount, "rate": Decimal("3.5"), "months": form.months, "method": form.method,
        "grace": form.grace, "day_count": "30/360",
    }  # fmt: skip
    actions.set_terms(by=bank or where.bank, at=moment(on), application=application, **terms)
    return application


def approved(where: Market, person: Talent | None = None, on: date = MONDAY, **asked: Any) -> Loan:
    application = with_terms(where, person or borrower(where), on, **asked)
    casework.approve(by=where.bank, at=moment(on), application=application)
    return Loan.objects.get(application=application)


def signed(where: Market, person: Talent | None = None, number: str = "HT-1", on: date = MONDAY, **asked: Any) -> Loan:
    loan = approved(where, person, on, **asked)
    return actions.sign(by=where.bank, at=moment(SIGNED), loan=loan, contract_number=number, signed_on=SIGNED)


def running(where: Market, person: Talent | None = None, number: str = "HT-1", **asked: Any) -> Loan:
    """Paid out as a whole on 10 March 2026, first due on 10 April."""
    loan = signed(where, person, number, **asked)
    on = date(2026, 3, 10)
    actions.disburse(
        by=where.bank, at=moment(on), loan=loan, amount=loan.amount, on=on, reference=f"FK-{number}",
        first_due=date(2026, 4, 10),
    )  # fmt: skip
    return Loan.objects.get(pk=loan.pk)


def paid(where: Market, loan: Loan, on: date, principal: Any = 0, interest: Any = 0, **more: Any) -> Any:
    """A repayment entered on the day on which it was paid."""
    values = {"reference": f"LS-{loan.pk}-{on}", **more}
    at = values.pop("at", moment(on))
    return actions.repay(
        by=where.bank, at=at, loan=loan, paid_on=on, principal=Decimal(principal), interest=Decimal(interest), **values
    )


def bare(person: Talent, bank: Organisation, guarantor: Organisation, number: str) -> Loan:
    """A running loan put straight into the database, for lists and permissions."""
    money.load_defaults(by=User.objects.system(), at=moment())
    on, due = date(2026, 3, 10), date(2026, 4, 10)
    system = User.objects.system()
    case = ApplicationFactory(applicant=person, scheme="start_up_loan")
    loan = Loan.objects.create(
        application=case, talent=person, product=product(bank, system, name=number), bank=bank, guarantor=guarantor,
        kind="individual", programme="guaranteed", ordinal=1, amount=Decimal(120_000), annual_rate=Decimal("3.5"),
        months=12, method="equal-principal", day_count="30/360", state="running", approved_on=MONDAY,
        contract_number=number, signed_on=SIGNED, tariff=Tariff.objects.get(code=TARIFF_CODE), first_due=due,
        disbursed=Decimal(120_000),
    )  # fmt: skip
    record(loan, lock_persons(person, ()), moment())
    Disbursement.objects.create(loan=loan, on=on, amount=loan.amount, reference=number, by=system, at=moment(on))
    rows = schedule(terms_of(loan, loan.amount, on, due))
    keep_schedule(loan, rows, since=on, reason="disbursed", by=system, at=moment(on))
    loan.agreed_end = rows[-1].due
    loan.save(update_fields=["agreed_end"])
    actions.refresh(loan, on)
    return loan


def case_at(person: Talent, bank: Organisation, stage: str) -> Application:
    """An application put straight before a bank or a guarantor."""
    money.load_defaults(by=User.objects.system(), at=moment())
    case = ApplicationFactory(
        applicant=person, scheme="start_up_loan", state="in_review", stage=stage, accepted_at=moment(),
        promised_days=20, notice_days=5, stage_due_on=SIGNED, decide_due_on=SIGNED, decided_at=None,
    )  # fmt: skip
    LoanApplication.objects.create(
        application=case, kind="individual", product=product(bank, User.objects.system(), name=f"贷{case.pk}"),
        amount=Decimal(100_000), months=12, method="equal-principal",
    )  # fmt: skip
    Party.objects.create(application=case, stage=stage, organisation=bank, asked_at=moment())
    return case
