"""Gives questions and repeats their stable ids: the same question keeps its id through all versions."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from needs.surveys.engine.compiling import all_items, fresh_id
from needs.surveys.engine.kinds import OTHER, answer_kind


def kind_of(item: Mapping[str, Any]) -> str:
    """What must stay the same for answers to be counted together."""
    return "repeat" if item["kind"] == "repeat" else answer_kind(item.get("type", ""))


def assign_ids(
    document: Mapping[str, Any], previous: Mapping[str, Any] | None = None, retired: Iterable[str] = ()
) -> dict[str, Any]:
    """A copy of `document` in which every question and repeat has its stable id.

    An id that an item brings is kept when `previous` has it for the same kind of answer, or when nobody had it before;
    an item without one takes the id that `previous` has under its name and place. Else it gets a new one: its name,
    with a number when another question had that id at any time (`retired`).
    """
    result: dict[str, Any] = copy.deepcopy(dict(document))
    before = _known(previous)
    by_place = {_place(previous or {}, path): item["id"] for item, path in _identified(previous)}
    taken, waiting = set[str](), list[dict[str, Any]]()
    never = {*retired, *before}
    for item, path in all_items(result):
        if item["kind"] == "group":
            continue
        wanted = item.get("id") or by_place.get(_place(result, path), "")
        fits = before.get(wanted) == kind_of(item) if wanted in before else bool(item.get("id")) and wanted not in never
        if wanted and fits and wanted not in taken:
            item["id"] = wanted  # type: ignore[index]
            taken.add(wanted)
        else:
            waiting.append(item)  # type: ignore[arg-type]
    for item in waiting:
        item["id"] = fresh_id(item["name"], taken | never)
        taken.add(item["id"])
    return result


def _identified(document: Mapping[str, Any] | None) -> list[tuple[Mapping[str, Any], tuple[int, ...]]]:
    return [(item, path) for item, path in all_items(document or {}) if item["kind"] != "group" and item.get("id")]


def _known(document: Mapping[str, Any] | None) -> dict[str, str]:
    known = {item["id"]: kind_of(item) for item, _path in _identified(document)}
    others = {f"{item['id']}_{OTHER}": "text" for item, _path in _identified(document) if item.get("or_other")}
    return {**others, **known}


def _place(document: Mapping[str, Any], path: tuple[int, ...]) -> tuple[str, ...]:
    """The names of the repeats that enclose an item, and its own: groups may come and go around a question."""
    names, items = [], document.get("items") or []
    for step, place in enumerate(path):
        item = items[place]
        if item["kind"] == "repeat" or step == len(path) - 1:
            names.append(item["name"])
        items = item.get("items") or []
    return tuple(names)
