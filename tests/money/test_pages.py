"""Pages of funds, tariffs, payables and claims: what they show, change, and say no to."""

import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from talentmap.accounts.permissions import Role
from talentmap.money import actions
from talentmap.money.filters import PayableFilter
from talentmap.money.models import LedgerEntry, Payable, PaymentBatch, Tariff
from tests.factories import money as made
from tests.factories.accounts import user_with
from tests.money.browsing import page, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ACCOUNT = "6228480402564890018"


# Funds ---------------------------------------------------------------------------------------------------


def test_funds_show_their_balances(client, staff):
    made.commit(made.fund(10_000), 3_000)
    html = page(client, "fund_list")
    for amount in ("¥10,000.00", "¥3,000.00", "¥7,000.00"):
        assert amount in html


def test_the_ledger_is_filtered_by_number_kind_and_day(client, staff):
    fund = made.fund(10_000)
    application = made.commit(fund)
    other = made.commit(fund)
    html = page(client, "fund_detail", fund.pk, q=application.number)
    assert application.number in html
    assert other.number not in html
    assert application.number not in page(client, "fund_detail", fund.pk, kind="budget")
    assert application.number not in page(client, "fund_detail", fund.pk, since="2026-04-03")
    assert application.number in page(client, "fund_detail", fund.pk, since="2026-04-02", until="2026-04-02")


@pytest.mark.parametrize("query", [{"since": "x", "q": "%"}, {"until": "9999-12-31"}, {"sort": "-by", "page": "9"}])
def test_an_absurd_filter_is_no_error(client, staff, query):
    page(client, "fund_detail", made.fund().pk, **query)


def test_the_ledger_is_downloaded_as_filtered(client, staff):
    fund = made.fund(10_000)
    made.commit(fund)
    response = client.get(reverse("money:ledger_export", args=[fund.pk]), {"kind": "budget"})
    rows = list(openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active.values)
    assert len(rows) == 2
    assert rows[1][3] == 10_000
    csv = client.get(reverse("money:ledger_export", args=[fund.pk]), {"format": "csv"})
    assert b"".join(csv.streaming_content).count(b"\n") == 3


def test_commitments_show_masked_names(client):
    client.force_login(user_with(Role.COUNTY_LEADER))
    fund = made.fund(10_000)
    application = made.commit(fund)
    html = page(client, "commitment_list", fund.pk, rest="some", q=application.applicant.name)
    assert application.number in html
    assert application.applicant.masked_name in html
    assert application.applicant.name not in html.replace(f'value="{application.applicant.name}"', "")
    export = client.get(reverse("money:commitment_export", args=[fund.pk]), {"format": "csv"})
    assert application.applicant.name not in b"".join(export.streaming_content).decode()


def top_up(client, fund, **changes):
    data = {"kind": "budget", "amount": "5,000", "reason": "文件", "once_token": "a" * 32, **changes}
    return send(client, "top_up", fund.pk, **data)


def test_budget_is_shown_before_it_is_booked(client, director):
    fund = made.fund(1_000)
    html = top_up(client, fund).content.decode()
    assert "¥6,000.00" in html
    assert LedgerEntry.objects.count() == 1
    for _click in range(2):
        top_up(client, fund, confirmed="1")
    assert actions.balances(fund)["available"] == 6_000


def test_going_back_keeps_what_was_typed(client, director):
    html = top_up(client, made.fund(0), back="1").content.decode()
    assert "文件" in html
    assert 'name="reason"' in html
    assert 'name="confirmed"' not in html


def test_a_refused_booking_says_why_on_the_form(client, director):
    fund = made.fund(100)
    html = top_up(client, fund, kind="reduction", confirmed="1").content.decode()
    assert "¥4,900.00 is missing" in html
    assert actions.balances(fund)["available"] == 100


def test_a_fund_is_shown_year_by_year_and_what_is_left_is_carried_over(client, director):
    fund, year = made.fund(0), timezone.localdate().year
    told = {"by": director, "at": timezone.now().replace(year=year - 1, day=2), "fund": fund, "reason": "预算"}
    actions.top_up(**told, amount=Decimal(9_000), key="b")
    link = reverse("money:carry_over", args=[fund.pk])
    assert link in page(client, "fund_detail", fund.pk)
    assert "¥9,000.00" in page(client, "carry_over", fund.pk)
    assert "Booked: Carried over ¥9,000.00" in send(client, "carry_over", fund.pk, reason="结转文件").content.decode()
    this, last = actions.budget_years(fund)
    assert (this.year, this.carried_over, last.carried_out) == (year, 9_000, 9_000)
    html = page(client, "fund_detail", fund.pk)
    assert "Committed, net of releases</th>" in html
    assert link not in html
    assert f">{year - 1}<" in html
    assert f">{year}<" in html
    again = send(client, "carry_over", fund.pk, reason="结转文件").content.decode()
    assert "carried over already" in again
    nothing = page(client, "carry_over", fund.pk)
    assert f"Nothing is left of {year - 1}" in nothing and 'name="reason"' not in nothing


