"""Tables as Oracle's catalog tells of them, through views that every login may read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from mapper_tasks.dialects.oracle.shapes import shape_of
from mapper_tasks.model.shape import ColumnShape, TableShape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Row, TextClause

_FIND = text("""
    SELECT o.owner, o.object_name AS name
    FROM all_objects o
    WHERE o.owner = NVL(:owner, SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA'))
      AND o.object_name = :name AND o.object_type IN ('TABLE', 'VIEW', 'MATERIALIZED VIEW')
    UNION
    SELECT s.table_owner, s.table_name
    FROM all_synonyms s
    WHERE s.synonym_name = :name AND s.db_link IS NULL
      AND s.owner IN (NVL(:owner, SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')),
                      NVL2(:owner, '-', 'PUBLIC'))
""")

_COLUMNS = text("""
    SELECT c.column_name, c.data_type, c.char_length, c.data_length, c.data_precision,
           c.data_scale, c.nullable, c.virtual_column, c.default_length, i.generation_type,
           CASE WHEN p.column_name IS NOT NULL AND EXISTS (
             SELECT 1 FROM all_triggers g
             WHERE g.table_owner = c.owner AND g.table_name = c.table_name
               AND g.status = 'ENABLED' AND g.trigger_type = 'BEFORE EACH ROW'
               AND g.triggering_event LIKE '%INSERT%'
           ) THEN 'YES' ELSE 'NO' END AS by_trigger
    FROM all_tab_cols c
    LEFT JOIN all_tab_identity_cols i
      ON i.owner = c.owner AND i.table_name = c.table_name AND i.column_name = c.column_name
    LEFT JOIN (
      SELECT k.owner, k.table_name, k.column_name
      FROM all_cons_columns k
      JOIN all_constraints n ON n.owner = k.owner AND n.constraint_name = k.constraint_name
      WHERE n.constraint_type = 'P'
    ) p ON p.owner = c.owner AND p.table_name = c.table_name AND p.column_name = c.column_name
    WHERE c.owner = :owner AND c.table_name = :name AND c.hidden_column = 'NO'
    ORDER BY c.column_id
""")

# An index over an expression has a hidden column: it says nothing of single columns.
_OVER_COLUMNS = frozenset({"NORMAL", "NORMAL/REV", "IOT - TOP"})
_UNIQUE = text("""
    SELECT i.owner || '.' || i.index_name AS index_name, c.column_name, i.index_type,
           CASE WHEN n.constraint_name IS NOT NULL THEN 'YES' ELSE 'NO' END AS is_primary
    FROM all_indexes i
    JOIN all_ind_columns c
      ON c.index_owner = i.owner AND c.index_name = i.index_name
    LEFT JOIN all_constraints n
      ON n.owner = i.table_owner AND n.table_name = i.table_name AND n.constraint_type = 'P'
     AND n.index_name = i.index_name
    WHERE i.table_owner = :owner AND i.table_name = :name AND i.uniqueness = 'UNIQUE'
    ORDER BY i.owner, i.index_name, c.column_position
""")

STATEMENTS: tuple[TextClause, ...] = (_FIND, _COLUMNS, _UNIQUE)


def table(connection: Connection, name: str) -> TableShape | None:
    """`schema.name` or `name`, as it is written, or in upper case, or by a synonym."""
    found = next(_found(connection, name), None)
    if found is None:
        return None
    asked = {"owner": found.owner, "name": found.name}
    normal = connection.dialect.normalize_name
    columns = tuple(_column(row, normal) for row in connection.execute(_COLUMNS, asked))
    indexes: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(_UNIQUE, asked):
        indexes.setdefault(row.index_name, []).append(row)
    unique = [rows for rows in indexes.values() if rows[0].index_type in _OVER_COLUMNS]
    return TableShape(
        schema=normal(found.owner),
        name=normal(found.name),
        columns=columns,
        unique=tuple(frozenset(normal(row.column_name) for row in rows) for rows in unique),
        primary_key=next(
            (tuple(normal(r.column_name) for r in rows) for rows in unique if _primary(rows)), ()
        ),
    )


def _primary(rows: list[Row[Any]]) -> bool:
    return bool(rows[0].is_primary == "YES")


def _found(connection: Connection, name: str) -> Iterator[Row[Any]]:
    for spelled in dict.fromkeys((name, name.upper())):
        owner, _, bare = spelled.rpartition(".")
        yield from connection.execute(_FIND, {"owner": owner or None, "name": bare})


def _column(row: Row[Any], normal: Any) -> ColumnShape:
    declared = re.sub(r"\(\d+\)", "", row.data_type)
    is_text = declared in ("VARCHAR2", "NVARCHAR2", "CHAR", "NCHAR")
    return shape_of(
        normal(row.column_name),
        declared,
        length=row.char_length if is_text else row.data_length,
        precision=row.data_precision,
        scale=row.data_scale,
        nullable=row.nullable == "Y",
        has_default=bool(row.default_length or row.generation_type) or row.by_trigger == "YES",
        generated=row.virtual_column == "YES" or row.generation_type == "ALWAYS",
    )
