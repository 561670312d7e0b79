"""Numbers kept for a short while, with the moment at which they were counted.

Many look at the same overview, and a board asks every minute: they are answered from Redis. What was counted for one
reach is never given to another.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache

from talentmap.dashboards.scope import Scope

SECONDS = 120
WATCHED_SECONDS = 12 * 3600
_SHAPE = 1  # another one whenever what is kept changes its shape: an update must not read what was kept before it
_WATCHED = "dashboards:watched"


@dataclass(frozen=True)
class Kept:
    value: Any
    at: datetime


def many(wanted: Mapping[str, Callable[[], Any]], *, now: datetime, fresh: bool = False) -> dict[str, Kept]:
    """The value of every key, from the cache or counted now; `fresh` counts all of them."""
    names = {key: _name(key) for key in wanted}
    there = {} if fresh else cache.get_many(names.values())
    made = {key: Kept(count(), now) for key, count in wanted.items() if names[key] not in there}
    if made:
        cache.set_many({names[key]: kept for key, kept in made.items()}, SECONDS)
    return {key: made[key] if key in made else there[names[key]] for key in wanted}


def key(kind: str, code: str, reader: Any, permission: str, *scopes: Scope | str) -> str:
    """Who reaches the same and asks for the same shares the same key."""
    reach = reader.reach(permission)
    where = "all" if reach.everything else ",".join(sorted(reach.region_codes))
    return repr((kind, code, where, *map(_told, scopes)))


def _told(scope: Scope | str) -> str | tuple[str, ...]:
    """All that narrows the rows: what is left out here is answered with the numbers of something else."""
    if isinstance(scope, str):
        return scope
    place = scope.region.code if scope.region else ""
    return str(scope.first), str(scope.last), place, scope.split, scope.group


def _name(key: str) -> str:
    return f"dashboards:{_SHAPE}:{hashlib.sha256(key.encode()).hexdigest()}"


def note_watched() -> None:
    """Somebody looks at the county's overview: for half a day it is counted before anybody has to wait for it."""
    cache.set(_WATCHED, 1, WATCHED_SECONDS)


def is_watched() -> bool:
    return cache.get(_WATCHED) is not None
