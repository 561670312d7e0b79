"""The five questions of scale, each answered as a ratio within one run."""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from random import Random
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from benchmarks.surveys import bare, questionnaire, serving
from benchmarks.surveys.loading import Office
from benchmarks.surveys.serving import BASE_DIR, Load
from needs.surveys.campaigns.models import Campaign
from needs.surveys.responses.models import Response
from needs.surveys.tallies.proof import verify

SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))
TURNS, ROUNDS, WARM_UP = 3, 15, 3
MOST_SENT = 40_000


@dataclass(frozen=True)
class Outcome:
    """`value` against `aim`: at least it, or at most it."""

    name: str
    value: float
    aim: float
    at_least: bool
    told: str
    unit: str = "x"

    @property
    def met(self) -> bool:
        return self.value >= self.aim if self.at_least else self.value <= self.aim

    def __str__(self) -> str:
        bound = "≥" if self.at_least else "≤"
        verdict = "met" if self.met else "MISSED"
        return (
            f"{self.name:44}{self.value:9.2f}{self.unit:3}aim {bound} {self.aim:g}{self.unit:3}{verdict:7} {self.told}"
        )


@dataclass(frozen=True)
class Field:
    """What is measured on: the people, a small campaign and the large one, and one that takes answers."""

    office: Office
    small: Campaign
    large: Campaign
    live: Campaign


# (a) accepting, and the tallies that follow ---------------------------------------------------------------


def accepting(field: Field, port: int) -> Iterator[Outcome]:
    """Both sides behind the same server and its whole middleware, signed in, with a token against forgery."""
    cadre = field.office.cadres[field.office.townships[0].pk][0]
    sync = reverse("surveys:sync")
    headers = _signed_in_headers(cadre)
    bodies = _bodies(field, cadre.username)
    form = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    plain = Load("POST", "/bare/accept/", form, [], 201, SECONDS)
    plain_bodies = [urlencode(bare.filled())] * MOST_SENT
    ours = Load("POST", sync, {**headers, "Content-Type": "application/json"}, [], 201, SECONDS)
    rates: dict[str, list[float]] = {"bare": [], "ours": []}
    with _folding() as folded:
        for turn in range(TURNS):
            share = bodies[turn * MOST_SENT // TURNS : (turn + 1) * MOST_SENT // TURNS]
            rates["bare"].append(serving.run(port, _with(plain, plain_bodies)).per_second)
            rates["ours"].append(serving.run(port, _with(ours, share)).per_second)
    one, other = median(rates["ours"]), median(rates["bare"])
    yield Outcome("(a) accept a response, to a bare view", one / other, 0.5, True, f"{one:.0f}/s to {other:.0f}/s")
    yield Outcome("(c) tallies follow", folded["longest"], 5, False, f"{folded['folded']} responses", "s")


def _with(load: Load, bodies: list[str]) -> Load:
    return Load(load.method, load.path, load.headers, bodies, load.expected, load.seconds)


def _signed_in_headers(user: Any) -> dict[str, str]:
    client, token = Client(), get_token(HttpRequest())
    client.force_login(user)
    cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}"
    return {"Cookie": cookies, "X-CSRFToken": token, "Accept": "application/json"}


def _bodies(field: Field, username: str) -> list[str]:
    """Responses of the cadre's own township, each of its own, made before the clock starts."""
    rng, now = Random(8), timezone.localtime()
    township = field.office.townships[0].pk
    texts = [json.dumps(questionnaire.answers(rng), ensure_ascii=False) for _each in range(500)]
    head = {
        "campaign": field.live.pk,
        "version": field.office.version.pk,
        "township": township,
        "device": "bench",
        "started_at": (now - timedelta(minutes=15)).isoformat(),
        "finished_at": (now - timedelta(minutes=2)).isoformat(),
        "language": questionnaire.CHINESE,
        "username": username,
    }
    rest = json.dumps(head, ensure_ascii=False)[1:]
    return [
        f'{{"uuid": "{uuid.UUID(int=rng.getrandbits(128), version=4)}", "answers": {texts[each % 500]}, {rest}'
        for each in range(MOST_SENT)
    ]


@contextmanager
def _folding() -> Iterator[dict[str, Any]]:
    """Another process folds meanwhile; afterwards the dictionary says how long the longest wait was."""
    command = [sys.executable, "-m", "benchmarks.surveys.folding"]
    process = subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE, text=True)
    said: dict[str, Any] = {}
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield said
    finally:
        process.send_signal(signal.SIGTERM)
        said.update(json.loads(process.communicate(timeout=120)[0].splitlines()[-1]))


# (b) the form's page --------------------------------------------------------------------------------------


