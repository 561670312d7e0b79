"""When a message is tried again and when it is given up. Pure."""

from datetime import datetime, timedelta

# A worker that has claimed a message sends it within this time or is taken for dead. Must be well above the
# channels' own time limit, or two workers could hold one message.
LEASE = timedelta(minutes=5)
BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
MAX_ATTEMPTS = len(BACKOFF) + 1
# After an outage of days an old "your case moved on" confuses more than it helps; the inbox has it.
STALE_AFTER = timedelta(days=3)


def next_try(attempts: int, at: datetime) -> datetime | None:
    """When to try again after `attempts` attempts, the last of them at `at`; None when it is enough."""
    return at + BACKOFF[attempts - 1] if attempts < MAX_ATTEMPTS else None


def is_stale(created_at: datetime, at: datetime) -> bool:
    """Whether a notice is too old to leave the platform."""
    return at - created_at > STALE_AFTER
