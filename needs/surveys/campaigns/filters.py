import django_filters
from django.db.models import Q, QuerySet
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _

from needs.surveys.campaigns.models import Campaign
from talentmap.ui.forms import SearchInput


class CampaignFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Title or questionnaire"), method="search", widget=SearchInput)
    state = django_filters.ChoiceFilter(choices=Campaign.State.choices, widget=HiddenInput)

    class Meta:
        model = Campaign
        fields = ("q", "state")

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        wanted = value.strip()
        return queryset.filter(Q(title__icontains=wanted) | Q(questionnaire__title__icontains=wanted))
