"""Which question depends on which: rows to read, and a diagram whose every box leads to its question."""

from dataclasses import dataclass
from typing import Any

from needs.surveys import engine
from needs.surveys.questionnaires import trouble
from needs.surveys.questionnaires.documents import Document, label_of, walk
from needs.surveys.questionnaires.words import SELECTS_OTHER, key_word

WIDTH, HEIGHT, ACROSS, DOWN = 190, 44, 260, 60
LETTERS = 13


@dataclass(frozen=True)
class End:
    """A question as one end of a dependency; `path` is its place in the document."""

    index: int
    name: str
    label: str
    path: str


@dataclass(frozen=True)
class Row:
    """`end` depends on `needs` by the property `part`."""

    end: End
    needs: End
    part: Any


@dataclass(frozen=True)
class Box:
    end: End
    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Arrow:
    d: str


def context(document: Document) -> dict[str, Any]:
    """What the page shows; a questionnaire with problems shows those, circles among them, until they are mended."""
    problems = trouble.of(document)
    if problems:
        return {"problems": problems}
    compiled = engine.compile(document)
    ends = _ends(document, compiled)
    found = engine.dependencies(compiled)
    rows = [Row(ends[each.index], ends[each.needs], key_word(each.prop)) for each in found]
    return {"problems": [], "rows": rows, **_diagram(rows)}


def _ends(document: Document, compiled: engine.Compiled) -> list[End]:
    """The nodes in order; the question that “other, namely” adds leads to the one that has it."""
    language = document.get("settings", {}).get("default_language", "")
    places: list[tuple[str, str]] = []
    for path, item in zip(trouble.paths_of(document), walk(document.get("items", [])), strict=True):
        place = (".".join(map(str, path)), label_of(item, language))
        places += [place] * (2 if item["kind"] == "question" and item.get(SELECTS_OTHER) else 1)
    return [End(node.index, node.name, label, path) for node, (path, label) in zip(compiled.nodes, places, strict=True)]


def _diagram(rows: list[Row]) -> dict[str, Any]:
    ends = {end.index: end for row in rows for end in (row.needs, row.end)}
    columns = _columns(ends, rows)
    boxes, heights = {}, [0] * (max(columns.values(), default=0) + 1)
    for index in sorted(ends):
        column = columns[index]
        boxes[index] = Box(ends[index], 10 + column * ACROSS, 10 + heights[column] * DOWN, _short(ends[index]))
        heights[column] += 1
    pairs = dict.fromkeys((row.needs.index, row.end.index) for row in rows if row.needs.index != row.end.index)
    return {
        "boxes": list(boxes.values()),
        "arrows": [_arrow(boxes[start], boxes[end]) for start, end in pairs],
        "width": 20 + len(heights) * ACROSS,
        "height": 20 + max(heights) * DOWN,
        "box_width": WIDTH,
        "box_height": HEIGHT,
    }


def _columns(ends: dict[int, End], rows: list[Row]) -> dict[int, int]:
    """Each to the right of what it needs. A text may refer onwards, so that a round of these has an end: by count."""
    columns = dict.fromkeys(ends, 0)
    for _round in range(min(len(ends), 30)):
        before = dict(columns)
        for row in rows:
            if row.needs.index < row.end.index:
                columns[row.end.index] = max(columns[row.end.index], columns[row.needs.index] + 1)
        if columns == before:
            break
    return columns


def _arrow(start: Box, end: Box) -> Arrow:
    x1, y1 = start.x + WIDTH, start.y + HEIGHT // 2
    x2, y2 = end.x - 6, end.y + HEIGHT // 2
    bend = max(30, abs(x2 - x1) // 2)
    return Arrow(f"M{x1},{y1} C{x1 + bend},{y1} {x2 - bend},{y2} {x2},{y2}")


def _short(end: End) -> str:
    text = end.label or end.name
    return text if len(text) <= LETTERS else text[: LETTERS - 1] + "…"
