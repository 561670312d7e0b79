"""Workbooks made by hand, and what they are imported as."""

import csv
import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from needs.surveys.xlsform import Imported, Workbook, import_document, read
from needs.surveys.xlsform.mistakes import Mistake

Rows = Sequence[Sequence[Any]]
Sheets = Mapping[str, Rows]

SURVEY = [["type", "name", "label"], ["text", "name", "姓名"]]


def xlsx(sheets: Sheets) -> bytes:
    """Strings that begin with "=" are formulas; a tuple is a formula with its saved value."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, tuple):
                    sheet.write_formula(at, column, value[0], None, value[1])
                elif value is not None:
                    sheet.write(at, column, value)
    book.close()
    return target.getvalue()


def xls(sheets: Sheets) -> bytes:
    """A BIFF8 stream as Excel 97 wrote it, without the container."""
    bodies = [_biff_sheet(rows) for rows in sheets.values()]
    names = [name.encode("utf-16-le") for name in sheets]
    bof = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6))
    size = len(bof) + sum(4 + 8 + len(name) for name in names) + 4
    head = bof
    for name, body in zip(names, bodies, strict=True):
        head += _record(0x0085, struct.pack("<IHBB", size, 0, len(name) // 2, 1) + name)
        size += len(body)
    return head + _record(0x000A, b"") + b"".join(bodies)


def _biff_sheet(rows: Rows) -> bytes:
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6))
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            place = struct.pack("<HHH", at, column, 0)
            if isinstance(value, bool):
                body += _record(0x0205, place + struct.pack("<BB", value, 0))
            elif isinstance(value, int | float):
                body += _record(0x0203, place + struct.pack("<d", value))
            elif value is not None:
                text = str(value).encode("utf-16-le")
                body += _record(0x0204, place + struct.pack("<HB", len(text) // 2, 1) + text)
    return body + _record(0x000A, b"")


def _record(code: int, data: bytes) -> bytes:
    return struct.pack("<HH", code, len(data)) + data


def csv_file(sheets: Sheets, encoding: str = "utf-8") -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    for name, rows in sheets.items():
        writer.writerow([name])
        writer.writerows(["", *("" if value is None else value for value in row)] for row in rows)
    return target.getvalue().encode(encoding)


def rewritten(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The same .xlsx with its parts changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target.getvalue()


def workbook(data: bytes, name: str = "form.xlsx") -> Workbook:
    return read(io.BytesIO(data), name)


def imported(sheets: Sheets | bytes, name: str = "form.xlsx") -> Imported:
    return import_document(workbook(sheets if isinstance(sheets, bytes) else xlsx(sheets), name))


def survey(*rows: Sequence[Any], **sheets: Rows) -> Imported:
    """Of a survey sheet; other sheets by name."""
    return imported({"survey": rows, **sheets})


def places(found: Iterable[Mistake]) -> list[tuple[str, str, str]]:
    """("survey!B3", code) of each, for comparing."""
    return [(each.sheet, f"{each.column}{each.row}" if each.row else "", each.code) for each in found]
