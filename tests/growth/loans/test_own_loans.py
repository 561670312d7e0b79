"""A bank's officer who borrows, alone or as a partner: a colleague sets the terms and keeps the loan."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from growth.loans import actions
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Disbursement, Repayment, Schedule
from talentmap.accounts.permissions import Role
from talentmap.audit.action import ACTIONS
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused
from tests.factories import housing, lending
from tests.factories.accounts import user_with
from tests.factories.casework import moment
from tests.factories.people import id_number
from tests.growth.loans.test_changes import extend

pytestmark = pytest.mark.django_db
ON, DUE = date(2026, 3, 12), date(2026, 4, 10)
NUMBER = id_number(921)
WHY = "录入错误"
MONEY = {"principal": Decimal(0), "interest": Decimal("875.00"), "reference": "LS-9"}
TERMS = {
    "amount": Decimal(300_000), "rate": Decimal("3.5"), "months": 12, "method": "interest-only", "grace": 0,
    "day_count": "30/360",
}  # fmt: skip


@pytest.fixture
def market():
    return lending.market()


def borrows_alone(market):
    """Their own file, of which the account is now that of the officer."""
    person = lending.borrower(market)
    return person, {}, person


def borrows_with_others(market):
    partner = lending.borrower(market, id_number=NUMBER)
    return lending.borrower(market), {"partner_list": f"{partner.name} {NUMBER}"}, partner


OWN = pytest.mark.parametrize("part", [borrows_alone, borrows_with_others])


def is_the_officers(market, talent):
    Talent.objects.filter(pk=talent.pk).update(user=market.bank)


KEPT = {
    "sign": lambda loan: {"loan": loan, "contract_number": "HT-9", "signed_on": ON},
    "correct_contract": lambda loan: {"loan": loan, "contract_number": "HT-9", "reason": WHY},
    "disburse": lambda loan: {"loan": loan, "amount": Decimal(1), "on": ON, "reference": "FK-9"},
    "repay": lambda loan: {"loan": loan, "paid_on": DUE, **MONEY},
    "repay_early": lambda loan: {"loan": loan, "paid_on": DUE, **MONEY},
    "extend": lambda loan: {"loan": loan, "on": ON, "months": 3, "reason": WHY},
    "write_off": lambda loan: {"loan": loan, "on": DUE, "reason": WHY},
    "take_back_write_off": lambda loan: {"loan": loan, "reason": WHY},
    "cancel": lambda loan: {"loan": loan, "reason": WHY},
    "take_back": lambda loan: {"repayment": Repayment.objects.get(loan=loan), "reason": WHY},
    "take_back_payout": lambda loan: {"payout": Disbursement.objects.get(loan=loan), "reason": WHY},
    "take_back_extension": lambda loan: {
        "extension": Schedule.objects.get(loan=loan, reason="extended"), "reason": WHY,
    },
}  # fmt: skip


def test_the_table_has_every_action_of_a_bank():
    """Those with which an officer keeps a loan: the others are the office's or the system's, or of an application."""
    others = {
        "apply_as_calculated", "book_subsidy", "bring_up_to_date", "choose_guarantor", "enter_row", "grant",
        "import_repayments", "revoke_grant", "set_terms", "settle_subsidy",
    }  # fmt: skip
    named = {name.rpartition(".")[2] for name in ACTIONS if name.startswith("growth.loans.")}
    assert named - others - {name for name in named if name.endswith("_product")} == set(KEPT)


@OWN
def test_nobody_keeps_their_own_loan(market, part):
    person, asked, officer = part(market)
    loan = lending.running(market, person, **asked)
    extend(market, loan, ON, 3)
    lending.paid(market, loan, DUE, interest="875.00")
    is_the_officers(market, officer)
    before = Loan.objects.filter(pk=loan.pk).values().get()
    for name, arguments in KEPT.items():
        with pytest.raises(Refused, match="your own"):
            getattr(actions, name)(by=market.bank, at=moment(DUE), **arguments(loan))
    assert Loan.objects.filter(pk=loan.pk).values().get() == before
    assert (Repayment.objects.count(), Disbursement.objects.count(), loan.schedules.count()) == (1, 1, 2)
    colleague = user_with(Role.BANK_OFFICER, organisation=market.bank_office)
    actions.take_back(by=colleague, at=moment(DUE), **KEPT["take_back"](loan))


@OWN
def test_nor_decides_on_it(market, part):
    person, asked, officer = part(market)
    case = lending.with_terms(market, person, **asked)
    is_the_officers(market, officer)
    with pytest.raises(Refused, match="your own"):
        actions.set_terms(by=market.bank, at=moment(), application=case, **TERMS)
    with pytest.raises(Refused, match="your own"):
        actions.grant(by=market.bank, at=moment(), application=case, assessment=None)
    assert not Loan.objects.exists()
    colleague = user_with(Role.BANK_OFFICER, organisation=market.bank_office)
    actions.set_terms(by=colleague, at=moment(), application=case, **TERMS)


def test_nor_names_the_guarantor_of_their_own(market):
    case = lending.at_guarantor(market, lending.borrower(market))
    Talent.objects.filter(pk=case.applicant_id).update(user=market.office.staff)
    with pytest.raises(Refused, match="your own"):
        actions.choose_guarantor(
            by=market.office.staff, at=moment(), application=case, guarantor=market.guarantor_office
        )


def test_in_the_banks_file_their_own_row_waits_for_a_colleague(market):
    loan = lending.running(market)
    is_the_officers(market, loan.talent)
    rows = "合同号,还款日期,本金,利息,流水号\nHT-1,2026-04-10,0,875.00,LS-1\n"
    with pytest.raises(Refused, match="your own"):
        actions.repay(by=market.bank, at=moment(DUE), loan=loan, paid_on=DUE, **MONEY)
    upload = actions.read_upload(SimpleUploadedFile("a.csv", rows.encode()))
    file = actions.import_repayments(by=market.bank, at=moment(DUE), bank=market.bank_office, upload=upload)
    actions.enter_file(file.pk, lambda: moment(DUE))
    assert "本人的贷款" in file.lines.get(verdict="refused").reason


@OWN
def test_the_pages_do_not_offer_it(market, part):
    person, asked, officer = part(market)
    loan = lending.running(market, person, **asked)
    housing.give(market.bank, Role.TALENT)
    other, more, _partner = lending.borrower(market), {}, None
    case = lending.at_bank(market, other, **more)
    client = Client()
    client.force_login(market.bank)
    page, repay = loan.get_absolute_url(), reverse("loans:repay", args=[loan.pk])
    terms, of_case = (reverse(name, args=[case.pk]) for name in ("loans:terms", "casework:case"))
    assert repay in client.get(page).content.decode()
    is_the_officers(market, officer)
    assert repay not in client.get(page).content.decode()
    for answer in (client.get(repay), client.post(repay, {"paid_on": "2026-04-10", **MONEY})):
        assert answer.url == page
    assert not Repayment.objects.exists()
    assert terms in client.get(of_case).content.decode()
    Talent.objects.filter(pk=officer.pk).update(user=None)
    is_the_officers(market, other)
    assert terms not in client.get(of_case).content.decode()
    assert client.get(terms).url == of_case
