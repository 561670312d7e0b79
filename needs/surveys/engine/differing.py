"""What a new version changes, question by question, by stable id."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from needs.surveys.engine.compiling import all_items

LOGIC = (
    "relevant",
    "required",
    "constraint",
    "read_only",
    "default",
    "calculation",
    "choice_filter",
    "repeat_count",
    "parameters",
)  # fmt: skip
WORDS = ("label", "hint", "guidance_hint", "required_message", "constraint_message", "media")


@dataclass(frozen=True)
class Change:
    """`kind`: added, removed, renamed, retyped, moved, words, logic, appearance, role, choice_added, choice_removed,
    choice_words. `prop` is the property or the choice; `old` and `new` are what it was and is."""

    kind: str
    id: str
    name: str
    prop: str = ""
    old: Any = None
    new: Any = None


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """In the order of the new document; what was removed comes last."""
    before, after = _by_id(old), _by_id(new)
    changes: list[Change] = []
    for key, item in after.items():
        if key not in before:
            changes.append(Change("added", key, item["name"], new=item.get("type", item["kind"])))
        else:
            changes.extend(_of_item(key, before[key], item))
            changes.extend(_of_choices(key, item["name"], _choices(old, before[key]), _choices(new, item)))
    changes.extend(_moved(before, after))
    changes.extend(
        Change("removed", key, item["name"], old=item.get("type", item["kind"]))
        for key, item in before.items()
        if key not in after
    )
    return changes


def _by_id(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Groups have no id: they go by their name."""
    found = {}
    for item, _path in all_items(document):
        key = f"({item['name']})" if item["kind"] == "group" else item.get("id") or item["name"]
        found[key] = item
    return found


def _of_item(key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    name = new["name"]
    if old["name"] != name:
        yield Change("renamed", key, name, "name", old["name"], name)
    if old.get("type") != new.get("type"):
        yield Change("retyped", key, name, "type", old.get("type"), new.get("type"))
    for prop in WORDS:
        if (old.get(prop) or {}) != (new.get(prop) or {}):
            yield Change("words", key, name, prop, old.get(prop) or {}, new.get(prop) or {})
    for prop in LOGIC:
        if (old.get(prop) or "") != (new.get(prop) or ""):
            yield Change("logic", key, name, prop, old.get(prop) or "", new.get(prop) or "")
    for kind, prop in (("appearance", "appearance"), ("role", "role"), ("role", "personal"), ("logic", "or_other")):
        if (old.get(prop) or "") != (new.get(prop) or ""):
            yield Change(kind, key, name, prop, old.get(prop) or "", new.get(prop) or "")


def _choices(document: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    rows = (document.get("choices") or {}).get(item.get("list") or "", ())
    return {row["name"]: row for row in rows}


def _of_choices(
    key: str, name: str, old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> Iterator[Change]:
    for choice, row in new.items():
        if choice not in old:
            yield Change("choice_added", key, name, choice, new=row.get("label") or {})
        elif (old[choice].get("label") or {}) != (row.get("label") or {}):
            yield Change("choice_words", key, name, choice, old[choice].get("label") or {}, row.get("label") or {})
    for choice, row in old.items():
        if choice not in new:
            yield Change("choice_removed", key, name, choice, old=row.get("label") or {})


def _moved(old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]) -> Iterator[Change]:
    """The fewest questions that must have moved: all but the longest run that kept its order."""
    place = {key: number for number, key in enumerate(key for key in old if key in new)}
    stayed = _longest_rising([place[key] for key in new if key in place])
    for key in new:
        if key in place and place[key] not in stayed:
            yield Change("moved", key, new[key]["name"])


def _longest_rising(numbers: list[int]) -> set[int]:
    best: list[int] = []
    before: list[int] = []
    for at, number in enumerate(numbers):
        choices = [index for index in range(at) if numbers[index] < number]
        before.append(max(choices, key=best.__getitem__, default=-1))
        best.append(1 + (best[before[at]] if before[at] >= 0 else 0))
    at = max(range(len(numbers)), key=best.__getitem__, default=-1)
    stayed = set()
    while at >= 0:
        stayed.add(numbers[at])
        at = before[at]
    return stayed
