"""Questions of one matrix (a `table-list` of XLSForm) side by side: one chart and one table, a row a question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from needs.surveys.results.asked import Asked
from needs.surveys.results.presentation import Shown, ShownRow, hidden_note, hundredths, notes, shown, tooltip
from needs.surveys.results.results import QuestionResult


@dataclass(frozen=True)
class MatrixRow:
    """One question: `cells` in the order of the matrix's choices, None for one that it does not offer."""

    item: Shown
    cells: tuple[ShownRow | None, ...]


@dataclass(frozen=True)
class Matrix:
    group: str
    heads: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    chart: dict[str, Any] | None
    notes: tuple[str, ...]

    is_matrix = True

    @property
    def chart_data_id(self) -> str:
        return f"{self.chart['id']}-data" if self.chart else ""


def panels(asked: Asked, results: Sequence[QuestionResult]) -> Iterator[Shown | Matrix]:
    """What stands in a frame of its own: each question, or all of a matrix that follow each other."""
    for name, found in groupby(results, key=lambda result: result.question.matrix):
        together = list(found)
        if name and len(together) > 1:
            yield _matrix(asked, name, together)
        else:
            yield from (shown(asked, result) for result in together)


def _matrix(asked: Asked, name: str, results: Sequence[QuestionResult]) -> Matrix:
    choices: dict[str, str] = {}
    for result in results:
        for row in result.rows:
            choices.setdefault(row.value, asked.say(row.label, row.value))
    rows = tuple(_row(shown(asked, result), result, choices) for result in results)
    drawn = [row for row in rows if row.item.rows]
    return Matrix(
        group=rows[0].item.group,
        heads=tuple(choices.values()),
        rows=rows,
        chart=_chart(name, rows[0].item.group, tuple(choices.values()), drawn) if drawn else None,
        notes=tuple(_notes(asked, results)),
    )


def _notes(asked: Asked, results: Sequence[QuestionResult]) -> Iterator[str]:
    for result in results:
        for note in notes(asked, result):
            yield f"{asked.say(result.question.label, result.key)}: {note}"
    if any(result.has_hidden for result in results):
        yield hidden_note()


def _row(item: Shown, result: QuestionResult, choices: dict[str, str]) -> MatrixRow:
    """`Shown.rows` follow the rows of the result one by one, and are none where all is withheld."""
    by_value = {row.value: cell for row, cell in zip(result.rows, item.rows, strict=False)}
    return MatrixRow(item, tuple(by_value.get(value) for value in choices))


def _chart(name: str, title: str, heads: Sequence[str], rows: Sequence[MatrixRow]) -> dict[str, Any]:
    return {
        "id": f"chart-matrix-{name}",
        "kind": "matrix",
        "title": title,
        "labels": [row.item.label for row in rows],
        "series": [_series(head, [row.cells[place] for row in rows], rows) for place, head in enumerate(heads)],
        "words": {"hidden": _("not shown")},
    }


def _series(head: str, cells: Sequence[ShownRow | None], rows: Sequence[MatrixRow]) -> dict[str, Any]:
    return {
        "name": head,
        "values": [cell and hundredths(cell.fraction) for cell in cells],
        "texts": [f"{row.item.label} · {tooltip(cell)}" if cell else "" for row, cell in zip(rows, cells, strict=True)],
    }
