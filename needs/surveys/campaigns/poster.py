"""The poster of a public link: A4, one QR code, drawn as vectors. Written in Chinese: it hangs in a Chinese village."""

from datetime import date
from io import BytesIO

import segno
from django.conf import settings
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from needs.surveys.campaigns.codes import public_address
from needs.surveys.campaigns.models import PublicLink
from talentmap.documents.fonts import BODY, TITLE, marked_up

MARGIN = 20 * mm
CODE = 105 * mm
QUIET = 4
"""Empty modules around a QR code, without which phones do not find it."""
BLACK, GREY = "#23211e", "#5c564d"
ONE_EACH = {
    PublicLink.OneEach.ANY: "每人可多次填写",
    PublicLink.OneEach.DEVICE: "每部手机填写一次",
    PublicLink.OneEach.MOBILE: "每个手机号填写一次，需短信验证码",
    PublicLink.OneEach.INVITATION: "凭邀请码填写，每个邀请码使用一次",
}


def poster(link: PublicLink) -> bytes:
    """Return the poster as a PDF file of one page."""
    buffer, address = BytesIO(), public_address(link)
    canvas = Canvas(buffer, pagesize=A4, pageCompression=1)
    canvas.setTitle(f"{link.campaign.title} {_place(link)}")
    canvas.setAuthor(settings.OFFICE_NAME)
    top = _text(canvas, link.campaign.title, A4[1] - 28 * mm, size=30, style=TITLE)
    top = _text(canvas, _place(link), top - 4 * mm, size=20)
    top = _text(canvas, "请用手机扫描二维码填写问卷", top - 8 * mm, size=18, colour=GREY)
    bottom = top - 8 * mm - CODE
    _draw_code(canvas, address, (A4[0] - CODE) / 2, bottom)
    top = _text(canvas, address, bottom - 6 * mm, size=12, colour=GREY)
    top = _text(canvas, f"{ONE_EACH[PublicLink.OneEach(link.one_each)]}。{_until(link)}", top - 5 * mm, size=15)
    _text(canvas, f"{settings.OFFICE_NAME}", 32 * mm, size=16)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _place(link: PublicLink) -> str:
    return link.region.name if link.region else "全县"


def _until(link: PublicLink) -> str:
    return f"填写时间：{_day(link.campaign.starts_on)}至{_day(link.campaign.ends_on)}。"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _text(canvas: Canvas, text: str, top: float, *, size: float, style: str = BODY, colour: str = BLACK) -> float:
    """Draw a centred paragraph whose upper edge is at `top`; returns its lower edge."""
    layout = ParagraphStyle(
        style, fontSize=size, leading=size * 1.4, alignment=TA_CENTER, wordWrap="CJK", textColor=colour
    )
    paragraph = Paragraph(marked_up(text, style), layout)
    _width, height = paragraph.wrap(A4[0] - 2 * MARGIN, A4[1])
    paragraph.drawOn(canvas, MARGIN, top - height)
    return top - height


def _draw_code(canvas: Canvas, address: str, left: float, bottom: float) -> None:
    """Dark modules of a row that touch are one rectangle, so that no printer leaves hair lines between them."""
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    module = CODE / (len(rows) + 2 * QUIET)
    canvas.setFillColor("#000000")
    for number, row in enumerate(rows):
        y = bottom + CODE - (QUIET + number + 1) * module
        column = 0
        while column < len(row):
            width = next((n for n in range(column, len(row)) if not row[n]), len(row)) - column
            if width:
                canvas.rect(left + (QUIET + column) * module, y, width * module, module, stroke=0, fill=1)
            column += max(width, 1)


def code_svg(link: PublicLink) -> str:
    """The QR code as a drawing for the page."""
    code = segno.make(public_address(link), error="m", micro=False)
    return code.svg_inline(scale=4, border=QUIET, dark="#000", light="#fff", svgclass="qr", lineclass=None)
