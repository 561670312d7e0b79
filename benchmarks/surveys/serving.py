"""Gunicorn with two workers over the benchmark's database, and eight clients in a process of their own."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

BASE_DIR = Path(__file__).resolve().parent.parent.parent
WORKERS, CLIENTS = 2, 8
START_SECONDS = 60


@dataclass(frozen=True)
class Load:
    """What the clients send for `seconds`: one request after another, each body once, in turn."""

    method: str
    path: str
    headers: dict[str, str]
    bodies: list[str]
    expected: int
    seconds: float


@dataclass(frozen=True)
class Rate:
    requests: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


@contextmanager
def server() -> Iterator[int]:
    """The port of a running server, as `deploy/gunicorn.conf.py` sets it up."""
    port = _free_port()
    environment = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1", "WEB_WORKERS": str(WORKERS)}
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "talentmap.wsgi"]
    process = subprocess.Popen(command, cwd=BASE_DIR, env=environment)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start")


def run(port: int, load: Load) -> Rate:
    """Have the clients send it from another process, so that they do not share this one's interpreter."""
    told = json.dumps({"port": port, **load.__dict__})
    command = [sys.executable, "-m", "benchmarks.surveys.serving"]
    done = subprocess.run(command, input=told, capture_output=True, text=True, cwd=BASE_DIR, check=False)
    if done.returncode:
        raise SystemExit(done.stderr or done.stdout)
    return Rate(**json.loads(done.stdout))


def _clients(port: int, load: Load) -> Rate:
    begin, until = time.perf_counter(), time.perf_counter() + load.seconds
    counts, faults = [0] * CLIENTS, []

    def one(number: int) -> None:
        turn = number
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        while time.perf_counter() < until and turn < max(len(load.bodies), 1) * (1 if load.bodies else 10**9):
            status, said = _ask(connection, load, load.bodies[turn] if load.bodies else None)
            if status != load.expected:
                faults.append(f"{load.path} answered {status}: {said[:300]!r}")
                return
            counts[number] += 1
            turn += CLIENTS

    _together(one)
    if faults:
        raise SystemExit(faults[0])
    return Rate(sum(counts), time.perf_counter() - begin)


def _ask(connection: HTTPConnection, load: Load, body: str | None) -> tuple[int, bytes]:
    connection.request(load.method, load.path, body=body.encode() if body is not None else None, headers=load.headers)
    response = connection.getresponse()
    return response.status, response.read()


def _together(one: Callable[[int], Any]) -> None:
    threads = [threading.Thread(target=one, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    given = json.load(sys.stdin)
    print(json.dumps(_clients(given.pop("port"), Load(**given)).__dict__))
