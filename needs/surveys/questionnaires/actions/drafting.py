"""Drafts: begun from the newest version, edited in the browser or by upload, deleted."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from needs.surveys.questionnaires.actions.common import (
    demand,
    lock_draft,
    lock_questionnaire,
    lock_version,
    newest,
)
from needs.surveys.questionnaires.documents import Document, checked
from needs.surveys.questionnaires.models import Questionnaire, Version
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.ui.errors import Refused


@action
def start_draft(*, by: User, at: datetime, questionnaire: Questionnaire) -> Version:
    """The draft that there is, or a new one with what the newest version says."""
    demand(by)
    row = lock_questionnaire(questionnaire)
    _check_not_archived(row)
    last = newest(row)
    if last and not last.is_published:
        return last
    return _next(by, at, row, last, last.document if last else {})


def _next(by: User, at: datetime, row: Questionnaire, last: Version | None, document: Document) -> Version:
    return Version.objects.create(
        questionnaire=row, number=last.number + 1 if last else 1, document=document, edited_at=at, edited_by=by
    )


def _check_not_archived(row: Questionnaire) -> None:
    if row.archived_at:
        raise Refused(_("The questionnaire is archived. Bring it back first."))


@action
def save_draft(*, by: User, at: datetime, version: Version, revision: int, document: Any) -> Version:
    """Keep what was edited. `revision` is the one the editor began with: raises Stale when it is not the last.

    Raises BadDocument for what is no document. A draft may still have problems: they hinder publishing only.
    """
    demand(by)
    content = checked(document)
    row = lock_draft(version, revision)
    row.document, row.revision = content, row.revision + 1
    row.edited_at, row.edited_by = at, by
    row.save(update_fields=["document", "revision", "edited_at", "edited_by"])
    return row


@action
def take_upload(
    *, by: User, at: datetime, questionnaire: Questionnaire, document: Document, draft_revision: int | None
) -> Version:
    """An uploaded document as the next draft, or in place of the draft that the person saw.

    `draft_revision` is that draft's, None where there was none. Raises Stale when it changed meanwhile.
    """
    demand(by)
    row = lock_questionnaire(questionnaire)
    _check_not_archived(row)
    last = newest(row)
    if last and not last.is_published:
        return save_draft(by=by, at=at, version=last, revision=-1 if draft_revision is None else draft_revision,
                          document=document)  # fmt: skip
    if draft_revision is not None:
        raise Refused(_("The draft was published or deleted meanwhile. Upload the workbook again."))
    return _next(by, at, row, last, checked(document))


@action
def delete_draft(*, by: User, at: datetime, version: Version) -> bool:
    """Whether the questionnaire went with it: one that was never published is nothing without its draft."""
    demand(by)
    questionnaire = lock_questionnaire(version.questionnaire)
    row = lock_version(version)
    if row.is_published:
        raise Refused(_("A published version never changes and cannot be deleted."))
    row.delete()
    alone = not questionnaire.versions.exists()
    if alone:
        questionnaire.delete()
    return alone
