"""Files into workbooks. The kind is told by the content; whatever is wrong becomes a mistake, never an exception."""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

import openpyxl
import xlrd
from openpyxl.utils.escape import unescape

from needs.surveys.xlsform.mistakes import Findings, Place
from needs.surveys.xlsform.workbook import (
    FORM_SHEETS,
    MAX_CHARACTERS,
    MAX_FILE_MB,
    MAX_UNPACKED_MB,
    CellError,
    Sheet,
    Unreadable,
    Value,
    Workbook,
    collect,
)

MB = 1024 * 1024
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What Excel calls the stream that holds a workbook under a password.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# Old Excel files without a container begin with a BIFF record.
BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")
# Parts that are held in memory as a whole; sheets are read as a stream and stopped early.
MAX_HELD_MB = 30
MAX_PARTS = 2_000
# A formula that is not followed by a value: saved by a program that computes nothing.
_UNCOMPUTED = re.compile(
    rb"(</(\w+:)?f>|<(\w+:)?f(\s[^<>]*)?/>)\s*(<(\w+:)?v\s*/>|<(\w+:)?v>\s*</(\w+:)?v>)?\s*</(\w+:)?c>"
)

Sheets = Iterator[tuple[str, Iterator[tuple[int, list[Value]]]]]


def read(file: BinaryIO, name: str) -> Workbook:
    """The workbook with everything that is wrong with the file in `mistakes`; `name` only lends a title."""
    data = file.read(MAX_FILE_MB * MB + 1)
    found = Findings()
    try:
        return _assembled(name, _sheets(data), found)
    except Unreadable as error:
        found.wrong(error.code, Place(), **error.words)
    except Exception:
        # The libraries raise dozens of kinds for files that are cut off or forged; to the user they are all one.
        found.wrong("damaged", Place())
    return Workbook(name, mistakes=tuple(found.mistakes), warnings=tuple(found.warnings))


def _sheets(data: bytes) -> Sheets:
    if not data.strip(b"\0 \r\n\t"):
        raise Unreadable("empty_file")
    if len(data) > MAX_FILE_MB * MB:
        raise Unreadable("file_too_large", limit=MAX_FILE_MB)
    if data.startswith(ZIP):
        return _xlsx(data)
    if data.startswith(OLE) or data.startswith(BIFF):
        return _xls(data)
    return _csv(data)


def _assembled(name: str, sheets: Sheets, found: Findings) -> Workbook:
    kept: dict[str, Sheet] = {}
    ignored: list[str] = []
    others: list[Iterator[tuple[int, list[Value]]]] = []
    for title, rows in sheets:
        key = title.strip().lower()
        if key not in FORM_SHEETS:
            ignored.append(title)
            others.append(rows)
        elif key in kept:
            found.wrong("duplicate_sheet", Place(title), name=title)
        else:
            kept[key] = collect(title, rows, found)
    if not kept and len(others) == 1:
        # A workbook of one sheet holds the questions, whatever the sheet is called.
        kept["survey"] = collect(ignored.pop(), others[0], found)
    return Workbook(name, kept, tuple(ignored), tuple(found.mistakes), tuple(found.warnings))


# --- .xlsx


def _xlsx(data: bytes) -> Sheets:
    uncomputed = _guard(data)
    with warnings.catch_warnings():
        # Styles, validations and images that openpyxl does not know say nothing about the questions.
        warnings.simplefilter("ignore")
        shown = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        behind = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False) if uncomputed else None
        for sheet in shown.worksheets:
            yield sheet.title, _xlsx_rows(sheet, behind[sheet.title] if behind else None)


