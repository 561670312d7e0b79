"""Charts for print, drawn as vectors: black ink and one hue, every bar with its number."""

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any

from django.utils.formats import number_format
from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics

from talentmap.documents.fonts import BODY, marked_runs, width
from talentmap.documents.letter import TYPE_WIDTH

HUES = {"needs": "#1d5d99", "growth": "#22693f", "support": "#855300", "service_quality": "#434e5c"}
INK, PALE = HexColor("#23211e"), HexColor("#d2cbbf")
SIZE = 9
LEFT, BOTTOM, TOP = 48, 24, 16
LINE_HEIGHT, BAR = 150, 16
LONG = 100_000
MOST_BARS = 30  # with their heading and caption on one page, and legible as a picture of the Word file


def course(months: Sequence[str], values: Sequence[float | None], page: str) -> Drawing:
    """A line over the months with its numbers; a month without one breaks it."""
    drawing, hue = Drawing(TYPE_WIDTH, LINE_HEIGHT), HexColor(HUES[page])
    marks = _marks([value for value in values if value is not None])
    low, high = marks[0], marks[-1]
    worded = _worded([*values, *marks])
    room = LINE_HEIGHT - BOTTOM - TOP - SIZE
    step = (TYPE_WIDTH - LEFT - 16) / max(1, len(months) - 1)

    def at(place: int, value: float) -> tuple[float, float]:
        return LEFT + place * step, BOTTOM + (value - low) / (high - low) * room

    for mark in marks:
        _x, y = at(0, mark)
        drawing.add(Line(LEFT, y, TYPE_WIDTH - 8, y, strokeColor=PALE, strokeWidth=0.5))
        _write(drawing, worded(mark), LEFT - 6, y - SIZE / 3, "end")
    for stretch in _stretches(values):
        points = [coordinate for place, value in stretch for coordinate in at(place, value)]
        if len(stretch) > 1:
            drawing.add(PolyLine(points, strokeColor=hue, strokeWidth=1.5))
    for place, (month, value) in enumerate(zip(months, values, strict=True)):
        x, _y = at(place, low)
        _write(drawing, month[2:], x, BOTTOM - SIZE - 4, "middle")
        if value is not None:
            x, y = at(place, value)
            drawing.add(Circle(x, y, 2, fillColor=hue, strokeColor=hue))
            _write(drawing, worded(value), x, y + 5, "middle")
    return drawing


def bars(rows: Sequence[tuple[str, float | None]], page: str) -> list[Drawing]:
    """A bar a township with its number, "—" for one that has none; cut into parts of one scale, a page holds each."""
    left = max((width(name, BODY, SIZE + 1) for name, _value in rows), default=0) + 10
    high = max((abs(value) for _name, value in rows if value is not None), default=0) or 1
    worded = _worded([value for _name, value in rows])
    return [_bars(part, left, high, HexColor(HUES[page]), worded) for part in _parts(rows)]


def _parts(rows: Sequence[tuple[str, float | None]]) -> list[Sequence[tuple[str, float | None]]]:
    """As few as can be, and of the same length but for the last."""
    length = ceil(len(rows) / ceil(len(rows) / MOST_BARS))
    return [rows[start : start + length] for start in range(0, len(rows), length)]


def _bars(
    rows: Sequence[tuple[str, float | None]], left: float, high: float, hue: Any, worded: Callable[[float], str]
) -> Drawing:
    height, room = BAR * len(rows) + 8, TYPE_WIDTH - left - 70
    drawing = Drawing(TYPE_WIDTH, height)
    for place, (name, value) in enumerate(rows):
        y = height - 4 - BAR * (place + 1)
        _write(drawing, name, left - 6, y + 4, "end", SIZE + 1)
        length = room * max(value, 0) / high if value is not None else 0
        drawing.add(Rect(left, y + 2, length, BAR - 5, fillColor=hue, strokeColor=None))
        _write(drawing, "—" if value is None else worded(value), left + length + 4, y + 4, "start", SIZE + 1)
    drawing.add(Line(left, 0, left, height, strokeColor=INK, strokeWidth=0.5))
    return drawing


def _stretches(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    found: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append((place, value))
    return [stretch for stretch in found if stretch]


def _marks(known: Sequence[float]) -> tuple[float, float, float]:
    """The lines of the axis: bottom, middle and top; of whole numbers these are whole too."""
    low: float = min([0.0, *known])
    high = max(known, default=0) or 1
    if all(value == int(value) for value in known):
        high = low + 2 * ceil((high - low) / 2)
    return low, (low + high) / 2, high


def _worded(values: Sequence[float | None]) -> Callable[[float], str]:
    """One way to write all numbers of a chart: in 万 where one is long, since print has no room for every digit of it;
    with as few places as tell each from nothing."""
    known = [value for value in values if value]
    scale, sign = (10_000, "万") if any(abs(value) >= LONG for value in known) else (1, "")
    shares = [abs(value) / scale for value in known]
    is_whole = all(share == int(share) for share in shares)
    places = 0 if is_whole else 1 if all(share >= 0.05 for share in shares) else 2
    return lambda value: (
        f"{number_format(round(value / scale, places), decimal_pos=places, force_grouping=True)}{sign}"
        if value
        else "0"
    )


def _write(drawing: Drawing, text: str, x: float, y: float, anchor: str, size: float = SIZE) -> None:
    """Text run by run, each in a font that has its characters."""
    runs = marked_runs(text, BODY)
    lengths = [pdfmetrics.stringWidth(run, face, size) for face, run in runs]
    x -= {"start": 0.0, "middle": sum(lengths) / 2, "end": sum(lengths)}[anchor]
    for (face, run), length in zip(runs, lengths, strict=True):
        drawing.add(String(x, y, run, fontName=face, fontSize=size, fillColor=INK))
        x += length
