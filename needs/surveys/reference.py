"""What surveys need in every installation."""

from django.utils import timezone

from needs.surveys.api import reference as api  # noqa: F401 - it registers itself
from needs.surveys.exports import reference as exports  # noqa: F401 - it registers itself
from needs.surveys.questionnaires.actions import keep_in_bank
from needs.surveys.questionnaires.models import BankQuestion
from needs.surveys.questionnaires.standard import ENTRIES
from talentmap.accounts.models import User
from talentmap.reference import reference_data, schedule


@reference_data
def question_bank() -> str:
    """Once: what the office renames or deletes afterwards stays as the office left it."""
    system = User.objects.system()
    if not BankQuestion.objects.filter(made_by=system).exists():
        taken = set(BankQuestion.objects.values_list("title", flat=True))
        for title, topic, item, choices in ENTRIES:
            if title not in taken:
                keep_in_bank(by=system, at=timezone.now(), title=title, topic=topic, item=item, choices=choices)
    return f"{BankQuestion.objects.count()} questions in the bank"


@reference_data
def survey_tasks() -> str:
    reminder = "needs.surveys.campaigns.tasks.remind_lagging_townships"
    schedule("surveys: remind townships that lag", reminder, minute="0", hour="9")
    schedule("surveys: fold tallies", "surveys.fold_tallies", seconds=2)
    return "survey tasks"
