"""Questionnaires: made, described, archived and brought back."""

from datetime import datetime

from needs.surveys.questionnaires.actions.common import demand, form_id_of, lock_questionnaire, titled
from needs.surveys.questionnaires.documents import Document, checked, empty
from needs.surveys.questionnaires.models import Questionnaire, Version
from talentmap.accounts.models import User
from talentmap.audit.action import action


@action
def make_questionnaire(
    *,
    by: User,
    at: datetime,
    title: str,
    audience: str,
    description: str = "",
    document: Document | None = None,
    keeps_form_id: bool = False,
) -> Questionnaire:
    """A questionnaire with its first draft: empty, or what `document` says.

    An uploaded workbook keeps the form id that it names, copies get one of their own. Raises BadDocument.
    """
    demand(by)
    made = Questionnaire.objects.create(
        title=title.strip(), audience=audience, description=description.strip(), made_at=at, made_by=by
    )
    given = (document or {}).get("settings", {}).get("form_id", "") if keeps_form_id else ""
    form_id = given or form_id_of(made)
    content = titled(document, made.title, form_id) if document else empty(made.title, form_id)
    Version.objects.create(questionnaire=made, number=1, document=checked(content), edited_at=at, edited_by=by)
    return made


@action
def describe(
    *, by: User, at: datetime, questionnaire: Questionnaire, title: str, audience: str, description: str
) -> Questionnaire:
    demand(by)
    row = lock_questionnaire(questionnaire)
    row.title, row.audience, row.description = title.strip(), audience, description.strip()
    row.save(update_fields=["title", "audience", "description"])
    return row


@action
def archive(*, by: User, at: datetime, questionnaire: Questionnaire) -> Questionnaire:
    """Out of the way: campaigns in the field go on, new ones do not offer it."""
    demand(by)
    row = lock_questionnaire(questionnaire)
    if row.archived_at is None:
        row.archived_at = at
        row.save(update_fields=["archived_at"])
    return row


@action
def bring_back(*, by: User, at: datetime, questionnaire: Questionnaire) -> Questionnaire:
    """Refused by the database where another questionnaire has taken the title meanwhile."""
    demand(by)
    row = lock_questionnaire(questionnaire)
    row.archived_at = None
    row.save(update_fields=["archived_at"])
    return row
