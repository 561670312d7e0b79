"""Median times of pages through the whole stack but the network."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from django.db import connection
from django.test import Client

ROUNDS, WARM_UP = 21, 4
AIM_GROWTH = 1.5


@dataclass(frozen=True)
class Measured:
    """A page, who opens it, and how many rows it shows: as many does the bare view that it is compared with."""

    name: str
    url: str
    reader: str = "staff"
    rows: int = 25


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def tidy() -> None:
    """As the database is in daily work, after its own tidying."""
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def medians(clients: Mapping[str, Client], pages: Iterable[Measured]) -> dict[Measured, float]:
    """Median seconds of each page. They take turns, so that a machine that slows down slows all of them."""
    times: dict[Measured, list[float]] = {page: [] for page in pages}
    for turn in range(WARM_UP + ROUNDS):
        for page, seconds in times.items():
            took = timed(clients[page.reader], page.url)
            if turn >= WARM_UP:
                seconds.append(took)
    return {page: median(seconds) for page, seconds in times.items()}


def timed(client: Client, url: str) -> float:
    begin = perf_counter()
    response = client.get(url)
    seconds = perf_counter() - begin
    if response.status_code != 200:
        raise SystemExit(f"{url} answered {response.status_code}")
    return seconds
