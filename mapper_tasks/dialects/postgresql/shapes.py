"""PostgreSQL's catalog and types as shapes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from mapper_tasks.dialects.postgresql.collations import collations_of
from mapper_tasks.model.shape import ColumnShape, Kind, TableShape

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row, Select

KINDS: dict[str, Kind] = {
    "int2": Kind.INTEGER,
    "int4": Kind.INTEGER,
    "int8": Kind.INTEGER,
    "numeric": Kind.NUMERIC,
    "float4": Kind.FLOAT,
    "float8": Kind.FLOAT,
    "text": Kind.TEXT,
    "varchar": Kind.TEXT,
    "bpchar": Kind.TEXT,
    "name": Kind.TEXT,
    "bool": Kind.BOOLEAN,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "timestamp": Kind.TIMESTAMP,
    "timestamptz": Kind.TIMESTAMPTZ,
    "interval": Kind.INTERVAL,
    "uuid": Kind.UUID,
    "bytea": Kind.BYTES,
    "json": Kind.JSON,
    "jsonb": Kind.JSON,
}

BOUND_TYPES: dict[Kind, str] = {
    Kind.NUMERIC: "numeric",
    Kind.FLOAT: "double precision",
    Kind.TEXT: "text",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.TIME: "time",
    Kind.TIMESTAMP: "timestamp",
    Kind.TIMESTAMPTZ: "timestamptz",
    Kind.INTERVAL: "interval",
    Kind.UUID: "uuid",
    Kind.BYTES: "bytea",
}

WITHOUT_EQUALITY = frozenset({"xml", "point", "box", "path", "polygon", "lseg", "circle", "line"})

_SPELLINGS: dict[Kind, str] = {**BOUND_TYPES, Kind.INTEGER: "bigint", Kind.JSON: "jsonb"}

_COLUMNS = text("""
    SELECT a.attname, base.typname, format_type(a.atttypid, a.atttypmod) AS sql_type,
           NOT a.attnotnull AS nullable,
           (a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> '') AS has_default,
           a.attidentity = 'a' OR a.attgenerated <> '' AS generated, c.collname
    FROM pg_attribute a
    JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_type base ON base.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
    LEFT JOIN pg_collation c ON c.oid = a.attcollation
    WHERE a.attrelid = :oid AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum
""")

_UNIQUE = text("""
    SELECT i.indisprimary,
           array_agg(a.attname::text ORDER BY array_position(i.indkey::int2[], a.attnum)) AS names
    FROM pg_index i
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])
    WHERE i.indrelid = :oid AND i.indisunique AND i.indisvalid
      AND i.indpred IS NULL AND i.indexprs IS NULL
    GROUP BY i.indexrelid, i.indisprimary
""")


def table(connection: Connection, name: str) -> TableShape | None:
    found = _find(connection, name)
    if found is None:
        return None
    columns = tuple(_shape(row) for row in connection.execute(_COLUMNS, {"oid": found.oid}))
    unique = connection.execute(_UNIQUE, {"oid": found.oid}).all()
    return TableShape(
        schema=found.nspname,
        name=found.relname,
        columns=columns,
        unique=tuple(frozenset(row.names) for row in unique),
        primary_key=next((tuple(row.names) for row in unique if row.indisprimary), ()),
    )


def _find(connection: Connection, name: str) -> Row[Any] | None:
    """The relation as it is written, or as the server folds what is written."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    exact = ".".join(quote(part) for part in name.split("."))
    return connection.execute(
        text(
            "SELECT c.oid, n.nspname, c.relname FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.oid = coalesce(to_regclass(:exact), to_regclass(:folded))"
        ),
        {"exact": exact, "folded": exact.lower()},
    ).one_or_none()


def columns_of(connection: Connection, query: Select[Any]) -> tuple[ColumnShape, ...]:
    result = connection.execute(query.limit(0))
    described = result.cursor.pgresult
    names = list(result.keys())
    types = [(described.ftype(i), described.fmod(i)) for i in range(len(names))]
    result.close()
    rows = connection.execute(
        text(
            "SELECT base.typname, format_type(given.oid, given.mod) AS sql_type, "
            "true AS nullable, false AS has_default, false AS generated, NULL AS collname "
            "FROM unnest(CAST(:oids AS oid[]), CAST(:mods AS int[])) "
            "WITH ORDINALITY AS given(oid, mod, place) "
            "JOIN pg_type t ON t.oid = given.oid "
            "JOIN pg_type base ON base.oid = "
            "CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END ORDER BY place"
        ),
        {"oids": [oid for oid, _ in types], "mods": [mod for _, mod in types]},
    )
    shapes = [_shape(row, name) for name, row in zip(names, rows, strict=True)]
    texts = [place for place, shape in enumerate(shapes, start=1) if shape.kind is Kind.TEXT]
    orders = collations_of(connection, query, len(shapes), texts)
    return tuple(
        replace(shape, collation=orders.get(place)) for place, shape in enumerate(shapes, start=1)
    )


def _shape(row: Row[Any], name: str | None = None) -> ColumnShape:
    kind = KINDS.get(row.typname, Kind.OTHER)
    numbers = [int(number) for number in re.findall(r"\d+", row.sql_type.partition("(")[2])]
    numeric = kind is Kind.NUMERIC and bool(numbers)
    return ColumnShape(
        name=name or row.attname,
        kind=kind,
        sql_type=row.sql_type,
        nullable=row.nullable,
        has_default=row.has_default,
        length=numbers[0] if kind is Kind.TEXT and numbers else None,
        precision=numbers[0] if numeric else None,
        scale=(numbers[1] if len(numbers) > 1 else 0) if numeric else None,
        collation=row.collname,
        fixed=row.typname == "bpchar",
        generated=row.generated,
    )


def spell(column: ColumnShape) -> str:
    if column.kind is Kind.NUMERIC and column.precision:
        return f"numeric({column.precision},{column.scale or 0})"
    if column.kind is Kind.TEXT and column.length:
        return f"{'character' if column.fixed else 'character varying'}({column.length})"
    return _SPELLINGS.get(column.kind, "text")
