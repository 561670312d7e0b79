"""Which pg_dump is used."""

from pathlib import Path

import pytest

from talentmap.embedded import postgres
from talentmap.operations.client_programs import ProgramError, suitable_program


def _pretend(folder: Path, version: str) -> Path:
    program = folder / "pg_dump"
    program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
    program.chmod(0o755)
    return program


def test_the_machines_own_program_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = _pretend(tmp_path, "18.4 (Debian 18.4-1)")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    assert suitable_program("pg_dump", 18) == own


def test_one_older_than_the_server_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pretend(tmp_path, "15.14")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    assert suitable_program("pg_dump", 18) == postgres.program("pg_dump")


def test_a_server_newer_than_every_program_is_named() -> None:
    with pytest.raises(ProgramError, match="install pg_dump 99 or newer"):
        suitable_program("pg_dump", 99)
