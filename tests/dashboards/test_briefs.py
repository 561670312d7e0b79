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


def test_a_stock_figure_says_of_which_day_it_is(office, client):
    """The money available is that of the day of making, not of the month over the column."""
    brief = made(office.leader, office.county)
    stock = [line for line in lines(brief).values() if line["is_stock"]]
    told = f"截至{NOW.month}月{NOW.day}日"
    rows = [row.cells for table in Document(brief.docx.open("rb")).tables for row in table.rows]
    marked = {row[0].text.split("（")[0] for row in rows if told in row[0].text}
    assert marked == {line["label"] for line in stock}
    assert marked
    client.force_login(office.leader)
    page = client.get(reverse("dashboards:brief", args=[brief.pk])).content.decode()
    assert page.count(f"{NOW:%Y-%m-%d}）") == len(stock)


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


def failed(brief, monkeypatch, *where, at=NOW):
    with monkeypatch.context() as patched:
        patched.setattr(*where, broken)
        assert brief_making.make(brief.pk, lambda: at)
    brief.refresh_from_db()
    assert brief.state == Brief.State.FAILED
    return brief


def told_of_failure():
    return set(Notice.objects.filter(kind="brief_failed").values_list("recipient", flat=True))


def test_a_scheduled_brief_that_fails_is_seen_and_told(office, client, monkeypatch, caplog):
    """Leaders, directors and administrators learn of it and what to do; why it failed stands in the log alone."""
    administrator = user_with(Role.ADMINISTRATOR)
    brief = failed(tasks.monthly_brief(at=NOW), monkeypatch, brief_making.brief_figures, "counted")
    assert told_of_failure() == {office.leader.pk, office.director.pk, administrator.pk}
    for reader in (office.leader, administrator):
        client.force_login(reader)
        assert "生成失败" in client.get(reverse("dashboards:brief_list")).content.decode()
        page = client.get(reverse("dashboards:brief", args=[brief.pk])).content.decode()
        assert "系统每天会自动重试" in page
        assert "talent.x" not in page
    assert "talent.x" not in brief.error
    assert "column talent.x does not exist" in caplog.text
    client.force_login(office.cadre)
    assert client.get(reverse("dashboards:brief", args=[brief.pk])).status_code == 404


@pytest.mark.parametrize("where", ["brief_figures.counted", "official_pdf.render"])
def test_whoever_must_act_sees_that_it_failed_and_no_figure(office, client, monkeypatch, where):
    """Also where all was counted before: an administrator may not read the funds."""
    administrator = user_with(Role.ADMINISTRATOR)
    module, name = where.split(".")
    brief = failed(tasks.monthly_brief(at=NOW), monkeypatch, getattr(brief_making, module), name)
    assert Brief.objects.visible_to(administrator).get() == brief
    assert (brief.figures, brief.shows) == ({}, [])
    client.force_login(administrator)
    page = client.get(reverse("dashboards:brief", args=[brief.pk])).content.decode()
    assert "生成失败" in page
    assert "可用余额" not in page
    assert administrator.pk in told_of_failure()


def test_what_fails_every_day_is_one_row_and_told_once(office, monkeypatch):
    administrator = user_with(Role.ADMINISTRATOR)
    for day in range(4):
        at = NOW + timedelta(days=day)
        brief = failed(tasks.monthly_brief(at=at), monkeypatch, brief_making.brief_figures, "counted", at=at)
        assert Brief.objects.get() == brief
    notices = Notice.objects.filter(kind="brief_failed")
    assert sorted(notices.values_list("recipient", flat=True)) == sorted(
        [office.leader.pk, office.director.pk, administrator.pk]
    )
    again = tasks.monthly_brief(at=NOW + timedelta(days=4))
    assert (again.pk, again.state, again.error) == (brief.pk, Brief.State.WAITING, "")
    assert Brief.objects.visible_to(administrator).get() == brief  # the link of the notice leads somewhere meanwhile
    assert tasks.monthly_brief(at=NOW + timedelta(days=4)) is None
    assert brief_making.make(again.pk, lambda: NOW + timedelta(days=4))
    brief.refresh_from_db()
    assert (brief.state, brief.asked_at) == (Brief.State.READY, NOW + timedelta(days=4))
    assert "money.available" in lines(brief)
    assert not Brief.objects.visible_to(administrator).exists()
    told = Notice.objects.filter(kind="brief_ready").values_list("recipient", flat=True)
    assert sorted(told) == sorted([office.leader.pk, office.director.pk])
    assert tasks.monthly_brief(at=NOW + timedelta(days=5)) is None


def test_another_month_that_fails_is_told_anew(office, monkeypatch):
    for at in (NOW, moment((NOW.date() + timedelta(days=32)).replace(day=2))):
        failed(tasks.monthly_brief(at=at), monkeypatch, brief_making.brief_figures, "counted", at=at)
    told = Notice.objects.filter(kind="brief_failed", recipient=office.leader)
    assert {notice.params["month"] for notice in told} == {f"{brief.month:%Y-%m}" for brief in Brief.objects.all()}
    assert Brief.objects.count() == told.count() == 2


def test_the_failure_of_ones_own_brief_is_told_to_oneself(office, monkeypatch):
    failed(actions.ask_brief(by=office.cadre, at=NOW, region=office.township, month=MONTH), monkeypatch,
           brief_making.brief_figures, "counted")  # fmt: skip
    assert told_of_failure() == {office.cadre.pk}


def test_a_brief_that_is_given_up_is_told_too(office):
    """After three starts without an end, on every day that it is tried anew."""
    for day in range(3):
        brief = tasks.monthly_brief(at=NOW + timedelta(days=day))
        for _number in range(actions.MOST_STARTS):
            assert actions.start_brief(by=office.system, at=NOW, pk=brief.pk)
        assert not brief_making.make(brief.pk, lambda: NOW)
        brief.refresh_from_db()
        assert (brief.state, told_of_failure()) == (Brief.State.FAILED, {office.leader.pk, office.director.pk})


def test_a_day_that_failed_takes_no_start_from_the_next(office, monkeypatch):
    """One failure and two interruptions are not three interruptions."""
    failed(tasks.monthly_brief(at=NOW), monkeypatch, brief_making.brief_figures, "counted")
    brief = tasks.monthly_brief(at=NOW + timedelta(days=1))
    for _number in range(actions.MOST_STARTS - 1):
        assert actions.start_brief(by=office.system, at=NOW, pk=brief.pk)
    assert brief_making.make(brief.pk, lambda: NOW)
    brief.refresh_from_db()
    assert brief.state == Brief.State.READY
