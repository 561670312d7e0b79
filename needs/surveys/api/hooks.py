"""Has approved responses told to webhooks."""

from needs.surveys.api import actions
from needs.surveys.responses.hooks import on_approved


def connect() -> None:
    on_approved(actions.tell)
