"""What a document may look like at all: broken or hostile JSON is told in words before anything reads it.

Whether the questionnaire makes sense (unknown references, missing choices) is the engine's to say.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from talentmap.ui.errors import Refused

Document = dict[str, Any]
Item = dict[str, Any]

MAX_BYTES = 1_500_000
MAX_ITEMS = 2_000
MAX_CHOICES = 20_000
MAX_DEPTH = 10
MAX_TEXT = 32_767  # what an Excel cell holds
MAX_LANGUAGES = 12
MAX_TOLD = 20

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,79}")
TYPES = (
    "text", "integer", "decimal", "date", "time", "dateTime", "range", "select_one", "select_multiple", "rank",
    "note", "calculate", "hidden", "acknowledge", "geopoint", "image", "file", "barcode", "start", "end", "today",
    "deviceid", "username",
)  # fmt: skip
SELECTS = ("select_one", "select_multiple", "rank")
ROLES = ("age", "age_band", "birth_date", "sex", "occupation")
CHINESE = "中文 (zh)"

# Halves of a pair and NUL cannot be stored; the other control characters cannot be written into a workbook.
_UNUSABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class BadDocument(Refused):
    """What was sent is no document; `reasons` says why, each with its place."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def empty(title: str, form_id: str) -> Document:
    settings = {"title": title, "form_id": form_id, "default_language": CHINESE}
    return {"settings": settings, "languages": [CHINESE], "items": [], "choices": {}}


