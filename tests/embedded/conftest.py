"""Embedded servers of their own for each test, far from those of the checkout."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest
import redis

from talentmap import embedded
from talentmap.embedded.places import DATABASE, SUPERUSER, Places, places_of
from talentmap.embedded.processes import wait_until

CHECKOUT = Path(embedded.__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Servers:
    """The embedded servers of one state folder."""

    base: Path
    places: Places

    def start(self) -> None:
        embedded.ensure_started(self.base)

    def starter(self) -> subprocess.Popen[str]:
        """Another process that starts them, as a command of the checkout does."""
        return subprocess.Popen(
            [sys.executable, "-m", "talentmap.embedded", "start"],
            cwd=CHECKOUT,
            env=os.environ | {"TALENTMAP_STATE_DIR": str(self.places.state)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(host=str(self.places.sockets), user=SUPERUSER, dbname=DATABASE)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            rows = cursor.fetchall() if cursor.description else []
        connection.close()
        return rows

    def redis(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.places.valkey_socket), decode_responses=True)

    def processes(self, folder: Path) -> list[psutil.Process]:
        """Every living process that works in `folder`: a server and its own children."""
        return [process for process in psutil.process_iter() if _works_in(process, folder)]

    def masters(self, folder: Path) -> list[psutil.Process]:
        """The servers in `folder`, without their children."""
        found = {process.pid: process for process in self.processes(folder)}
        return [process for process in found.values() if process.ppid() not in found]

    def kill(self, folder: Path) -> None:
        """kill -9 of the server in `folder`, and wait until all of it is gone."""
        for process in self.masters(folder):
            process.kill()
        wait_until(lambda: not self.processes(folder), seconds=10, failure=lambda: f"still in {folder}")


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    yield from _servers(tmp_path, monkeypatch)


@pytest.fixture
def deep_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    """Servers of a checkout whose path is too long for a socket and not plain ASCII."""
    yield from _servers(tmp_path / ("很长的路径 " * 10), monkeypatch)


def _servers(base: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TALENTMAP_STATE_DIR", str(base / "state"))
    servers = Servers(base, places_of(base))
    yield servers
    embedded.stop(base)
    shutil.rmtree(servers.places.sockets, ignore_errors=True)


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == folder
    except (psutil.Error, OSError):
        return False
