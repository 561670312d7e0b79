"""A bank's file in the background: how far it is, what a crash leaves, who is told, and where all files are."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from growth.loans import actions, tasks
from growth.loans.actions import importing
from growth.loans.models_repayment import Repayment, RepaymentFile
from talentmap.accounts.models import Membership
from talentmap.notices.models import Notice
from tests.factories import lending
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
APRIL = date(2026, 4, 12)
NUMBERS = ("HT-1", "HT-2", "HT-3")


@pytest.fixture
def market():
    market = lending.market()
    for number in NUMBERS:
        lending.running(market, number=number)
    return market


@pytest.fixture
def file(market):
    return asked(market)


def asked(market, name="还款.csv", numbers=NUMBERS):
    rows = "".join(f"{number},2026-04-10,0,875.00,LS-{number}\n" for number in numbers)
    read = actions.read_upload(SimpleUploadedFile(name, f"合同号,还款日期,本金,利息,流水号\n{rows}".encode()))
    return actions.import_repayments(by=market.bank, at=moment(APRIL), bank=market.bank_office, upload=read)


def enter(file, most=importing.LIMIT_ROWS):
    return actions.enter_file(file.pk, lambda: moment(APRIL), most=most)


def opened(user, file, **headers):
    client = Client()
    client.force_login(user)
    return client.get(reverse("loans:repayment_file", args=[file.pk]), headers=headers)


def test_nobody_waits_for_the_rows_and_the_page_says_how_far_they_are(market, file):
    assert not Repayment.objects.exists()
    assert enter(file, most=1)
    shown = opened(market.bank, file)
    assert 'value="33"' in shown.content.decode()
    polled = {"HX-Request": "true", "HX-Target": "entering"}
    assert "HX-Refresh" not in opened(market.bank, file, **polled).headers
    assert not enter(file)
    assert opened(market.bank, file, **polled).headers["HX-Refresh"] == "true"
    assert "新录入还款 3 笔" in opened(market.bank, file).content.decode()


class Killed(BaseException):
    """The process ends, whatever it was at."""


@pytest.fixture
def dies_at_the_second_row(monkeypatch):
    book, calls = importing._book, []

    def booked_or_killed(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise Killed
        return book(*arguments)

    monkeypatch.setattr(importing, "_book", booked_or_killed)


def test_after_a_crash_what_was_entered_is_there_and_the_rest_follows_once(file, dies_at_the_second_row):
    with pytest.raises(Killed):
        enter(file)
    assert Repayment.objects.count() == file.lines.count() == 1
    enter(file)
    assert sorted(Repayment.objects.values_list("reference", flat=True)) == [f"LS-{number}" for number in NUMBERS]
    assert list(file.lines.values_list("row", "verdict").order_by("row")) == [(row, "booked") for row in (2, 3, 4)]


def test_in_one_transaction_a_crash_would_lose_what_was_entered(file, dies_at_the_second_row):
    with pytest.raises(Killed), transaction.atomic():
        enter(file)
    assert not Repayment.objects.exists()


def test_the_same_file_while_it_is_being_entered_is_no_further_one(market, file):
    enter(file, most=1)
    assert asked(market) == file
    assert RepaymentFile.objects.count() == 1


def test_who_may_no_longer_lend_enters_no_more(market, file):
    enter(file, most=1)
    Membership.objects.filter(user=market.bank).delete()
    enter(file)
    assert sorted(file.lines.values_list("verdict", flat=True)) == ["booked", "refused", "refused"]
    assert "无权管理这笔贷款" in file.lines.filter(verdict="refused").first().reason
    assert Repayment.objects.count() == 1


def test_a_file_stays_as_the_bank_sent_it(file):
    with pytest.raises(DatabaseError), transaction.atomic():
        RepaymentFile.objects.filter(pk=file.pk).update(entries=[])
    enter(file)
    for change in ({"counts": {}}, {"finished_at": None}, {"rows": 9}):
        with pytest.raises(DatabaseError), transaction.atomic():
            RepaymentFile.objects.filter(pk=file.pk).update(**change)


def test_who_imported_it_is_told_once(market, file):
    enter(file, most=2)
    told = Notice.objects.filter(recipient=market.bank, kind="repayment_file_entered")
    assert not told.exists()
    enter(file)
    enter(file)
    assert told.get().link == reverse("loans:repayment_file", args=[file.pk])


@pytest.fixture
def sent(monkeypatch):
    """What goes to the broker."""
    sent = []
    monkeypatch.setattr(tasks.enter_repayment_file, "apply_async", lambda args, **_options: sent.append(*args))
    return sent


def test_it_is_sent_to_the_background_when_it_is_kept(market, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        file = asked(market)
    assert sent == [file.pk]


def test_a_long_file_lets_others_have_their_turn(file, sent, monkeypatch):
    monkeypatch.setattr(tasks, "ROWS_AT_ONCE", 2)
    tasks.enter_repayment_file(file.pk)
    assert (file.lines.count(), sent) == (2, [file.pk])
    tasks.enter_repayment_file(file.pk)
    assert (file.lines.count(), sent) == (3, [file.pk])


def test_what_was_left_over_is_sent_again(market, sent):
    """Not what has just been asked for, nor what is finished."""
    left, done = asked(market, "a.csv", NUMBERS[:1]), asked(market, "b.csv", NUMBERS[1:2])
    enter(done)
    RepaymentFile.objects.create(bank=left.bank, name="c.csv", sha256="c", by=left.by, at=timezone.now(), rows=1)
    tasks.sweep_repayment_files()
    assert sent == [left.pk]


# All files -------------------------------------------------------------------------------------------------------


def listed(user, **query):
    client = Client()
    client.force_login(user)
    page = client.get(reverse("loans:repayment_file_list"), query)
    return [row.name for row in page.context["list"].rows]


def test_all_files_are_found_by_name_by_what_needs_a_look_and_while_they_are_entered(market):
    for name, numbers in (("a.csv", ("HT-1", "HT-9")), ("b.csv", ("HT-2",))):
        enter(asked(market, name, numbers))
    asked(market, "c.csv", ("HT-3",))
    assert listed(market.bank) == ["c.csv", "b.csv", "a.csv"]
    assert listed(market.bank, q="B.CSV") == ["b.csv"]
    assert listed(market.bank, shown="odd") == ["a.csv"]
    assert listed(market.bank, shown="open") == ["c.csv"]
    enter(asked(market, "a.csv", ("HT-1", "HT-9")))
    assert listed(market.bank, shown="odd") == ["a.csv"]  # the later import; the rows of the first were tried again
    assert listed(market.office.staff) == ["a.csv", "c.csv", "b.csv", "a.csv"]
    assert listed(market.other_bank) == []


def test_the_office_comes_from_the_portfolio_to_the_files(market, file):
    client = Client()
    client.force_login(market.office.staff)
    files = reverse("loans:repayment_file_list")
    assert files in client.get(reverse("loans:loan_list")).content.decode()
    assert reverse("loans:repayment_file", args=[file.pk]) in client.get(files).content.decode()
    assert opened(market.office.staff, file).status_code == 200
