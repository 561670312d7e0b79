"""SPSS files: variables with labels, choices as numbers with value labels, no answer as a missing value.

The format's library wants a table in memory, so an export of more than `PART_ROWS` responses is several files, which
SPSS joins by `ADD FILES`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from needs.surveys.exports.cells import Column
from needs.surveys.exports.columns import MANY, NUMBERS, Layout
from needs.surveys.exports.options import CODES, Options
from needs.surveys.exports.tables import Cells, Sheet
from needs.surveys.exports.writers import file_names, zipped

PART_ROWS = 50_000
NAME_BYTES, LABEL_BYTES, VALUE_LABEL_BYTES, TEXT_BYTES = 64, 255, 120, 32_767
_RESERVED = frozenset(["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"])
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.]")


def variable_names(wanted: Iterable[str]) -> list[str]:
    """Names that SPSS takes: a letter first, 64 bytes at most, no word of its own, unlike each other in any case."""
    taken: set[str] = set()
    names = []
    for each in wanted:
        plain = _NOT_IN_NAMES.sub("_", each).rstrip(".")[: NAME_BYTES - 4]
        if not plain[:1].isalpha() or plain.upper() in _RESERVED:
            plain = f"v_{plain}"[: NAME_BYTES - 4]
        name, number = plain, 1
        while name.upper() in taken:
            number += 1
            name = f"{plain}_{number}"
        taken.add(name.upper())
        names.append(name)
    return names


def choice_numbers(names: Sequence[str]) -> dict[str, int]:
    """The numbers of choices: their names where all are whole numbers, else their place in the merged list.

    A later version adds choices at the end of it, so a choice keeps its number.
    """
    if names and all(re.fullmatch(r"-?\d{1,9}", name) for name in names) and len({int(n) for n in names}) == len(names):
        return {name: int(name) for name in names}
    return {name: place for place, name in enumerate(names, start=1)}


class _Variable:
    """How one column is written: as numbers with or without labels, or as text."""

    def __init__(self, column: Column, layout: Layout, options: Options) -> None:
        question = column.question
        assert question is not None
        self.numbers: dict[str, int] = {}
        self.labels: dict[float, str] = {}
        self.is_number = question.type in NUMBERS or bool(column.choice)
        said = layout.said(question.label, options.language, question.id)
        choices = {name: layout.said(texts, options.language, name) for name, texts in question.choices.items()}
        self.label = f"{said} – {choices[column.choice]}" if column.choice else said
        if question.has_choices and question.type not in MANY:
            self.is_number = True
            self.numbers = choice_numbers(list(choices))
            self.labels = {float(self.numbers[name]): cut(text, VALUE_LABEL_BYTES) for name, text in choices.items()}

    def values(self, cells: Sequence[Any]) -> list[Any]:
        if self.numbers:
            return [self.numbers.get(str(cell)) for cell in cells]
        if self.is_number:
            return [_float(cell) for cell in cells]
        return texts(cells)


def _float(cell: Any) -> float | None:
    try:
        value = float(cell)
    except (TypeError, ValueError, OverflowError):
        return None
    return value if abs(value) < 1e300 else None


def texts(cells: Iterable[Any]) -> list[str]:
    return ["" if cell is None else cut(str(cell).replace("\x00", ""), TEXT_BYTES) for cell in cells]


def cut(text: str, most: int) -> str:
    """At most so many bytes, no letter halved."""
    return text.encode("utf-8", "ignore")[:most].decode("utf-8", "ignore") if len(text) * 4 > most else text


class SpssWriter:
    def __init__(
        self,
        folder: Path,
        name: str,
        sheets: Sequence[Sheet],
        layout: Layout,
        options: Options,
        *,
        part_rows: int = PART_ROWS,
    ) -> None:
        self.folder, self.name, self.part_rows = folder, name, part_rows
        self.sheets = [_SpssSheet(sheet, layout, options) for sheet in sheets]
        self.stems = file_names(name, sheets)
        self.waiting: list[list[Cells]] = [[] for _sheet in sheets]
        self.parts = [0 for _sheet in sheets]
        self.paths: list[Path] = []

    def add(self, rows: Sequence[list[Cells]]) -> None:
        for place, cells in enumerate(rows):
            self.waiting[place].extend(cells)
            while len(self.waiting[place]) > self.part_rows:
                self._write(place, self.waiting[place][: self.part_rows])
                del self.waiting[place][: self.part_rows]

    def finish(self) -> Path:
        for place, cells in enumerate(self.waiting):
            self._write(place, cells)
            cells.clear()
        return self.paths[0] if len(self.paths) == 1 else zipped(self.folder / f"{self.name}.zip", self.paths)

    def _write(self, place: int, cells: list[Cells]) -> None:
        self.parts[place] += 1
        part = f"-{self.parts[place]}" if self.parts[place] > 1 else ""
        path = self.folder / f"{self.stems[place]}{part}.sav"
        self.sheets[place].write(path, cells)
        self.paths.append(path)


class _SpssSheet:
    def __init__(self, sheet: Sheet, layout: Layout, options: Options) -> None:
        self.fixed = sheet.headings[: len(sheet.headings) - len(sheet.columns)]
        self.variables = [_Variable(column, layout, options) for column in sheet.columns]
        codes = [f"{each.question.id}_{each.choice}" if each.choice else each.key for each in sheet.columns]  # type: ignore[union-attr]
        self.names = variable_names([*self.fixed, *codes])

    def write(self, path: Path, cells: list[Cells]) -> None:
        import pandas  # a second and sixty megabytes: only where an SPSS file is written
        import pyreadstat

        columns = list(zip(*cells, strict=True)) or [() for _name in self.names]
        frame = pandas.DataFrame(
            {name: pandas.Series(**self._series(place, columns[place])) for place, name in enumerate(self.names)}
        )
        fixed = len(self.fixed)
        labels = {name: each.labels for name, each in zip(self.names[fixed:], self.variables, strict=True)}
        pyreadstat.write_sav(
            frame,
            str(path),
            column_labels=[cut(label, LABEL_BYTES) for label in self._labels()],
            variable_value_labels={name: known for name, known in labels.items() if known},
            compress=True,
        )

    def _labels(self) -> list[str]:
        return [*self.fixed, *(variable.label for variable in self.variables)]

    def _series(self, place: int, cells: Sequence[Any]) -> dict[str, Any]:
        fixed = len(self.fixed)
        if place < fixed:
            is_number = self.fixed[place].endswith("_index") or self.fixed[place] in ("version", "weight")
            values: list[Any] = [_float(cell) for cell in cells] if is_number else texts(cells)
            return {"data": values, "dtype": "float64" if is_number else "object"}
        variable = self.variables[place - fixed]
        return {"data": variable.values(cells), "dtype": "float64" if variable.is_number else "object"}


def coded(options: Options) -> Options:
    """An SPSS file has codes and labels both: its cells are codes whatever was chosen."""
    return replace(options, words=CODES)
