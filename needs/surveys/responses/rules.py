"""What makes a response suspicious, and which way a review may go. No suspicion decides anything by itself."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

FAR_KM = 15.0  # the county's largest township reaches 12 km from its centre
FEWEST_ALIKE = 5
FEWEST_CHOICES = 3  # five times "no" to five yes-or-no questions is an answer, five times "3 of 5" hardly
MOST_BY_DEVICE = 3  # a household shares a phone
NIGHT_FROM, NIGHT_UNTIL = time(23), time(6)
EARTH_KM = 6371.0
SCALES = frozenset({"likert", "table-list", "list-nolabel", "matrix"})

Scale = tuple[str, ...]
"""Stable ids of questions that stand one after another and have the same choices."""


class Flag(TextChoices):
    TOO_FAST = "too_fast", pgettext_lazy("suspicion", "Too fast")
    STRAIGHT_LINING = "straight_lining", pgettext_lazy("suspicion", "The same answer all along")
    DUPLICATE = "duplicate", pgettext_lazy("suspicion", "Same answers as another response")
    OUTSIDE = "outside", pgettext_lazy("suspicion", "Outside the township")
    ODD_HOURS = "odd_hours", pgettext_lazy("suspicion", "At night")
    ONE_DEVICE = "one_device", pgettext_lazy("suspicion", "Many from one device")


@dataclass(frozen=True)
class Seen:
    """What there is to judge a response by. Moments are local; `distance_km` is None where either place is unknown."""

    started_at: datetime
    finished_at: datetime
    shortest_minutes: Decimal
    answers: Mapping[str, Any]
    scales: tuple[Scale, ...]
    is_interview: bool
    distance_km: float | None = None
    is_village_elsewhere: bool = False
    has_twin: bool = False
    others_by_device: int = 0


def suspicions(seen: Seen) -> list[Flag]:
    """The flags that hold, in the order of `Flag`."""
    holds = {
        Flag.TOO_FAST: is_too_fast(seen.started_at, seen.finished_at, seen.shortest_minutes),
        Flag.STRAIGHT_LINING: any(is_straight(scale, seen.answers) for scale in seen.scales),
        Flag.DUPLICATE: seen.has_twin,
        Flag.OUTSIDE: seen.is_village_elsewhere or (seen.distance_km or 0) > FAR_KM,
        Flag.ODD_HOURS: seen.is_interview and (is_night(seen.started_at) or is_night(seen.finished_at)),
        Flag.ONE_DEVICE: seen.others_by_device >= MOST_BY_DEVICE,
    }
    return [flag for flag in Flag if holds[flag]]


def is_too_fast(started_at: datetime, finished_at: datetime, shortest_minutes: Decimal) -> bool:
    """A clock that runs backwards is as suspicious as one that hardly moved; 0 minutes asks for nothing."""
    return shortest_minutes > 0 and (finished_at - started_at).total_seconds() < float(shortest_minutes) * 60


def is_night(local: datetime) -> bool:
    return local.time() >= NIGHT_FROM or local.time() < NIGHT_UNTIL


def is_straight(scale: Scale, answers: Mapping[str, Any]) -> bool:
    """All that were answered have the same answer, and they are enough to mean something."""
    given = [answers[key] for key in scale if key in answers]
    return len(given) >= FEWEST_ALIKE and all(answer == given[0] for answer in given)


def scales(compiled: Mapping[str, Any]) -> tuple[Scale, ...]:
    """Runs of at least five neighbouring `select_one` with the same choices, outside repeats.

    A run of fewer than three choices counts only where the questionnaire shows it as a scale or a table.
    """
    nodes = compiled.get("nodes", [])
    return tuple(_scales(nodes, compiled.get("lists", {})))


def _scales(nodes: list[Mapping[str, Any]], lists: Mapping[str, Any]) -> Iterator[Scale]:
    asked = [node for node in nodes if node.get("repeat", -1) == -1 and node.get("type") != "note"]
    for (_parent, choices, _kind), run in groupby(asked, key=lambda node: _sameness(node, lists)):
        found = list(run)
        if len(found) < FEWEST_ALIKE or not choices:
            continue
        if len(choices) >= FEWEST_CHOICES or all(_is_scale(node, nodes) for node in found):
            yield tuple(node["id"] for node in found)


def _sameness(node: Mapping[str, Any], lists: Mapping[str, Any]) -> tuple[int, tuple[str, ...], str]:
    choices: Iterable[Mapping[str, Any]] = ()
    if node.get("type") == "select_one":
        choices = lists.get(node.get("list", ""), ())
    return node.get("parent", -1), tuple(choice["name"] for choice in choices), node["kind"]


def _is_scale(node: Mapping[str, Any], nodes: list[Mapping[str, Any]]) -> bool:
    parent = node.get("parent", -1)
    looks = {*node.get("appearance", ()), *(nodes[parent].get("appearance", ()) if parent >= 0 else ())}
    return bool(looks & SCALES)


def distance_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Great-circle distance between two (latitude, longitude) in degrees, in kilometres."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(degrees) for degrees in place) for place in (here, there))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))
