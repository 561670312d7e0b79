"""Several counts in one question to the database."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def count_together(asked: Mapping[str, QuerySet], most: int) -> dict[str, int]:
    """How many rows each queryset finds, none counted beyond `most`, by the names they were given.

    The ORM can say this too, as subqueries of some other row, and takes three times as long to put it into words.
    """
    counts = dict.fromkeys(asked, 0)
    columns: dict[str, str] = {}
    params: list[Any] = []
    for name, rows in asked.items():
        try:
            sql, values = rows.order_by().values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:  # nothing can be found, and the database need not be asked
            continue
        columns[name] = f"(select count(*) from ({sql}) as found)"  # noqa: S608 - the ORM's own words
        params += values
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(f"select {', '.join(columns.values())}", params)
            counts |= dict(zip(columns, cursor.fetchone(), strict=True))
    return counts
