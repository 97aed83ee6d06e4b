"""SQLite's declared types as shapes. A declared type is a wish; values have types of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mapper_tasks.dialects.sqlite import faults
from mapper_tasks.model.shape import ColumnShape, Kind, TableShape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select

# In this order: the first that fits decides, like SQLite's own rules of affinity.
_KINDS: tuple[tuple[str, Kind], ...] = (
    (r"INTERVAL", Kind.INTERVAL),
    (r"INT", Kind.INTEGER),
    (r"BOOL", Kind.BOOLEAN),
    (r"TIMESTAMP|DATETIME", Kind.TIMESTAMP),
    (r"DATE", Kind.DATE),
    (r"TIME", Kind.TIME),
    (r"UUID", Kind.UUID),
    (r"JSON", Kind.JSON),
    (r"CHAR|CLOB|TEXT", Kind.TEXT),
    (r"BLOB|BINARY|BYTE", Kind.BYTES),
    (r"REAL|FLOA|DOUB", Kind.FLOAT),
    (r"NUM|DEC", Kind.NUMERIC),
)

_STORED: dict[type, Kind] = {
    int: Kind.INTEGER,
    float: Kind.FLOAT,
    str: Kind.TEXT,
    bytes: Kind.BYTES,
}

SPELLINGS: dict[Kind, str] = {
    Kind.INTEGER: "INTEGER",
    Kind.NUMERIC: "NUMERIC",
    Kind.FLOAT: "REAL",
    Kind.TEXT: "TEXT",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.TIME: "TIME",
    Kind.TIMESTAMP: "TIMESTAMP",
    Kind.TIMESTAMPTZ: "TIMESTAMP",
    Kind.UUID: "UUID",
    Kind.BYTES: "BLOB",
    Kind.JSON: "JSON TEXT",  # JSON alone would make a number of a number's text
}


def kind_of(declared: str) -> Kind:
    upper = declared.upper()
    return next((kind for pattern, kind in _KINDS if re.search(pattern, upper)), Kind.OTHER)


def shape_of(
    name: str,
    declared: str,
    *,
    nullable: bool = True,
    default: bool = False,
    generated: bool = False,
) -> ColumnShape:
    kind = kind_of(declared)
    numbers = [int(number) for number in re.findall(r"\d+", declared.partition("(")[2])]
    return ColumnShape(
        name=name,
        kind=kind,
        sql_type=declared,
        nullable=nullable,
        has_default=default,
        generated=generated,
        length=numbers[0] if kind is Kind.TEXT and numbers else None,
        precision=numbers[0] if kind is Kind.NUMERIC and numbers else None,
        scale=numbers[1] if kind is Kind.NUMERIC and len(numbers) > 1 else None,
    )


def table(connection: Connection, name: str) -> TableShape | None:
    schema, _, bare = name.rpartition(".")
    place = f"{connection.dialect.identifier_preparer.quote(schema)}." if schema else ""
    found = connection.execute(
        text(
            f"SELECT name FROM {place}sqlite_master "
            "WHERE type IN ('table', 'view') AND lower(name) = lower(:name)"
        ),
        {"name": bare},
    ).scalar_one_or_none()
    if found is None:
        return None
    rows = connection.execute(
        text("SELECT * FROM pragma_table_xinfo(:name, :schema)"),
        {"name": found, "schema": schema or "main"},
    ).all()
    key = tuple(row.name for row in sorted(rows, key=lambda row: row.pk) if row.pk)
    alone = key if len(key) == 1 else ()
    columns = tuple(
        shape_of(
            row.name,
            row.type,
            nullable=not row.notnull,
            # A lone INTEGER PRIMARY KEY is the rowid and fills itself.
            default=row.dflt_value is not None
            or row.hidden > 0
            or (row.name in alone and row.type.upper() == "INTEGER"),
            generated=row.hidden in (2, 3),
        )
        for row in rows
    )
    unique = _unique(connection, found, schema or "main")
    return TableShape(schema or None, found, columns, (*unique, *_as_sets(key)), key)


def _as_sets(key: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    return (frozenset(key),) if key else ()


def _unique(connection: Connection, name: str, schema: str) -> tuple[frozenset[str], ...]:
    rows = connection.execute(
        text(
            "SELECT l.name AS index_name, i.name AS column_name "
            "FROM pragma_index_list(:name, :schema) l, pragma_index_info(l.name, :schema) i "
            'WHERE l."unique" = 1 AND l.partial = 0'
        ),
        {"name": name, "schema": schema},
    ).all()
    sets: dict[str, set[str | None]] = {}
    for row in rows:
        sets.setdefault(row.index_name, set()).add(row.column_name)
    return tuple(
        frozenset(name for name in names if name is not None)
        for names in sets.values()
        if None not in names
    )


def columns_of(connection: Connection, query: Select[Any]) -> tuple[ColumnShape, ...]:
    """Declared types where a column comes straight from a table, else those of the first row."""
    names = list(connection.execute(query.limit(0)).keys())
    first = _first_row(connection, query)
    sql = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
    declared = _declared(connection, sql)
    return tuple(
        _from_value(name, value) if not declared.get(name) else shape_of(name, declared[name])
        for name, value in zip(names, first or [None] * len(names), strict=True)
    )


def _first_row(connection: Connection, query: Select[Any]) -> Sequence[Any] | None:
    """A row to look at; None where there is none, or where it cannot be computed."""
    try:
        return connection.execute(query.limit(1)).first()
    except DBAPIError as fault:
        if faults.is_of_value(fault):
            return None
        raise


def _declared(connection: Connection, sql: str) -> dict[str, str]:
    read_only = connection.exec_driver_sql("PRAGMA query_only").scalar_one()
    connection.exec_driver_sql("PRAGMA query_only = OFF")
    connection.exec_driver_sql("DROP VIEW IF EXISTS temp.mp_described")
    connection.exec_driver_sql(f"CREATE TEMP VIEW mp_described AS {sql}")
    rows = connection.execute(text("SELECT name, type FROM pragma_table_info('mp_described')"))
    declared = {row.name: row.type for row in rows}
    connection.exec_driver_sql("DROP VIEW temp.mp_described")
    connection.exec_driver_sql(f"PRAGMA query_only = {read_only}")
    return declared


def _from_value(name: str, value: Any) -> ColumnShape:
    kind = _STORED.get(type(value), Kind.OTHER)
    return ColumnShape(name, kind, SPELLINGS.get(kind, ""))


def spell(column: ColumnShape) -> str:
    if column.kind is Kind.NUMERIC and column.precision:
        return f"NUMERIC({column.precision},{column.scale or 0})"
    if column.kind is Kind.TEXT and column.length:
        return f"VARCHAR({column.length})"
    return SPELLINGS.get(column.kind, "TEXT")
