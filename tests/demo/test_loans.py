"""The demo county's loans: everybody who can be signed in as finds work, and a year lies behind it."""

from collections import Counter

import pytest
from django.db.models import Sum

from growth.loans import demo as loans_demo
from growth.loans.actions import loan_fund
from growth.loans.demo_stories import STORIES
from growth.loans.filters import AGES, overdue_q
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import (
    Disbursement,
    Repayment,
    RepaymentFile,
    RepaymentLine,
    Schedule,
    SubsidyBooking,
)
from talentmap.accounts.models import User
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.demo.seed import seed
from talentmap.money.models import Fund, LedgerLine, Payable, PaymentBatch
from tests.demo.test_seed import NOW, _small_county  # noqa: F401 - the same small county

pytestmark = pytest.mark.django_db


def waiting_for(username):
    """Loan cases whose next step is this account's, as its inbox lists them."""
    user = User.objects.get(username=username)
    found = Application.objects.filter(scheme="start_up_loan").waiting_for(user)
    return Counter(row.stage if row.state == State.IN_REVIEW else row.state for row in found)


def test_a_year_of_loans(caplog, monkeypatch):
    monkeypatch.setattr(loans_demo, "STORIES", STORIES)
    seed(now=NOW, seed=7, say=lambda line: None)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    _everybody_has_something_to_decide()
    _every_ending_is_there()
    _each_bank_has_its_own()
    _what_is_owed_adds_up()
    _subsidies_are_paid_and_corrected()


def _everybody_has_something_to_decide():
    assert {"submitted", "township"} <= set(waiting_for("cadre"))
    assert waiting_for("staff")["office"] >= 2
    assert waiting_for("guarantor")["guarantor"] == 2
    assert (waiting_for("bank")["bank"], waiting_for("bank2")["bank"]) == (2, 1)
    mine = Loan.objects.get(talent__user__username="talent2")
    assert mine.state == Loan.State.RUNNING and mine.subsidy_bookings.exists() and mine.next_due_on > NOW.date()


def _every_ending_is_there():
    cases = Application.objects.filter(scheme="start_up_loan")
    assert set(cases.values_list("state", flat=True)) >= {
        "draft", "submitted", "returned", "refused", "withdrawn", "rejected", "in_review", "approved", "closed",
    }  # fmt: skip
    assert set(Loan.objects.values_list("state", flat=True)) == set(Loan.State.values)
    assert set(Loan.objects.values_list("kind", flat=True)) == {"individual", "partnership", "enterprise"}
    assert set(Schedule.objects.values_list("reason", flat=True)) == set(Schedule.Reason.values)
    assert set(Repayment.objects.values_list("kind", flat=True)) == set(Repayment.Kind.values)
    for age, _label in AGES:
        assert Loan.objects.running().filter(overdue_q(age, NOW.date())).exists(), age
    assert {story.goal for story in STORIES} >= {"rejected:office", "rejected:guarantor", "rejected:bank"}


def _each_bank_has_its_own():
    first, second = (Loan.objects.visible_to(User.objects.get(username=name)) for name in ("bank", "bank2"))
    assert first.count() > 5 and second.count() > 2
    assert not set(first) & set(second) and first.count() + second.count() == Loan.objects.count()


def _what_is_owed_adds_up():
    for loan in Loan.objects.all():
        out = loan.disbursements.aggregate(sum=Sum("amount"))["sum"] or 0
        back = loan.repayments.aggregate(sum=Sum("principal"))["sum"] or 0
        assert (loan.disbursed, loan.outstanding) == (out, out - back), loan
    assert Disbursement.objects.values("loan").distinct().count() < Disbursement.objects.count()
    assert RepaymentFile.objects.exists() and RepaymentLine.objects.filter(verdict="booked").exists()
    assert set(RepaymentLine.objects.values_list("verdict", flat=True)) <= {"booked", "unknown"}


def _subsidies_are_paid_and_corrected():
    fund: Fund = loan_fund()
    again = SubsidyBooking.objects.filter(serial__gt=1)
    assert again.filter(amount__lt=0).exists()
    assert PaymentBatch.objects.filter(fund=fund, state=PaymentBatch.State.SETTLED).count() >= 2
    for loan in Loan.objects.filter(subsidy_bookings__isnull=False).distinct():
        booked = loan.subsidy_bookings.aggregate(sum=Sum("amount"))["sum"]
        payable = loan.application.payables.exclude(state=Payable.State.CANCELLED).aggregate(sum=Sum("amount"))["sum"]
        claimed = loan.application.recoveries.filter(state="open").aggregate(sum=Sum("amount"))["sum"] or 0
        assert booked == (payable or 0) - claimed, loan
    assert LedgerLine.objects.filter(entry__fund=fund).aggregate(sum=Sum("amount"))["sum"] == 0
