"""Every night: seal the day that is over, then verify the chain."""

from celery import shared_task
from django.contrib.auth import get_user_model
from django.utils import timezone

from talentmap.audit import actions, seals

__all__ = ["check_seals_now", "seal_days"]


@shared_task(name="talentmap.audit.seal_days")
def seal_days() -> None:
    """Seal all days that are over and verify the chain; a night that was missed is made up for."""
    seals.settle()
    system = get_user_model().objects.system()
    now = seals.history_now()
    actions.seal_until(by=system, at=now, last=seals.yesterday(now))
    actions.check_seals(by=system, at=timezone.now())


@shared_task(name="talentmap.audit.check_seals_now")
def check_seals_now(user_id: int) -> None:
    """Verify the chain because `user_id` asked for it."""
    actions.check_seals(by=get_user_model().objects.get(pk=user_id), at=timezone.now())
