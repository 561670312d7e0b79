"""What a backup file may not do."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from talentmap.operations.archive import (
    MANIFEST,
    ArchiveError,
    ArchiveWriter,
    Manifest,
    extract_checked,
    key_marks,
    read_manifest,
)


def _archive(path: Path, contents: dict[str, bytes]) -> Path:
    manifest = Manifest(created="2026-11-23", server=18, tables={}, key_marks=[])
    with tarfile.open(path, "w") as tar:
        writer = ArchiveWriter(tar, manifest)
        for name, data in contents.items():
            source = path.parent / "source"
            source.write_bytes(data)
            writer.add(source, name)
        writer.finish()
    return path


def _extract(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as tar:
        extract_checked(tar, read_manifest(tar), folder)


def test_what_was_written_comes_out(tmp_path: Path) -> None:
    _extract(_archive(tmp_path / "a.tar", {"files/甲.txt": b"1", "database.dump": b""}), tmp_path / "out")

    assert (tmp_path / "out/files/甲.txt").read_bytes() == b"1"


def test_a_name_outside_the_folder_is_refused(tmp_path: Path) -> None:
    archive = _archive(tmp_path / "a.tar", {"files/../../escaped": b"1"})

    with pytest.raises(ArchiveError, match="outside"):
        _extract(archive, tmp_path / "out")
    assert not (tmp_path / "escaped").exists()


def test_a_backup_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    archive = _archive(tmp_path / "a.tar", {"files/a": b"x" * 5000})
    archive.write_bytes(archive.read_bytes()[:4096])

    with pytest.raises((ArchiveError, tarfile.TarError)):
        _extract(archive, tmp_path / "out")


def test_a_member_that_is_missing_is_named(tmp_path: Path) -> None:
    fields = {"created": "", "server": 18, "tables": {}, "key_marks": []}
    data = json.dumps(fields | {"contents": {"files/a": {"size": 1, "sha256": "0"}}}).encode()
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))

    with pytest.raises(ArchiveError, match="files/a is missing"):
        _extract(tmp_path / "a.tar", tmp_path / "out")


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        ArchiveWriter(tar, Manifest("", 18, {}, [], format=99)).finish()

    with tarfile.open(tmp_path / "a.tar") as tar, pytest.raises(ArchiveError, match="format 99"):
        read_manifest(tar)


def test_key_marks_tell_keys_apart_without_showing_them() -> None:
    first, second = key_marks(["key one", "key two"])

    assert first != second
    assert "key" not in first + second
