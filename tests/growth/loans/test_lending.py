"""A loan from the application to its end, with amounts counted by hand."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from growth.loans import actions
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Instalment, Repayment, SubsidyBooking
from growth.loans.tasks import bring_all_up_to_date
from talentmap.casework import actions as casework
from talentmap.casework.states import State as CaseState
from talentmap.money import actions as money
from talentmap.money.tariffs import in_force
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories import lending
from tests.factories.casework import moment
from tests.factories.people import OrganisationFactory

pytestmark = pytest.mark.django_db
MONTH = Decimal("875.00")  # 300,000 at 3.5% a year


@pytest.fixture
def market():
    return lending.market()


def pay_months(market, loan, months, interest=MONTH):
    for month in months:
        lending.paid(market, loan, date(2026, month, 10), interest=interest)


def test_township_office_guarantor_and_bank_decide_one_after_the_other(market):
    application = lending.at_guarantor(market, lending.borrower(market))
    assert application.stage == "guarantor"
    assert str(application.stage_due_on) == "2026-03-05"  # three working days
    application = casework.pass_stage(by=market.guarantor, at=moment(), application=application)
    assert (application.stage, str(application.stage_due_on)) == ("bank", "2026-03-09")  # five
    assert application.stage_days["office"] == 7


def test_a_product_without_guarantee_goes_straight_to_the_bank(market):
    free = lending.product(market.bank_office, market.office.system, name="青年贷", programme="youth", annual_rate=0,
                           borrower_kinds=["individual"], needs_guarantee=False, max_amount=100_000)  # fmt: skip
    person = lending.borrower(market, birth_date=date(2000, 5, 1))
    application = lending.at_guarantor(market, person, product=free, amount=Decimal(50_000))
    assert application.stage == "bank"


def test_the_bank_approves_only_on_terms_that_it_has_set(market):
    application = lending.at_bank(market, lending.borrower(market))
    with pytest.raises(Refused):
        casework.approve(by=market.bank, at=moment(), application=application)
    terms = {"amount": Decimal(200_000), "rate": Decimal("3.4"), "months": 12, "method": "equal-principal", "grace": 0}
    with pytest.raises(PermissionDenied):
        actions.set_terms(by=market.other_bank, at=moment(), application=application, **terms, day_count="30/360")
    actions.set_terms(by=market.bank, at=moment(), application=application, **terms, day_count="30/360")
    casework.approve(by=market.bank, at=moment(), application=application)
    loan = Loan.objects.get()
    assert (loan.amount, loan.annual_rate, loan.bank) == (Decimal(200_000), Decimal("3.4"), market.bank_office)
    assert loan.application.state == CaseState.APPROVED


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"rate": Decimal("3.51")}, "3.5"), ({"amount": Decimal(300_001)}, "300,000"), ({"months": 37}, "36")],
)
def test_terms_stay_within_the_policy_and_what_was_asked(market, changed, said):
    application = lending.at_bank(market, lending.borrower(market))
    terms = {"amount": Decimal(300_000), "rate": Decimal("3.5"), "months": 12, "method": "interest-only", "grace": 0}
    with pytest.raises(Refused, match=said):
        actions.set_terms(
            by=market.bank, at=moment(), application=application, **{**terms, **changed}, day_count="30/360"
        )


def test_nobody_has_two_loans_at_once_and_at_most_three_in_a_lifetime(market):
    person = lending.borrower(market)
    for number in (1, 2, 3):
        loan = lending.running(market, person, number=f"HT-{number}", months=6)
        assert loan.ordinal == number
        application = casework.start_draft(by=person.user, at=moment(), scheme="start_up_loan", talent=person)
        conditions = {c.code: c for c in application.service.assess(person, at=moment()).conditions}
        assert conditions["one_loan"].outcome == "not_met"
        casework.withdraw(by=person.user, at=moment(), application=application)
        actions.repay_early(
            by=market.bank, at=moment(date(2026, 3, 10)), loan=loan, paid_on=date(2026, 3, 10),
            principal=loan.amount, interest=Decimal(0), reference=f"TQ-{number}",
        )  # fmt: skip
    outcomes = {c.code: c.outcome for c in application.service.assess(person, at=moment()).conditions}
    assert (outcomes["one_loan"], outcomes["loans_left"]) == ("met", "not_met")


def test_an_approval_that_is_not_taken_up_is_not_counted(market):
    person = lending.borrower(market)
    loan = lending.approved(market, person)
    actions.cancel(by=market.bank, at=moment(), loan=loan, reason="客户放弃")
    assert lending.approved(market, person).ordinal == 1


def test_the_contracts_day_decides_which_policy_holds(market):
    loan = lending.signed(market)
    assert loan.tariff.code == "growth.loans"
    with pytest.raises(Refused):
        actions.sign(by=market.bank, at=moment(), loan=loan, contract_number="X", signed_on=date(2026, 3, 2))


def test_a_contract_stays_below_the_approval_where_the_rate_has_fallen_since(market):
    """The LPR of 3.0 falls to 2.9 between approval and contract: 2.9 and 50 base points are 3.4, not 3.5."""
    loan, on = lending.approved(market), date(2026, 3, 9)
    values = {**in_force("growth.loans", on=on), "rate.lpr": Decimal("2.9")}
    money.add_version(
        by=market.office.director, at=moment(), code="growth.loans", valid_from=on, values=values, note="LPR",
        expected_version=1,
    )  # fmt: skip
    contract = {"by": market.bank, "at": moment(on), "loan": loan, "contract_number": "HT-1", "signed_on": on}
    with pytest.raises(Refused, match=r"3\.4"):
        actions.sign(**contract)
    for more in ({"amount": Decimal(300_001)}, {"rate": Decimal("3.51")}, {"months": 13}):
        with pytest.raises(Refused, match=r"300,000\.00 at 3\.5% a year for 12 months"):
            actions.sign(**contract, **more)
    signed = actions.sign(**contract, rate=Decimal("3.4"))
    assert (signed.annual_rate, signed.amount, signed.months) == (Decimal("3.4"), Decimal(300_000), 12)


def test_money_is_paid_out_once_a_reference_and_never_beyond_the_amount(market):
    loan = lending.signed(market)
    on, due = date(2026, 3, 10), date(2026, 4, 10)
    first = {"loan": loan, "amount": Decimal(200_000), "on": on, "reference": "FK-1", "first_due": due}
    for _again in range(2):
        actions.disburse(by=market.bank, at=moment(on), **first)
    loan.refresh_from_db()
    assert (loan.disbursed, loan.outstanding, loan.state) == (Decimal(200_000), Decimal(200_000), "running")
    with pytest.raises(Refused, match="100,000"):
        actions.disburse(by=market.bank, at=moment(on), **{**first, "reference": "FK-2", "amount": Decimal(100_001)})
    with pytest.raises(PermissionDenied):
        actions.disburse(by=market.other_bank, at=moment(on), **{**first, "reference": "FK-3"})


def test_a_further_part_paid_out_raises_what_is_still_to_come(market):
    loan = lending.signed(market, method="equal-principal")
    on = date(2026, 3, 10)
    actions.disburse(by=market.bank, at=moment(on), loan=loan, amount=Decimal(120_000), on=on, reference="FK-1",
                     first_due=date(2026, 4, 10))  # fmt: skip
    lending.paid(market, loan, date(2026, 4, 10), 10_000, 350)
    later = date(2026, 4, 25)
    actions.disburse(by=market.bank, at=moment(later), loan=loan, amount=Decimal(110_000), on=later, reference="FK-2")
    loan.refresh_from_db()
    assert loan.outstanding == Decimal(220_000)
    # 15 days on 110,000 until the second part, 15 on 220,000 after it: 160.42 + 320.83; principal 220,000 / 11
    assert loan.next_due_amount == Decimal("20481.25")


def test_a_repaid_loan_is_over_and_its_case_is_completed(market):
    loan = lending.running(market, months=6)
    pay_months(market, loan, range(4, 9))
    loan.refresh_from_db()
    assert (loan.state, loan.next_due_amount) == ("running", Decimal("300875.00"))
    lending.paid(market, loan, date(2026, 9, 10), 300_000, MONTH)
    loan.refresh_from_db()
    assert (loan.state, loan.outstanding, str(loan.ended_on)) == ("settled", 0, "2026-09-10")
    assert loan.application.state == CaseState.CLOSED


def test_what_is_not_paid_is_overdue_from_the_next_day_and_is_told_once(market):
    loan = lending.running(market)
    for day, arrears in ((date(2026, 4, 10), 0), (date(2026, 4, 11), MONTH)):
        bring_all_up_to_date(at=moment(day))
        loan.refresh_from_db()
        assert loan.arrears == arrears
    bring_all_up_to_date(at=moment(date(2026, 4, 11)))
    told = Notice.objects.filter(recipient=loan.talent.user)
    assert told.filter(kind="loan_due_soon").count() == 1
    assert told.filter(kind="loan_overdue").count() == 1
    lending.paid(market, loan, date(2026, 4, 20), interest=MONTH, penalty=Decimal("2.50"))
    loan.refresh_from_db()
    assert (loan.arrears, loan.overdue_since, str(loan.next_due_on)) == (0, None, "2026-05-10")


def test_more_than_is_due_is_an_early_repayment(market):
    loan = lending.running(market)
    with pytest.raises(Refused, match="early"):
        lending.paid(market, loan, date(2026, 4, 10), 1, MONTH)
    with pytest.raises(Refused, match="early"):
        lending.paid(market, loan, date(2026, 4, 10), 0, MONTH + 1)


def test_a_wrong_repayment_can_be_entered_anew_also_after_later_ones(market):
    loan = lending.running(market, method="equal-principal", amount=Decimal(120_000))
    # 10,000 of principal a month, and 3.5% of what is left
    interests = {4: Decimal("350.00"), 5: Decimal("320.83"), 6: Decimal("291.67")}
    paid = [
        lending.paid(market, loan, date(2026, month, 10), 10_000, interest) for month, interest in interests.items()
    ]
    actions.take_back(by=market.bank, at=moment(date(2026, 6, 12)), repayment=paid[0], reason="实际到账日期不同")
    late, entered = date(2026, 4, 22), moment(date(2026, 6, 12))
    with pytest.raises(Refused, match="taken back"):
        lending.paid(market, loan, date(2026, 4, 10), 10_000, interests[4], reference=paid[0].reference, at=entered)
    with pytest.raises(Refused, match="early"):
        lending.paid(market, loan, late, 10_001, interests[4], at=entered)
    lending.paid(market, loan, late, 10_000, interests[4], at=entered)
    loan.refresh_from_db()
    assert (loan.outstanding, loan.arrears, str(loan.next_due_on)) == (Decimal(90_000), 0, "2026-07-10")


def test_part_repaid_early_lowers_the_interest_to_come(market):
    loan = lending.running(market)
    pay_months(market, loan, [4])
    on = date(2026, 4, 25)
    early = {"loan": loan, "paid_on": on, "principal": Decimal(100_000), "reference": "TQ-1"}
    with pytest.raises(Refused, match=r"437\.50"):
        actions.repay_early(by=market.bank, at=moment(on), interest=Decimal(0), **early)
    # 15 of 30 days on 300,000
    for _again in range(2):
        actions.repay_early(by=market.bank, at=moment(on), interest=Decimal("437.50"), **early)
    loan.refresh_from_db()
    # 15 days on 200,000 at 3.5%
    assert (loan.outstanding, loan.next_due_amount) == (Decimal(200_000), Decimal("291.67"))
    assert Repayment.objects.filter(kind="early").count() == 1
    last = Instalment.objects.filter(schedule__version=2).latest("due")
    assert (last.principal, str(last.due)) == (Decimal(200_000), "2027-03-10")


def test_taking_back_an_early_repayment_brings_the_schedule_back(market):
    loan = lending.running(market)
    on = date(2026, 3, 25)
    early = actions.repay_early(
        by=market.bank, at=moment(on), loan=loan, paid_on=on, principal=loan.amount, interest=Decimal("437.50"),
        reference="TQ-1",
    )  # fmt: skip
    assert Loan.objects.get().state == "settled"
    actions.take_back(by=market.bank, at=moment(on), repayment=early, reason="录入错误")
    loan.refresh_from_db()
    assert (loan.state, loan.outstanding, loan.next_due_amount) == ("running", Decimal(300_000), MONTH)
    with pytest.raises(Refused):
        actions.take_back(by=market.bank, at=moment(on), repayment=early, reason="again")


def test_an_extension_moves_the_end_and_is_not_subsidised(market):
    loan = lending.running(market, months=6)
    pay_months(market, loan, range(4, 9))
    on = date(2026, 9, 1)
    actions.extend(by=market.bank, at=moment(on), loan=loan, on=on, months=3, reason="茶叶尚未售出")
    loan.refresh_from_db()
    assert (str(loan.agreed_end), str(loan.last_due_on)) == ("2026-09-10", "2026-12-10")
    for month in (9, 10, 11):
        lending.paid(market, loan, date(2026, month, 10), interest=MONTH)
    lending.paid(market, loan, date(2026, 12, 10), 300_000, MONTH)
    actions.book_subsidy(by=market.office.staff, at=moment(date(2027, 1, 4)), loan=loan)
    booked = {b.quarter: b.amount for b in SubsidyBooking.objects.all()}
    assert booked == {2: Decimal("1312.50"), 3: Decimal("1312.50")}


def test_a_written_off_loan_says_why_and_is_over(market):
    loan = lending.running(market)
    with pytest.raises(Refused):
        actions.write_off(by=market.bank, at=moment(date(2026, 6, 1)), loan=loan, on=date(2026, 6, 1), reason=" ")
    actions.write_off(by=market.bank, at=moment(date(2026, 6, 1)), loan=loan, on=date(2026, 6, 1), reason="破产")
    loan.refresh_from_db()
    assert (loan.state, loan.outstanding) == ("written_off", Decimal(300_000))
    with pytest.raises(Refused):
        lending.paid(market, loan, date(2026, 6, 2), interest=1)


def test_where_there_are_several_guarantors_the_office_names_one(market):
    second = OrganisationFactory(kind="guarantor")
    application = lending.at_guarantor(market, lending.borrower(market))
    assert not application.parties.exists()
    with pytest.raises(PermissionDenied):
        actions.choose_guarantor(by=market.bank, at=moment(), application=application, guarantor=second)
    actions.choose_guarantor(by=market.office.staff, at=moment(), application=application, guarantor=second)
    assert application.parties.get().organisation == second


def test_a_guarantor_is_named_only_while_the_application_is_reviewed_and_not_at_the_bank(market):
    draft, at_bank = lending.draft(market, lending.borrower(market)), lending.at_bank(market, lending.borrower(market))
    loan, second = lending.approved(market), OrganisationFactory(kind="guarantor")
    for application in (draft, at_bank, loan.application):
        with pytest.raises(Refused, match="while the application is reviewed"):
            actions.choose_guarantor(by=market.office.staff, at=moment(), application=application, guarantor=second)
        assert application.loan_form.guarantor_id is None


def test_a_loan_of_nothing_is_neither_granted_nor_signed(market):
    application = lending.at_bank(market, lending.borrower(market))
    terms = {"rate": Decimal("3.4"), "method": "interest-only", "grace": 0, "day_count": "30/360"}
    for values in ({"amount": Decimal(0), "months": 12}, {"amount": Decimal(200_000), "months": 0}):
        with pytest.raises(Refused, match="more than zero"):
            actions.set_terms(by=market.bank, at=moment(), application=application, **terms, **values)
    loan, on = lending.approved(market), date(2026, 3, 9)
    for values in ({"amount": Decimal(0)}, {"months": 0}):
        with pytest.raises(Refused, match="more than zero"):
            actions.sign(
                by=market.bank, at=moment(on), loan=loan, contract_number="HT-1", signed_on=on, **values
            )  # fmt: skip
    loan.refresh_from_db()
    assert (loan.state, loan.amount, loan.months) == ("approved", 300_000, 12)


def test_a_loan_ends_with_its_latest_payment_in_whatever_order_they_are_entered(market):
    """The last instalment of six is entered before the one of August."""
    loan = lending.running(market, months=6)
    pay_months(market, loan, (4, 5, 6, 7))
    september = date(2026, 9, 10)
    lending.paid(market, loan, september, principal=300_000, interest=MONTH)
    assert Loan.objects.get().state == "running"
    lending.paid(market, loan, date(2026, 8, 10), interest=MONTH, at=moment(september))
    loan.refresh_from_db()
    assert (loan.state, loan.ended_on) == ("settled", september)
