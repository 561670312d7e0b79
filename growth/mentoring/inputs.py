"""What an assignment round was computed from, as the round keeps it: ids and what the ranking looks at, no names. Pure,
like the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from growth.mentoring.rules import Candidate, Place, Seeker

_SETS = (
    "skill_gaps", "not_again", "languages", "formats", "offers", "industries", "skills", "stages",
)  # fmt: skip


def as_json(seekers: Sequence[Seeker], candidates: Sequence[Candidate]) -> dict[str, list[dict[str, Any]]]:
    return {"seekers": [_plain(each) for each in seekers], "candidates": [_plain(each) for each in candidates]}


def from_json(stored: Mapping[str, Any]) -> tuple[list[Seeker], list[Candidate]]:
    """The same people as were put into `as_json`."""
    seekers = [Seeker(**_restored(each)) for each in stored["seekers"]]
    return seekers, [Candidate(**_restored(each)) for each in stored["candidates"]]


def weights_from_json(stored: Mapping[str, str]) -> dict[str, Decimal]:
    """The weights that a round keeps as texts, so that none is rounded."""
    return {key: Decimal(value) for key, value in stored.items()}


def _plain(row: Seeker | Candidate) -> dict[str, Any]:
    return {name: sorted(value) if name in _SETS else value for name, value in asdict(row).items()}


def _restored(stored: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: frozenset(value) if name in _SETS else value for name, value in stored.items()}
    if "wishes" in found:
        found["wishes"] = tuple(found["wishes"])
    if place := found["place"]:
        found["place"] = Place(**{**place, "tile": tuple(place["tile"]) if place["tile"] else None})
    return found
