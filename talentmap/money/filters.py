"""What lists of money can be narrowed to."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.casework.calendar import end_of, start_of
from talentmap.casework.filters import CaseFilter, case_matches, last_amber_day
from talentmap.money.models import CommitmentBalance, Fund, LedgerEntry, Payable, PaymentBatch, Recovery
from talentmap.people.querysets import normalised
from talentmap.ui.search import SearchFilter

ALL = _("All")


class LedgerFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Number, memo or reference"), method="search")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=LedgerEntry.Kind.choices, empty_label=ALL)
    since = django_filters.DateFilter(
        label=_("From"), method="from_day", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        label=_("Until"), method="until_day", widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = LedgerEntry
        fields: tuple[str, ...] = ()

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        text = normalised(value)
        return queryset.filter(Q(memo__icontains=text) | Q(application__number__startswith=text.upper()))

    def from_day(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset.filter(at__gte=start_of(value))

    def until_day(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset.filter(at__lt=end_of(value))


class CommitmentFilter(django_filters.FilterSet):
    q = SearchFilter(label=_("Number, name or pinyin"), method="search", max_length=50)
    rest = django_filters.ChoiceFilter(
        label=_("Still committed"),
        choices=[("some", _("More than zero")), ("none", _("Nothing left"))],
        method="by_rest",
        empty_label=ALL,
    )

    class Meta:
        model = CommitmentBalance
        fields: tuple[str, ...] = ()

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(case_matches(value, "application__"))

    def by_rest(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(committed__gt=0) if value == "some" else queryset.filter(committed=0)


def funds_in_sight(request: Any) -> QuerySet:
    return Fund.objects.visible_to(request.user) if request else Fund.objects.none()


class PayableFilter(django_filters.FilterSet):
    q = SearchFilter(label=_("Number, name or pinyin"), method="search", max_length=50)
    state = django_filters.ChoiceFilter(label=_("State"), choices=Payable.State.choices, empty_label=ALL)
    fund = django_filters.ModelChoiceFilter(label=_("Fund"), queryset=funds_in_sight, empty_label=ALL)
    account = django_filters.ChoiceFilter(
        label=_("Account"),
        choices=[("missing", _("Not known")), ("known", _("Known"))],
        method="by_account",
        empty_label=ALL,
    )
    due = django_filters.ChoiceFilter(
        label=_("Deadline"), choices=CaseFilter.DUE, method="by_deadline", empty_label=_("Any deadline")
    )

    class Meta:
        model = Payable
        fields: tuple[str, ...] = ()

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(case_matches(value, "application__") | Q(payee_name__startswith=value.strip()))

    def by_account(self, queryset: Any, name: str, value: str) -> QuerySet:
        return queryset.without_account() if value == "missing" else queryset.with_account()

    def by_deadline(self, queryset: Any, name: str, value: str) -> QuerySet:
        today = timezone.localdate()
        if value == "overdue":
            return queryset.overdue(today)
        unpaid, soon = queryset.filter(state__in=Payable.UNPAID), last_amber_day(today)
        if value == "soon":
            return unpaid.filter(due_on__gte=today, due_on__lte=soon)
        return unpaid.filter(due_on__gt=soon)


class BatchFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Batch number"), field_name="number", lookup_expr="icontains")
    state = django_filters.ChoiceFilter(label=_("State"), choices=PaymentBatch.State.choices, empty_label=ALL)
    fund = django_filters.ModelChoiceFilter(label=_("Fund"), queryset=funds_in_sight, empty_label=ALL)

    class Meta:
        model = PaymentBatch
        fields: tuple[str, ...] = ()


class LineFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Reference, number or name"), method="search")
    outcome = django_filters.ChoiceFilter(
        label=_("Outcome"),
        choices=[
            ("open", pgettext_lazy("payment", "No answer yet")),
            ("paid", pgettext_lazy("payment", "Paid")),
            ("failed", pgettext_lazy("payment", "Failed")),
            ("dropped", pgettext_lazy("payment", "Taken out before release")),
        ],
        method="by_outcome",
        empty_label=ALL,
    )
    account = django_filters.ChoiceFilter(
        label=_("Account"),
        choices=[("differs", _("Not as in the file")), ("same", _("As in the file"))],
        method="by_account",
        empty_label=ALL,
    )

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        text = value.strip()
        found = Q(reference__icontains=text) | Q(payee_name__startswith=text)
        return queryset.filter(found | case_matches(value, "payable__application__"))

    def by_outcome(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(outcome="" if value == "open" else value)

    def by_account(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(differs=value == "differs")


class RecoveryFilter(django_filters.FilterSet):
    q = SearchFilter(label=_("Number, name or pinyin"), method="search", max_length=50)
    state = django_filters.ChoiceFilter(label=_("State"), choices=Recovery.State.choices, empty_label=ALL)

    class Meta:
        model = Recovery
        fields: tuple[str, ...] = ()

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(case_matches(value, "application__"))
