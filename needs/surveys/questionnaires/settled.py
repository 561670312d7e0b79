"""What a version says with its ids settled: the questions of a draft are given theirs when it is published."""

from typing import Any

from needs.surveys import engine
from needs.surveys.questionnaires.documents import Document
from needs.surveys.questionnaires.models import Questionnaire, Version


def before(version: Version) -> Version | None:
    """The published version that this one follows."""
    found = Version.objects.published().filter(questionnaire=version.questionnaire_id, number__lt=version.number)
    return found.order_by("-number").first()


def retired_keys(questionnaire: Questionnaire) -> set[str]:
    return set(questionnaire.questions.exclude(retired_at=None).values_list("key", flat=True))


def settled(version: Version) -> Document:
    """A draft's questions get the ids under which their answers would be stored; a published one has them."""
    if version.is_published:
        return version.document
    previous = before(version)
    found: Document = engine.assign_ids(
        version.document, previous.document if previous else None, retired_keys(version.questionnaire)
    )
    return found


def compiled(version: Version) -> Any:
    """What is run; only for a version whose problems were looked at."""
    if version.is_published and version.compiled:
        return version.compiled
    return engine.compile(settled(version)).to_json()
