"""`make bench`: how long lists take at 100,000 applications against 1,000, and against a bare Django view; then the
overview, the portfolio at 10,000 loans and the mentors at 1,000, and surveys at a million responses.
`python -m benchmarks lists`, `overview`, `growth` or `surveys` measures one of them.

Runs on a database of its own beside the configured one, and drops it at the end.
"""

import importlib
import os
import subprocess
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


MODULES = {
    "lists": "benchmarks.lists",
    "overview": "benchmarks.overview",
    "growth": "benchmarks.growth.run",
    "surveys": "benchmarks.surveys.run",
}


def main(wanted: list[str]) -> int:
    if unknown := set(wanted) - set(MODULES):
        print(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(MODULES)}", file=sys.stderr)
        return 2
    if len(wanted) == 1:
        return _measure(MODULES[wanted[0]])
    # Each in a process of its own, on a database of its own.
    for name in wanted or MODULES:
        if status := subprocess.run([sys.executable, "-m", "benchmarks", name], check=False).returncode:
            return status
    return 0


def _measure(module: str) -> int:
    ensure_started(BASE_DIR)
    configured = connection_urls(BASE_DIR)[0] if postgres_wanted() else os.environ["DATABASE_URL"]
    with _database(configured) as url:
        os.environ["DATABASE_URL"] = url
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
        import django

        django.setup()
        importlib.import_module(module).run()
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
    sys.exit(main(sys.argv[1:]))
