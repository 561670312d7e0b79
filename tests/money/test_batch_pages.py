"""Pages of batches and return files, hostile files included."""

from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from talentmap.audit.models import AccessLog
from talentmap.money import actions
from talentmap.money.models import Fund, PaymentBatch, ReturnFile
from talentmap.money.rules import Quarter
from talentmap.people.models import Talent
from tests.factories import money as made
from tests.money.browsing import page, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ACCOUNT = "6228480402564890018"


# Batches -------------------------------------------------------------------------------------------------


def test_a_batch_is_prepared_from_the_page(client, staff):
    fund = made.fund(100_000)
    today = timezone.localdate()
    made.payable(fund, period_from=today.replace(day=1), period_to=today.replace(day=1))
    quarter = f"{today.year}Q{(today.month + 2) // 3}"
    response = send(client, "batch_prepare", fund=fund.pk, quarter=quarter)
    batch = PaymentBatch.objects.get()
    assert response.redirect_chain[-1][0] == batch.get_absolute_url()
    assert batch.number in response.content.decode()


def test_the_latest_quarter_that_is_over_and_has_something_due_is_preselected(client, staff):
    running = Quarter.of(timezone.localdate())
    older, fund = running.before.before, made.fund(100_000)
    for quarter in (running, older, older.before):
        made.payable(fund, period_from=quarter.first_day, period_to=quarter.last_day)
    html = page(client, "batch_prepare")
    assert f'<option value="{older}" selected>' in html
    assert f'<option value="{running}">' in html


def test_only_the_running_quarter_due_leaves_it_preselected(client, staff):
    running = Quarter.of(timezone.localdate())
    made.payable(made.fund(100_000), period_from=running.first_day, period_to=running.last_day)
    assert " selected>" not in page(client, "batch_prepare").split('name="quarter"')[1].split("</select>")[0]


@pytest.mark.parametrize("quarter", ["", "2026Q9", "x", "1999Q1"])
def test_an_impossible_quarter_prepares_nothing(client, staff, quarter):
    made.payable(made.fund(100_000))
    assert send(client, "batch_prepare", fund=Fund.objects.get().pk, quarter=quarter).status_code == 200
    assert not PaymentBatch.objects.exists()


def test_accounts_are_masked_on_every_page(client, staff):
    batch = made.released()
    line = batch.lines.all()[0]
    pages = [
        page(client, "batch_detail", batch.pk),
        page(client, "payable_list"),
        page(client, "payable_detail", line.payable_id),
        page(client, "line_answer", line.pk),
    ]
    for html in pages:
        assert ACCOUNT not in html
    assert "**** 0018" in pages[0]


def test_the_preparer_is_told_to_ask_somebody_else(client):
    person = made.both()
    client.force_login(person)
    batch = made.prepared(by=person)
    html = page(client, "batch_detail", batch.pk)
    assert "somebody else must release it" in html
    assert reverse("money:batch_release", args=[batch.pk]) not in html
    assert "cannot release it" in send(client, "batch_release", batch.pk, total="3000.00").content.decode()


def correct(payable, **changes):
    given = {"name": payable.payee_name, "bank": payable.bank_name, "account": payable.bank_account, **changes}
    actions.correct_payee(by=made.staff(), at=made.AT, payable=payable, payee=actions.Payee(**given), reason="x")


def differing(client, batch):
    """The applications marked on the page, which also counts them."""
    rows = page(client, "batch_detail", batch.pk, account="differs")
    return {line.payable.application.number for line in batch.lines.all() if line.payable.application.number in rows}


@pytest.mark.parametrize(
    "changes",
    [{"name": "李四"}, {"bank": "另一家银行"}, {"account": "6228480402564890999"}, {"account": "6217000010001230018"}],
    ids=["holder", "bank", "number", "number with the same last four digits"],
)
def test_whoever_releases_sees_which_accounts_are_not_those_in_the_files(client, director, changes):
    fund = made.fund(100_000)
    other, same, confirmed = (made.payable(fund) for _ in range(3))
    correct(other, **changes)
    correct(confirmed)
    batch = made.prepared(0, fund)
    html = page(client, "batch_detail", batch.pk)
    assert "1 payment goes to another account" in html
    assert html.count("Not as in the file</span>") == 1
    assert differing(client, batch) == {other.application.number}
    assert same.application.number in page(client, "batch_detail", batch.pk, account="same")


def test_an_account_that_changed_in_the_file_since_is_marked_too(client, director):
    batch = made.prepared(2)
    changed = batch.lines.all()[0].payable
    Talent.objects.filter(pk=changed.application.applicant_id).update(bank_account_last4="7777")
    assert differing(client, batch) == {changed.application.number}


def test_taking_the_account_from_the_file_again_takes_the_mark_away(client, staff):
    payable = made.payable(made.fund())
    correct(payable, account="6228480402564890999")
    payable.refresh_from_db()
    assert payable.entered_by_hand
    send(client, "payable_from_file", payable.pk)
    payable.refresh_from_db()
    assert not payable.entered_by_hand


def test_another_person_releases_what_they_see(client, director):
    batch = made.prepared()
    assert 'name="total" value="3000.00"' in page(client, "batch_detail", batch.pk)
    assert "has changed" in send(client, "batch_release", batch.pk, total="1").content.decode()
    for total in ("", "NaN", "x", "1e999999"):
        send(client, "batch_release", batch.pk, total=total)
    batch.refresh_from_db()
    assert batch.state == "prepared"
    send(client, "batch_release", batch.pk, total="3000.00")
    batch.refresh_from_db()
    assert (batch.state, batch.released_by) == ("released", director)


