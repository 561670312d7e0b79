"""What is read of a workbook, whatever kind of file it came in: texts, each with its row and column."""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from needs.surveys.xlsform.mistakes import Findings, Mistake, Place

MAX_FILE_MB = 10
MAX_UNPACKED_MB = 100
MAX_ROWS = 20_000
MAX_COLUMNS = 2_000
MAX_CELLS = 1_500_000
MAX_CHARACTERS = 32_767
# Excel keeps formatted rows far below the last text; a longer gap than this is taken for the end.
EMPTY_RUN = 1_000

# What is not read as a sheet of the form, but refused when it carries something.
UNSUPPORTED_SHEETS = ("entities", "external_choices", "osm", "cascades")
FORM_SHEETS = ("survey", "choices", "settings", *UNSUPPORTED_SHEETS)

# XML 1.0 has no way to write these; tab and line feed are fine.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = "\ufeff\u200b\u2060"


@dataclass(frozen=True)
class Row:
    """A row's number as Excel shows it, and its texts by column, counted from 0; empty cells are left out."""

    number: int
    cells: dict[int, str]


@dataclass(frozen=True)
class Sheet:
    name: str
    header: Row
    rows: tuple[Row, ...]

    def place(self, row: int = 0, column: int | None = None) -> Place:
        return Place(self.name, row, "" if column is None else get_column_letter(column + 1))


@dataclass(frozen=True)
class Workbook:
    """`sheets` by lower-case name, those of a form only; `ignored` names the others."""

    name: str
    sheets: dict[str, Sheet] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    warnings: tuple[Mistake, ...] = ()


class Unreadable(Exception):
    """The file cannot be read at all; carries a code of messages.FILE and its words."""

    def __init__(self, code: str, **words: Any) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


@dataclass(frozen=True)
class CellError:
    """A cell without a usable value: a formula's error, or a formula that was never computed."""

    code: str
    value: str = ""


Value = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta | CellError | None


def clean(text: str) -> str:
    """As XLSForm tools read a text: no blanks around it, no non-breaking ones within, one kind of line end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return text.strip().strip(_INVISIBLE).strip()


def text_of(value: Any) -> str:
    """A cell's value as its author saw it: 1 and not 1.0, TRUE, dates as ISO 8601 writes them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(timespec="seconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return clean(str(value))


def collect(name: str, rows: Iterable[tuple[int, Iterable[Value]]], found: Findings) -> Sheet:
    """The rows that say something. `rows` may go on for ever: reading stops at a long run of empty ones."""
    kept: list[Row] = []
    cells_seen = 0
    last = 0
    iterator: Iterator[tuple[int, Iterable[Value]]] = iter(rows)
    for number, values in iterator:
        row, width = _row(name, number, values, found)
        cells_seen += width
        if row.cells:
            kept.append(row)
            last = number
        elif number - last > EMPTY_RUN:
            if next(iterator, None) is not None:
                found.warn("stopped_reading", Place(name, number), limit=EMPTY_RUN)
            break
        if _over_limit(name, number, len(kept), cells_seen, found):
            break
    header = kept[0] if kept else Row(1, {})
    return Sheet(name, header, tuple(kept[1:]))


def _over_limit(name: str, number: int, rows: int, cells: int, found: Findings) -> bool:
    if rows > MAX_ROWS:
        found.wrong("too_many_rows", Place(name, number), limit=f"{MAX_ROWS:,}")
        return True
    if cells > MAX_CELLS:
        found.wrong("too_many_cells", Place(name, number), limit=f"{MAX_CELLS:,}")
        return True
    return False


def _row(name: str, number: int, values: Iterable[Value], found: Findings) -> tuple[Row, int]:
    cells: dict[int, str] = {}
    index = -1
    for index, value in enumerate(values):
        if value is None or value == "":
            continue
        if index >= MAX_COLUMNS:
            found.wrong("too_many_columns", _place(name, number, index), limit=f"{MAX_COLUMNS:,}")
            break
        text = _checked(value, _place(name, number, index), found)
        if text:
            cells[index] = text
    return Row(number, cells), index + 1


def _place(name: str, number: int, index: int) -> Place:
    return Place(name, number, get_column_letter(index + 1))


def _checked(value: Value, place: Place, found: Findings) -> str:
    if isinstance(value, CellError):
        found.wrong(value.code, place, value=value.value)
        return ""
    text = text_of(value)
    if len(text) > MAX_CHARACTERS:
        found.wrong("cell_too_long", place, limit=f"{MAX_CHARACTERS:,}")
        return text[:MAX_CHARACTERS]
    if _CONTROL.search(text):
        found.wrong("control_characters", place)
        return _CONTROL.sub("", text)
    return text
