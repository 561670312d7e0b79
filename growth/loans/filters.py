from datetime import timedelta
from itertools import zip_longest
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from growth.loans.models_loan import Loan
from growth.loans.models_repayment import RepaymentFile, RepaymentLine
from growth.loans.querysets import RepaymentFileQuerySet
from growth.loans.standing import AGED_FROM
from talentmap.people.models import Organisation
from talentmap.people.querysets import person_matches
from talentmap.regions.models import Region
from talentmap.ui.forms import SearchInput

AGES = (
    ("any", _("Overdue at all")),
    ("30", _("Overdue 1 to 30 days")),
    ("60", _("Overdue 31 to 60 days")),
    ("90", _("Overdue 61 to 90 days")),
    ("over_90", _("Overdue more than 90 days")),
)
# From how many days on a class begins, and from how many the next one does.
CLASSES = dict(zip(("30", "60", "90", "over_90"), zip_longest(AGED_FROM, AGED_FROM[1:]), strict=True))


def overdue_q(age: str, today: Any) -> Q:
    """The loans of one class of arrears."""
    if age == "any":
        return Q(overdue_since__isnull=False)
    begins, ends = CLASSES[age]
    aged = Q(overdue_since__lte=today - timedelta(days=begins))
    return aged & Q(overdue_since__gt=today - timedelta(days=ends)) if ends else aged


WAITS = "waits"
ODD = [value for value in RepaymentLine.Verdict.values if value not in ("booked", "known")]


class LoanFilter(django_filters.FilterSet):
    # A contract's number may be as long as a phone's or an ID number, and has to be found.
    q = django_filters.CharFilter(
        label=_("Name, pinyin, contract or case number"), method="search", max_length=50, widget=SearchInput
    )
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("loan", "State"), choices=Loan.State.choices, empty_label=_("All")
    )
    age = django_filters.ChoiceFilter(label=_("Overdue"), choices=AGES, empty_label=_("All"), method="aged")
    subsidy = django_filters.ChoiceFilter(
        label=_("Interest subsidy"),
        choices=((WAITS, _("Waits for money")),),
        empty_label=_("All"),
        method="waiting_for_money",
    )
    bank = django_filters.ModelChoiceFilter(
        label=_("Bank"), queryset=Organisation.objects.filter(kind="bank"), empty_label=_("All")
    )
    township = django_filters.ModelChoiceFilter(
        label=_("Township"),
        queryset=Region.objects.townships(),
        method="in_township",
        empty_label=_("All"),
    )

    class Meta:
        model = Loan
        fields = ("q", "state", "age", "subsidy", "bank", "township")

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Each alternative finds its own loans by its own index: joined by "or", none of them could be used."""
        text, loans = value.strip(), Loan.objects.order_by().values("pk")
        by_number = loans.filter(application__number=text.upper()), loans.filter(contract_number__iexact=text)
        return queryset.filter(pk__in=loans.filter(person_matches(value, "talent__")).union(*by_number))

    def aged(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(overdue_q(value, timezone.localdate()))

    def waiting_for_money(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(subsidy_waiting__gt=0)

    def in_township(self, queryset: QuerySet, name: str, value: Region) -> QuerySet:
        return queryset.filter(application__region__in=Region.objects.within(value))


class RepaymentFileFilter(django_filters.FilterSet):
    # Not the box for people: banks name their files by the day, "20260410.csv".
    q = django_filters.CharFilter(
        label=_("File name"), field_name="name", lookup_expr="icontains", max_length=50, widget=SearchInput
    )
    shown = django_filters.ChoiceFilter(
        label=pgettext_lazy("repayment file", "State"),
        choices=(("open", _("Being entered")), ("odd", _("Rows need a look"))),
        empty_label=_("All"),
        method="in_state",
    )
    bank = django_filters.ModelChoiceFilter(
        label=_("Bank"), queryset=Organisation.objects.filter(kind="bank"), empty_label=_("All")
    )

    class Meta:
        model = RepaymentFile
        fields = ("q", "shown", "bank")

    def in_state(self, queryset: RepaymentFileQuerySet, name: str, value: str) -> QuerySet:
        return queryset.open() if value == "open" else queryset.filter(counts__has_any_keys=ODD, is_again=False)
