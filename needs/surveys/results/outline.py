"""The questions of all versions of a questionnaire, merged by stable id, as results show them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Texts = Mapping[str, str]

KINDS = {
    "select_one": "choice",
    "acknowledge": "choice",
    "select_multiple": "several",
    "rank": "rank",
    "integer": "number",
    "decimal": "number",
    "range": "number",
    "date": "date",
    "dateTime": "date",
    "text": "text",
    "barcode": "text",
    "geopoint": "answered",
    "image": "answered",
    "file": "answered",
    "time": "answered",
}
"""How the answers of a type are counted; what is not named here (notes, what the device says) is no result."""


@dataclass(frozen=True)
class Choice:
    name: str
    label: Texts


@dataclass(frozen=True)
class Question:
    """`versions` are the numbers of the versions that ask it; the words are the newest's. `matrix` names the
    `table-list` that it is a row of."""

    key: str
    kind: str
    type: str
    label: Texts
    group: Texts
    choices: tuple[Choice, ...]
    versions: tuple[int, ...]
    role: str = ""
    is_likert: bool = False
    matrix: str = ""
    in_repeat: bool = False


@dataclass(frozen=True)
class Outline:
    questions: tuple[Question, ...]
    versions: tuple[int, ...]
    default_language: str = ""

    def find(self, key: str) -> Question | None:
        return next((question for question in self.questions if question.key == key), None)

    def of_role(self, role: str) -> Question | None:
        return next((question for question in self.questions if question.role == role), None)


def outline(versions: Sequence[tuple[int, Mapping[str, Any] | None]]) -> Outline:
    """From (number, compiled), newest first: the newest's questions in their order, then those that only older ones
    asked. A question of changed choices has those of all versions, in the order of the newest."""
    merged: dict[str, Question] = {}
    for number, compiled in versions:
        for question in _questions(compiled or {}, number):
            known = merged.get(question.key)
            merged[question.key] = _merge(known, question) if known else question
    newest = versions[0][1] or {} if versions else {}
    return Outline(
        tuple(merged.values()), tuple(number for number, _compiled in versions), newest.get("default_language", "")
    )


def _merge(newer: Question, older: Question) -> Question:
    known = {choice.name for choice in newer.choices}
    more = tuple(choice for choice in older.choices if choice.name not in known)
    return Question(
        **{**newer.__dict__, "choices": newer.choices + more, "versions": newer.versions + older.versions},
    )


def _questions(compiled: Mapping[str, Any], number: int) -> Iterator[Question]:
    nodes = compiled.get("nodes", ())
    lists = compiled.get("lists", {})
    by_place = {node["i"]: node for node in nodes}
    for node in nodes:
        kind = KINDS.get(node.get("type", ""), "")
        if node["kind"] != "question" or not kind or node.get("personal"):
            continue
        yield Question(
            key=node["id"],
            kind=kind,
            type=node["type"],
            label=node.get("label") or {"": node["name"]},
            group=_group_label(node, by_place),
            choices=_choices(node, lists),
            versions=(number,),
            role=node.get("role", ""),
            is_likert="likert" in node.get("appearance", ()),
            matrix=_matrix(node, by_place),
            in_repeat=node.get("repeat", -1) >= 0,
        )


def _choices(node: Mapping[str, Any], lists: Mapping[str, Any]) -> tuple[Choice, ...]:
    if node["type"] == "acknowledge":
        return (Choice("OK", {}),)
    found = {each["name"]: each.get("label") or {} for each in lists.get(node.get("list", ""), ())}
    return tuple(Choice(name, label) for name, label in found.items())


def _matrix(node: Mapping[str, Any], by_place: Mapping[int, Mapping[str, Any]]) -> str:
    """The name of the group, when it lays its questions out as the rows of one table."""
    group = by_place.get(node.get("parent", -1), {})
    return str(group["name"]) if node["type"] == "select_one" and "table-list" in group.get("appearance", ()) else ""


def _group_label(node: Mapping[str, Any], by_place: Mapping[int, Mapping[str, Any]]) -> Texts:
    """The words of the nearest group or repeat around the question that has any."""
    place = node.get("parent", -1)
    while place in by_place:
        label = by_place[place].get("label")
        if label:
            return dict(label)
        place = by_place[place].get("parent", -1)
    return {}


def say(texts: Texts, language: str, default: str = "", otherwise: str = "") -> str:
    """The words in the language (`zh-hans` reads `中文 (zh)`), else in the questionnaire's own, else any."""
    filled = {name: text for name, text in texts.items() if text}
    code = language.split("-", maxsplit=1)[0].lower()
    own = next((text for name, text in filled.items() if f"({code}" in name.lower() or name.lower() == code), "")
    return own or filled.get(default, "") or next(iter(filled.values()), otherwise)
