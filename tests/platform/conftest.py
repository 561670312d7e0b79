"""Installations of their own, each in a state folder of its own, driven by real commands."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from talentmap import embedded
from talentmap.embedded.places import DATABASE, SUPERUSER, places_in
from talentmap.operations.storage import table_counts

CHECKOUT = Path(embedded.__file__).resolve().parent.parent.parent
OWN_VARIABLES = ("DATABASE_URL", "REDIS_URL", "MEDIA_ROOT", "STATIC_ROOT", "DJANGO_ALLOW_ASYNC_UNSAFE")


@dataclass(frozen=True)
class Installation:
    """One installation of the platform: its own servers, files and environment."""

    state: Path
    variables: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in OWN_VARIABLES}
        return inherited | {"TALENTMAP_STATE_DIR": str(self.state)} | self.variables

    def run(self, *arguments: str, status: int = 0) -> str:
        """Run Python with `arguments` here and give its output; fail unless it ends with `status`."""
        result = subprocess.run(
            [sys.executable, *arguments],
            cwd=CHECKOUT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert result.returncode == status, result.stdout
        return result.stdout

    def manage(self, *arguments: str, status: int = 0) -> str:
        return self.run("manage.py", *arguments, status=status)

    def table_counts(self) -> dict[str, int]:
        """Count the rows of every table; the servers must be up."""
        connection = psycopg2.connect(host=str(places_in(self.state).sockets), user=SUPERUSER, dbname=DATABASE)
        with closing(connection), connection.cursor() as cursor:
            return table_counts(cursor)

    def stop(self) -> None:
        self.run("-m", "talentmap.operations.serve", "stop")


@pytest.fixture(scope="module")
def installations(tmp_path_factory: pytest.TempPathFactory) -> Iterator["InstallationMaker"]:
    maker = InstallationMaker(tmp_path_factory)
    yield maker
    for installation in maker.made:
        installation.stop()


class InstallationMaker:
    """Makes empty installations and remembers them, so that all are stopped."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self.made: list[Installation] = []

    def __call__(self, name: str, **variables: str) -> Installation:
        installation = Installation(self._folders.mktemp(name), variables)
        self.made.append(installation)
        return installation
