"""UPDATE from other tables, which Oracle has not: a MERGE by the row's own id.

The rows and their new values are found by a query that joins whatever is needed; what is updated
is then named by ROWID, so that no condition has to be repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Executable, column, quoted_name, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, TableClause
    from sqlalchemy.sql.compiler import SQLCompiler

ROW = "mp_row"


class Merge(Executable, ClauseElement):
    """`target` rewritten with `values` where `rows` joins it to other tables."""

    inherit_cache = False

    def __init__(
        self,
        target: TableClause,
        values: Mapping[str, Any],
        rows: Sequence[ColumnElement[bool]],
    ) -> None:
        self.target = target
        self.names = list(values)
        row_id: ColumnElement[Any] = column(quoted_name("rowid", quote=False), _selectable=target)
        found = [value.label(f"mp_v{place}") for place, value in enumerate(values.values(), 1)]
        self.rows = select(row_id.label(ROW), *found).where(*rows).subquery("mp_rows")


@compiles(Merge, "oracle")
def _merge(element: Merge, compiler: SQLCompiler, **options: Any) -> str:
    quote = compiler.preparer.quote
    rows = compiler.process(element.rows, asfrom=True, **options)
    into = compiler.process(element.target, asfrom=True, **options)
    values = ", ".join(
        f"{quote(name)} = mp_rows.mp_v{place}" for place, name in enumerate(element.names, 1)
    )
    return (
        f"MERGE INTO {into} USING {rows} ON ({_prefix(element, compiler)}rowid = mp_rows.{ROW}) "
        f"WHEN MATCHED THEN UPDATE SET {values}"
    )


def _prefix(element: Merge, compiler: SQLCompiler) -> str:
    return f"{compiler.preparer.format_table(element.target)}."
