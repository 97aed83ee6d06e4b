"""The CHECKs and foreign keys of a MariaDB table, from its catalog."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import text

from mapper_tasks.dialects.stager import Check, Constraints, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from mapper_tasks.model.shape import TableShape

_CHECKS = text("""
    SELECT constraint_name AS name, check_clause AS clause
    FROM information_schema.check_constraints
    WHERE constraint_schema = coalesce(:schema, database()) AND table_name = :name
    ORDER BY constraint_name
""")
# Of a table that this login cannot read, nothing is shown here: its rows are left to the server.
_REFERENCES = text("""
    SELECT constraint_name AS name, column_name AS here, referenced_table_schema AS to_schema,
           referenced_table_name AS to_name, referenced_column_name AS there
    FROM information_schema.key_column_usage
    WHERE table_schema = coalesce(:schema, database()) AND table_name = :name
      AND referenced_table_name IS NOT NULL
    ORDER BY constraint_name, ordinal_position
""")
_TOKEN = re.compile(r"'(?:[^'\\]|''|\\.)*'|`((?:[^`]|``)+)`", re.DOTALL)


def read(connection: Connection, table: TableShape, columns: Sequence[str]) -> Constraints:
    where = {"schema": table.schema, "name": table.name}
    checks = [
        Check(
            row.clause,
            f"CONSTRAINT `{row.name}` failed for `{table.name}`",
            tuple(name for name in columns if name.lower() in _named(row.clause)),
        )
        for row in connection.execute(_CHECKS, where)
        if _named(row.clause) <= {name.lower() for name in columns}
    ]
    references = [
        one for one in _references(connection, table, where) if set(one.columns) <= set(columns)
    ]
    return Constraints(tuple(checks), tuple(references))


def _named(clause: str) -> set[str]:
    """The columns of a condition: the catalog shows each in back quotes."""
    return {token[1].lower() for token in _TOKEN.finditer(clause) if token[1] is not None}


def _references(
    connection: Connection, table: TableShape, where: dict[str, str | None]
) -> Iterator[Reference]:
    rows = connection.execute(_REFERENCES, where).all()
    here = connection.execute(text("SELECT database()")).scalar_one()
    for name in dict.fromkeys(row.name for row in rows):
        parts = [row for row in rows if row.name == name]
        elsewhere = parts[0].to_schema != (table.schema or here)
        yield Reference(
            columns=tuple(row.here for row in parts),
            schema=parts[0].to_schema if elsewhere else table.schema,
            to=parts[0].to_name,
            there=tuple(row.there for row in parts),
            said="Cannot add or update a child row: a foreign key constraint fails "
            f"(`{table.name}`, CONSTRAINT `{name}`)",
        )
