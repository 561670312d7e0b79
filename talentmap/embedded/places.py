"""Where the embedded servers keep their data and their sockets."""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

SOCKET_PATH_LIMIT = 107  # bytes the kernel keeps for the path of a unix socket
POSTGRES_SOCKET = ".s.PGSQL.5432"
DATABASE = "talentmap"
SUPERUSER = "postgres"
SHORT_FOLDERS = Path("/var/tmp")  # noqa: S108 - the folder made below it is private, and its owner is checked
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")  # needs no escaping in a URL


class PlaceError(RuntimeError):
    """A folder that must be private is not."""


@dataclass(frozen=True)
class Places:
    """The folders of one checkout's embedded servers."""

    state: Path
    sockets: Path

    @property
    def postgres(self) -> Path:
        """The data folder of PostgreSQL."""
        return self.state / "postgres"

    @property
    def valkey(self) -> Path:
        """The data folder of Valkey."""
        return self.state / "valkey"

    @property
    def logs(self) -> Path:
        """The folder of both servers' logs."""
        return self.state / "logs"

    @property
    def valkey_socket(self) -> Path:
        """The only address of Valkey."""
        return self.sockets / "valkey.sock"

    def make(self) -> None:
        """Make the folders, readable by their owner only: that is what guards servers without passwords."""
        self.state.mkdir(parents=True, exist_ok=True)
        for folder in (self.state, self.valkey, self.logs):
            make_private(folder)
        if self.sockets.parent.parent == SHORT_FOLDERS:
            make_private(self.sockets.parent)
        make_private(self.sockets)


def state_dir(base_dir: Path) -> Path:
    """Give the folder that holds everything this checkout stores: `.local`, or `TALENTMAP_STATE_DIR`."""
    return Path(os.environ.get("TALENTMAP_STATE_DIR") or base_dir / ".local").absolute()


def places_of(base_dir: Path) -> Places:
    """Give the folders for the checkout at `base_dir`, always the same for the same checkout."""
    return places_in(state_dir(base_dir))


def places_in(state: Path) -> Places:
    """Give the folders below `state`; sockets go elsewhere when their path would be too long or not plain."""
    sockets = state / "run"
    longest = sockets / POSTGRES_SOCKET
    if len(os.fsencode(longest)) > SOCKET_PATH_LIMIT or not PLAIN_PATH.fullmatch(str(longest)):
        sockets = _short_folder(state)
    return Places(state=state, sockets=sockets)


def postgres_url(places: Places) -> str:
    """Give the URL of the embedded database."""
    return f"postgres://{SUPERUSER}@/{DATABASE}?host={places.sockets}"


def redis_url(places: Places) -> str:
    """Give the URL of the embedded broker and cache."""
    return f"redis+socket://{places.valkey_socket}"


def make_private(folder: Path) -> None:
    """Make `folder` with mode 0700; refuse one that is a link or belongs to another user."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PlaceError(f"{folder} is not a folder of this user; remove it or set TALENTMAP_STATE_DIR.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)


def _short_folder(state: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(state.resolve())).hexdigest()[:12]
    return SHORT_FOLDERS / f"talentmap-{os.geteuid()}" / digest