def test_the_ledgers_days_are_picked_from_a_calendar(client, director):
    html = page(client, "fund_detail", made.fund(0).pk)
    assert re.search(r'<input type="date" name="since"', html) and re.search(r'<input type="date" name="until"', html)


@pytest.mark.parametrize("amount", ["", "0", "-1", "abc", "NaN", "1e400", "0.001", "9" * 40, "∞", "１２"])
def test_an_absurd_amount_never_breaks_the_page(client, director, amount):
    assert top_up(client, made.fund(0), amount=amount).status_code == 200
    assert not LedgerEntry.objects.exists()


# Tariffs -------------------------------------------------------------------------------------------------


def version(client, **changes):
    data = {
        "valid_from": "2030-01-01",
        "note": "高人社发〔2029〕3号",
        "value_rent__doctor": "3500",
        "value_rent__bachelor": "1,500.00",
        "value_months": "36",
        "seen_version": "1",
        **changes,
    }
    return send(client, "tariff_add", "test_rent", **data)


def test_a_tariff_shows_what_is_in_force_and_every_version(client, staff):
    made.tariff()
    made.tariff(date(2040, 1, 1), version=2, rent__doctor=4_000)
    html = page(client, "tariff_detail", "test_rent")
    assert "Version 1 is in force" in html
    assert "1 change from the version before" in html
    assert "4,000" in html
    assert "2040-01-01" in page(client, "tariff_list")


def test_a_version_is_previewed_then_added(client, director):
    made.tariff()
    html = version(client).content.decode()
    assert "Check what changes" in html
    assert "<strong>3,500</strong>" in html
    assert Tariff.objects.filter(code="test_rent").count() == 1
    version(client, confirmed="1")
    added = Tariff.objects.get(code="test_rent", version=2)
    assert added.values.get(key="rent.doctor").value == 3_500


def test_a_second_click_adds_no_second_version(client, director):
    made.tariff()
    version(client, confirmed="1")
    html = version(client, confirmed="1").content.decode()
    assert "Somebody else has added a version" in html
    assert Tariff.objects.filter(code="test_rent").count() == 2


@pytest.mark.parametrize("changes", [{"value_months": "99"}, {"value_rent__doctor": ""}, {"valid_from": "never"}])
def test_an_impossible_version_stays_on_the_form(client, director, changes):
    made.tariff()
    html = version(client, confirmed="1", **changes).content.decode()
    assert "高人社发〔2029〕3号" in html
    assert Tariff.objects.filter(code="test_rent").count() == 1


def test_an_unknown_tariff_is_not_found(client, director):
    assert client.get(reverse("money:tariff_detail", args=["nonsense"])).status_code == 404


# Payables ------------------------------------------------------------------------------------------------


def test_payables_show_by_when_they_are_to_be_paid(client, staff):
    """One is overdue, one is due within two working days, one later."""
    fund, today = made.fund(100_000), timezone.localdate()
    late, soon, later = (made.payable(fund) for _ in range(3))
    for payable, day in ((late, today - timedelta(days=1)), (soon, today), (later, today + timedelta(days=30))):
        Payable.objects.filter(pk=payable.pk).update(due_on=day)
    html = page(client, "payable_list", sort="due")
    places = [html.index(payable.application.number) for payable in (late, soon, later)]
    assert places == sorted(places)
    assert html.count("is-late") == html.count("is-near") == 1
    for value, shown in (("overdue", late), ("soon", soon), ("later", later)):
        narrowed = page(client, "payable_list", due=value)
        assert [p for p in (late, soon, later) if p.application.number in narrowed] == [shown]


def test_numbers_are_found_by_their_beginning_which_an_index_knows(client, staff):
    payable = made.payable(made.fund())
    number = payable.application.number
    for wanted in (number, number.lower(), number[:-2]):
        assert number in page(client, "payable_list", q=wanted)
    assert f'">{number}<' not in page(client, "payable_list", q="XX-2026-")
    found = PayableFilter({"q": number}, Payable.objects.all()).qs
    assert "UPPER" not in str(found.query)


def test_payables_are_found_by_name_state_and_account(client, staff):
    payable = made.payable(made.fund())
    number = payable.application.number
    assert number in page(client, "payable_list", q="zhang", state="due", account="known")
    assert number not in page(client, "payable_list", account="missing")
    assert number not in page(client, "payable_list", state="paid")
    csv = client.get(reverse("money:payable_export"), {"format": "csv"})
    assert ACCOUNT not in b"".join(csv.streaming_content).decode()


