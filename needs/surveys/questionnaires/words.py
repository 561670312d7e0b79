"""What people call the parts of a questionnaire: types, roles, and the keys of an item."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TYPE_WORDS: dict[str, Any] = {
    "text": pgettext_lazy("question type", "Text"),
    "integer": pgettext_lazy("question type", "Whole number"),
    "decimal": pgettext_lazy("question type", "Decimal number"),
    "range": pgettext_lazy("question type", "Scale"),
    "date": pgettext_lazy("question type", "Date"),
    "time": pgettext_lazy("question type", "Time"),
    "dateTime": pgettext_lazy("question type", "Date and time"),
    "select_one": pgettext_lazy("question type", "One choice"),
    "select_multiple": pgettext_lazy("question type", "Several choices"),
    "rank": pgettext_lazy("question type", "Ranking"),
    "note": pgettext_lazy("question type", "Note"),
    "acknowledge": pgettext_lazy("question type", "Acknowledgement"),
    "calculate": pgettext_lazy("question type", "Calculation"),
    "hidden": pgettext_lazy("question type", "Hidden value"),
    "geopoint": pgettext_lazy("question type", "Location"),
    "image": pgettext_lazy("question type", "Photo"),
    "file": pgettext_lazy("question type", "File"),
    "barcode": pgettext_lazy("question type", "Barcode"),
    "start": pgettext_lazy("question type", "Time of beginning"),
    "end": pgettext_lazy("question type", "Time of ending"),
    "today": pgettext_lazy("question type", "Day of filling in"),
    "deviceid": pgettext_lazy("question type", "Device"),
    "username": pgettext_lazy("question type", "Interviewer"),
    "group": pgettext_lazy("question type", "Group"),
    "repeat": pgettext_lazy("question type", "Repeated group"),
}
ICONS: dict[str, str] = {
    "text": "fonts", "integer": "123", "decimal": "percent", "range": "sliders", "date": "calendar3", "time": "clock",
    "dateTime": "calendar-event", "select_one": "ui-radios", "select_multiple": "ui-checks", "rank": "list-ol",
    "note": "card-text", "acknowledge": "check2-square", "calculate": "calculator", "hidden": "eye-slash",
    "geopoint": "geo-alt", "image": "camera", "file": "paperclip", "barcode": "upc-scan", "start": "play",
    "end": "stop", "today": "calendar-check", "deviceid": "phone", "username": "person", "group": "folder2",
    "repeat": "arrow-repeat",
}  # fmt: skip
ROLE_WORDS: dict[str, Any] = {
    "age": _("Age in years"),
    "age_band": _("Age band"),
    "birth_date": _("Date of birth"),
    "sex": _("Sex"),
    "occupation": pgettext_lazy("respondent", "Occupation"),
}
KEY_WORDS: dict[str, Any] = {
    "label": _("Question text"),
    "hint": _("Hint"),
    "guidance_hint": _("Guidance for interviewers"),
    "name": _("Name in formulas"),
    "type": _("Type of answer"),
    "list": _("Choice list"),
    "or_other": _("With “other, namely”"),
    "required": _("Must be answered"),
    "required_message": _("What is said when it is missing"),
    "relevant": _("Asked when"),
    "constraint": _("Answer must meet"),
    "constraint_message": _("What is said otherwise"),
    "read_only": _("Cannot be changed"),
    "default": _("Answer to begin with"),
    "calculation": _("Calculated as"),
    "choice_filter": _("Choices shown when"),
    "appearance": pgettext_lazy("question", "Appearance"),
    "parameters": _("Parameters"),
    "repeat_count": _("How often"),
    "role": _("Says of the respondent"),
    "personal": _("Names a person"),
    "media": _("Pictures and sound"),
    "extra": _("Other columns"),
    "title": pgettext_lazy("questionnaire", "Title"),
    "instance_name": _("Name of a response"),
    "default_language": _("Language to begin with"),
    "style": pgettext_lazy("questionnaire", "Layout"),
    "position": _("Place"),
    "items": pgettext_lazy("questionnaire", "Questions"),
    "id": _("Stable id"),
}

# The key of an item that adds the choice “other” and a question after it.
SELECTS_OTHER = "or_other"


def key_word(key: str) -> Any:
    return KEY_WORDS.get(key, key)
