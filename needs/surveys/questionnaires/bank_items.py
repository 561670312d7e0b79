"""What goes into the question bank: an item without ids, with the choice lists that it uses and no other."""

import copy
from typing import Any

from needs.surveys.questionnaires.documents import Document, Item, checked, walk


def packed(item: Item, choices: dict[str, Any]) -> tuple[Item, dict[str, Any]]:
    """The item as the bank keeps it: a questionnaire that takes it gives it ids of its own."""
    kept = copy.deepcopy(item)
    for each in walk([kept]):
        each.pop("id", None)
    used = {each["list"] for each in walk([kept]) if each.get("list")}
    return kept, {name: copy.deepcopy(rows) for name, rows in choices.items() if name in used}


def checked_item(item: Any, choices: Any) -> tuple[Item, dict[str, Any]]:
    """Raises BadDocument when the two are not what a document could hold."""
    document: Document = checked({"items": [item], "choices": choices})
    return packed(document["items"][0], document["choices"])


def summary(item: Item, choices: dict[str, Any]) -> list[str]:
    """What a list shows of a bank entry besides its title: its questions, or its choices."""
    if item["kind"] != "question":
        return [_label(each) for each in walk(item.get("items", [])) if each["kind"] == "question"]
    return [_label(choice) for choice in choices.get(item.get("list", ""), [])]


def _label(item: Item) -> str:
    return next((text for text in item.get("label", {}).values() if text), "") or str(item.get("name", ""))
