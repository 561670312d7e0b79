"""A real worker and a real beat over the test's database, with a Valkey of their own that may be flushed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pytest
import redis
from django.db import connection
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from talentmap import embedded
from talentmap.accounts.models import User
from talentmap.embedded import valkey
from talentmap.embedded.places import Places, places_of, redis_url
from talentmap.embedded.processes import tail
from talentmap.operations.health import answers
from talentmap.reference import discover

CHECKOUT = Path(embedded.__file__).resolve().parent.parent.parent
PATIENCE_SECONDS = 180  # a busy machine takes long to start Python


def database_url() -> str:
    """The test's own database, as a process outside of the test reaches it."""
    known = connection.settings_dict
    login = quote(known["USER"]) + (f":{quote(known['PASSWORD'])}" if known["PASSWORD"] else "")
    if socket_folder := known["OPTIONS"].get("host"):
        return f"postgres://{login}@/{known['NAME']}?host={socket_folder}"
    return f"postgres://{login}@{known['HOST']}:{known['PORT'] or 5432}/{known['NAME']}"


class Web:
    """A web process and a browser in front of it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    def post(self, person: User, path: str, data: dict[str, Any]) -> int:
        """Send a form as somebody who is signed in; returns the status, or 0 when the process dies meanwhile."""
        client = Client()
        client.force_login(person)
        token = get_token(HttpRequest())
        body = encode_multipart(BOUNDARY, data | {"csrfmiddlewaretoken": token})
        cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("POST", path, body, {"Content-Type": MULTIPART_CONTENT, "Cookie": cookies})
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()


class Platform:
    """The processes of an installation, each of which can be killed like by a power cut."""

    def __init__(self, places: Places, outbox: Path) -> None:
        self.places = places
        self.outbox = outbox
        self.processes: list[subprocess.Popen[bytes]] = []
        self.environment = os.environ | {
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis_url(places),
            "SMS_OUTBOX": str(outbox),
        }

    def uses(self, provider: str) -> None:
        self.environment["SMS_CHANNEL"] = f"tests.crash.providers.{provider}"

    def stops_at(self, spot: str, *, unguarded: bool = False) -> None:
        """Processes started from now on stop at a function; see `tests.crash.stops`."""
        folder = self.places.state / "stop"
        folder.mkdir(exist_ok=True)
        self.environment |= {"STOP_AT": spot, "STOP_FOLDER": str(folder), "UNGUARDED": "1" if unguarded else ""}

    def runs_on(self) -> None:
        """Processes started from now on are the product as it is."""
        self.environment |= {"STOP_AT": "", "UNGUARDED": ""}

    def wait_for_stop(self) -> None:
        self.wait_for((self.places.state / "stop" / "reached").exists, "the process to be in the middle of its work")

    def web(self) -> "Web":
        """A web process on a free port, answering."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.environment |= {"HOST": "127.0.0.1", "PORT": str(port), "WEB_WORKERS": "1"}
        configuration = ("--config", "deploy/gunicorn.conf.py")
        process = self._start("web", "gunicorn", *configuration, "tests.crash.stops:application")
        self.wait_for(lambda: answers(port), "the web process to answer")
        return Web(process, port)

    def worker(self) -> subprocess.Popen[bytes]:
        return self._celery("worker", "--concurrency=1")

    def beat(self) -> subprocess.Popen[bytes]:
        return self._celery("beat", "--pidfile=", "--max-interval=1")

    def _celery(self, *arguments: str) -> subprocess.Popen[bytes]:
        return self._start(arguments[0], "celery", "-A", "tests.crash.stops", *arguments)

    def _start(self, name: str, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.places.logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=CHECKOUT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def wait_for(self, happened: Callable[[], object], what: str) -> None:
        """Wait; fail early, with what they said, when a process that nobody killed is gone."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not happened():
            assert time.monotonic() < deadline, f"waited in vain for {what}:\n{self.said}"
            assert all(process.poll() is None for process in self.processes), self.said
            time.sleep(0.05)

    @property
    def said(self) -> str:
        return "\n".join(tail(log, lines=30) for log in sorted(self.places.logs.glob("*.log")))

    def run(self, code: str) -> None:
        """Run `code` in a process like a web worker's: with the platform's own settings, broker included."""
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
        subprocess.run(command, cwd=CHECKOUT, env=self.environment, check=True, timeout=PATIENCE_SECONDS)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9 of a process and its children at once."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE_SECONDS)
        self.processes.remove(process)

    @staticmethod
    def kill_child(process: subprocess.Popen[bytes]) -> None:
        """kill -9 of the pool's process alone, as the kernel does when memory runs out."""
        for child in psutil.Process(process.pid).children():
            child.kill()

    def stop(self) -> None:
        for process in [process for process in self.processes if process.poll() is None]:
            self.kill(process)

    @property
    def queue(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.places.valkey_socket))

    @property
    def arrived(self) -> list[str]:
        file = self.outbox / "arrived"
        return file.read_text().split() if file.exists() else []


@pytest.fixture
def platform(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """Reference data are loaded, but the sweep runs every second instead of every minute."""
    monkeypatch.setenv("TALENTMAP_STATE_DIR", str(tmp_path / "state"))
    places = places_of(CHECKOUT)
    places.make()
    valkey.start(places)
    for load in discover():
        if load.__module__ == "talentmap.notices.reference":
            load()
    _sweep_every_second()
    outbox = tmp_path / "sms"
    outbox.mkdir()
    running = Platform(places, outbox)
    yield running
    running.stop()
    valkey.stop(places)


def _sweep_every_second() -> None:
    every_second(PeriodicTask.objects.get(task="talentmap.notices.deliver_due"))


def every_second(scheduled: PeriodicTask) -> None:
    second, _ = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.SECONDS)
    scheduled.crontab, scheduled.interval = None, second
    scheduled.save()
