"""The tables of an export: which columns each has, and the rows that come of a batch of responses."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from needs.surveys.exports.cells import Column, Inexact, Row, columns_of, instances, unique
from needs.surveys.exports.columns import Layout, Table
from needs.surveys.exports.decoding import Answers, decode, decode_exactly, joined
from needs.surveys.exports.options import Options
from needs.surveys.exports.reading import Record
from needs.surveys.exports.selecting import Beside
from talentmap.people.fields import decrypt

Cells = list[Any]


@dataclass(frozen=True)
class Sheet:
    """One table as it is written: the responses, or the instances of a repeat, joined by the response's id."""

    table: Table
    title: str
    headings: list[str]
    columns: list[Column]
    row: Row

    @property
    def path(self) -> tuple[str, ...]:
        return self.table.path


class Tables:
    """Turns records of `selecting.records` into rows of every sheet; the first sheet is the responses'."""

    def __init__(
        self, layout: Layout, options: Options, beside: Beside, *, guarded: bool, with_personal: bool = False
    ) -> None:
        self.beside = beside
        self.with_personal = with_personal
        self.sheets = [
            self._sheet(table, layout, options, guarded)
            for table in layout
            if not table.path or _chosen(table, options, with_personal)
        ]

    def _sheet(self, table: Table, layout: Layout, options: Options, guarded: bool) -> Sheet:
        questions = _chosen(table, options, self.with_personal)
        columns = columns_of(questions, layout, options, guarded=guarded)
        fixed = self._fixed(table, options)
        keys = [*fixed, *(column.question.code for column in columns)]
        headings = unique([*fixed, *(column.heading for column in columns)], keys)
        title = layout.said(table.label, options.language, table.path[-1]) if table.path else _("Answers")
        return Sheet(table, title, headings, columns, Row(columns, as_text=guarded))

    def _fixed(self, table: Table, options: Options) -> list[str]:
        """What stands before the answers: all about the response, or whose instance of which number it is."""
        headings = self.beside.headings(options)
        if not table.path:
            return headings
        numbers = [f"{name}_index" for name in table.path]
        return [headings[0], *numbers]

    def rows(self, batch: Iterable[Record]) -> list[list[Cells]]:
        """The rows of each sheet that come of these records."""
        result: list[list[Cells]] = [[] for _sheet in self.sheets]
        main, repeats = self.sheets[0].row, list(zip(self.sheets, result, strict=True))[1:]
        for record in batch:
            cells = self.beside.cells(record[1])
            answers = self._answers(record, decode)
            try:
                said = main.of(answers)
            except Inexact:
                answers = self._answers(record, decode_exactly)
                said = main.exactly(answers)
            result[0].append(cells + said)
            for sheet, rows in repeats:
                rows.extend(self._instances(sheet, cells[0], answers, record))
        return result

    def _instances(self, sheet: Sheet, uuid: str, answers: Answers, record: Record) -> list[Cells]:
        try:
            return [[uuid, *places, *sheet.row.of(each)] for places, each in instances(answers, sheet.path)]
        except Inexact:
            exact = self._answers(record, decode_exactly)
            return [[uuid, *places, *sheet.row.exactly(each)] for places, each in instances(exact, sheet.path)]

    def _answers(self, record: Record, read: Callable[[bytes], Answers]) -> Answers:
        answers = read(record[0])
        if self.with_personal and record[1][-1]:
            return joined(answers, json.loads(decrypt(record[1][-1])))
        return answers


def _chosen(table: Table, options: Options, with_personal: bool) -> list[Any]:
    wanted = set(options.columns)
    return [each for each in table.questions if each.code in wanted and (with_personal or not each.personal)]
