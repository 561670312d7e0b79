"""Keeps the site's processes alive until told to stop.

Own code, because the libraries looked at do not fit: honcho stops all when one process dies, circus brings a
message queue, supervisord leaves its children behind when it is killed.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType

LOG_BYTES = 5_000_000
TICK_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 30.0
STEADY_SECONDS = 60.0
STOP_SECONDS = 25.0
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


@dataclass
class Child:
    """One process to keep alive, and what became of it so far."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    wait: float = 0.0
    due: float = 0.0

    @property
    def alive(self) -> bool:
        """True when the process has been started and has not ended."""
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """Starts the children, restarts those that die (after 1, 2, 4 ... 30 seconds), stops all at the end."""

    children: list[Child]
    logs: Path
    environment: dict[str, str]
    keep_up: Callable[[], None] = lambda: None
    ready: Callable[[], bool] = lambda: True
    on_ready: Callable[[], None] = lambda: None
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM; give back when every child is gone."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        watcher = threading.Thread(target=self._watch, daemon=True)
        watcher.start()
        try:
            while not self._stop.is_set():
                self._revive()
                self._stop.wait(TICK_SECONDS)
        finally:
            self._stop_children()
            watcher.join(STOP_SECONDS)  # so that it revives nothing that the caller stops next

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()

    def _revive(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.alive:
                continue
            if child.process is not None:
                self._note_death(child, now)
            if now >= child.due:
                self._start(child, now)

    def _note_death(self, child: Child, now: float) -> None:
        assert child.process is not None
        steady = now - child.started > STEADY_SECONDS
        child.wait = 1.0 if steady or not child.wait else min(child.wait * 2, LONGEST_WAIT_SECONDS)
        child.due = now + child.wait
        status = child.process.returncode
        say("run", f"{child.name} ended with status {status}; starts again in {child.wait:.0f} s")
        child.process = None

    def _start(self, child: Child, now: float) -> None:
        child.started = now
        child.process = subprocess.Popen(  # noqa: S603 - the commands are the site's own
            child.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call, no locks
        )
        threading.Thread(target=self._pump, args=(child.name, child.process), daemon=True).start()

    def _pump(self, name: str, process: subprocess.Popen[str]) -> None:
        """Show each line of a child's output and keep it in the child's log."""
        log = RotatingFileHandler(self.logs / f"{name}.log", maxBytes=LOG_BYTES, backupCount=2)
        assert process.stdout is not None
        for line in process.stdout:
            say(name, line.rstrip())
            log.handle(logging.makeLogRecord({"msg": line.rstrip()}))
        log.close()

    def _watch(self) -> None:
        """Say once that the site answers, and keep the servers below it up."""
        while not self._stop.wait(TICK_SECONDS):
            if self.ready():
                self.on_ready()
                break
        while not self._stop.wait(5):
            try:
                self.keep_up()
            except Exception as error:
                say("run", f"{error}")

    def _stop_children(self) -> None:
        say("run", "Stopping")
        for child in self.children:
            _signal(child, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.alive for child in self.children) and time.monotonic() < deadline:
            time.sleep(TICK_SECONDS / 4)
        for child in self.children:
            _signal(child, signal.SIGKILL, whole_group=True)


def say(name: str, line: str) -> None:
    """Print one line with the name of who says it."""
    try:
        sys.stdout.write(f"{name:>6} | {line}\n")
        sys.stdout.flush()
    except OSError:
        pass  # the terminal is gone, the site stays


def _signal(child: Child, number: signal.Signals, *, whole_group: bool = False) -> None:
    if child.process is None:
        return
    try:
        if whole_group:
            os.killpg(child.process.pid, number)
        elif child.alive:
            child.process.send_signal(number)
    except ProcessLookupError:
        pass


def die_with_parent() -> None:
    """Ask Linux to end this child with the supervisor, so that kill -9 of it leaves no orphan on the port."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
