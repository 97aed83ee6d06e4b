"""Every step by which a run leaves a trace outside its process, counted, and one of them broken.

Steps are the writing statements and the commits on the databases' own driver calls, the COPYs,
and what is sent to the broker.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import psycopg
import pymysql

from mapper_tasks.dialects.postgresql import copying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper_tasks.dialects import Database

# What leaves no row anywhere.
READS = ("SELECT", "WITH", "PRAGMA", "BEGIN", "EXPLAIN", "VALUES", "SHOW", "SET", "SAVEPOINT")
READS += (
    "START TRANSACTION",
    "RELEASE",
    "ROLLBACK",
    "CREATE TEMP",
    "CREATE OR REPLACE TEMP",
    "CREATE INDEX IF NOT EXISTS",
    "DROP VIEW",
    "DROP TABLE IF EXISTS",
    "ANALYZE",
)
COMMIT = "COMMIT"
OF_TEMPORARY_TABLES = " mp_"  # gone with their transaction, however it ends


class When(StrEnum):
    BEFORE = "before"
    AFTER = "after"


class Died(BaseException):
    """Not an Exception: nothing of the program may catch it."""


Fault = Callable[[Any], None]


class Steps:
    """Counts the steps; at step number `at` the fault strikes, once."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self._at, self._when, self._fault = 0, When.BEFORE, None
        self._thread = threading.get_ident()

    def break_at(self, at: int, when: When, fault: Fault) -> None:
        self.taken = []
        self._at, self._when, self._fault = at, when, fault
        self._thread = threading.get_ident()

    @property
    def lasting(self) -> list[int]:
        """The numbers of the steps that are seen by others, sooner or later."""
        temporary = (OF_TEMPORARY_TABLES, OF_TEMPORARY_TABLES.replace(" ", "."))
        return [n for n, what in enumerate(self.taken, 1) if not any(t in what for t in temporary)]

    def count(self) -> None:
        self.break_at(0, When.BEFORE, lambda _: None)

    def take(self, what: str, connection: Any, do: Callable[[], Any]) -> Any:
        if threading.get_ident() != self._thread:
            return do()  # a heart beats when it likes
        self.taken.append(what)
        this = self._fault if len(self.taken) == self._at else None
        if this is not None and self._when is When.BEFORE:
            this(connection)
        answer = do()
        if this is not None and self._when is When.AFTER:
            this(connection)
        return answer

    def watch(self, database: Database) -> None:
        """Count what the database's engine writes and commits."""
        dialect = database.engine.dialect
        for name in ("do_execute", "do_executemany", "do_execute_no_params"):
            setattr(dialect, name, self._executing(getattr(dialect, name)))
        dialect.do_commit = self._committing(dialect.do_commit)  # type: ignore[method-assign]

    def _executing(self, execute: Callable[..., Any]) -> Callable[..., Any]:
        def executing(cursor: Any, statement: str, *rest: Any) -> Any:
            if statement.lstrip().upper().startswith(READS):
                return execute(cursor, statement, *rest)
            words = " ".join(statement.split()[:4])
            return self.take(words, cursor.connection, lambda: execute(cursor, statement, *rest))

        return executing

    def _committing(self, commit: Callable[..., Any]) -> Callable[..., Any]:
        def committing(connection: Any) -> Any:
            return self.take(COMMIT, connection.driver_connection, lambda: commit(connection))

        return committing

    @contextmanager
    def copies(self) -> Iterator[None]:
        """Count PostgreSQL's COPYs as well, which pass by the engine."""
        original = copying.pipe

        def pipe(reader: Any, copy_out: str, writer: Any, *rest: Any) -> int:
            target = copying.driver_of(writer)
            with copying.as_sqlalchemy(target):
                read: int = self.take(
                    "COPY", target, lambda: original(reader, copy_out, writer, *rest)
                )
            return read

        copying.pipe = pipe
        try:
            yield
        finally:
            copying.pipe = original


def dies(_connection: Any) -> None:
    """The process ends here, and nothing of it is cleaned up."""
    os._exit(9)


def is_lost(connection: Any) -> None:
    """The connection is gone, and the driver says so. SQLite has none to lose: it is busy."""
    if isinstance(connection, psycopg.Connection):
        connection.close()
        raise psycopg.OperationalError("consuming input failed: server closed the connection")
    if isinstance(connection, pymysql.Connection):
        connection._force_close()  # without a farewell to the server
        raise pymysql.OperationalError(2013, "Lost connection to MySQL server during query")
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
    raise busy


def is_broken(connection: Any) -> None:
    """A fault that no repetition mends by itself."""
    if isinstance(connection, psycopg.Connection):
        raise psycopg.errors.UndefinedFile("could not open file: No such file or directory")
    if isinstance(connection, pymysql.Connection):
        raise pymysql.OperationalError(1030, "Got error 5 from storage engine InnoDB")
    broken = sqlite3.OperationalError("disk I/O error")
    broken.sqlite_errorcode = sqlite3.SQLITE_IOERR
    raise broken
