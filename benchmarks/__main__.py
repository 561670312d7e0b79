"""`make bench`: how long lists take at 100,000 applications against 1,000, and against a bare Django view.

Runs on a database of its own beside the configured one, and drops it at the end.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

from talentmap.embedded import connection_urls, ensure_started, postgres_wanted

BASE_DIR = Path(__file__).resolve().parent.parent
DATABASE = "talentmap_benchmark"


def main() -> int:
    ensure_started(BASE_DIR)
    configured = connection_urls(BASE_DIR)[0] if postgres_wanted() else os.environ["DATABASE_URL"]
    with _database(configured) as url:
        os.environ["DATABASE_URL"] = url
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
        import django

        django.setup()
        from benchmarks.lists import run

        run()
    return 0


@contextmanager
def _database(configured: str) -> Iterator[str]:
    parts = urlsplit(configured)
    url = urlunsplit(parts._replace(path=f"/{DATABASE}"))
    _admin(urlunsplit(parts._replace(path="/postgres")), f"drop database if exists {DATABASE} with (force)")
    _admin(urlunsplit(parts._replace(path="/postgres")), f"create database {DATABASE}")
    try:
        yield url
    finally:
        _admin(urlunsplit(parts._replace(path="/postgres")), f"drop database if exists {DATABASE} with (force)")


def _admin(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


if __name__ == "__main__":
    sys.exit(main())
