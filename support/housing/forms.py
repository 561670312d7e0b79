from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from support.housing.models import Entitlement, HousingApplication
from talentmap.casework.page_form import SchemePageForm
from talentmap.ui.forms import PageForm


class RentHomeForm(SchemePageForm):
    fieldsets: ClassVar = (
        (_("The rented home"), ("address", "landlord", "monthly_rent")),
        (_("The lease"), ("lease_from", "lease_until")),
    )

    class Meta:
        model = HousingApplication
        fields = ("address", "landlord", "monthly_rent", "lease_from", "lease_until")
        labels: ClassVar = {"address": _("Address of the rented home")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _require(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("lease_from"), cleaned.get("lease_until")
        if start and end and end < start:
            self.add_error("lease_until", _("The lease ends before it begins."))
        return cleaned


class PurchaseHomeForm(SchemePageForm):
    class Meta:
        model = HousingApplication
        fields = ("address", "price", "purchased_on", "contract_number")
        labels: ClassVar = {"address": _("Address of the bought home")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _require(self)

    def clean_purchased_on(self) -> Any:
        day = self.cleaned_data["purchased_on"]
        if day and day > timezone.localdate() + timedelta(days=1):
            raise forms.ValidationError(_("The purchase lies in the future."))
        return day


class RentDeclarationForm(SchemePageForm):
    class Meta:
        model = HousingApplication
        fields = ("owns_home", "has_dormitory", "declared_true")
        widgets: ClassVar = {"owns_home": forms.RadioSelect, "has_dormitory": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _require(self)


class PurchaseDeclarationForm(SchemePageForm):
    class Meta:
        model = HousingApplication
        fields = ("declared_true",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _require(self)


def _require(form: SchemePageForm) -> None:
    for field in form.fields.values():
        field.required = True


class EndForm(PageForm):
    """A departure reported by the employer, or another end before the term."""

    on = forms.DateField(label=_("Last day"))
    note = forms.CharField(
        label=_("Who reported it, and why"),
        max_length=200,
        widget=forms.Textarea,
        help_text=_("For example: the employer, by letter of 10 November."),
    )


class CorrectEndForm(PageForm):
    on = forms.DateField(label=_("The right last day"))
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea)


class RevokeForm(PageForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea)


class ApartmentForm(PageForm):
    """A stay in a turnover apartment, recorded by the office; it excludes a rent subsidy for its time."""

    address = forms.CharField(label=_("Apartment"), max_length=200)
    starts_on = forms.DateField(label=_("Moves in on"))
    ends_on = forms.DateField(label=_("Moves out by"))

    def __init__(self, *args: Any, talents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["talent"] = forms.ModelChoiceField(talents, label=_("Talent"), widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The stay ends before it begins."))
        if self.is_valid_stay(cleaned) and self._overlaps(cleaned):
            self.add_error("starts_on", _("A rent subsidy or another apartment covers part of this time."))
        return cleaned

    @staticmethod
    def is_valid_stay(cleaned: dict[str, Any]) -> bool:
        return bool(cleaned.get("talent") and cleaned.get("starts_on") and cleaned.get("ends_on"))

    def _overlaps(self, cleaned: dict[str, Any]) -> bool:
        return Entitlement.objects.of_home(cleaned["talent"], cleaned["starts_on"], cleaned["ends_on"]).exists()
