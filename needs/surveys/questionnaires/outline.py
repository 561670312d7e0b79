"""A document as rows to read: each question with its number, its words, its choices and what it hangs on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from needs.surveys.questionnaires.documents import CHINESE, Document, Item, label_of
from needs.surveys.questionnaires.words import TYPE_WORDS

SHOWN_CHOICES = 40


@dataclass(frozen=True)
class Row:
    """`number` is empty for what nobody is asked; `depth` is how many groups stand around it."""

    path: str
    number: str
    depth: int
    kind: str
    name: str
    label: str
    hint: str
    type: Any
    choices: tuple[str, ...]
    more_choices: int
    relevant: str
    constraint: str
    is_required: bool
    is_personal: bool


def outline(document: Document) -> list[Row]:
    language = document.get("settings", {}).get("default_language", CHINESE)
    return list(_rows(document, document.get("items", []), language, (), ""))


def _rows(document: Document, items: list[Item], language: str, before: tuple[int, ...], prefix: str) -> Iterator[Row]:
    count = 0
    for place, item in enumerate(items):
        path = (*before, place)
        number = ""
        if item["kind"] != "question" or item.get("type") not in SILENT:
            count += 1
            number = f"{prefix}{count}"
        yield _row(document, item, language, path, number)
        if item["kind"] != "question":
            yield from _rows(document, item.get("items", []), language, path, f"{number}.")


SILENT = {"calculate", "hidden", "start", "end", "today", "deviceid", "username"}


def _row(document: Document, item: Item, language: str, path: tuple[int, ...], number: str) -> Row:
    choices = [label_of(choice, language) for choice in document.get("choices", {}).get(item.get("list", ""), [])]
    kind = item["kind"]
    return Row(
        path=".".join(map(str, path)),
        number=number,
        depth=min(len(path) - 1, 5),
        kind=kind,
        name=item.get("name", ""),
        label=label_of(item, language),
        hint=item.get("hint", {}).get(language, ""),
        type=TYPE_WORDS[item["type"] if kind == "question" else kind],
        choices=tuple(choices[:SHOWN_CHOICES]),
        more_choices=max(0, len(choices) - SHOWN_CHOICES),
        relevant=item.get("relevant", ""),
        constraint=item.get("constraint", ""),
        is_required=bool(item.get("required", "")),
        is_personal=bool(item.get("personal")),
    )
