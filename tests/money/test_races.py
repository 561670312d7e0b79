"""Many at once, over real connections. Each race has its control: with the guard off the double is seen."""

from collections import Counter
from decimal import Decimal

import pytest

from talentmap.accounts.models import User
from talentmap.money import actions
from talentmap.money.actions import ledger, payments, returns
from talentmap.money.models import Fund, LedgerEntry, LedgerLine, PaymentBatch, ReturnFile
from talentmap.notices.models import Notice
from tests.factories import money as made
from tests.races import run_together, without

pytestmark = pytest.mark.django_db(transaction=True)
AT = made.AT


@pytest.fixture
def no_lock_on_funds(monkeypatch):
    monkeypatch.setattr(ledger, "_lock", lambda fund: Fund.objects.get(pk=fund.pk))


def forty_commitments():
    """Forty applications want 1,000 each of a fund with 10,500."""
    fund = made.fund(10_500)
    applications = [made.ApplicationFactory() for _ in range(40)]
    system = User.objects.system()

    def one(index):
        return actions.commit(
            by=system,
            at=AT,
            fund=fund,
            amount=Decimal(1_000),
            application=applications[index],
            key=f"approved:{index}",
        )

    return fund, run_together(one, 40)


def kinds(outcomes):
    return Counter(type(outcome).__name__ for outcome in outcomes)


def test_forty_claim_a_fund_that_can_afford_ten():
    fund, outcomes = forty_commitments()
    assert kinds(outcomes) == {"LedgerEntry": 10, "Shortfall": 30}
    for refusal in outcomes:
        if isinstance(refusal, actions.Shortfall):
            assert refusal.needed == 1_000
            assert refusal.available < 1_000
            assert "¥1,000.00" in str(refusal)
    assert actions.balances(fund)["available"] == 500
    assert sum(LedgerLine.objects.filter(entry__fund=fund).values_list("amount", flat=True)) == 0


def test_without_the_lock_the_constraint_still_holds(no_lock_on_funds):
    fund, outcomes = forty_commitments()
    assert kinds(outcomes)["LedgerEntry"] == 10
    assert kinds(outcomes)["IntegrityError"] > 0
    assert actions.balances(fund)["available"] == 500


def test_control_without_lock_and_constraint_the_fund_is_overdrawn(no_lock_on_funds):
    with without("talentmap_fundbalance", "talentmap_fundbalance_never_overdrawn"):
        fund, outcomes = forty_commitments()
        assert kinds(outcomes)["LedgerEntry"] > 10
        assert actions.balances(fund)["available"] < 0


def one_key_ten_times():
    fund = made.fund(10_500)
    application = made.ApplicationFactory()
    args = {"by": User.objects.system(), "at": AT, "fund": fund, "amount": Decimal(1_000), "key": "same"}
    outcomes = run_together(lambda _index: actions.commit(application=application, **args), 10)
    return outcomes, LedgerEntry.objects.filter(kind="commitment").count()


def test_one_key_ten_times_books_once():
    outcomes, booked = one_key_ten_times()
    assert kinds(outcomes) == {"LedgerEntry": 10}
    assert len({outcome.pk for outcome in outcomes}) == booked == 1


def test_control_without_lock_and_key_it_books_more(no_lock_on_funds):
    with without("talentmap_ledgerentry", "talentmap_ledgerentry_booked_once"):
        _outcomes, booked = one_key_ten_times()
        assert booked > 1


def carried_over_eight_times():
    fund = made.fund(0)
    last_year = AT.replace(year=2025)
    system, directors = User.objects.system(), [made.director() for _ in range(8)]
    actions.top_up(by=system, at=last_year, fund=fund, amount=Decimal(1_000), key="budget", reason="x")
    outcomes = run_together(lambda i: actions.carry_over(by=directors[i], at=AT, fund=fund, reason="x"), 8)
    return fund, outcomes


def test_a_year_is_carried_over_by_one_of_eight():
    fund, outcomes = carried_over_eight_times()
    assert kinds(outcomes) == {"LedgerEntry": 1, "Refused": 7}
    assert [year.left for year in actions.budget_years(fund)] == [1_000, 0]


def test_control_without_lock_and_key_a_year_is_carried_over_more_than_once(no_lock_on_funds):
    with without("talentmap_ledgerentry", "talentmap_ledgerentry_booked_once"):
        _fund, outcomes = carried_over_eight_times()
        assert kinds(outcomes)["LedgerEntry"] > 1


# Batches -------------------------------------------------------------------------------------------------


