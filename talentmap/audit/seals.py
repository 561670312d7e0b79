"""Reads a day's records for its seal and verifies the chain of seals against the tables."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.models.functions import Cast
from django.utils import timezone

from talentmap.audit import rules
from talentmap.audit.models import AccessLog, AuditEntry, DaySeal

_ENTRY_COLUMNS = ("id", "at", "actor_id", "action", "reason", "table_name", "row_id", "operation")
_ACCESS_COLUMNS = ("id", "at", "user_id", "subject_type", "subject_id", "field", "reason")


def settle() -> None:
    """Wait until every transaction that has written history has ended, so that a past day gains no more records.

    Call it outside a transaction: the lock is held for an instant only. Raises OperationalError after 10 seconds.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local lock_timeout = '10s'")
        cursor.execute("lock table talentmap_auditentry, talentmap_accesslog in share mode")


def records_of(day: date, previous: str) -> rules.DayRecords:
    """Count and digest the records of `day` as the tables hold them now."""
    digest = rules.Digest(previous)
    # As text: what the database stored, to the last digit, and not what a JSON parser makes of it.
    entries = _on(day, AuditEntry.objects.all()).annotate(written=Cast("changes", models.TextField()))
    return rules.DayRecords(
        entries=digest.add(_rows(entries, (*_ENTRY_COLUMNS, "written"))),
        accesses=digest.add(_rows(_on(day, AccessLog.objects.all()), _ACCESS_COLUMNS)),
        digest=digest.hex(),
    )


def first_day() -> date | None:
    """The day of the oldest record."""
    oldest = [model.objects.aggregate(at=models.Min("at"))["at"] for model in (AuditEntry, AccessLog)]
    known = [at for at in oldest if at]
    return timezone.localdate(min(known)) if known else None


def verify() -> rules.Finding:
    """Recompute every seal from the records and stop at the first that does not agree."""
    before: rules.Seal | None = None
    days = 0
    for stored in DaySeal.objects.order_by("day").iterator():
        seal = rules.Seal(stored.day, stored.entries, stored.accesses, stored.previous, stored.digest)
        fault = rules.judge(seal, before, records_of(seal.day, seal.previous))
        if not fault and before is None and _anything_before(seal.day):
            fault = "early"
        if fault:
            return rules.Finding(days, before.digest if before else "", seal.day, fault)
        before, days = seal, days + 1
    return rules.Finding(days, before.digest if before else "")


def _anything_before(day: date) -> bool:
    oldest = first_day()
    return oldest is not None and oldest < day


def _on(day: date, queryset: models.QuerySet) -> models.QuerySet:
    start, end = rules.bounds(day, timezone.get_current_timezone())
    return queryset.filter(at__gte=start, at__lt=end)


def _rows(queryset: models.QuerySet, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    return queryset.order_by("id").values_list(*columns).iterator(chunk_size=5000)


def history_now() -> datetime:
    """The time by which the history is stamped: the database's, whatever this process takes for now."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        return cursor.fetchone()[0]


def yesterday(at: datetime) -> date:
    """The last day that is over at `at`."""
    return timezone.localdate(at) - timedelta(days=1)
