"""The forms of quotas: a township's grid, a sample spread over margins, a file, another campaign."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from needs.surveys.campaigns.actions.planning import MOST_TARGET
from needs.surveys.campaigns.models import Campaign
from needs.surveys.campaigns.quota_files import any_age, any_occupation
from needs.surveys.campaigns.rules import MOST_SAMPLE, spread
from needs.surveys.columns import AgeBand
from needs.surveys.results.models import Margin, MarginSet
from talentmap.accounts.models import User
from talentmap.regions.models import Region
from talentmap.ui.forms import NumberText, PageForm

Cell = tuple[str, str]
MOST_PEOPLE = 100_000_000


class QuotaGridForm(PageForm):
    """One number a cell of a township, age bands down and occupations across; empty and 0 mean no quota."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self, *args: Any, occupations: Sequence[tuple[str, str]], targets: Mapping[Cell, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.bands = [*AgeBand.choices, ("", any_age())]
        # What other versions asked for stays editable.
        foreign = sorted({work for _band, work in targets} - {work for work, _label in occupations} - {""})
        self.works = [*occupations, *((work, work) for work in foreign), ("", any_occupation())]
        self.cells: dict[str, Cell] = {}
        for row, (band, band_label) in enumerate(self.bands):
            for column, (work, work_label) in enumerate(self.works):
                name = f"q{row}_{column}"
                self.cells[name] = (band, work)
                label = f"{band_label} · {work_label}"
                field = forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST_TARGET)
                field.widget = NumberText(attrs={"inputmode": "numeric", "autocomplete": "off", "aria-label": label})
                field.initial = targets.get((band, work)) or None
                self.fields[name] = field

    @property
    def rows(self) -> Iterator[tuple[Any, list[tuple[Any, BoundField]]]]:
        for row, (_band, label) in enumerate(self.bands):
            yield label, [(work[1], self[f"q{row}_{column}"]) for column, work in enumerate(self.works)]

    @property
    def targets(self) -> dict[Cell, int]:
        return {cell: self.cleaned_data.get(name) or 0 for name, cell in self.cells.items()}


class SpreadForm(PageForm):
    """A sample size and the population behind it; every number can be typed over."""

    total = forms.IntegerField(
        label=gettext_lazy("Sample size"),
        min_value=1,
        max_value=MOST_SAMPLE,
        help_text=gettext_lazy("Answers wanted in all townships together"),
    )

    def __init__(
        self,
        *args: Any,
        townships: Sequence[Region],
        occupations: Sequence[tuple[str, str]],
        known: Mapping[tuple[str, str], int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parts: dict[str, list[tuple[str, Any]]] = {"t": [], "a": [], "o": []}
        for region in townships:
            given = next((known[key] for key in _keys(region) if key in known), region.population)
            self._add("t", region.pk, region.name, given)
        for band, label in AgeBand.choices:
            self._add("a", band, label, known.get((Margin.Dimension.AGE_BAND, band)))
        for place, (work, word) in enumerate(occupations):
            self._add("o", work, word, known.get((Margin.Dimension.OCCUPATION, work)), place)

    def layout(self) -> Layout:
        margins = (
            ("t", _("Population of the townships")),
            ("a", _("Population by age band")),
            ("o", _("Population by occupation")),
        )
        sets = [Fieldset(legend, *(name for name, _key in self.parts[part])) for part, legend in margins]
        return Layout(Fieldset(_("The sample"), "total"), *(each for each in sets if each.fields))

    def _add(self, part: str, key: Any, label: Any, given: int | None, place: int | None = None) -> None:
        name = f"{part}{key if place is None else place}"
        field = forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST_PEOPLE, initial=given)
        field.widget = NumberText(attrs={"inputmode": "numeric", "autocomplete": "off"})
        self.fields[name] = field
        self.parts[part].append((name, key))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.errors and not any(self._margin("t").values()):
            raise forms.ValidationError(_("Enter the population of at least one township."))
        return values

    def _margin(self, part: str) -> dict[Any, int]:
        return {key: self.cleaned_data.get(name) or 0 for name, key in self.parts[part]}

    @property
    def targets(self) -> dict[tuple[int, str, str], int]:
        """A margin without any number is not asked."""
        ages, works = ({key: n for key, n in self._margin(part).items() if n} for part in "ao")
        return spread(self.cleaned_data["total"], self._margin("t"), ages, works)


def _keys(region: Region) -> tuple[tuple[str, str], ...]:
    return tuple((Margin.Dimension.TOWNSHIP, name) for name in (region.code, str(region.pk), region.name))


class MarginChoiceForm(forms.Form):
    margins = forms.ModelChoiceField(
        label=gettext_lazy("Population margins"),
        queryset=MarginSet.objects.filter(archived_at=None),
        required=False,
        empty_label=gettext_lazy("None: type the numbers"),
    )


class QuotaFileForm(PageForm):
    file = forms.FileField(
        label=gettext_lazy("Excel or CSV file"),
        help_text=gettext_lazy("Columns: township, age band, occupation, target. The townships in the file get "
                               "exactly these quotas; other townships keep theirs."),
    )  # fmt: skip


class CopyForm(PageForm):
    source = forms.ModelChoiceField(label=pgettext_lazy("quotas", "Copy from"), queryset=Campaign.objects.none())

    def __init__(self, *args: Any, user: User, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Campaign.objects.visible_to(user).exclude(pk=campaign.pk).filter(quotas__isnull=False).distinct()
        self.fields["source"].queryset = others  # type: ignore[attr-defined]
