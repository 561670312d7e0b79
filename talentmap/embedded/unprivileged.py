"""Running PostgreSQL for root: its programs refuse to run as root.

The child enters a user namespace, where it is nobody special and yet still owns root's files. Where that is
forbidden, as in most containers, it becomes the user `nobody`, who may pass through folders closed to others.
"""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

CLONE_NEWUSER = 0x10000000
NOBODY = 65534
LIBC = ctypes.CDLL(None, use_errno=True)
NOBODY_WITH_ACCESS = (
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
)


def run(command: Sequence[str | Path], *, owns: Path) -> subprocess.CompletedProcess[str]:
    """Run `command` as somebody who is not root and owns the folder `owns`; its output is captured."""
    if os.geteuid() != 0:
        return _run(command)
    if _namespaces_allowed():
        _give(owns, uid=0)
        return _run(command, in_namespace=True)
    _give(owns, uid=NOBODY)
    return _run([_setpriv(), *NOBODY_WITH_ACCESS, "--", *command])


def _run(command: Sequence[str | Path], *, in_namespace: bool = False) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - only our own commands come here
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        preexec_fn=_enter_namespace if in_namespace else None,
    )


def _enter_namespace() -> None:
    if LIBC.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


@cache
def _namespaces_allowed() -> bool:
    try:
        return _run(["true"], in_namespace=True).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _setpriv() -> str:
    program = shutil.which("setpriv")
    if program is None:
        raise RuntimeError(
            "PostgreSQL does not run as root, and this machine allows neither user namespaces nor setpriv. "
            "Start as an ordinary user, or set DATABASE_URL."
        )
    return program


def _give(folder: Path, *, uid: int) -> None:
    """Hand `folder` and all in it to `uid`; needed only after the machine's rules have changed."""
    if not folder.exists() or folder.stat().st_uid == uid:
        return
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(root) / name, uid, uid, follow_symlinks=False)
    os.chown(folder, uid, uid)
