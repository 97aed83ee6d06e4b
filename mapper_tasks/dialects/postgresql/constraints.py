"""The CHECKs and foreign keys of a PostgreSQL table, from its catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from mapper_tasks.dialects.stager import Check, Constraints, Reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from mapper_tasks.model.shape import TableShape

# Foreign keys are checked by the server with the rights of the table's owner: one to a table that
# this login cannot read is left to the server.
_CONSTRAINTS = text("""
    SELECT c.contype::text AS contype, c.conname, pg_get_expr(c.conbin, c.conrelid) AS expr,
           ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY AS k(num, place)
                 JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num
                 ORDER BY k.place) AS columns,
           ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY AS k(num, place)
                 JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num
                 ORDER BY k.place) AS there,
           f.relname AS to_name, n.nspname AS to_schema
    FROM pg_constraint c
    JOIN pg_class t ON t.oid = c.conrelid
    JOIN pg_namespace s ON s.oid = t.relnamespace
    LEFT JOIN pg_class f ON f.oid = c.confrelid
    LEFT JOIN pg_namespace n ON n.oid = f.relnamespace
    WHERE s.nspname = :schema AND t.relname = :name
      AND (c.contype = 'c' OR (c.contype = 'f' AND has_table_privilege(f.oid, 'SELECT')))
    ORDER BY c.conname
""")


def read(connection: Connection, table: TableShape, columns: Sequence[str]) -> Constraints:
    found = connection.execute(_CONSTRAINTS, {"schema": table.schema, "name": table.name})
    rows = [row for row in found if row.columns and set(row.columns) <= set(columns)]
    return Constraints(
        checks=tuple(_check(table, row) for row in rows if row.contype == "c"),
        references=tuple(_reference(table, row) for row in rows if row.contype == "f"),
    )


def _check(table: TableShape, row: Row[Any]) -> Check:
    return Check(
        row.expr,
        f'new row for relation "{table.name}" violates check constraint "{row.conname}"',
        tuple(row.columns),
    )


def _reference(table: TableShape, row: Row[Any]) -> Reference:
    return Reference(
        columns=tuple(row.columns),
        schema=row.to_schema,
        to=row.to_name,
        there=tuple(row.there),
        said=f'insert or update on table "{table.name}" '
        f'violates foreign key constraint "{row.conname}"',
    )
