"""A throw-away MariaDB of the system's packages: its data, its databases."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy.engine import URL, make_url

from mapper_tasks.demo.children import (
    Account,
    Child,
    run_to_the_end,
    start,
    start_on_a_free_port,
    unprivileged_account,
)
from mapper_tasks.demo.workshop import workshop
from mapper_tasks.model.errors import ServerNotStarted

if TYPE_CHECKING:
    import pymysql

_USER = "mapper"
_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/usr/local/bin", "/usr/bin")

# Its data is thrown away: nothing has to survive a crash of the machine.
_SETTINGS: Mapping[str, str] = {
    "bind-address": "127.0.0.1",
    "skip-name-resolve": "ON",
    "innodb-flush-log-at-trx-commit": "0",
    "innodb-flush-method": "nosync",
    "innodb-use-native-aio": "OFF",  # the machine has few places for it
    "innodb-doublewrite": "OFF",
    "innodb-fast-shutdown": "2",
    "innodb-log-file-size": "64M",
    "innodb-buffer-pool-size": "256M",
    "innodb-buffer-pool-dump-at-shutdown": "OFF",
    "key-buffer-size": "1M",
    "aria-pagecache-buffer-size": "16M",
    "max-connections": "200",
    "local-infile": "ON",
    "character-set-server": "utf8mb4",
}


@dataclass(frozen=True)
class MariaDBServer:
    """A running server; `child` is None for one that is not ours."""

    address: URL
    child: Child | None = None

    def url(self, database: str = "") -> str:
        """The SQLAlchemy URL of one of its databases, password included."""
        return self.address.set(database=database).render_as_string(hide_password=False)

    def create_database(self, name: str | None = None) -> str:
        """Make an empty database and return its URL; without a name, under a new one."""
        name = name or f"mapper_{uuid4().hex[:12]}"
        self._administer(f"CREATE DATABASE {_quoted(name)}")
        return self.url(name)

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """The URL of an empty database that is dropped afterwards, connections or not."""
        url = self.create_database()
        name = str(make_url(url).database)
        try:
            yield url
        finally:
            self._drop(name)

    def answers(self) -> bool:
        """Whether one can log in."""
        from pymysql.err import OperationalError

        try:
            self._log_in().close()
        except OperationalError:
            return False
        return True

    def _drop(self, name: str) -> None:
        """Drop a database; who is still connected to it could hold locks of its tables."""
        from pymysql.err import MySQLError

        with self._log_in() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT id FROM information_schema.processlist WHERE db = %s", (name,))
            for (number,) in cursor.fetchall():
                with suppress(MySQLError):  # it is gone already
                    cursor.execute("KILL %s", (number,))
            cursor.execute(f"DROP DATABASE {_quoted(name)}")

    def _administer(self, statement: str) -> None:
        with self._log_in() as connection, connection.cursor() as cursor:
            cursor.execute(statement)

    def _log_in(self) -> pymysql.Connection:
        import pymysql

        where = self.address
        return pymysql.connect(
            host=where.host,
            port=where.port or 3306,
            user=where.username,
            password=str(where.password) if where.password else "",
            connect_timeout=5,
            autocommit=True,
        )


def running_mariadb(url: str) -> MariaDBServer:
    """A server that is there already, by a URL whose login may create databases."""
    address = make_url(url)
    return MariaDBServer(address.set(drivername=f"{address.get_backend_name()}+pymysql"))


def has_mariadb() -> bool:
    """Whether `mariadb_server` finds its programs here."""
    return _program("mariadbd") is not None and _program("mariadb-install-db") is not None


@contextmanager
def mariadb_server(settings: Mapping[str, str] | None = None) -> Iterator[MariaDBServer]:
    """Our own MariaDB on a free loopback port, gone with all its data afterwards."""
    server, installer = _program("mariadbd"), _program("mariadb-install-db")
    if server is None or installer is None:
        raise ServerNotStarted(
            "there is no MariaDB server program here",
            mend="apt install mariadb-server-core mariadb-client-core",
        )
    with workshop() as place:
        account = unprivileged_account()
        password = secrets.token_urlsafe(18)
        home = _make_home(installer, place, account, password)
        options = [
            f"--{name}={value}" for name, value in ({**_SETTINGS, **(settings or {})}).items()
        ]

        def at(port: int) -> MariaDBServer:
            return MariaDBServer(URL.create("mariadb+pymysql", _USER, password, "127.0.0.1", port))

        def begin(port: int) -> Child:
            where = [
                f"--datadir={home / 'data'}",
                f"--tmpdir={home}",
                f"--socket={home / 'socket'}",
                f"--pid-file={home / 'pid'}",
                f"--init-file={home / 'logins.sql'}",
                f"--port={port}",
            ]
            return start(
                "mariadb", [server, "--no-defaults", *where, *options], place, account=account
            )

        port, child = start_on_a_free_port(begin, lambda port: at(port).answers())
        try:
            (home / "logins.sql").unlink()
            yield MariaDBServer(at(port).address, child)
        finally:
            child.stop()


def _make_home(installer: Path, place: Path, account: Account | None, password: str) -> Path:
    home = place / "mariadb"
    home.mkdir(mode=0o700)
    logins = home / "logins.sql"
    logins.touch(mode=0o600)
    # Root's own login is by the socket alone, which nobody else reaches.
    logins.write_text(
        f"CREATE USER {_USER}@'127.0.0.1' IDENTIFIED BY '{password}';\n"
        f"GRANT ALL ON *.* TO {_USER}@'127.0.0.1' WITH GRANT OPTION;\n"
    )
    if account is not None:
        for path in (home, logins):
            os.chown(path, account.uid, account.gid)
    options = ["--skip-test-db", "--skip-name-resolve", "--auth-root-authentication-method=socket"]
    files = [f"--datadir={home / 'data'}", "--innodb-log-file-size=64M", "--cross-bootstrap"]
    # Two installations at once would take away each other's temporary files.
    files += ["--innodb-use-native-aio=OFF", f"--tmpdir={home}"]
    run_to_the_end((installer, "--no-defaults", *files, *options), place, account)
    return home


def _program(name: str) -> Path | None:
    """A server program; folders of system programs are not on everybody's PATH."""
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(_FOLDERS))
    return Path(found) if found else None


def _quoted(name: str) -> str:
    return "`{}`".format(name.replace("`", "``"))
