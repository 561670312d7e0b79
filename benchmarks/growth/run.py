"""The portfolio of loans at 10,000 against 100, as the office, a township, a bank and a guarantor read it; then the
mentors and their pairs at 1,000 mentors against 100."""

import os
from dataclasses import replace

from django.db.models import Count
from django.test import Client

from benchmarks import data
from benchmarks.cases import Desks
from benchmarks.growth import loans, mentors
from benchmarks.timing import AIM_GROWTH, Measured, medians, signed_in, tidy
from growth.loans.models_loan import Loan
from growth.mentoring.models import Mentor, Pair

LOANS_SMALL, LOANS_LARGE = 100, int(os.environ.get("BENCH_LOANS", "10000"))
MENTORS_SMALL, MENTORS_LARGE = 100, int(os.environ.get("BENCH_MENTORS", "1000"))
SEAT = "511525100000"

PORTFOLIO = (
    *(Measured(f"portfolio of {who}", "/growth/loans/", who) for who in ("staff", "bank", "guarantor", "cadre")),
    Measured("portfolio, running", "/growth/loans/?state=running"),
    Measured("portfolio of bank, running", "/growth/loans/?state=running", "bank"),
    Measured("portfolio of bank, overdue", "/growth/loans/?age=any", "bank"),
    Measured("portfolio, overdue at all", "/growth/loans/?age=any"),
    Measured("portfolio, search by name", "/growth/loans/?q=%E7%8E%8B"),
    Measured("portfolio, search by initials", "/growth/loans/?q=wx"),
    Measured("portfolio, search by contract", "/growth/loans/?q=HT000042"),
    Measured("portfolio of bank, by contract", "/growth/loans/?q=HT000042", "bank"),
    Measured("portfolio of a township", f"/growth/loans/?township={SEAT}"),
    *(
        Measured(f"portfolio, sorted by {name}", f"/growth/loans/?sort={name}")
        for name in ("person", "bank", "-amount", "-outstanding", "-arrears", "next_due")
    ),
    Measured("portfolio of bank, by arrears", "/growth/loans/?sort=-arrears", "bank"),
    Measured("portfolio, third page", "/growth/loans/?page=3"),
)
ONE_LOAN = (
    Measured("one loan", "/growth/loans/{}/"),
    Measured("one loan, to repay", "/growth/loans/{}/repay/", "bank"),
)
MENTORING = (
    Measured("directory of mentors", "/growth/mentoring/", "public"),
    Measured("directory, free places", "/growth/mentoring/?free=1", "public"),
    Measured("directory, who can teach", "/growth/mentoring/?skills=ecommerce", "public"),
    Measured("directory, search by initials", "/growth/mentoring/?q=w", "public"),
    Measured("mentors of the office", "/growth/mentoring/office/mentors/"),
    Measured("pairs", "/growth/mentoring/office/pairs/"),
    Measured("pairs, running", "/growth/mentoring/office/pairs/?state=active"),
    Measured("pairs, to assess", "/growth/mentoring/office/pairs/?waits=assessment"),
    *(
        Measured(f"pairs, sorted by {name}", f"/growth/mentoring/office/pairs/?sort={name}")
        for name in ("talent", "mentor", "-meetings", "until")
    ),
    Measured("pairs of a township", "/growth/mentoring/office/pairs/", "cadre"),
)


def run() -> None:
    desks = data.prepare()
    clients = _clients(desks)
    _lending(desks, clients)
    _mentoring(desks, clients)


def _clients(desks: Desks) -> dict[str, Client]:
    return {"public": Client(), "staff": signed_in(desks.staff[0]), "cadre": signed_in(desks.cadres[SEAT[:9]])}


def _lending(desks: Desks, clients: dict[str, Client]) -> None:
    market = loans.lenders(desks)
    clients |= {"bank": signed_in(market.bank), "guarantor": signed_in(market.guarantor)}
    found = []
    for count in (LOANS_SMALL, LOANS_LARGE):
        print(f"loading {count:,} loans", flush=True)
        loans.grow_to(count, desks, market)
        tidy()
        found.append(medians(clients, (*PORTFOLIO, *_one_loan())))
    _report((LOANS_SMALL, LOANS_LARGE), *found)


def _one_loan() -> list[Measured]:
    """The same one at both sizes: the oldest that runs, of the bank whose officer looks at it."""
    banks = Loan.objects.order_by("pk").values_list("bank", flat=True)
    loan = Loan.objects.running().filter(bank=banks[0]).earliest("pk")
    return [replace(page, url=page.url.format(loan.pk)) for page in ONE_LOAN]


def _mentoring(desks: Desks, clients: dict[str, Client]) -> None:
    found = []
    for count in (MENTORS_SMALL, MENTORS_LARGE):
        print(f"loading {count:,} mentors", flush=True)
        mentors.grow_to(count, desks)
        tidy()
        found.append(medians(clients, MENTORING))
    _report((MENTORS_SMALL, MENTORS_LARGE), *found)
    meetings = Pair.objects.aggregate(held=Count("meetings"))["held"]
    print(f"{Mentor.objects.count():,} mentors, {Pair.objects.count():,} pairs, {meetings:,} meetings")


def _report(sizes: tuple[int, int], small: dict[Measured, float], large: dict[Measured, float]) -> None:
    few, many = sizes
    print(f"{'page':36}{few:>10,}{many:>12,}{'growth':>9}   aim {AIM_GROWTH}x")
    for page, before in small.items():
        growth = large[page] / before
        verdict = "met" if growth <= AIM_GROWTH else "MISSED"
        print(f"{page.name:36}{before * 1000:8.1f}ms{large[page] * 1000:10.1f}ms{growth:8.2f}x   {verdict}")
