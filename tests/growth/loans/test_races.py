"""Two banks, two officers, two files at the same moment. Each has a negative control that sees the double: the same
calls with every check in place, but without the lock and the constraint behind it; a barrier has both look before one
of them writes."""

from contextlib import ExitStack, nullcontext
from datetime import date
from decimal import Decimal
from functools import partial
from threading import Barrier
from types import SimpleNamespace

import pgtrigger
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from growth.loans import actions, actions_products
from growth.loans.actions import borrowing, changing, entering, granting, importing
from growth.loans.models import LoanProduct
from growth.loans.models_borrowing import Borrowing, BorrowingPerson
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Disbursement, Repayment, RepaymentFile
from growth.loans.schedules import ZERO
from talentmap.accounts.models import User
from talentmap.casework.models import Application
from talentmap.people.fields import blind_index
from talentmap.people.models import Organisation, Talent
from talentmap.ui.errors import Refused
from tests.factories import lending, loans
from tests.factories.casework import moment
from tests.factories.people import OrganisationFactory, id_number
from tests.races import run_together, without

pytestmark = pytest.mark.django_db(transaction=True)
PAID_ON = date(2026, 4, 10)
MILLION = Decimal(1_000_000)
SHARED_PARTNER = id_number(901)


@pytest.fixture
def market():
    return lending.market()


@pytest.fixture
def both_look_first(monkeypatch):
    """`both_look_first(module, name)`: whoever has called that function waits for the other who does."""

    def patched(module, name):
        both, look = Barrier(2), getattr(module, name)

        def look_and_wait(*arguments):
            seen = look(*arguments)
            both.wait(30)
            return seen

        monkeypatch.setattr(module, name, look_and_wait)

    return patched


def unguarded(*constraints):
    """The database without these constraints, each written `table.constraint`."""
    stack = ExitStack()
    for each in constraints:
        stack.enter_context(without(*each.split(".")))
    return stack


# A person's third loan, and no two at once -------------------------------------------------------------------------


@pytest.fixture
def without_one_open_application():
    with without("talentmap_application", "talentmap_application_one_open"):
        yield


def two_cases(market, person, number_of_loans=2):
    """Two applications of one person, one at each bank, both waiting for its decision: the second is as if sent in
    before the first was decided. The person has had some loans, and repaid them."""
    on = date(2026, 3, 10)
    for number in range(number_of_loans):
        loan = lending.running(market, person, number=f"HT-{number}")
        actions.repay_early(
            by=market.bank, at=moment(on), loan=loan, paid_on=on, principal=loan.amount, interest=ZERO,
            reference=f"TQ-{number}",
        )  # fmt: skip
    other = lending.borrower(market)
    cases = [
        lending.with_terms(market, person),
        lending.with_terms(market, other, bank=market.other_bank, product=market.other_product),
    ]
    Application.objects.filter(pk=cases[1].pk).update(applicant=person)
    return cases


def grant_both(market, cases):
    officers = (market.bank, market.other_bank)

    def one(index):
        application = Application.objects.get(pk=cases[index].pk)
        return actions.grant(by=officers[index], at=moment(), application=application, assessment=None)

    return run_together(one, 2)


def one_is_granted(outcomes):
    return sorted(type(each).__name__ for each in outcomes) == ["Loan", "Refused"]


def taken_up(person):
    return Loan.objects.filter(talent=person).exclude(state="cancelled")


def without_the_borrowers_locks(monkeypatch, enterprise=None):
    """Everybody is known beforehand: two who add the same person would wait for each other as well."""
    for talent in Talent.objects.all():
        with transaction.atomic():
            borrowing.lock_persons(talent, ())
    monkeypatch.setattr(
        borrowing, "_locked", lambda indexes: {
            person.id_number_index: person for person in BorrowingPerson.objects.filter(id_number_index__in=indexes)
        },
    )  # fmt: skip
    monkeypatch.setattr(
        granting, "_lock_borrower",
        lambda application, detail: (Talent.objects.get(pk=application.applicant_id), enterprise),
    )  # fmt: skip


ONE_BORROWING = (
    "growth_borrowing.growth_borrowing_one_at_a_time", "growth_borrowing.growth_borrowing_each_counted_once",
)  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [(0, 1), (2, 3)], ids=["two at once", "a third and a fourth"])
def test_of_two_banks_that_approve_at_once_one_grants(market, without_one_open_application, before, after):
    person = lending.borrower(market)
    assert one_is_granted(grant_both(market, two_cases(market, person, before)))
    assert taken_up(person).count() == after