def test_a_batch_is_cancelled_with_a_reason(client, staff):
    batch = made.prepared()
    assert "This field is required" in send(client, "batch_cancel", batch.pk, reason="").content.decode()
    send(client, "batch_cancel", batch.pk, reason="账号有误")
    batch.refresh_from_db()
    assert batch.state == "cancelled"


def test_the_bank_file_has_full_accounts_and_is_logged(client, staff):
    batch = made.released()
    url = reverse("money:batch_export", args=[batch.pk])
    excel = client.post(url, {"format": "xlsx"})
    rows = list(openpyxl.load_workbook(BytesIO(b"".join(excel.streaming_content))).active.values)
    assert len(rows) == 3
    assert rows[1][3] == ACCOUNT
    assert rows[1][5] == 1_500
    csv = b"".join(client.post(url, {"format": "csv"}).streaming_content).decode("utf-8-sig")
    assert csv.count(ACCOUNT) == 2
    assert AccessLog.objects.filter(user=staff).count() == 2
    assert client.get(url).status_code == 405


@pytest.mark.parametrize(
    ("first", "last", "said", "in_english"),
    [
        (date(2026, 10, 1), date(2026, 12, 31), "租房补贴 2026-10至2026-12", "租房补贴 2026-10 to 2026-12"),
        (date(2026, 11, 1), date(2026, 11, 30), "租房补贴 2026-11", "租房补贴 2026-11"),
        (date(2026, 11, 3), date(2026, 11, 3), "租房补贴", "租房补贴"),
    ],
    ids=["quarter", "month", "single amount"],
)
@pytest.mark.parametrize("stored", ["租房补贴", "租房补贴 2025-12"])
def test_the_purpose_names_the_period_paid(client, staff, stored, first, last, said, in_english):
    fund = made.fund(100_000)
    payable = made.payable(fund, entitlement_ref=stored, period_from=first, period_to=last)
    batch = actions.prepare_batch(by=made.staff(), at=made.AT, fund=fund, quarter=Quarter.of(last)).batch
    actions.release_batch(by=made.director(), at=made.AT, batch=batch)
    url = reverse("money:batch_export", args=[batch.pk])
    book = openpyxl.load_workbook(BytesIO(b"".join(client.post(url, {"format": "xlsx"}).streaming_content)))
    assert list(book.active.values)[1][6] == said
    assert book.active.title == "银行代发文件"
    assert book.active.column_dimensions["D"].width > len(ACCOUNT)
    csv = b"".join(client.post(url, {"format": "csv"}).streaming_content).decode("utf-8-sig")
    assert csv.strip().endswith(f",{said}")
    for html in (page(client, "payable_list"), page(client, "payable_detail", payable.pk)):
        assert f">{in_english}</" in html


def test_there_is_no_bank_file_of_a_prepared_batch(client, staff):
    response = send(client, "batch_export", made.prepared().pk, format="csv")
    assert "exists once the batch is released" in response.content.decode()
    assert not AccessLog.objects.exists()


def upload(client, batch, file):
    return send(client, "return_import", batch.pk, file=file)


def test_a_return_file_is_imported_and_shown(client, staff):
    batch = made.released()
    paid, failed = batch.lines.all()
    file = made.xlsx_file(made.answer(paid), made.answer(failed, "失败", "销户"), ("X", 1, "成功", ""))
    html = upload(client, batch, file).content.decode()
    assert "1 paid, 1 failed" in html
    assert "1 rows changed nothing" in html
    assert "No such payment in this batch" in html
    found = ReturnFile.objects.get()
    assert "销户" not in page(client, "return_detail", found.pk, verdict="unknown")
    page(client, "return_detail", found.pk, verdict="nonsense", page="x")


def test_a_file_imported_again_is_refused_on_the_page(client, staff):
    batch = made.released()
    row = made.answer(batch.lines.all()[0])
    upload(client, batch, made.csv_file(row))
    html = upload(client, batch, made.csv_file(row)).content.decode()
    assert "This file was imported on" in html
    assert ReturnFile.objects.count() == 1


def bomb():
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 200_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: b"", "empty"),
        (lambda: b"%PDF-1.7\x00\x01", "not an Excel file"),
        (lambda: b"\x89PNG\r\n\x1a\n\x00\x00", "not an Excel file"),
        (lambda: b"PK\x03\x04 broken", "damaged"),
        (lambda: b"\xd0\xcf\x11\xe0 old", "old or encrypted"),
        (lambda: b"a,b\n1,2\n", "Columns are missing"),
        ("业务参考号,金额,交易结果\n".encode, "no rows"),
        ("业务参考号,金额,交易结果,金额\nR,1,成功,2".encode, "appears twice"),
        (lambda: b"x" * (11 * 1024 * 1024), "larger than"),
        (bomb, "unpacks to far more"),
    ],
)
def test_a_hostile_file_is_refused_and_leaves_nothing(client, staff, content, words):
    batch = made.released()
    response = upload(client, batch, SimpleUploadedFile("return.xlsx", content()))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not ReturnFile.objects.exists()


def test_cells_that_cannot_be_read_are_named(client, staff):
    batch = made.released(1)
    file = made.xlsx_file((1e18, 1500, "成功", ""))
    html = upload(client, batch, file).content.decode()
    assert "Row 2, column A" in html
    assert not ReturnFile.objects.exists()


def test_one_answer_by_hand(client, staff):
    line = made.released(1).lines.get()
    send(client, "line_answer", line.pk, result="failed", reason="电话：销户")
    line.refresh_from_db()
    assert (line.outcome, line.reason) == ("failed", "电话：销户")
    assert send(client, "line_answer", line.pk, result="magic", reason="x").status_code == 200
