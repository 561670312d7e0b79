from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from needs.surveys.xlsform.messages import MESSAGES

LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class Place:
    """Where in a workbook; row 0 and an empty column where a whole sheet or file is meant."""

    sheet: str = ""
    row: int = 0
    column: str = ""


@dataclass(frozen=True)
class Mistake:
    """One thing wrong, or worth knowing, in both languages: the people who mend a workbook may read either."""

    sheet: str
    row: int
    column: str
    code: str
    message_zh: str
    message_en: str

    def message(self) -> str:
        """The text in the language of the page."""
        return self.message_en if (translation.get_language() or "").startswith("en") else self.message_zh


def mistake(code: str, place: Place, **words: Any) -> Mistake:
    chinese, english = (_rendered(code, words, language) for language in LANGUAGES)
    return Mistake(place.sheet, place.row, place.column, code, chinese, english)


def _rendered(code: str, words: dict[str, Any], language: str) -> str:
    with translation.override(language):
        return str(MESSAGES[code]) % {name: _word(word) for name, word in words.items()}


def _word(word: Any) -> str:
    text = str(word)
    return text if len(text) <= 200 else text[:199] + "…"


@dataclass
class Findings:
    """Collects what an import finds, so that everything is told at once."""

    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)

    def wrong(self, code: str, place: Place, **words: Any) -> None:
        self.mistakes.append(mistake(code, place, **words))

    def warn(self, code: str, place: Place, **words: Any) -> None:
        self.warnings.append(mistake(code, place, **words))


SHEETS = ("", "settings", "survey", "choices")


def in_order(found: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """By sheet, row and column as a reader goes through the workbook; each told once."""
    return tuple(sorted(dict.fromkeys(found), key=_position))


def _position(found: Mistake) -> tuple[int, str, int, int, str, str]:
    known = SHEETS.index(found.sheet) if found.sheet in SHEETS else len(SHEETS)
    return known, found.sheet, found.row, len(found.column), found.column, found.code
