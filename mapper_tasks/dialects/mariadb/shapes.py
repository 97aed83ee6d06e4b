"""MariaDB's catalog and types as shapes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from mapper_tasks.model.shape import ColumnShape, Kind, TableShape

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

CHARSET = "utf8mb4"

KINDS: dict[str, Kind] = {
    "tinyint": Kind.INTEGER,
    "smallint": Kind.INTEGER,
    "mediumint": Kind.INTEGER,
    "int": Kind.INTEGER,
    "integer": Kind.INTEGER,
    "bigint": Kind.INTEGER,
    "year": Kind.INTEGER,
    "bit": Kind.INTEGER,
    "decimal": Kind.NUMERIC,
    "float": Kind.FLOAT,
    "double": Kind.FLOAT,
    "char": Kind.TEXT,
    "varchar": Kind.TEXT,
    "tinytext": Kind.TEXT,
    "text": Kind.TEXT,
    "mediumtext": Kind.TEXT,
    "longtext": Kind.TEXT,
    "enum": Kind.TEXT,
    "set": Kind.TEXT,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "datetime": Kind.TIMESTAMP,
    "timestamp": Kind.TIMESTAMP,  # an instant, which every session of ours sees in UTC
    "uuid": Kind.UUID,
    "binary": Kind.BYTES,
    "varbinary": Kind.BYTES,
    "tinyblob": Kind.BYTES,
    "blob": Kind.BYTES,
    "mediumblob": Kind.BYTES,
    "longblob": Kind.BYTES,
    "json": Kind.JSON,
}

SPELLINGS: dict[Kind, str] = {
    Kind.INTEGER: "bigint",
    Kind.NUMERIC: "decimal(65,30)",
    Kind.FLOAT: "double",
    Kind.TEXT: "longtext",
    Kind.BOOLEAN: "tinyint(1)",
    Kind.DATE: "date",
    Kind.TIME: "time(6)",
    Kind.TIMESTAMP: "datetime(6)",
    Kind.TIMESTAMPTZ: "datetime(6)",
    Kind.INTERVAL: "varchar(100)",
    Kind.UUID: "char(36)",
    Kind.BYTES: "longblob",
    Kind.JSON: "json",
}
_MOST_DIGITS, _MOST_DECIMALS = 65, 30
_MEMBER = re.compile(r"'((?:[^']|'')*)'")
_LONGEST_CHAR, _LONGEST_VARCHAR = 255, 16_383

_COLUMNS = text("""
    SELECT column_name AS name, data_type, column_type, is_nullable = 'YES' AS nullable,
           coalesce(column_default, 'NULL') <> 'NULL' AS has_default, lower(extra) AS extra,
           character_maximum_length AS length, numeric_precision AS digits,
           numeric_scale AS decimals, character_set_name AS charset, collation_name AS collation
    FROM information_schema.columns
    WHERE table_schema = coalesce(:schema, database()) AND table_name = :name
    ORDER BY ordinal_position
""")
_FOUND = text("""
    SELECT table_schema AS schema_name, table_name AS name FROM information_schema.tables
    WHERE table_schema = coalesce(:schema, database()) AND table_name = :name
    ORDER BY BINARY table_name = :name DESC LIMIT 1
""")
_UNIQUE = text("""
    SELECT index_name, column_name, seq_in_index, sub_part FROM information_schema.statistics
    WHERE table_schema = coalesce(:schema, database()) AND table_name = :name AND non_unique = 0
    ORDER BY index_name, seq_in_index
""")
_JSON = text("""
    SELECT check_clause FROM information_schema.check_constraints
    WHERE constraint_schema = coalesce(:schema, database()) AND table_name = :name
      AND check_clause LIKE 'json_valid(%'
