"""PostgreSQL's own pg_dump and pg_restore, pointed at Django's database."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from django.db import connection

from talentmap.embedded import postgres

CONNECTION_VARIABLES = {
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "host": "PGHOST",
    "port": "PGPORT",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


class ProgramError(RuntimeError):
    """One of PostgreSQL's programs is missing, too old, or failed."""


def run_program(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on Django's database; its own words go into the error.

    The password travels in the environment, because a command line can be read by everybody on the machine.
    """
    command = [str(suitable_program(name, server_major())), *arguments]
    result = subprocess.run(  # noqa: S603 - a fixed program with our own arguments
        command, env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        raise ProgramError(f"{name} failed: {result.stderr.strip() or result.stdout.strip()}")


def server_major() -> int:
    """Give the main version of the server: 18 for 18.6."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def suitable_program(name: str, server: int) -> Path:
    """Choose a program that is not older than the server: pg_dump refuses a newer server.

    The machine's own comes first, because the embedded build has no TLS.
    """
    found = [Path(path)] if (path := shutil.which(name)) else []
    for program in [*found, postgres.program(name)]:
        if _major(program) >= server:
            return program
    raise ProgramError(f"The server is PostgreSQL {server}: install {name} {server} or newer and try again.")


def _major(program: Path) -> int:
    output = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    match = re.search(r"(\d+)\.?\d*", output)
    return int(match[1]) if match else 0


def _environment() -> dict[str, str]:
    parameters = connection.get_connection_params()
    own = {variable: str(parameters[name]) for name, variable in CONNECTION_VARIABLES.items() if parameters.get(name)}
    return os.environ | own
