"""Whether some JSON is a document at all: what compiling relies on. The builder sends whatever a browser holds."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from needs.surveys.engine.mistakes import DocumentMistake

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*", re.ASCII)
MOST_ITEMS = 2_000
DEEPEST = 12
LONGEST_NAME = 64
_TEXTS = ("label", "hint", "guidance_hint", "required_message", "constraint_message")
_STRINGS = (
    "id",
    "list",
    "relevant",
    "required",
    "constraint",
    "read_only",
    "default",
    "calculation",
    "choice_filter",
    "repeat_count",
    "appearance",
    "role",
)
_OBJECTS = ("parameters", "media", "extra")


def shape_mistakes(document: Any) -> Iterator[DocumentMistake]:
    if not isinstance(document, dict) or not isinstance(document.get("items", []), list):
        yield DocumentMistake("shape", (), "", "items", _("This is not a questionnaire."))
        return
    if not isinstance(document.get("settings") or {}, dict) or not _is_list_of_texts(document.get("languages") or []):
        yield DocumentMistake("shape", (), "", "settings", _("The settings are not in the expected form."))
    yield from _choice_mistakes(document.get("choices"), allows_duplicates(document.get("settings")))
    budget = [MOST_ITEMS]
    for place, item in enumerate(document.get("items") or []):
        yield from _item_mistakes(item, (place,), budget)
    if budget[0] < 0:
        message = _("There are too many questions: at most %(most)s.") % {"most": MOST_ITEMS}
        yield DocumentMistake("too_many", (), "", "items", message)


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def allows_duplicates(settings: Any) -> bool:
    """XLSForm's own switch: a cascade may have one name below several parents."""
    extra = settings.get("extra") if isinstance(settings, dict) else None
    said = {**(extra if isinstance(extra, dict) else {}), **(settings if isinstance(settings, dict) else {})}
    return str(said.get("allow_choice_duplicates", "")).lower() in ("yes", "true")


def _choice_mistakes(choices: Any, may_repeat: bool) -> Iterator[DocumentMistake]:
    if choices is None:
        return
    if not isinstance(choices, dict):
        yield DocumentMistake("shape", (), "", "choices", _("The choices are not in the expected form."))
        return
    for name, rows in choices.items():
        right = isinstance(rows, list) and all(_is_choice(row) for row in rows)
        if not right:
            message = _("The choices of “%(list)s” are not in the expected form.") % {"list": name}
            yield DocumentMistake("shape", (), str(name), "choices", message)
        elif not may_repeat and len({row["name"] for row in rows}) < len(rows):
            message = _("Two choices of “%(list)s” have the same name.") % {"list": name}
            yield DocumentMistake("duplicate_choice", (), str(name), "choices", message)


def _is_choice(row: Any) -> bool:
    if not isinstance(row, dict) or not isinstance(row.get("name"), str):
        return False
    name = row["name"]
    is_word = bool(name) and len(name) <= 120 and not any(letter.isspace() or letter == "\x00" for letter in name)
    return is_word and all(_is_texts(row.get(key)) for key in ("label", "filter"))


def _is_texts(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and all(isinstance(text, str) for text in value.values()))


def _item_mistakes(item: Any, path: tuple[int, ...], budget: list[int]) -> Iterator[DocumentMistake]:
    budget[0] -= 1
    if budget[0] < 0:
        return
    if not isinstance(item, dict) or item.get("kind") not in ("question", "group", "repeat"):
        yield DocumentMistake("shape", path, "", "kind", _("This is neither a question nor a group."))
        return
    yield from _property_mistakes(item, path)
    inner = item.get("items", [])
    if not isinstance(inner, list) or len(path) > DEEPEST:
        yield DocumentMistake("shape", path, str(item.get("name")), "items", _("The groups are nested too deeply."))
        return
    for place, child in enumerate(inner):
        yield from _item_mistakes(child, (*path, place), budget)


def _property_mistakes(item: dict[str, Any], path: tuple[int, ...]) -> Iterator[DocumentMistake]:
    name = item.get("name")
    shown = name if isinstance(name, str) else ""
    if not isinstance(name, str) or not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        message = _("A name begins with a letter and has letters, digits, “_”, “-” and “.” only, at most 64.")
        yield DocumentMistake("bad_name", path, shown, "name", message)
    if item["kind"] == "question" and not isinstance(item.get("type"), str):
        yield DocumentMistake("shape", path, shown, "type", _("The type of the question is missing."))
    if item.get("id") and not (isinstance(item["id"], str) and NAME.fullmatch(item["id"]) and len(item["id"]) <= 80):
        yield DocumentMistake("bad_id", path, shown, "id", _("The id of the question is not in the expected form."))
    wrong = [key for key in _TEXTS if not _is_texts(item.get(key))]
    wrong += [key for key in _STRINGS if not isinstance(item.get(key) or "", str)]
    wrong += [key for key in _OBJECTS if not isinstance(item.get(key) or {}, dict)]
    for key in wrong:
        expected = _("“%(property)s” is not in the expected form.") % {"property": key}
        yield DocumentMistake("shape", path, shown, key, expected)
