"""The question bank: kept, renamed, deleted."""

from datetime import datetime
from typing import Any

from needs.surveys.questionnaires.actions.common import demand
from needs.surveys.questionnaires.bank_items import checked_item
from needs.surveys.questionnaires.models import BankQuestion
from talentmap.accounts.models import User
from talentmap.audit.action import action


@action
def keep_in_bank(*, by: User, at: datetime, title: str, topic: str, item: Any, choices: Any) -> BankQuestion:
    """Raises BadDocument for what is no question or group; the database refuses a second one with this title."""
    demand(by)
    kept, lists = checked_item(item, choices)
    return BankQuestion.objects.create(
        title=title.strip(), topic=topic.strip(), item=kept, choices=lists, made_at=at, made_by=by
    )


@action
def rename_in_bank(*, by: User, at: datetime, entry: BankQuestion, title: str, topic: str) -> BankQuestion:
    demand(by)
    row = BankQuestion.objects.select_for_update().get(pk=entry.pk)
    row.title, row.topic = title.strip(), topic.strip()
    row.save(update_fields=["title", "topic"])
    return row


@action
def delete_from_bank(*, by: User, at: datetime, entry: BankQuestion) -> None:
    """Questionnaires that took the question keep theirs: they have a copy."""
    demand(by)
    BankQuestion.objects.filter(pk=entry.pk).delete()
