"""What is known about a server's process, and waiting for it."""

import time
from collections.abc import Callable
from pathlib import Path

import psutil


class ServerError(RuntimeError):
    """An embedded server did not do what it was told; the message says where its log is."""


def wait_until(happened: Callable[[], bool], *, seconds: float, failure: Callable[[], str]) -> None:
    """Poll until `happened()`; raise ServerError with `failure()` when it has not after `seconds`."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise ServerError(failure())
        time.sleep(0.02)


def server_running(pid_file: Path, folder: Path) -> bool:
    """True when the process named in `pid_file` lives and works in `folder`.

    A number alone proves nothing: after kill -9 it may belong to any other process. Both servers change to
    their data folder when they start, so that folder tells them apart.
    """
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()).samefile(folder)
    except (OSError, ValueError, IndexError, psutil.Error):
        return False


def tail(log: Path, lines: int = 15) -> str:
    """Give the last lines of a log, for an error message."""
    if not log.exists():
        return "(no log)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
