"""One process at a time, by a lock that the kernel gives up with its holder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_one(lock_file: Path) -> Iterator[None]:
    """Wait for `lock_file`, hold it for the block; a holder that is killed leaves it free."""
    handle = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
