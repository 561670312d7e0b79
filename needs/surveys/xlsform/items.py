"""One row of the sheet "survey" into one item of the document."""

import re
from typing import Any

from needs.surveys.xlsform import types
from needs.surveys.xlsform.appearance import check_appearance
from needs.surveys.xlsform.fields import NO, YES, Fields, condition, expression
from needs.surveys.xlsform.headers import MEDIA
from needs.surveys.xlsform.messages import REASONS
from needs.surveys.xlsform.mistakes import Findings
from needs.surveys.xlsform.parameters import read_parameters

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
LONGEST_NAME = 64
SELECTS = ("select_one", "select_multiple", "rank")
METADATA = ("start", "end", "today", "deviceid", "username")
# Nobody sees these, so they need no label.
SILENT = {"calculate", "hidden", *METADATA}
TEXTS = ("label", "hint", "guidance_hint", "required_message", "constraint_message")
ROLES = {
    "age": {"integer", "range", "calculate"},
    "age_band": {"select_one"},
    "birth_date": {"date"},
    "sex": {"select_one"},
    "occupation": {"select_one"},
}
# What a column says of a group or repeat has no effect, or an effect that we do not have.
_OF_QUESTIONS = ("required", "constraint", "default", "choice_filter", "parameters", "guidance_hint")
_NEVER_OF_GROUPS = ("calculation", "role", "personal")

Item = dict[str, Any]


def question_item(row: Fields, kind: types.Type, found: Findings) -> Item:
    item: Item = {"kind": "question"}
    if row.text("question_id"):
        item["id"] = _identifier(row, found)
    item["type"], extra = _type(row, kind, found)
    item["name"] = _name(row, kind, found)
    if kind.list_name:
        item["list"] = kind.list_name
    elif kind.name in SELECTS:
        found.wrong("no_list_name", row.place("type"), name=row.text("type"))
    if kind.or_other:
        _or_other(item, row, found)
    _texts(item, row, found)
    _expressions(item, row, item["type"], found)
    item.update(_parameters(row, kind, found))
    _markers(item, row, item["type"], found)
    _needs(item, row, found)
    extra |= _kept(row)
    if extra:
        item["extra"] = extra
    return _without_empty(item)


def group_item(row: Fields, kind: str, found: Findings) -> Item:
    """`kind` is group or repeat."""
    item: Item = {"kind": kind, "name": _name(row, types.Type("begin", kind), found)}
    if kind == "repeat" and row.text("question_id"):
        item["id"] = _identifier(row, found)
    _texts(item, row, found, ("label", "hint"))
    if relevant := row.text("relevant"):
        item["relevant"] = expression(relevant)
    if count := row.text("repeat_count"):
        if kind == "repeat":
            item["repeat_count"] = expression(count)
        else:
            _misplaced(row, "repeat_count", kind, found)
    if appearance := row.text("appearance"):
        item["appearance"] = check_appearance(row, kind, found, appearance)
    _refuse_of_groups(row, kind, found)
    if extra := _kept(row) | _useless(row, kind, found):
        item["extra"] = extra
    return {**_without_empty(item), "items": []}


def _without_empty(item: Item) -> Item:
    return {key: value for key, value in item.items() if key == "name" or value not in ("", {}, [], None, False)}


def _misplaced(row: Fields, key: str, kind: str, found: Findings) -> None:
    found.wrong("field_not_allowed", row.place(key), field=row.heading(key), type=kind)


def _type(row: Fields, kind: types.Type, found: Findings) -> tuple[str, dict[str, str]]:
    """Types that only differ in what a phone does with them are one here; their own word is kept."""
    if kind.name in types.FILE_KINDS:
        return "file", {}
    if kind.name in types.UNKNOWN_METADATA:
        found.warn("metadata_unknown", row.place("type"), type=kind.name)
        return "hidden", {"type": kind.name}
    return kind.name, {}


def _name(row: Fields, kind: types.Type, found: Findings) -> str:
    name = row.text("name")
    if not name and kind.name == "note":
        name = f"generated_note_name_{row.row}"
        found.warn("generated_name", row.place(), name=name)
    elif not name:
        found.wrong("no_name", row.place("type"))
    elif not NAME.fullmatch(name):
        found.wrong("bad_name", row.place("name"), name=name)
    elif len(name) > LONGEST_NAME:
        found.wrong("long_name", row.place("name"), name=name, limit=LONGEST_NAME)
    return name


