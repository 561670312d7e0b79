"""`make run` and `make stop`: prepare the site, keep its processes alive, stop them."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from talentmap import embedded
from talentmap.embedded.processes import ServerError
from talentmap.operations.health import answers
from talentmap.operations.supervisor import Child, Supervisor, die_with_parent, say
from talentmap.operations.translations import compile_translations

BASE_DIR = Path(__file__).resolve().parent.parent.parent
STOP_SECONDS = 40
LOCK_NAME = "serve.lock"
CELERY = ("-A", "talentmap", "--quiet")


class CannotServe(Exception):
    """The site cannot be served; the message says what to do."""


def serve() -> None:
    """Serve the site on HOST and PORT until Ctrl-C, SIGTERM or `stop`."""
    host, port = os.environ.get("HOST", "127.0.0.1"), _port()
    state = embedded.state_dir(BASE_DIR)
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = _take_lock(state / LOCK_NAME)
    _check_port(host, port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    environment = _environment(host, port)
    try:
        _prepare(environment)
        _supervisor(state / "logs", environment, port).run()
    except KeyboardInterrupt:
        say("run", "Stopping")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        embedded.stop(BASE_DIR)
        os.close(lock)
    say("run", "Stopped")


def stop() -> None:
    """Stop the site of this checkout if it is served, then its embedded servers."""
    lock_file = embedded.state_dir(BASE_DIR) / LOCK_NAME
    holder = _holder(lock_file)
    if holder:
        os.kill(holder, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while _holder(lock_file):
            if time.monotonic() > deadline:
                raise CannotServe(f"Process {holder} does not stop; see the logs in {lock_file.parent / 'logs'}.")
            time.sleep(0.1)
    embedded.stop(BASE_DIR)
    print("Stopped." if holder else "Nothing was being served.")


def _port() -> int:
    text = os.environ.get("PORT", "8000")
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise CannotServe(f"PORT={text} is not a port; choose a number from 1 to 65535.")
    return int(text)


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotServe(
                f"Port {port} of {host} cannot be used: {error.strerror}. Try: make run PORT={port + 1}"
            ) from error


def _take_lock(lock_file: Path) -> int:
    handle = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotServe(
            f"This checkout is being served already, by process {_holder(lock_file)}. `make stop` stops it."
        ) from None
    os.ftruncate(handle, 0)
    os.write(handle, str(os.getpid()).encode())
    return handle


def _holder(lock_file: Path) -> int | None:
    """Give the process that holds the lock; a pid that was left behind holds none."""
    if not lock_file.exists():
        return None
    with lock_file.open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(handle.read() or 0) or None
    return None


def _environment(host: str, port: int) -> dict[str, str]:
    own = {
        "DJANGO_SETTINGS_MODULE": "talentmap.settings",
        "HOST": host,
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "SITE_URL": os.environ.get("SITE_URL", _address(port)),
    }
    return os.environ | own


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _prepare(environment: dict[str, str]) -> None:
    if embedded.postgres_wanted() or embedded.valkey_wanted():
        say("run", "Starting PostgreSQL and Valkey")
        embedded.ensure_started(BASE_DIR)
    compile_translations(BASE_DIR)
    preparing = subprocess.run(  # noqa: S603
        _manage("prepare"),
        env=environment,
        check=False,
        preexec_fn=die_with_parent,
    )
    if preparing.returncode != 0:
        raise CannotServe("The site could not be prepared; the lines above say why.")


def _supervisor(logs: Path, environment: dict[str, str], port: int) -> Supervisor:
    logs.mkdir(mode=0o700, exist_ok=True)
    return Supervisor(
        children=[
            Child("web", _tool("gunicorn", "--config", "deploy/gunicorn.conf.py", "talentmap.wsgi")),
            Child(
                "worker",
                _tool("celery", *CELERY, "worker", "--concurrency=2"),
            ),
            Child("beat", _tool("celery", *CELERY, "beat", "--pidfile=")),
        ],
        logs=logs,
        environment=environment,
        keep_up=lambda: embedded.ensure_started(BASE_DIR),
        ready=lambda: answers(port),
        on_ready=lambda: _welcome(port, environment),
    )


def _welcome(port: int, environment: dict[str, str]) -> None:
    if environment.get("TALENTMAP_MODE", "demo") == "demo":
        subprocess.run(_manage("demo_accounts"), env=environment, check=False)  # noqa: S603
    say("run", f"Talentmap is ready at {_address(port)}/  (Ctrl-C stops it)")


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), *arguments]


def _tool(module: str, *arguments: str) -> list[str]:
    """Run a tool of the environment; the demo may be root, Celery need not warn of it."""
    return [sys.executable, "-W", "ignore:You're running the worker", "-m", module, *arguments]


def main(arguments: list[str]) -> int:
    """Serve, or with the argument `stop` stop; give the exit status."""
    os.chdir(BASE_DIR)
    try:
        stop() if arguments == ["stop"] else serve()
    except (CannotServe, ServerError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
