"""A borrower's ID number is corrected or taken out: the loan stays the file's, and nobody else's."""

from datetime import date
from threading import Barrier

import pytest

from growth.loans import actions
from growth.loans.actions import borrowing
from growth.loans.models_borrowing import Borrowing, BorrowingPerson
from growth.loans.models_loan import Loan
from talentmap.audit.models import AuditEntry
from talentmap.casework.models import Application
from talentmap.people import actions as people
from talentmap.people.fields import blind_index
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused
from tests.factories import lending
from tests.factories.casework import moment
from tests.factories.people import id_number
from tests.growth.loans.test_partners import outcomes, settle
from tests.growth.loans.test_races import ONE_BORROWING, unguarded
from tests.races import run_together

THEIRS, RIGHT = id_number(911), id_number(912)
ON = date(2026, 3, 10)


@pytest.fixture
def market(db):
    return lending.market()


@pytest.fixture
def mistyped(market):
    """Borrows under a number that is really somebody else's."""
    return lending.borrower(market, id_number=THEIRS)


def correct(market, talent, number):
    return people.update_talent(by=market.office.staff, at=moment(ON), talent=talent, changes={"id_number": number})


def clear(market, talent):
    return people.clear_id_number(by=market.office.staff, at=moment(ON), talent=talent, reason="录入错误")


def counted_for(number):
    """Which loans the person with this number has had."""
    found = Borrowing.objects.filter(person__id_number_index=blind_index(number), is_counted=True)
    return list(found.order_by("ordinal").values_list("ordinal", "loan_id"))


def open_for(number):
    return Borrowing.objects.filter(person__id_number_index=blind_index(number), is_open=True).count()


@pytest.mark.parametrize("mend", [clear, lambda market, talent: correct(market, talent, RIGHT)])
def test_the_true_holder_of_a_mistyped_number_borrows_freely(market, mistyped, mend):
    lending.running(market, mistyped)
    mend(market, mistyped)
    assert counted_for(THEIRS) == []
    holder = lending.borrower(market, id_number=THEIRS)
    case = lending.draft(market, holder)
    assert (outcomes(case, holder)["one_loan"], outcomes(case, holder)["loans_left"]) == ("met", "met")
    loan = lending.approved(market, lending.borrower(market), partner_list=f"真持有 {THEIRS}")
    assert counted_for(THEIRS) == [(1, loan.pk)]
    assert BorrowingPerson.objects.get(id_number_index=blind_index(THEIRS)).name == "真持有"


def test_a_loan_whose_borrower_has_no_number_any_more_is_not_lost(market, mistyped):
    loan = lending.running(market, mistyped)
    clear(market, mistyped)
    case = lending.draft(market, mistyped)
    assert outcomes(case, mistyped)["one_loan"] == "not_met"
    correct(market, mistyped, RIGHT)
    assert counted_for(RIGHT) == [(1, loan.pk)]
    assert BorrowingPerson.objects.get(id_number_index=blind_index(RIGHT)).name == mistyped.name
    change = AuditEntry.objects.filter(table_name="growth_borrowing", action="people.update_talent").get()
    assert list(change.changes) == ["person_id"]


def test_whoever_borrows_already_is_no_partner_elsewhere_under_the_right_number(market, mistyped):
    lending.running(market, mistyped)
    waiting = lending.with_terms(market, lending.borrower(market), partner_list=f"本人 {RIGHT}")
    correct(market, mistyped, RIGHT)
    assert outcomes(waiting, waiting.applicant)["partners_one_loan"] == "not_met"
    with pytest.raises(Refused, match="not over"):
        actions.grant(by=market.bank, at=moment(), application=waiting, assessment=None)
    assert open_for(RIGHT) == 1


def test_what_each_has_had_is_numbered_anew(market, mistyped):
    """Three loans stood under one number: the first was another's, and so was the third."""
    settle(market, first := lending.running(market, mistyped, number="HT-1"))
    settle(market, partners := lending.running(market, number="HT-2", partner_list=f"真持有 {THEIRS}"))
    settle(market, third := lending.running(market, mistyped, number="HT-3"))
    correct(market, mistyped, RIGHT)
    assert counted_for(RIGHT) == [(1, first.pk), (2, third.pk)]
    assert counted_for(THEIRS) == [(1, partners.pk)]
    next_one = lending.running(market, number="HT-4", partner_list=f"真持有 {THEIRS}")
    assert counted_for(THEIRS) == [(1, partners.pk), (2, next_one.pk)]


