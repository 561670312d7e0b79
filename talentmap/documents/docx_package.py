"""What a Word file says of itself: of the office and its text, nothing of the template that the library begins with."""

from datetime import UTC
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from talentmap.documents.official import Official

# A picture of another document, Word 2010's second set of styles, an empty bibliography, "Microsoft Macintosh Word".
LEFT_OUT = (
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
    RELATIONSHIP_TYPE.CUSTOM_XML,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
)
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
SETTINGS_LEFT_OUT = (qn("w:savePreviewPicture"), qn("w:rsids"), f"{{{W14}}}docId")
LANGUAGES = {"val": "en-US", "eastAsia": "zh-CN"}


def describe(made: Any, document: Official) -> None:
    """Title, office and moment in the file's properties, Chinese as the language that Word checks its spelling in."""
    properties, moment = made.core_properties, document.made_at.astimezone(UTC)
    properties.title, properties.comments, properties.language = document.title, "", LANGUAGES["eastAsia"]
    properties.author = properties.last_modified_by = document.office
    properties.created = properties.modified = moment
    for relations in (made.part.package.rels, made.part.rels):
        for key in [key for key, relation in relations.items() if relation.reltype in LEFT_OUT]:
            del relations[key]
    styles = made.styles.element
    for mark in list(styles.iter(qn("w:rsid"))):  # of whoever edited the template, and when
        mark.getparent().remove(mark)
    _speak_chinese(styles.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}"))
    _settle(made.settings.element)


def _settle(settings: Any) -> None:
    """The standard wants the zoom in per cent, which the template leaves out."""
    for name in SETTINGS_LEFT_OUT:
        for old in settings.findall(name):
            settings.remove(old)
    zoom = OxmlElement("w:zoom")
    zoom.set(qn("w:percent"), "100")
    settings.replace(settings.find(qn("w:zoom")), zoom)
    _speak_chinese(settings.find(qn("w:themeFontLang")))


def _speak_chinese(element: Any) -> None:
    for name, language in LANGUAGES.items():
        element.set(qn(f"w:{name}"), language)
