"""The two choices above a dashboard: which period, which township."""

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from talentmap.accounts.permissions import Permission
from talentmap.dashboards.scope import AGAINST, PRESETS, Scope, back, before, period, townships_for

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
MOST_DAYS = 3660


class ScopeForm(forms.Form):
    """Always gives a scope: what cannot be read falls back to the last 12 months and the whole reach."""

    period = forms.ChoiceField(label=_("Period"), choices=PRESETS, required=False)
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, reader: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["township"] = forms.ModelChoiceField(
            label=_("Township"),
            queryset=townships_for(reader, Permission.VIEW_DASHBOARDS),
            to_field_name="code",
            required=False,
            empty_label=_("All townships"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("period") == "own":
            first, last = cleaned.get("first"), cleaned.get("last")
            if not (first and last):
                self.add_error("period", _("Give both days of the period."))
            elif not (first >= EARLIEST and last <= LATEST):
                self.add_error("period", _("Choose days from 2000 to 2100."))
            elif last < first:
                self.add_error("last", _("The period ends before it begins."))
            elif (last - first).days > MOST_DAYS:
                self.add_error("first", _("A period is at most ten years long."))
        return cleaned

    @property
    def preset(self) -> str:
        """The kind of period that `scope` comes from."""
        wanted = self.cleaned_data.get("period", "") if self.is_valid() else ""
        return wanted if wanted in dict(PRESETS) else PRESETS[0][0]

    def scope(self) -> Scope:
        """What was asked for, as far as it makes sense."""
        cleaned = self.cleaned_data if self.is_valid() else {}
        region = getattr(self, "cleaned_data", {}).get("township")
        if cleaned.get("period") == "own":
            return Scope(cleaned["first"], cleaned["last"], region)
        first, last = period(cleaned.get("period", ""), self.today)
        return Scope(first, last, region)


class GroupForm(ScopeForm):
    """The same for one figure, which may look at one group of a split alone; its page says which."""

    split = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    group = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def scope(self) -> Scope:
        cleaned = self.cleaned_data if self.is_valid() else {}
        return replace(super().scope(), **{name: cleaned.get(name, "") for name in ("split", "group")})


class ComparedForm(ScopeForm):
    """The same, with what the period is compared with; a mistake there falls back to the period before."""

    against = forms.ChoiceField(label=_("Compared with"), choices=AGAINST, required=False)
    other_first = forms.DateField(
        label=_("Compared from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    other_last = forms.DateField(
        label=_("Compared until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    field_order = ("township", "period", "first", "last", "against", "other_first", "other_last")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("against") == "other":
            first, last = cleaned.get("other_first"), cleaned.get("other_last")
            if not (first and last):
                self.add_error("against", _("Give both days of the period to compare with."))
            elif not (EARLIEST <= first <= last <= LATEST) or (last - first).days > MOST_DAYS:
                self.add_error("other_last", _("Choose a period of at most ten years that ends after it begins."))
        return cleaned

    def compared(self) -> Scope:
        """The period that `scope` is compared with; the same place."""
        scope, cleaned = self.scope(), self.cleaned_data if self.is_valid() else {}
        if cleaned.get("against") == "other":
            return replace(scope, first=cleaned["other_first"], last=cleaned["other_last"])
        return back(scope, 12) if cleaned.get("against") == "year" else before(scope, self.preset)
