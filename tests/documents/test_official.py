"""What a Word file says of itself, beside its text."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from posixpath import normpath
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from talentmap.documents import official_docx
from talentmap.documents.official import Official, Text

MADE_AT = datetime(2026, 12, 2, 6, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="module")
def file():
    document = Official("高县人才工作月报", "（2026年11月）", (Text("本期月报。"),), "高县人才服务中心", MADE_AT)
    return official_docx.render(document)


def test_its_properties_are_the_offices(file):
    told = Document(BytesIO(file)).core_properties
    assert (told.title, told.author, told.last_modified_by) == ("高县人才工作月报", *["高县人才服务中心"] * 2)
    assert told.created == told.modified == datetime(2026, 12, 1, 22, 30, tzinfo=UTC)
    assert (told.comments, told.language, told.revision) == ("", "zh-CN", 1)


def test_nothing_of_the_librarys_template_is_left(file):
    with zipfile.ZipFile(BytesIO(file)) as package:
        names = package.namelist()
        text = "".join(package.read(name).decode() for name in names if name.endswith((".xml", ".rels")))
        types = package.read("[Content_Types].xml").decode()
    assert [name for name in names if "thumbnail" in name or "customXml" in name or "Effects" in name] == []
    for trace in ("python-docx", "2013-12-23", "Macintosh", "thumbnail", "ja-JP", 'eastAsia="en-US"', "w:rsid "):
        assert trace not in text
    assert "jpeg" not in types


def test_it_is_checked_as_chinese_and_says_its_zoom_as_the_standard_wants(file):
    document = Document(BytesIO(file))
    languages = [each.get(qn("w:eastAsia")) for each in document.styles.element.iter(qn("w:lang"))]
    assert languages == ["zh-CN"]
    (zoom,) = document.settings.element.findall(qn("w:zoom"))
    assert dict(zoom.attrib) == {qn("w:percent"): "100"}


def test_every_part_that_is_named_is_there(file):
    """What is left out is left out of the lists too: Word repairs, or refuses, a file that names a part it lacks."""
    with zipfile.ZipFile(BytesIO(file)) as package:
        names = set(package.namelist())
        types = etree.fromstring(package.read("[Content_Types].xml"))
        document = etree.fromstring(package.read("word/_rels/document.xml.rels"))
        whole = etree.fromstring(package.read("_rels/.rels"))
    assert {each.get("PartName")[1:] for each in types if each.get("PartName")} <= names
    assert {normpath(f"word/{each.get('Target')}") for each in document} <= names
    assert {each.get("Target") for each in whole} <= names
