"""Saving a live system: database, private files and the proof of both in one file."""

import os
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from talentmap.operations.archive import DUMP, FILES, ArchiveWriter, Manifest, key_marks
from talentmap.operations.client_programs import run_program, server_major
from talentmap.operations.storage import media_files, media_root, table_counts


def back_up(*, folder: Path, now: datetime) -> Path:
    """Write a backup into `folder` and give its path; the site may be in full use.

    Dump and row counts come from one snapshot of the database. Files are copied after it, so that each file a
    row names is there; a file that came later is saved without its row. Keys are left out.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"talentmap-{now:%Y%m%d-%H%M%S}.tar"
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=folder) as work:
        dump, unfinished = Path(work) / DUMP, Path(work) / target.name
        tables = _dump(dump)
        _write(unfinished, dump, Manifest(now.isoformat(), server_major(), tables, _key_marks()))
        unfinished.replace(target)
    return target


def _key_marks() -> list[str]:
    return key_marks([*settings.FIELD_KEYS, settings.BLIND_INDEX_KEY])


def _dump(target: Path) -> dict[str, int]:
    """Dump the database and count its rows, both as they were at one moment."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        run_program("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
        return table_counts(cursor)


def _write(target: Path, dump: Path, manifest: Manifest) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        with tarfile.open(fileobj=out, mode="w") as tar:
            writer = ArchiveWriter(tar, manifest)
            writer.add(dump, DUMP)
            for path in media_files():
                writer.add(path, f"{FILES}{path.relative_to(media_root()).as_posix()}")
            writer.finish()
        out.flush()
        os.fsync(out.fileno())
