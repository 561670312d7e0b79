"""The ready questionnaires that come with the product: something to begin with, to be changed at will."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from needs.surveys.questionnaires.documents import Document, question_count

FOLDER = Path(__file__).resolve().parent.parent / "ready"
WORDS: dict[str, tuple[Any, Any]] = {
    "villagers": (_("Villagers"), _("What farming households, returnees and craftsmen can do and what they lack.")),
    "enterprises": (_("Enterprises"), _("Whom enterprises and cooperatives look for, and what keeps people.")),
    "talents": (
        pgettext_lazy("audience", "Talents"),
        _("What registered talents are content with and what they need."),
    ),
}


@dataclass(frozen=True)
class Ready:
    code: str
    label: Any
    about: Any
    title: str
    questions: int


def document(code: str) -> Document:
    """A copy of one's own; raises KeyError for a code that does not exist."""
    found: Document = json.loads(_texts()[code])
    return found


@lru_cache(maxsize=1)
def _texts() -> dict[str, str]:
    paths = {code: FOLDER / f"{code}.json" for code in WORDS}
    return {code: path.read_text(encoding="utf-8") for code, path in paths.items() if path.exists()}


@lru_cache(maxsize=1)
def offered() -> tuple[Ready, ...]:
    return tuple(_ready(code) for code in _texts())


def _ready(code: str) -> Ready:
    found = document(code)
    return Ready(code, *WORDS[code], found["settings"].get("title", ""), question_count(found))
