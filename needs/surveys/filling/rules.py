"""Until when an answer is taken, which part of it names a person, and what makes two of them alike. Pure."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

LATE = timedelta(days=14)
"""How long after its end a campaign still takes what was finished in time: a village may lie days from a network."""
CLOCK_AHEAD = timedelta(minutes=15)
# Filled by the device or the day, not by the respondent.
NOT_SAID = frozenset(
    {"start", "end", "today", "deviceid", "username", "calculate", "hidden", "note", "geopoint", "image", "file"}
)


@dataclass(frozen=True)
class Window:
    """When a campaign, and the link through which it is answered, takes answers."""

    state: str
    starts_on: date
    ends_on: date
    closed_at: datetime | None = None
    link_closed_at: datetime | None = None

    @property
    def opens_at(self) -> datetime:
        return _midnight(self.starts_on)

    @property
    def ends_at(self) -> datetime:
        """The last moment: the end of the last day, or when the campaign or the link was closed before."""
        ends = [_midnight(self.ends_on + timedelta(days=1)), self.closed_at, self.link_closed_at]
        return min(end for end in ends if end is not None)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def refusal(window: Window, finished_at: datetime, received_at: datetime, *, is_correction: bool = False) -> str:
    """Why a response is not taken, as a code; "" when it is.

    What was finished within the period is taken for 14 days after its end. A correction is not asked when it was
    finished: the interview was in time already.
    """
    asked = not is_correction
    holds = {
        "not_open": window.state == "draft",
        "paused": window.state == "paused",
        "too_late": received_at > window.ends_at + LATE,
        "clock": asked and finished_at > received_at + CLOCK_AHEAD,
        "too_early": asked and finished_at < window.opens_at,
        "over": asked and finished_at > window.ends_at,
    }
    return next((code for code, is_so in holds.items() if is_so), "")


# What names a person --------------------------------------------------------------------------------------


def split(answers: Mapping[str, Any], personal: frozenset[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what may be read, what names a person); a repeat keeps its length in both."""
    public: dict[str, Any] = {}
    private: dict[str, Any] = {}
    for key, value in answers.items():
        if key in personal:
            private[key] = value
        elif _is_repeat(value):
            parts = [split(instance, personal) for instance in value]
            public[key] = [part[0] for part in parts]
            if any(part[1] for part in parts):
                private[key] = [part[1] for part in parts]
        else:
            public[key] = value
    return public, private


def joined(public: Mapping[str, Any], private: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse of `split`."""
    whole = dict(public)
    for key, value in private.items():
        if _is_repeat(value) and _is_repeat(whole.get(key)):
            whole[key] = [joined(part, more) for part, more in zip(whole[key], value, strict=True)]
        else:
            whole[key] = value
    return whole


def _is_repeat(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


# Alike ----------------------------------------------------------------------------------------------------


def fingerprint(answers: Mapping[str, Any], left_out: frozenset[str]) -> str:
    """The same for two responses that say the same, however their texts are spaced, and whoever gave them."""
    plain = json.dumps(_plain(answers, left_out), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _plain(value: Any, left_out: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner, left_out) for key, inner in value.items() if key not in left_out}
    if isinstance(value, list):
        return [_plain(inner, left_out) for inner in value]
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFKC", value).casefold().split())
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


@dataclass(frozen=True)
class Marked:
    """The questions of a version that are treated apart, by stable id."""

    personal: frozenset[str]
    not_said: frozenset[str]
    places: tuple[str, ...]


def marked(nodes: Iterable[Mapping[str, Any]]) -> Marked:
    """A place counts only outside repeats and where it does not name a person."""
    asked = [node for node in nodes if node.get("kind") == "question"]
    personal = frozenset(node["id"] for node in asked if node.get("personal"))
    return Marked(
        personal=personal,
        not_said=personal | {node["id"] for node in asked if node.get("type") in NOT_SAID},
        places=tuple(
            node["id"]
            for node in asked
            if node.get("type") == "geopoint" and node.get("repeat", -1) == -1 and node["id"] not in personal
        ),
    )


def place(answers: Mapping[str, Any], places: Iterable[str]) -> tuple[float | None, float | None]:
    """(latitude, longitude) of the first place that was answered."""
    for key in places:
        found = answers.get(key)
        if isinstance(found, list) and len(found) >= 2:
            return float(found[0]), float(found[1])
    return None, None
