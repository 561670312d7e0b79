"""The form of a backup: one tar file of the database's dump, the private files, and a manifest of both."""

import hashlib
import io
import json
import tarfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
FILES = "files/"
CHUNK = 1 << 20


class ArchiveError(Exception):
    """The file is not a backup, or not the one that was written; the message says what is wrong."""


@dataclass
class Manifest:
    """What a backup holds: rows by table, and size and SHA-256 of every file in it."""

    created: str
    server: int
    tables: dict[str, int]
    key_marks: list[str]
    contents: dict[str, dict[str, Any]] = field(default_factory=dict)
    format: int = FORMAT


def key_marks(keys: Sequence[str]) -> list[str]:
    """Tell keys apart without giving anything of them away; they are long and random."""
    return [hashlib.sha256(f"talentmap backup {key}".encode()).hexdigest()[:12] for key in keys]


class ArchiveWriter:
    """Adds files to a backup and notes what was added."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar = tar
        self._manifest = manifest

    def add(self, source: Path, name: str) -> None:
        """Add one file; its checksum is made from the very bytes that are written."""
        with source.open("rb") as opened:
            info = self._tar.gettarinfo(arcname=name, fileobj=opened)
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            reader = _HashingReader(opened)
            self._tar.addfile(info, reader)
        self._manifest.contents[name] = {"size": info.size, "sha256": reader.digest()}

    def finish(self) -> None:
        """Add the manifest; nothing comes after it."""
        data = json.dumps(asdict(self._manifest), indent=1, sort_keys=True).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(data)
        info.mode = 0o600
        self._tar.addfile(info, io.BytesIO(data))


def read_manifest(tar: tarfile.TarFile) -> Manifest:
    """Read the manifest; raise ArchiveError when there is none of a form known here."""
    try:
        opened = tar.extractfile(MANIFEST)
        fields = json.load(opened) if opened else {}
        manifest = Manifest(**fields)
    except (KeyError, TypeError, ValueError, tarfile.TarError) as error:
        raise ArchiveError("This file is not a Talentmap backup, or its end is missing.") from error
    if manifest.format != FORMAT:
        raise ArchiveError(f"This backup has format {manifest.format}; this release reads {FORMAT}.")
    return manifest


def extract_checked(tar: tarfile.TarFile, manifest: Manifest, folder: Path) -> None:
    """Write what the manifest names below `folder`; raise ArchiveError unless every byte is as it was."""
    for name, expected in manifest.contents.items():
        target = folder / name
        if not target.resolve().is_relative_to(folder.resolve()):
            raise ArchiveError(f"The backup names a place outside itself: {name}")
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _extract(tar, name, target) != expected["sha256"]:
            raise ArchiveError(f"The backup is damaged: {name} is not what was saved.")


def _extract(tar: tarfile.TarFile, name: str, target: Path) -> str:
    try:
        opened = tar.extractfile(name)
    except (KeyError, tarfile.TarError) as error:
        raise ArchiveError(f"The backup is damaged: {name} is missing.") from error
    if opened is None:
        raise ArchiveError(f"The backup is damaged: {name} is not a file.")
    reader = _HashingReader(opened)
    with target.open("wb") as out:
        target.chmod(0o600)
        while chunk := reader.read(CHUNK):
            out.write(chunk)
    return reader.digest()


class _HashingReader:
    """A file that is hashed while it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._hash.update(data)
        return data

    def digest(self) -> str:
        return self._hash.hexdigest()