@pytest.mark.parametrize(("before", "after"), [(0, 2), (2, 4)], ids=["two at once", "a third and a fourth"])
def test_without_lock_and_constraints_both_would(
    market, without_one_open_application, both_look_first, monkeypatch, before, after
):
    person = lending.borrower(market)
    cases = two_cases(market, person, before)
    both_look_first(granting, "_refuse_another")
    without_the_borrowers_locks(monkeypatch)
    with unguarded(
        "growth_loan.growth_loan_one_at_a_time", "growth_loan.growth_loan_each_counted_once", *ONE_BORROWING
    ):
        grant_both(market, cases)
        assert taken_up(person).count() == after


@pytest.mark.parametrize("before", [0, 2])
def test_the_constraints_alone_hold_it_as_well(
    market, without_one_open_application, both_look_first, monkeypatch, before
):
    person = lending.borrower(market)
    cases = two_cases(market, person, before)
    both_look_first(granting, "_refuse_another")
    without_the_borrowers_locks(monkeypatch)
    outcomes = grant_both(market, cases)
    assert sorted(type(each).__name__ for each in outcomes) == ["IntegrityError", "Loan"]
    assert taken_up(person).count() == before + 1


# A partner who borrows twice, with different people ----------------------------------------------------------------


@pytest.fixture
def two_partnerships(market):
    """Two people ask a bank each for a loan together with the same third one, who has no talent file."""
    cases = [
        lending.with_terms(
            market, lending.borrower(market), bank=officer, product=product, partner_list=f"赵同 {SHARED_PARTNER}"
        )
        for officer, product in ((market.bank, market.product), (market.other_bank, market.other_product))
    ]
    with transaction.atomic():
        borrowing.lock_persons(Talent(name="赵同", id_number=SHARED_PARTNER), ())
    return cases


def partners_loans():
    return Borrowing.objects.filter(person__id_number_index=blind_index(SHARED_PARTNER), is_open=True).count()


def test_one_partner_does_not_borrow_twice_at_once(market, two_partnerships):
    assert one_is_granted(grant_both(market, two_partnerships))
    assert partners_loans() == 1


def test_without_the_persons_lock_a_partner_would(market, two_partnerships, both_look_first, monkeypatch):
    both_look_first(borrowing, "refuse_beyond")
    without_the_borrowers_locks(monkeypatch)
    with unguarded(*ONE_BORROWING):
        grant_both(market, two_partnerships)
        assert partners_loans() == 2


# The limit of an enterprise across banks ---------------------------------------------------------------------------


@pytest.fixture
def founders(market):
    """Two founders of one enterprise ask a bank each for four millions; six are possible together."""
    enterprise = OrganisationFactory(kind="enterprise")
    asked = {"kind": "enterprise", "amount": 4 * MILLION}
    cases = []
    for officer, product in ((market.bank, market.product), (market.other_bank, market.other_product)):
        large = lending.product(product.bank, market.office.system, name="小微企业贷", max_amount=6 * MILLION)
        founder = lending.borrower(market, enterprise=enterprise)
        cases.append(lending.with_terms(market, founder, bank=officer, product=large, **asked))
    return SimpleNamespace(enterprise=enterprise, cases=cases)


def test_two_banks_do_not_lend_an_enterprise_more_than_its_limit_together(market, founders):
    assert one_is_granted(grant_both(market, founders.cases))
    assert Loan.objects.get(enterprise=founders.enterprise).amount == 4 * MILLION


def test_without_the_enterprises_lock_they_would(market, founders, both_look_first, monkeypatch):
    both_look_first(granting, "_refuse_beyond_enterprise")
    without_the_borrowers_locks(monkeypatch, founders.enterprise)
    grant_both(market, founders.cases)
    assert [loan.amount for loan in Loan.objects.filter(enterprise=founders.enterprise)] == [4 * MILLION] * 2


# One repayment, entered by several or from one file twice ----------------------------------------------------------


def enter_all(market, loan, count):
    def one(index):
        return actions.repay(
            by=market.bank, at=moment(PAID_ON), loan=Loan.objects.get(pk=loan.pk), paid_on=PAID_ON, principal=ZERO,
            interest=Decimal("875.00"), reference="LS-1",
        )  # fmt: skip

    return run_together(one, count)


def without_the_loans_lock(monkeypatch):
    monkeypatch.setattr(entering, "lock", lambda loan: Loan.objects.get(pk=loan.pk))


def test_one_repayment_entered_by_many_at_once_is_one(market):
    outcomes = enter_all(market, lending.running(market), 6)
    assert {each.pk for each in outcomes} == {Repayment.objects.get().pk}


