"""The embedded servers, as real processes."""

import os
import stat
from pathlib import Path

import environ
import pytest
import redis

from talentmap import embedded
from talentmap.embedded import unprivileged
from talentmap.embedded.places import SOCKET_PATH_LIMIT, PlaceError, make_private, places_of
from tests.embedded.conftest import Servers


def test_four_starters_make_one_server_of_each_kind(servers: Servers) -> None:
    starters = [servers.starter() for _ in range(4)]
    outputs = [starter.communicate(timeout=60)[0] for starter in starters]

    assert [starter.returncode for starter in starters] == [0, 0, 0, 0], outputs
    assert len(servers.masters(servers.places.postgres)) == 1
    assert len(servers.masters(servers.places.valkey)) == 1


def test_servers_outlive_their_starter_and_answer_at_the_urls(servers: Servers) -> None:
    assert servers.starter().wait(timeout=60) == 0

    database_url, redis_url = embedded.connection_urls(servers.base)
    database = environ.Env.db_url_config(database_url)
    assert (database["NAME"], database["USER"]) == ("talentmap", "postgres")
    assert database["OPTIONS"] == {"host": str(servers.places.sockets)}
    assert redis.Redis.from_url(redis_url.replace("redis+socket://", "unix://")).ping()
    assert servers.query("SHOW server_encoding") == [("UTF8",)]


def test_data_survive_kill_9_of_both_servers(servers: Servers) -> None:
    servers.start()
    servers.query("CREATE TABLE kept AS SELECT 42 AS answer")
    servers.redis().set("kept", "42")
    servers.redis().waitaof(1, 0, 5000)

    servers.kill(servers.places.postgres)
    servers.kill(servers.places.valkey)
    servers.start()

    assert servers.query("SELECT answer FROM kept") == [(42,)]
    assert servers.redis().get("kept") == "42"


def test_a_stale_pid_that_now_belongs_to_another_process_is_not_believed(servers: Servers) -> None:
    servers.start()
    servers.kill(servers.places.postgres)
    servers.kill(servers.places.valkey)
    pid_file = servers.places.postgres / "postmaster.pid"
    rest = pid_file.read_text().splitlines()[1:]
    pid_file.write_text("\n".join([str(os.getpid()), *rest]) + "\n")
    (servers.places.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    (servers.places.valkey / "valkey.pid").write_text(f"{os.getpid()}\n")

    servers.start()

    assert servers.query("SELECT 1") == [(1,)]
    assert servers.redis().ping()


def test_a_start_cut_short_is_begun_again(servers: Servers) -> None:
    servers.places.make()
    unfinished = servers.places.state / "postgres.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")

    servers.start()

    assert servers.query("SELECT 1") == [(1,)]
    assert not unfinished.exists()


def test_a_long_path_gets_short_sockets_and_keeps_its_data(deep_servers: Servers) -> None:
    deep_servers.start()

    assert deep_servers.query("SELECT 1") == [(1,)]
    assert deep_servers.redis().ping()
    assert deep_servers.places.postgres.is_relative_to(deep_servers.base)
    socket = deep_servers.places.sockets / ".s.PGSQL.5432"
    assert len(os.fsencode(socket)) <= SOCKET_PATH_LIMIT
    assert _mode(socket.parent) == _mode(socket.parent.parent) == 0o700


def test_only_the_owner_can_reach_data_and_sockets(servers: Servers) -> None:
    servers.places.make()
    servers.places.state.chmod(0o755)

    servers.start()

    places = servers.places
    for folder in (places.state, places.sockets, places.postgres, places.valkey, places.logs):
        assert _mode(folder) == 0o700, folder


def test_a_private_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(PlaceError, match="is not a folder of this user"):
        make_private(tmp_path / "link")


def test_nothing_starts_where_servers_are_configured(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/else")
    monkeypatch.setenv("REDIS_URL", "redis://somewhere/0")

    servers.start()

    assert not servers.places.postgres.exists()
    assert not servers.places.valkey_socket.exists()


def test_places_are_the_same_for_the_same_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TALENTMAP_STATE_DIR", raising=False)

    assert places_of(tmp_path) == places_of(tmp_path)
    assert places_of(tmp_path / ("a" * 120)).sockets != places_of(tmp_path / ("b" * 120)).sockets


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs to become somebody else")
def test_root_without_user_namespaces_runs_the_server_as_nobody(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers.start()
    servers.query("CREATE TABLE kept AS SELECT 42 AS answer")
    embedded.stop(servers.base)
    monkeypatch.setattr(unprivileged, "_namespaces_allowed", lambda: False)

    servers.start()

    assert servers.places.postgres.stat().st_uid == unprivileged.NOBODY
    assert servers.query("SELECT answer FROM kept") == [(42,)]


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