def _identifier(row: Fields, found: Findings) -> str:
    identifier = row.text("question_id")
    if not NAME.fullmatch(identifier):
        found.wrong("bad_question_id", row.place("question_id"), name=identifier)
    return identifier


def _or_other(item: Item, row: Fields, found: Findings) -> None:
    item["or_other"] = True
    if row.text("choice_filter"):
        found.wrong("or_other_filter", row.place("choice_filter"))


def _texts(item: Item, row: Fields, found: Findings, keys: tuple[str, ...] = TEXTS) -> None:
    for key in keys:
        item[key] = row.translations(key)
    item["media"] = {kind: files for kind in MEDIA if (files := row.translations(kind))}
    for kind, files in item["media"].items():
        for language, file in files.items():
            found.warn("media_not_carried", row.place(kind, language), name=file)


def _expressions(item: Item, row: Fields, kind: str, found: Findings) -> None:
    for key in ("relevant", "constraint", "calculation", "choice_filter"):
        item[key] = expression(row.text(key))
    for key in ("required", "read_only"):
        item[key] = condition(row.text(key))
    item["default"] = row.text("default")
    if item["choice_filter"] and kind not in SELECTS:
        _misplaced(row, "choice_filter", kind, found)
    if row.text("repeat_count"):
        _misplaced(row, "repeat_count", kind, found)
    if appearance := row.text("appearance"):
        item["appearance"] = check_appearance(row, kind, found, appearance)


def _parameters(row: Fields, kind: types.Type, found: Findings) -> Item:
    parameters = read_parameters(row, kind.name, found)
    if media := types.FILE_KINDS.get(kind.name):
        parameters["accept"] = media
        found.warn("file_question", row.place("type"), name=row.text("name"), type=media)
    return {"parameters": parameters}


def _markers(item: Item, row: Fields, kind: str, found: Findings) -> None:
    if role := row.text("role"):
        item["role"] = role
        if role not in ROLES:
            found.wrong("unknown_role", row.place("role"), name=role, roles=", ".join(ROLES))
        elif kind not in ROLES[role]:
            found.wrong("role_type", row.place("role"), name=role, type=kind)
    personal = row.text("personal").lower()
    if personal in YES:
        item["personal"] = True
    elif personal not in NO:
        found.wrong("bad_yes_no", row.place("personal"), name="personal", value=row.text("personal"))


def _needs(item: Item, row: Fields, found: Findings) -> None:
    if item["type"] == "calculate" and not item["calculation"] and not item["default"]:
        found.wrong("no_calculation", row.place("name"), name=item["name"])
    shown = item["label"] or item["hint"] or item["media"]
    if item["type"] not in SILENT and not shown and not item["calculation"]:
        found.wrong("no_label", row.place("name"), name=item["name"])


def _kept(row: Fields) -> dict[str, str]:
    """What has no effect here, by its heading, so that it is written back."""
    kept = dict(row.extra)
    for (key, _), cell in row.texts.items():
        if key == "no_app":
            kept[cell.column.header] = cell.text
    return kept


def _refuse_of_groups(row: Fields, kind: str, found: Findings) -> None:
    for key in _NEVER_OF_GROUPS:
        if row.text(key):
            _misplaced(row, key, kind, found)
    if kind == "group" and row.text("question_id"):
        _misplaced(row, "question_id", kind, found)
    if condition(row.text("read_only")):
        reason = REASONS["group_read_only"]
        found.wrong("column_not_supported", row.place("read_only"), name=row.heading("read_only"), reason=reason)


def _useless(row: Fields, kind: str, found: Findings) -> dict[str, str]:
    kept = {}
    for (key, _), cell in row.texts.items():
        if key in _OF_QUESTIONS:
            kept[cell.column.header] = cell.text
            found.warn("group_field", row.sheet.place(row.row, cell.column.index), field=cell.column.header, kind=kind)
    return kept
