from pathlib import PurePath
from typing import Any

from needs.surveys.xlsform.fields import NO, YES, Fields, expression, fields, warn_of_columns
from needs.surveys.xlsform.headers import columns
from needs.surveys.xlsform.messages import REASONS
from needs.surveys.xlsform.mistakes import Findings, Place
from needs.surveys.xlsform.workbook import Sheet, clean

# What has another answer here; the reason is told.
_REPLACED = {"public_key": "encryption", "submission_url": "submission"}
_YES_NO = ("allow_choice_duplicates",)


def read_settings(sheet: Sheet | None, name: str, found: Findings) -> tuple[dict[str, Any], Fields | None]:
    """The settings of the document; the fields say where each of them stands."""
    row = _first_row(sheet, found) if sheet else None
    settings = _settings(row, found) if row else {}
    stem = clean(PurePath(name).stem) or "form"
    if not settings.get("form_id"):
        settings["form_id"] = stem
        place = sheet.place() if sheet else Place()
        found.warn("form_id_from_name", place, name=stem)
    settings.setdefault("title", settings["form_id"])
    return settings, row


def _first_row(sheet: Sheet, found: Findings) -> Fields | None:
    read = columns(sheet, "settings", found)
    warn_of_columns(sheet, read, found, extra=False)
    for row in sheet.rows[1:]:
        found.warn("settings_rows", sheet.place(row.number))
    return fields(sheet, sheet.rows[0], read, "", found) if sheet.rows else None


def _settings(row: Fields, found: Findings) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    extra: dict[str, str] = {}
    for key in ("title", "form_id", "default_language", "style"):
        if text := row.text(key):
            settings[key] = text
    if text := row.text("instance_name"):
        settings["instance_name"] = expression(text)
    _duplicates(row, extra, found)
    for header, text in row.extra.items():
        _extra(row, header, text, extra, found)
    for key, heading in row.texts:
        if key.startswith("unsupported"):
            reason = REASONS[key.partition(":")[2]]
            found.wrong("setting_not_supported", row.place(key, heading), name=heading, reason=reason)
    if (cell := row.texts.get(("form_id", ""))) and cell.column.header.lower() == "id_string":
        found.warn("id_string", row.place("form_id"))
    return {**settings, "extra": extra} if extra else settings


def _duplicates(row: Fields, extra: dict[str, str], found: Findings) -> None:
    text = row.text("allow_choice_duplicates")
    if text.lower() in YES:
        extra["allow_choice_duplicates"] = "yes"
    elif text.lower() not in NO:
        found.wrong("bad_yes_no", row.place("allow_choice_duplicates"), name="allow_choice_duplicates", value=text)


def _extra(row: Fields, header: str, text: str, extra: dict[str, str], found: Findings) -> None:
    place = extra_place(row, header)
    name = header.strip().lower()
    if name == "add_none_option" and text.lower() in YES:
        found.wrong("setting_not_supported", place, name=header, reason=REASONS["none_option"])
        return
    extra[header] = text
    if name in _REPLACED:
        found.warn("setting_replaced", place, name=header, reason=REASONS[_REPLACED[name]])
    elif not (name == "add_none_option" and text.lower() in NO):
        found.warn("setting_without_effect", place, name=header)


def extra_place(row: Fields, header: str) -> Place:
    for index, text in row.sheet.header.cells.items():
        if " ".join(text.split()) == header:
            return row.sheet.place(row.row, index)
    return row.sheet.place(row.row)


def allows_duplicates(settings: dict[str, Any]) -> bool:
    return bool(settings.get("extra", {}).get("allow_choice_duplicates") == "yes")
