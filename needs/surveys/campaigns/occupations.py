"""The occupations that a questionnaire asks for: the choices of its question with that role."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language

from needs.surveys.questionnaires.models import Version


def occupations(version: Version) -> list[tuple[str, str]]:
    """(name, label in the reader's language) of every choice, in order; empty where nobody is asked."""
    source = version.compiled or {}
    lists = source.get("lists")
    if lists is None:
        source = version.document or {}
        lists = source.get("choices", {})
    named = next((node.get("list", "") for node in _questions(source) if node.get("role") == "occupation"), "")
    return [(str(choice["name"]), text_of(choice.get("label"), choice["name"])) for choice in lists.get(named, ())]


def _questions(source: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for item in source.get("nodes", source.get("items", ())):
        yield item
        yield from _questions({"items": item.get("items", ())})


def text_of(label: Mapping[str, str] | None, otherwise: str) -> str:
    """The label in the reader's language, else in the first there is."""
    texts = {language: text for language, text in (label or {}).items() if text}
    code = (get_language() or "").split("-")[0]
    own = next((text for language, text in texts.items() if f"({code}" in language), "")
    return str(own or next(iter(texts.values()), otherwise))
