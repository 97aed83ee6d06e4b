"""Oracle as a Database: transactions and expressions."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import bindparam, func, null, quoted_name, text

from mapper_tasks.dialects.base import Database
from mapper_tasks.dialects.oracle import catalog, lobs, shapes, storing, temporary, times
from mapper_tasks.dialects.oracle.compiling import ONLY_READS
from mapper_tasks.dialects.oracle.connecting import engine_of
from mapper_tasks.dialects.oracle.digests import digest
from mapper_tasks.dialects.oracle.faults import OracleFaults
from mapper_tasks.dialects.oracle.hashing import OracleHashing
from mapper_tasks.dialects.oracle.home import OracleHome
from mapper_tasks.dialects.oracle.merging import Merge
from mapper_tasks.dialects.oracle.moments import OracleMoments
from mapper_tasks.dialects.oracle.others import OracleOthers
from mapper_tasks.dialects.oracle.planner import OraclePlanner
from mapper_tasks.dialects.oracle.stager import OracleStager
from mapper_tasks.dialects.oracle.tables import OracleTables
from mapper_tasks.dialects.oracle.verbatim import verbatim
from mapper_tasks.model.errors import UnsupportedDatabase
from mapper_tasks.model.shape import ColumnShape, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import URL, ColumnElement, Connection, Executable, Select, TableClause

    from mapper_tasks.model.shape import TableShape

# Of two databases with one name, the login was not made in one second.
IDENTITY = text("""
    SELECT SYS_CONTEXT('USERENV', 'DB_UNIQUE_NAME') || '/' || SYS_CONTEXT('USERENV', 'CON_NAME')
           || '/' || SYS_CONTEXT('USERENV', 'SERVER_HOST')
           || '/' || SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')
           || '/' || username || '/' || TO_CHAR(created, 'YYYYMMDDHH24MISS')
    FROM user_users
""")
CHARACTER_SET = text(
    "SELECT value FROM nls_database_parameters WHERE parameter = 'NLS_CHARACTERSET'"
)
UNICODE = "AL32UTF8"  # whose bytes have the order of code points


class Oracle(
    OraclePlanner,
    OracleHashing,
    OracleStager,
    OracleTables,
    OracleOthers,
    OracleMoments,
    OracleHome,
    OracleFaults,
    Database,
):
    """An Oracle database, spoken to by python-oracledb without a client library."""

    kind: ClassVar[str] = "oracle"
    row_id: ClassVar[str] = quoted_name("rowid", quote=False)
    row_id_type: ClassVar[str] = "ROWID"

    @classmethod
    def open(cls, name: str, url: URL) -> Oracle:
        return cls(name, engine_of(url))

    # ---- transactions

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            reader = connection.execution_options(**{ONLY_READS: True})
            reader.exec_driver_sql("SET TRANSACTION READ ONLY")
            yield reader

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """READ COMMITTED: a serializable transaction fails (ORA-08177) over what it can write.

        It does where another chunk has split a block of an index, and where a table has no segment
        yet. What a chunk decides on is held instead.
        """
        with self.engine.begin() as writer:
            yield writer

    def identity(self, connection: Connection) -> str:
        return f"oracle:{connection.execute(IDENTITY).scalar_one()}"

    # ---- shapes

    def table(self, connection: Connection, name: str) -> TableShape | None:
        return catalog.table(connection, name)

    def columns_of(self, connection: Connection, query: Select[Any]) -> tuple[ColumnShape, ...]:
        return shapes.columns_of(connection, query)

    def spell(self, column: ColumnShape) -> str:
        return shapes.spell(column)

    def carries(self, column: ColumnShape) -> bool:
        """Not INTERVAL, LONG, JSON, BOOLEAN, VECTOR or objects: each road would have its own."""
        return column.kind is not Kind.OTHER or column.sql_type in shapes.ROW_IDS

    def text_order(self, connection: Connection, column: ColumnShape) -> str:
        """Binary in every session.

        Raises UnsupportedDatabase where bytes are not in the order that other databases have.
        """
        characters = connection.execute(CHARACTER_SET).scalar_one()
        if characters != UNICODE:
            raise UnsupportedDatabase(
                f"connection {self.name!r} keeps text as {characters}: a text key needs {UNICODE}"
            )
        return "binary"

    # ---- expressions

    def store(
        self, value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape
    ) -> ColumnElement[Any]:
        return storing.stored(value, given, stored)

    def key(
        self, value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape, *, native: bool
    ) -> ColumnElement[Any]:
        if stored.kind is Kind.TEXT:
            plain = storing.as_text(value, given)
            # In its own character set text has another order.
            national = given.sql_type.startswith(tuple(shapes.NATIONAL))
            return func.to_char(plain) if national else plain
        if given.kind is stored.kind is Kind.NUMERIC and stored.scale not in (None, given.scale):
            return func.round(value, verbatim(str(stored.scale)))
        if given.kind in storing.TIMES and stored.kind in storing.TIMES:
            plain = times.converted(value, given.sql_type, "TIMESTAMP")
            return times.kept_by(plain, given.sql_type, stored.sql_type)
        return value

    def bound(self, value: Any, kind: Kind, name: str | None = None) -> ColumnElement[Any]:
        bind: ColumnElement[Any] = bindparam(name, self.bound_value(value))
        if kind in storing.TIMES or kind is Kind.DATE:
            return times.parsed(bind, "TIMESTAMP")
        if kind is Kind.TEXT and value == "":
            # The empty text is NULL: what follows it begins with the smallest of characters.
            return func.chr(verbatim("0"))
        return func.to_binary_double(bind) if kind is Kind.FLOAT else bind

    def bound_value(self, value: Any) -> Any:
        return storing.bindable(value)

    def time(self, moment: datetime, sql_type: str) -> ColumnElement[Any]:
        return times.parsed(bindparam(None, times.as_text(moment)), sql_type)

    def open_end(self, end: str | None, sql_type: str) -> ColumnElement[Any]:
        if end is None:
            return null()
        return times.parsed(bindparam(None, end), sql_type)

    def moment(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        return value

    def comparable(self, value: ColumnElement[Any], column: ColumnShape) -> ColumnElement[Any]:
        return value

    def differ(
        self, left: ColumnElement[Any], right: ColumnElement[Any], column: ColumnShape
    ) -> ColumnElement[bool]:
        if column.sql_type in shapes.LOBS:
            return lobs.differ(left, right)
        return super().differ(left, right, column)

    def short(self, value: ColumnElement[Any], column: ColumnShape) -> ColumnElement[Any]:
        return lobs.Short(value) if column.sql_type in shapes.LOBS else value

    def short_type(self, column: ColumnShape) -> str:
        return lobs.SHORT_TYPE if column.sql_type in shapes.LOBS else column.sql_type

    def digest(self, values: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
        return digest(values)

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
        described = [(quote(column), sql_type) for column, sql_type in columns]
        connection.exec_driver_sql(temporary.creation(name, described))
        kept = connection.info.setdefault(temporary.TYPES, {})
        kept[name] = {column: temporary.type_of(sql_type) for column, sql_type in columns}

    def index_temporary(self, connection: Connection, name: str, columns: Sequence[str]) -> None:
        """A private temporary table has no indexes: joins hash."""

    def prepare_apply(self, connection: Connection) -> None:
        """Plans are made when the tables are full, from a sample of them."""

    def rewritten(
        self,
        target: TableClause,
        values: Mapping[str, Any],
        rows: Sequence[ColumnElement[bool]],
    ) -> Executable:
        return Merge(target, values, rows)
