"""A workbook into the document of docs/surveys.md, with every mistake told at once."""

from dataclasses import dataclass, field
from typing import Any

from needs.surveys.engine import assign_ids
from needs.surveys.xlsform.checks import check_languages, check_lists, check_names, check_roles
from needs.surveys.xlsform.choices import Choices, read_choices
from needs.surveys.xlsform.fields import Fields
from needs.surveys.xlsform.messages import REASONS
from needs.surveys.xlsform.mistakes import Findings, Mistake, Place, in_order
from needs.surveys.xlsform.running import check_running
from needs.surveys.xlsform.settings import allows_duplicates, read_settings
from needs.surveys.xlsform.survey import Survey, read_survey
from needs.surveys.xlsform.workbook import UNSUPPORTED_SHEETS, Sheet, Workbook

Document = dict[str, Any]

_SHEET_REASONS = {"entities": "entities", "osm": "osm", "external_choices": "external_choices"}


@dataclass(frozen=True)
class Imported:
    """`document` is whole only where `mistakes` is empty. `warnings` tell what was kept without effect."""

    document: Document
    mistakes: tuple[Mistake, ...] = ()
    warnings: tuple[Mistake, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.mistakes


@dataclass
class Parts:
    """What was read of the sheets, before it is one document."""

    settings: dict[str, Any]
    settings_row: Fields | None
    survey: Survey
    choices: Choices
    languages: list[str] = field(default_factory=list)


def import_document(workbook: Workbook) -> Imported:
    found = Findings(list(workbook.mistakes), list(workbook.warnings))
    _check_sheets(workbook, found)
    survey = _survey_sheet(workbook, found)
    if not survey:
        return Imported({}, in_order(found.mistakes), in_order(found.warnings))
    parts = _parts(workbook, survey, found)
    document = _document(parts)
    _check(parts, document, found)
    return Imported(document, in_order(found.mistakes), in_order(found.warnings))


def _check_sheets(workbook: Workbook, found: Findings) -> None:
    for key in UNSUPPORTED_SHEETS:
        sheet = workbook.sheets.get(key)
        if sheet and sheet.rows:
            reason = REASONS[_SHEET_REASONS.get(key, "cascading_select")]
            found.wrong("sheet_not_supported", sheet.place(sheet.rows[0].number), name=sheet.name, reason=reason)
    if workbook.sheets:
        for name in workbook.ignored:
            found.warn("sheet_ignored", Place(name), name=name)


def _survey_sheet(workbook: Workbook, found: Findings) -> Sheet | None:
    survey = workbook.sheets.get("survey")
    if not survey and not workbook.mistakes:
        names = [sheet.name for sheet in workbook.sheets.values()] + list(workbook.ignored)
        found.wrong("no_survey_sheet", Place(), sheets="、".join(names) or "-")
    return survey


def _parts(workbook: Workbook, sheet: Sheet, found: Findings) -> Parts:
    settings, row = read_settings(workbook.sheets.get("settings"), workbook.name, found)
    nameless = settings.get("default_language", "")
    choices = read_choices(workbook.sheets.get("choices"), nameless, allows_duplicates(settings), found)
    survey = read_survey(sheet, nameless, found)
    parts = Parts(settings, row, survey, choices)
    parts.languages = list(dict.fromkeys([*survey.languages, *choices.languages])) or [nameless] * bool(nameless)
    return parts


def _document(parts: Parts) -> Document:
    document = {
        "settings": parts.settings,
        "languages": parts.languages,
        "items": parts.survey.items,
        "choices": parts.choices.lists,
    }
    return assign_ids(document)


def _check(parts: Parts, document: Document, found: Findings) -> None:
    if not any(origin.item["kind"] == "question" for origin in parts.survey.origins) and not found.mistakes:
        found.wrong("no_questions", parts.survey.sheet.place())
    check_names(parts.survey, found)
    check_lists(parts.survey, parts.choices, found)
    check_roles(parts.survey, parts.choices, found)
    check_languages(parts.survey, parts.choices, parts.languages, found)
    _check_default_language(parts, found)
    check_running(document, parts.survey.origins, parts.settings_row, found)


def _check_default_language(parts: Parts, found: Findings) -> None:
    default = parts.settings.get("default_language", "")
    if default and default not in parts.languages and parts.settings_row:
        place = parts.settings_row.place("default_language")
        found.wrong("unknown_default_language", place, name=default, languages="、".join(parts.languages))
