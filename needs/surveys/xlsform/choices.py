from dataclasses import dataclass, field
from typing import Any

from needs.surveys.xlsform.fields import Fields, fields, warn_of_columns
from needs.surveys.xlsform.headers import MEDIA, Column, columns, languages
from needs.surveys.xlsform.mistakes import Findings
from needs.surveys.xlsform.workbook import Sheet

LONGEST_NAME = 120


@dataclass
class Choices:
    """The lists as the document holds them, and where each choice stands, in the same order."""

    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rows: dict[str, list[Fields]] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)


def read_choices(sheet: Sheet | None, nameless: str, duplicates: bool, found: Findings) -> Choices:
    """`nameless` is the language of columns that name none; `duplicates` allows a name twice in a list."""
    result = Choices()
    if not sheet:
        return result
    read = columns(sheet, "choices", found)
    warn_of_columns(sheet, read, found, extra=False)
    if _complete(sheet, read, found):
        result.languages = languages(sheet, read, nameless)
        for row in sheet.rows:
            _add(result, fields(sheet, row, read, nameless, found), found)
    if not duplicates:
        _find_duplicates(result, found)
    return result


def _complete(sheet: Sheet, read: list[Column], found: Findings) -> bool:
    missing = [key for key in ("list_name", "name") if key not in {column.key for column in read}]
    if not sheet.rows:
        return False
    for key in missing:
        found.wrong("no_header", sheet.place(sheet.header.number), name=key)
    return not missing


def _add(result: Choices, row: Fields, found: Findings) -> None:
    list_name, name = row.text("list_name"), row.text("name")
    if not list_name and not name:
        # Notes beside the lists; other tools skip them too.
        found.warn("choice_row_ignored", row.place())
        return
    if not list_name:
        found.wrong("choice_no_list", row.place("name"), name=name)
        return
    if any(blank in list_name for blank in " \n\t"):
        found.wrong("bad_list_name", row.place("list_name"), name=list_name)
    if not name:
        found.wrong("choice_no_name", row.place("list_name"))
        return
    if len(name.split()) > 1 or len(name) > LONGEST_NAME:
        found.wrong("choice_bad_name", row.place("name"), name=name, limit=LONGEST_NAME)
    result.lists.setdefault(list_name, []).append(_choice(row, name, found))
    result.rows.setdefault(list_name, []).append(row)


def _choice(row: Fields, name: str, found: Findings) -> dict[str, Any]:
    choice: dict[str, Any] = {"name": name}
    label = row.translations("label")
    media = {kind: files for kind in MEDIA if (files := row.translations(kind))}
    if not label and not media:
        found.warn("choice_no_label", row.place("name"), name=name)
    for key, value in (("label", label), ("media", media), ("filter", dict(row.extra))):
        if value:
            choice[key] = value
    for kind, files in media.items():
        for language, file in files.items():
            found.warn("media_not_carried", row.place(kind, language), name=file)
    return choice


def _find_duplicates(result: Choices, found: Findings) -> None:
    for list_name, rows in result.rows.items():
        first: dict[str, Fields] = {}
        for row in rows:
            name = row.text("name")
            if other := first.get(name):
                found.wrong("duplicate_choice", row.place("name"), name=name, list=list_name, other=other.row)
            first.setdefault(name, row)
