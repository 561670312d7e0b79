"""The two choices above a dashboard: which period, which township."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from talentmap.accounts.permissions import Permission
from talentmap.dashboards.scope import PRESETS, Scope, period, townships_for

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


class ScopeForm(forms.Form):
    """Always gives a scope: what cannot be read falls back to the last 12 months and the whole reach."""

    period = forms.ChoiceField(label=_("Period"), choices=PRESETS, required=False)
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    split = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    group = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

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
            elif (last - first).days > 3660:
                self.add_error("first", _("A period is at most ten years long."))
        return cleaned

    def scope(self) -> Scope:
        """What was asked for, as far as it makes sense."""
        cleaned = self.cleaned_data if self.is_valid() else {}
        region = getattr(self, "cleaned_data", {}).get("township")
        group = {name: cleaned.get(name, "") for name in ("split", "group")}
        if cleaned.get("period") == "own":
            return Scope(cleaned["first"], cleaned["last"], region, **group)
        first, last = period(cleaned.get("period", ""), self.today)
        return Scope(first, last, region, **group)
