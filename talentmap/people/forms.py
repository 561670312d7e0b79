"""Forms of a person's file, for the person on the phone and for staff at the desk."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from talentmap.people import identifiers, rules
from talentmap.people.choices import Purpose, Relation, SkillLevel
from talentmap.people.consents import WORDINGS, wording
from talentmap.people.form_fields import CheckedField, OrganisationField
from talentmap.people.models import Organisation, Talent
from talentmap.regions.forms import RegionField
from talentmap.regions.models import Level
from talentmap.ui.forms import PageForm, PageModelForm

EARLIEST = date(1900, 1, 1)
NAME_LENGTH = 50


def parse_id_today(text: str) -> str:
    return identifiers.parse_id_number(text, timezone.localdate()).value


def _check_day(day: date | None, *, past: bool) -> None:
    if day is None:
        return
    if day < EARLIEST:
        raise ValidationError(_("The date lies too far back."))
    if past and day > timezone.localdate():
        raise ValidationError(_("The date lies in the future."))
    if day.year > timezone.localdate().year + 20:
        raise ValidationError(_("The date lies too far ahead."))


class FileForm(PageModelForm):
    """Base of all forms over a file: `changes()` is what `update_talent` takes.

    `kept` names entries whose present value the page never shows: left empty, they stay as they are.
    """

    kept: tuple[str, ...] = ()
    past_dates = ("birth_date", "graduated_on", "employed_since", "returned_on", "category_since")

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A model form writes what was typed into its instance even when it is refused.
        self.stored = Talent.objects.get(pk=self.instance.pk) if self.instance.pk else None
        self.fields["version"].initial = self.instance.version
        for name in self.kept:
            self._hint_kept(name)
        for name, text in (("employer_text", self._employer()), ("enterprise_text", self._enterprise())):
            if name in self.fields:
                self.fields[name].initial = text
        if "name" in self.fields:
            self.fields["name"].widget.attrs["maxlength"] = NAME_LENGTH

    def _employer(self) -> str:
        return self.stored.employer_label if self.stored else ""

    def _enterprise(self) -> str:
        return self.stored.enterprise.name if self.stored and self.stored.enterprise else ""

    def _hint_kept(self, name: str) -> None:
        masked = getattr(self.stored, f"masked_{name}", "") if self.stored else ""
        if masked and name in self.fields:
            told = _("On file: %(masked)s. Leave this empty to keep it.") % {"masked": masked}
            self.fields[name].help_text = told
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField) and data.get(name):
                self._clean_day(name, data[name])
        if problem := rules.term_problem(data):
            self.add_error(None, str(problem))
        return data

    def _clean_day(self, name: str, day: date) -> None:
        try:
            _check_day(day, past=name in self.past_dates)
        except ValidationError as error:
            self.add_error(name, error)

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not any(character.isalpha() for character in name):
            raise ValidationError(_("Please enter a name."))
        return name[:NAME_LENGTH]

    def changes(self) -> dict[str, Any]:
        """The entries to write; those kept hidden only when a new value was typed."""
        data = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("version", "employer_text", "enterprise_text", "consent")
            and (value or name not in self.kept)
        }
        if "employer_text" in self.cleaned_data:
            data |= _employer_entries(self.cleaned_data["employer_text"])
        if "enterprise_text" in self.cleaned_data:
            data["enterprise"] = self.cleaned_data["enterprise_text"] or None
        return data


def _employer_entries(chosen: Organisation | str) -> dict[str, Any]:
    if isinstance(chosen, Organisation):
        return {"employer": chosen, "employer_name": ""}
    return {"employer": None, "employer_name": chosen}


def _region_field() -> RegionField:
    return RegionField(
        levels=(Level.TOWNSHIP, Level.VILLAGE),
        label=gettext_lazy("Township or village"),
        required=False,
        empty_label="—",
    )


def _id_field() -> CheckedField:
    return CheckedField(
        parse_id_today,
        label=gettext_lazy("ID number"),
        help_text=gettext_lazy("18 characters, as on the card. It is stored encrypted and shown masked."),
    )


def _phone_field(**kwargs: Any) -> CheckedField:
    return CheckedField(
        identifiers.parse_mobile,
        label=gettext_lazy("Mobile phone"),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        **kwargs,
    )


def _employer_field() -> OrganisationField:
    return OrganisationField(
        label=gettext_lazy("Employer"),
        help_text=gettext_lazy("Type a few characters and choose, or write the full name."),
    )


def _enterprise_field() -> OrganisationField:
    return OrganisationField(only_registered=True, label=gettext_lazy("Own enterprise"))


class IdentityForm(FileForm):
    kept = ("id_number",)
    id_number = _id_field()

    class Meta:
        model = Talent
        fields = ("name", "sex", "birth_date", "marital_status")

    field_order = ("name", "id_number", "sex", "birth_date", "marital_status")


class ContactForm(FileForm):
    kept = ("phone",)
    phone = _phone_field()
    region = _region_field()
    autocomplete = {"phone": "tel", "email": "email", "address": "street-address"}

    class Meta:
        model = Talent
        fields = ("email", "region", "address")

    field_order = ("phone", "email", "region", "address")


class EducationForm(FileForm):
    class Meta:
        model = Talent
        fields = ("education", "school", "major", "graduated_on")


class WorkForm(FileForm):
    employer_text = _employer_field()
    enterprise_text = _enterprise_field()
    fieldsets = (
        (gettext_lazy("Employment"), ("employer_text", "position", "employed_since", "employed_until")),
        (gettext_lazy("Own enterprise"), ("enterprise_text", "enterprise_stage", "returned_on")),
    )

    class Meta:
        model = Talent
        fields = ("position", "employed_since", "employed_until", "enterprise_stage", "returned_on")


class ConsentingForm(FileForm):
    """A section that rests on a consent: asked for in the same form while it is missing."""

    purpose: Purpose

    def __init__(self, *args: Any, consented: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not consented:
            self.fields["consent"] = forms.BooleanField(
                label=wording(self.purpose),
                error_messages={"required": _("Without this consent it cannot be stored.")},
            )


class BankForm(ConsentingForm):
    purpose = Purpose.BANK_ACCOUNT
    kept = ("bank_account",)
    bank_account = CheckedField(
        identifiers.parse_bank_account,
        label=gettext_lazy("Account number"),
        required=True,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    field_order = ("bank_account_name", "bank_name", "bank_account")

    class Meta:
        model = Talent
        fields = ("bank_account_name", "bank_name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields:
            self.fields[name].required = True
        if not self.initial.get("bank_account_name"):
            self.initial["bank_account_name"] = self.instance.name


class HealthForm(ConsentingForm):
    purpose = Purpose.HEALTH
    health_note = forms.CharField(
        label=gettext_lazy("Health note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea,
        help_text=gettext_lazy("What a hospital that treats you should know: allergies, chronic illness, blood group."),
    )

    class Meta:
        model = Talent
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["health_note"].initial = self.instance.health_note


class StaffFileForm(FileForm):
    """The whole file on one page of the desk."""

    kept = ("id_number", "phone")
    id_number = _id_field()
    phone = _phone_field()
    region = _region_field()
    employer_text = _employer_field()
    enterprise_text = _enterprise_field()
    fieldsets = (
        (gettext_lazy("Identity"), ("name", "id_number", "sex", "birth_date", "marital_status")),
        (gettext_lazy("Contact"), ("phone", "email", "region", "address")),
        (gettext_lazy("Education"), ("education", "school", "major", "graduated_on")),
        (gettext_lazy("Talent category"), ("category", "category_since", "category_until", "team", "is_civil_servant")),
        (gettext_lazy("Employment"), ("employer_text", "position", "employed_since", "employed_until")),
        (gettext_lazy("Own enterprise"), ("enterprise_text", "enterprise_stage", "returned_on")),
    )

    class Meta:
        model = Talent
        fields = (
            "name", "sex", "birth_date", "marital_status", "email", "region", "address",
            "education", "school", "major", "graduated_on",
            "category", "category_since", "category_until", "team", "is_civil_servant",
            "position", "employed_since", "employed_until", "enterprise_stage", "returned_on",
        )  # fmt: skip
        help_texts = {"category_until": gettext_lazy("Left empty: five years after the first day.")}

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        since, until = data.get("category_since"), data.get("category_until")
        if data.get("category") and since and not until:
            data["category_until"] = rules.category_until(since)
        elif not data.get("category"):
            data["category_since"] = data["category_until"] = None
        # The model form validates its instance against the completed dates.
        return super().clean()


class NewFileForm(StaffFileForm):
    """A file is opened on the ground of a consent, which at the counter is signed on paper."""

    consent = forms.BooleanField(
        label=gettext_lazy("The person has signed the consent to keeping a talent file, and the paper is on file"),
        error_messages={"required": gettext_lazy("Without this consent no file may be opened.")},
        help_text=WORDINGS[Purpose.REGISTER],
    )


SECTIONS: dict[str, tuple[Any, type[FileForm]]] = {
    "identity": (gettext_lazy("Identity"), IdentityForm),
    "contact": (gettext_lazy("Contact"), ContactForm),
    "education": (gettext_lazy("Education"), EducationForm),
    "work": (gettext_lazy("Work and enterprise"), WorkForm),
    "bank": (gettext_lazy("Bank account"), BankForm),
    "health": (gettext_lazy("Health note"), HealthForm),
}


class SkillForm(PageForm):
    name = forms.CharField(label=gettext_lazy("Occupation"), max_length=100)
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=SkillLevel)
    certified_on = forms.DateField(label=gettext_lazy("Certified on"), required=False)
    certificate_number = forms.CharField(label=gettext_lazy("Certificate number"), max_length=50, required=False)

    def clean_certified_on(self) -> date | None:
        _check_day(self.cleaned_data["certified_on"], past=True)
        return self.cleaned_data["certified_on"]


class FamilyForm(PageForm):
    relation = forms.ChoiceField(label=gettext_lazy("Relation"), choices=Relation)
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=NAME_LENGTH)
    id_number = CheckedField(parse_id_today, label=gettext_lazy("ID number"))
    birth_date = forms.DateField(label=gettext_lazy("Date of birth"), required=False)

    def __init__(self, *args: Any, consented: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not consented:
            self.fields["consent"] = forms.BooleanField(
                label=wording(Purpose.CHILD), required=False, help_text=_("Only needed for a child.")
            )

    def clean_birth_date(self) -> date | None:
        _check_day(self.cleaned_data["birth_date"], past=True)
        return self.cleaned_data["birth_date"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("relation") == Relation.CHILD and "consent" in self.fields and not data.get("consent"):
            self.add_error("consent", _("A child's data needs the guardian's consent."))
        return data
