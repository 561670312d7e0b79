"""Deliveries in the background: each one right after its commit, and a sweep for what a crash left over."""

from celery import shared_task
from django.utils import timezone

from talentmap.notices import delivery

__all__ = ["deliver", "deliver_due"]


@shared_task(name="talentmap.notices.deliver")
def deliver(delivery_id: int) -> None:
    """Send one delivery; called again, or for one that somebody else has, it does nothing."""
    delivery.deliver(delivery_id, timezone.now)


@shared_task(name="talentmap.notices.deliver_due")
def deliver_due() -> None:
    """Send what is due: what a flushed queue forgot, a dead worker left half done, or a channel refused before."""
    delivery.deliver_due(timezone.now)
