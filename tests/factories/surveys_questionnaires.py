"""Drafts, and documents to edit."""

import copy

from needs.surveys import engine
from needs.surveys.questionnaires.models import BankQuestion
from tests.factories.accounts import UserFactory
from tests.factories.surveys import CHINESE, DOCUMENT, QuestionnaireFactory, VersionFactory

__all__ = ["CHINESE", "bank_entry", "compiled_document", "document", "draft", "office"]


def office(**fields):
    """Somebody who makes questionnaires."""
    from talentmap.accounts.permissions import Role
    from tests.factories.accounts import user_with

    return user_with(Role.OFFICE_STAFF, **fields)


def document(*more, **settings):
    """The shared document with these items at its end."""
    made = copy.deepcopy(DOCUMENT)
    made["items"] += more
    made["settings"] |= settings
    return made


def question(name, kind="text", label="问题", **more):
    return {"kind": "question", "type": kind, "name": name, "label": {CHINESE: label}, **more}


def compiled_document(*more):
    """The fields of a published version whose `compiled` is what the engine makes of its document."""
    content = document(*more)
    return {"document": content, "compiled": engine.compile(content).to_json()}


def draft(questionnaire=None, **fields):
    """An unpublished version; of a questionnaire of its own unless one is given."""
    questionnaire = questionnaire or QuestionnaireFactory()
    fields.setdefault("document", document())
    fields.setdefault("number", questionnaire.versions.count() + 1)
    return VersionFactory(
        questionnaire=questionnaire,
        compiled=None,
        published_at=None,
        published_by=None,
        edited_by=UserFactory(),
        **fields,
    )


def bank_entry(title="性别", topic="基本情况", **fields):
    from django.utils import timezone

    item = {"kind": "question", "type": "select_one", "list": "sex", "name": "sex", "label": {CHINESE: "您的性别是？"}}
    fields.setdefault("item", item)
    fields.setdefault("choices", {"sex": copy.deepcopy(DOCUMENT["choices"]["sex"])})
    return BankQuestion.objects.create(
        title=title, topic=topic, made_at=timezone.now(), made_by=UserFactory(), **fields
    )
