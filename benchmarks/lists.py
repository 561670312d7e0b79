"""Median times of the pages that people of the office open all day, through the whole stack but the network."""

import os
from dataclasses import replace

from benchmarks import data
from benchmarks.timing import AIM_GROWTH, Measured, medians, signed_in, tidy
from talentmap.casework.models import Application
from talentmap.casework.states import State

SMALL = int(os.environ.get("BENCH_SMALL", "1000"))
LARGE = int(os.environ.get("BENCH_LARGE", "100000"))
AIM_BARE = 3.0


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
    readers = {"staff": desks.staff[0], "cadre": next(iter(desks.cadres.values()))}
    clients = {name: signed_in(reader) for name, reader in readers.items()}
    found = []
    for count in (SMALL, LARGE):
        print(f"loading {count:,} applications", flush=True)
        data.grow_to(count, desks)
        tidy()
        found.append(medians(clients, _pages()))
    _report(*found)


def _pages() -> tuple[Measured, ...]:
    case = Application.objects.filter(state=State.IN_REVIEW, stage="office").earliest("pk")
    return (*BARE, *LISTS, replace(CASE, url=f"/cases/{case.pk}/"), *DASHBOARDS)


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
