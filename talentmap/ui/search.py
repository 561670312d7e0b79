"""The box by which a list of people, or of what belongs to them, is searched."""

import re
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from talentmap.ui.forms import SearchInput

_LOOKS_LIKE_ID = re.compile(r"[0-9０-９]{15,}[Xx]?")
# ZF-2026-000123, or as much of it as has been typed.
_LOOKS_LIKE_CASE = re.compile(r"[A-Za-z]{2}-[0-9]{4}-[0-9]*")
_LOOKS_LIKE_PHONE = re.compile(r"[0-9０-９]{8,}")


class SearchField(forms.CharField):
    """A search that goes into the address, so neither an ID number nor a whole phone may be typed into it."""

    widget = SearchInput

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if _LOOKS_LIKE_ID.search(re.sub(r"\s", "", text)):
            raise ValidationError(_("Please use “Find by ID number”: what is typed here appears in the address."))
        if _LOOKS_LIKE_CASE.fullmatch(text):
            return text
        if _LOOKS_LIKE_PHONE.search(re.sub(r"[\s-]", "", text)):
            raise ValidationError(
                _("Please type the phone's last four digits: what is typed here appears in the address.")
            )
        return text


class SearchFilter(django_filters.CharFilter):
    field_class = SearchField
