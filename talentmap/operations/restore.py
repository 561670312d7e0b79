"""Putting a backup back, and proving that all of it came back."""

import shutil
import tarfile
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from talentmap.operations.archive import (
    DUMP,
    FILES,
    ArchiveError,
    Manifest,
    extract_checked,
    key_marks,
    read_manifest,
)
from talentmap.operations.backup import back_up
from talentmap.operations.client_programs import run_program
from talentmap.operations.storage import (
    empty_database,
    flush_redis,
    is_empty,
    media_root,
    other_connections,
    table_counts,
)

Say = Callable[[str], None]


class RestoreRefused(Exception):
    """Nothing was changed; the message says why."""


def restore(*, archive: Path, force: bool, safety_folder: Path, now: datetime, say: Say) -> Manifest:
    """Replace database and files by those of `archive`; give its manifest.

    The archive is checked whole before anything is changed. A system that holds data is replaced only with
    `force`, and is backed up into `safety_folder` first. RestoreRefused and ArchiveError are raised before
    any change, RuntimeError after one.
    """
    _refuse_unless_free()
    empty = is_empty()
    if not (empty or force):
        raise RestoreRefused("This system holds accounts or files. To replace them: make restore FILE=... FORCE=1")
    media_root().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=media_root().parent) as work:
        manifest = _unpack(archive, Path(work))
        if not empty:
            say(f"What was here is saved in {back_up(folder=safety_folder, now=now)}")
        _restore_database(Path(work) / DUMP)
        _check_counts(manifest)
        _restore_files(Path(work) / FILES)
    flush_redis()
    _warn_of_other_keys(manifest, say)
    return manifest


def _refuse_unless_free() -> None:
    others = other_connections()
    if others:
        raise RestoreRefused(
            f"The database is in use by {others} other connection(s). Stop the site first (make stop)."
        )


def _unpack(archive: Path, work: Path) -> Manifest:
    try:
        with tarfile.open(archive, mode="r:") as tar:
            manifest = read_manifest(tar)
            extract_checked(tar, manifest, work)
    except (OSError, tarfile.TarError) as error:
        raise ArchiveError(f"{archive} cannot be read: {error}") from error
    return manifest


def _restore_database(dump: Path) -> None:
    empty_database()
    connection.close()
    run_program("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--dbname=", str(dump))


def _check_counts(manifest: Manifest) -> None:
    with connection.cursor() as cursor:
        found = table_counts(cursor)
    wrong = [
        f"{name}: {found.get(name)} instead of {manifest.tables.get(name)}"
        for name in sorted(found.keys() | manifest.tables.keys())
        if found.get(name) != manifest.tables.get(name)
    ]
    if wrong:
        raise RuntimeError("The restored database does not match the backup: " + "; ".join(wrong))


def _restore_files(source: Path) -> None:
    source.mkdir(mode=0o700, exist_ok=True)
    shutil.rmtree(media_root(), ignore_errors=True)
    shutil.move(source, media_root())
    media_root().chmod(0o700)


def _warn_of_other_keys(manifest: Manifest, say: Say) -> None:
    missing = set(manifest.key_marks) - set(key_marks([*settings.FIELD_KEYS, settings.BLIND_INDEX_KEY]))
    if missing:
        say(
            "Warning: this backup was made with other FIELD_KEYS or another BLIND_INDEX_KEY."
            " Encrypted columns stay unreadable until those keys are set."
        )
