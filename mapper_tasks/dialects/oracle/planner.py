"""Oracle's answers to what a plan asks."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import func, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles

from mapper_tasks.dialects.oracle import arrays, faults
from mapper_tasks.dialects.oracle.others import within
from mapper_tasks.dialects.oracle.verbatim import verbatim
from mapper_tasks.dialects.planner import Explain, Explained, Planner
from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select
    from sqlalchemy.sql.compiler import SQLCompiler

TOOK_TOO_LONG = frozenset({"DPY-4024", "ORA-01013"})
BATCH = 5_000
OURS = "mapper"

STEPS = text(f"""
    SELECT p.operation, p.options, p.object_owner, p.object_name, p.cost, p.cardinality,
           p.access_predicates, p.filter_predicates
    FROM plan_table p WHERE p.statement_id = '{OURS}' ORDER BY p.id
""")
ANALYSED = text("""
    SELECT t.num_rows FROM all_tables t
    WHERE t.owner = :owner AND t.table_name = :name AND t.last_analyzed IS NOT NULL
""")


@compiles(Explain, "oracle")
def _explain(element: Explain, compiler: SQLCompiler, **options: Any) -> str:
    return element.spelled(f"EXPLAIN PLAN SET STATEMENT_ID = '{OURS}' FOR", compiler, **options)


class OraclePlanner(Planner):
    """EXPLAIN PLAN, statistics and array DML."""

    # Not TIMESTAMPTZ: the driver drops the zone.
    sliceable: ClassVar[frozenset[Kind]] = frozenset(
        {Kind.INTEGER, Kind.NUMERIC, Kind.FLOAT, Kind.TEXT, Kind.TIMESTAMP, Kind.DATE}
    )

    def explain(self, connection: Connection, query: Select[Any]) -> Explained:
        # The plan is written to a table, which a transaction that only reads may not do.
        with self.scratch() as scratch:
            scratch.execute(Explain(query))
            steps = scratch.execute(STEPS).all()
            top = steps[0]
            rows = _rows_of_one_table(scratch, steps)
        known = top.cardinality if rows is None else rows
        return Explained(
            rows=None if known is None else int(known),
            cost=None if top.cost is None else float(top.cost),
            sorts=any(_sorts(step) for step in steps),
            counted=rows is not None,
        )

    def count_within(
        self, connection: Connection, count: Select[Any], seconds: float
    ) -> int | None:
        try:
            with within(connection, seconds):
                return int(connection.execute(count).scalar_one())
        except DBAPIError as fault:
            if faults.code_of(fault) in TOOK_TOO_LONG:
                return None
            raise

    def row_bytes(self, rows: FromClause) -> ColumnElement[int]:
        none = verbatim("0")
        return sum((func.nvl(func.length(value), none) for value in rows.c), start=none)

    def fill(
        self,
        connection: Connection,
        name: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
    ) -> None:
        waiting = iter(rows)
        with arrays.writing_to(connection, name, columns) as write:
            while batch := list(islice(waiting, BATCH)):
                write(batch)


def _sorts(step: Row[Any]) -> bool:
    """Whether everything is read before the step gives its first row in order."""
    how = step.options or ""
    return step.operation in ("SORT", "WINDOW") and "NOSORT" not in how and how != "AGGREGATE"


def _rows_of_one_table(scratch: Connection, steps: Sequence[Row[Any]]) -> int | None:
    """The rows that statistics count, where the plan reads one whole table; else None."""
    if any(step.access_predicates or step.filter_predicates for step in steps):
        return None
    read = [step for step in steps if step.object_name is not None]
    if len(read) != 1 or not read[0].operation.startswith("TABLE ACCESS"):
        return None
    asked = {"owner": read[0].object_owner, "name": read[0].object_name}
    found = scratch.execute(ANALYSED, asked).scalar_one_or_none()
    return None if found is None else int(found)
