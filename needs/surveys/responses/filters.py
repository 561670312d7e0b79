"""What a campaign's responses are narrowed by."""

import re
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from needs.surveys.campaigns.models import Campaign
from needs.surveys.questionnaires.models import Version
from needs.surveys.responses.models import Response
from needs.surveys.responses.rules import Flag
from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import Permission as P
from talentmap.accounts.permissions import Role
from talentmap.regions.models import Region

LONGEST_QUERY = 500
_SIGNS = re.compile(r"[0-9a-f]{4,32}")
# One look-up an interviewer: the index is skipped through, where DISTINCT would read all of it.
_INTERVIEWERS = """
    with recursive each as (
        (select interviewer_id as id from needs_response
          where campaign_id = %s and interviewer_id is not null order by interviewer_id limit 1)
        union all
        select (select interviewer_id from needs_response
                 where campaign_id = %s and interviewer_id > each.id order by interviewer_id limit 1)
          from each where each.id is not null
    )
    select id from each where id is not null
"""


class ShortIdField(forms.CharField):
    """The beginning of a response's id, at least four signs of it."""

    def clean(self, value: Any) -> str:
        signs = super().clean(value).lower().replace("-", "")
        if signs and not _SIGNS.fullmatch(signs):
            raise ValidationError(_("Type at least the first four signs of the number: digits and letters a to f."))
        return signs


class ShortIdFilter(django_filters.Filter):
    field_class = ShortIdField


class ResponseFilter(django_filters.FilterSet):
    """Of one campaign; the state is chosen by tabs."""

    state = django_filters.ChoiceFilter(choices=Response.State.choices, widget=forms.HiddenInput)
    q = ShortIdFilter(
        label=_("Number"), method="search", widget=forms.TextInput(attrs={"type": "search", "maxlength": 36})
    )
    flag = django_filters.ChoiceFilter(
        label=_("Suspicion"),
        choices=[("any", _("Any")), *Flag.choices, ("none", pgettext_lazy("suspicion", "None"))],
        empty_label=_("All"),
        method="with_flag",
    )
    township = django_filters.ModelChoiceFilter(label=_("Township"), queryset=None, empty_label=_("All"))
    interviewer = django_filters.ModelChoiceFilter(label=_("Interviewer"), queryset=None, empty_label=_("All"))
    channel = django_filters.ChoiceFilter(label=_("Channel"), choices=Response.Channel.choices, empty_label=_("All"))
    version = django_filters.ModelChoiceFilter(label=_("Version"), queryset=None, empty_label=_("All"))
    since = django_filters.DateFilter(
        label=_("Received from"), method="from_day", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        label=_("Received until"), method="until_day", widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = Response
        fields = ("state", "q", "flag", "township", "interviewer", "channel", "version", "since", "until")

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.request.user
        self.filters["township"].queryset = townships_of(campaign, user)
        self.filters["interviewer"].queryset = interviewers_of(campaign, user)
        self.filters["version"].queryset = (
            Version.objects.published().filter(questionnaire=campaign.questionnaire_id).select_related("questionnaire")
            .only("number", "questionnaire__title")
        )  # fmt: skip

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """A range of ids, which the unique index answers."""
        first, last = UUID(value.ljust(32, "0")), UUID(value.ljust(32, "f"))
        return queryset.filter(uuid__range=(first, last))

    def with_flag(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == "none":
            return queryset.filter(flags=[])
        flagged = queryset.exclude(flags=[])
        return flagged if value == "any" else flagged.filter(flags__contains=[value])

    def from_day(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        return queryset.filter(received_at__gte=_midnight(value))

    def until_day(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        return queryset.filter(received_at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def townships_of(campaign: Campaign, user: User) -> QuerySet[Region]:
    """Those of the campaign that the reader sees responses of."""
    within = user.reach(P.VIEW_RESPONSES).q(region="region")
    return Region.objects.filter(pk__in=campaign.townships.filter(within).values("region"))


def interviewers_of(campaign: Campaign, user: User) -> QuerySet[User]:
    """Who entered responses; for a reader of some townships, who interviews there."""
    people = User.objects.order_by("name_sort_key", "pk").only("display_name", "username", "name_sort_key")
    reach = user.reach(P.VIEW_RESPONSES)
    if reach.everything:
        return people.filter(pk__in=RawSQL(_INTERVIEWERS, (campaign.pk, campaign.pk)))  # noqa: S611 - our own words
    # Finding who did would read all responses of the township: those who may, or might once, are as good.
    assigned = campaign.assignments.filter(reach.q(region="region")).values("interviewer")
    cadres = Membership.objects.filter(reach.q(region="region"), role=Role.TOWNSHIP_CADRE).values("user")
    return people.filter(Q(pk=user.pk) | Q(pk__in=assigned) | Q(pk__in=cadres))


def kept_query(text: str) -> str:
    """A list's filter as it travels along in addresses: what the filter knows, and nothing else."""
    given = QueryDict(text[:LONGEST_QUERY])
    kept = QueryDict(mutable=True)
    for name in (*ResponseFilter.Meta.fields, "sort"):
        if value := given.get(name):
            kept[name] = value
    return kept.urlencode()
