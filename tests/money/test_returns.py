"""The bank's return file: row by row, and never twice."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.money import actions, hooks, return_files
from talentmap.money.models import BatchLine, LedgerEntry, Payable
from talentmap.money.rules import Result
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories import housing
from tests.factories import money as made
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
AT = made.AT


def imported(batch, *rows, **changes):
    values = {"by": made.staff(), "at": AT, "batch": batch, "upload": made.upload(*rows), **changes}
    return actions.import_return(**values)


def state_of(line):
    line.refresh_from_db()
    return line.outcome, line.payable.__class__.objects.get(pk=line.payable_id).state


def test_a_file_pays_and_fails_payment_by_payment():
    batch = made.released(2)
    paid, failed = batch.lines.all()
    file = imported(batch, made.answer(paid), made.answer(failed, "失败", "账号不存在"))
    assert file.counts == {"paid": 1, "failed": 1}
    assert (state_of(paid), state_of(failed)) == (("paid", "paid"), ("failed", "failed"))
    assert failed.reason == failed.payable.state_reason == "账号不存在"
    balances = actions.balances(batch.fund)
    assert (balances["paid"], balances["committed"]) == (1_500, 1_500)


def test_a_batch_with_every_answer_is_settled():
    batch = made.released(2)
    first, second = batch.lines.all()
    imported(batch, made.answer(first))
    batch.refresh_from_db()
    assert batch.state == "released"
    imported(batch, made.answer(second, "失败"))
    batch.refresh_from_db()
    assert (batch.state, batch.settled_at) == ("settled", AT)


def test_what_cannot_be_applied_is_kept_and_changes_nothing():
    batch = made.released(4)
    lines = list(batch.lines.all())
    foreign = made.released(1).lines.get()
    file = imported(
        batch,
        ("NOBODY-1", "5", "成功", ""),
        made.answer(foreign),
        made.answer(lines[0], amount="1500.01"),
        made.answer(lines[1], "处理中"),
        made.answer(lines[2]),
        made.answer(lines[2]),
        made.answer(lines[2], "失败"),
    )
    verdicts = list(file.lines.values_list("row", "verdict"))
    assert verdicts == [
        (2, "unknown"),
        (3, "unknown"),
        (4, "mismatch"),
        (5, "unreadable"),
        (6, "paid"),
        (7, "known"),
        (8, "contradiction"),
    ]
    assert [line.outcome for line in batch.lines.all()] == ["", "", "paid", ""]
    assert BatchLine.objects.get(pk=foreign.pk).outcome == ""
    assert actions.balances(batch.fund)["paid"] == 1_500


def test_the_same_file_is_refused_and_names_its_first_import():
    batch = made.released(1)
    row = made.answer(batch.lines.get())
    imported(batch, row)
    with pytest.raises(Refused, match="2026-04-02"):
        imported(batch, row)
    assert LedgerEntry.objects.filter(kind="payment").count() == 1


def test_the_same_answers_in_another_file_are_known():
    batch = made.released(1)
    line = batch.lines.get()
    imported(batch, made.answer(line))
    file = imported(batch, made.answer(line, "交易成功"))
    assert file.counts == {"known": 1}
    assert LedgerEntry.objects.filter(kind="payment").count() == 1


def test_a_file_that_closes_its_importers_own_case_is_imported():
    """The last payment closes a case, which nobody may do to their own; the rest of the file is not to blame."""
    office = housing.office()
    person, other = housing.talent(office, user=office.staff2), housing.talent(office)
    for talent in (person, other):
        housing.approved(office, talent, housing.PURCHASE)
    batch = actions.prepare_batch(by=office.staff, at=AT, fund=office.fund, quarter=made.QUARTER).batch
    actions.release_batch(by=office.director, at=AT, batch=batch)
    file = imported(batch, *(made.answer(line) for line in batch.lines.all()), by=office.staff2)
    assert file.counts == {"paid": 2}
    assert set(Application.objects.values_list("state", flat=True)) == {State.CLOSED}


def test_a_payment_taken_out_is_not_answered():
    batch = made.prepared(3)
    gone, other, _third = batch.lines.all()
    application = gone.payable.application
    actions.cancel_payables(by=made.staff(), at=AT, application=application, reason="x")
    actions.release_batch(by=made.director(), at=AT, batch=batch)
    assert imported(batch, made.answer(gone), made.answer(other)).counts == {"unknown": 1, "paid": 1}


def test_a_file_of_another_batch_is_refused_and_can_still_be_imported_there():
    mistaken, batch = made.released(2), made.released(2)
    rows = [made.answer(line) for line in batch.lines.all()]
    with pytest.raises(Refused, match=mistaken.number):
        imported(mistaken, *rows)
    assert imported(batch, *rows).counts == {"paid": 2}


@pytest.mark.parametrize("make", [made.prepared])
def test_a_batch_not_at_the_bank_has_no_answers(make):
    batch = make(1)
    with pytest.raises(Refused):
        imported(batch, made.answer(batch.lines.get()))


def test_who_may_not_imports_none():
    batch = made.released(1)
    with pytest.raises(PermissionDenied):
        imported(batch, made.answer(batch.lines.get()), by=made.user_with("county_leader"))


def test_a_failed_payment_is_corrected_and_paid_in_the_next_batch():
    batch = made.released(1)
    line = batch.lines.get()
    imported(batch, made.answer(line, "失败", "户名不符"))
    payee = actions.Payee("张三", "农行", "6228480402564890999")
    actions.correct_payee(by=made.staff(), at=AT, payable=line.payable, payee=payee, reason="更正")
    following = actions.prepare_batch(by=made.staff(), at=AT, fund=batch.fund, quarter=made.QUARTER).batch
    actions.release_batch(by=made.director(), at=AT, batch=following)
    again = following.lines.get()
    assert (again.payable, again.account_last4) == (line.payable, "0999")
    imported(following, made.answer(again))
    assert state_of(again) == ("paid", "paid")
    assert actions.balances(batch.fund)["paid"] == 1_500
    assert state_of(line)[0] == "failed"


def test_a_late_answer_of_the_old_batch_does_not_pay_twice():
    batch = made.released(1)
    line = batch.lines.get()
    imported(batch, made.answer(line, "失败"))
    assert imported(batch, made.answer(line)).counts == {"contradiction": 1}
    assert actions.balances(batch.fund)["paid"] == 0


# By hand -------------------------------------------------------------------------------------------------


def by_hand(line, result=Result.PAID, **changes):
    values = {"by": made.staff(), "at": AT, "line": line, "result": result, "reason": "银行电话", **changes}
    return actions.record_answer(**values)


def test_one_answer_by_hand():
    line = made.released(1).lines.get()
    by_hand(line)
    assert state_of(line) == ("paid", "paid")
    line.batch.refresh_from_db()
    assert line.batch.state == "settled"


def test_a_paid_payment_that_came_back_is_booked_back_and_paid_again():
    batch = made.released(1)
    line = batch.lines.get()
    by_hand(line)
    by_hand(line, Result.FAILED)
    assert state_of(line) == ("failed", "failed")
    balances = actions.balances(batch.fund)
    assert (balances["paid"], balances["committed"]) == (0, 1_500)
    payee = actions.Payee("张三", "农行", "")
    actions.correct_payee(by=made.staff(), at=AT, payable=line.payable, payee=payee, reason="更正")
    following = actions.prepare_batch(by=made.staff(), at=AT, fund=batch.fund, quarter=made.QUARTER).batch
    actions.release_batch(by=made.director(), at=AT, batch=following)
    by_hand(following.lines.get())
    assert actions.balances(batch.fund)["paid"] == 1_500


@pytest.mark.parametrize(
    ("before", "now"), [(Result.PAID, Result.PAID), (Result.FAILED, Result.FAILED), (Result.FAILED, Result.PAID)]
)
def test_an_answer_is_not_given_again(before, now):
    line = made.released(1).lines.get()
    by_hand(line, before)
    with pytest.raises(Refused):
        by_hand(line, now)


def test_an_answer_by_hand_says_where_it_is_from():
    with pytest.raises(Refused):
        by_hand(made.released(1).lines.get(), reason=" ")


# Who hears of it -----------------------------------------------------------------------------------------


def test_services_hear_of_each_payment(monkeypatch):
    heard = []
    monkeypatch.setattr(hooks, "PAID", [])
    monkeypatch.setattr(hooks, "FAILED", [])
    hooks.payable_paid(lambda *, by, at, payable: heard.append(("paid", payable.pk, payable.state)))
    hooks.payable_failed(lambda *, by, at, payable: heard.append(("failed", payable.pk, payable.state)))
    batch = made.released(2)
    first, second = batch.lines.all()
    imported(batch, made.answer(first), made.answer(second, "失败"))
    assert heard == [("paid", first.payable_id, "paid"), ("failed", second.payable_id, "failed")]


def test_what_a_service_refuses_undoes_the_whole_file(monkeypatch):
    def fail(**told):
        raise RuntimeError

    monkeypatch.setattr(hooks, "PAID", [fail])
    batch = made.released(1)
    with pytest.raises(RuntimeError):
        imported(batch, made.answer(batch.lines.get()))
    assert Payable.objects.get().state == "batched"
    assert not LedgerEntry.objects.filter(kind="payment").exists()
    assert not batch.returns.exists()


def test_the_person_is_told_without_amounts():
    fund = made.fund()
    application = made.ApplicationFactory()
    application.applicant.user = UserFactory()
    application.applicant.save()
    made.payable(fund, application=made.commit(fund, 1_500, application))
    batch = actions.prepare_batch(by=made.staff(), at=AT, fund=fund, quarter=made.QUARTER).batch
    actions.release_batch(by=made.director(), at=AT, batch=batch)
    imported(batch, made.answer(batch.lines.get()))
    notice = Notice.objects.get(recipient=application.applicant.user)
    assert (notice.kind, notice.params) == ("payment_made", {"number": application.number})


# Files ---------------------------------------------------------------------------------------------------


def test_excel_and_csv_read_alike():
    rows = (("R-1", 1500, "成功", ""), ("R-2", "1,500.00", "失败", "销户"))
    excel = return_files.read_upload(made.xlsx_file(*rows))
    plain = return_files.read_upload(made.csv_file(("R-1", "1500", "成功", ""), ("R-2", '"1,500.00"', "失败", "销户")))
    assert [row.values for row in excel.table.rows] == [row.values for row in plain.table.rows]
    assert excel.sha256 != plain.sha256


def test_english_headings_in_any_order():
    heading = ("Result", "No.", "Amount", "Reference")
    upload = return_files.read_upload(made.csv_file(("paid", 1, "5", "R-1"), heading=heading))
    row = upload.table.rows[0]
    assert (row["reference"], row["amount"], row["result"], row["reason"]) == ("R-1", "5", "paid", "")


def test_an_amount_of_excel_is_exact():
    upload = return_files.read_upload(made.xlsx_file(("R-1", 1234.1, "成功", "")))
    assert Decimal(upload.table.rows[0]["amount"]) == Decimal("1234.1")
