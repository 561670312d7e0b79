"""The poster says where and until when, and its QR code leads there."""

import io
import re
from datetime import date

import pytest
import segno
from pypdf import PdfReader

from needs.surveys.campaigns.codes import public_address
from needs.surveys.campaigns.poster import CODE, QUIET, code_svg, poster
from tests.factories.accounts import TownshipFactory
from tests.factories.surveys import campaign_in
from tests.factories.surveys_campaigns import link_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def link():
    township = TownshipFactory(name="来复镇")
    campaign = campaign_in(
        township, title="2026年村民人才需求调查", starts_on=date(2026, 11, 2), ends_on=date(2026, 12, 1)
    )
    return link_of(campaign, township, one_each="mobile")


def test_it_is_one_a4_page_that_says_what_people_need(link):
    [page] = PdfReader(io.BytesIO(poster(link))).pages
    said = "".join(page.extract_text().split())
    words = ("2026年村民人才需求调查", "来复镇", "短信验证码", "2026年11月2日至2026年12月1日", public_address(link))

    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    assert [each for each in words if each not in said] == []


def test_a_link_of_the_whole_county_says_so(link):
    whole = link_of(link.campaign)
    assert "全县" in PdfReader(io.BytesIO(poster(whole))).pages[0].extract_text()


def test_the_code_is_drawn_as_vectors_module_by_module(link):
    """Read back from the drawing: the rectangles are exactly the dark modules of the address's code."""
    [page] = PdfReader(io.BytesIO(poster(link))).pages
    drawn = page.get_contents().get_data().decode("latin-1")
    rectangles = [tuple(map(float, found)) for found in re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re f", drawn)]
    wanted = [bytes(row) for row in segno.make(public_address(link), error="m", micro=False).matrix]
    module = CODE / (len(wanted) + 2 * QUIET)
    left, top = min(x for x, _y, _w, _h in rectangles), max(y + h for _x, y, _w, h in rectangles)
    found = [bytearray(len(wanted)) for _row in wanted]
    for x, y, width, height in rectangles:
        row, column = round((top - y - height) / module), round((x - left) / module)
        for place in range(round(width / module)):
            found[row][column + place] = 1

    assert [bytes(row) for row in found] == wanted
    assert "/Image" not in drawn


def test_the_drawing_on_the_page_carries_no_style_that_the_policy_forbids(link):
    drawing = code_svg(link)
    assert "<svg" in drawing
    assert "style=" not in drawing
