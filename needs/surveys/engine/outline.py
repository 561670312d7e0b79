from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from needs.surveys.engine.compiling import all_items
from needs.surveys.engine.kinds import UNSEEN


@dataclass(frozen=True)
class Outline:
    """A questionnaire at a glance. `questions` counts what people are asked, not notes or calculations."""

    title: str
    questions: int
    languages: tuple[str, ...]


def outline(document: Mapping[str, Any]) -> Outline:
    asked = sum(
        item["kind"] == "question" and item.get("type") not in UNSEEN | {"note"} for item, _path in all_items(document)
    )
    title = (document.get("settings") or {}).get("title") or ""
    return Outline(str(title), asked, tuple(document.get("languages") or ()))
