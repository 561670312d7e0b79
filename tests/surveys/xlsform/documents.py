"""Hypothesis strategies for documents that an import can give: cleaned texts, no empty keys."""

import string
from typing import Any

from hypothesis import strategies as st

from needs.surveys.engine import assign_ids
from needs.surveys.xlsform.workbook import clean

LANGUAGES = ["中文 (zh)", "English (en)", "Français (fr)"]

# Formula signs, quotes, escapes that Excel's files have a meaning for, and blanks within.
_ALPHABET = st.one_of(
    st.sampled_from("=+-@|'\"“”‘’&<>\\_x000D_%{}$();:,.\n\t "),
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn"), exclude_characters="\ufeff\u200b\u2060"),
)
texts = st.text(_ALPHABET, min_size=1, max_size=30).map(clean).filter(bool)
names = st.builds(
    lambda first, rest: first + rest,
    st.sampled_from(string.ascii_letters + "_"),
    st.text(string.ascii_letters + string.digits + "_-.", max_size=8),
)
choice_names = st.text(string.ascii_letters + string.digits + "_-.=+@是否", min_size=1, max_size=8)
headings = st.sampled_from(["备注", "county", "镇", "compact_tag", "sms_field", "x1"])


def translations(languages: list[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(languages or [""]), texts, min_size=1, max_size=3)


@st.composite
def choice_lists(draw: st.DrawFn, languages: list[str]) -> dict[str, list[dict[str, Any]]]:
    lists: dict[str, list[dict[str, Any]]] = {}
    for name in draw(st.lists(names, unique=True, max_size=3)):
        for choice in draw(st.lists(choice_names, unique=True, min_size=1, max_size=4)):
            entry: dict[str, Any] = {"name": choice}
            if draw(st.booleans()):
                entry["label"] = draw(translations(languages))
            if draw(st.booleans()):
                entry["media"] = {"image": draw(translations(languages))}
            if draw(st.booleans()):
                entry["filter"] = draw(st.dictionaries(headings, texts, min_size=1, max_size=2))
            lists.setdefault(name, []).append(entry)
    return lists


PLAIN_TYPES = [
    "text",
    "integer",
    "decimal",
    "date",
    "time",
    "dateTime",
    "note",
    "acknowledge",
    "geopoint",
    "image",
    "barcode",
]
SILENT_TYPES = ["hidden", "start", "end", "today", "deviceid", "username"]
EXPRESSIONS = ["1 = 1", "today() > date('2026-01-01')", "'=1+1' != '@x'", "string-length('a  b') = 4"]


@st.composite
def questions(draw: st.DrawFn, name: str, languages: list[str], lists: dict[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = {"kind": "question", "name": name}
    kinds = ["plain", "silent", "calculate", "range", "audio", *(["select"] if lists else [])]
    kind = draw(st.sampled_from(kinds))
    by_kind: dict[str, st.SearchStrategy[dict[str, Any]]] = {
        "select": selects(lists),
        "range": st.just({"type": "range", "parameters": {"start": "1", "end": "5"}}),
        "audio": st.just({"type": "file", "parameters": {"accept": "audio/*"}}),
        "calculate": st.fixed_dictionaries({"type": st.just("calculate"), "calculation": st.sampled_from(EXPRESSIONS)}),
        "plain": st.fixed_dictionaries({"type": st.sampled_from(PLAIN_TYPES)}),
        "silent": st.fixed_dictionaries({"type": st.sampled_from(SILENT_TYPES)}),
    }
    item |= draw(by_kind[kind])
    item["label"] = draw(translations(languages))
    for key in ("hint", "guidance_hint", "constraint_message", "required_message"):
        if draw(st.booleans()):
            item[key] = draw(translations(languages))
    item |= draw(st.dictionaries(st.sampled_from(["relevant", "constraint"]), st.sampled_from(EXPRESSIONS)))
    if draw(st.booleans()):
        item["required"] = draw(st.sampled_from(["yes", "1 = 1"]))
    if kind == "plain" and draw(st.booleans()):
        item |= {"personal": True}
    if draw(st.booleans()):
        item["extra"] = draw(st.dictionaries(headings, texts, min_size=1, max_size=2))
    if draw(st.integers(0, 4)) == 0:
        item["id"] = f"id.{name}"
    return item


@st.composite
def selects(draw: st.DrawFn, lists: dict[str, Any]) -> dict[str, Any]:
    item = {
        "type": draw(st.sampled_from(["select_one", "select_multiple", "rank"])),
        "list": draw(st.sampled_from(sorted(lists))),
    }
    if item["type"] != "rank" and draw(st.booleans()):
        item["or_other"] = True
    elif draw(st.booleans()):
        item["choice_filter"] = "name != 'zzz'"
    return item


@st.composite
def items(draw: st.DrawFn, languages: list[str], lists: dict[str, Any], used: set[str], depth: int = 0) -> list[Any]:
    result: list[Any] = []
    for name in draw(st.lists(names, min_size=1, max_size=4)):
        # or_other adds <name>_other, so names are kept apart as if every question did.
        if name.lower() in used or f"{name}_other".lower() in used or name.lower().endswith("_other"):
            continue
        used |= {name.lower(), f"{name}_other".lower()}
        kind = draw(st.sampled_from(["question", "question", "group", "repeat"])) if depth < 2 else "question"
        if kind == "question":
            result.append(draw(questions(name, languages, lists)))
            continue
        group = {"kind": kind, "name": name, "label": draw(translations(languages))}
        if draw(st.booleans()):
            group["relevant"] = draw(st.sampled_from(EXPRESSIONS))
        if kind == "repeat" and draw(st.booleans()):
            group["repeat_count"] = "3"
        inner = draw(items(languages, lists, used, depth + 1))
        if inner:
            result.append({**group, "items": inner})
    return result


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    languages = draw(st.lists(st.sampled_from(LANGUAGES), unique=True, max_size=3))
    lists = draw(choice_lists(languages))
    settings: dict[str, Any] = {"title": draw(texts), "form_id": draw(names)}
    if languages and draw(st.booleans()):
        settings["default_language"] = languages[0]
    if draw(st.booleans()):
        settings["style"] = "pages"
    asked = [{"kind": "question", "type": "text", "name": "first", "label": draw(translations(languages))}]
    asked += draw(items(languages, lists, {"first", "first_other"}))
    return assign_ids({"settings": settings, "languages": languages, "items": asked, "choices": lists})
