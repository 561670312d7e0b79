import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from support.housing.models import Entitlement
from talentmap.people.querysets import person_matches
from talentmap.regions.models import Region
from talentmap.ui.search import SearchFilter


class EntitlementFilter(django_filters.FilterSet):
    q = SearchFilter(label=_("Name, pinyin or case number"), method="search", max_length=50)
    kind = django_filters.ChoiceFilter(label=_("Benefit"), choices=Entitlement.Kind.choices, empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("entitlement", "State"), choices=Entitlement.State.choices, empty_label=_("All")
    )
    township = django_filters.ModelChoiceFilter(
        label=_("Township"),
        queryset=Region.objects.townships(),
        method="in_township",
        empty_label=_("All"),
    )

    class Meta:
        model = Entitlement
        fields = ("q", "kind", "state", "township")

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(person_matches(value, "talent__") | Q(application__number__iexact=value.strip()))

    def in_township(self, queryset: QuerySet, name: str, value: Region) -> QuerySet:
        return queryset.filter(talent__region__in=Region.objects.within(value))
