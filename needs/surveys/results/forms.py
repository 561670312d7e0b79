"""Forms of population margins, weighting runs and themes."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from needs.surveys.results.margins_table import MOST, Rows, known_categories, townships
from needs.surveys.results.models import Margin, MarginSet, Theme
from talentmap.ui.forms import FieldsetSpec, NumberText, PageForm, PageModelForm

Dimension = Margin.Dimension
MOST_OCCUPATIONS = 100


class MarginsForm(PageModelForm):
    """Title, source and day, and a number for each township, age band and sex; occupations one a line."""

    occupations = forms.CharField(
        label=gettext_lazy("Occupations, one a line: name, a space, number"),
        help_text=gettext_lazy("Write the names as the questionnaire's answers do, such as “务农 120000”."),
        widget=forms.Textarea,
        required=False,
        max_length=6000,
    )

    class Meta:
        model = MarginSet
        fields = ("title", "source", "as_of")
        help_texts = {"source": gettext_lazy("Such as the census or yearbook and its table, so that others find it.")}

    def __init__(self, *args: Any, rows: Mapping[tuple[str, str], int | None] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = rows or {}
        self.known = known_categories(townships())
        for dimension, categories in self.known.items():
            for category, label in categories.items():
                self.fields[f"{dimension}_{category}"] = forms.IntegerField(
                    label=label,
                    required=False,
                    min_value=0,
                    max_value=MOST,
                    initial=rows.get((dimension, category)),
                    widget=NumberText(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                )
        own = [(c, n) for (dimension, c), n in rows.items() if dimension == Dimension.OCCUPATION]
        self.fields["occupations"].initial = "\n".join(f"{category} {number}" for category, number in own)

    @property
    def fieldsets(self) -> tuple[FieldsetSpec, ...]:  # type: ignore[override]
        parts = [
            (Dimension(dimension).label, tuple(f"{dimension}_{category}" for category in categories))
            for dimension, categories in self.known.items()
        ]
        first = (gettext_lazy("Where the numbers come from"), ("title", "source", "as_of"))
        return (first, *parts, (Dimension.OCCUPATION.label, ("occupations",)))

    def clean_as_of(self) -> Any:
        day = self.cleaned_data["as_of"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("The day lies in the future."))
        return day

    def clean_occupations(self) -> Rows:
        rows: Rows = {}
        lines = [line.strip() for line in self.cleaned_data["occupations"].splitlines()]
        for place, line in enumerate(lines, start=1):
            name, _space, number = line.rpartition(" ")
            number = number.replace(",", "")
            if not line:
                continue
            if not name.strip() or not (number.isascii() and number.isdigit() and len(number) < 11):
                raise forms.ValidationError(_("Line %(place)s: write a name, a space and a number.") % {"place": place})
            key = (Dimension.OCCUPATION.value, name.strip())
            if key in rows or len(name.strip()) > 60 or int(number) > MOST or len(rows) >= MOST_OCCUPATIONS:
                raise forms.ValidationError(
                    _("Line %(place)s: the name stands there already, or name or number is too long.")
                    % {"place": place}
                )
            rows[key] = int(number)
        return rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.rows:
            raise forms.ValidationError(_("Enter the population of at least one category."))
        return cleaned

    @property
    def rows(self) -> Rows:
        numbers = {
            (dimension, category): self.cleaned_data.get(f"{dimension}_{category}")
            for dimension, categories in self.known.items()
            for category in categories
        }
        own: Rows = self.cleaned_data.get("occupations") or {}
        return {key: number for key, number in numbers.items() if number is not None} | own


class MarginsUploadForm(PageForm):
    file = forms.FileField(label=gettext_lazy("Excel or CSV file"))


class RunForm(PageForm):
    """What a run is made of. `merges` are offered once the margins were found not to fit."""

    margins = forms.ModelChoiceField(MarginSet.objects.none(), label=gettext_lazy("Population margins"))
    dimensions = forms.MultipleChoiceField(
        label=gettext_lazy("Weight by"),
        choices=Dimension.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The margins must have numbers for each of them."),
    )
    cap = forms.FloatField(
        label=gettext_lazy("Largest weight allowed (times the mean)"),
        required=False,
        min_value=1.1,
        max_value=100,
        help_text=gettext_lazy("Empty: no limit. A limit of 4 or 5 keeps single answers from deciding a result."),
    )
    leaves_out = forms.BooleanField(
        label=gettext_lazy("Leave out respondents who did not say one of these, or fit no category"),
        required=False,
    )
    merges = forms.MultipleChoiceField(
        label=gettext_lazy("Merge categories without respondents"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=(),
    )
    note = forms.CharField(label=pgettext_lazy("weighting run", "Note"), required=False, max_length=300)

    def __init__(
        self, *args: Any, margin_sets: QuerySet, offered: list[tuple[str, str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["margins"].queryset = margin_sets  # type: ignore[attr-defined]
        self.offer(offered or [])

    def offer(self, merges: list[tuple[str, str]]) -> None:
        """Values are `dimension|category|into`; what was ticked before stays offered."""
        sent = self.data.getlist("merges") if hasattr(self.data, "getlist") else []
        known = dict(merges)
        choices = [*merges, *((each, each.replace("|", " → ", 2)) for each in sent if each not in known)]
        choices = [(value, label) for value, label in choices if value.count("|") == 2][:40]
        # Shown once there is something to merge.
        self.fields["merges"].widget = forms.CheckboxSelectMultiple() if choices else forms.MultipleHiddenInput()
        self.fields["merges"].choices = choices  # type: ignore[attr-defined]

    @property
    def collapse(self) -> dict[tuple[str, str], str]:
        parts = (each.split("|") for each in self.cleaned_data.get("merges", ()))
        return {(dimension, category): into for dimension, category, into in parts}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        margins, wanted = cleaned.get("margins"), cleaned.get("dimensions") or []
        if margins:
            there = set(margins.margins.filter(population__gt=0).values_list("dimension", flat=True))
            for each in wanted:
                if each not in there:
                    told = {"dimension": Dimension(each).label}
                    self.add_error("dimensions", _("These margins have no numbers by %(dimension)s.") % told)
        return cleaned


class ThemeNameForm(PageForm):
    name = forms.CharField(label=pgettext_lazy("theme", "Name"), max_length=60)


class MergeForm(PageForm):
    into = forms.ModelChoiceField(Theme.objects.none(), label=gettext_lazy("Put its answers into"))

    def __init__(self, *args: Any, others: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]
