"""What can only be told from the whole workbook: names, lists, roles and languages against each other."""

from collections import defaultdict
from difflib import get_close_matches
from typing import Any

from needs.surveys.xlsform.appearance import has_word
from needs.surveys.xlsform.choices import Choices
from needs.surveys.xlsform.fields import Fields
from needs.surveys.xlsform.items import SELECTS, SILENT, TEXTS
from needs.surveys.xlsform.mistakes import Findings
from needs.surveys.xlsform.survey import Origin, Survey

ROLE_CHOICES = {"age_band": ("lt25", "25_34", "35_44", "45_54", "ge55"), "sex": ("male", "female")}


def check_names(survey: Survey, found: Findings) -> None:
    siblings: dict[int, list[Origin]] = defaultdict(list)
    for origin in survey.origins:
        siblings[id(origin.parents[-1].item) if origin.parents else 0].append(origin)
    for group in siblings.values():
        _check_siblings(group, found)
    _check_identifiers(survey, found)


def _check_siblings(group: list[Origin], found: Findings) -> None:
    first: dict[str, Origin] = {}
    for origin in group:
        name = origin.item.get("name", "")
        other = first.get(name.lower())
        if name and other:
            code = "duplicate_name" if other.item["name"] == name else "duplicate_name_case"
            found.wrong(code, origin.row.place("name"), name=name, other=other.row.row)
        first.setdefault(name.lower(), origin)
    for origin in group:
        generated = f"{origin.item.get('name', '')}_other".lower()
        if origin.item.get("or_other") and (other := first.get(generated)):
            place = origin.row.place("type")
            found.wrong("other_name_taken", place, name=other.item["name"], other=other.row.row)


def _check_identifiers(survey: Survey, found: Findings) -> None:
    first: dict[str, int] = {}
    for origin in survey.origins:
        if (identifier := origin.row.text("question_id")) and "id" in origin.item:
            if identifier in first:
                place = origin.row.place("question_id")
                found.wrong("duplicate_question_id", place, name=identifier, other=first[identifier])
            first.setdefault(identifier, origin.row.row)


def check_lists(survey: Survey, choices: Choices, found: Findings) -> None:
    used: set[str] = set()
    for origin in survey.origins:
        name = origin.item.get("list", "")
        if not name:
            continue
        used.add(name)
        if name not in choices.lists:
            _unknown_list(origin, name, choices, found)
    for name in choices.lists:
        if name not in used:
            found.warn("list_unused", choices.rows[name][0].place("list_name"), name=name)
    _check_table_lists(survey, found)


def _unknown_list(origin: Origin, name: str, choices: Choices, found: Findings) -> None:
    place = origin.row.place("type")
    if near := get_close_matches(name, choices.lists, n=1, cutoff=0.75):
        found.wrong("unknown_list_near", place, name=name, near=near[0])
    else:
        found.wrong("unknown_list", place, name=name)


def _check_table_lists(survey: Survey, found: Findings) -> None:
    first: dict[int, str] = {}
    for origin in survey.origins:
        if not origin.parents or origin.item.get("type") not in SELECTS:
            continue
        parent = origin.parents[-1].item
        if has_word(parent.get("appearance", ""), ["table-list"]):
            expected = first.setdefault(id(parent), origin.item.get("list", ""))
            if origin.item.get("list", "") != expected:
                words = {"name": origin.item.get("list", ""), "other": expected}
                found.wrong("table_list_lists", origin.row.place("type"), **words)


def check_roles(survey: Survey, choices: Choices, found: Findings) -> None:
    first: dict[str, int] = {}
    for origin in survey.origins:
        role = origin.item.get("role", "")
        if not role:
            continue
        place = origin.row.place("role")
        if role in first:
            found.wrong("duplicate_role", place, name=role, other=first[role])
        first.setdefault(role, origin.row.row)
        if any(parent.item["kind"] == "repeat" for parent in origin.parents):
            found.wrong("role_in_repeat", place)
        names = {choice["name"] for choice in choices.lists.get(origin.item.get("list", ""), ())}
        missing = [name for name in ROLE_CHOICES.get(role, ()) if name not in names]
        if names and missing:
            allowed = ", ".join(ROLE_CHOICES[role])
            found.wrong("role_choices", place, name=role, allowed=allowed, missing=", ".join(missing))


def check_languages(survey: Survey, choices: Choices, languages: list[str], found: Findings) -> None:
    """A questionnaire in several languages should say everything in each; what it leaves out is told."""
    if len(languages) < 2:
        return
    for origin in survey.origins:
        if origin.item.get("type") not in SILENT:
            _find_gaps(origin.item, origin.row, languages, found)
    for list_name, rows in choices.rows.items():
        for choice, row in zip(choices.lists[list_name], rows, strict=True):
            _find_gaps(choice, row, languages, found)


def _find_gaps(item: dict[str, Any], row: Fields, languages: list[str], found: Findings) -> None:
    for key in TEXTS:
        texts: dict[str, str] = item.get(key, {})
        missing = [language for language in languages if language not in texts]
        # A text without a language is shown in all of them.
        if texts and missing and "" not in texts:
            words = {"name": item["name"], "field": key, "languages": "、".join(missing)}
            found.warn("untranslated", row.place(key), **words)
