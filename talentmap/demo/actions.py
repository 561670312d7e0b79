"""Moving the demo's date on. Forward only: the past has happened."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db.models import F

from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.demo.models import THE_ONE, DemoDate


@action
def next_day(*, by: User, at: datetime) -> DemoDate:
    """Let the next day begin; whoever is signed in stays so. Raises PermissionDenied outside a demo."""
    if not settings.DEMO:
        raise PermissionDenied
    DemoDate.objects.get_or_create(pk=THE_ONE)
    DemoDate.objects.filter(pk=THE_ONE).update(days_ahead=F("days_ahead") + 1)
    Session.objects.filter(expire_date__gt=at).update(expire_date=F("expire_date") + timedelta(days=1))
    return DemoDate.objects.get(pk=THE_ONE)
