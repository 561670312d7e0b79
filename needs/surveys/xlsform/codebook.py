"""What stands behind the columns of an export: every question with its choices."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True)
class CodebookRow:
    """One question. `group` are the labels of the groups and repeats around it, the outermost first."""

    id: str
    name: str
    type: str
    group: str
    label: str
    hint: str
    choices: tuple[tuple[str, str], ...]
    relevant: str
    required: str
    constraint: str
    calculation: str
    role: str
    personal: bool


def codebook(document: Document, language: str) -> list[CodebookRow]:
    """The questions in their order; texts in the language, or in the default one where it says nothing."""
    order = [language, document.get("settings", {}).get("default_language", ""), "", *document.get("languages", [])]
    return list(_rows(document, document.get("items", []), order, ()))


def _rows(
    document: Document, items: list[Document], order: list[str], groups: tuple[str, ...]
) -> Iterator[CodebookRow]:
    for item in items:
        if item["kind"] == "question":
            yield _row(document, item, order, " / ".join(groups))
            if item.get("or_other"):
                yield _other(item, order, " / ".join(groups))
        else:
            label = text(item.get("label", {}), order) or item["name"]
            yield from _rows(document, item.get("items", []), order, (*groups, label))


def _row(document: Document, item: Document, order: list[str], group: str) -> CodebookRow:
    choices = document.get("choices", {}).get(item.get("list", ""), [])
    named = [(choice["name"], text(choice.get("label", {}), order) or choice["name"]) for choice in choices]
    if item.get("or_other") and "other" not in dict(named):
        named.append(("other", "other"))
    return CodebookRow(
        id=item.get("id") or item["name"],
        name=item["name"],
        type=item["type"],
        group=group,
        label=text(item.get("label", {}), order),
        hint=text(item.get("hint", {}), order),
        choices=tuple(named),
        relevant=item.get("relevant", ""),
        required=item.get("required", ""),
        constraint=item.get("constraint", ""),
        calculation=item.get("calculation", ""),
        role=item.get("role", ""),
        personal=bool(item.get("personal")),
    )


def _other(item: Document, order: list[str], group: str) -> CodebookRow:
    """The text question that or_other adds."""
    return CodebookRow(
        id=f"{item.get('id', item['name'])}_other",
        name=f"{item['name']}_other",
        type="text",
        group=group,
        label=text(item.get("label", {}), order),
        hint="",
        choices=(),
        relevant=f"selected(${{{item['name']}}}, 'other')",
        required="",
        constraint="",
        calculation="",
        role="",
        personal=bool(item.get("personal")),
    )


def text(texts: dict[str, str], order: list[str]) -> str:
    return next((texts[language] for language in order if texts.get(language)), "")
