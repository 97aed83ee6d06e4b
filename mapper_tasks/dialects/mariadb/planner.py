"""MariaDB's answers to what a plan asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import func, literal
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles

from mapper_tasks.dialects.mariadb import faults, loading
from mapper_tasks.dialects.mariadb.expressions import as_bytes
from mapper_tasks.dialects.planner import Explain, Explained, Planner
from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection, FromClause, Select
    from sqlalchemy.sql.compiler import SQLCompiler

TOOK_TOO_LONG = frozenset({1969, 3024})  # on MariaDB and on MySQL
_READS_ALL = ("Using filesort", "Using temporary")


@compiles(Explain, "mariadb", "mysql")
def _explain(element: Explain, compiler: SQLCompiler, **options: Any) -> str:
    return element.spelled("EXPLAIN", compiler, **options)


class MariaDBPlanner(Planner):
    """EXPLAIN tells the way and guesses rows; what it costs is told by newer servers only."""

    # Not FLOAT: a column of four bytes is not equal to the number that it shows.
    sliceable: ClassVar[frozenset[Kind]] = frozenset(Kind) - {
        Kind.INTERVAL,
        Kind.JSON,
        Kind.OTHER,
        Kind.TIME,
    }

    def explain(self, connection: Connection, query: Select[Any]) -> Explained:
        steps = connection.execute(Explain(query)).mappings().all()
        rows = 1
        for step in steps:
            if step["id"] == steps[0]["id"]:
                rows *= int(step["rows"] or 1)
        sorts = any(word in (step["Extra"] or "") for step in steps for word in _READS_ALL) or any(
            step["select_type"] == "DERIVED" for step in steps
        )
        return Explained(rows=rows, cost=None, sorts=sorts, counted=False)

    def count_within(
        self, connection: Connection, count: Select[Any], seconds: float
    ) -> int | None:
        limit = "max_execution_time" if not _is_mariadb(connection) else "max_statement_time"
        unit = 1000 if not _is_mariadb(connection) else 1
        connection.exec_driver_sql(f"SET SESSION {limit} = {seconds * unit:.0f}")
        try:
            return int(connection.execute(count).scalar_one())
        except DBAPIError as fault:
            if faults.number_of(fault) in TOOK_TOO_LONG:
                return None
            raise
        finally:
            connection.exec_driver_sql(f"SET SESSION {limit} = DEFAULT")

    def row_bytes(self, rows: FromClause) -> ColumnElement[int]:
        sizes = [func.coalesce(func.length(as_bytes(value)), 0) for value in rows.c]
        return sum(sizes, start=literal(0))

    def fill(
        self,
        connection: Connection,
        name: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
    ) -> None:
        loading.fill(connection, name, columns, rows)


def _is_mariadb(connection: Connection) -> bool:
    return bool(connection.dialect.is_mariadb)  # type: ignore[attr-defined]
