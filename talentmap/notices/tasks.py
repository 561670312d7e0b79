"""Deliveries in the background: each one right after its commit, and a sweep for what a crash left over."""

import logging
import uuid
from typing import Any

from celery import shared_task
from django.utils import timezone

from talentmap.notices import channels, delivery
from talentmap.notices.models import Channel

__all__ = ["deliver", "deliver_due", "text"]

logger = logging.getLogger(__name__)
TEXT_TRIES, TEXT_PAUSE_SECONDS = 3, 15


@shared_task(name="talentmap.notices.deliver")
def deliver(delivery_id: int) -> None:
    """Send one delivery; called again, or for one that somebody else has, it does nothing."""
    delivery.deliver(delivery_id, timezone.now)


@shared_task(name="talentmap.notices.deliver_due")
def deliver_due() -> None:
    """Send what is due: what a flushed queue forgot, a dead worker left half done, or a channel refused before."""
    delivery.deliver_due(timezone.now)


@shared_task(name="talentmap.notices.text", bind=True, max_retries=None)
def text(task: Any, token: str, mobile: str, subject: str, code: str) -> None:
    """Send one text message to a number; given up after a few tries, the person asks for another."""
    try:
        channels.channel_for(Channel.SMS).send(channels.Message(token, mobile, subject, "", code=code))
    except channels.GiveUp as error:
        logger.warning("text message %s: %s", token, error)
    except Exception as error:
        # The name alone: the text may quote the number. Nobody knows whether it arrived, unless the channel does.
        logger.warning("text message %s: %s", token, type(error).__name__)
        again = str(uuid.uuid4()) if isinstance(error, channels.TryLater) else token
        if task.request.retries + 1 < TEXT_TRIES:
            raise task.retry(args=(again, mobile, subject, code), countdown=TEXT_PAUSE_SECONDS) from None
