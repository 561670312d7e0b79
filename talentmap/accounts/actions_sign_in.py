"""What is kept of sign-ins, and the limit that holds whatever the address."""

from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum

from talentmap.accounts.models import User
from talentmap.accounts.records import SignIn
from talentmap.audit.action import action

Outcome = SignIn.Outcome


@action
def note_sign_in(*, by: User | None, at: datetime, user: User | None, address: str, outcome: str) -> SignIn:
    """Record that somebody at `address` came in as `user`, or did not; `user` of None is a name that nobody has."""
    return SignIn.objects.create(at=at, user=user, address=address, outcome=outcome)


def is_locked_everywhere(username: str, at: datetime) -> bool:
    """Whether the name failed so often, from all addresses together, that it is locked for all of them."""
    recent = AccessAttempt.objects.filter(username=username, attempt_time__gt=at - settings.AXES_COOLOFF_TIME)
    failures = recent.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
    return bool(failures >= settings.NAME_FAILURE_LIMIT)
