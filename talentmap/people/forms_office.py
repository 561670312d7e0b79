"""Forms of the office: finding, importing, organisations, data requests, joining accounts."""

import re
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talentmap.people import identifiers
from talentmap.people.choices import (
    Category,
    Education,
    IdentityField,
    Industry,
    OrganisationKind,
    RequestKind,
    RequestState,
    Team,
)
from talentmap.people.form_fields import CheckedField, PlainFileInput
from talentmap.people.forms import parse_id_today
from talentmap.people.models import Organisation, Talent
from talentmap.people.records import DataRequest
from talentmap.regions.forms import RegionField
from talentmap.regions.models import Region
from talentmap.ui.forms import PageForm, PageModelForm, SearchInput
from talentmap.ui.search import SearchFilter

_ALL = gettext_lazy("All")


class TalentFilter(django_filters.FilterSet):
    q = SearchFilter(label=gettext_lazy("Name, pinyin or the phone's last four digits"), method="search", max_length=50)
    township = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Township"), queryset=Region.objects.townships(), method="below", empty_label=_ALL
    )
    category = django_filters.ChoiceFilter(label=gettext_lazy("Category"), choices=Category.choices, empty_label=_ALL)
    education = django_filters.ChoiceFilter(
        label=gettext_lazy("Education"), choices=Education.choices, empty_label=_ALL
    )
    team = django_filters.ChoiceFilter(label=gettext_lazy("Team"), choices=Team.choices, empty_label=_ALL)
    identity = django_filters.ChoiceFilter(
        label=gettext_lazy("Identity"),
        choices=[("verified", gettext_lazy("verified")), ("open", gettext_lazy("not verified"))],
        method="by_identity",
        empty_label=_ALL,
    )

    class Meta:
        model = Talent
        fields: tuple[str, ...] = ()

    def search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    def below(self, queryset: QuerySet, name: str, value: Region) -> QuerySet:
        return queryset.filter(region__code__startswith=value.prefix)

    def by_identity(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(identity_verified_at__isnull=value == "open")


class OrganisationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label=gettext_lazy("Name, pinyin or credit code"), method="search", max_length=50, widget=SearchInput
    )
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=OrganisationKind.choices, empty_label=_ALL)
    industry = django_filters.ChoiceFilter(label=gettext_lazy("Industry"), choices=Industry.choices, empty_label=_ALL)
    township = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Township"), queryset=Region.objects.townships(), method="below", empty_label=_ALL
    )

    class Meta:
        model = Organisation
        fields: tuple[str, ...] = ()

    def search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    def below(self, queryset: QuerySet, name: str, value: Region) -> QuerySet:
        return queryset.filter(region__code__startswith=value.prefix)


class DataRequestFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=RequestState.choices, empty_label=_ALL)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=RequestKind.choices, empty_label=_ALL)

    class Meta:
        model = DataRequest
        fields: tuple[str, ...] = ()


class FindByIdForm(PageForm):
    id_number = CheckedField(parse_id_today, label=gettext_lazy("ID number"), required=True)


class ImportForm(PageForm):
    file = forms.FileField(
        label=gettext_lazy("Table of people"),
        help_text=gettext_lazy("Excel (.xlsx) or CSV, up to 2,000 rows and 10 MB. The first row holds the headings."),
        widget=PlainFileInput(".xlsx,.csv"),
    )


class ExportForm(PageForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "ID numbers and phones in full are handed out for a reason that is kept in the access log."
        ),
    )


class OrganisationForm(PageModelForm):
    credit_code = CheckedField(
        lambda text: identifiers.parse_credit_code(text).value,
        label=gettext_lazy("Unified social credit code"),
        help_text=gettext_lazy("18 characters. A wrong check digit is marked, not refused: some real firms have one."),
    )
    region = RegionField(label=gettext_lazy("Township or village"), required=False, empty_label="—")
    fieldsets = (
        (gettext_lazy("Organisation"), ("name", "kind", "credit_code", "industry", "region")),
        (gettext_lazy("Contact"), ("contact_name", "contact_phone", "is_active")),
    )

    class Meta:
        model = Organisation
        fields = ("name", "kind", "credit_code", "industry", "region", "contact_name", "contact_phone", "is_active")

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not any(character.isalnum() for character in name):
            raise ValidationError(_("Please enter a name."))
        return name

    def clean_contact_phone(self) -> str:
        phone = identifiers.plain(self.cleaned_data["contact_phone"])
        if phone and not re.fullmatch(r"\+?[0-9-]{7,20}", phone):
            raise ValidationError(_("A phone number has 7 to 20 digits and hyphens."))
        return phone


class CorrectionForm(PageForm):
    field = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        required=False,
        choices=[("", gettext_lazy("Something else: I explain it below")), *IdentityField.choices],
    )
    wanted_value = forms.CharField(
        label=gettext_lazy("Correct value"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Dates like 1990-06-30. For the sex: male or female."),
    )
    text = forms.CharField(label=gettext_lazy("Explanation"), max_length=1000, required=False, widget=forms.Textarea)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("field") and not data.get("wanted_value"):
            self.add_error("wanted_value", _("Please enter the correct value."))
        if not data.get("field") and not data.get("text"):
            self.add_error("text", _("Please say what is to be corrected."))
        if data.get("field") == IdentityField.SEX:
            data["wanted_value"] = _sex(data.get("wanted_value", ""))
        return data


def _sex(text: str) -> str:
    return {"男": "male", "女": "female"}.get(text.strip(), text.strip().lower())


class DeletionForm(PageForm):
    text = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("You need not give a reason."),
    )
    sure = forms.BooleanField(label=gettext_lazy("I want my talent file deleted and my account closed."))


class AnswerForm(PageForm):
    state = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (RequestState.DONE.value, gettext_lazy("Carry out")),
            (RequestState.REFUSED.value, gettext_lazy("Refuse")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer to the person"),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "A refusal needs a reason. A deletion's answer lists by itself what is deleted and kept."
        ),
    )


class CheckedAnswerForm(AnswerForm):
    """For the correction of a verified identity, which stays verified."""

    identity_checked = forms.BooleanField(
        label=gettext_lazy("I have checked the ID document"),
        required=False,
        help_text=gettext_lazy("Needed to carry out the correction: the identity stays verified."),
    )


class ClearNumberForm(PageForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea,
        help_text=gettext_lazy("It is kept in the audit history."),
    )


class LinkAccountForm(PageForm):
    mobile = CheckedField(
        identifiers.parse_mobile,
        label=gettext_lazy("Mobile number of the account"),
        required=True,
        help_text=gettext_lazy("The number with which the person registered."),
    )
