"""One row's cells by what they mean, each with the column it stands in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from needs.surveys.xlsform.headers import Column
from needs.surveys.xlsform.mistakes import Findings, Place
from needs.surveys.xlsform.workbook import Row, Sheet

YES = {"yes", "true", "true()", "1"}
NO = {"no", "false", "false()", "0", ""}
# Word processors bend quotes, and XPath knows straight ones only.
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "＂": '"', "＇": "'"})


@dataclass(frozen=True)
class Field:
    text: str
    column: Column


@dataclass
class Fields:
    """A row of a sheet. `texts` by key and language, `extra` by heading."""

    sheet: Sheet
    row: int
    texts: dict[tuple[str, str], Field] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)

    def __contains__(self, key: str) -> bool:
        return any(found == key for found, _ in self.texts)

    def text(self, key: str) -> str:
        """The cell's text, or an empty one; of a translated column any language's."""
        return next((cell.text for (found, _), cell in self.texts.items() if found == key), "")

    def translations(self, key: str) -> dict[str, str]:
        return {language: cell.text for (found, language), cell in self.texts.items() if found == key}

    def place(self, key: str = "", language: str | None = None) -> Place:
        """Where the key's cell is; the row as a whole where there is none."""
        for (found, other), cell in self.texts.items():
            if found == key and language in (None, other):
                return self.sheet.place(self.row, cell.column.index)
        return self.sheet.place(self.row)

    def heading(self, key: str, language: str | None = None) -> str:
        """The heading of the key's column as the workbook writes it; empty where the row has no such cell."""
        found = (cell for (each, other), cell in self.texts.items() if each == key and language in (None, other))
        return next((cell.column.header for cell in found), "")


def fields(sheet: Sheet, row: Row, columns: Iterable[Column], nameless: str, found: Findings) -> Fields:
    """`nameless` is the language of translated columns that name none."""
    result = Fields(sheet, row.number)
    for column in columns:
        text = row.cells.get(column.index, "")
        if not text:
            continue
        if column.key == "extra":
            result.extra[column.header] = text
        else:
            _add(result, column, text, nameless, found)
    return result


def _add(result: Fields, column: Column, text: str, nameless: str, found: Findings) -> None:
    key = (column.key, column.language or nameless)
    if not column.key.startswith("unsupported") and (other := result.texts.get(key)):
        place = result.sheet.place(result.row, column.index)
        found.wrong("same_meaning", place, name=column.header, other=other.column.letter)
        return
    if column.key.startswith("unsupported"):
        # Two such columns are two mistakes, so each keeps its own heading.
        key = (column.key, column.header)
    result.texts[key] = Field(text, column)


def expression(text: str) -> str:
    """An expression as typed, with straight quotes; Excel's own truth values are XPath's functions."""
    straight = text.translate(_QUOTES)
    if straight.lower() in ("true", "yes"):
        return "true()"
    return "false()" if straight.lower() in ("false", "no") else straight


def condition(text: str) -> str:
    """Of `required` and `read_only`: "yes", nothing, or an expression."""
    lowered = text.lower().replace(" ", "")
    if lowered in ("1", "0"):
        return "yes" if lowered == "1" else ""
    if lowered in YES:
        return "yes"
    return "" if lowered in NO else text.translate(_QUOTES)


def warn_of_columns(sheet: Sheet, columns: Iterable[Column], found: Findings, *, extra: bool) -> None:
    """Tell once for each column, not for each cell, what is not used."""
    known = set(sheet.header.cells)
    filled = {index for row in sheet.rows for index in row.cells}
    for index in sorted(filled - known):
        place = sheet.place(sheet.header.number, index)
        found.warn("column_without_header", place, column=place.column)
    for column in columns:
        if extra and column.key in ("extra", "no_app") and column.index in filled:
            found.warn("column_without_effect", sheet.place(sheet.header.number, column.index), name=column.header)


def words(text: str) -> list[str]:
    """An appearance's words; an argument list in brackets belongs to its word."""
    return re.findall(r"(?:[^\s(]|\([^)]*\)?)+", text)
