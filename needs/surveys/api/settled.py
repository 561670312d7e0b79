"""How far the responses may be read without leaving one behind that is still being written."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Min, QuerySet
from django.utils import timezone

from needs.surveys.responses.models import Response

# Between the moment that a response carries as its arrival and the taking of its number: parsing and checking it.
MARGIN = timedelta(seconds=5)
LATEST = 5000


def settled(found: QuerySet[Response]) -> QuerySet[Response]:
    """Those below the number of every response that is not committed yet.

    Numbers are given before the commit, so that a smaller one may appear after a larger one was read; who pages by
    number would never see it. A response that is still being written arrived no earlier than MARGIN before the oldest
    transaction that writes to the table began, and so did all with higher numbers: reading stops before the first of
    those that arrived since. It is read a few seconds later.
    """
    began = _oldest_writer()
    horizon = min(timezone.now(), began) if began else timezone.now()
    latest = found.order_by("-pk").values("pk")[:LATEST]
    unsettled = Response.objects.filter(pk__in=latest, received_at__gte=horizon - MARGIN)
    first = unsettled.aggregate(first=Min("pk"))["first"]
    return found.filter(pk__lt=first) if first else found


def _oldest_writer() -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select min(xact_start) from pg_locks join pg_stat_activity using (pid)"
            " where relation = 'needs_response'::regclass and mode = 'RowExclusiveLock' and granted"
            " and pid <> pg_backend_pid()"
        )
        began: datetime | None = cursor.fetchone()[0]
        return began
