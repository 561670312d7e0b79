"""Median times of the staff's lists, measured through the whole stack but the network."""

from statistics import median
from time import perf_counter

from django.test import Client

from benchmarks import data

SMALL, LARGE = 1_000, 100_000
ROUNDS, WARM_UP = 21, 4
PAGES = (
    ("inbox", "/cases/"),
    ("inbox, all cases", "/cases/?tab=all"),
    ("inbox, search by name", "/cases/?tab=all&q=%E7%8E%8B"),
    ("inbox, search by initials", "/cases/?tab=all&q=wx"),
    ("inbox, search by number", "/cases/?tab=all&q=ZF-2026-000123"),
    ("talent register", "/people/"),
    ("talent register, search by pinyin", "/people/?q=wangxue"),
)
AIM_GROWTH, AIM_BARE = 1.5, 3.0


def run() -> None:
    staff = data.prepare()
    client = Client()
    client.force_login(staff)
    data.grow_to(SMALL, staff)
    small = {name: _time(client, url) for name, url in PAGES}
    print(f"loading {LARGE:,} applications")
    data.grow_to(LARGE, staff)
    large = {name: _time(client, url) for name, url in PAGES}
    _report(small, large, bare=_time(client, "/bare/"))


def _time(client: Client, url: str) -> float:
    """Median seconds of a request that answers 200."""
    times = []
    for turn in range(WARM_UP + ROUNDS):
        begin = perf_counter()
        response = client.get(url)
        times.append(perf_counter() - begin)
        if response.status_code != 200:
            raise SystemExit(f"{url} answered {response.status_code}")
        if turn < WARM_UP:
            times.clear()
    return median(times)


def _report(small: dict[str, float], large: dict[str, float], bare: float) -> None:
    print(f"bare view, as many rows from one query: {bare * 1000:.1f} ms")
    print(f"{'page':36}{SMALL:>10,}{LARGE:>12,}{'growth':>9}{'to bare':>9}   aims {AIM_GROWTH}x, {AIM_BARE}x")
    for name, before in small.items():
        growth, to_bare = large[name] / before, large[name] / bare
        met = "met" if growth <= AIM_GROWTH and to_bare <= AIM_BARE else "MISSED"
        print(f"{name:36}{before * 1000:8.1f}ms{large[name] * 1000:10.1f}ms{growth:8.2f}x{to_bare:8.2f}x   {met}")
