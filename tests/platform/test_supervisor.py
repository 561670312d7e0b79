"""The supervisor, as a real process with real children."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.platform.conftest import CHECKOUT

SCRIPT = """
import os, sys
from pathlib import Path
from talentmap.operations.supervisor import Child, Supervisor
sleeper = [sys.executable, "-c", "import time; print('awake', flush=True); time.sleep(600)"]
deaf = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"]
import talentmap.operations.supervisor as s
s.STOP_SECONDS = 1.0
Supervisor([Child("web", sleeper), Child("deaf", deaf)], Path(sys.argv[1]), dict(os.environ)).run()
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[psutil.Popen]:
    process = psutil.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
    )
    _wait(lambda: len(process.children()) == 2)
    _wait(lambda: "awake" in _log(tmp_path))
    yield process
    if process.is_running():
        process.kill()
    process.wait()


def test_a_child_that_is_killed_comes_back(supervisor: psutil.Popen, tmp_path: Path) -> None:
    first = _child(supervisor, "awake")

    first.kill()

    _wait(lambda: _log(tmp_path).count("awake") == 2)
    assert _child(supervisor, "awake").pid != first.pid


def test_sigterm_ends_every_child_also_a_deaf_one(supervisor: psutil.Popen) -> None:
    children = supervisor.children(recursive=True)

    supervisor.send_signal(signal.SIGTERM)

    assert supervisor.wait(timeout=20) == 0
    _wait(lambda: not any(_alive(child) for child in children))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can tie a child's life to its parent's")
def test_kill_9_leaves_no_orphan(supervisor: psutil.Popen) -> None:
    web = _child(supervisor, "awake")
    deaf = next(child for child in supervisor.children() if child.pid != web.pid)

    supervisor.kill()

    _wait(lambda: not _alive(web))
    deaf.kill()  # it ignores the signal that the kernel sends, as no child of the site does


def _child(supervisor: psutil.Popen, word: str) -> psutil.Process:
    return next(child for child in supervisor.children() if word in " ".join(child.cmdline()))


def _alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _log(folder: Path) -> str:
    log = folder / "web.log"
    return log.read_text() if log.exists() else ""


def _wait(happened: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
