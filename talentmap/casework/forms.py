"""The forms of casework's own pages; a service's form pages come from its scheme."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.casework.actions import DayKind
from talentmap.casework.calendar_models import CalendarYear
from talentmap.casework.models import SavedFilter
from talentmap.casework.states import REASON_REQUIRED, Action
from talentmap.ui.forms import PageForm, PageModelForm

TEXT_LIMIT = 2000


def text_area(label: Any, *, required: bool = True, rows: int = 3, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class WithdrawForm(PageForm):
    reason = text_area(_("Why do you withdraw?"), required=False, help_text=_("Optional; it helps us improve."))


class RatingForm(PageForm):
    GRADES = (
        (5, pgettext_lazy("grade", "Very satisfied")),
        (4, pgettext_lazy("grade", "Satisfied")),
        (3, pgettext_lazy("grade", "Basically satisfied")),
        (2, pgettext_lazy("grade", "Dissatisfied")),
        (1, pgettext_lazy("grade", "Very dissatisfied")),
    )
    score = forms.TypedChoiceField(
        label=_("How satisfied are you with the service?"),
        choices=GRADES,
        coerce=int,
        widget=forms.RadioSelect,
    )
    comment = text_area(
        _("What was good, what was not?"),
        required=False,
        help_text=_("Optional. If you are not satisfied, a few words help us to put it right."),
    )


class ReplyForm(PageForm):
    """Words in answer to an item, where nothing needs to change."""

    reply = text_area(_("Your answer"), rows=2)


class DecisionForm(PageForm):
    """One decision on one case. `version` is the state of the case that the person looked at."""

    action = forms.ChoiceField(choices=Action.choices, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = text_area(_("Reason"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("action") in REASON_REQUIRED and not data.get("reason"):
            self.add_error("reason", _("Give the reason: the applicant reads it."))
        return data


class ReturnForm(PageForm):
    """What is missing, all told at once: a note for each field or document that it is about."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, subjects: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {f"note_{code}": _note(label) for code, label in subjects}

    @property
    def notes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("note_")]

    @property
    def items(self) -> list[tuple[str, str]]:
        """(field or document, note) of each that has a note."""
        return [
            (name.removeprefix("note_"), note)
            for name, note in self.cleaned_data.items()
            if name.startswith("note_") and note
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(name.startswith("note_") and note for name, note in data.items()):
            raise forms.ValidationError(_("Say for at least one field or document what is missing."))
        return data


def _note(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=500, strip=True)


class ReassignForm(PageForm):
    reason = text_area(_("Reason"), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = forms.ModelChoiceField(people, label=_("New handler"), empty_label=_("Choose a person"))
        self.fields = {"to": chosen, **self.fields}


class ObjectionForm(PageForm):
    """Anyone may object, also without a name; who leaves a contact is told the answer."""

    autocomplete = {"name": "name"}

    text = text_area(_("What do you object to, and why?"), rows=5)
    name = forms.CharField(label=_("Your name"), max_length=60, required=False)
    contact = forms.CharField(
        label=_("How to reach you"),
        max_length=100,
        required=False,
        help_text=_("Phone or e-mail. Only the office that answers reads it; without it we cannot answer you."),
    )


class AnswerForm(PageForm):
    VERDICTS = (
        ("dismissed", pgettext_lazy("objection", "Not justified: the application goes on")),
        ("upheld", pgettext_lazy("objection", "Justified: the application cannot be approved as it is")),
    )
    verdict = forms.ChoiceField(label=pgettext_lazy("objection", "Result"), choices=VERDICTS, widget=forms.RadioSelect)
    answer = text_area(_("Findings and answer"))


class NoteForm(PageForm):
    note = text_area(_("What was said or done"))


class SavedFilterForm(PageModelForm):
    query = forms.CharField(max_length=500, required=False)

    class Meta:
        model = SavedFilter
        fields = ("name", "query")


class CalendarDayForm(PageForm):
    first = forms.DateField(label=pgettext_lazy("period", "From"))
    last = forms.DateField(label=pgettext_lazy("period", "To"), required=False, help_text=_("Empty: one day only."))
    kind = forms.ChoiceField(label=_("These days are"), choices=DayKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name, e.g. of the holiday"), max_length=60, required=False)

    LONGEST = 31

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last") or data.get("first")
        if first and last:
            self._check_period(first, last)
            data["last"] = last
        return data

    def _check_period(self, first: Any, last: Any) -> None:
        if first.year != self.year or last.year != self.year:
            raise forms.ValidationError(_("The days must lie in %(year)s.") % {"year": self.year})
        if last < first:
            self.add_error("last", _("The last day is before the first."))
        elif (last - first).days >= self.LONGEST:
            self.add_error("last", _("At most %(days)s days at a time.") % {"days": self.LONGEST})


class CalendarYearForm(PageModelForm):
    class Meta:
        model = CalendarYear
        fields = ("source",)
