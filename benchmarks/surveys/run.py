"""Loads the responses, takes the measures, prints them."""

import os
from collections.abc import Iterator
from time import perf_counter

from django.core.management import call_command
from django.db import connection

from benchmarks.surveys import bare, loading, measures, serving
from benchmarks.surveys.measures import Field, Outcome, there_is

RESPONSES = int(os.environ.get("BENCH_RESPONSES", "1000000"))
SMALL = min(int(os.environ.get("BENCH_RESPONSES_SMALL", "10000")), RESPONSES)


def run() -> None:
    field = _field()
    print(f"{RESPONSES:,} responses against {SMALL:,}; 8 clients, {serving.WORKERS} workers", flush=True)
    for outcome in _outcomes(field):
        print(outcome, flush=True)


def _field() -> Field:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_reference_data", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(bare.TABLE)
    office = loading.prepare()
    small, large, live = (loading.campaign(office, title) for title in ("small", "large", "live"))
    begin = perf_counter()
    loading.fill(office, small, SMALL)
    loading.fill(office, large, RESPONSES)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    print(f"loaded {SMALL + RESPONSES:,} responses in {perf_counter() - begin:.0f} s", flush=True)
    return Field(office, small, large, live)


def _outcomes(field: Field) -> Iterator[Outcome]:
    yield from measures.paging(field)
    yield from measures.results_and_coverage(field)
    yield from measures.exporting(field)
    with serving.server() as port:
        if there_is("surveys:sync"):
            yield from measures.accepting(field, port)
            yield from measures.serving_the_form(field, port)
        else:
            print("(a), (b): there is nothing yet that accepts responses")
    yield from measures.proving(field)
