import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from growth.mentoring import waiting
from growth.mentoring.choices import MentoringKind, Skill
from growth.mentoring.models import Mentor, MentorRequest, Pair
from talentmap.people.choices import Industry
from talentmap.people.querysets import normalised, person_matches
from talentmap.regions.models import Region
from talentmap.ui.search import SearchFilter


def _mentor_matches(text: str, path: str = "") -> Q:
    """By name, pinyin or organisation; never by the number, which is private."""
    wanted = normalised(text)
    letters = wanted.lower().replace(" ", "")
    found = Q(**{f"{path}name__icontains": wanted}) | Q(**{f"{path}organisation_name__icontains": wanted})
    if letters.isascii() and letters:
        found |= Q(**{f"{path}name_pinyin__startswith": letters}) | Q(**{f"{path}name_initials__startswith": letters})
    return found


class DirectoryFilter(django_filters.FilterSet):
    q = SearchFilter(label=_("Name, pinyin or organisation"), method="search", max_length=50)
    offers = django_filters.ChoiceFilter(
        label=_("Kind"), choices=MentoringKind.choices, method="has", empty_label=_("All")
    )
    industries = django_filters.ChoiceFilter(
        label=_("Industry"), choices=Industry.choices, method="has", empty_label=_("All")
    )
    skills = django_filters.ChoiceFilter(
        label=_("Can teach"), choices=Skill.choices, method="has", empty_label=_("All")
    )
    township = django_filters.ModelChoiceFilter(
        label=_("Township"), queryset=Region.objects.townships(), method="in_township", empty_label=_("All")
    )
    free = django_filters.ChoiceFilter(
        label=_("Places"), choices=(("1", _("With a free place")),), method="with_place", empty_label=_("All")
    )

    class Meta:
        model = Mentor
        fields: tuple[str, ...] = ()

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(_mentor_matches(value))

    def has(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(**{f"{name}__contains": [value]})

    def in_township(self, queryset: QuerySet, name: str, value: Region) -> QuerySet:
        return queryset.filter(region__in=Region.objects.within(value))

    def with_place(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(pk__in=Mentor.objects.open_on(timezone.localdate()).values("pk"))


class MentorFilter(DirectoryFilter):
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("mentor", "State"), choices=Mentor.State.choices, empty_label=_("All")
    )

    class Meta:
        model = Mentor
        fields = ("q", "state", "offers", "industries", "skills", "township", "free")


class PairFilter(django_filters.FilterSet):
    q = SearchFilter(label=_("Talent, mentor or case number"), method="search", max_length=50)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=MentoringKind.choices, empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("pair", "State"), choices=Pair.State.choices, empty_label=_("All")
    )
    township = django_filters.ModelChoiceFilter(
        label=_("Township"), queryset=Region.objects.townships(), method="in_township", empty_label=_("All")
    )
    waits = django_filters.ChoiceFilter(
        label=_("Waits for"),
        choices=(
            ("agreement", _("An agreement")),
            ("assessment", _("The office's assessment")),
            ("change", _("Another mentor")),
        ),
        method="waiting_for",
        empty_label=_("All"),
    )

    class Meta:
        model = Pair
        fields = ("q", "kind", "state", "township", "waits")

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        number = Q(application__number__iexact=value.strip())
        return queryset.filter(person_matches(value, "talent__") | _mentor_matches(value, "mentor__") | number)

    def in_township(self, queryset: QuerySet, name: str, value: Region) -> QuerySet:
        return queryset.filter(talent__region__in=Region.objects.within(value))

    def waiting_for(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        today = timezone.localdate()
        if value == "agreement":
            return queryset.filter(waiting.to_agree(today))
        if value == "change":
            return queryset.filter(state=Pair.State.ACTIVE, change_asked_at__isnull=False)
        return queryset.filter(waiting.to_assess(today))


class RequestFilter(django_filters.FilterSet):
    q = SearchFilter(label=_("Talent, mentor or case number"), method="search", max_length=50)
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("mentor request", "State"), choices=MentorRequest.State.choices, empty_label=_("All")
    )
    origin = django_filters.ChoiceFilter(
        label=_("How it came about"), choices=MentorRequest.Origin.choices, empty_label=_("All")
    )
    township = django_filters.ModelChoiceFilter(
        label=_("Township"), queryset=Region.objects.townships(), method="in_township", empty_label=_("All")
    )

    class Meta:
        model = MentorRequest
        fields = ("q", "state", "origin", "township")

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        number = Q(application__number__iexact=value.strip())
        person = person_matches(value, "application__applicant__")
        return queryset.filter(person | _mentor_matches(value, "mentor__") | number)

    def in_township(self, queryset: QuerySet, name: str, value: Region) -> QuerySet:
        return queryset.filter(application__region__in=Region.objects.within(value))
