"""Tables that people upload, Excel or CSV: told apart by content, bounded before they are opened.

columns = (Column("name", _("Name")), Column("phone", _("Phone"), required=False))
table = read_table(upload, columns, limit_rows=5000)     # raises BadFile with what is wrong
for row in table.rows:
    row.values["name"]                                  # always text, stripped; "" when empty
    table.error(row, "phone", _("…"))                   # CellError: row 7, column C “Phone”: …
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl.utils import get_column_letter

from talentmap.ui.errors import Refused

MAX_UNPACKED = 120 * 1024 * 1024
MAX_RATIO = 200
MAX_PARTS = 2000
MAX_COLUMNS = 200
MAX_CELL = 5000
EXACT_DIGITS = 15
BLANK_ROWS_END = 200
_OLE = b"\xd0\xcf\x11\xe0"
_PDF = b"%PDF"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Column:
    """A column we look for, by its title or one of its other names; a required one must be there."""

    name: str
    title: Any
    required: bool = True
    aliases: tuple[Any, ...] = ()

    def answers_to(self, heading: str) -> bool:
        return _plain(heading) in {_plain(str(each)) for each in (self.name, self.title, *self.aliases)}


@dataclass(frozen=True)
class CellError:
    """What is wrong in one cell, said so that it can be found in Excel."""

    row: int
    letter: str
    title: str
    message: str

    def __str__(self) -> str:
        if not self.letter:
            return _("Row %(row)s: %(message)s") % {"row": self.row, "message": self.message}
        return _("Row %(row)s, column %(letter)s “%(title)s”: %(message)s") % {
            "row": self.row,
            "letter": self.letter,
            "title": self.title,
            "message": self.message,
        }


@dataclass(frozen=True)
class Row:
    """One row: its number as Excel shows it, and its cells as text by column name."""

    number: int
    values: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values[name]


@dataclass(frozen=True)
class Table:
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    positions: dict[str, int] = field(default_factory=dict)
    errors: tuple[CellError, ...] = ()

    def error(self, row: Row, name: str, message: Any) -> CellError:
        return _cell_error(self.columns, self.positions, row.number, name, str(message))


class BadFile(Refused):
    """The file cannot be used; `errors` holds row-wise reasons where there are such."""

    def __init__(self, message: Any, errors: Iterable[CellError] = ()) -> None:
        super().__init__(message)
        self.errors = tuple(errors)


_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})(?:[-/.月]?(\d{1,2})?日?)?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")


def read_date(text: str, *, is_whole: bool = False) -> date | None:
    """The day that a cell names, as 2026-06-30, 2026/6/30, 20260630, 2026年6月30日; without a day the month's first, or
    none where it has to be whole."""
    match = _DATE.fullmatch(text.strip())
    if match and is_whole and not match[3]:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3] or 1)) if match else None
    except ValueError:
        return None


def read_table(upload: File, columns: Sequence[Column], limit_rows: int = 5000) -> Table:
    """Read the first sheet (or the CSV) into rows of text.

    Raises BadFile: wrong type, empty, too large, packed too tightly, columns missing or doubled, too many rows.
    """
    _check_size(upload)
    start = _head(upload)
    if start.startswith(_ZIP):
        lines = _xlsx_lines(upload)
    elif start.startswith(_OLE):
        raise BadFile(_("This is an old or encrypted Excel file. Save it as .xlsx without a password."))
    elif start.startswith(_PDF):  # its first lines can be read as text
        raise _not_a_table()
    else:
        lines = _csv_lines(upload)
    return _table(lines, tuple(columns), limit_rows)


def _check_size(upload: File) -> None:
    limit = settings.UPLOAD_LIMIT_MB
    if not upload.size:
        raise BadFile(_("The file is empty."))
    if upload.size > limit * 1024 * 1024:
        raise BadFile(_("The file is larger than %(limit)s MB.") % {"limit": limit})


def _head(upload: File) -> bytes:
    upload.seek(0)
    start = upload.read(8)
    upload.seek(0)
    return start


def _not_a_table() -> BadFile:
    return BadFile(_("This is not an Excel file (.xlsx) or a CSV file."))


# Excel ---------------------------------------------------------------------------------------------------


def check_archive(upload: File) -> None:
    """Refuse what would unpack to far more than a table holds. The archive's own directory is not believed:
    each part is unpacked and counted, and the counting stops at the limit."""
    try:
        with zipfile.ZipFile(upload) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise _not_a_table()
            if len(parts) > MAX_PARTS or sum(_unpacked(archive, part) for part in parts) > MAX_UNPACKED:
                raise _too_tight()
    except BadFile:
        raise
    except Exception as error:  # a damaged archive fails in as many ways as it has bytes
        raise BadFile(_("The Excel file is damaged or protected by a password.")) from error


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """The real size of one part; reading stops as soon as it is too much."""
    if part.file_size > MAX_UNPACKED:
        raise _too_tight()
    total = 0
    with archive.open(part) as stream:
        while chunk := stream.read(1 << 20):
            total += len(chunk)
            if total > MAX_UNPACKED or (total > 1 << 20 and total > MAX_RATIO * max(part.compress_size, 1)):
                raise _too_tight()
    return total


def _too_tight() -> BadFile:
    return BadFile(_("The Excel file unpacks to far more data than a table holds. It was not opened."))


def _xlsx_lines(upload: File) -> Iterator[tuple[int, list[Any]]]:
    check_archive(upload)
    upload.seek(0)
    book = None
    try:
        book = openpyxl.load_workbook(upload, read_only=True, data_only=True, keep_links=False)
        sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
        if sheet is None:
            raise _not_a_table()
        sheet.reset_dimensions()  # a file may claim a million rows, or none
        for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), start=1):
            yield number, list(cells)
    except BadFile:
        raise
    except Exception as error:  # and so does a damaged workbook inside a sound archive
        raise BadFile(_("The Excel file is damaged or protected by a password.")) from error
    finally:
        if book is not None:
            book.close()


# CSV -----------------------------------------------------------------------------------------------------


def _csv_lines(upload: File) -> Iterator[tuple[int, list[Any]]]:
    text = _decoded(upload.read())
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        for cells in reader:
            yield reader.line_num, cells[:MAX_COLUMNS]
    except csv.Error as error:
        raise BadFile(_("The CSV file cannot be read: a quotation mark is not closed.")) from error


def _decoded(content: bytes) -> str:
    """UTF-8, or what Excel writes on a Chinese Windows; anything with control bytes is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(letter < " " and letter not in "\t\r\n" for letter in text):
            return text
    raise _not_a_table()


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t，", key=first.count)