""")


def table(connection: Connection, name: str) -> TableShape | None:
    schema, _, bare = name.rpartition(".")
    found = connection.execute(_FOUND, {"schema": schema or None, "name": bare}).one_or_none()
    if found is None:
        return None
    where = {"schema": schema or None, "name": found.name}
    documents = _documents(connection, where)
    rows = [row for row in connection.execute(_COLUMNS, where) if not _is_hidden(row)]
    columns = tuple(_shape(row, json=row.name in documents) for row in rows)
    known = {column.name for column in columns if not column.generated}
    indexes: dict[str, list[tuple[str | None, int | None]]] = {}
    for row in connection.execute(_UNIQUE, where):
        indexes.setdefault(row.index_name, []).append((row.column_name, row.sub_part))
    whole = {
        index: tuple(str(column) for column, _ in parts)
        for index, parts in indexes.items()
        if all(column in known and cut is None for column, cut in parts)
    }
    return TableShape(
        schema=schema or None,
        name=found.name,
        columns=columns,
        unique=tuple(frozenset(names) for names in whole.values()),
        primary_key=whole.get("PRIMARY", ()),
    )


def _is_hidden(row: Row[Any]) -> bool:
    """Whether it is a column like the one that keeps current versions unique."""
    return "invisible" in row.extra and "generated" in row.extra


def _documents(connection: Connection, where: dict[str, Any]) -> set[str]:
    """The columns of MariaDB's JSON, which is text with a CHECK."""
    if not connection.dialect.is_mariadb:  # type: ignore[attr-defined]
        return set()
    clauses = connection.execute(_JSON, where).scalars()
    return {found[1] for clause in clauses if (found := re.search(r"`(.+)`", clause))}


def _shape(row: Row[Any], *, json: bool) -> ColumnShape:
    kind = Kind.JSON if json else kind_of(row.data_type, row.column_type)
    numeric, is_text = kind is Kind.NUMERIC, kind is Kind.TEXT
    own_charset = is_text and row.charset not in (None, CHARSET)
    return ColumnShape(
        name=row.name,
        kind=kind,
        sql_type=spelled(row.column_type)
        + (f" CHARACTER SET {row.charset}" if own_charset else ""),
        nullable=bool(row.nullable),
        has_default=bool(row.has_default)
        or "auto_increment" in row.extra
        or "generated" in row.extra,
        length=row.length if is_text and row.data_type in ("char", "varchar") else None,
        precision=row.digits if numeric else None,
        scale=row.decimals if numeric else None,
        collation=row.collation if is_text else None,
        fixed=row.data_type == "char",
        generated="generated" in row.extra,
    )


def kind_of(data_type: str, column_type: str) -> Kind:
    if column_type in ("tinyint(1)", "bit(1)"):
        return Kind.BOOLEAN
    return KINDS.get(data_type, Kind.OTHER)


def is_bits(column: ColumnShape) -> bool:
    return column.sql_type.startswith("bit")


def is_year(column: ColumnShape) -> bool:
    return column.sql_type == "year"


def is_named(column: ColumnShape) -> bool:
    """Whether its values are members of an ENUM, or some of a SET."""
    return column.sql_type.startswith(("enum(", "set("))


@lru_cache
def members(sql_type: str) -> tuple[str, ...]:
    """The members of an ENUM or a SET.

    >>> members("enum('a','it''s')")
    ('a', "it's")
    """
    return tuple(one.replace("''", "'") for one in _MEMBER.findall(sql_type))


def spelled(column_type: str) -> str:
    """Without the widths that say nothing, and with the precision that is meant.

    >>> spelled("int(11) unsigned"), spelled("tinyint(1)"), spelled("timestamp")
    ('integer unsigned', 'tinyint(1)', 'timestamp(0)')
    """
    if column_type in ("datetime", "timestamp", "time"):
        return f"{column_type}(0)"
    if column_type == "tinyint(1)":
        return column_type
    return re.sub(r"\bint\b", "integer", re.sub(r"(int|year)\(\d+\)", r"\1", column_type))


def spell(column: ColumnShape) -> str:
    if column.kind is Kind.NUMERIC and column.precision:
        scale = min(column.scale or 0, _MOST_DECIMALS)
        return f"decimal({min(column.precision, _MOST_DIGITS)},{scale})"
    if column.kind is Kind.TEXT and column.length:
        if column.fixed and column.length <= _LONGEST_CHAR:
            return f"char({column.length})"
        if column.length <= _LONGEST_VARCHAR:
            return f"varchar({column.length})"
    return SPELLINGS.get(column.kind, "longtext")
