"""One installation's life as its operator sees it: served, killed, backed up while in use, restored, stopped.

In one file, because making an installation takes longer than all that is asked of it.
"""

import json
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from talentmap.operations.health import answers
from talentmap.operations.serve import CannotServe, serve
from tests.platform.conftest import CHECKOUT, Installation, InstallationMaker

Saved = tuple[Installation, Path]

SERVE = ("-m", "talentmap.operations.serve")
SECRETS = {
    "SECRET_KEY": "8a1c5e0f7b3d9246" * 4,
    "FIELD_KEYS": "dGVzdHMtb25seS1maWVsZC1rZXktMTIzNDU2Nzg5MDE=",
    "BLIND_INDEX_KEY": "5f2e8d1c4b7a9036" * 4,
    "ALLOWED_HOSTS": "office.example.org",
    "SITE_URL": "https://office.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://office.example.org",
}
ADD_A_TALENT_AND_FILES = """
from django.conf import settings
from pathlib import Path
from tests.factories.people import TalentFactory
TalentFactory(bank_account="6222020200112233445", bank_account_last4="3445")
folder = Path(settings.MEDIA_ROOT) / "evidence"
folder.mkdir(parents=True)
(folder / "学历证书.pdf").write_bytes(b"%PDF-1.7 " + bytes(range(256)) * 9000)
(folder / "empty").write_bytes(b"")
"""
ACCOUNT = "6222020200112233445"
READ_ENCRYPTED = "from talentmap.people.models import Talent; print(Talent.objects.get().bank_account)"
OTHER_KEY = "b3RoZXIta2V5LW90aGVyLWtleS1vdGhlci1rZXkxMjM="


@pytest.fixture(scope="module")
def site(installations: InstallationMaker) -> Installation:
    """An installation in production mode, so that nothing is seeded."""
    return installations("served", TALENTMAP_MODE="production", PORT=str(_free_port()), **SECRETS)


@pytest.fixture(scope="module")
def served(site: Installation) -> Iterator[psutil.Popen]:
    with (site.state / "serve.out").open("w") as output:
        process = psutil.Popen(
            [sys.executable, *SERVE],
            cwd=CHECKOUT,
            env=site.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    yield process
    site.stop()
    process.wait(timeout=60)


def test_the_site_answers_and_survives_kill_9_of_its_web_process(site: Installation, served: psutil.Popen) -> None:
    port, host = _port(site), SECRETS["ALLOWED_HOSTS"]
    _wait(lambda: answers(port, host), served)

    web = next(child for child in served.children() if "gunicorn" in " ".join(child.cmdline()))
    for process in [web, *web.children(recursive=True)]:
        process.kill()

    _wait(lambda: answers(port, host), served)


def test_a_second_start_says_who_serves_already(site: Installation, served: psutil.Popen) -> None:
    output = site.run(*SERVE, status=1)

    assert f"served already, by process {served.pid}" in output


@pytest.fixture(scope="module")
def saved(site: Installation, served: psutil.Popen) -> Saved:
    """The installation with somebody in it, and its backup, made while it serves."""
    _wait(lambda: answers(_port(site), SECRETS["ALLOWED_HOSTS"]), served)
    site.manage("shell", "-v0", "-c", ADD_A_TALENT_AND_FILES)
    site.manage("backup")
    return site, next((site.state / "backups").glob("talentmap-*.tar"))


@pytest.fixture(scope="module")
def restored(saved: Saved, installations: InstallationMaker) -> Installation:
    target = installations("target", TALENTMAP_MODE="production", **SECRETS)
    assert "all verified" in target.manage("restore", str(saved[1]))
    return target


def test_counts_are_equal_after_a_restore_into_an_empty_system(saved: Saved, restored: Installation) -> None:
    counts = restored.table_counts()

    assert counts == _manifest(saved[1])["tables"]
    assert counts["talentmap_talent"] == 1
    assert sum(counts.values()) > 200


def test_files_come_back_byte_for_byte_and_private(saved: Saved, restored: Installation) -> None:
    source, _ = saved
    names = {"学历证书.pdf", "empty"}
    for name in names:
        original, copy = (place.state / "media" / "evidence" / name for place in (source, restored))
        assert copy.read_bytes() == original.read_bytes()
        assert copy.stat().st_mode & 0o077 == 0
    assert {path.name for path in (restored.state / "media" / "evidence").iterdir()} == names


def test_encrypted_columns_can_be_read_after_a_restore(restored: Installation) -> None:
    assert restored.manage("shell", "-v0", "-c", READ_ENCRYPTED).strip() == ACCOUNT


def test_the_schema_is_complete_and_up_to_date_after_a_restore(restored: Installation) -> None:
    restored.manage("migrate", "--check")


def test_a_backup_is_private_and_leaves_nothing_unfinished(saved: Saved) -> None:
    _, archive = saved

    assert archive.stat().st_mode & 0o077 == 0
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]


def test_a_backup_holds_no_key(saved: Saved) -> None:
    _, archive = saved
    content = archive.read_bytes()

    assert ACCOUNT.encode() not in content
    for name in ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY"):
        assert SECRETS[name].encode() not in content


def test_a_system_with_data_is_not_replaced_unasked(saved: Saved, restored: Installation) -> None:
    before = restored.table_counts()

    output = restored.manage("restore", str(saved[1]), status=1)

    assert "FORCE=1" in output
    assert restored.table_counts() == before


def test_a_damaged_backup_changes_nothing(saved: Saved, restored: Installation, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.tar"
    content = bytearray(saved[1].read_bytes())
    content[content.index(b"%PDF-1.7") + 100] ^= 1
    damaged.write_bytes(content)
    before = restored.table_counts()

    output = restored.manage("restore", str(damaged), "--force", status=1)

    assert "is not what was saved" in output
    assert restored.table_counts() == before


def test_force_saves_what_was_there_and_other_keys_are_noticed(saved: Saved, restored: Installation) -> None:
    with_other_keys = Installation(restored.state, restored.variables | {"FIELD_KEYS": OTHER_KEY})

    output = with_other_keys.manage("restore", str(saved[1]), "--force")

    assert "What was here is saved in" in output
    assert "made with other FIELD_KEYS" in output
    safety = next((restored.state / "backups").glob("talentmap-*.tar"))
    assert _manifest(safety)["tables"] == _manifest(saved[1])["tables"]


def test_stop_ends_everything(site: Installation, served: psutil.Popen) -> None:
    family = served.children(recursive=True)
    assert len(family) >= 3

    assert "Stopped." in site.run(*SERVE, "stop")

    assert served.wait(timeout=30) == 0
    assert not [process for process in family if process.is_running() and not _gone(process)]
    assert not (site.state / "postgres" / "postmaster.pid").exists()
    assert "Nothing was being served." in site.run(*SERVE, "stop")


def test_a_port_in_use_is_named(installations: InstallationMaker) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        output = installations("no-port", PORT=str(port)).run(*SERVE, status=1)

    assert f"Port {port} of 127.0.0.1 cannot be used" in output


@pytest.mark.parametrize("port", ["80a", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)

    with pytest.raises(CannotServe, match=f"PORT={port} is not a port"):
        serve()


def _port(site: Installation) -> int:
    return int(site.variables["PORT"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _gone(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def _wait(happened: Callable[[], bool], process: psutil.Popen, seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert process.poll() is None, "the supervisor ended"
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def _manifest(archive: Path) -> dict[str, Any]:
    with tarfile.open(archive) as tar:
        opened = tar.extractfile("manifest.json")
        assert opened
        return dict(json.load(opened))
