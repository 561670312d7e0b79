"""Median times of the pages that people of the office open all day, through the whole stack but the network."""

import os
from dataclasses import dataclass, replace
from statistics import median
from time import perf_counter

from django.db import connection
from django.test import Client

from benchmarks import data
from benchmarks.cases import Desks
from talentmap.casework.models import Application
from talentmap.casework.states import State

SMALL = int(os.environ.get("BENCH_SMALL", "1000"))
LARGE = int(os.environ.get("BENCH_LARGE", "100000"))
ROUNDS, WARM_UP = 21, 4
AIM_GROWTH, AIM_BARE = 1.5, 3.0


@dataclass(frozen=True)
class Measured:
    """A page, who opens it, and how many rows it shows: as many does the bare view that it is compared with."""

    name: str
    url: str
    reader: str = "staff"
    rows: int = 25


BARE = tuple(Measured(f"bare view, {rows} rows of one query", f"/bare/?rows={rows}", rows=rows) for rows in (25, 50))
LISTS = (
    Measured("inbox", "/cases/"),
    Measured("inbox, all cases", "/cases/?tab=all"),
    Measured("inbox, overdue", "/cases/?tab=overdue"),
    Measured("inbox, search by name", "/cases/?tab=all&q=%E7%8E%8B"),
    Measured("inbox, search by initials", "/cases/?tab=all&q=wx"),
    Measured("inbox, search by number", "/cases/?tab=all&q=ZF-2026-000123"),
    Measured("inbox of a township", "/cases/", "cadre"),
    Measured("inbox of a township, all cases", "/cases/?tab=all", "cadre"),
    Measured("inbox of a township, overdue", "/cases/?tab=overdue", "cadre"),
    Measured("talent register", "/people/"),
    Measured("talent register, search by pinyin", "/people/?q=wangxue"),
    Measured("payable amounts", "/money/payables/", rows=50),
)
CASE = Measured("one case", "", rows=0)
# They add up every row of a year: measured, so that nobody is surprised, but no list of some rows of many.
DASHBOARDS = (
    Measured("support panorama", "/dashboards/support/", rows=0),
    Measured("service quality", "/dashboards/service-quality/", rows=0),
)


def run() -> None:
    desks = data.prepare()
    clients = {"staff": _signed_in(desks.staff[0]), "cadre": _signed_in(next(iter(desks.cadres.values())))}
    _report(*(_measure(clients, desks, count) for count in (SMALL, LARGE)))


def _signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def _measure(clients: dict[str, Client], desks: Desks, count: int) -> dict[Measured, float]:
    """Median seconds of each page. They take turns, so that a machine that slows down slows all of them."""
    print(f"loading {count:,} applications", flush=True)
    data.grow_to(count, desks)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    case = Application.objects.filter(state=State.IN_REVIEW, stage="office").earliest("pk")
    pages = (*BARE, *LISTS, replace(CASE, url=f"/cases/{case.pk}/"), *DASHBOARDS)
    times: dict[Measured, list[float]] = {page: [] for page in pages}
    for turn in range(WARM_UP + ROUNDS):
        for page in pages:
            seconds = _time(clients[page.reader], page.url)
            if turn >= WARM_UP:
                times[page].append(seconds)
    return {page: median(seconds) for page, seconds in times.items()}


def _time(client: Client, url: str) -> float:
    begin = perf_counter()
    response = client.get(url)
    seconds = perf_counter() - begin
    if response.status_code != 200:
        raise SystemExit(f"{url} answered {response.status_code}")
    return seconds


def _report(small: dict[Measured, float], large: dict[Measured, float]) -> None:
    print(f"{'page':36}{SMALL:>10,}{LARGE:>12,}{'growth':>9}{'to bare':>9}   aims {AIM_GROWTH}x, {AIM_BARE}x")
    # The case is another one at each size, so pages are matched by their names.
    after = {page.name: seconds for page, seconds in large.items()}
    bare = {page.rows: after[page.name] for page in BARE}
    for page, before in small.items():
        now, to_bare = after[page.name], after[page.name] / bare[page.rows] if page.rows else None
        print(
            f"{page.name:36}{before * 1000:8.1f}ms{now * 1000:10.1f}ms{now / before:8.2f}x"
            f"{f'{to_bare:8.2f}x' if to_bare else '        —'}   {_verdict(page, now / before, to_bare)}"
        )


def _verdict(page: Measured, growth: float, to_bare: float | None) -> str:
    """A single case is no list, so nothing bare to compare it with; a dashboard grows with what it adds up."""
    if page in (*BARE, *DASHBOARDS):
        return "no aim"
    return "met" if growth <= AIM_GROWTH and (to_bare or 0) <= AIM_BARE else "MISSED"
