from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from growth.pathways.choices import Audience, JourneyState
from growth.pathways.models import Journey, Pathway, PathwayStage
from growth.pathways.queries import having_ticks_waiting_for
from talentmap.people.querysets import person_matches
from talentmap.regions.models import Region
from talentmap.ui.forms import SearchInput
from talentmap.ui.search import SearchFilter

IDLE = [(str(days), label) for days, label in (
    (30, _("30 days or longer")), (90, _("90 days or longer")), (180, _("180 days or longer")),
)]  # fmt: skip


def stage_titles() -> list[tuple[str, str]]:
    """The stages at which somebody is, in the order of their pathways; stages of one name are one choice."""
    rows = PathwayStage.objects.filter(Exists(Journey.objects.filter(stage=OuterRef("pk"))))
    titles = rows.order_by("version__pathway", "position").values_list("title", flat=True)
    return [(title, title) for title in dict.fromkeys(titles)]


class JourneyFilter(django_filters.FilterSet):
    q = SearchFilter(label=_("Name or pinyin"), method="search", max_length=50)
    pathway = django_filters.ModelChoiceFilter(label=_("Pathway"), queryset=Pathway.objects.all(), empty_label=_("All"))
    stage = django_filters.ChoiceFilter(label=_("Stage"), choices=stage_titles, method="at_stage", empty_label=_("All"))
    township = django_filters.ModelChoiceFilter(
        label=_("Township"),
        queryset=Region.objects.townships(),
        method="in_township",
        empty_label=_("All"),
    )
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("roadmap", "State"), choices=JourneyState.choices, empty_label=_("All")
    )
    idle = django_filters.ChoiceFilter(
        label=_("Nothing happened for"), choices=IDLE, method="idle_for", empty_label=_("Any time")
    )
    waiting = django_filters.ChoiceFilter(
        label=_("Confirmation"),
        choices=[("1", _("Something waits for me"))],
        method="with_waiting",
        empty_label=_("All"),
    )

    class Meta:
        model = Journey
        fields = ("q", "pathway", "stage", "township", "state", "idle", "waiting")

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(person_matches(value, "talent__"))

    def at_stage(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(stage__title=value)

    def in_township(self, queryset: QuerySet, name: str, value: Region) -> QuerySet:
        return queryset.filter(talent__region__in=Region.objects.within(value))

    def idle_for(self, queryset: Any, name: str, value: str) -> QuerySet:
        return queryset.idle_since(timezone.now() - timedelta(days=int(value)))

    def with_waiting(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return having_ticks_waiting_for(self.request.user, queryset)


class PathwayFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label=pgettext_lazy("pathway", "Title"), field_name="title", lookup_expr="icontains", widget=SearchInput
    )
    audience = django_filters.ChoiceFilter(label=_("For whom"), choices=Audience.choices, empty_label=_("All"))
    retired_at = django_filters.ChoiceFilter(
        label=pgettext_lazy("pathway", "State"),
        choices=[("0", _("In use")), ("1", _("Retired"))],
        method="is_retired",
        empty_label=_("All"),
    )

    class Meta:
        model = Pathway
        fields = ("q", "audience", "retired_at")

    def is_retired(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(retired_at__isnull=value == "0")
