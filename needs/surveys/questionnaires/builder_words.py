"""What the builder's scripts say and draw, in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from needs.surveys.questionnaires.words import ICONS, KEY_WORDS, ROLE_WORDS, TYPE_WORDS
from talentmap.ui.icons import icon

_ICONS = (
    "arrow-counterclockwise", "arrow-left", "asterisk", "bookmark-plus", "chevron-bar-left", "chevron-bar-right",
    "chevron-down", "chevron-right", "chevron-up", "clipboard-plus", "copy", "exclamation-triangle-fill", "gear",
    "layout-three-columns", "plus-lg", "signpost-split", "trash", "x-lg",
)  # fmt: skip


def setup() -> dict[str, Any]:
    return {
        "types": {code: {"label": str(label), "icon": ICONS[code]} for code, label in TYPE_WORDS.items()},
        "groups": _palette(),
        "roles": {code: str(label) for code, label in ROLE_WORDS.items()},
        "operators": _operators(),
        "icons": {name: str(icon(name)) for name in {*_ICONS, *ICONS.values()}},
        "shortcuts": _shortcuts(),
        "words": {
            **_general(),
            **_panel(),
            **_choices(),
            **_dialogs(),
            "keys": {key: str(label) for key, label in KEY_WORDS.items()},
            "help": _help(),
            "states": _states(),
        },
    }


def _palette() -> list[dict[str, Any]]:
    return [
        {"title": _("Choices"), "types": ["select_one", "select_multiple", "rank", "acknowledge"]},
        {"title": _("Typed in"), "types": ["text", "integer", "decimal", "range", "date", "time", "dateTime"]},
        {"title": _("From the device"), "types": ["geopoint", "image", "file", "barcode"]},
        {"title": _("Structure"), "types": ["group", "repeat", "note"]},
        {
            "title": _("Not seen by the respondent"),
            "types": ["calculate", "hidden", "start", "end", "today", "deviceid", "username"],
        },
    ]


def _operators() -> dict[str, str]:
    return {
        "=": _("is"),
        "!=": _("is not"),
        ">": _("is greater than"),
        ">=": _("is at least"),
        "<": _("is less than"),
        "<=": _("is at most"),
        "includes": _("includes"),
        "excludes": _("does not include"),
        "answered": _("is answered"),
        "empty": _("is not answered"),
    }


def _shortcuts() -> list[tuple[str, str]]:
    return [
        ("↑ ↓", _("Next or previous question in the list")),
        ("← →", _("Close or open a group")),
        ("Enter", _("Edit the chosen question")),
        ("Alt ↑ ↓", _("Move it up or down")),
        ("Alt → ←", _("Move it into the group above, or out of its group")),
        ("Delete", _("Delete it")),
        ("Ctrl D", _("Duplicate it")),
        ("Alt N", _("Add a question")),
        ("Alt B", _("Take from the question bank")),
        ("Ctrl Z", _("Undo")),
        ("Ctrl Y", _("Redo")),
        ("Ctrl S", _("Save now")),
        ("?", _("Show these shortcuts")),
    ]


def _states() -> dict[str, str]:
    return {
        "saved": _("All changes are saved."),
        "changed": _("Not saved yet…"),
        "saving": _("Saving…"),
        "failed": _("Not saved."),
        "refused": _("Not saved."),
        "conflict": _("Not saved."),
    }


def _general() -> dict[str, str]:
    return {
        "settings": _("Title and languages"),
        "noQuestions": _("There is no question in it yet: add the first one."),
        "noText": _("no text yet"),
        "hasCondition": _("Asked under a condition"),
        "required": _("Must be answered"),
        "problemCount": _("Problems: {count}"),
        "undo": _("Undo"),
        "moved": _("Moved."),
        "deleted": _("“{name}” is deleted."),
        "inserted": _("“{name}” is inserted."),
        "kept": _("It is kept in the question bank."),
        "copied": _("Copied."),
        "offline": _("The server did not answer. Your changes stay in this page; it tries again by itself."),
        "signedOut": _("You are signed out. Sign in again in another window, then save with Ctrl S."),
        "denied": _("You may not do this. Reload the page to see what has changed."),
        "tooLarge": _("The questionnaire has {size} KB; at most {limit} KB can be kept."),
        "close": _("Close"),
        "cancel": _("Cancel"),
        "back": _("Back to the list"),
    }


def _panel() -> dict[str, str]:
    return {
        "tools": _("What to do with it"),
        "up": _("Move up"),
        "down": _("Move down"),
        "out": _("Move out of the group"),
        "in": _("Move into the group above"),
        "duplicate": _("Duplicate"),
        "remove": _("Delete"),
        "keep": _("Keep in the question bank"),
        "language": _("Language of the texts"),
        "languages": _("Languages"),
        "noLanguage": _("no language"),
        "mainLanguage": _("language to begin with"),
        "makeMain": _("Begin with it"),
        "newLanguage": _("Add a language"),
        "add": pgettext("verb", "Add"),
        "removeLanguage": _("Delete the texts in {name}?"),
        "removeLanguageText": _("All texts in this language leave the draft. It can be undone."),
        "sectionAnswer": pgettext("survey", "Answer"),
        "sectionGroup": _("Group"),
        "sectionChecks": _("Must it be answered, and how is it checked"),
        "sectionMore": _("More"),
        "repeats": _("Asked again for each member, plot, child …"),
        "idKept": _("Answers stay together under the stable id “{id}”, whatever the name."),
        "noRole": _("nothing in particular"),
        "styleAll": _("All on one page"),
        "stylePages": _("Page by page"),
        "byHand": _("This condition is written by hand; it is edited as an expression below."),
        "all": _("All of these hold"),
        "any": _("One of these holds"),
        "joint": _("How the conditions are joined"),
        "question": pgettext("questionnaire", "Question"),
        "operator": _("Comparison"),
        "value": pgettext("survey", "Answer"),
        "chooseQuestion": _("Choose a question"),
        "chooseValue": _("Choose an answer"),
        "addCondition": _("Add a condition"),
        "removeCondition": _("Remove the condition {name}"),
        "asExpression": _("As an expression"),
        "expressionHelp": _("Empty: always asked. ${name} stands for the answer to a question."),
    }


def _choices() -> dict[str, str]:
    return {
        "list": _("Choice list"),
        "noList": _("no list yet"),
        "newList": _("A new list"),
        "shared": _("Shared with other questions: {count}. A change holds for all of them."),
        "ownList": _("Make a list of its own"),
        "orOther": _("With “other, namely”: the respondent types what is missing"),
        "choiceText": _("What is shown"),
        "choiceName": _("Stored as"),
        "order": _("Order"),
        "choiceTextOf": _("Text of choice {number}"),
        "choiceNameOf": _("Stored name of choice {number}"),
        "upOf": _("Move “{name}” up"),
        "downOf": _("Move “{name}” down"),
        "duplicateOf": _("Duplicate “{name}”"),
        "deleteOf": _("Delete “{name}”"),
        "addChoice": _("Add a choice"),
        "paste": _("Paste many"),
        "pasteLabel": _("One choice a line"),
        "pasteHelp": _("Copied from a table with two columns, the first is the stored name, the second the text."),
        "pasteAdd": _("Add them"),
        "pasteReplace": _("Replace the list"),
        "addColumn": _("Add a column"),
        "columnName": _("Name of the column"),
        "columnHelp": _("For choices that depend on an earlier answer: letters, digits and _ only."),
    }


def _dialogs() -> dict[str, str]:
    return {
        "addTitle": _("What is added?"),
        "bankTitle": _("From the question bank"),
        "bankSearch": _("Title, topic or choice"),
        "bankNothing": _("Nothing matches."),
        "bankEmpty": _("The bank is empty. Choose a question and keep it there."),
        "loading": _("Loading…"),
        "insert": _("Insert"),
        "keepTitle": _("Keep in the question bank"),
        "keepName": _("Title"),
        "keepTopic": _("Topic"),
        "keepHelp": _("Questions of one topic stand together, for example: the person, training."),
        "shortcuts": _("Keyboard shortcuts"),
    }


def _help() -> dict[str, str]:
    return {
        "name": _("Letters, digits and _; formulas refer to it as ${name}."),
        "required": _("A condition under which it must be answered; empty: it may be left out."),
        "constraint": _("“.” stands for the answer itself, for example: . >= 0 and . <= 120"),
        "read_only": _("yes, or a condition."),
        "default": _("A value, or an expression that is computed when the form is opened."),
        "calculation": _("Computed again whenever an answer in it changes."),
        "choice_filter": _("For example: county = ${county}, where county is a column of the choices."),
        "appearance": _("For example: minimal, likert, columns, multiline, quick; table-list for groups."),
        "parameters": _("For example: start=0 end=10 step=1"),
        "repeat_count": _("A number or an expression; empty: the respondent adds as many as needed."),
        "role": _("Quotas, weights and results go by it."),
        "personal": _("Stored encrypted, left out of results and exports unless permitted."),
        "guidance_hint": _("Shown on demand, for whoever asks the question."),
        "instance_name": _("How a response is called in lists, for example: concat(${village}, ' ', ${age})"),
        "form_id": _("Other tools recognise the form by it."),
    }
