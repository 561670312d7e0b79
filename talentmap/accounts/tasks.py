"""Clears away the codes of yesterday."""

from celery import shared_task
from django.utils import timezone

from talentmap.accounts.actions_mobile import forget_codes
from talentmap.accounts.models import User

__all__ = ["forget_old_codes"]


@shared_task(name="talentmap.accounts.forget_old_codes")
def forget_old_codes() -> None:
    forget_codes(by=User.objects.system(), at=timezone.now())