def test_an_account_is_corrected(client, staff):
    payable = made.payable(made.fund())
    data = {"payee_name": "张三", "bank_name": "农行", "bank_account": "6228 4804 0256 4890 999", "reason": "更正"}
    assert (
        "8 to 30 digits"
        in send(client, "payable_correct", payable.pk, **{**data, "bank_account": "x"}).content.decode()
    )
    send(client, "payable_correct", payable.pk, **data)
    payable.refresh_from_db()
    assert payable.account_last4 == "0999"
    send(client, "payable_from_file", payable.pk)
    payable.refresh_from_db()
    assert payable.bank_account == ACCOUNT


def test_a_payment_in_a_batch_is_not_corrected(client, staff):
    payable = made.released(1).lines.get().payable
    response = client.get(reverse("money:payable_correct", args=[payable.pk]), follow=True)
    assert "Only a due or failed payment" in response.content.decode()


# Recoveries ----------------------------------------------------------------------------------------------


def test_a_receipt_is_booked_once(client, staff):
    recovery = made.recovery(1_000)
    data = {"amount": "400", "received_on": "2026-05-06", "reference": "A1", "once_token": "b" * 32}
    for _click in range(2):
        send(client, "recovery_receive", recovery.pk, **data)
    recovery.refresh_from_db()
    assert recovery.received == 400
    assert "¥600.00" in page(client, "recovery_detail", recovery.pk)
    assert recovery.application.number in page(client, "recovery_list", state="open")
    assert (
        "still outstanding"
        in send(
            client, "recovery_receive", recovery.pk, **{**data, "amount": "601", "once_token": "c" * 32}
        ).content.decode()
    )
    assert client.get(reverse("money:recovery_export")).status_code == 200


def test_a_receipt_does_not_come_from_the_future(client, staff):
    html = send(client, "recovery_receive", made.recovery().pk, amount="4", received_on="2999-01-01").content.decode()
    assert "still to come" in html


def test_a_claim_is_written_off(client, director):
    recovery = made.recovery()
    send(client, "recovery_write_off", recovery.pk, reason="无力偿还")
    recovery.refresh_from_db()
    assert recovery.state == "written_off"
    assert "无力偿还" in page(client, "recovery_detail", recovery.pk)


# Who may -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        (Role.COUNTY_LEADER, "fund_list", 200),
        (Role.COUNTY_LEADER, "batch_list", 403),
        (Role.COUNTY_LEADER, "payable_list", 403),
        (Role.TOWNSHIP_CADRE, "fund_list", 403),
        (Role.TOWNSHIP_CADRE, "tariff_list", 200),
        (Role.OFFICE_DIRECTOR, "batch_prepare", 403),
        (Role.OFFICE_STAFF, "batch_prepare", 200),
        (Role.TALENT, "tariff_list", 403),
    ],
)
def test_who_may_open_what(client, role, name, status):
    client.force_login(user_with(role))
    assert client.get(reverse(f"money:{name}")).status_code == status


@pytest.mark.parametrize("name", ["top_up", "fund_detail", "batch_detail", "return_detail", "payable_detail"])
def test_what_does_not_exist_is_not_found(client, name):
    client.force_login(made.both())
    assert client.get(reverse(f"money:{name}", args=[10**9])).status_code == 404


# Queries -------------------------------------------------------------------------------------------------


def lists_of(rows):
    target = made.fund(1_000_000)
    for _row in range(rows):
        made.released(1, target)
        made.payable(target)
        made.recovery()
    return {
        "fund_detail": [target.pk],
        "commitment_list": [target.pk],
        "payable_list": [],
        "batch_list": [],
        "batch_detail": [PaymentBatch.objects.latest("pk").pk],
        "recovery_list": [],
    }


LIST_QUERIES = {
    "fund_detail": 9,
    "commitment_list": 8,
    "payable_list": 9,
    "batch_list": 8,
    "batch_detail": 9,
    "recovery_list": 6,
}


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_whatever_they_hold(client, staff, rows):
    counted = {}
    for name, args in lists_of(rows).items():
        page(client, name, *args)
        with CaptureQueriesContext(connection) as queries:
            page(client, name, *args)
        counted[name] = len(queries)
    assert counted == LIST_QUERIES


def test_nobody_is_offered_a_page_that_they_may_not_open(client):
    made.fund(10)
    client.force_login(user_with(Role.COUNTY_LEADER))
    assert reverse("money:recovery_list") not in page(client, "fund_list")
    client.force_login(made.staff())
    assert reverse("money:recovery_list") in page(client, "fund_list")
