"""What the history and the access log can be searched by."""

from datetime import date
from ipaddress import ip_address
from typing import Any

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.accounts.records import SignIn
from talentmap.audit import labels, rules, tables
from talentmap.audit.models import AccessLog, AuditEntry

# No clock in here has ever shown a day outside of these; a typing slip gets an answer and not an empty list.
_PLAUSIBLE = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))]
OUTSIDE = "-"


def _day(**options: Any) -> django_filters.DateFilter:
    return django_filters.DateFilter(widget=forms.DateInput(attrs={"type": "date"}), validators=_PLAUSIBLE, **options)


def _text(**options: Any) -> django_filters.CharFilter:
    return django_filters.CharFilter(
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}), max_length=60, **options
    )


class _PeriodFilter(django_filters.FilterSet):
    """The days that both logs share; `until` counts to the end of its day.

    `is_cut` says, once the list is found, that more go by a name than were looked for.
    """

    is_cut = False

    def of_people(self, queryset: QuerySet, path: str, text: str) -> QuerySet:
        found = people_called(text)
        self.is_cut |= len(found) > tables.MOST_FOUND
        return queryset.filter(**{f"{path}__in": found[: tables.MOST_FOUND]})

    def filter_since(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset.filter(at__gte=rules.bounds(value, timezone.get_current_timezone())[0])

    def filter_until(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset.filter(at__lt=rules.bounds(value, timezone.get_current_timezone())[1])


class HistoryFilter(_PeriodFilter):
    who = _text(method="filter_who", label=_("Who did it"))
    about = _text(method="filter_about", label=_("Person, organisation or number concerned"))
    table = django_filters.ChoiceFilter(
        field_name="table_name", choices=tables.table_choices, label=_("Kind of record"), empty_label=_("All")
    )
    action = django_filters.ChoiceFilter(
        method="filter_action",
        choices=lambda: [(OUTSIDE, labels.action_label("")), *labels.action_choices()],
        label=pgettext_lazy("audit", "Action"),
        empty_label=_("All"),
    )
    since = _day(method="filter_since", label=pgettext_lazy("period", "From"))
    until = _day(method="filter_until", label=pgettext_lazy("period", "To"))
    row = django_filters.CharFilter(field_name="row_id", max_length=64, widget=forms.HiddenInput)

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def filter_who(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return self.of_people(queryset, "actor", value)

    def filter_about(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        found = tables.rows_called(value.strip())
        self.is_cut |= found.is_cut
        return queryset.filter(found.condition)

    def filter_action(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(action="" if value == OUTSIDE else value)


class AccessFilter(_PeriodFilter):
    who = _text(method="filter_who", label=_("Who read it"))
    about = _text(method="filter_about", label=_("Whose record"))
    since = _day(method="filter_since", label=pgettext_lazy("period", "From"))
    until = _day(method="filter_until", label=pgettext_lazy("period", "To"))

    class Meta:
        model = AccessLog
        fields: list[str] = []

    def filter_who(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return self.of_people(queryset, "user", value)

    def filter_about(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(tables.subjects_called(value.strip()))


class SignInFilter(_PeriodFilter):
    who = _text(method="filter_who", label=_("Account"))
    outcome = django_filters.ChoiceFilter(
        choices=SignIn.Outcome.choices, label=pgettext_lazy("sign-in", "Outcome"), empty_label=_("All")
    )
    address = django_filters.CharFilter(
        method="filter_address", max_length=45, label=pgettext_lazy("network", "Address")
    )
    since = _day(method="filter_since", label=pgettext_lazy("period", "From"))
    until = _day(method="filter_until", label=pgettext_lazy("period", "To"))

    class Meta:
        model = SignIn
        fields: list[str] = []

    def filter_who(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(user__in=people_called(value))

    def filter_address(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """What is no address is nobody's."""
        try:
            return queryset.filter(address=str(ip_address(value.strip())))
        except ValueError:
            return queryset.none()


def people_called(text: str) -> list[int]:
    """Accounts whose name contains `text` or whose user name begins with it."""
    found = get_user_model().objects.filter(
        Q(display_name__icontains=text.strip()) | Q(username__istartswith=text.strip())
    )
    return list(found.values_list("pk", flat=True)[: tables.MOST_FOUND + 1])
