"""Writes an official document as PDF, charts as vectors."""

from collections.abc import Iterable

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer
from reportlab.platypus import Table as PdfTable
from reportlab.platypus.tables import TableStyle

from talentmap.documents.fonts import BODY, HEADING, SUBHEADING, TITLE, marked_up
from talentmap.documents.letter import LINE, TYPE_WIDTH, Prose, built, paragraph_of, signature
from talentmap.documents.official import Block, Chart, Heading, Official, Table, Text

SMALL, CELL = 12, 10.5  # 小四 under charts, 五号 in tables


def render(document: Official) -> bytes:
    return built(_flow(document), document.title, document.office)


def _flow(document: Official) -> Iterable[Flowable]:
    yield paragraph_of(document.title, TITLE, size=22, alignment=TA_CENTER)
    yield paragraph_of(document.under_title, BODY, alignment=TA_CENTER)
    yield Spacer(0, LINE)
    heading: list[Flowable] = []
    for block in document.blocks:
        drawn = [*heading, *_drawn(block)]
        heading = drawn if isinstance(block, Heading) else []
        if isinstance(block, Heading):
            continue  # stands on the page of what it is over
        yield from [KeepTogether(drawn)] if isinstance(block, Chart) else drawn
    yield from heading
    yield KeepTogether([Spacer(0, LINE), *signature(document.office, document.dated)])


def _drawn(block: Block) -> Iterable[Flowable]:
    match block:
        case Heading(text, level):
            yield paragraph_of(text, HEADING if level == 1 else SUBHEADING, indent=2)
        case Text(text):
            yield paragraph_of(text, BODY, indent=2)
        case Chart(drawing, caption):
            yield from (Spacer(0, LINE / 3), drawing, _small(caption, TA_CENTER), Spacer(0, LINE / 3))
        case Table():
            yield from _table(block)


def _small(text: str, alignment: int, style: str = BODY, size: float = SMALL) -> Paragraph:
    layout = ParagraphStyle("small", fontSize=size, leading=size * 1.5, alignment=alignment, wordWrap="CJK")
    return Prose(marked_up(text, style), layout)


def _table(table: Table) -> Iterable[Flowable]:
    if table.caption:
        yield _small(table.caption, TA_CENTER)
    rows = [
        [
            _small(cell, TA_CENTER if not number else TA_RIGHT if place else 0, HEADING if not number else BODY, CELL)
            for place, cell in enumerate(row)
        ]
        for number, row in enumerate(table.rows)
    ]
    drawn = PdfTable(rows, [TYPE_WIDTH * share for share in table.widths], repeatRows=1)
    drawn.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    yield drawn
    yield Spacer(0, LINE / 2)
