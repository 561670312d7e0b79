"""Writes an official document as DOCX, with the fonts that the standard names: Word has them, or shows the like."""

from io import BytesIO
from typing import Any

import pypdfium2
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing

from talentmap.documents.docx_package import describe
from talentmap.documents.official import Block, Chart, Heading, Official, Table, Text, day_in_words

FANGSONG, TITLE, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
BODY_SIZE, TITLE_SIZE, PAGE_SIZE, SMALL, CELL = Pt(16), Pt(22), Pt(14), Pt(12), Pt(10.5)  # 3号, 2号, 4号, 小四, 五号
LINES, CHARACTERS = 22, 28
WIDTH, HEIGHT = Mm(156), Mm(225)
TOP, LEFT = Mm(37), Mm(28)
PITCH = Pt(28.95)  # 225 mm by 22
DOTS = 4  # of a picture for every point of its drawing: 288 dpi


def render(document: Official) -> bytes:
    made = Document()
    _lay_out(made)
    describe(made, document)
    _add(made, document.title, TITLE, TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER, spacing=Pt(36))
    _add(made, document.under_title, FANGSONG, align=WD_ALIGN_PARAGRAPH.CENTER)
    _add(made, "", FANGSONG)
    for block in document.blocks:
        _write(made, block)
    _sign(made, document)
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _write(made: Any, block: Block) -> None:
    match block:
        case Heading(text, level):
            added = _add(made, text, HEI if level == 1 else KAI, indent=2)
            added.style = made.styles[f"Heading {level}"]
            added.paragraph_format.keep_with_next = True
        case Text(text):
            _add(made, text, FANGSONG, indent=2, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
        case Chart(drawing, caption):
            _picture(made, drawing, caption)
        case Table():
            _table(made, block)


# paper ----------------------------------------------------------------------------------------------------


def _lay_out(made: Any) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = TOP, LEFT
    section.right_margin, section.bottom_margin = Mm(210) - LEFT - WIDTH, Mm(297) - TOP - HEIGHT
    section.footer_distance = Mm(297) - TOP - HEIGHT - Mm(7) - Mm(6)
    _grid(section)
    _plain(made.styles["Normal"], FANGSONG)
    for level, font in ((1, HEI), (2, KAI)):
        _plain(made.styles[f"Heading {level}"], font)
    made.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def _grid(section: Any) -> None:
    """22 lines of 28 characters, as Word's own page set-up says it."""
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(round(PITCH.pt * 20)))
    grid.set(qn("w:charSpace"), str(round((WIDTH.pt / CHARACTERS - BODY_SIZE.pt) * 4096)))
    section._sectPr.append(grid)


def _plain(style: Any, font: str) -> None:
    style.font.size, style.font.bold, style.font.italic = BODY_SIZE, False, False
    style.font.color.rgb = None
    _set_font(style.element.get_or_add_rPr(), font)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, PITCH


def _set_font(properties: Any, font: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), font)
    for colour in properties.findall(qn("w:color")):
        properties.remove(colour)


def _number(paragraph: Any, align: Any) -> None:
    """Between dashes, one character in from the outer edge."""
    paragraph.alignment = align
    indent = PAGE_SIZE
    layout = paragraph.paragraph_format
    layout.right_indent, layout.left_indent = (indent, Pt(0)) if align == WD_ALIGN_PARAGRAPH.RIGHT else (Pt(0), indent)
    _run(paragraph, "— ", SONG, PAGE_SIZE)
    run = _run(paragraph, "", SONG, PAGE_SIZE)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)
    _run(paragraph, " —", SONG, PAGE_SIZE)


# paragraphs -----------------------------------------------------------------------------------------------


def _add(
    made: Any, text: str, font: str, size: Any = BODY_SIZE, *, indent: int = 0, align: Any = None, spacing: Any = PITCH
) -> Any:
    paragraph = made.add_paragraph()
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, spacing
    if align is not None:
        paragraph.alignment = align
    if indent:
        layout.first_line_indent = size * indent
    _run(paragraph, text, font, size)
    return paragraph


def _run(paragraph: Any, text: str, font: str, size: Any) -> Any:
    run = paragraph.add_run(text)
    run.font.size = size
    _set_font(run._r.get_or_add_rPr(), font)
    return run


def _sign(made: Any, document: Official) -> None:
    """Four characters in from the right, the shorter line centred on the longer one."""
    _add(made, "", FANGSONG)
    lines = (document.office, day_in_words(document.dated))
    widths = [sum(0.5 if character.isascii() else 1 for character in line) for line in lines]
    for line, width in zip(lines, widths, strict=True):
        added = _add(made, line, FANGSONG, align=WD_ALIGN_PARAGRAPH.RIGHT)
        added.paragraph_format.right_indent = int(BODY_SIZE * (4 + (max(widths) - width) / 2))
        added.paragraph_format.keep_together = True


# pictures and tables --------------------------------------------------------------------------------------


def _picture(made: Any, drawing: Drawing, caption: str) -> None:
    paragraph = made.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.paragraph_format.keep_with_next = True
    picture = paragraph.add_run().add_picture(BytesIO(png(drawing)), width=WIDTH)
    picture._inline.docPr.set("descr", caption)
    _add(made, caption, FANGSONG, SMALL, align=WD_ALIGN_PARAGRAPH.CENTER, spacing=Pt(20))


def png(drawing: Drawing) -> bytes:
    """The very drawing of the PDF, as a picture."""
    pdf = pypdfium2.PdfDocument(renderPDF.drawToString(drawing))
    try:
        buffer = BytesIO()
        pdf[0].render(scale=DOTS).to_pil().save(buffer, "PNG", optimize=True)
        return buffer.getvalue()
    finally:
        pdf.close()


def _table(made: Any, table: Table) -> None:
    if table.caption:
        _add(made, table.caption, FANGSONG, SMALL, align=WD_ALIGN_PARAGRAPH.CENTER, spacing=Pt(20))
    grid = made.add_table(rows=len(table.rows), cols=len(table.widths), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for number, row in enumerate(table.rows):
        for place, text in enumerate(row):
            cell = grid.cell(number, place)
            cell.width = int(WIDTH * table.widths[place])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = Pt(20)
            if not number or place:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if number else WD_ALIGN_PARAGRAPH.CENTER
            _run(paragraph, text, FANGSONG if number else HEI, CELL)
    header = grid.rows[0]._tr.get_or_add_trPr()
    header.append(OxmlElement("w:tblHeader"))
    _add(made, "", FANGSONG, SMALL, spacing=Pt(12))
