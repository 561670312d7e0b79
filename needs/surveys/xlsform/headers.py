"""Headings in the many ways in which XLSForms write them, told apart into what they mean here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from needs.surveys.xlsform.mistakes import Findings
from needs.surveys.xlsform.workbook import Sheet

MEDIA = ("image", "big-image", "audio", "video")
TRANSLATED = {"label", "hint", "guidance_hint", "constraint_message", "required_message", *MEDIA}

SURVEY: Mapping[str, str] = {
    **{name: name for name in TRANSLATED},
    "type": "type",
    "command": "type",
    "name": "name",
    "tag": "name",
    "value": "name",
    "caption": "label",
    "big_image": "big-image",
    "constraint": "constraint",
    "constraint_msg": "constraint_message",
    "constraintmsg": "constraint_message",
    "constraining_message": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "required": "required",
    "required_msg": "required_message",
    "requiredmsg": "required_message",
    "jr:requiredmsg": "required_message",
    "relevant": "relevant",
    "relevance": "relevant",
    "read_only": "read_only",
    "readonly": "read_only",
    "default": "default",
    "calculation": "calculation",
    "calculate": "calculation",
    "choice_filter": "choice_filter",
    "repeat_count": "repeat_count",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "appearance": "appearance",
    "parameters": "parameters",
    "rows": "rows",
    "disabled": "disabled",
    "no_app_error_string": "no_app",
    "noapperrorstring": "no_app",
    "jr:noapperrorstring": "no_app",
    "role": "role",
    "personal": "personal",
    "question_id": "question_id",
    "trigger": "unsupported:trigger",
    "save_to": "unsupported:entities",
    "skip": "unsupported:skip",
    "intent": "unsupported:phone_app",
    "instance": "unsupported:attribute",
    "bind": "unsupported:attribute",
    "body": "unsupported:attribute",
}

CHOICES: Mapping[str, str] = {
    **{name: name for name in MEDIA},
    "big_image": "big-image",
    "list_name": "list_name",
    "name": "name",
    "value": "name",
    "label": "label",
    "caption": "label",
}

SETTINGS: Mapping[str, str] = {
    "form_title": "title",
    "title": "title",
    "set_form_title": "title",
    "form_id": "form_id",
    "id_string": "form_id",
    "set_form_id": "form_id",
    "default_language": "default_language",
    "style": "style",
    "instance_name": "instance_name",
    "allow_choice_duplicates": "allow_choice_duplicates",
}

ALIASES = {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS}
# What these carry beyond the known is free XForm: it is refused, cell by cell.
_ATTRIBUTES = {"bind", "body", "control", "instance", "attribute"}
# bind and body say plainly what some columns also say.
_WITHIN = {
    "bind": {"relevant", "constraint", "required", "read_only", "calculation", "constraint_message"}
    | {"required_message", "no_app"},
    "body": {"appearance", "repeat_count", "rows"},
    "control": {"appearance", "repeat_count", "rows"},
    "media": set(MEDIA),
}


@dataclass(frozen=True)
class Column:
    """`key` is what the column means; "extra" has no effect; "unsupported:<reason>" must be empty."""

    index: int
    header: str
    key: str
    language: str = ""

    @property
    def letter(self) -> str:
        return get_column_letter(self.index + 1)


def columns(sheet: Sheet, kind: str, found: Findings) -> list[Column]:
    """The columns of a sheet from left to right, with what is wrong with its headings found."""
    aliases = ALIASES[kind]
    result: list[Column] = []
    seen: dict[str, Column] = {}
    for index, text in sorted(sheet.header.cells.items()):
        header = re.sub(r"\s+", " ", text)
        column = _column(index, header, aliases)
        place = sheet.place(sheet.header.number, index)
        if column.key == "unreadable":
            found.wrong("header_unreadable", place, name=header)
        elif column.language and not _takes_language(column.key):
            found.wrong("header_not_translated", place, name=header, language=column.language)
        elif header in seen:
            found.wrong("duplicate_header", place, name=header, other=seen[header].letter)
        else:
            result.append(column)
        seen.setdefault(header, column)
    return result


def _takes_language(key: str) -> bool:
    return key in TRANSLATED or key in ("extra", "no_app") or key.startswith("unsupported")


def _column(index: int, header: str, aliases: Mapping[str, str]) -> Column:
    first, *rest = _segments(header)
    prefix = _normal(first)
    if rest and (prefix in _ATTRIBUTES or prefix == "media"):
        return _prefixed(index, header, prefix, rest, aliases)
    key = aliases.get(prefix, "extra")
    if key == "extra":
        return Column(index, header, "extra")
    if len(rest) > 1:
        return Column(index, header, "unreadable")
    return Column(index, header, key, rest[0] if rest else "")


def _prefixed(index: int, header: str, prefix: str, rest: list[str], aliases: Mapping[str, str]) -> Column:
    key = aliases.get(_normal(rest[0]), "")
    if key in _WITHIN.get(prefix, set()) and len(rest) <= 2:
        return Column(index, header, key, rest[1] if len(rest) == 2 else "")
    if prefix == "media":
        return Column(index, header, "unreadable")
    reason = "phone_app" if _normal(rest[0]) == "intent" else "attribute"
    return Column(index, header, f"unsupported:{reason}")


def _segments(header: str) -> list[str]:
    """`label::English (en)` and the older `label:English`; the colon of `jr:` parts nothing."""
    parts = header.split("::") if "::" in header else re.split(r"(?<!\bjr):", header)
    return [part.strip() for part in parts]


def _normal(text: str) -> str:
    lowered = text.strip().lower()
    return lowered if lowered == "big-image" else re.sub(r"[\s-]+", "_", lowered)


def languages(sheet: Sheet, found: list[Column], nameless: str) -> list[str]:
    """Those of the headings in their order; `nameless` is that of headings without one, if they say something."""
    filled = {index for row in sheet.rows for index in row.cells}
    names = [
        column.language or (nameless if column.index in filled else "") for column in found if column.key in TRANSLATED
    ]
    return [name for name in dict.fromkeys(names) if name]
