"""Webhooks in the background: each right after its commit, and a sweep for retries and what a crash left over."""

from celery import shared_task
from django.utils import timezone

from needs.surveys.api import sending

__all__ = ["send_due_webhooks", "send_webhook"]

# A receiver that answers a byte at a time holds up a worker no longer than this.
LONGEST_SECONDS = 60


@shared_task(name="needs.surveys.send_webhook", soft_time_limit=LONGEST_SECONDS)
def send_webhook(token: str) -> None:
    """Send one delivery; called again, or for one that somebody else has, it does nothing."""
    sending.send(token, timezone.now)


@shared_task(name="needs.surveys.send_due_webhooks")
def send_due_webhooks() -> None:
    sending.send_due(timezone.now)
