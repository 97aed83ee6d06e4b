"""From one Oracle to another in Arrow batches: the driver makes no Python object of any value.

Only types that Arrow carries whole take this way. A number without a declared scale would become
a double, so it goes as text, which the target reads with the session's own decimal sign. So does
a whole number that the source has computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func

from mapper_tasks.dialects.oracle import arrays, storing, temporary, times
from mapper_tasks.dialects.oracle.others import driver_of
from mapper_tasks.dialects.oracle.shapes import LOBS
from mapper_tasks.model.shape import ColumnShape, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

ROWS = 10_000
_CARRIED = frozenset(
    {
        Kind.INTEGER,
        Kind.NUMERIC,
        Kind.FLOAT,
        Kind.TEXT,
        Kind.TIMESTAMP,
        Kind.TIMESTAMPTZ,
        Kind.BOOLEAN,  # the stage's own flag, a number
    }
)


def carries(column: ColumnShape) -> bool:
    return column.kind in _CARRIED and column.sql_type not in LOBS


def wired(value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape) -> ColumnElement[Any]:
    """`value` as Arrow carries it: no time has a zone there, and no number an open scale."""
    if stored.kind is Kind.NUMERIC or (stored.kind is Kind.INTEGER is not given.kind):
        return storing.digits(value)
    if times.is_zoned(stored.sql_type):
        return func.sys_extract_utc(value)
    return value


def pipe(
    reader: Connection,
    writer: Connection,
    rows: Select[Any],
    into: str,
    stored: Sequence[ColumnShape],
    check: Callable[[], None],
) -> int:
    """Bring the rows into the temporary table; how many there were."""
    compiled: Any = rows.compile(
        dialect=reader.dialect, compile_kwargs={"render_postcompile": True}
    )
    quote = writer.dialect.identifier_preparer.quote
    statement = arrays.insertion(
        into,
        [quote(column.name) for column in stored],
        [temporary.type_of(column.sql_type) for column in stored],
    )
    source, target = driver_of(reader), driver_of(writer)
    count = 0
    with arrays.as_sqlalchemy(source):
        batches = source.fetch_df_batches(
            compiled.string, compiled.params, size=ROWS, fetch_decimals=True
        )
        for batch in batches:
            check()
            with arrays.as_sqlalchemy(target), target.cursor() as cursor:
                cursor.executemany(statement, batch)
            count += batch.num_rows()
    return count
