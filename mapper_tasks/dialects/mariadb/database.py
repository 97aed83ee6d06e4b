"""MariaDB as a Database: transactions, faults and expressions."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import bindparam, case, func, null, text

from mapper_tasks.dialects.base import Database
from mapper_tasks.dialects.mariadb import (
    described,
    expressions,
    sessions,
    shapes,
    temporary,
)
from mapper_tasks.dialects.mariadb.faults import MariaDBFaults
from mapper_tasks.dialects.mariadb.hashing import MariaDBHashing
from mapper_tasks.dialects.mariadb.home import MariaDBHome
from mapper_tasks.dialects.mariadb.others import MariaDBOthers
from mapper_tasks.dialects.mariadb.planner import MariaDBPlanner
from mapper_tasks.dialects.mariadb.stager import MariaDBStager
from mapper_tasks.dialects.mariadb.tables import BINARY_ORDER, MariaDBTables
from mapper_tasks.dialects.words import reserve
from mapper_tasks.model.errors import UnsupportedDatabase
from mapper_tasks.model.shape import ColumnShape, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import URL, ColumnElement, Connection, FromClause, Select

    from mapper_tasks.model.shape import TableShape

TIMESTAMP_ENDS = "2038-01-19"  # 2106-02-07 from MariaDB 11.5 on; no open end lies between
MYSQL_BINARY_ORDER = "utf8mb4_0900_bin"


class MariaDB(
    MariaDBPlanner,
    MariaDBStager,
    MariaDBTables,
    MariaDBOthers,
    MariaDBHashing,
    MariaDBHome,
    MariaDBFaults,
    Database,
):
    """A database (schema) of a MariaDB server; or one of MySQL 8, to read from."""

    kind: ClassVar[str] = "mariadb"
    row_id: ClassVar[str | None] = None
    row_id_type: ClassVar[str] = "char(32)"
    time_type: ClassVar[str] = "datetime(6)"

    @classmethod
    def open(cls, name: str, url: URL) -> MariaDB:
        engine = sessions.engine_of(url)
        reserve(engine.dialect, ("row_number", "offset", "rows", "lateral", "window", "returning"))
        return cls(name, engine)

    # ---- transactions

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection.execution_options(mapper_begin=sessions.READS_ONE_MOMENT)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            self.check_target()
            yield connection

    def check_target(self) -> None:
        if not self._is_mariadb:
            raise UnsupportedDatabase(
                f"connection {self.name!r} is MySQL, which opens a temporary table only once "
                "in a statement: it can be a source, not a target"
            )

    @property
    def _is_mariadb(self) -> bool:
        return bool(self.engine.dialect.is_mariadb)  # type: ignore[attr-defined]

    def identity(self, connection: Connection) -> str:
        parts = connection.execute(
            text("SELECT database(), current_user(), @@hostname, @@port, @@datadir, @@socket")
        ).one()
        return "mariadb:" + "/".join(str(part) for part in parts)

    # ---- shapes

    def table(self, connection: Connection, name: str) -> TableShape | None:
        return shapes.table(connection, name)

    def columns_of(self, connection: Connection, query: Select[Any]) -> tuple[ColumnShape, ...]:
        return described.columns_of(connection, query)

    def spell(self, column: ColumnShape) -> str:
        return shapes.spell(column)

    def text_order(self, connection: Connection, column: ColumnShape) -> str:
        if column.collation in expressions.BINARY_ORDERS:
            return "binary"
        # Without a name it is the server's default, which no key should have: see `key`.
        return f"mariadb:{column.collation}" if column.collation else "mariadb's default"

    # ---- expressions

    def cast(self, value: Any, sql_type: str) -> ColumnElement[Any]:
        return expressions.converted(value, expressions.castable(sql_type))

    def store(
        self, value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape
    ) -> ColumnElement[Any]:
        return expressions.store(value, given, stored)

    def key(
        self, value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape, *, native: bool
    ) -> ColumnElement[Any]:
        if stored.kind is Kind.TEXT or given.kind is Kind.UUID:
            plain = func.rtrim(value) if stored.fixed or given.fixed else value
            if given.kind is not Kind.TEXT:
                plain = expressions.plain(plain, given)
            elif native:
                return plain
            order = given.collation if given.kind is Kind.TEXT and plain is value else None
            return expressions.binary_text(plain, order, self._binary_order)
        if given.kind is stored.kind is Kind.NUMERIC and stored.scale not in (None, given.scale):
            return func.round(value, stored.scale)
        return value

    @property
    def _binary_order(self) -> str:
        return BINARY_ORDER if self._is_mariadb else MYSQL_BINARY_ORDER

    def bound(self, value: Any, kind: Kind, name: str | None = None) -> ColumnElement[Any]:
        return bindparam(name, self.bound_value(value))

    def bound_value(self, value: Any) -> Any:
        return expressions.python_value(value)

    def time(self, moment: datetime, sql_type: str) -> ColumnElement[Any]:
        return self.cast(bindparam(None, expressions.python_value(moment)), sql_type)

    def open_end(self, end: str | None, sql_type: str) -> ColumnElement[Any]:
        if end is None:
            return null()
        return self.time(datetime.fromisoformat(end), sql_type)  # no zone is read from text

    def can_hold_end(self, end: str, sql_type: str) -> bool:
        return not sql_type.startswith("timestamp") or end < TIMESTAMP_ENDS

    def moment(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        return value

    def comparable(self, value: ColumnElement[Any], column: ColumnShape) -> ColumnElement[Any]:
        if column.kind in (Kind.TEXT, Kind.JSON, Kind.OTHER):
            return expressions.as_bytes(value)  # case, accents and blanks at the end count
        return value

    def digest(self, values: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
        return expressions.digest(values)

    def row_name(self, rows: FromClause, key: Sequence[str], begin: str) -> ColumnElement[Any]:
        parts = [rows.c[name] for name in (*key, begin) if name in rows.c]
        return case((rows.c[key[0]].is_not(None), self.digest(parts)))

    # ---- the target's temporary tables

    def create_temporary(
        self,
        connection: Connection,
        name: str,
        columns: Sequence[tuple[str, str]],
        constraints: Sequence[str] = (),
        lookups: Sequence[Sequence[str]] = (),
    ) -> None:
        temporary.create(connection, name, columns, constraints, lookups)
