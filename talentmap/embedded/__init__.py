"""The private PostgreSQL and Valkey of a machine that has none.

`DATABASE_URL` or `REDIS_URL` in the environment means that a real server is used; its embedded
twin never starts.
"""

import os
from pathlib import Path

from talentmap.embedded import postgres, valkey
from talentmap.embedded.lock import only_one
from talentmap.embedded.places import Places, places_of, postgres_url, redis_url, state_dir

__all__ = ["connection_urls", "ensure_started", "postgres_wanted", "state_dir", "stop", "valkey_wanted"]


def postgres_wanted() -> bool:
    """True when nobody named a database server."""
    return not os.environ.get("DATABASE_URL")


def valkey_wanted() -> bool:
    """True when nobody named a Redis server."""
    return not os.environ.get("REDIS_URL")


def connection_urls(base_dir: Path) -> tuple[str, str]:
    """Give (DATABASE_URL, REDIS_URL) of the embedded servers of the checkout at `base_dir`; starts nothing.

    The first is understood by libpq and by django-environ, the second by Celery; for a cache replace its
    `redis+socket://` with `unix://`.
    """
    places = places_of(base_dir)
    return postgres_url(places), redis_url(places)


def ensure_started(base_dir: Path) -> None:
    """Start whichever embedded server is needed and not up; quick when both are.

    Any number of processes may call this at once: a file lock lets one of them start each server.
    """
    if not (postgres_wanted() or valkey_wanted()):
        return
    places = places_of(base_dir)
    places.make()
    if _all_up(places):
        return
    with only_one(places.state / "embedded.lock"):
        _start_missing(places)


def stop(base_dir: Path) -> None:
    """Stop both embedded servers of the checkout at `base_dir`, whatever the environment says."""
    places = places_of(base_dir)
    if not places.state.exists():
        return
    with only_one(places.state / "embedded.lock"):
        postgres.stop(places)
        valkey.stop(places)


def _all_up(places: Places) -> bool:
    return (not postgres_wanted() or postgres.is_up(places)) and (not valkey_wanted() or valkey.is_up(places))


def _start_missing(places: Places) -> None:
    if postgres_wanted():
        postgres.start(places)
    if valkey_wanted():
        valkey.start(places)