def double_release():
    batch = made.prepared(1)
    directors = [made.director() for _ in range(8)]
    outcomes = run_together(lambda i: actions.release_batch(by=directors[i], at=AT, batch=batch), 8)
    return outcomes


def test_a_batch_is_released_by_one_of_eight():
    outcomes = double_release()
    assert kinds(outcomes) == {"PaymentBatch": 1, "Refused": 7}
    assert Notice.objects.filter(kind="batch_released").count() == 1
    assert PaymentBatch.objects.get().released_by in {o.released_by for o in outcomes if isinstance(o, PaymentBatch)}


def test_control_without_the_lock_it_is_released_more_than_once(monkeypatch):
    monkeypatch.setattr(payments, "lock_batch", lambda batch: PaymentBatch.objects.get(pk=batch.pk))
    assert kinds(double_release())["PaymentBatch"] > 1


def double_prepare():
    fund = made.fund(100_000)
    for _payment in range(3):
        made.payable(fund)
    people = [made.staff() for _ in range(6)]
    args = {"at": AT, "fund": fund, "quarter": made.QUARTER}
    return run_together(lambda i: actions.prepare_batch(by=people[i], **args), 6)


def test_what_is_due_goes_into_one_of_six_batches():
    assert kinds(double_prepare()) == {"Prepared": 1, "Refused": 5}
    assert PaymentBatch.objects.get().lines.count() == 3


# Return files --------------------------------------------------------------------------------------------


SAME_WORDS = ("成功", "交易成功", "支付成功", "付款成功", "paid", "success", "s", "successful")


def unlock_answers(monkeypatch):
    monkeypatch.setattr(returns, "_lock_answered", lambda batch, references: None)
    monkeypatch.setattr(returns, "_locked_at_bank", lambda batch: PaymentBatch.objects.get(pk=batch.pk))


def double_import(results):
    """Eight people import at once, each a file with their own word for the result."""
    batch = made.released(3)
    lines = list(batch.lines.all())
    files = [made.upload(*(made.answer(line, result) for line in lines)) for result in results]
    people = [made.staff() for _ in files]
    outcomes = run_together(
        lambda i: actions.import_return(by=people[i], at=AT, batch=batch, upload=files[i]), len(files)
    )
    return outcomes, batch


def test_a_file_imported_eight_times_at_once_counts_once():
    outcomes, batch = double_import(["成功"] * 8)
    assert kinds(outcomes) == {"ReturnFile": 1, "Refused": 7}
    assert actions.balances(batch.fund)["paid"] == 4_500
    assert LedgerEntry.objects.filter(kind="payment").count() == 3


def test_a_file_of_failures_too():
    outcomes, _batch = double_import(["失败"] * 8)
    assert kinds(outcomes) == {"ReturnFile": 1, "Refused": 7}


def test_eight_files_that_say_the_same_pay_once():
    outcomes, batch = double_import(SAME_WORDS)
    assert kinds(outcomes) == {"ReturnFile": 8}
    applied = [file.counts for file in ReturnFile.objects.order_by("pk")]
    assert applied == [{"paid": 3}, *[{"known": 3}] * 7]
    assert actions.balances(batch.fund)["paid"] == 4_500


def test_control_without_locks_rows_are_judged_paid_more_than_once(monkeypatch, no_lock_on_funds):
    """The ledger's keys and constraints still keep the money right; what the files say is doubled."""
    unlock_answers(monkeypatch)
    outcomes, batch = double_import(SAME_WORDS)
    judged = sum(file.counts.get("paid", 0) for file in ReturnFile.objects.all())
    failed = kinds(outcomes)["IntegrityError"] + kinds(outcomes)["Refused"]
    assert judged > 3 or failed > 0
    assert actions.balances(batch.fund)["paid"] == 4_500


def test_control_without_locks_and_fingerprint_a_file_is_imported_more_than_once(monkeypatch, no_lock_on_funds):
    unlock_answers(monkeypatch)
    with without("talentmap_returnfile", "talentmap_returnfile_imported_once"):
        outcomes, _batch = double_import(["失败"] * 8)
        assert kinds(outcomes)["ReturnFile"] == ReturnFile.objects.count() > 1


def test_a_claim_is_not_overpaid_by_receipts_at_once():
    recovery = made.recovery(1_000, paid=3_000)
    people = [made.staff() for _ in range(8)]
    outcomes = run_together(
        lambda i: actions.receive(
            by=people[i], at=AT, recovery=recovery, amount=Decimal(400), received_on=AT.date(), key=f"r{i}"
        ),
        8,
    )
    assert kinds(outcomes) == {"RecoveryReceipt": 2, "Refused": 6}
    recovery.refresh_from_db()
    assert recovery.received == 800
