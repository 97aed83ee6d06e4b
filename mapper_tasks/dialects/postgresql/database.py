"""PostgreSQL as a Database: transactions and expressions."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, ClassVar

import psycopg
from sqlalchemy import (
    BigInteger,
    DateTime,
    Numeric,
    Text,
    bindparam,
    cast,
    collate,
    create_engine,
    event,
    func,
    literal,
    null,
    text,
)

from mapper_tasks.dialects.base import Database
from mapper_tasks.dialects.postgresql import collations, loading, shapes
from mapper_tasks.dialects.postgresql.faults import PostgreSQLFaults
from mapper_tasks.dialects.postgresql.hashing import PostgreSQLHashing
from mapper_tasks.dialects.postgresql.home import PostgreSQLHome
from mapper_tasks.dialects.postgresql.moments import PostgreSQLMoments
from mapper_tasks.dialects.postgresql.others import PostgreSQLOthers
from mapper_tasks.dialects.postgresql.planner import PostgreSQLPlanner
from mapper_tasks.dialects.postgresql.stager import PostgreSQLStager
from mapper_tasks.dialects.postgresql.tables import PostgreSQLTables
from mapper_tasks.dialects.words import reserve
from mapper_tasks.model.shape import ColumnShape, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import URL, ColumnElement, Connection, Select

    from mapper_tasks.model.shape import TableShape


class PostgreSQL(
    PostgreSQLPlanner,
    PostgreSQLHashing,
    PostgreSQLStager,
    PostgreSQLTables,
    PostgreSQLOthers,
    PostgreSQLMoments,
    PostgreSQLHome,
    PostgreSQLFaults,
    Database,
):
    """A PostgreSQL server's database, spoken to through psycopg."""

    kind: ClassVar[str] = "postgresql"
    row_id: ClassVar[str] = "ctid"
    row_id_type: ClassVar[str] = "tid"

    @classmethod
    def open(cls, name: str, url: URL) -> PostgreSQL:
        # A generic plan, made while the target was empty, stays bad when it has grown.
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args={"prepare_threshold": None, "application_name": "mapper"},
        )
        reserve(engine.dialect, ("collation", "concurrently", "lateral", "tablesample"))
        event.listen(engine, "connect", _speak_plainly)
        return cls(name, engine)

    # ---- transactions

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            reader = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            yield reader

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            writer = connection.execution_options(isolation_level="REPEATABLE READ")
            with writer.begin():
                yield writer

    def identity(self, connection: Connection) -> str:
        parts = connection.execute(
            text(
                "SELECT current_database(), current_user, pg_postmaster_start_time()::text, "
                "coalesce(inet_server_port()::text, current_setting('port')), "
                "(SELECT oid::text FROM pg_database WHERE datname = current_database()), "
                "current_setting('search_path')"
            )
        ).one()
        return "postgresql:" + "/".join(str(part) for part in parts)

    # ---- shapes

    def table(self, connection: Connection, name: str) -> TableShape | None:
        return shapes.table(connection, name)

    def columns_of(self, connection: Connection, query: Select[Any]) -> tuple[ColumnShape, ...]:
        return shapes.columns_of(connection, query)

    def spell(self, column: ColumnShape) -> str:
        return shapes.spell(column)

    def text_order(self, connection: Connection, column: ColumnShape) -> str:
        return collations.text_order(connection, column)

    # ---- expressions

    def store(
        self, value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape
    ) -> ColumnElement[Any]:
        if given.sql_type == stored.sql_type:
            return value
        if given.kind is Kind.FLOAT and stored.kind in (Kind.INTEGER, Kind.NUMERIC):
            # CAST keeps 15 digits; the text has as many as the number needs.
            value = cast(value, Text)
        if stored.kind is Kind.TEXT:
            # CAST to a length cuts silently; the staging column refuses instead.
            return self.cast(value, "bpchar" if stored.fixed else "text")
        if stored.kind is Kind.INTEGER and given.kind in (Kind.NUMERIC, Kind.FLOAT):
            # CAST to an integer rounds silently; through text it refuses a fraction.
            exact = func.trim_scale(cast(value, Numeric))
            return self.cast(cast(exact, Text), stored.sql_type)
        if {given.kind, stored.kind} == {Kind.TIMESTAMP, Kind.TIMESTAMPTZ}:
            return self.cast(func.timezone("UTC", value), stored.sql_type)
        if given.kind is Kind.DATE and stored.kind is Kind.TIMESTAMPTZ:
            midnight = self.cast(value, "timestamp")
            return self.cast(func.timezone("UTC", midnight), stored.sql_type)
        return self.cast(value, stored.sql_type)

    def key(
        self, value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape, *, native: bool
    ) -> ColumnElement[Any]:
        if stored.kind is Kind.TEXT:
            plain = value if given.kind is Kind.TEXT else cast(value, Text)
            plain = func.rtrim(plain, " ") if stored.fixed or given.fixed else plain
            return plain if native else collate(plain, "C")
        if given.kind is stored.kind is Kind.NUMERIC and stored.scale not in (None, given.scale):
            return func.round(value, stored.scale)
        if {given.kind, stored.kind} == {Kind.TIMESTAMP, Kind.TIMESTAMPTZ}:
            return func.timezone("UTC", value)
        return value

    def bound(self, value: Any, kind: Kind, name: str | None = None) -> ColumnElement[Any]:
        if kind is Kind.INTEGER:
            return bindparam(name, value, BigInteger)
        return self.cast(bindparam(name, value), shapes.BOUND_TYPES.get(kind, "text"))

    def time(self, moment: datetime, sql_type: str) -> ColumnElement[Any]:
        return self.cast(bindparam(None, moment, DateTime(timezone=True)), sql_type)

    def open_end(self, end: str | None, sql_type: str) -> ColumnElement[Any]:
        return self.cast(null() if end is None else literal(end), sql_type)

    def moment(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        return value

    def comparable(self, value: ColumnElement[Any], column: ColumnShape) -> ColumnElement[Any]:
        if column.sql_type == "json":
            return self.cast(value, "jsonb")
        if column.sql_type in shapes.WITHOUT_EQUALITY:
            return cast(value, Text)
        return value

    def digest(self, values: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
        # The text of a row quotes its values and tells NULL from the empty text: no value can
        # spell another list of values.
        shown = cast(func.row(*values), Text)
        hashed = func.sha256(func.convert_to(shown, "UTF8"))
        return func.encode(func.substr(hashed, 1, 16), "hex")

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
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{quote(name)}")
        ddl = f"CREATE TEMP TABLE {quote(name)} ({', '.join([*parts, *constraints])})"
        connection.exec_driver_sql(f"{ddl} ON COMMIT DROP")

    def prepare_apply(self, connection: Connection) -> None:
        # Staging has no statistics; a nested loop over it is quadratic. Joins are bounded by the
        # slice, so a hash join reads no more than the chunk.
        connection.exec_driver_sql("SET LOCAL enable_nestloop = off")
        connection.exec_driver_sql("SET LOCAL enable_mergejoin = off")
        # A plan that a switch above makes look dear is compiled for longer than it runs.
        connection.exec_driver_sql("SET LOCAL jit = off")
        # The events of a chunk are sorted in memory; with the default they go to disk.
        connection.exec_driver_sql("SET LOCAL work_mem = '64MB'")


# After 15 s of silence, every 5 s, three times; the system's own way takes two hours.
_ASK_WHETHER_ALIVE = (
    "SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"
)


def _speak_plainly(connection: Any, _record: Any) -> None:
    """Times in UTC and ISO in every session, so that text forms never depend on a server.

    And the transaction of a client that is gone ends soon: else it would hold its locks, and
    whoever does its work again would wait for them. A client that was killed is noticed by its
    closed connection; one whose machine lost its power says nothing, and is asked.
    """
    loading.install(connection)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'")
        with suppress(psycopg.Error):  # a server on a system that cannot tell
            cursor.execute("SET client_connection_check_interval = '2s'")
        cursor.execute(_ASK_WHETHER_ALIVE)
    connection.autocommit = False
