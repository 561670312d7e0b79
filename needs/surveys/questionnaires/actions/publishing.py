"""Publishing: a draft becomes a version that never changes again, and the questions of all versions follow."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from needs.surveys import engine
from needs.surveys.questionnaires.actions.common import demand, lock_draft, lock_questionnaire
from needs.surveys.questionnaires.models import Question, Questionnaire, Version
from needs.surveys.questionnaires.settled import before, settled
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.ui.errors import Refused


@action
def publish(*, by: User, at: datetime, version: Version, revision: int, note: str) -> Version:
    """Publish the draft that the person looked at.

    Raises Stale when it changed meanwhile, Refused when it has problems or says nothing new.
    """
    demand(by)
    questionnaire = lock_questionnaire(version.questionnaire)
    row = lock_draft(version, revision)
    if questionnaire.archived_at:
        raise Refused(_("The questionnaire is archived. Bring it back first."))
    previous = before(row)
    if previous and previous.document == row.document:
        raise Refused(_("Nothing has changed since version %(number)s.") % {"number": previous.number})
    row.document = settled(row)
    _check(row.document)
    compiled = engine.compile(row.document).to_json()
    row.compiled = compiled
    row.note = note.strip()
    row.published_at, row.published_by = at, by
    row.save(update_fields=["document", "compiled", "note", "published_at", "published_by"])
    _keep_questions(at, questionnaire, row, compiled["nodes"])
    return row


def _check(document: Any) -> None:
    count = len(engine.problems(document))
    if count:
        raise Refused(_("The questionnaire has %(count)s problems. Mend them in the builder first.") % {"count": count})


def _keep_questions(
    at: datetime, questionnaire: Questionnaire, version: Version, all_nodes: list[dict[str, Any]]
) -> None:
    """One row for each id that was ever published; what the newest version leaves out is retired."""
    known = {question.key: question for question in questionnaire.questions.all()}
    nodes = [node for node in all_nodes if node["kind"] != "group"]
    for position, node in enumerate(nodes):
        question = known.pop(node["id"], None) or Question(
            questionnaire=questionnaire, key=node["id"], first_version=version
        )
        question.kind = node.get("type") or node["kind"]
        question.label, question.position, question.retired_at = node.get("label", {}), position, None
        question.save()
    for question in known.values():
        if question.retired_at is None:
            question.retired_at = at
            question.save(update_fields=["retired_at"])
