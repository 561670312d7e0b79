"""Inputs of the register: values that are never shown again, organisations by name, identifiers."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from talentmap.people import identifiers
from talentmap.people.models import Organisation

_TEXT_INPUTS = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


class CheckedField(forms.CharField):
    """Text read by one of the identifiers' parsers; a mistake is named at the field."""

    def __init__(self, parse: Any, **kwargs: Any) -> None:
        self.parse = parse
        kwargs.setdefault("widget", forms.TextInput(attrs=dict(_TEXT_INPUTS)))
        super().__init__(**{"required": False, "max_length": 40} | kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return self.parse(text) if text else ""
        except identifiers.BadIdentifier as error:
            raise ValidationError(error.args[0]) from error


class OrganisationInput(forms.TextInput):
    """A text input that offers the registered organisations while one types."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        options = f"{(attrs or {}).get('id', name)}_options"
        offered = {
            "list": options,
            "hx-get": f"{reverse('people:organisation_names')}?field={name}",
            "hx-trigger": "input changed delay:300ms",
            "hx-target": f"#{options}",
            "autocomplete": "off",
        }
        shown = super().render(name, value, {**(attrs or {}), **offered}, renderer)
        return format_html('{}<datalist id="{}"></datalist>', shown, options)


class OrganisationField(forms.CharField):
    """The name of an organisation; gives the registered one of that name, or the name itself."""

    widget = OrganisationInput
    default_error_messages: ClassVar[Any] = {
        "not_registered": gettext_lazy(
            "No organisation of this name is registered: please choose one of the list or ask the office."
        ),
    }

    def __init__(self, *, only_registered: bool = False, **kwargs: Any) -> None:
        self.only_registered = only_registered
        super().__init__(**{"required": False, "max_length": 100} | kwargs)

    def clean(self, value: Any) -> Organisation | str:
        name = " ".join(super().clean(value).split())
        found = Organisation.objects.filter(name=name).order_by("-is_active", "pk").first() if name else None
        if found is None and name and self.only_registered:
            raise ValidationError(str(self.error_messages["not_registered"]))
        return found or name


class PlainFileInput(forms.ClearableFileInput):
    def __init__(self, accept: str) -> None:
        super().__init__(attrs={"accept": accept})


REASONS = (
    gettext_lazy("Contact about an application"),
    gettext_lazy("Checking the identity"),
    gettext_lazy("Preparing a payment"),
    gettext_lazy("Answering a question of the person"),
)
