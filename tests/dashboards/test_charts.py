"""Where there is nothing to draw a sentence stands, and the table stays."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document
from docx.shared import Mm
from pypdf import PdfReader
from reportlab.graphics.shapes import Rect, String

from talentmap.casework.models import Application
from talentmap.dashboards import actions, brief_charts, brief_making
from talentmap.dashboards.brief_models import Brief
from talentmap.dashboards.presentation import nothing_to_draw
from talentmap.dashboards.registry import get
from talentmap.regions.models import Region
from tests.dashboards.board import figures
from tests.dashboards.test_briefs import MONTH, NOW
from tests.factories import housing
from tests.factories.accounts import TownshipFactory
from tests.factories.casework import MONDAY, moment

pytestmark = pytest.mark.django_db
IN_2026 = {"period": "own", "first": "2026-01-01", "last": "2026-12-31"}
IN_2019 = {"period": "own", "first": "2019-01-01", "last": "2019-12-31"}
AGAINST_2026 = {"against": "other", "other_first": "2026-01-01", "other_last": "2026-12-31"}
AGAINST_2018 = {"against": "other", "other_first": "2018-01-01", "other_last": "2018-12-31"}
CANVAS, PICTURE, TABLE = 'class="chart"', "data-picture=", 'class="chart-table"'


@pytest.fixture
def office():
    office = housing.office()
    housing.submitted(housing.talent(office))
    return office


def figure_page(client, code, query):
    return client.get(reverse("dashboards:figure", args=[code]), query).content.decode()


@pytest.mark.parametrize(
    ("code", "words"), [("service.received", "本时段为 0"), ("service.decided_in_time", "本时段无数据")]
)
def test_an_empty_chart_says_so_in_words(office, client, code, words):
    """A count of nothing is 0, a share of nothing is unknown."""
    client.force_login(office.leader)
    page = figure_page(client, code, IN_2019)
    assert page.count(words) == page.count(TABLE) >= 2
    assert CANVAS not in page
    assert PICTURE not in page
    assert "2019-07" in page  # the table


def test_what_has_a_number_is_drawn(office, client):
    client.force_login(office.leader)
    page = figure_page(client, "service.received", IN_2026)
    assert page.count(CANVAS) == page.count(PICTURE) == page.count(TABLE) >= 2
    assert "本时段为 0" not in page


def test_a_stock_speaks_of_no_period():
    assert nothing_to_draw(get("service.overdue"), [0, 0]) == "目前为 0"
    assert nothing_to_draw(get("service.received"), [0, None]) == "本时段为 0"
    assert nothing_to_draw(get("service.received"), [0, -1]) == ""


def test_a_comparison_is_empty_only_where_both_periods_are(office, client):
    client.force_login(office.leader)
    TownshipFactory()
    url, figure = reverse("dashboards:compare", args=["service_quality"]), {"figure": "service.received"}
    drawn = client.get(url, IN_2019 | AGAINST_2026 | figure).content.decode()
    assert 'data-chart="comparison-data"' in drawn
    empty = client.get(url, IN_2019 | AGAINST_2018 | figure).content.decode()
    assert "data-chart=" not in empty
    assert "两个时段均为 0" in empty
    unknown = client.get(url, IN_2019 | AGAINST_2018 | {"figure": "service.decided_in_time"}).content.decode()
    assert "两个时段均无数据" in unknown


def test_the_board_is_told_that_there_is_nothing_to_draw(office, client):
    client.force_login(office.leader)
    for query, expected in ((IN_2019, "本时段为 0"), (IN_2026, "")):
        maps = {each["code"]: each for each in figures(client, query)["maps"]}
        assert maps["service_quality"]["trend"]["nothing"] == expected


def test_a_brief_prints_no_empty_axes(office):
    """A township in which nothing ever happened has no line to print, the county has one."""
    Application.objects.update(submitted_at=moment(MONDAY + timedelta(days=1)))
    told = {}
    for place in (TownshipFactory(), office.township):
        brief = actions.ask_brief(by=office.leader, at=NOW, region=place, month=MONTH)
        assert brief_making.make(brief.pk, lambda: NOW)
        brief.refresh_from_db()
        text = [paragraph.text for paragraph in _document(brief).paragraphs]
        told[place.pk] = [line for line in text if line.startswith("近12个月收件数")]
        assert len(_document(brief).inline_shapes) == (1 if place == office.township else 0)
    assert list(told.values()) == [["近12个月收件数均为0。"], []]


def _document(brief):
    return Document(brief.docx.open("rb"))


def test_a_county_of_many_townships_gets_its_brief_in_parts(office):
    """45 townships are more than a page of bars holds: two charts, each within its page, every township once."""
    names = [place.name for place in (office.township, *(TownshipFactory() for _number in range(44)))]
    county = Region.objects.get(level="county")
    brief = actions.ask_brief(by=office.leader, at=NOW, region=county, month=MONTH)
    assert brief_making.make(brief.pk, lambda: NOW)
    brief.refresh_from_db()
    assert (brief.state, brief.error) == (Brief.State.READY, "")
    captions = [f"各乡镇收件数（件）（{part}）" for part in "一二"]
    document = _document(brief)
    told = [paragraph.text for paragraph in document.paragraphs]
    assert [caption for caption in told if caption.startswith("各乡镇收件数")] == captions
    tallest = max(shape.height for shape in document.inline_shapes)
    assert tallest < document.sections[0].page_height - document.sections[0].top_margin - Mm(35)
    pages = [page.extract_text().replace("\n", "") for page in PdfReader(BytesIO(brief.pdf.read())).pages]
    drawn = [page for page in pages if any(caption in page for caption in captions)]
    assert [name for name in names if not any(name in page for page in drawn)] == []
    assert len(drawn) == len(captions)


def test_the_parts_of_a_chart_are_of_one_scale():
    """A bar twice as long is twice as many, on whichever page it stands."""
    parts = brief_charts.bars([(f"第{number}镇", float(number)) for number in range(1, 46)], "needs")
    bars = [shape for part in parts for shape in part.contents if isinstance(shape, Rect)]
    assert [len([s for s in part.contents if isinstance(s, Rect)]) for part in parts] == [23, 22]
    assert {round(bar.width / number, 6) for number, bar in enumerate(bars, start=1)} == {round(bars[0].width, 6)}
    assert len({bar.x for bar in bars}) == 1
    assert len(brief_charts.bars([("庆符镇", 1.0)] * brief_charts.MOST_BARS, "needs")) == 1
    assert len(brief_charts.bars([("庆符镇", 1.0)] * (brief_charts.MOST_BARS + 1), "needs")) == 2


def said(drawing):
    """Every number of the drawing; each stands in one run."""
    return [each.text for each in drawing.contents if isinstance(each, String)]


def test_the_axis_of_a_count_has_whole_numbers():
    drawn = said(brief_charts.course(["2026-09", "2026-10"], [1, 5], "needs"))
    assert drawn[:3] == ["0", "3", "6"]
    assert said(brief_charts.course(["2026-10"], [1], "needs"))[:3] == ["0", "1", "2"]


def test_one_chart_writes_its_numbers_in_one_way():
    """103,000 in 万 beside 43,948.30 in 万; what is small has places enough not to read as nothing."""
    [drawn] = brief_charts.bars([("甲镇", 103_000.0), ("乙镇", 43_948.3), ("丙镇", 0.0), ("丁镇", None)], "support")
    text = "".join(said(drawn))
    assert ("10.3万" in text, "4.4万" in text, "43,948" in text) == (True, True, False)
    [drawn] = brief_charts.bars([("甲镇", 103_000.0), ("乙镇", 300.0)], "support")
    assert "10.30万" in "".join(said(drawn))
    assert "0.03万" in "".join(said(drawn))