def test_without_lock_and_constraint_it_would_be_two(market, both_look_first, monkeypatch):
    loan = lending.running(market)
    without_the_loans_lock(monkeypatch)
    both_look_first(entering, "_check_amounts")
    with unguarded("growth_repayment.growth_repayment_once"):
        enter_all(market, loan, 2)
        assert Repayment.objects.count() == 2


def import_both(market):
    content = "合同号,还款日期,本金,利息,流水号\nHT-1,2026-04-10,0,875.00,LS-1\n".encode()
    read = [actions.read_upload(SimpleUploadedFile("a.csv", content)) for _each in range(2)]

    def one(index):
        file = actions.import_repayments(
            by=market.bank, at=moment(PAID_ON), bank=Organisation.objects.get(pk=market.bank_office.pk),
            upload=read[index],
        )  # fmt: skip
        actions.enter_file(file.pk, lambda: moment(PAID_ON))
        return file

    return run_together(one, 2)


def test_one_file_imported_twice_at_once_counts_once(market):
    lending.running(market)
    outcomes = import_both(market)
    assert outcomes[0] == outcomes[1]
    assert Repayment.objects.count() == RepaymentFile.objects.count() == 1


def test_without_locks_and_constraints_the_file_would_count_twice(market, both_look_first, monkeypatch):
    lending.running(market)
    monkeypatch.setattr(importing, "_import_lock", lambda _bank: None)
    without_the_loans_lock(monkeypatch)
    both_look_first(importing, "_by_day")
    both_look_first(entering, "_check_amounts")
    with unguarded(
        "growth_repaymentfile.growth_repaymentfile_once", "growth_repayment.growth_repayment_once"
    ):  # fmt: skip
        import_both(market)
        assert (Repayment.objects.count(), RepaymentFile.objects.count()) == (2, 2)


# One payout, taken back twice -------------------------------------------------------------------------------------


def take_back_both(market, payout):
    def one(index):
        return actions.take_back_payout(
            by=market.bank, at=moment(PAID_ON), payout=Disbursement.objects.get(pk=payout.pk), reason="录入错误"
        )

    return run_together(one, 2)


def test_one_payout_taken_back_twice_at_once_is_taken_back_once(market):
    payout = lending.running(market).disbursements.get()
    outcomes = take_back_both(market, payout)
    assert sorted(isinstance(each, Refused) for each in outcomes) == [False, True]
    assert Disbursement.objects.filter(reverses=payout).count() == 1
    assert Loan.objects.get().disbursed == 0


def test_without_lock_and_constraint_it_would_be_taken_back_twice(market, both_look_first, monkeypatch):
    payout = lending.running(market).disbursements.get()
    monkeypatch.setattr(changing, "lock", lambda loan: Loan.objects.get(pk=loan.pk))
    both_look_first(changing, "schedule_of")
    with unguarded("growth_disbursement.growth_disbursement_reverses_id_key"):
        take_back_both(market, payout)
        assert Disbursement.objects.filter(reverses=payout).count() == 2


# One product, changed twice ----------------------------------------------------------------------------------------


def revise_both(product, guard=nullcontext):
    by = User.objects.system()

    def one(index):
        with guard():
            return actions_products.revise_product(
                by=by, at=moment(), product=product, values=loans.VALUES, reason="下调利率"
            )

    return run_together(one, 2)


def versions():
    return list(LoanProduct.objects.order_by("version").values_list("version", flat=True))


def test_one_product_changed_twice_at_once_has_one_new_version(transactional_db):
    loans.policy_in_force()
    outcomes = revise_both(loans.product(loans.bank()))
    assert sorted(type(each).__name__ for each in outcomes) == ["LoanProduct", "Refused"]
    assert versions() == [1, 2]


def test_without_lock_and_constraints_it_would_have_two(transactional_db, both_look_first, monkeypatch):
    loans.policy_in_force()
    product = loans.product(loans.bank())
    monkeypatch.setattr(actions_products, "_lock", lambda product: LoanProduct.objects.get(pk=product.pk))
    both_look_first(actions_products, "_lock")
    for repeated in ("validate_unique", "validate_constraints"):  # the model says beforehand what the constraints say
        monkeypatch.setattr(LoanProduct, repeated, lambda self, **_options: None)
    with unguarded(
        "growth_loanproduct.growth_loanproduct_one_open",
        "growth_loanproduct.growth_loanproduct_one_a_version",
        "growth_loanproduct.growth_loanproduct_replaces_id_key",
    ):
        revise_both(product, partial(pgtrigger.ignore, "growth.LoanProduct:only_closed"))
        assert versions() == [1, 2, 2]
