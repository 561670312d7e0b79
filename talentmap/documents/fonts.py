"""The fonts of official letters, embedded in the PDF so that it looks alike on every machine.

GB/T 9704 asks for 仿宋, 小标宋, 黑体 and 楷体, which no registry offers under an open licence. An office that owns
them puts `body.ttf`, `title.ttf`, `heading.ttf`, `subheading.ttf` into the folder that LETTER_FONTS_DIR names; else
Noto Serif SC serves.
"""

import os
from collections.abc import Iterable
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont as FontFile
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

BODY, TITLE, HEADING, SUBHEADING = "body", "title", "heading", "subheading"
_WEIGHTS = {BODY: 400, TITLE: 700, HEADING: 700, SUBHEADING: 400}
_SUBSETS = ("chinese-simplified", "latin")
_RARE = "STSong-Light"


@cache
def faces(style: str) -> tuple[str, ...]:
    """Register the fonts of `style` (BODY, TITLE, …) and return their names, the preferred one first."""
    pdfmetrics.registerFont(UnicodeCIDFont(_RARE))
    names = []
    for name, path in _files(style):
        pdfmetrics.registerFont(TTFont(name, str(path)))
        names.append(name)
    return tuple(names)


def marked_up(text: str, style: str) -> str:
    """Return `text` as ReportLab markup in which every character stands in a font that has it."""
    return "".join(f'<font name="{face}">{escape(run)}</font>' for face, run in _runs(text, style))


def marked_runs(text: str, style: str) -> list[tuple[str, str]]:
    """`text` cut into (font, run), for drawings that know no markup."""
    return list(_runs(text, style))


def width(text: str, style: str, size: float) -> float:
    """How long `text` is on one line, in points."""
    return sum(pdfmetrics.stringWidth(run, face, size) for face, run in _runs(text, style))


def _runs(text: str, style: str) -> Iterable[tuple[str, str]]:
    for face, run in groupby(text, key=lambda character: _face_for(character, style)):
        yield face, "".join(run)


def _face_for(character: str, style: str) -> str:
    for face in faces(style):
        if ord(character) in pdfmetrics.getFont(face).face.charToGlyph:
            return face
    return _RARE


def _files(style: str) -> Iterable[tuple[str, Path]]:
    own = settings.LETTER_FONTS_DIR and Path(settings.LETTER_FONTS_DIR) / f"{style}.ttf"
    if own and own.exists():
        yield f"own-{style}", own
    for subset in _SUBSETS:
        yield f"{subset}-{style}", _unpacked(subset, _WEIGHTS[style])


def _unpacked(subset: str, weight: int) -> Path:
    """Turn the web font of the npm package into the TrueType file that ReportLab reads, once a machine."""
    source = settings.BASE_DIR / "node_modules/@fontsource/noto-serif-sc/files"
    target = settings.STATE_DIR / "fonts" / f"noto-serif-sc-{subset}-{weight}.ttf"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        font = FontFile(source / f"noto-serif-sc-{subset}-{weight}-normal.woff")
        font.flavor = None
        partial = target.with_suffix(f".{os.getpid()}")
        font.save(partial)
        partial.replace(target)
    return target
