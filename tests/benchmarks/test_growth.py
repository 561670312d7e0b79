"""The benchmark's loans and mentors are such as the product's own actions make."""

import pytest
from django.db.models import Count, F, Q, Sum
from django.test import Client
from django.utils import timezone

from benchmarks import data
from benchmarks.growth import loans, mentors, run
from benchmarks.timing import signed_in
from growth.loans.actions.common import look
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Repayment
from growth.mentoring.models import Mentor, Pair

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def desks():
    return data.prepare()


def test_loans_stand_where_schedules_and_repayments_say(desks):
    loans.grow_to(150, desks, loans.lenders(desks))
    running = Loan.objects.running()
    for loan in running.order_by("?")[:15]:
        now = look(loan, timezone.localdate())
        assert (now.outstanding, now.arrears, now.overdue_since) == (loan.outstanding, loan.arrears, loan.overdue_since)
        assert now.next_row is None or (now.next_row.due, now.next_row.total) == (
            loan.next_due_on, loan.next_due_amount)  # fmt: skip
    assert set(Loan.objects.values_list("state", flat=True)) == set(Loan.State.values)
    assert running.filter(overdue_since__isnull=False).exists()
    assert Repayment.objects.filter(kind="reversal").exists()
    paid = Loan.objects.filter(state="settled").annotate(paid=Sum("repayments__principal"))
    assert not paid.exclude(paid=F("disbursed")).exists()


def test_mentors_hold_as_many_places_as_pairs_run(desks):
    mentors.grow_to(30, desks)
    counted = Mentor.objects.annotate(run=Count("pairs", filter=Q(pairs__state=Pair.State.ACTIVE)))
    assert not counted.exclude(taken=F("run")).exists()
    assert set(Pair.objects.values_list("state", flat=True)) == {"active", "completed"}


def test_every_measured_page_opens(desks, settings):
    settings.ROOT_URLCONF = "benchmarks.urls"
    market = loans.lenders(desks)
    loans.grow_to(60, desks, market)
    mentors.grow_to(10, desks)
    readers = {"bank": market.bank, "guarantor": market.guarantor, "staff": desks.staff[0]}
    clients = {name: signed_in(reader) for name, reader in readers.items()}
    clients |= {"public": Client(), "cadre": signed_in(desks.cadres[run.SEAT[:9]])}
    for page in (*run.PORTFOLIO, *run._one_loan(), *run.MENTORING):
        assert clients[page.reader].get(page.url).status_code == 200, page.url
