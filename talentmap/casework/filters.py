"""What the inbox can be filtered by. Each filter narrows by an indexed column."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.casework import calendar, registry, rules
from talentmap.casework.models import Application, Objection, Rating
from talentmap.casework.records import POOR_SCORE
from talentmap.casework.rules import AMBER_DAYS
from talentmap.casework.states import State
from talentmap.people.querysets import normalised, person_matches
from talentmap.regions.models import Region
from talentmap.ui.search import SearchFilter

SENT_STATES = tuple((state.value, state.label) for state in State if state != State.DRAFT)
NUMBER_LETTERS = 2


def looks_like_number(text: str) -> bool:
    """Whether somebody types a case number (ZF-2026-000123) or the beginning of one."""
    return text.isascii() and "-" in text and text[:NUMBER_LETTERS].isalpha()


def case_matches(text: str, path: str = "") -> Q:
    """The condition that finds a case by the beginning of its number, or by the person's name, pinyin, initials or
    phone; `path` leads from the searched model to the application."""
    wanted = normalised(text)
    if looks_like_number(wanted):
        return Q(**{f"{path}number__startswith": wanted.upper()})
    return person_matches(wanted, f"{path}applicant__")


def _services() -> list[tuple[str, Any]]:
    return [(scheme.code, scheme.title) for scheme in registry.all_schemes()]


def _townships() -> list[tuple[str, str]]:
    return list(Region.objects.active().townships().values_list("code", "name"))


class CaseFilter(django_filters.FilterSet):
    DUE = (
        ("overdue", pgettext_lazy("deadline", "Overdue")),
        ("soon", _("Due within two working days")),
        ("later", _("Due later")),
    )

    tab = django_filters.CharFilter(method="keep", widget=forms.HiddenInput)
    q = SearchFilter(method="by_text", label=_("Number, name, pinyin or the phone's last four digits"), max_length=50)
    scheme = django_filters.ChoiceFilter(label=_("Service"), choices=(), empty_label=_("All services"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=SENT_STATES, empty_label=_("All states"))
    region = django_filters.ChoiceFilter(
        label=_("Township"),
        choices=(),
        method="by_township",
        empty_label=_("All townships"),
    )
    due = django_filters.ChoiceFilter(
        label=_("Deadline"),
        choices=DUE,
        method="by_deadline",
        empty_label=_("Any deadline"),
    )
    sent_from = django_filters.DateFilter(
        label=_("Sent from"),
        method="from_day",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    sent_until = django_filters.DateFilter(
        label=_("Sent until"),
        method="until_day",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Application
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["scheme"].extra["choices"] = _services()
        self.filters["region"].extra["choices"] = _townships()

    def keep(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """The tab has narrowed the list already; its name only travels with the filter."""
        return queryset

    def by_text(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(case_matches(value))

    def by_township(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(region__in=Region.objects.within(value).values("pk"))

    def from_day(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset.filter(submitted_at__gte=calendar.start_of(value))

    def until_day(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset.filter(submitted_at__lt=calendar.end_of(value))

    def by_deadline(self, queryset: Any, name: str, value: str) -> QuerySet:
        today = timezone.localdate()
        if value == "overdue":
            return queryset.overdue(today)
        soon = last_amber_day(today)
        if value == "soon":
            return queryset.filter(due_on__gte=today, due_on__lte=soon)
        return queryset.filter(due_on__gt=soon)


def last_amber_day(today: date) -> date:
    return rules.add_working_days(today, AMBER_DAYS, calendar.current())


def kept_query(query: str) -> str:
    """Only what the inbox understands of a query string, so that a saved filter carries nothing else."""
    known = {*CaseFilter.base_filters, "sort"}
    given = QueryDict(query, mutable=True)
    for name in [name for name, values in given.lists() if name not in known or not any(values)]:
        del given[name]
    return given.urlencode()


class RatingFilter(django_filters.FilterSet):
    SHOW = (
        ("call", _("To be called back")),
        ("mend", _("To be mended")),
        ("poor", _("All poor grades")),
    )
    show = django_filters.ChoiceFilter(label=_("Show"), choices=SHOW, method="by_state", empty_label=_("All ratings"))

    class Meta:
        model = Rating
        fields: tuple[str, ...] = ()

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        poor = queryset.filter(score__lte=POOR_SCORE)
        if value == "call":
            return poor.filter(called_back_at__isnull=True)
        if value == "mend":
            return poor.filter(called_back_at__isnull=False, mended_at__isnull=True)
        return poor


class ObjectionFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=Objection.State.choices, empty_label=_("All states"))

    class Meta:
        model = Objection
        fields: tuple[str, ...] = ()