# Rows ----------------------------------------------------------------------------------------------------


def _table(lines: Iterable[tuple[int, list[Any]]], columns: tuple[Column, ...], limit_rows: int) -> Table:
    filled = _filled(lines)
    heading = next(filled, None)
    if heading is None:
        raise BadFile(_("The file is empty."))
    positions = _positions([_text(cell) for cell in heading[1]], columns)
    rows: list[Row] = []
    errors: list[CellError] = []
    for number, cells in filled:
        if len(rows) >= limit_rows:
            raise BadFile(_("The file has more than %(limit)s rows. Split it.") % {"limit": limit_rows})
        values = {}
        for name, position in positions.items():
            cell = cells[position] if position < len(cells) else None
            values[name] = _text(cell)
            if problem := _cell_problem(cell):
                errors.append(_cell_error(columns, positions, number, name, problem))
        rows.append(Row(number, {column.name: values.get(column.name, "") for column in columns}))
    if not rows:
        raise BadFile(_("The file has a heading but no rows."))
    return Table(tuple(rows), columns, positions, tuple(errors))


def _filled(lines: Iterable[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    """Rows with something in them. A long run of blank ones is the end: formatting often reaches row 1,048,576."""
    blank = 0
    for number, cells in lines:
        if any(_text(cell) for cell in cells):
            blank = 0
            yield number, cells
        elif (blank := blank + 1) > BLANK_ROWS_END:
            return


def _positions(heading: list[str], columns: tuple[Column, ...]) -> dict[str, int]:
    positions: dict[str, int] = {}
    for column in columns:
        places = [place for place, title in enumerate(heading) if title and column.answers_to(title)]
        if len(places) > 1:
            raise BadFile(_("The column “%(title)s” appears twice.") % {"title": column.title})
        if places:
            positions[column.name] = places[0]
    if not positions and len([title for title in heading if title]) < 2 <= len(columns):
        raise _not_a_table()  # one line of words without a single column that we know: some other text
    missing = [str(column.title) for column in columns if column.required and column.name not in positions]
    if missing:
        raise BadFile(
            _("Columns are missing in the first row: %(titles)s.")
            % {"titles": pgettext("between items of a list", ", ").join(missing)}
        )
    return positions


def _cell_problem(cell: Any) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10**EXACT_DIGITS:
        return _("Excel keeps only 15 digits of a number: format the column as text and enter it again.")
    if isinstance(cell, str) and len(cell) > MAX_CELL:
        return _("The text is longer than %(limit)s characters.") % {"limit": MAX_CELL}
    if isinstance(cell, str) and cell.startswith("#") and cell in {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?"}:
        return _("The formula in this cell has no result.")
    return ""


def _cell_error(
    columns: tuple[Column, ...], positions: dict[str, int], number: int, name: str, message: str
) -> CellError:
    title = next((str(column.title) for column in columns if column.name == name), name)
    letter = get_column_letter(positions[name] + 1) if name in positions else ""
    return CellError(number, letter, title, message)


def _text(cell: Any) -> str:
    """A cell as the person sees it: whole numbers without a point, dates as 2026-11-23."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return pgettext("cell", "yes") if cell else pgettext("cell", "no")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**17 else format(Decimal(repr(cell)), "f")
    return str(cell).replace("\u00a0", " ").replace("\x00", "").strip(" \t\r\n\u3000\ufeff")[: MAX_CELL + 1]


def _plain(title: str) -> str:
    """Headings are compared without spaces, case, and the star that marks a required column."""
    return "".join(title.split()).strip("*＊").casefold()
