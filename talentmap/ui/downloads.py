"""Files handed out: no cell of them can run as a formula, and Excel opens them with the right letters."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_EXCEL_ROWS = 1_048_575


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets a leading quote; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value


def csv_response(filename: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Stream rows as CSV with a byte order mark, without which Excel reads Chinese as rubbish."""
    return StreamingHttpResponse(
        _csv_chunks(header, rows), content_type=CSV, headers=_attachment(_with_ending(filename, ".csv"))
    )


def _csv_chunks(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    yield "\ufeff".encode()
    line = io.StringIO()
    writer = csv.writer(line)
    for row in _with_header(header, rows):
        writer.writerow([harmless(_as_text(cell)) if not _is_number(cell) else cell for cell in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def xlsx_response(
    filename: str,
    header: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str = "",
    widths: Sequence[int] = (),
) -> FileResponse:
    """A workbook of one sheet: header fixed, filter on, text as text (an 18-digit number keeps its digits).
    Columns are as wide as their titles, or as `widths` says."""
    return FileResponse(
        io.BytesIO(xlsx_bytes(header, rows, sheet=sheet, widths=widths)),
        content_type=XLSX,
        headers=_attachment(_with_ending(filename, ".xlsx")),
    )


def xlsx_bytes(
    header: Sequence[Any], rows: Iterable[Sequence[Any]], *, sheet: str = "", widths: Sequence[int] = ()
) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "remove_timezone": True,
        },
    )
    _fill(book, header, rows, sheet, widths or [_width(str(title)) for title in header])
    book.close()
    return target.getvalue()


def _fill(book: Any, header: Sequence[Any], rows: Iterable[Sequence[Any]], sheet: str, widths: Sequence[int]) -> None:
    page = book.add_worksheet(_sheet_name(sheet))
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F4F2EE", "text_wrap": True, "valign": "top"})
    formats = {
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        Decimal: book.add_format({"num_format": "#,##0.00"}),
    }
    page.freeze_panes(1, 0)
    for column, title in enumerate(header):
        page.set_column(column, column, widths[column])
        page.write_string(0, column, str(title), bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        if last > _EXCEL_ROWS:
            break
        for column, cell in enumerate(row):
            _write(page, last, column, cell, formats)
    page.autofilter(0, 0, min(last, _EXCEL_ROWS), max(len(header) - 1, 0))


def _write(page: Any, row: int, column: int, cell: Any, formats: dict[type, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        local = timezone.localtime(cell).replace(tzinfo=None) if timezone.is_aware(cell) else cell
        page.write_datetime(row, column, local, formats[datetime])
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, formats[date])
    elif _is_number(cell):
        page.write_number(row, column, cell, formats.get(type(cell)))
    else:
        page.write_string(row, column, str(cell)[:32_767])


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)


def _as_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        local = timezone.localtime(cell) if timezone.is_aware(cell) else cell
        return local.strftime("%Y-%m-%d %H:%M")
    return str(cell)


def _width(title: str) -> int:
    """Chinese characters take two columns' width; some air for the content below."""
    return min(max(10, sum(2 if ord(letter) > 0x2E7F else 1 for letter in title) + 4), 40)


def _sheet_name(name: str) -> str:
    return "".join(letter for letter in name if letter not in "[]:*?/\\'")[:31] or "Sheet1"


def _with_header(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield [str(title) for title in header]
    yield from rows


def _with_ending(filename: str, ending: str) -> str:
    return filename if filename.lower().endswith(ending) else filename + ending


def _attachment(filename: str) -> dict[str, str]:
    return {
        "Content-Disposition": content_disposition_header(True, filename) or "attachment",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
