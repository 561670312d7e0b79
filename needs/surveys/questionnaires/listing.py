"""What lists of questionnaires and versions show beside each row, counted by the database."""

from typing import Any

from django.db.models import Count, F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce

from needs.surveys.campaigns.models import Campaign
from needs.surveys.questionnaires.models import Question, Questionnaire, Version


class _Questions(Func):
    """How many questions a document has, without carrying it out of the database."""

    template = (
        "jsonb_array_length(jsonb_path_query_array("
        "%(expressions)s, 'strict $.items.** ? (@.kind == \"question\")', '{}', true))"
    )
    output_field = IntegerField()


def listed(found: QuerySet[Questionnaire]) -> QuerySet[Questionnaire]:
    """By subquery: rows reached through campaigns and townships come several times."""
    versions = Version.objects.filter(questionnaire=OuterRef("pk")).order_by("-number")
    return Questionnaire.objects.filter(pk__in=found.values("pk")).annotate(
        latest=Subquery(versions.published().values("number")[:1]),
        latest_at=Subquery(versions.published().values("published_at")[:1]),
        draft=Subquery(versions.filter(published_at=None).values("number")[:1]),
        edited=Subquery(versions.values("edited_at")[:1]),
        asked=Subquery(versions.annotate(asked=_Questions(F("document"))).values("asked")[:1]),
        in_field=_count(Campaign.objects.filter(questionnaire=OuterRef("pk"))),
    )


def _count(rows: QuerySet[Any]) -> Any:
    counted = rows.order_by().values("questionnaire").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def versions_of(found: QuerySet[Version]) -> QuerySet[Version]:
    """Without the documents, which may be megabytes."""
    return (
        found.select_related("edited_by", "published_by")
        .defer("document", "compiled")
        .annotate(asked=_Questions(F("document")), spoken=KeyTransform("languages", "document"))
        .order_by("-number")
    )


def retired_count(questionnaire: Questionnaire) -> int:
    return Question.objects.filter(questionnaire=questionnaire).exclude(retired_at=None).count()
