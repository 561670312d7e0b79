"""The bank's file: what is entered, what is not and why, that twice is once, and that what was left is tried again."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from growth.loans import actions
from growth.loans.actions import importing
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Repayment, RepaymentFile
from talentmap.ui.errors import Refused
from talentmap.ui.workbooks import BadFile
from tests.factories import lending
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
HEAD = "合同号,还款日期,本金,利息,罚息,流水号\n"
APRIL = date(2026, 4, 10)


@pytest.fixture
def market():
    return lending.market()


def upload(*rows, name="还款.csv"):
    return actions.read_upload(SimpleUploadedFile(name, (HEAD + "\n".join(rows)).encode()))


def imported(market, read, by=None, bank=None):
    """The file as it is when the background has done its part."""
    file = asked(market, read, by, bank)
    actions.enter_file(file.pk, lambda: moment(APRIL))
    file.refresh_from_db()
    return file


def asked(market, read, by=None, bank=None):
    return actions.import_repayments(
        by=by or market.bank, at=moment(APRIL), bank=bank or market.bank_office, upload=read
    )


def test_each_row_is_entered_by_itself_and_what_is_not_says_why(market):
    loan = lending.running(market)
    file = imported(
        market,
        upload(
            "HT-1,2026/4/10,0,875.00,,LS-1",
            "HT-9,2026-04-10,0,10,,LS-2",
            "HT-1,2026-04-10,5000,0,,LS-3",
            "HT-1,2026-04-10,0,874.00,0,LS-1",
        ),
    )
    assert [line.verdict for line in file.lines.order_by("row")] == ["booked", "unknown", "refused", "contradiction"]
    assert all(line.reason for line in file.lines.exclude(verdict="booked"))
    assert Repayment.objects.get().interest == Decimal("875.00")
    loan.refresh_from_db()
    assert str(loan.next_due_on) == "2026-05-10"


def test_a_file_and_a_row_imported_twice_count_once(market):
    lending.running(market)
    first = imported(market, upload("HT-1,2026-04-10,0,875.00,0,LS-1"))
    assert imported(market, upload("HT-1,2026-04-10,0,875.00,0,LS-1")) == first
    other = imported(market, upload("HT-1,2026-04-10,0.00,875,,LS-1"))
    assert other.lines.get().verdict == "known"
    assert Repayment.objects.count() == 1


@pytest.mark.parametrize(
    "row",
    [
        "HT-1,gestern,0,1,0,LS-1",
        "HT-1,2026-04-10,-1,1,0,LS-1",
        "HT-1,2026-04-10,0,1.234,0,LS-1",
        "HT-1,2026-04,0,1,0,LS-1",
        "HT-1,2026-04-10,.,1,0,LS-1",
        ",2026-04-10,0,1,0,LS-1",
    ],
)
def test_a_cell_that_cannot_be_read_is_named_and_nothing_is_imported(row):
    with pytest.raises(BadFile) as caught:
        upload("HT-1,2026-04-10,0,875.00,0,LS-1", row)
    assert [error.row for error in caught.value.errors] == [3]


def test_a_bank_enters_for_itself_only(market):
    lending.running(market)
    read = upload("HT-1,2026-04-10,0,875.00,0,LS-1")
    with pytest.raises(PermissionDenied):
        imported(market, read, by=market.other_bank)
    own = imported(market, read, by=market.other_bank, bank=market.other_product.bank)
    assert own.lines.get().verdict == "unknown"
    assert Loan.objects.get().outstanding == Decimal(300_000)


# The same file again -----------------------------------------------------------------------------------------------

MIXED = ("HT-1,2026-04-10,0,875.00,0,LS-1", "HT-2,2026-04-10,0,875.00,0,LS-2", "HT-1,2026-04-10,5000,0,0,LS-3")


def verdicts(file):
    return [(line.row, line.verdict) for line in file.lines.order_by("row")]


def test_a_file_again_enters_what_could_not_be_entered_before(market):
    lending.running(market)
    first = imported(market, upload(*MIXED))
    assert verdicts(first) == [(2, "booked"), (3, "unknown"), (4, "refused")]
    lending.running(market, number="HT-2")
    second = imported(market, upload(*MIXED))
    assert (verdicts(second), second.attempt) == ([(3, "booked"), (4, "refused")], 2)
    assert verdicts(first) == [(2, "booked"), (3, "unknown"), (4, "refused")]  # what was said then stays said
    assert sorted(Repayment.objects.values_list("reference", flat=True)) == ["LS-1", "LS-2"]


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def post(market, *rows):
    """Where the upload leads, and that page once the background has done its part."""
    client = client_of(market.bank)
    file = SimpleUploadedFile("还款.csv", (HEAD + "\n".join(rows)).encode())
    response = client.post(reverse("loans:repayment_import"), {"bank": market.bank_office.pk, "file": file})
    actions.enter_file(int(re.search(r"(\d+)/$", response.url)[1]), timezone.now)
    return response.url, client.get(response.url)


def numbers(response):
    """New, known, and what needs a look, as the page says them."""
    text = response.content.decode()
    new, known = re.search(r"新录入还款 (\d+) 笔，已有 (\d+) 笔", text).groups()
    look = re.search(r"有 (\d+) 行未作任何改动", text)
    return int(new), int(known), int(look[1]) if look else 0


def test_the_page_says_how_many_are_new_now(market):
    lending.running(market)
    assert numbers(post(market, *MIXED)[1]) == (1, 0, 2)
    assert numbers(post(market, *MIXED)[1]) == (0, 0, 2)  # tried again, none is new
    lending.running(market, number="HT-2")
    assert numbers(post(market, *MIXED[:2])[1]) == (1, 1, 0)
    assert numbers(post(market, *MIXED)[1]) == (0, 1, 1)
    again = post(market, *MIXED[:2])[1]
    (said,) = again.context["messages"]
    assert f"{timezone.localdate()} " in str(said)
    assert "本次新录入 0 笔" in str(said)
    assert Repayment.objects.count() == 2


def test_an_earlier_import_leads_to_the_later_one(market):
    lending.running(market)
    (first, _page), (second, _other) = post(market, *MIXED), post(market, *MIXED)
    client = client_of(market.bank)
    assert second in client.get(first).content.decode()
    assert first not in client.get(second).content.decode()


# What is wrong with a row ------------------------------------------------------------------------------------------


def test_a_reference_that_is_too_long_is_named_in_its_cell():
    with pytest.raises(BadFile) as caught:
        upload("HT-1,2026-04-10,0,875.00,0,LS-1", f"HT-1,2026-05-10,0,875.00,0,{'9' * 61}")
    assert [(error.row, error.letter) for error in caught.value.errors] == [(3, "F")]
    assert "60" in str(caught.value.errors[0])
    assert len(upload(f"HT-1,2026-05-10,0,875.00,0,{'9' * 60}").entries) == 1


@pytest.mark.parametrize("told", [True, False])
def test_what_the_database_refuses_is_said_in_our_words(market, monkeypatch, told):
    """A constraint that has words of ours, and one that has none."""
    lending.running(market)

    def refused(**_options):
        with connection.cursor() as cursor:
            if told:
                cursor.execute("UPDATE growth_loan SET outstanding = -1")
            else:
                cursor.execute("INSERT INTO growth_repayment (id) VALUES (1)")

    monkeypatch.setattr(importing, "repay", refused)
    line = imported(market, upload("HT-1,2026-04-10,0,875.00,0,LS-1")).lines.get()
    assert line.verdict == "refused"
    assert line.reason == ("还款不得超过放款金额。" if told else "因系统故障未能录入，已记录在案。")


def test_a_file_beyond_the_limit_says_so(market):
    """A bank with 10,000 loans sends its month as one file."""
    rows = [f"HT-1,2026-04-10,0,1,0,LS-{number}" for number in range(10_001)]
    with pytest.raises(BadFile, match=r"10,?000"):
        upload(*rows)
    assert len(upload(*rows[:10_000]).entries) == 10_000
    assert re.search(r" 10,?000 ", client_of(market.bank).get(reverse("loans:repayment_import")).content.decode())


def test_cells_that_cannot_be_read_are_told_once_each_with_what_is_wrong(market):
    lending.running(market)
    rows = ["HT-1,2026-04-10,-5,875.00,0,LS-1", "HT-1,2026-04-10,0,许多,0,LS-2", "HT-1,2026-04-10,0,-,0,LS-3"]
    file = SimpleUploadedFile("还款.csv", (HEAD + "\n".join(rows)).encode())
    client = client_of(market.bank)
    client.cookies["django_language"] = "en"
    response = client.post(reverse("loans:repayment_import"), {"bank": market.bank_office.pk, "file": file})
    shown = response.content.decode()
    assert (shown.count("alert-bad"), response.context["form"].non_field_errors()) == (1, [])
    assert (shown.count("An amount is not negative."), shown.count("This is no amount.")) == (1, 2)
    assert not RepaymentFile.objects.exists()


def test_a_repayment_is_of_a_day_from_the_payout_to_today(market):
    loan, payout, today = lending.running(market), date(2026, 3, 10), date(2026, 3, 20)
    for on in (date(2026, 3, 9), date(2026, 3, 21)):
        with pytest.raises(Refused, match="from the disbursement on 2026-03-10 to today, 2026-03-20"):
            lending.paid(market, loan, on, interest=1, at=moment(today))
    for on in (payout, today):
        lending.paid(market, loan, on, interest=1, at=moment(today))
