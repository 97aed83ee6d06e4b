"""SQLite as a Database: transactions and expressions."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import bindparam, collate, create_engine, event, func, literal, null

from mapper_tasks.dialects.base import Database
from mapper_tasks.dialects.sqlite import attached, functions, hashing, shapes
from mapper_tasks.dialects.sqlite.faults import SQLiteFaults
from mapper_tasks.dialects.sqlite.hashing import SQLiteHashing
from mapper_tasks.dialects.sqlite.home import SQLiteHome
from mapper_tasks.dialects.sqlite.others import SQLiteOthers
from mapper_tasks.dialects.sqlite.planner import SQLitePlanner
from mapper_tasks.dialects.sqlite.stager import SQLiteStager
from mapper_tasks.dialects.sqlite.tables import SQLiteTables
from mapper_tasks.dialects.words import reserve
from mapper_tasks.model.shape import ColumnShape, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import URL, ColumnElement, Connection, Select

    from mapper_tasks.model.shape import TableShape

BUSY_SECONDS = 60


class SQLite(
    SQLitePlanner,
    SQLiteHashing,
    SQLiteStager,
    SQLiteTables,
    SQLiteOthers,
    SQLiteHome,
    SQLiteFaults,
    Database,
):
    """A SQLite file, or a database in memory."""

    kind: ClassVar[str] = "sqlite"
    row_id: ClassVar[str] = "rowid"
    row_id_type: ClassVar[str] = "INTEGER"

    @classmethod
    def open(cls, name: str, url: URL) -> SQLite:
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "uri": True})
        reserve(engine.dialect, ("nothing", "returning"))
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
        event.listen(engine, "checkin", attached.let_go)
        return cls(name, engine)

    # ---- transactions

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            try:
                yield connection
            finally:
                connection.rollback()
                connection.exec_driver_sql("PRAGMA query_only = OFF")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            writer = connection.execution_options(mapper_begin="BEGIN IMMEDIATE")
            with writer.begin():
                yield writer

    def identity(self, connection: Connection) -> str:
        path = connection.exec_driver_sql(
            "SELECT file FROM pragma_database_list WHERE name = 'main'"
        ).scalar_one()
        return f"sqlite:{Path(path).resolve() if path else id(self.engine)}"

    # ---- shapes

    def table(self, connection: Connection, name: str) -> TableShape | None:
        return shapes.table(connection, name)

    def columns_of(self, connection: Connection, query: Select[Any]) -> tuple[ColumnShape, ...]:
        return shapes.columns_of(connection, query)

    def spell(self, column: ColumnShape) -> str:
        return shapes.spell(column)

    def text_order(self, connection: Connection, column: ColumnShape) -> str:
        return "binary"

    # ---- expressions

    def store(
        self, value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape
    ) -> ColumnElement[Any]:
        # The staging column has the target's affinity; what does not fit is found there.
        return value

    def key(
        self, value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape, *, native: bool
    ) -> ColumnElement[Any]:
        return collate(value, "BINARY") if stored.kind is Kind.TEXT else value

    def bound(self, value: Any, kind: Kind, name: str | None = None) -> ColumnElement[Any]:
        return bindparam(name, functions.as_text(value))

    def bound_value(self, value: Any) -> Any:
        return functions.as_text(value)

    def time(self, moment: datetime, sql_type: str) -> ColumnElement[Any]:
        return bindparam(None, functions.as_text(moment))

    def open_end(self, end: str | None, sql_type: str) -> ColumnElement[Any]:
        return null() if end is None else literal(end)

    def moment(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.mapper_utc(value)

    def comparable(self, value: ColumnElement[Any], column: ColumnShape) -> ColumnElement[Any]:
        return value

    def digest(self, values: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
        return func.mapper_digest(*values)

    # ---- the target's temporary tables

    def create_temporary(
        self,
        connection: Connection,
        name: str,
        columns: Sequence[tuple[str, str]],
        constraints: Sequence[str] = (),
        lookups: Sequence[Sequence[str]] = (),
    ) -> None:
        quote = connection.dialect.identifier_preparer.quote
        parts = [f"{quote(column)} {sql_type}" for column, sql_type in columns]
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS temp.{quote(name)}")
        connection.exec_driver_sql(
            f"CREATE TEMP TABLE {quote(name)} ({', '.join([*parts, *constraints])})"
        )

    def index_temporary(self, connection: Connection, name: str, columns: Sequence[str]) -> None:
        # SQLite makes an index of its own for a join, but none for a correlated EXISTS.
        quote = connection.dialect.identifier_preparer.quote
        index, of = quote("_".join([name, *columns])), ", ".join(quote(one) for one in columns)
        connection.exec_driver_sql(
            f"CREATE INDEX IF NOT EXISTS temp.{index} ON {quote(name)} ({of})"
        )


def _set_up(connection: sqlite3.Connection, _record: Any) -> None:
    # Transactions are begun by `_begin`, not guessed by the driver from the statement.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    functions.install(connection)
    hashing.install(connection)


def _begin(connection: Connection) -> None:
    begin = connection.get_execution_options().get("mapper_begin", "BEGIN")
    connection.exec_driver_sql(begin)
