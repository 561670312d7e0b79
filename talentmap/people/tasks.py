"""Every hour: drop the tables that were uploaded and never confirmed."""

from celery import shared_task
from django.contrib.auth import get_user_model
from django.utils import timezone

from talentmap.people import actions

__all__ = ["drop_old_previews"]


@shared_task(name="talentmap.people.drop_old_previews")
def drop_old_previews() -> None:
    """A table of people is kept for a day at most, whether or not anybody uploads another."""
    actions.drop_old_previews(by=get_user_model().objects.system(), at=timezone.now())
