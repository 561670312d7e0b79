"""A document into a workbook that every tool for XLSForm reads, and that reads back as the same document."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

import xlsxwriter

from needs.surveys.xlsform import types
from needs.surveys.xlsform.headers import MEDIA
from needs.surveys.xlsform.workbook import MAX_CHARACTERS

Document = dict[str, Any]
Cells = dict[str, str]

# The columns that stand in this order, when they say something; "*" stands for each language.
SURVEY_COLUMNS = (
    "type",
    "name",
    "question_id",
    "label*",
    "hint*",
    "guidance_hint*",
    "required",
    "required_message*",
    "relevant",
    "constraint",
    "constraint_message*",
    "appearance",
    "choice_filter",
    "calculation",
    "default",
    "read_only",
    "repeat_count",
    "parameters",
    *(f"media::{kind}*" for kind in MEDIA),
    "role",
    "personal",
)
CHOICE_COLUMNS = ("list_name", "name", "label*", *(f"media::{kind}*" for kind in MEDIA))
TEXTS = ("label", "hint", "guidance_hint", "required_message", "constraint_message")
PLAIN = ("required", "relevant", "constraint", "appearance", "choice_filter", "calculation", "default", "read_only")
_KINDS = {media: kind for kind, media in types.FILE_KINDS.items()}
_WIDE = {"label": 40, "hint": 28, "relevant": 28, "constraint": 24, "calculation": 28}


class TextTooLong(ValueError):
    """An Excel cell cannot hold the text; cutting it would change the questionnaire."""


def write(document: Document) -> bytes:
    """The questionnaire as .xlsx. Every cell is a text, so that nothing in it is ever run as a formula."""
    languages = document.get("languages", [])
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    _sheet(book, "survey", SURVEY_COLUMNS, list(_survey(document.get("items", []))), languages)
    _sheet(book, "choices", CHOICE_COLUMNS, list(_choices(document.get("choices", {}))), languages)
    _sheet(book, "settings", (), [_settings(document.get("settings", {}))], ())
    book.close()
    return target.getvalue()


def _survey(items: Iterable[Document]) -> Iterator[Cells]:
    for item in items:
        if item["kind"] == "question":
            yield _question(item)
        else:
            yield _group(item)
            yield from _survey(item.get("items", []))
            yield {"type": f"end {item['kind']}", "name": item["name"]}


def _question(item: Document) -> Cells:
    cells = _common(item)
    extra = item.get("extra", {})
    parameters = dict(item.get("parameters", {}))
    cells["type"] = _type(item, parameters, extra)
    cells["parameters"] = " ".join(f"{name}={value}" for name, value in parameters.items())
    cells["role"] = item.get("role", "")
    cells["personal"] = "yes" if item.get("personal") else ""
    return cells


def _type(item: Document, parameters: dict[str, Any], extra: dict[str, str]) -> str:
    kind: str = item["type"]
    if kind == "file" and (media := _KINDS.get(parameters.get("accept", ""))):
        del parameters["accept"]
        return media
    if kind == "hidden" and extra.get("type") in types.UNKNOWN_METADATA:
        return extra["type"]
    if item.get("list"):
        return f"{kind} {item['list']}" + (" or_other" if item.get("or_other") else "")
    return kind


def _group(item: Document) -> Cells:
    return {
        **_common(item),
        "type": f"begin {item['kind']}",
        "repeat_count": item.get("repeat_count", ""),
    }


def _common(item: Document) -> Cells:
    # First, because what has no effect on a group may stand under a heading that has one on questions.
    cells: Cells = {heading: text for heading, text in item.get("extra", {}).items() if heading != "type"}
    cells["name"] = item["name"]
    if item.get("id", item["name"]) != item["name"]:
        cells["question_id"] = item["id"]
    for key in PLAIN:
        if item.get(key):
            cells[key] = item[key]
    for key in TEXTS:
        cells |= _translated(key, item.get(key, {}))
    return cells | _media(item)


def _translated(key: str, texts: dict[str, str]) -> Cells:
    return {f"{key}::{language}" if language else key: text for language, text in texts.items()}


def _media(item: Document) -> Cells:
    cells: Cells = {}
    for kind, files in item.get("media", {}).items():
        cells |= _translated(f"media::{kind}", files)
    return cells


def _choices(lists: dict[str, list[Document]]) -> Iterator[Cells]:
    for list_name, choices in lists.items():
        for choice in choices:
            yield {
                **choice.get("filter", {}),
                "list_name": list_name,
                "name": choice["name"],
                **_translated("label", choice.get("label", {})),
                **_media(choice),
            }


def _settings(settings: Document) -> Cells:
    cells = {"form_title": settings.get("title", ""), "form_id": settings.get("form_id", "")}
    for key in ("default_language", "style", "instance_name"):
        cells[key] = settings.get(key, "")
    return cells | settings.get("extra", {})


def _sheet(book: Any, name: str, order: Iterable[str], rows: list[Cells], languages: Iterable[str]) -> None:
    headings = _headings(order, rows, languages)
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, _WIDE.get(heading.partition("::")[0], 16), wrapped)
        _text(sheet, 0, column, heading, bold)
    for number, row in enumerate(rows, 1):
        for column, heading in enumerate(headings):
            if text := row.get(heading, ""):
                _text(sheet, number, column, str(text), wrapped)
    sheet.freeze_panes(1, 2 if name == "survey" else 0)


def _text(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    if len(text) > MAX_CHARACTERS:
        raise TextTooLong(text[:100])
    sheet.write_string(row, column, text, style)


def _headings(order: Iterable[str], rows: list[Cells], languages: Iterable[str]) -> list[str]:
    used = {heading: None for row in rows for heading, text in row.items() if text}
    result: dict[str, None] = {}
    for key in order:
        plain = key.rstrip("*")
        names = [plain, *(f"{plain}::{language}" for language in languages)] if key.endswith("*") else [plain]
        # The labels of all languages stand there even when empty: they say which languages there are, in their order.
        wanted = {"type", "name", "list_name", *(names[1:] if key == "label*" else [])}
        result |= dict.fromkeys(heading for heading in names if heading in used or heading in wanted)
    return list(result | dict.fromkeys(heading for heading in used if heading not in result))
