"""Reads the responses of an export over a connection of its own: one snapshot of the database, a batch at a time."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Record = tuple[bytes, list[str]]
"""The answers as JSON, and the other columns as texts."""
BATCH = 2000
LOCK = 0x5E7  # the first key of the advisory locks that exports take; the second is the job's number


class Snapshot:
    """What the database held at one moment, however long the reading takes.

    Its session also holds the job's lock: it goes with the session, so that a killed worker's job is free at once.
    """

    def __init__(self, database: Any) -> None:
        self.database = database

    def counted(self, found: QuerySet) -> int:
        sql, params = found.order_by().values("pk").query.sql_with_params()
        with self.database.cursor() as cursor:
            cursor.execute(f"select count(*) from ({sql}) as found", params)  # noqa: S608 - Django wrote the statement
            return int(cursor.fetchone()[0])

    def pass_on(self, found: QuerySet, take: Callable[[list[Record]], None]) -> None:
        """Hand the rows to `take`, a batch at a time, while the database already prepares the next ones.

        By COPY: with a cursor the database would wait for us and we for the database, in turns.
        """
        sql, params = found.query.sql_with_params()
        sink = _Sink(take)
        with self.database.connection.cursor() as cursor:
            statement = cursor.mogrify(sql, params).decode()
            cursor.copy_expert(f"copy ({statement}) to stdout", sink)
        sink.flush()


class _Sink:
    """Where the lines of a COPY go. The first column is JSON; it stays bytes, which are decoded fastest."""

    def __init__(self, take: Callable[[list[Record]], None]) -> None:
        self.take = take
        self.batch: list[Record] = []

    def write(self, line: bytes) -> None:
        answers, _tab, rest = line[:-1].partition(b"\t")
        if b"\\" in line:
            self.batch.append((_plain(answers), [_plain(each).decode() for each in rest.split(b"\t")]))
        else:
            self.batch.append((answers, rest.decode().split("\t")))
        if len(self.batch) == BATCH:
            self.flush()

    def flush(self) -> None:
        if self.batch:
            self.take(self.batch)
            self.batch = []


_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_LETTERS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


def _plain(field: bytes) -> bytes:
    """The field without the escapes of COPY's text format."""
    return _ESCAPED.sub(lambda found: _LETTERS.get(found[1], found[1]), field)


@contextmanager
def snapshot(job_pk: int) -> Iterator[Snapshot | None]:
    """The snapshot for one job, or None while another process is at it."""
    database = connection.copy()
    database.connect()
    try:
        with database.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s, %s)", [LOCK, job_pk])
            is_free = cursor.fetchone()[0]
        if not is_free:
            yield None
            return
        database.connection.set_session(isolation_level="REPEATABLE READ", readonly=True, autocommit=False)
        yield Snapshot(database)
    finally:
        database.close()


def jobs_at_work() -> set[int]:
    """The numbers of the jobs that some process is making at present."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select objid from pg_locks where locktype = 'advisory' and classid = %s and objsubid = 2"
            " and database = (select oid from pg_database where datname = current_database())",
            [LOCK],
        )
        return {int(number) for (number,) in cursor.fetchall()}
