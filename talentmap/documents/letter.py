"""An official letter as PDF, laid out after GB/T 9704-2012: A4, 22 lines of 28 characters, no red header."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from reportlab.lib import textsplit
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    paragraph,
)

from talentmap.documents.fonts import BODY, HEADING, SUBHEADING, TITLE, marked_up, width

TOP_MARGIN, BINDING_MARGIN = 37 * mm, 28 * mm
TYPE_WIDTH, TYPE_HEIGHT = 156 * mm, 225 * mm
LINE = TYPE_HEIGHT / 22
CHARACTER = TYPE_WIDTH / 28  # 15.8 pt, what 3号 (16 pt) comes to when 28 fill the line
PAGE_NUMBER_SIZE = 14
# ReportLab keeps Japanese punctuation from the beginning of a line; Chinese has these besides.
textsplit.ALL_CANNOT_START = paragraph.ALL_CANNOT_START = textsplit.ALL_CANNOT_START + "，：；！？”’》〉］｝…—"


OPENING, MOST_TAKEN = "（《〈“‘【〔「『［｛(", 3  # characters of a line at most for that


class Prose(Paragraph):
    """Chinese text of which no line ends in an opening bracket: it goes on with what it opens."""

    def breakLinesCJK(self, widths: float | Sequence[float]) -> Any:
        if getattr(self, "_splitpara", False):
            return super().breakLinesCJK(widths)  # the lines are those of the whole paragraph
        given: list[float] = [widths] if isinstance(widths, int | float) else list(widths)
        taken: dict[int, float] = {}
        while True:
            most = max(taken, default=-1) + 2
            rooms = [given[min(place, len(given) - 1)] - taken.get(place, 0) for place in range(max(most, len(given)))]
            found = super().breakLinesCJK(list(rooms))
            place = _left_open(found)
            if place is None or taken.get(place, 0) > MOST_TAKEN * self.style.fontSize:
                return _with_room(found, taken)
            taken[place] = taken.get(place, 0) + self.style.fontSize / 4


def _left_open(found: Any) -> int | None:
    """The first line but the last that ends in an opening bracket."""
    for place, line in enumerate(found.lines[:-1]):
        text = line[1][0] if found.kind == 0 else "".join(word.text for word in line.words)
        if text.rstrip()[-1:] in tuple(OPENING):
            return place
    return None


def _with_room(found: Any, taken: dict[int, float]) -> Any:
    """The lines as wide as they were, so that they are justified and stand at the right as the others."""
    for place, width_taken in taken.items():
        if place >= len(found.lines):
            continue
        line = found.lines[place]
        if found.kind == 0:
            found.lines[place] = (line[0] + width_taken, line[1])
        else:
            line.extraSpace += width_taken
            line.maxWidth += width_taken
    return found


@dataclass(frozen=True)
class Letter:
    """What the letter says; `body` holds paragraphs, those that begin with 一、 二、 … being level-1 headings."""

    title: str
    number: str
    addressee: str
    body: tuple[str, ...]
    office: str
    dated: date


def render(letter: Letter) -> bytes:
    """Return the letter as a PDF file."""
    return built(_flow(letter), letter.title, letter.office)


def built(flow: Iterable[Flowable], title: str, author: str) -> bytes:
    """Pages of the standard's size, margins and numbers, filled with `flow`."""
    buffer = BytesIO()
    document = BaseDocTemplate(buffer, pagesize=A4, title=title, author=author)
    frame = Frame(
        BINDING_MARGIN,
        A4[1] - TOP_MARGIN - TYPE_HEIGHT,
        TYPE_WIDTH,
        TYPE_HEIGHT,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=number_page))
    document.build(list(flow))
    return buffer.getvalue()


def _flow(letter: Letter) -> Iterable[Flowable]:
    yield paragraph_of(letter.title, TITLE, size=22, alignment=TA_CENTER)
    yield paragraph_of(letter.number, BODY, alignment=TA_CENTER)
    yield Spacer(0, LINE)
    yield paragraph_of(f"{letter.addressee}：", BODY)
    body = [paragraph_of(text, HEADING if is_heading(text) else BODY, indent=2) for text in letter.body]
    # The signature never stands alone on a page: the last paragraph comes with it, and its heading with that.
    last = -2 if len(body) > 1 and is_heading(letter.body[-2]) else -1
    yield from body[:last]
    yield KeepTogether([*body[last:], Spacer(0, LINE), *signature(letter.office, letter.dated)])


def signature(office: str, dated: date) -> list[Flowable]:
    """Office and date centred on each other, the longer of them four characters in from the right."""
    lines = (office, f"{dated.year}年{dated.month}月{dated.day}日")
    widths = [width(line, BODY, CHARACTER) for line in lines]
    beside = [(max(widths) - each) / 2 / CHARACTER for each in widths]
    return [
        paragraph_of(line, BODY, alignment=TA_RIGHT, right_indent=4 + space)
        for line, space in zip(lines, beside, strict=True)
    ]


def is_heading(text: str) -> bool:
    return text[:1] in "一二三四五六七八九十" and text[1:2] == "、"


def paragraph_of(
    text: str,
    style: str,
    *,
    size: float = CHARACTER,
    alignment: int = TA_JUSTIFY,
    indent: int = 0,
    right_indent: float = 0,
) -> Paragraph:
    layout = ParagraphStyle(
        style,
        fontSize=size,
        leading=LINE * (1.25 if size > CHARACTER else 1),
        alignment=alignment,
        firstLineIndent=indent * CHARACTER,
        rightIndent=right_indent * CHARACTER,
        wordWrap="CJK",
        keepWithNext=style in (HEADING, SUBHEADING),
    )
    return Prose(marked_up(text, style), layout)


def number_page(canvas: Canvas, document: BaseDocTemplate) -> None:
    """Between dashes, one character in from the outer edge: odd pages right, even pages left."""
    page = canvas.getPageNumber()
    text = Paragraph(
        marked_up(f"— {page} —", BODY),
        ParagraphStyle("page", fontSize=PAGE_NUMBER_SIZE, leading=PAGE_NUMBER_SIZE),
    )
    room, _height = 4 * PAGE_NUMBER_SIZE, text.wrap(4 * PAGE_NUMBER_SIZE, 2 * PAGE_NUMBER_SIZE)
    left = BINDING_MARGIN + PAGE_NUMBER_SIZE
    right = BINDING_MARGIN + TYPE_WIDTH - room
    text.drawOn(canvas, right if page % 2 else left, A4[1] - TOP_MARGIN - TYPE_HEIGHT - 7 * mm - PAGE_NUMBER_SIZE)
