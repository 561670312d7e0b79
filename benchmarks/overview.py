"""The leaders' overview at 100,000 talents and applications against 1,000: as a leader finds it, counted within the
last two minutes by the task that runs every minute; and how long that counting takes, for which nobody waits."""

from statistics import median
from time import perf_counter

from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from benchmarks import data
from benchmarks.lists import LARGE, SMALL
from benchmarks.timing import AIM_GROWTH, ROUNDS, WARM_UP, tidy
from talentmap.accounts.actions_members import give_role
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.dashboards import board_tokens, kept, tasks
from talentmap.dashboards.scope import Scope
from talentmap.dashboards.views_board import HEADER
from talentmap.regions.models import Region

PAGES = (
    ("overview", "/dashboards/"),
    ("overview of a township", "/dashboards/?township=511525101000"),
    ("comparison of townships", "/dashboards/service-quality/compare/"),
    ("figures of the board", "/dashboards/board.json"),
)
COUNTING = "counting, by the task"


def run() -> None:
    desks = data.prepare()
    leader = User.objects.create_user("leader", "leader", display_name="leader")
    county = Region.objects.get(level="county")
    give_role(by=User.objects.system(), at=timezone.now(), user=leader, role=Role.COUNTY_LEADER, region=county)
    today = timezone.localdate()
    client = Client(headers={HEADER: board_tokens.issue(leader, {}, Scope(today, today))})
    client.force_login(leader)
    found = []
    for count in (SMALL, LARGE):
        print(f"loading {count:,} applications", flush=True)
        data.grow_to(count, desks)
        tidy()
        found.append(_measure(client))
    cache.clear()
    _report(*found)


def _measure(client: Client) -> dict[str, float]:
    """Pages take turns; the counting is the task's own, which counts everything anew."""
    cache.clear()
    kept.note_watched()
    times: dict[str, list[float]] = {name: [] for name in (COUNTING, *(name for name, _url in PAGES))}
    for turn in range(WARM_UP + ROUNDS):
        for name, seconds in _turn(client):
            if turn >= WARM_UP:
                times[name].append(seconds)
    return {name: median(seconds) for name, seconds in times.items()}


def _turn(client: Client) -> list[tuple[str, float]]:
    found = []
    begin = perf_counter()
    tasks.count_overview()
    found.append((COUNTING, perf_counter() - begin))
    for name, url in PAGES:
        client.get(url)  # what another reader or the minute before has counted
        begin = perf_counter()
        response = client.get(url)
        found.append((name, perf_counter() - begin))
        if response.status_code != 200:
            raise SystemExit(f"{url} answered {response.status_code}")
    return found


def _report(small: dict[str, float], large: dict[str, float]) -> None:
    print(f"{'page':36}{SMALL:>10,}{LARGE:>12,}{'growth':>9}   aim {AIM_GROWTH}x")
    for name, before in small.items():
        growth = large[name] / before
        verdict = "no aim" if name == COUNTING else "met" if growth <= AIM_GROWTH else "MISSED"
        print(f"{name:36}{before * 1000:8.1f}ms{large[name] * 1000:10.1f}ms{growth:8.2f}x   {verdict}")