def parsed(body: bytes) -> Any:
    """JSON as Python; raises BadDocument. NaN, endless numbers and bottomless nesting are no JSON here."""
    if len(body) > MAX_BYTES:
        raise BadDocument([too_large()])
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadDocument([_("This is no JSON that can be read.")]) from error


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def too_large() -> str:
    return _("The questionnaire is too large: %(limit)s KB at most.") % {"limit": MAX_BYTES // 1000}


def checked(document: Any) -> Document:
    """The document itself, or BadDocument with every reason (the first twenty)."""
    faults = _Faults()
    _check_document(document, faults)
    if not faults.told and len(json.dumps(document, ensure_ascii=False).encode()) > MAX_BYTES:
        faults.told.append(too_large())
    if faults.told:
        raise BadDocument(faults.told[:MAX_TOLD])
    found: Document = document
    return found


@dataclass
class _Faults:
    told: list[str] = field(default_factory=list)
    items: int = 0

    def add(self, place: str, reason: str) -> None:
        if len(self.told) <= MAX_TOLD:
            self.told.append(f"{place}: {reason}")


Check = Callable[[Any, str, _Faults], None]


def _text(value: Any, place: str, faults: _Faults) -> None:
    if not isinstance(value, str):
        faults.add(place, _("must be a text"))
    elif len(value) > MAX_TEXT:
        faults.add(place, _("is longer than %(limit)s characters") % {"limit": MAX_TEXT})
    elif _UNUSABLE.search(value):
        faults.add(place, _("holds a character that cannot be stored"))


def _name(value: Any, place: str, faults: _Faults) -> None:
    """A name may be missing while it is being typed; the engine tells before publishing."""
    _text(value, place, faults)
    if isinstance(value, str) and len(value) > 80:
        faults.add(place, _("is longer than %(limit)s characters") % {"limit": 80})


def _id(value: Any, place: str, faults: _Faults) -> None:
    if not (isinstance(value, str) and (not value or NAME.fullmatch(value))):
        faults.add(place, _("is no valid id"))


def _yes_no(value: Any, place: str, faults: _Faults) -> None:
    if not isinstance(value, bool):
        faults.add(place, _("must be true or false"))


def _mapping(of: Check) -> Check:
    def check(value: Any, place: str, faults: _Faults) -> None:
        if not isinstance(value, dict):
            faults.add(place, _("must be an object"))
            return
        for key, inner in value.items():
            _text(key, place, faults)
            of(inner, f"{place}.{key[:40]}", faults)

    return check


_texts = _mapping(_text)
_media = _mapping(_texts)


def _one_of(allowed: tuple[str, ...]) -> Check:
    def check(value: Any, place: str, faults: _Faults) -> None:
        if value not in allowed:
            faults.add(place, _("must be one of: %(allowed)s") % {"allowed": ", ".join(allowed)})

    return check


_COMMON: dict[str, Check] = {
    "name": _name, "id": _id, "label": _texts, "hint": _texts, "relevant": _text, "appearance": _text,
    "media": _media, "extra": _texts, "kind": _text,
}  # fmt: skip
_QUESTION: dict[str, Check] = _COMMON | {
    "type": _one_of(TYPES), "list": _text, "or_other": _yes_no, "guidance_hint": _texts, "required": _text,
    "required_message": _texts, "constraint": _text, "constraint_message": _texts, "read_only": _text,
    "default": _text, "calculation": _text, "choice_filter": _text, "parameters": _texts,
    "role": _one_of(("", *ROLES)), "personal": _yes_no,
}  # fmt: skip
_GROUP: dict[str, Check] = _COMMON | {"items": lambda *_given: None}
_REPEAT: dict[str, Check] = _GROUP | {"repeat_count": _text}
_CHOICE: dict[str, Check] = {"name": _name, "label": _texts, "media": _media, "filter": _texts}
_SETTINGS: dict[str, Check] = {
    "title": _text, "form_id": _text, "default_language": _text, "style": _text, "instance_name": _text,
    "extra": _texts,
}  # fmt: skip


def _check_keys(value: Any, checks: dict[str, Check], place: str, faults: _Faults) -> bool:
    if not isinstance(value, dict):
        faults.add(place, _("must be an object"))
        return False
    for key, inner in value.items():
        if key in checks:
            checks[key](inner, f"{place}.{key}", faults)
        else:
            faults.add(place, _("“%(key)s” is unknown here") % {"key": key[:40]})
    return True


def _check_document(document: Any, faults: _Faults) -> None:
    top = dict.fromkeys(("settings", "languages", "items", "choices"), lambda *_given: None)
    if not _check_keys(document, top, "document", faults):
        return
    _check_keys(document.get("settings", {}), _SETTINGS, "settings", faults)
    _check_languages(document.get("languages", []), faults)
    _check_items(document.get("items", []), "items", 1, faults)
    _check_choices(document.get("choices", {}), faults)


def _check_languages(languages: Any, faults: _Faults) -> None:
    if not isinstance(languages, list) or len(languages) > MAX_LANGUAGES:
        faults.add("languages", _("must be a list of %(limit)s entries at most") % {"limit": MAX_LANGUAGES})
        return
    for number, language in enumerate(languages):
        _text(language, f"languages[{number}]", faults)
    if len({str(language) for language in languages}) < len(languages):
        faults.add("languages", _("names one language twice"))


def _check_items(items: Any, place: str, depth: int, faults: _Faults) -> None:
    if not isinstance(items, list):
        faults.add(place, _("must be a list"))
        return
    faults.items += len(items)
    if faults.items > MAX_ITEMS:
        faults.add(place, _("more than %(limit)s questions and groups") % {"limit": MAX_ITEMS})
        return
    if depth > MAX_DEPTH:
        faults.add(place, _("groups are nested more than %(limit)s deep") % {"limit": MAX_DEPTH})
        return
    for number, item in enumerate(items):
        _check_item(item, f"{place}[{number}]", depth, faults)


def _check_item(item: Any, place: str, depth: int, faults: _Faults) -> None:
    kinds = {"question": _QUESTION, "group": _GROUP, "repeat": _REPEAT}
    kind = item.get("kind") if isinstance(item, dict) else None
    if not isinstance(kind, str) or kind not in kinds:
        faults.add(place, _("must be a question, a group or a repeat"))
        return
    _check_keys(item, kinds[kind], place, faults)
    if "name" not in item:
        faults.add(place, _("has no name"))
    if kind == "question" and "type" not in item:
        faults.add(place, _("has no type"))
    if kind != "question":
        _check_items(item.get("items", []), f"{place}.items", depth + 1, faults)


def _check_choices(choices: Any, faults: _Faults) -> None:
    if not isinstance(choices, dict):
        faults.add("choices", _("must be an object"))
        return
    count = 0
    for name, rows in choices.items():
        place = f"choices.{name[:40]}"
        _name(name, place, faults)
        if not isinstance(rows, list):
            faults.add(place, _("must be a list"))
            continue
        count += len(rows)
        if count > MAX_CHOICES:
            faults.add(place, _("more than %(limit)s choices") % {"limit": MAX_CHOICES})
            return
        for number, row in enumerate(rows):
            if _check_keys(row, _CHOICE, f"{place}[{number}]", faults) and "name" not in row:
                faults.add(f"{place}[{number}]", _("has no name"))


def walk(items: list[Item]) -> Iterator[Item]:
    """Every question, group and repeat, from the top."""
    for item in items:
        yield item
        yield from walk(item.get("items", []))


def question_count(document: Document) -> int:
    return sum(item["kind"] == "question" for item in walk(document.get("items", [])))


def label_of(item: Item, language: str = CHINESE) -> str:
    """The label in a language, in any other, or the name."""
    label = item.get("label", {})
    return label.get(language) or next((text for text in label.values() if text), "") or item.get("name", "")
