"""The term of a loan from its payout to its last due date, and a repaid loan that runs again with its case."""

from datetime import date
from decimal import Decimal

import pytest

from growth.loans import actions
from growth.loans.models_loan import Loan
from growth.loans.tariff import TARIFF
from talentmap.audit.models import AuditEntry
from talentmap.casework import actions as casework
from talentmap.casework.states import State as CaseState
from talentmap.casework.timelines import applicant_timeline
from talentmap.money import actions as money
from talentmap.ui.errors import Refused
from tests.factories import lending
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 10)


@pytest.fixture
def market():
    return lending.market()


def disburse(market, loan, first_due, on=ON):
    return actions.disburse(
        by=market.bank, at=moment(on), loan=loan, amount=loan.amount, on=on, reference="FK-1", first_due=first_due
    )


def terms(**changed):
    return {"amount": Decimal(300_000), "rate": Decimal("3.5"), "months": 12, "method": "interest-only", "grace": 0,
            "day_count": "30/360", **changed}  # fmt: skip


@pytest.mark.parametrize(("first_due", "until"), [(date(2026, 4, 11), "2029-03-11"), (date(2027, 3, 10), "2030-02-10")])
def test_the_last_instalment_is_due_within_the_policys_months_from_the_payout(market, first_due, until):
    loan = lending.signed(market, months=36)
    with pytest.raises(Refused, match=rf"36 months.*2029-03-10.*{until}"):
        disburse(market, loan, first_due)
    assert not loan.disbursements.exists()
    disburse(market, loan, date(2026, 4, 10))
    loan.refresh_from_db()
    assert str(loan.agreed_end) == "2029-03-10"


def test_the_product_may_be_narrower_than_the_policy(market):
    short = lending.product(market.bank_office, market.office.system, name="一年贷", max_months=12, max_grace=6)
    loan = lending.signed(market, product=short, months=12)
    with pytest.raises(Refused, match=r"product.*12 months.*2027-03-10"):
        disburse(market, loan, date(2026, 4, 30))
    disburse(market, loan, date(2026, 4, 10))


def test_the_version_of_the_contract_counts_and_not_a_later_one(market):
    loan = lending.signed(market, months=36)
    money.add_version(
        by=market.office.director, at=moment(), code="growth.loans", valid_from=date(2026, 3, 10),
        values={**TARIFF.defaults, "months.individual": Decimal(12)}, note="缩短期限", expected_version=1,
    )  # fmt: skip
    disburse(market, loan, date(2026, 4, 10))


def test_a_policy_shortened_before_the_contract_refuses_it(market):
    loan = lending.approved(market, months=36)
    money.add_version(
        by=market.office.director, at=moment(), code="growth.loans", valid_from=date(2026, 3, 5),
        values={**TARIFF.defaults, "months.individual": Decimal(12)}, note="缩短期限", expected_version=1,
    )  # fmt: skip
    with pytest.raises(Refused, match="12 months"):
        actions.sign(by=market.bank, at=moment(ON), loan=loan, contract_number="HT-1", signed_on=date(2026, 3, 9))


@pytest.mark.parametrize(
    ("changed", "said"), [({"months": 13}, "12"), ({"grace": 4}, "3"), ({"rate": Decimal("3.2")}, "3.1"),
                          ({"method": "equal-principal"}, "repaid by")],
)  # fmt: skip
def test_the_banks_terms_are_not_worse_than_its_product(market, changed, said):
    narrow = lending.product(
        market.bank_office, market.office.system, name="窄", max_months=12, max_grace=3, annual_rate=Decimal("3.1"),
        methods=["interest-only"],
    )  # fmt: skip
    application = lending.at_bank(market, lending.borrower(market), product=narrow)
    with pytest.raises(Refused, match=said):
        actions.set_terms(by=market.bank, at=moment(), application=application, **terms(rate=Decimal("3.1")) | changed)
    actions.set_terms(by=market.bank, at=moment(), application=application, **terms(rate=Decimal("2.9"), months=6))


def test_a_loan_that_runs_again_has_its_case_open_again(market):
    loan = lending.running(market, months=6)
    early = actions.repay_early(
        by=market.bank, at=moment(ON), loan=loan, paid_on=ON, principal=loan.amount, interest=Decimal(0),
        reference="TQ-1",
    )  # fmt: skip
    application = Loan.objects.get().application
    assert application.state == CaseState.CLOSED
    assert application.closed_at is not None

    actions.take_back(by=market.bank, at=moment(ON), repayment=early, reason="录入错误")
    application.refresh_from_db()
    assert (application.state, application.closed_at) == (CaseState.APPROVED, None)
    step = application.transitions.latest("pk")
    assert (step.action, step.by.is_system, step.reason) == ("reopen", True, "录入错误")
    assert AuditEntry.objects.filter(action="casework.reopen").exists()
    assert str(applicant_timeline(application)[-1].title) == "Goes on"

    actions.repay_early(
        by=market.bank, at=moment(ON), loan=loan, paid_on=ON, principal=loan.amount, interest=Decimal(0),
        reference="TQ-2",
    )  # fmt: skip
    application.refresh_from_db()
    assert (application.state, application.loan.state) == (CaseState.CLOSED, "settled")


def test_nobody_reopens_a_case_by_hand(market):
    loan = lending.running(market, months=6)
    actions.repay_early(
        by=market.bank, at=moment(ON), loan=loan, paid_on=ON, principal=loan.amount, interest=Decimal(0),
        reference="TQ-1",
    )  # fmt: skip
    for person in (market.bank, market.office.staff, market.office.director):
        assert "reopen" not in casework.allowed(person, Loan.objects.get().application)