def test_an_older_loan_comes_before_those_under_the_right_number(market, mistyped):
    settle(market, first := lending.running(market, mistyped, number="HT-1"))
    settle(market, partners := lending.running(market, number="HT-2", partner_list=f"本人 {RIGHT}"))
    correct(market, mistyped, RIGHT)
    assert counted_for(RIGHT) == [(1, first.pk), (2, partners.pk)]


def test_no_correction_gives_one_person_two_loans_at_once(market, mistyped):
    lending.running(market, mistyped)
    lending.running(market, number="HT-2", partner_list=f"本人 {RIGHT}")
    with pytest.raises(Refused, match="two loans"):
        correct(market, mistyped, RIGHT)
    assert Talent.objects.get(pk=mistyped.pk).id_number == THEIRS
    clear(market, mistyped)  # the true holder is free all the same
    assert open_for(THEIRS) == 0


def test_nor_two_parts_in_one_loan(market, mistyped):
    settle(market, lending.running(market, mistyped, partner_list=f"本人 {RIGHT}"))
    with pytest.raises(Refused, match="twice in one"):
        correct(market, mistyped, RIGHT)


def test_a_repaid_loan_does_not_run_again_beside_one_under_the_right_number(market, mistyped):
    early = settle(market, lending.running(market, mistyped))
    correct(market, mistyped, RIGHT)
    lending.approved(market, partner_list=f"本人 {RIGHT}")
    with pytest.raises(Refused, match="another loan by now"):
        actions.take_back(by=market.bank, at=moment(ON), repayment=early, reason="录入错误")


def test_the_erased_leave_no_name_behind_where_they_had_no_number(market, mistyped):
    settle(market, lending.running(market, mistyped))
    clear(market, mistyped)
    assert BorrowingPerson.objects.filter(name=mistyped.name).count() == 1
    people.erase(by=market.office.director, at=moment(ON), talent=mistyped)
    assert not BorrowingPerson.objects.filter(name=mistyped.name).exists()


def test_without_a_number_the_borrower_is_still_the_borrower(market):
    waiting = lending.with_terms(market, lending.borrower(market), partner_list=f"赵同 {RIGHT}")
    clear(market, waiting.applicant)
    loan = actions.grant(by=market.bank, at=moment(), application=waiting, assessment=None)
    assert loan.borrowings.get(is_borrower=False).person.name == "赵同"


# The correction beside a bank that grants --------------------------------------------------------------------------


def correct_beside_a_grant(market):
    """The number of somebody who borrows is corrected, while another bank lends to them as a partner."""
    mistyped = lending.borrower(market, id_number=THEIRS)
    lending.running(market, mistyped)
    waiting = lending.with_terms(
        market, lending.borrower(market), bank=market.other_bank, product=market.other_product,
        partner_list=f"本人 {RIGHT}",
    )  # fmt: skip
    BorrowingPerson.objects.create(name="本人", id_number=RIGHT, id_number_index=blind_index(RIGHT))

    def one(index):
        if index:
            return correct(market, Talent.objects.get(pk=mistyped.pk), RIGHT)
        case = Application.objects.get(pk=waiting.pk)
        return actions.grant(by=market.other_bank, at=moment(), application=case, assessment=None)

    return run_together(one, 2)


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_a_second_loan_while_their_number_is_corrected():
    found = correct_beside_a_grant(lending.market())
    assert sum(isinstance(each, Refused) for each in found) == 1
    assert sum(isinstance(each, (Loan, Talent)) for each in found) == 1
    assert open_for(RIGHT) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_persons_lock_they_would(monkeypatch):
    market, both = lending.market(), Barrier(2)
    look_at_grant, look_at_correction = borrowing.refuse_beyond, borrowing.refuse_two_in_one

    def grant_looks(persons, policy):
        look_at_grant(persons, policy)
        if len(persons) > 1:  # not the loan that runs beforehand
            both.wait(30)

    def correction_looks(moved, there):
        look_at_correction(moved, there)
        both.wait(30)

    monkeypatch.setattr(borrowing, "refuse_beyond", grant_looks)
    monkeypatch.setattr(borrowing, "refuse_two_in_one", correction_looks)
    monkeypatch.setattr(
        borrowing, "_locked", lambda indexes: {
            person.id_number_index: person for person in BorrowingPerson.objects.filter(id_number_index__in=indexes)
        },
    )  # fmt: skip
    with unguarded(*ONE_BORROWING):
        correct_beside_a_grant(market)
        assert open_for(RIGHT) == 2
