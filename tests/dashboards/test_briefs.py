"""Monthly briefs: their layout, their numbers, who reads them, and that they never change."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from pypdf import PdfReader

from talentmap.accounts.permissions import Role
from talentmap.casework.models import Application
from talentmap.dashboards import actions, brief_making, tasks
from talentmap.dashboards.brief_models import Brief
from talentmap.notices.models import Notice
from talentmap.regions.models import Region
from talentmap.ui.errors import Refused
from tests.factories import housing
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.casework import MONDAY, moment

pytestmark = pytest.mark.django_db
MONTH = MONDAY.replace(day=1)
NOW = moment((MONTH + timedelta(days=32)).replace(day=2))


@pytest.fixture
def office():
    office = housing.office()
    housing.approved(office, housing.talent(office))
    housing.submitted(housing.talent(office))
    office.county = Region.objects.get(level="county")
    return office


def made(by, region, month=MONTH):
    brief = actions.ask_brief(by=by, at=NOW, region=region, month=month)
    assert brief_making.make(brief.pk, lambda: NOW)
    brief.refresh_from_db()
    assert brief.error == ""
    return brief


def lines(brief):
    return {line["code"]: line for each in brief.figures["maps"] for line in each["lines"]}


def test_the_word_file_is_laid_out_after_the_standard(office):
    """The numbers of domain.md, read back from the file."""
    document = Document(made(office.leader, office.county).docx.open("rb"))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    assert abs(width - Mm(156)) < Mm(0.5)
    assert abs(height - Mm(225)) < Mm(0.5)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    assert abs(int(grid.get(qn("w:linePitch"))) / 20 * 22 - Mm(225).pt) < 2
    told = {p.text: p for p in document.paragraphs}
    title = told["高县人才工作月报"]
    assert fonts(title) == ("方正小标宋简体", Pt(22))
    assert fonts(told["一、总体情况"]) == ("黑体", Pt(16))
    assert fonts(told["（一）主要指标"]) == ("楷体_GB2312", Pt(16))
    body = next(p for p in document.paragraphs if p.text.startswith("本期月报"))
    assert fonts(body) == ("仿宋_GB2312", Pt(16))
    assert body.paragraph_format.first_line_indent == Pt(32)
    assert document.settings.odd_and_even_pages_header_footer
    for footer, align in ((section.footer, 2), (section.even_page_footer, 0)):
        paragraph = footer.paragraphs[0]
        assert paragraph.text == "—  —"
        assert (paragraph.alignment, fonts(paragraph)) == (align, ("宋体", Pt(14)))
    assert len(document.inline_shapes) >= 2
    told = document.core_properties
    assert (told.created, told.modified, told.comments) == (NOW, NOW, "")
    assert document.settings.element.find(qn("w:zoom")).get(qn("w:percent")) == "100"


def fonts(paragraph):
    run = paragraph.runs[0]
    return run._r.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")), run.font.size


def test_the_pdf_says_the_same_with_numbered_pages(office):
    brief = made(office.leader, office.county)
    pages = [page.extract_text() for page in PdfReader(BytesIO(brief.pdf.read())).pages]
    text = "".join(pages).replace("\n", "")
    for words in ("高县人才工作月报", "一、总体情况", "收件数", lines(brief)["service.received"]["value"], "指标口径"):
        assert words in text
    assert all(f"— {number} —" in page for number, page in enumerate(pages, start=1))


def test_its_numbers_are_those_of_the_month_and_stay_when_data_change(office, client):
    brief = made(office.leader, office.county)
    assert lines(brief)["service.received"]["value"] == "2"
    kept = brief.pdf.read(), brief.figures
    housing.submitted(housing.talent(office))
    brief.refresh_from_db()
    assert (brief.pdf.read(), brief.figures) == kept
    assert lines(made(office.leader, office.county))["service.received"]["value"] == "3"
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Brief.objects.filter(pk=brief.pk).update(percent=1)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        brief.delete()
    assert not brief_making.make(brief.pk, lambda: NOW)


def test_a_cadre_gets_the_own_township_alone(office, client):
    with pytest.raises(PermissionDenied):
        actions.ask_brief(by=office.cadre, at=NOW, region=office.county, month=MONTH)
    county, own = made(office.leader, office.county), made(office.cadre, office.township)
    assert "money.available" in lines(county)
    assert "money.available" not in lines(own)
    elsewhere = user_with(Role.TOWNSHIP_CADRE)
    assert set(Brief.objects.visible_to(office.cadre)) == {own}
    assert set(Brief.objects.visible_to(elsewhere)) == set()
    assert set(Brief.objects.visible_to(office.leader)) == {county, own}
    client.force_login(office.cadre)
    assert client.get(reverse("dashboards:brief", args=[county.pk])).status_code == 404
    assert client.get(reverse("dashboards:brief_file", args=[own.pk, "docx"])).status_code == 200


def test_a_townships_brief_warns_of_what_is_wrong_there(office):
    here, elsewhere = made(office.leader, office.township), made(office.leader, TownshipFactory())
    late = Application.objects.overdue(timezone.localdate(NOW)).filter(region=office.township)
    assert [str(late.count()) in each["what"] for each in here.figures["warnings"]] == [True]
    assert elsewhere.figures["warnings"] == []


def test_who_may_not_see_the_funds_does_not_read_them_in_a_brief(office):
    administrator = user_with(Role.ADMINISTRATOR)
    theirs, leaders = made(administrator, office.county), made(office.leader, office.county)
    assert "money.available" not in lines(theirs)
    assert set(Brief.objects.visible_to(administrator)) == {theirs}
    assert set(Brief.objects.visible_to(office.leader)) == {theirs, leaders}


def test_partners_and_talents_have_no_briefs(office, client):
    for role in (Role.BANK_OFFICER, Role.TALENT):
        client.force_login(user_with(role))
        assert client.get(reverse("dashboards:brief_list")).status_code == 403


def test_the_month_must_be_over_and_two_at_once_are_enough(office):
    with pytest.raises(Refused):
        actions.ask_brief(by=office.leader, at=NOW, region=office.county, month=NOW.date().replace(day=1))
    with pytest.raises(Refused):
        actions.ask_brief(by=office.leader, at=NOW, region=office.county, month=date(2025, 1, 2))
    for _number in range(2):
        actions.ask_brief(by=office.leader, at=NOW, region=office.county, month=MONTH)
    with pytest.raises(Refused):
        actions.ask_brief(by=office.leader, at=NOW, region=office.county, month=MONTH)


def test_the_monthly_brief_is_made_once_and_told_to_leaders(office):
    brief = tasks.monthly_brief(at=NOW)
    assert (brief.month, brief.is_scheduled) == (MONTH, True)
    assert tasks.monthly_brief(at=NOW + timedelta(days=1)) is None
    assert brief_making.make(brief.pk, lambda: NOW)
    told = set(Notice.objects.filter(kind="brief_ready").values_list("recipient", flat=True))
    assert told == {office.leader.pk, office.director.pk}


def test_asking_watching_and_fetching_in_the_pages(office, client):
    client.force_login(office.leader)
    assert "暂无月报" in client.get(reverse("dashboards:brief_list")).content.decode()
    month = tasks.last_month(date.today().replace(day=1))  # noqa: DTZ011 - any month that is over
    answer = client.post(reverse("dashboards:brief_new"), {"month": str(month), "region": office.county.pk})
    brief = Brief.objects.get()
    url = reverse("dashboards:brief", args=[brief.pk])
    assert answer["Location"] == url
    assert "<progress" in client.get(url).content.decode()
    assert "HX-Refresh" not in client.get(url, headers={"HX-Request": "true"})
    brief_making.make(brief.pk, lambda: moment(date.today()))  # noqa: DTZ011
    assert client.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "收件数" in client.get(url).content.decode()
    file = client.get(reverse("dashboards:brief_file", args=[brief.pk, "pdf"]))
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert client.get(reverse("dashboards:brief_file", args=[brief.pk, "exe"])).status_code == 404


def broken(*_given, **_named):
    raise ValueError("column talent.x does not exist")


def failed(brief, monkeypatch, *where):
    monkeypatch.setattr(*where, broken)
    assert brief_making.make(brief.pk, lambda: NOW)
    brief.refresh_from_db()
    assert brief.state == Brief.State.FAILED
    return brief


def told_of_failure():
    return set(Notice.objects.filter(kind="brief_failed").values_list("recipient", flat=True))


def test_a_scheduled_brief_that_fails_is_seen_and_told(office, client, monkeypatch, caplog):
    """Leaders and directors learn of it and what to do; why it failed stands in the log alone."""
    brief = failed(tasks.monthly_brief(at=NOW), monkeypatch, brief_making.brief_figures, "counted")
    assert told_of_failure() == {office.leader.pk, office.director.pk}
    client.force_login(office.leader)
    assert "生成失败" in client.get(reverse("dashboards:brief_list")).content.decode()
    page = client.get(reverse("dashboards:brief", args=[brief.pk])).content.decode()
    assert "请告知系统管理员" in page
    assert "talent.x" not in page
    assert "talent.x" not in brief.error
    assert "column talent.x does not exist" in caplog.text
    client.force_login(office.cadre)
    assert client.get(reverse("dashboards:brief", args=[brief.pk])).status_code == 404


def test_a_brief_that_fails_when_all_is_counted_hides_its_figures_still(office, monkeypatch):
    brief = failed(tasks.monthly_brief(at=NOW), monkeypatch, brief_making.official_pdf, "render")
    assert "view_funds" in brief.shows
    assert Brief.objects.visible_to(office.leader).get() == brief
    assert not Brief.objects.visible_to(user_with(Role.ADMINISTRATOR)).exists()


def test_the_failure_of_ones_own_brief_is_told_to_oneself(office, monkeypatch):
    failed(actions.ask_brief(by=office.cadre, at=NOW, region=office.township, month=MONTH), monkeypatch,
           brief_making.brief_figures, "counted")  # fmt: skip
    assert told_of_failure() == {office.cadre.pk}


def test_a_brief_that_is_given_up_is_told_too(office):
    brief = tasks.monthly_brief(at=NOW)
    for _number in range(actions.MOST_STARTS):
        actions.start_brief(by=office.system, at=NOW, pk=brief.pk)
    assert not brief_making.make(brief.pk, lambda: NOW)
    brief.refresh_from_db()
    assert (brief.state, told_of_failure()) == (Brief.State.FAILED, {office.leader.pk, office.director.pk})
