"""The two places where the platform keeps what it was told: the database and the private files."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from psycopg2 import sql

from talentmap.accounts.models import User


def media_root() -> Path:
    """Give the folder of the private files."""
    return Path(settings.MEDIA_ROOT)


def media_files() -> Iterator[Path]:
    """Go through the private files in a stable order."""
    return (path for path in sorted(media_root().rglob("*")) if path.is_file() and not path.is_symlink())


def table_counts(cursor: Any) -> dict[str, int]:
    """Count the rows of every table, as the transaction of `cursor` sees them."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return {name: _count(cursor, name) for (name,) in cursor.fetchall()}


def is_empty() -> bool:
    """True when nothing would be lost: no account and no file."""
    has_table = User._meta.db_table in connection.introspection.table_names()
    return not (has_table and User.objects.people().exists()) and next(media_files(), None) is None


def empty_database() -> None:
    """Drop every table, type and function of the application; waits ten seconds at most for those in use."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        cursor.execute("DROP SCHEMA IF EXISTS public CASCADE")
        cursor.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
        cursor.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


def throw_everything_away() -> None:
    """Empty the database, the private files, the cache and the broker of this installation."""
    empty_database()
    shutil.rmtree(media_root(), ignore_errors=True)
    flush_redis()


def flush_redis() -> None:
    """Forget cached rows and waiting tasks: both speak of data that are gone."""
    cache.clear()
    broker = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://")
    redis.Redis.from_url(broker).flushdb()


def other_connections() -> int:
    """Count the other sessions on this database: a running site, or somebody's console."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def _count(cursor: Any, table: str) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
    return int(cursor.fetchone()[0])
