"""A throw-away RabbitMQ as broker, where its programs are installed."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kombu.connection import Connection

from mapper_tasks.demo.children import (
    Account,
    Child,
    free_port,
    start,
    start_on_a_free_port,
    unprivileged_account,
)
from mapper_tasks.demo.workshop import workshop
from mapper_tasks.model.errors import ServerNotStarted

_FOLDERS = ("/usr/lib/rabbitmq/lib/*/sbin/rabbitmq-server", "/opt/rabbitmq/sbin/rabbitmq-server")
_USER = "mapper"
_START_SECONDS = 180.0  # Erlang takes its time on a busy machine


@dataclass(frozen=True)
class RabbitServer:
    """A running broker."""

    url: str
    child: Child
    environment: Mapping[str, str]
    """What it was started with, and is to be started with again."""

    def empty(self, *queues: str) -> None:
        """Take every message out of the queues that there are."""
        with Connection(self.url) as connection:
            for queue in queues:
                with connection.channel() as channel:
                    try:
                        channel.queue_purge(queue)
                    except connection.channel_errors:
                        continue  # it was never declared


def rabbitmq_program() -> Path | None:
    """The server's own script: the one on the PATH asks for its system account."""
    found = [path for pattern in _FOLDERS for path in Path("/").glob(pattern.lstrip("/"))]
    if found:
        return max(found)
    on_path = shutil.which("rabbitmq-server")
    return Path(on_path) if on_path and not on_path.startswith("/usr/sbin") else None


@contextmanager
def rabbitmq_server() -> Iterator[RabbitServer]:
    """Our own broker on free loopback ports, under its own node name and cookie."""
    program, names = rabbitmq_program(), shutil.which("epmd")
    if program is None or names is None:
        raise ServerNotStarted("there is no RabbitMQ here", mend="apt install rabbitmq-server")
    account = unprivileged_account()
    with workshop() as place:
        password = secrets.token_urlsafe(18)
        home = _home(place, account, password)
        # Erlang would start one for the whole machine, which outlives us.
        port, keeper = start_on_a_free_port(
            lambda port: start(
                "epmd", [names, "-port", str(port), "-address", "127.0.0.1"], home, account=account
            ),
            _listens,
        )
        words = {"ERL_EPMD_PORT": str(port), "ERL_EPMD_ADDRESS": "127.0.0.1"}
        try:
            with _running(program, home, account, password, words) as server:
                yield server
        finally:
            keeper.stop()


@contextmanager
def _running(
    program: Path, home: Path, account: Account | None, password: str, words: dict[str, str]
) -> Iterator[RabbitServer]:
    def settings_of(port: int) -> dict[str, str]:
        return {**words, **_settings(home, port)}

    def begin(port: int) -> Child:
        return start("rabbitmq", [program], home, environment=settings_of(port), account=account)

    def url_of(port: int) -> str:
        return f"amqp://{_USER}:{password}@127.0.0.1:{port}//"

    port, child = start_on_a_free_port(begin, lambda port: _answers(url_of(port)), _START_SECONDS)
    try:
        yield RabbitServer(url_of(port), child, settings_of(port))
    finally:
        child.stop()


def _settings(home: Path, port: int) -> dict[str, str]:
    return {
        "HOME": str(home),
        # The script becomes the server: a shell before it would end with us, and leave it behind.
        "RUNNING_UNDER_SYSTEMD": "true",
        "RABBITMQ_NODENAME": f"mapper{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_SERVER_ERL_ARGS": "",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_CONF_ENV_FILE": str(home / "no-env.conf"),
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_PID_FILE": str(home / "rabbitmq.pid"),
    }


def _home(place: Path, account: Account | None, password: str) -> Path:
    home = place / "rabbitmq"
    home.mkdir(mode=0o700)
    settings = home / "rabbitmq.conf"
    settings.touch(mode=0o600)
    lines = (
        f"default_user = {_USER}",
        f"default_pass = {password}",
        "loopback_users = none",
        "consumer_timeout = 21600000",  # six hours in ms; by default a chunk may take half an hour
        "vm_memory_high_watermark.absolute = 512MB",
        "disk_free_limit.absolute = 50MB",
    )
    settings.write_text("\n".join(lines) + "\n")
    (home / "enabled_plugins").write_text("[].\n")
    if account is not None:
        for path in (home, *home.iterdir()):
            os.chown(path, account.uid, account.gid)
    return home


def _answers(url: str) -> bool:
    try:
        with Connection(url, connect_timeout=2) as connection:
            connection.connect()
            return True
    except Exception:  # noqa: BLE001  # whatever the transport raises while it comes up
        return False


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
