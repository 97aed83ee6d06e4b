"""Servers of the demo and the tests: they start anywhere, and none outlives its launcher."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pymysql
import pytest
import redis
from sqlalchemy import make_url

from mapper_tasks.demo import children, postgres
from mapper_tasks.demo.servers import (
    MariaDBServer,
    flower_node,
    postgres_server,
    rabbitmq_program,
    valkey_server,
    worker_node,
)
from mapper_tasks.demo.workshop import passable, workshop
from mapper_tasks.model.errors import ServerNotStarted

LAUNCHER = Path(__file__).with_name("launcher.py")
NOBODY = 65534
AS_PLAIN_USER: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []}


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder, open to every user, in which servers make their workshops."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        shelf = Path(folder)
        shelf.chmod(0o1777)
        monkeypatch.setenv("TMPDIR", str(shelf))
        monkeypatch.setattr(tempfile, "tempdir", str(shelf))
        yield shelf


@pytest.fixture(params=["this user", "plain user"])
def as_user(request: pytest.FixtureRequest) -> dict[str, Any]:
    """How to start the launcher as this user and, where this one is root, as one without rights."""
    if request.param == "this user":
        return {}
    if os.geteuid() != 0:
        pytest.skip("this user is a plain one already")
    hidden = [path for path in (Path(sys.executable), LAUNCHER) if not passable(path)]
    if hidden:
        pytest.skip(f"{hidden[0]} is hidden from other users")
    return AS_PLAIN_USER


@contextmanager
def launched(as_user: dict[str, Any], *words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, LAUNCHER, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **as_user) as launcher:
        try:
            assert launcher.stdout is not None
            assert launcher.stdout.readline() == "holding\n"
            yield launcher
        finally:
            launcher.kill()


def everything_under(launcher: subprocess.Popen[str]) -> list[psutil.Process]:
    found = psutil.Process(launcher.pid).children(recursive=True)
    # two workers with two pool processes each, Valkey, Flower, and PostgreSQL with its own
    assert len(found) >= 11
    return found


def survivors(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    _, alive = psutil.wait_procs(processes, seconds)
    return alive


def test_nothing_survives_a_killed_launcher(as_user: dict[str, Any], shelf: Path) -> None:
    with launched(as_user) as launcher:
        processes = everything_under(launcher)
        launcher.send_signal(signal.SIGKILL)
        launcher.wait()
    assert survivors(processes, 10) == []


@pytest.mark.skipif(rabbitmq_program() is None, reason="RabbitMQ is not installed here")
def test_no_rabbitmq_survives_a_killed_launcher(as_user: dict[str, Any], shelf: Path) -> None:
    with launched(as_user, "rabbitmq") as launcher:
        processes = psutil.Process(launcher.pid).children(recursive=True)
        assert {"epmd", "beam.smp"} <= {process.name() for process in processes}
        launcher.kill()
        launcher.wait()
    assert survivors(processes, 10) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_launcher_leaves_neither_processes_nor_files(
    number: signal.Signals, shelf: Path
) -> None:
    with launched({}) as launcher:
        processes = everything_under(launcher)
        launcher.send_signal(number)
        launcher.wait(30)
    assert survivors(processes, 1) == []
    assert list(shelf.iterdir()) == []


def test_a_later_start_sweeps_what_a_killed_one_left(shelf: Path) -> None:
    with launched({}) as launcher:
        processes = everything_under(launcher)
        launcher.kill()
        launcher.wait()
    assert survivors(processes, 10) == []
    assert list(shelf.iterdir())
    with workshop() as place:
        assert list(shelf.iterdir()) == [place]
    assert list(shelf.iterdir()) == []


def test_a_workshop_in_use_is_not_swept(shelf: Path) -> None:
    with workshop() as one, workshop() as two:
        assert sorted(shelf.iterdir()) == sorted([one, two])


def test_a_killed_worker_takes_its_pool_along(broker_url: str, sqlite_url: str) -> None:
    environment = {"MAPPER_BROKER_URL": broker_url, "MAPPER_METADATA_URL": sqlite_url}
    with worker_node("doomed", environment, concurrency=2) as node:
        pool = psutil.Process(node.pid).children(recursive=True)
        assert len(pool) >= 2
        os.kill(node.pid, signal.SIGKILL)
        assert survivors(pool, 10) == []


def test_a_database_is_fresh_and_gone_afterwards() -> None:
    with postgres_server() as server:
        with server.fresh_database() as url:
            where = url.replace("+psycopg", "")
            with psycopg.connect(where) as connection:
                connection.execute("CREATE TABLE t (x int)")
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(where)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host="127.0.0.1", port=server.address.port, user="mapper", password="x")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(where)


def test_a_mariadb_database_is_fresh_and_gone_afterwards(mariadb: MariaDBServer) -> None:
    with mariadb.fresh_database() as url:
        where = make_url(url).translate_connect_args(username="user")
        with pymysql.connect(**where) as connection:
            connection.cursor().execute("CREATE TABLE t (x int)")
        waiting = pymysql.connect(**where)
        waiting.cursor().execute("SELECT * FROM t")
    with pytest.raises(pymysql.err.OperationalError, match="Unknown database"):
        pymysql.connect(**where)
    with pytest.raises(pymysql.err.OperationalError, match="denied"):
        pymysql.connect(**{**where, "password": "x"})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as somebody else")
def test_root_starts_postgres_from_a_place_that_is_hidden_from_its_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres, "passable", lambda _: False)
    with postgres_server() as server:
        assert server.child is not None
        assert psutil.Process(server.child.pid).uids().effective != 0
        assert server.answers()


def test_the_broker_refuses_who_does_not_know_its_password() -> None:
    with valkey_server() as server:
        address = server.url.rpartition("@")[2].partition("/")[0]
        stranger = redis.Redis.from_url(f"redis://{address}/0")
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_flower_asks_for_its_login(broker_url: str, sqlite_url: str) -> None:
    environment = {"MAPPER_BROKER_URL": broker_url, "MAPPER_METADATA_URL": sqlite_url}
    with flower_node(environment) as flower:
        caller = HTTPConnection(flower.url.removeprefix("http://"), timeout=5)
        for page in ("/", "/workers", "/tasks", "/api/workers"):
            caller.request("GET", page)
            reply = caller.getresponse()
            reply.read()
            assert (page, reply.status) == (page, HTTPStatus.UNAUTHORIZED)
        caller.close()


def test_a_port_taken_meanwhile_is_given_up_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        taken = stranger.getsockname()[1]
        ports = iter([taken, children.free_port()])
        monkeypatch.setattr(children, "free_port", lambda: next(ports))
        with valkey_server() as server:
            assert f":{taken}/" not in server.url


def test_a_server_that_ends_at_once_shows_the_end_of_its_log(tmp_path: Path) -> None:
    child = children.start("quick", ["sh", "-c", "echo first words; echo last words"], tmp_path)
    with pytest.raises(ServerNotStarted, match="first words\nlast words"):
        children.wait_until(lambda: False, [child], 10)


def test_a_bad_setting_shows_what_postgres_says_of_it() -> None:
    with (
        pytest.raises(ServerNotStarted, match="no_such_setting"),
        postgres_server({"no_such_setting": "on"}),
    ):
        pass


def test_a_child_inherits_nothing_that_configures_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MAPPER_BROKER_URL", "PGHOST", "CELERY_BROKER_URL", "FLOWER_PORT"):
        monkeypatch.setenv(name, "somebody's")
    assert "somebody's" not in children.child_environment({}).values()


def test_a_child_that_will_not_stop_is_killed(tmp_path: Path) -> None:
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True)\n"
    child = children.start("deaf", [sys.executable, "-c", f"{stubborn}time.sleep(60)"], tmp_path)
    children.wait_until(lambda: child.log.read_text() == "1\n", [child], 10)
    begun = time.monotonic()
    child.stop(grace_seconds=0.2)
    assert not child.alive()
    assert time.monotonic() - begun < 5
