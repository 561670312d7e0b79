"""What was entered wrongly is taken back, the latest first, and entered anew; nothing disappears from the books."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from growth.loans import actions
from growth.loans.forms import ExtendForm
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Disbursement, Schedule, SubsidyBooking
from talentmap.audit.models import AuditEntry
from talentmap.casework.states import State as CaseState
from talentmap.ui.errors import Refused
from tests.factories import lending
from tests.factories.casework import moment
from tests.growth.loans.test_changes import early, extend, pay_out, rows_of

pytestmark = pytest.mark.django_db
D = Decimal
MONTH = D("875.00")  # 300,000 at 3.5% a year
WHY = "录入错误"


@pytest.fixture
def market():
    return lending.market()


@pytest.fixture
def parted(market):
    """Of 120,000 on 10 March 60,000 are paid out, and 50,000 on the 20th."""
    loan = lending.signed(market, amount=D(120_000))
    pay_out(market, loan, date(2026, 3, 10), 60_000, first_due=date(2026, 4, 10))
    pay_out(market, loan, date(2026, 3, 20), 50_000)
    return Loan.objects.get(pk=loan.pk)


def take_back_payout(market, payout, on, by=None, reason=WHY):
    return actions.take_back_payout(by=by or market.bank, at=moment(on), payout=payout, reason=reason)


def take_back_extension(market, extension, on, by=None, reason=WHY):
    return actions.take_back_extension(by=by or market.bank, at=moment(on), extension=extension, reason=reason)


class TestExtension:
    def test_sent_twice_counts_once(self, market):
        loan, on = lending.running(market), date(2026, 4, 1)
        made = extend(market, loan, on, 3)
        with pytest.raises(Refused, match="entered already"):
            extend(market, loan, on, 3)
        loan.refresh_from_db()
        assert str(loan.last_due_on) == "2027-06-10"  # three months after 10 March 2027, not six
        take_back_extension(market, made, on)
        extend(market, loan, on, 3)

    def test_and_then_the_repayment_before_it(self, market):
        loan = lending.running(market)
        paid = lending.paid(market, loan, date(2026, 4, 10), interest=MONTH)
        on = date(2026, 4, 12)
        extension = extend(market, loan, on, 3)
        with pytest.raises(Refused, match=r"Extended \(2026-04-12\)"):
            actions.take_back(by=market.bank, at=moment(on), repayment=paid, reason=WHY)
        take_back_extension(market, extension, on)
        loan.refresh_from_db()
        assert (str(loan.last_due_on), loan.outstanding) == ("2027-03-10", 300_000)
        assert [row.principal for row in rows_of(loan)] == [0] * 11 + [300_000]
        actions.take_back(by=market.bank, at=moment(on), repayment=paid, reason=WHY)
        loan.refresh_from_db()
        assert (loan.arrears, str(loan.overdue_since)) == (MONTH, "2026-04-10")

    def test_after_what_came_later(self, market):
        loan = lending.running(market)
        extension = extend(market, loan, date(2026, 3, 12), 3)
        lending.paid(market, loan, date(2026, 4, 10), interest=MONTH)
        on = date(2026, 4, 20)
        later = early(market, loan, on, 100_000, "291.67")  # ten days on 300,000
        named = rf"TQ-2026-04-20 \(2026-04-20\); Repayment LS-{loan.pk}-2026-04-10 \(2026-04-10\)\. Take"
        with pytest.raises(Refused, match=named):
            take_back_extension(market, extension, on)
        for repayment in (later, loan.repayments.get(kind="regular")):
            actions.take_back(by=market.bank, at=moment(on), repayment=repayment, reason=WHY)
        take_back_extension(market, extension, on)
        with pytest.raises(Refused, match="already"):
            take_back_extension(market, extension, on)
        assert Schedule.objects.filter(reason="extended", withdrawn_at__isnull=False).count() == 1

    def test_names_the_three_latest_of_many(self, market):
        loan = lending.running(market)
        extension = extend(market, loan, date(2026, 3, 12), 3)
        for month in range(4, 9):
            lending.paid(market, loan, date(2026, month, 10), interest=MONTH)
        named = r": Repayment \S+ \(2026-08-10\); [^;]+-07-10\); [^;]+-06-10\); 2 more\. Take"
        with pytest.raises(Refused, match=named):
            take_back_extension(market, extension, date(2026, 8, 11))

    def test_by_the_banks_officer_who_says_why(self, market):
        loan, on = lending.running(market), date(2026, 3, 12)
        extension = extend(market, loan, on, 3)
        with pytest.raises(PermissionDenied):
            take_back_extension(market, extension, on, by=market.other_bank)
        with pytest.raises(Refused, match="why"):
            take_back_extension(market, extension, on, reason=" ")
        take_back_extension(market, extension, on)
        entry = AuditEntry.objects.filter(action="growth.loans.take_back_extension", table_name="growth_schedule").get()
        assert (entry.reason, entry.actor_id) == (WHY, market.bank.pk)


class TestPayout:
    LATER = date(2026, 3, 25)

    def test_a_mistyped_further_part_is_entered_anew(self, market, parted):
        wrong = parted.disbursements.get(amount=50_000)
        take_back_payout(market, wrong, self.LATER)
        parted.refresh_from_db()
        # A month of 60,000
        assert (parted.disbursed, parted.outstanding, parted.next_due_amount) == (60_000, 60_000, D("175.00"))
        anew = {"by": market.bank, "at": moment(self.LATER), "loan": parted, "on": wrong.on, "amount": D(5_000)}
        with pytest.raises(Refused, match="taken back"):
            actions.disburse(**anew, reference=wrong.reference)
        actions.disburse(**anew, reference="FK-2")
        parted.refresh_from_db()
        # Ten days on 60,000 and twenty on 65,000: 58.33 + 126.39
        assert (parted.disbursed, parted.next_due_amount) == (65_000, D("184.72"))
        assert [each.amount for each in parted.disbursements.order_by("pk")] == [60_000, 50_000, -50_000, 5_000]

    def test_the_latest_first(self, market, parted):
        first = parted.disbursements.get(amount=60_000)
        with pytest.raises(Refused, match=r"A further part paid out \(2026-03-20\)\. Take"):
            take_back_payout(market, first, self.LATER)
        take_back_payout(market, parted.disbursements.get(amount=50_000), self.LATER)
        take_back_payout(market, first, self.LATER)
        parted.refresh_from_db()
        assert (parted.state, parted.disbursed, parted.outstanding) == ("signed", 0, 0)
        with pytest.raises(Refused, match="already"):
            take_back_payout(market, first, self.LATER)

    def test_a_first_due_date_is_corrected(self, market):
        loan = lending.running(market)
        assert str(loan.agreed_end) == "2027-03-10"
        paid = lending.paid(market, loan, date(2026, 4, 10), interest=MONTH)
        wrong, on = loan.disbursements.get(), date(2026, 4, 11)
        with pytest.raises(Refused, match=rf"Repayment {paid.reference} \(2026-04-10\)"):
            take_back_payout(market, wrong, on)
        actions.take_back(by=market.bank, at=moment(on), repayment=paid, reason=WHY)
        take_back_payout(market, wrong, on)
        loan.refresh_from_db()
        assert (loan.state, loan.first_due, loan.agreed_end, loan.next_due_on, loan.arrears) == (
            "signed", None, None, None, 0,
        )  # fmt: skip
        actions.disburse(by=market.bank, at=moment(on), loan=loan, amount=loan.amount, on=date(2026, 3, 10),
                         reference="FK-2", first_due=date(2026, 4, 9))  # fmt: skip
        lending.paid(market, loan, date(2026, 4, 10), interest="845.83", reference="LS-2", at=moment(on))  # 29 days
        loan.refresh_from_db()
        assert (loan.state, str(loan.agreed_end), loan.outstanding) == ("running", "2027-03-09", 300_000)
        assert (loan.arrears, str(loan.next_due_on)) == (0, "2026-05-09")
        correct = loan.repayments.get(reference="LS-2")
        actions.take_back(by=market.bank, at=moment(on), repayment=correct, reason=WHY)

    def test_a_loan_that_was_never_paid_out_is_given_up(self, market):
        loan = lending.running(market)
        take_back_payout(market, loan.disbursements.get(), self.LATER)
        actions.cancel(by=market.bank, at=moment(self.LATER), loan=loan, reason="客户放弃")
        assert Loan.objects.get().state == "cancelled"

    def test_of_a_repaid_loan_its_last_repayment_first(self, market):
        loan = lending.running(market)
        early(market, loan, self.LATER, 300_000, "437.50")  # 15 days
        with pytest.raises(Refused, match="over"):
            take_back_payout(market, loan.disbursements.get(), self.LATER)

    def test_by_the_banks_officer_who_says_why(self, market, parted):
        wrong = parted.disbursements.get(amount=50_000)
        with pytest.raises(PermissionDenied):
            take_back_payout(market, wrong, self.LATER, by=market.other_bank)
        with pytest.raises(Refused, match="why"):
            take_back_payout(market, wrong, self.LATER, reason=" ")
        assert take_back_payout(market, wrong, self.LATER).note == WHY
        found = AuditEntry.objects.filter(action="growth.loans.take_back_payout", reason=WHY, actor=market.bank)
        assert set(found.values_list("table_name", flat=True)) == {"growth_loan", "growth_schedule"}

    def test_the_database_holds_it_to_one_row_that_takes_away(self, market, parted):
        wrong = parted.disbursements.get(amount=50_000)
        values = {"loan": parted, "on": wrong.on, "reference": wrong.reference, "by": market.bank, "at": moment()}
        with pytest.raises(IntegrityError, match="growth_disbursement_positive"), transaction.atomic():
            Disbursement.objects.create(**values, amount=1, reverses=wrong)
        with pytest.raises(IntegrityError, match="growth_disbursement_once"), transaction.atomic():
            Disbursement.objects.create(**values, amount=1)
        take_back_payout(market, wrong, self.LATER)
        with pytest.raises(IntegrityError, match="reverses"), transaction.atomic():
            Disbursement.objects.create(**values, amount=-50_000, reverses=wrong)
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            Disbursement.objects.filter(pk=wrong.pk).update(amount=1)


class TestWrittenOff:
    JULY = date(2026, 7, 6)

    @pytest.fixture
    def loan(self, market):
        """Three months were paid, half of which the state bears; then the loan was given up."""
        loan = lending.running(market)
        for month in (4, 5, 6):
            lending.paid(market, loan, date(2026, month, 10), interest=MONTH)
        actions.book_subsidy(by=market.office.staff, at=moment(date(2026, 7, 3)), loan=loan)
        on = date(2026, 7, 5)
        actions.write_off(by=market.bank, at=moment(on), loan=loan, on=on, reason="破产")
        return loan

    @staticmethod
    def booked():
        return SubsidyBooking.objects.aggregate(sum=Sum("amount"))["sum"]

    def test_interest_that_was_never_paid_is_not_subsidised(self, market, loan):
        assert self.booked() == D("1312.50")
        wrong = loan.repayments.get(paid_on=date(2026, 6, 10))
        actions.take_back(by=market.bank, at=moment(self.JULY), repayment=wrong, reason=WHY)
        assert self.booked() == D("875.00")
        loan.refresh_from_db()
        assert (loan.state, str(loan.ended_on), loan.outstanding) == ("written_off", "2026-07-05", 300_000)
        assert (loan.arrears, loan.overdue_since, loan.next_due_on) == (0, None, None)
        assert loan.application.state == CaseState.CLOSED

    def test_what_was_really_paid_before_is_entered_and_nothing_after(self, market, loan):
        at, wrong = moment(self.JULY), loan.repayments.get(paid_on=date(2026, 6, 10))
        actions.take_back(by=market.bank, at=at, repayment=wrong, reason=WHY)
        with pytest.raises(Refused, match="not running"):
            lending.paid(market, loan, self.JULY, interest=1, at=at)
        with pytest.raises(Refused, match="not running"):
            early(market, loan, date(2026, 6, 10), 300_000, MONTH, at=at)
        lending.paid(market, loan, date(2026, 6, 10), interest=MONTH, reference="LS-2", at=at)
        assert self.booked() == D("1312.50")
        loan.refresh_from_db()
        assert (loan.state, loan.next_due_on) == ("written_off", None)


class TestContractNumber:
    def test_is_corrected_and_files_find_the_loan_by_it(self, market):
        loan, on = lending.running(market, number="HT-l"), date(2026, 3, 12)
        with pytest.raises(PermissionDenied):
            actions.correct_contract(by=market.other_bank, at=moment(on), loan=loan, contract_number="X", reason=WHY)
        for number, reason in ((" ", WHY), ("HT-1", " ")):
            with pytest.raises(Refused):
                actions.correct_contract(
                    by=market.bank, at=moment(on), loan=loan, contract_number=number, reason=reason
                )
        actions.correct_contract(by=market.bank, at=moment(on), loan=loan, contract_number=" HT-1 ", reason=WHY)
        entry = AuditEntry.objects.get(action="growth.loans.correct_contract", table_name="growth_loan")
        assert (entry.changes, entry.reason) == ({"contract_number": ["HT-l", "HT-1"]}, WHY)

    def test_belongs_to_one_contract_of_the_bank(self, market):
        lending.running(market, number="HT-1")
        other = lending.running(market, lending.borrower(market), "HT-2")
        with pytest.raises(IntegrityError, match="growth_loan_contract_once"), transaction.atomic():
            actions.correct_contract(by=market.bank, at=moment(), loan=other, contract_number="HT-1", reason=WHY)

    def test_is_none_before_the_contract(self, market):
        loan = lending.approved(market)
        with pytest.raises(Refused, match="no contract"):
            actions.correct_contract(by=market.bank, at=moment(), loan=loan, contract_number="HT-1", reason=WHY)


class TestSameDay:
    """60,000 of 120,000 are paid out on 10 March; on the 20th 50,000 more, and 100 of interest are paid."""

    ON = date(2026, 3, 20)

    @pytest.fixture
    def loan(self, market):
        loan = lending.signed(market, amount=D(120_000))
        pay_out(market, loan, date(2026, 3, 10), 60_000, first_due=date(2026, 4, 10))
        return loan

    def test_a_payout_entered_before_does_not_stand_in_the_way(self, market, loan):
        pay_out(market, loan, self.ON, 50_000, at=moment(self.ON, 10))
        wrong = lending.paid(market, loan, self.ON, interest=100, at=moment(self.ON, 11))
        actions.take_back(by=market.bank, at=moment(self.ON, 12), repayment=wrong, reason=WHY)
        loan.refresh_from_db()
        # Ten days on 60,000 and twenty on 110,000: 58.33 + 213.89
        assert (loan.outstanding, loan.next_due_amount) == (110_000, D("272.22"))

    def test_one_entered_after_does(self, market, loan):
        wrong = lending.paid(market, loan, self.ON, interest=100, at=moment(self.ON, 10))
        pay_out(market, loan, self.ON, 50_000, at=moment(self.ON, 11))
        with pytest.raises(Refused, match=r"A further part paid out \(2026-03-20\)"):
            actions.take_back(by=market.bank, at=moment(self.ON, 12), repayment=wrong, reason=WHY)


def test_the_loans_page_shows_an_extension_and_why_it_was_taken_back(market):
    loan, on = lending.running(market), date(2026, 3, 12)
    client, page = Client(), reverse("loans:loan", args=[loan.pk])
    client.force_login(market.bank)
    client.cookies["django_language"] = "en"
    made = extend(market, loan, on, 6)  # of 12 months until 10 March 2027
    facts = {str(label): str(value) for label, value in client.get(page).context["facts"]}
    assert (facts["Agreed end"], facts["Extended until"]) == ("2027-03-10", "2027-09-10")
    table = client.get(page).content.decode().split("Extensions</h2>")[1].split("</section>")[0]
    assert [told in table for told in (">6<", "2027-09-10", "茶叶尚未售出", "Taken back")] == [True, True, True, False]
    take_back_extension(market, made, on, reason="合同未签")
    shown = client.get(page)
    table = shown.content.decode().split("Extensions</h2>")[1].split("</section>")[0]
    assert [told in table for told in ("2027-09-10", "茶叶尚未售出", "Taken back", "合同未签")] == [True] * 4
    assert reverse("loans:take_back_extension", args=[loan.pk, made.pk]) not in table
    assert "Extended until" not in [str(label) for label, _value in shown.context["facts"]]


def test_too_long_an_extension_is_answered_in_words_of_the_loan():
    form = ExtendForm({"on": "2026-03-12", "months": "37", "reason": WHY})
    assert form.errors["months"] == ["A loan is extended by at most 36 months."]
