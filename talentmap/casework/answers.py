"""What was filled in, as people read it: choices by their words, amounts with separators, each round's changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talentmap.casework import snapshots
from talentmap.casework.models import Application
from talentmap.casework.page_form import SchemePageForm
from talentmap.casework.rules import Change, Words
from talentmap.casework.steps import step_url
from talentmap.ui.templatetags.ui import grouped, money

MONEY_PLACES = 2
HIDDEN = "••••"


@dataclass(frozen=True)
class Answer:
    """One answer; `before` is what it was at the submission before, where it changed since."""

    code: str
    label: Words
    value: str
    before: str = ""
    changed: bool = False


@dataclass(frozen=True)
class AnswerPage:
    code: str
    title: Words
    url: str
    answers: tuple[Answer, ...]


def answer_pages(
    application: Application,
    facts: Any,
    detail: Any,
    *,
    changes: Mapping[str, Change] | None = None,
    reveal: bool = False,
) -> list[AnswerPage]:
    """Every form page with its answers, in the order of the form; `reveal` shows sensitive ones to their owner."""
    found = []
    for page in application.service.form_pages:
        form = application.service.form(page, application, facts, detail=detail)
        answers = tuple(_answer(form, name, (changes or {}).get(name), reveal) for name in form.fields)
        found.append(AnswerPage(page.code, page.title, step_url(application, page.code), answers))
    return [page for page in found if page.answers]


def _answer(form: SchemePageForm, name: str, change: Change | None, reveal: bool) -> Answer:
    field = form.fields[name]
    value = shown(field, form.get_initial_for_field(field, name))
    hidden = is_sensitive(form, name)
    return Answer(
        name,
        field.label or name,
        HIDDEN if hidden and value and not reveal else value,
        HIDDEN if hidden else shown(field, change.before) if change else "",
        changed=change is not None,
    )


def is_sensitive(form: SchemePageForm, name: str) -> bool:
    """Whether the column is stored encrypted, so that reading it needs a reason."""
    names = {field.name: field for field in form._meta.model._meta.get_fields()}
    return bool(getattr(names.get(name), "sensitive", False))


def changes_of_last_round(application: Application) -> dict[str, Change]:
    """What the applicant changed at the last correction, by field or document; nothing after the first submission."""
    return {change.code: change for change in snapshots.changes(application)}


def shown(field: forms.Field, value: Any) -> str:
    """A stored value, or the same from a snapshot's JSON, in words."""
    if value is None or value == "":
        return ""
    for kind, words in _WORDS:
        if isinstance(field, kind):
            return words(field, value)
    return str(value)


def _yes_or_no(field: Any, value: Any) -> str:
    return _("Yes") if value in (True, "true", "True") else _("No")


def _choices(field: Any, values: Any) -> str:
    return pgettext("list", ", ").join(_choice(field, one) for one in values)


def _choice(field: Any, value: Any) -> str:
    """Choices may be grouped, and a coerced True is the choice "True"."""
    flat: dict[str, Any] = {}
    for key, label in field.choices:
        flat |= {str(k): v for k, v in label} if isinstance(label, list | tuple) else {str(key): label}
    return str(flat.get(str(value), value))


def _named(field: forms.ModelChoiceField, value: Any) -> str:
    key = getattr(value, "pk", value)
    found = field.queryset.filter(pk=key).first() if field.queryset is not None else None
    return str(found) if found else str(key)


def _number(field: forms.DecimalField, value: Any) -> str:
    """An amount of money is whatever has two decimal places."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return str(money(number) if field.decimal_places == MONEY_PLACES else grouped(number))


def _day(field: Any, value: Any) -> str:
    day = value if isinstance(value, date) else parse_date(str(value))
    return day.strftime("%Y-%m-%d") if day else str(value)


# The first that fits: a field of a model's rows is a choice field, too.
_WORDS: tuple[tuple[type[forms.Field], Callable[[Any, Any], str]], ...] = (
    (forms.BooleanField, _yes_or_no),
    (forms.ModelChoiceField, _named),
    (forms.MultipleChoiceField, _choices),
    (forms.ChoiceField, _choice),
    (forms.DecimalField, _number),
    (forms.DateField, _day),
)
