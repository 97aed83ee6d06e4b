"""The CHECKs and foreign keys of an Oracle table, from its catalog."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from mapper_tasks.dialects.stager import Check, Constraints, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Row

    from mapper_tasks.model.shape import TableShape

# A foreign key to a table that this login cannot read is not in its catalog's answer.
CONSTRAINTS = text("""
    SELECT n.constraint_name, n.constraint_type, n.search_condition_vc AS condition,
           k.column_name, r.owner AS to_owner, r.table_name AS to_name, t.column_name AS there
    FROM all_constraints n
    JOIN all_cons_columns k ON k.owner = n.owner AND k.constraint_name = n.constraint_name
    LEFT JOIN all_constraints r ON r.owner = n.r_owner AND r.constraint_name = n.r_constraint_name
    LEFT JOIN all_cons_columns t ON t.owner = r.owner AND t.constraint_name = r.constraint_name
                                AND t.position = k.position
    WHERE n.owner = :owner AND n.table_name = :name AND n.status = 'ENABLED'
      AND (n.constraint_type = 'C' OR (n.constraint_type = 'R' AND t.column_name IS NOT NULL))
    ORDER BY n.constraint_name, k.position
""")
_NOT_NULL = re.compile(r'"?[^"]+"? IS NOT NULL', re.IGNORECASE)


def read(connection: Connection, table: TableShape, columns: Sequence[str]) -> Constraints:
    dialect: Any = connection.dialect
    plain = dialect.denormalize_name
    asked = {"owner": plain(table.schema), "name": plain(table.name)}
    named: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(CONSTRAINTS, asked):
        named.setdefault(row.constraint_name, []).append(row)
    ours = {plain(name) for name in columns}
    rows = [one for one in named.values() if {row.column_name for row in one} <= ours]
    return Constraints(
        checks=tuple(_checks(table, rows, dialect.normalize_name)),
        references=tuple(
            _reference(table, one, dialect.normalize_name)
            for one in rows
            if one[0].constraint_type == "R"
        ),
    )


def _checks(table: TableShape, rows: Sequence[Sequence[Row[Any]]], normal: Any) -> Iterator[Check]:
    for one in rows:
        condition = one[0].condition
        if one[0].constraint_type == "C" and condition and not _NOT_NULL.fullmatch(condition):
            said = f"ORA-02290: check constraint ({_name(table, one)}) violated"
            yield Check(condition, said, tuple(normal(row.column_name) for row in one))


def _reference(table: TableShape, rows: Sequence[Row[Any]], normal: Any) -> Reference:
    return Reference(
        columns=tuple(normal(row.column_name) for row in rows),
        schema=normal(rows[0].to_owner),
        to=normal(rows[0].to_name),
        there=tuple(normal(row.there) for row in rows),
        said=f"ORA-02291: integrity constraint ({_name(table, rows)}) violated - "
        "parent key not found",
    )


def _name(table: TableShape, rows: Sequence[Row[Any]]) -> str:
    return f"{(table.schema or '').upper()}.{rows[0].constraint_name}"
