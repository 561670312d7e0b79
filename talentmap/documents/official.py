"""An official document laid out after GB/T 9704-2012 without red header, said once and written as PDF and as DOCX.

A4, top margin 37 mm, binding margin 28 mm, type area 156 by 225 mm with 22 lines of 28 characters; title 2号 小标宋,
body 3号 仿宋, level-1 一、 in 黑体, level-2 （一） in 楷体; page numbers 4号 between dashes, odd ones right, even left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reportlab.graphics.shapes import Drawing

_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Heading:
    """`level` 1 is 一、, level 2 （一）; the number is part of the text."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Chart:
    """A drawing with its caption, which also stands for it where it cannot be seen."""

    drawing: Drawing
    caption: str


@dataclass(frozen=True)
class Table:
    """`widths` are shares of the line; the first row is the heading, all columns but the first are numbers."""

    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    caption: str = ""


Block = Heading | Text | Chart | Table


@dataclass(frozen=True)
class Official:
    """`made_at` is aware: its day stands under the text, its moment in the file's own properties."""

    title: str
    under_title: str
    blocks: tuple[Block, ...]
    office: str
    made_at: datetime

    @property
    def dated(self) -> date:
        return self.made_at.date()


def in_chinese(number: int) -> str:
    """1 to 99 as headings count: 一, 十, 十二, 二十, 二十一."""
    tens, ones = divmod(number, 10)
    start = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return start + (_DIGITS[ones] if ones else "")


def day_in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