def serving_the_form(field: Field, port: int) -> Iterator[Outcome]:
    cadre = field.office.cadres[field.office.townships[0].pk][0]
    headers = _signed_in_headers(cadre)
    pages = {
        "bare": "/bare/form/",
        "page": reverse("surveys:fill_form", args=[field.live.pk]),
        "questionnaire": reverse("surveys:fill_version", args=[field.office.version.pk]),
    }
    rates: dict[str, list[float]] = {name: [] for name in pages}
    for _turn in range(TURNS):
        for name, path in pages.items():
            rates[name].append(serving.run(port, Load("GET", path, headers, [], 200, SECONDS / 2)).per_second)
    other = median(rates["bare"])
    for name in ("page", "questionnaire"):
        one = median(rates[name])
        yield Outcome(f"(b) the form's {name}, to a bare form", one / other, 1, True, f"{one:.0f}/s to {other:.0f}/s")


# (c) results and coverage ---------------------------------------------------------------------------------


def results_and_coverage(field: Field) -> Iterator[Outcome]:
    client = Client()
    client.force_login(field.office.staff)
    for name, view in (("results page", "surveys:results"), ("coverage grid", "surveys:campaign")):
        if not there_is(view, field.small.pk):
            print(f"(c) {name}: there is none yet")
            continue
        addresses = [reverse(view, args=[campaign.pk]) for campaign in (field.small, field.large)]
        before, now = _in_turns([partial(_get, client, url) for url in addresses])
        yield Outcome(f"(c) {name}, large to small", now / before, 1.5, False, _ms(now, before))


def _in_turns(calls: list[Callable[[], None]]) -> list[float]:
    """Median seconds of each; they take turns, so that a machine that slows down slows all of them."""
    times: list[list[float]] = [[] for _call in calls]
    for turn in range(WARM_UP + ROUNDS):
        for call, kept in zip(calls, times, strict=True):
            begin = perf_counter()
            call()
            if turn >= WARM_UP:
                kept.append(perf_counter() - begin)
    return [median(kept) for kept in times]


def _get(client: Client, url: str) -> None:
    response = client.get(url)
    if response.status_code != 200:
        raise SystemExit(f"{url} answered {response.status_code}")


def _ms(one: float, other: float) -> str:
    return f"{one * 1000:.1f} ms to {other * 1000:.1f} ms"


def proving(field: Field) -> Iterator[Outcome]:
    begin = perf_counter()
    finding = verify()
    told = f"{finding.tallies:,} counts of {finding.responses:,} responses in {perf_counter() - begin:.0f} s"
    yield Outcome("(c) counts that differ from the answers", finding.differing, 0, False, told, "")


# (d) exporting --------------------------------------------------------------------------------------------


def exporting(field: Field) -> Iterator[Outcome]:
    rows, seconds = _copied(field.large)
    command = [sys.executable, "-m", "benchmarks.surveys.exporting", str(field.large.pk), str(field.office.staff.pk)]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    said = json.loads(done.stdout.splitlines()[-1])
    if said["state"] != "ready" or said["rows"] != rows:
        raise SystemExit(f"the export is {said['state']} with {said['rows']} of {rows} rows")
    mine, copied = said["rows"] / said["seconds"], rows / seconds
    yield Outcome("(d) CSV rows/s, to COPY", mine / copied, 0.25, True, f"{mine:,.0f}/s to {copied:,.0f}/s")
    yield Outcome("(d) memory of the export", said["peak_mb"], 300, False, f"{said['rows']:,} rows", "MB")


class _Nowhere:
    def write(self, data: bytes) -> int:
        return len(data)


def _copied(campaign: Campaign) -> tuple[int, float]:
    begin = perf_counter()
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"copy (select id, answers from needs_response where campaign_id = {int(campaign.pk)}) to stdout",
            _Nowhere(),
        )
        return int(cursor.rowcount), perf_counter() - begin


# (e) the list ---------------------------------------------------------------------------------------------


def paging(field: Field) -> Iterator[Outcome]:
    client, cadre = Client(), Client()
    client.force_login(field.office.staff)
    cadre.force_login(field.office.cadres[field.office.townships[0].pk][0])
    url = reverse("surveys:response_list", args=[field.large.pk])
    middle = Response.objects.filter(campaign=field.large).order_by("pk").values_list("pk", flat=True)
    between = middle[middle.count() // 2]
    for who, reader in (("", client), (" of a township", cadre)):
        first, deep, last = _in_turns(
            [partial(_get, reader, page) for page in (url, f"{url}?after={between}", f"{url}?last=1")]
        )
        yield Outcome(f"(e) list{who}, last page to first", last / first, 1.5, False, _ms(last, first))
        yield Outcome(f"(e) list{who}, middle to first", deep / first, 1.5, False, _ms(deep, first))


def there_is(view: str, *arguments: int) -> bool:
    try:
        reverse(view, args=arguments)
    except NoReverseMatch:
        return False
    return True
