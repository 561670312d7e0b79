import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from needs.surveys.questionnaires.models import BankQuestion, Questionnaire
from talentmap.ui.forms import SearchInput

KEPT, ARCHIVED = "kept", "archived"


class QuestionnaireFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Title or description"), method="search", widget=SearchInput)
    audience = django_filters.ChoiceFilter(
        label=_("Audience"), choices=Questionnaire.Audience.choices, empty_label=_("All")
    )
    archive = django_filters.ChoiceFilter(
        label=pgettext_lazy("questionnaires", "Shown"),
        choices=[(ARCHIVED, pgettext_lazy("questionnaires", "Archived ones"))],
        empty_label=pgettext_lazy("questionnaires", "Those in use"),
        method="skip",
    )

    class Meta:
        model = Questionnaire
        fields = ("q", "audience", "archive")

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        wanted = value.strip()
        return queryset.filter(Q(title__icontains=wanted) | Q(description__icontains=wanted))

    def skip(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Archived ones are out of the way until somebody asks for them."""
        found = super().filter_queryset(queryset)
        return found.filter(archived_at__isnull=self.form.cleaned_data.get("archive") != ARCHIVED)


class BankFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Title or topic"), method="search", widget=SearchInput)
    topic = django_filters.ChoiceFilter(label=_("Topic"), empty_label=_("All"), choices=())

    class Meta:
        model = BankQuestion
        fields = ("q", "topic")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        topics = BankQuestion.objects.exclude(topic="").order_by("topic").values_list("topic", flat=True).distinct()
        self.filters["topic"].extra["choices"] = [(topic, topic) for topic in topics]

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        wanted = value.strip()
        return queryset.filter(Q(title__icontains=wanted) | Q(topic__icontains=wanted))
