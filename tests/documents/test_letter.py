from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from talentmap.documents import fonts
from talentmap.documents.letter import CHARACTER, TYPE_WIDTH, Letter, render, signature

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


@pytest.mark.parametrize("mark", "，。、：；！？）》”")
def test_no_line_begins_with_a_mark_that_closes(mark):
    """GB/T 15834: such a mark does not stand at the beginning of a line."""
    body = tuple("补" * length + mark + "贴" * 40 for length in range(24, 30))
    given = Letter("决定", "办件编号：1", "欧阳犇", body, "高县人才服务中心", date(2026, 11, 23))
    lines = [line for page in PdfReader(BytesIO(render(given))).pages for line in page.extract_text().splitlines()]
    assert sum(mark in line for line in lines) >= len(body)
    assert [line for line in lines if line.strip().startswith(mark)] == []


@pytest.mark.parametrize("opened", ["（大写", "（/226.1%）", "(+226.1%)", "“补贴”", "《条例》"])
def test_no_line_ends_in_a_mark_that_opens(opened):
    """GB/T 15834: nor such a mark at the end of one. The lines are as long as before: no text runs out of the area."""
    body = tuple("补" * length + opened + "贴" * 40 for length in range(20, 31))
    given = Letter("决定", "办件编号：1", "欧阳犇", body, "高县人才服务中心", date(2026, 11, 23))
    found = PdfReader(BytesIO(render(given))).pages
    lines = [line.rstrip() for page in found for line in page.extract_text().splitlines()]
    assert sum(opened[0] in line for line in lines) >= len(body)
    assert [line for line in lines if line.endswith(opened[0])] == []
    assert max(x for page in found for text, x, *_rest in positions(page) if "—" not in text) <= (28 + 156) * MM


@pytest.mark.parametrize("lines", range(14, 24))
def test_a_heading_stays_with_its_first_paragraph(lines):
    body = (*("甲。",) * lines, "三、救济途径", "可以申请复核。")
    given = Letter("决定", "办件编号：1", "欧阳犇", body, "高县人才服务中心", date(2026, 11, 23))
    texts = [page.extract_text() for page in PdfReader(BytesIO(render(given))).pages]
    (page,) = [text for text in texts if "救济途径" in text]
    assert "可以申请复核" in page
    assert "高县人才服务中心" in page


@pytest.mark.parametrize("office", ["高县人才服务中心", "人才中心", "中共高县县委人才工作领导小组办公室"])
def test_office_and_date_are_centred_on_each_other(office):
    name, day = signature(office, letter().dated)
    middles = [
        TYPE_WIDTH - line.style.rightIndent - fonts.width(text, fonts.BODY, CHARACTER) / 2
        for line, text in ((name, office), (day, "2026年11月23日"))
    ]
    assert middles[0] == pytest.approx(middles[1])
    assert min(name.style.rightIndent, day.style.rightIndent) == pytest.approx(4 * CHARACTER)


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages():
    numbers = [next(x for text, x, _y, _s in positions(page) if "—" in text) for page in pages(paragraphs=12)[:2]]
    assert numbers[0] > 105 * MM > numbers[1]


def test_every_character_is_embedded():
    (page,) = pages()
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    embedded = [f for f in fonts if "FontFile2" in str(f.get("/FontDescriptor", {}))]
    assert embedded
    assert "STSong" not in str(fonts)
