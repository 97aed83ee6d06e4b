"""PostgreSQL's answers to what a plan asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import func, literal_column, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles

from mapper_tasks.dialects.planner import Explain, Explained, Planner
from mapper_tasks.dialects.postgresql.copying import as_sqlalchemy, driver_of
from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, FromClause, Select
    from sqlalchemy.sql.compiler import SQLCompiler

QUERY_CANCELED = "57014"


@compiles(Explain, "postgresql")
def _explain(element: Explain, compiler: SQLCompiler, **options: Any) -> str:
    return element.spelled("EXPLAIN (FORMAT JSON, VERBOSE)", compiler, **options)


class PostgreSQLPlanner(Planner):
    """EXPLAIN, statistics and COPY."""

    # Not INTERVAL: a month has no length that Python and the server agree on.
    sliceable: ClassVar[frozenset[Kind]] = frozenset(Kind) - {Kind.INTERVAL, Kind.JSON, Kind.OTHER}

    def explain(self, connection: Connection, query: Select[Any]) -> Explained:
        plan = connection.execute(Explain(query)).scalar_one()[0]["Plan"]
        return Explained(
            rows=int(plan["Plan Rows"]),
            cost=float(plan["Total Cost"]),
            sorts=any("Sort" in node["Node Type"] for node in _nodes(plan)),
            counted=_counted(connection, plan),
        )

    def count_within(
        self, connection: Connection, count: Select[Any], seconds: float
    ) -> int | None:
        savepoint = connection.begin_nested()
        try:
            limit = text(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
            connection.execute(limit)
            return int(connection.execute(count).scalar_one())
        except DBAPIError as fault:
            if getattr(fault.orig, "sqlstate", None) == QUERY_CANCELED:
                return None
            raise
        finally:
            savepoint.rollback()

    def row_bytes(self, rows: FromClause) -> ColumnElement[int]:
        return func.pg_column_size(literal_column(f"{rows.name}.*"))  # type: ignore[attr-defined]

    def fill(
        self,
        connection: Connection,
        name: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
    ) -> None:
        quote = connection.dialect.identifier_preparer.quote
        into = f"COPY {quote(name)} ({', '.join(map(quote, columns))}) FROM STDIN"
        driver = driver_of(connection)
        with as_sqlalchemy(driver), driver.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _counted(connection: Connection, plan: dict[str, Any]) -> bool:
    """Whether the plan reads one whole table that was analysed or vacuumed."""
    if plan["Node Type"] != "Seq Scan" or "Filter" in plan:
        return False
    known = connection.execute(
        text(
            "SELECT c.reltuples >= 0 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = :schema AND c.relname = :name"
        ),
        {"schema": plan["Schema"], "name": plan["Relation Name"]},
    ).scalar_one_or_none()
    return bool(known)
