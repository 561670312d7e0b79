"""Runs the same call at the same moment over real database connections."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections


def run_together(call: Callable[[int], Any], count: int, timeout: float = 60) -> list[Any]:
    """Call `call(i)` for i < count in as many threads, released together; return results or exceptions in order."""
    outcomes: list[Any] = [None] * count
    barrier = threading.Barrier(count)

    def one(index: int) -> None:
        try:
            barrier.wait(timeout)
            outcomes[index] = call(index)
        except Exception as error:
            outcomes[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout)
    assert not any(thread.is_alive() for thread in threads), "a racing call hangs"
    return outcomes


@contextmanager
def without(table: str, constraint: str) -> Iterator[None]:
    """The database for once without one of its constraints or unique indexes: for negative controls."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [constraint])
        row = cursor.fetchone()
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [constraint])
        index = cursor.fetchone()
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}" if row else f"DROP INDEX {constraint}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {row[0]}" if row else index[0])
