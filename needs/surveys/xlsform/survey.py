"""The sheet "survey": rows into nested items."""

from dataclasses import dataclass, field
from typing import Any

from needs.surveys.xlsform import types
from needs.surveys.xlsform.fields import YES, Fields, fields, warn_of_columns
from needs.surveys.xlsform.headers import Column, columns, languages
from needs.surveys.xlsform.items import group_item, question_item
from needs.surveys.xlsform.messages import REASONS
from needs.surveys.xlsform.mistakes import Findings
from needs.surveys.xlsform.workbook import Row, Sheet

ITEM_KEYS = {"name", "label", "hint", "calculation", "relevant", "constraint", "required", "default"}


@dataclass
class Origin:
    """An item of the document, the row that it was read from, and its path: (0, 2) is the third of the first."""

    item: dict[str, Any]
    row: Fields
    type: types.Type
    parents: tuple["Origin", ...] = ()
    path: tuple[int, ...] = ()


@dataclass
class Survey:
    """`origins` lists the items in the order of the document, parents before children."""

    sheet: Sheet
    items: list[dict[str, Any]] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, sheet: Sheet, found: Findings) -> None:
        self.survey = Survey(sheet)
        self.found = found
        self.open: list[Origin] = []
        # Loops are not supported, but what closes them must be told from what closes nothing.
        self.last_row = sheet.rows[-1].number if sheet.rows else sheet.header.number

    def row(self, row: Fields) -> None:
        if row.text("disabled").lower() in YES:
            self.found.warn("rows_disabled", row.place("disabled"))
            return
        text = row.text("type")
        if not text:
            self._without_type(row)
            return
        kind = types.parse(text)
        if kind.kind != "end":
            self._refuse_columns(row)
        handle = {"begin": self._begin, "end": self._end, "question": self._question}
        handle.get(kind.kind, self._refused)(row, kind)

    def _without_type(self, row: Fields) -> None:
        if any(key in row for key in ITEM_KEYS):
            self.found.wrong("no_type", row.place())
        else:
            self.found.warn("row_ignored", row.place())

    def _refuse_columns(self, row: Fields) -> None:
        for (key, heading), cell in row.texts.items():
            if key.startswith("unsupported"):
                reason = REASONS[key.partition(":")[2]]
                place = row.sheet.place(row.row, cell.column.index)
                self.found.wrong("column_not_supported", place, name=heading, reason=reason)

    def _refused(self, row: Fields, kind: types.Type) -> None:
        place = row.place("type")
        if kind.reason:
            self.found.wrong("type_not_supported", place, name=kind.name, reason=REASONS[kind.reason])
        elif kind.near:
            self.found.wrong("unknown_type_near", place, name=kind.name, near=kind.near)
        else:
            self.found.wrong("unknown_type", place, name=kind.name)
        if name := row.text("name"):
            # Others may speak of it; that it cannot be asked is told once, and that it is unknown would be wrong.
            self._append(Origin({"kind": "question", "type": "text", "name": name}, row, kind, tuple(self.open)))

    def _question(self, row: Fields, kind: types.Type) -> None:
        self._append(Origin(question_item(row, kind, self.found), row, kind, tuple(self.open)))

    def _begin(self, row: Fields, kind: types.Type) -> None:
        if kind.reason:
            self.found.wrong(
                "type_not_supported", row.place("type"), name=row.text("type"), reason=REASONS[kind.reason]
            )
            # Its questions are read on, so that what is wrong with them is told as well; the import fails anyway.
            item = {"kind": "group", "name": f"loop_{row.row}", "items": []}
        else:
            item = group_item(row, kind.name, self.found)
        origin = Origin(item, row, kind, tuple(self.open))
        self._append(origin)
        self.open.append(origin)

    def _append(self, origin: Origin) -> None:
        siblings = self.open[-1].item["items"] if self.open else self.survey.items
        origin.path = (*(self.open[-1].path if self.open else ()), len(siblings))
        siblings.append(origin.item)
        self.survey.origins.append(origin)

    def _end(self, row: Fields, kind: types.Type) -> None:
        if not self.open:
            self.found.wrong("end_without_begin", row.place("type"), kind=kind.name)
            return
        opened = self.open.pop()
        if opened.type.name != kind.name:
            words = {"kind": kind.name, "other_kind": opened.type.name, "other": opened.row.row}
            self.found.wrong("begin_end_mismatch", row.place("type"), **words)
        name = opened.row.text("name")
        if row.text("name") not in ("", name):
            words = {"name": row.text("name"), "other": name, "row": opened.row.row}
            self.found.warn("end_name", row.place("name"), **words)
        if {key for key, _ in row.texts} - {"type", "name"}:
            self.found.warn("end_row_text", row.place())

    def finish(self) -> Survey:
        for origin in self.open:
            words = {"kind": origin.type.name, "name": origin.row.text("name"), "other": self.last_row}
            self.found.wrong("begin_without_end", origin.row.place("type"), **words)
        return self.survey


def read_survey(sheet: Sheet, nameless: str, found: Findings) -> Survey:
    """`nameless` is the language of translated columns that name none."""
    read = columns(sheet, "survey", found)
    reader = _Reader(sheet, found)
    if not _has_types(read, sheet, found):
        return reader.survey
    warn_of_columns(sheet, read, found, extra=True)
    reader.survey.languages = languages(sheet, read, nameless)
    for row in _rows(sheet, read, nameless, found):
        reader.row(row)
    return reader.finish()


def _has_types(read: list[Column], sheet: Sheet, found: Findings) -> bool:
    missing = [key for key in ("type", "name") if key not in {column.key for column in read}]
    for key in missing:
        found.wrong("no_header", sheet.place(sheet.header.number), name=key)
    return not missing


def _rows(sheet: Sheet, read: list[Column], nameless: str, found: Findings) -> list[Fields]:
    return [fields(sheet, row, read, nameless, found) for row in sheet.rows if _says_something(row, read)]


def _says_something(row: Row, read: list[Column]) -> bool:
    return any(column.index in row.cells for column in read)
