from datetime import date
from io import BytesIO

from pypdf import PdfReader

from talentmap.documents.letter import Letter, render

MM = 72 / 25.4


def letter(paragraphs=1):
    return Letter(
        title="关于人才租房补贴申请的决定",
        number="办件编号：ZF-2026-000001",
        addressee="欧阳犇",
        body=("一、补贴标准",) + ("每月补贴2,000.00元（大写：贰仟元整）。" * 6,) * paragraphs,
        office="高县人才服务中心",
        dated=date(2026, 11, 23),
    )


def pages(**options):
    return PdfReader(BytesIO(render(letter(**options)))).pages


def positions(page):
    """Where each run of text begins, in points from the page's lower left corner."""
    found = []

    def note(text, moved, placed, _font, size):
        if text.strip():
            found.append((text.strip(), moved[4] + placed[4], moved[5] + placed[5], size))

    page.extract_text(visitor_text=note)
    return found


def test_the_letter_is_a4_and_says_what_it_should():
    (page,) = pages()
    assert [round(float(side) / MM) for side in page.mediabox[2:]] == [210, 297]
    text = page.extract_text().replace("\n", "")
    for words in ("关于人才租房补贴申请的决定", "欧阳犇：", "大写：贰仟元整", "高县人才服务中心", "2026年11月23日"):
        assert words in text


def test_text_keeps_to_the_type_area_of_gbt_9704():
    for page in pages(paragraphs=12):
        for text, x, y, _size in positions(page):
            if "—" not in text:
                assert 28 * MM - 1 <= x <= (28 + 156) * MM
                assert (297 - 37 - 225) * MM - 1 <= y <= (297 - 37) * MM


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages():
    numbers = [next(x for text, x, _y, _s in positions(page) if "—" in text) for page in pages(paragraphs=12)[:2]]
    assert numbers[0] > 105 * MM > numbers[1]


def test_every_character_is_embedded():
    (page,) = pages()
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    embedded = [f for f in fonts if "FontFile2" in str(f.get("/FontDescriptor", {}))]
    assert embedded
    assert "STSong" not in str(fonts)
