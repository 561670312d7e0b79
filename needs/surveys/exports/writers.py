"""Files that grow batch by batch: CSV and XLSX. Each says how many responses it holds and where it lies."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter
from django.utils.translation import gettext as _

from needs.surveys.exports.tables import Cells, Sheet
from talentmap.ui.downloads import harmless

# Excel's last row, less the heading.
SHEET_ROWS = 1_048_575
CELL_LETTERS = 32_767
# Excel keeps 15 digits of a number; what has more stays text.
_EXCEL_DIGITS = 10**15
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*\[\]]+')


class Writer(Protocol):
    def add(self, rows: Sequence[list[Cells]]) -> None: ...

    def finish(self) -> Path: ...


class CsvWriter:
    """A CSV file with a byte order mark, without which Excel reads Chinese as rubbish; of several sheets a zip."""

    def __init__(self, folder: Path, name: str, sheets: Sequence[Sheet]) -> None:
        self.folder, self.name = folder, name
        self.paths = [folder / f"{each}.csv" for each in file_names(name, sheets)]
        self.files = [path.open("wb") for path in self.paths]
        for file, sheet in zip(self.files, sheets, strict=True):
            file.write(b"\xef\xbb\xbf" + csv_bytes([[harmless(text) for text in sheet.headings]]))

    def add(self, rows: Sequence[list[Cells]]) -> None:
        for file, cells in zip(self.files, rows, strict=True):
            if cells:
                file.write(csv_bytes(cells))

    def finish(self) -> Path:
        for file in self.files:
            file.close()
        return self.paths[0] if len(self.paths) == 1 else zipped(self.folder / f"{self.name}.zip", self.paths)


def csv_bytes(rows: Sequence[Cells]) -> bytes:
    """What the `csv` module writes. Most rows are texts that need no quotation marks: joining those takes a fourth of
    the time, and it is the time of the whole export."""
    try:
        text = _joined(rows, [",".join(cells) for cells in rows])
    except TypeError:  # a cell that is no text
        text = ""
    if not text:
        text = "\r\n".join(map(_line, rows))
    return f"{text}\r\n".encode("utf-8", "replace")


def _joined(rows: Sequence[Cells], lines: list[str]) -> str:
    """All lines, looked at once; "" when there is anything among them that takes quotation marks."""
    text, ends = "\r\n".join(lines), len(lines) - 1
    is_plain = '"' not in text and text.count("\n") == ends == text.count("\r") and "" not in lines
    return text if is_plain and text.count(",") == sum(map(len, rows)) - len(rows) else ""


def _line(cells: Cells) -> str:
    try:
        return _joined([cells], [",".join(cells)]) or _quoted(cells)
    except TypeError:
        return _quoted(cells)


def _quoted(cells: Cells) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().removesuffix("\r\n")


def file_names(name: str, sheets: Sequence[Sheet]) -> list[str]:
    """The first sheet's file has the export's name, a repeat's its id behind it."""
    return [name if not sheet.path else f"{name}-{_UNSAFE.sub('_', '-'.join(sheet.path))}" for sheet in sheets]


def zipped(target: Path, paths: Sequence[Path]) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, path.name)
            path.unlink()
    return target


class XlsxWriter:
    """A workbook with a sheet a table, and one more wherever a sheet would be longer than Excel's rows."""

    def __init__(self, folder: Path, name: str, sheets: Sequence[Sheet], *, sheet_rows: int = SHEET_ROWS) -> None:
        self.path = folder / f"{name}.xlsx"
        options = {
            "constant_memory": True,
            "tmpdir": str(folder),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "use_zip64": True,
        }
        self.book = xlsxwriter.Workbook(str(self.path), options)
        self.bold = self.book.add_format({"bold": True, "bottom": 1, "bg_color": "#F4F2EE", "valign": "top"})
        self.taken: set[str] = set()
        self.pages = [_Pages(self, sheet, sheet_rows) for sheet in sheets]

    def add(self, rows: Sequence[list[Cells]]) -> None:
        for pages, cells in zip(self.pages, rows, strict=True):
            pages.add(cells)

    def finish(self) -> Path:
        self.book.close()
        return self.path

    def sheet_name(self, wanted: str) -> str:
        """A name that Excel takes, and that no other sheet has."""
        plain = _UNSAFE.sub(" ", wanted).strip(" '")[:25] or "Sheet"
        name, number = plain, 1
        while name.lower() in self.taken:
            number += 1
            name = f"{plain} {number}"
        self.taken.add(name.lower())
        return name


class _Pages:
    """The sheets of one table, one after another."""

    def __init__(self, writer: XlsxWriter, sheet: Sheet, limit: int) -> None:
        self.writer, self.sheet, self.limit = writer, sheet, limit
        self.page = self._page()
        self.last = 0

    def add(self, rows: list[Cells]) -> None:
        for cells in rows:
            if self.last == self.limit:
                self.page, self.last = self._page(), 0
            self.last += 1
            _write_row(self.page, self.last, cells)

    def _page(self) -> Any:
        page = self.writer.book.add_worksheet(self.writer.sheet_name(self.sheet.title))
        page.freeze_panes(1, 0)
        for column, title in enumerate(self.sheet.headings):
            page.set_column(column, column, min(max(12, 2 * len(title)), 40))
            page.write_string(0, column, written(title), self.writer.bold)
        return page


def _write_row(page: Any, row: int, cells: Cells) -> None:
    for column, cell in enumerate(cells):
        if cell == "" or cell is None:
            continue
        if isinstance(cell, str) or not -_EXCEL_DIGITS < cell < _EXCEL_DIGITS:
            page.write_string(row, column, written(str(cell)))
        else:
            page.write_number(row, column, cell)


def written(text: str) -> str:
    """The text without what a workbook cannot hold, cut to a cell's length with a mark that it was."""
    clean = _UNWRITABLE.sub("", text)
    if len(clean) * 2 <= CELL_LETTERS:
        return clean
    units = clean.encode("utf-16-le")  # Excel counts so: a rare character takes two places
    if len(units) <= CELL_LETTERS * 2:
        return clean
    mark = _("… (cut)")
    return units[: (CELL_LETTERS - len(mark)) * 2].decode("utf-16-le", "ignore") + mark
