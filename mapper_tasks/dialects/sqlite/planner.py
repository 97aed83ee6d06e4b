"""SQLite's answers to what a plan asks."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import LargeBinary, cast, func, literal
from sqlalchemy.ext.compiler import compiles

from mapper_tasks.dialects.planner import Explain, Explained, Planner
from mapper_tasks.dialects.sqlite import functions
from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection, FromClause, Select
    from sqlalchemy.sql.compiler import SQLCompiler

BATCH = 10_000
# What SQLite says it does before it can give the first row in order.
READS_ALL = ("USE TEMP B-TREE", "MATERIALIZE", "CO-ROUTINE", "AUTOMATIC")


@compiles(Explain, "sqlite")
def _explain(element: Explain, compiler: SQLCompiler, **options: Any) -> str:
    return element.spelled("EXPLAIN QUERY PLAN", compiler, **options)


class SQLitePlanner(Planner):
    """No costs and no statistics: an index is there or not, and counting is cheap."""

    sliceable: ClassVar[frozenset[Kind]] = frozenset(Kind)

    def explain(self, connection: Connection, query: Select[Any]) -> Explained:
        steps = [row.detail for row in connection.execute(Explain(query))]
        sorts = any(step.startswith(READS_ALL) or " AUTOMATIC " in step for step in steps)
        return Explained(rows=None, cost=None, sorts=sorts, counted=False)

    def count_within(
        self,
        connection: Connection,
        count: Select[Any],
        seconds: float,
    ) -> int | None:
        return int(connection.execute(count).scalar_one())

    def row_bytes(self, rows: FromClause) -> ColumnElement[int]:
        sizes = [func.coalesce(func.length(cast(value, LargeBinary)), 0) for value in rows.c]
        return sum(sizes, start=literal(0))

    def fill(
        self,
        connection: Connection,
        name: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
    ) -> None:
        quote = connection.dialect.identifier_preparer.quote
        places = ", ".join("?" * len(columns))
        into = (
            f"INSERT INTO temp.{quote(name)} ({', '.join(map(quote, columns))}) VALUES ({places})"
        )
        rows = iter(rows)
        while batch := list(islice(rows, BATCH)):
            kept = [functions.all_as_text(column) for column in zip(*batch, strict=True)]
            connection.exec_driver_sql(into, list(zip(*kept, strict=True)))