def _guard(data: bytes) -> bool:
    """Refuse what would unpack to more than a form can be; tell whether any formula may lack its value."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise Unreadable("damaged") from None
    parts = archive.infolist()
    if "xl/workbook.xml" not in archive.namelist():
        raise Unreadable("not_a_workbook")
    sheets = [part for part in parts if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")]
    held = sum(part.file_size for part in parts) - sum(part.file_size for part in sheets)
    too_large = held > MAX_HELD_MB * MB or any(part.file_size > MAX_UNPACKED_MB * MB for part in sheets)
    if too_large or len(parts) > MAX_PARTS:
        raise Unreadable("too_large_inside", limit=MAX_UNPACKED_MB)
    return any(_has_uncomputed(archive, part) for part in sheets)


def _has_uncomputed(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(MB):
            text = tail + chunk
            # The plain search keeps a sheet of a million rows without formulas from costing a second.
            if (b"f>" in text or b"<f" in text or b":f" in text) and _UNCOMPUTED.search(text):
                return True
            tail = chunk[-200:]
    return False


def _xlsx_rows(shown: Any, behind: Any) -> Iterator[tuple[int, list[Value]]]:
    # What a sheet says about its own size may be wrong either way.
    shown.reset_dimensions()
    if behind is None:
        for number, row in enumerate(shown.iter_rows(), 1):
            yield number, [_xlsx_value(cell) for cell in row]
        return
    behind.reset_dimensions()
    for number, (row, formulas) in enumerate(zip(shown.iter_rows(), behind.iter_rows(), strict=False), 1):
        yield number, [_computed(cell, formula) for cell, formula in zip(row, formulas, strict=False)]


def _xlsx_value(cell: Any) -> Value:
    if cell.value is None:
        return None
    if cell.data_type == "e":
        return CellError("cell_error", str(cell.value))
    return unescape(cell.value) if isinstance(cell.value, str) else cell.value


def _computed(cell: Any, formula: Any) -> Value:
    # A formula whose value is the empty text has the type of texts.
    if cell.value is None and formula.data_type == "f" and cell.data_type == "n":
        return CellError("formula_without_value")
    return _xlsx_value(cell)


# --- .xls


def _xls(data: bytes) -> Sheets:
    if ENCRYPTED in data:
        raise Unreadable("password")
    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), on_demand=True, ragged_rows=True)
    except xlrd.XLRDError as error:
        raise Unreadable(_why(str(error))) from None
    for name in book.sheet_names():
        yield name, _xls_rows(book, name)


def _why(error: str) -> str:
    if "encrypted" in error:
        return "password"
    return "not_a_workbook" if "Can't find workbook" in error else "damaged"


def _xls_rows(book: Any, name: str) -> Iterator[tuple[int, list[Value]]]:
    sheet = book.sheet_by_name(name)
    for number in range(sheet.nrows):
        yield number + 1, [_xls_value(cell, book.datemode) for cell in sheet.row(number)]
    book.unload_sheet(name)


def _xls_value(cell: Any, datemode: int) -> Value:
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return CellError("cell_error", xlrd.error_text_from_code.get(cell.value, "#?"))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _xls_date(cell.value, datemode)
    return cell.value  # type: ignore[no-any-return]


def _xls_date(value: float, datemode: int) -> Value:
    try:
        moment = xlrd.xldate_as_datetime(value, datemode)
    except (xlrd.xldate.XLDateError, ValueError, OverflowError):
        return CellError("cell_error", "#####")
    return moment.time() if value < 1 else moment


# --- .csv


def _csv(data: bytes) -> Sheets:
    """pyxform's way: a sheet's name stands in the first column, its rows begin in the second."""
    reader = csv.reader(io.StringIO(_decoded(data), newline=""), strict=True)
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CHARACTERS * 4))
    try:
        records = [(number, record) for number, record in enumerate(reader, 1)]
    except csv.Error:
        raise Unreadable("not_a_workbook") from None
    names = [record[0].strip().lower() for _, record in records if record]
    if not set(names) & set(FORM_SHEETS):
        raise Unreadable("not_a_workbook")
    return _csv_sheets(records)


def _csv_sheets(records: list[tuple[int, list[str]]]) -> Sheets:
    starts = [at for at, (_, record) in enumerate(records) if record and record[0].strip()]
    for start, end in zip(starts, [*starts[1:], len(records)], strict=True):
        # The first cell of a row is the sheet's name, not part of it.
        rows: list[tuple[int, list[Value]]] = [(number, [None, *record[1:]]) for number, record in records[start:end]]
        yield records[start][1][0].strip(), iter(rows)


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    # Chinese Excel saves CSV in the national encoding.
    for attempt in (encoding, "gb18030"):
        try:
            text = data.decode(attempt)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("not_a_workbook")
