"""Oracle's types as shapes: those of its catalog, and those that the driver describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import oracledb
from sqlalchemy import false

from mapper_tasks.model.shape import ColumnShape, Kind

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

INT64_DIGITS = 18  # that any number of so many digits fits into 64 bits

_NATIONAL = "NVARCHAR2"
# The driver's name of a type -> the server's.
_DESCRIBED: dict[Any, str] = {
    oracledb.DB_TYPE_NUMBER: "NUMBER",
    oracledb.DB_TYPE_BINARY_INTEGER: "NUMBER",
    oracledb.DB_TYPE_BINARY_FLOAT: "BINARY_FLOAT",
    oracledb.DB_TYPE_BINARY_DOUBLE: "BINARY_DOUBLE",
    oracledb.DB_TYPE_VARCHAR: "VARCHAR2",
    oracledb.DB_TYPE_NVARCHAR: _NATIONAL,
    oracledb.DB_TYPE_CHAR: "CHAR",
    oracledb.DB_TYPE_NCHAR: "NCHAR",
    oracledb.DB_TYPE_LONG: "LONG",
    oracledb.DB_TYPE_CLOB: "CLOB",
    oracledb.DB_TYPE_NCLOB: "NCLOB",
    oracledb.DB_TYPE_BLOB: "BLOB",
    oracledb.DB_TYPE_RAW: "RAW",
    oracledb.DB_TYPE_DATE: "DATE",
    oracledb.DB_TYPE_TIMESTAMP: "TIMESTAMP",
    oracledb.DB_TYPE_TIMESTAMP_TZ: "TIMESTAMP WITH TIME ZONE",
    oracledb.DB_TYPE_TIMESTAMP_LTZ: "TIMESTAMP WITH LOCAL TIME ZONE",
    oracledb.DB_TYPE_ROWID: "ROWID",
}
_KINDS: dict[str, Kind] = {
    "NUMBER": Kind.NUMERIC,
    "FLOAT": Kind.NUMERIC,  # decimal all the same
    "BINARY_FLOAT": Kind.FLOAT,
    "BINARY_DOUBLE": Kind.FLOAT,
    "VARCHAR2": Kind.TEXT,
    _NATIONAL: Kind.TEXT,
    "CHAR": Kind.TEXT,
    "NCHAR": Kind.TEXT,
    "CLOB": Kind.TEXT,
    "NCLOB": Kind.TEXT,
    "RAW": Kind.BYTES,
    "BLOB": Kind.BYTES,
    "DATE": Kind.TIMESTAMP,  # it has a time part
    "TIMESTAMP": Kind.TIMESTAMP,
    "TIMESTAMP WITH TIME ZONE": Kind.TIMESTAMPTZ,
    "TIMESTAMP WITH LOCAL TIME ZONE": Kind.TIMESTAMPTZ,
}
ROW_IDS = frozenset({"ROWID", "UROWID"})
FIXED = frozenset({"CHAR", "NCHAR"})
NATIONAL = frozenset({_NATIONAL, "NCHAR"})
LOBS = frozenset({"CLOB", "NCLOB", "BLOB"})

_SPELLINGS: dict[Kind, str] = {
    Kind.INTEGER: "NUMBER(19)",
    Kind.NUMERIC: "NUMBER",
    Kind.FLOAT: "BINARY_DOUBLE",
    Kind.TEXT: "VARCHAR2(4000 CHAR)",
    Kind.BOOLEAN: "NUMBER(1)",
    Kind.DATE: "DATE",
    Kind.TIME: "VARCHAR2(21 CHAR)",
    Kind.TIMESTAMP: "TIMESTAMP(6)",
    Kind.TIMESTAMPTZ: "TIMESTAMP(6)",  # in UTC: the driver drops a zone, and no key may have one
    Kind.INTERVAL: "VARCHAR2(60 CHAR)",
    Kind.UUID: "VARCHAR2(36 CHAR)",
    Kind.BYTES: "BLOB",
    Kind.JSON: "CLOB",
}
LONGEST_VARCHAR2 = 4000  # bytes, where a server has the standard string size
LONGEST_CHAR = 2000
MOST_DIGITS = 38


def shape_of(  # noqa: PLR0913 - what a catalog knows of a column
    name: str,
    declared: str,
    *,
    length: int | None = None,
    precision: int | None = None,
    scale: int | None = None,
    nullable: bool = True,
    has_default: bool = False,
    generated: bool = False,
) -> ColumnShape:
    """`declared` is the type's name without its numbers.

    >>> shape_of("id", "NUMBER", precision=10, scale=0).sql_type
    'NUMBER(10)'
    >>> shape_of("at", "TIMESTAMP WITH TIME ZONE", scale=3).sql_type
    'TIMESTAMP(3) WITH TIME ZONE'
    """
    kind = _KINDS.get(declared, Kind.OTHER)
    if declared == "NUMBER" and scale == 0 and precision and precision <= INT64_DIGITS:
        kind = Kind.INTEGER
    is_text = kind is Kind.TEXT and declared not in LOBS
    decimal = declared == "NUMBER" and scale is not None
    return ColumnShape(
        name=name,
        kind=kind,
        sql_type=_spelled(declared, length, precision, scale),
        nullable=nullable,
        has_default=has_default,
        length=length if is_text else None,
        precision=(precision or MOST_DIGITS) if decimal else None,
        scale=scale if decimal else None,
        fixed=declared in FIXED,
        generated=generated,
    )


def _spelled(declared: str, length: int | None, precision: int | None, scale: int | None) -> str:
    if declared == "NUMBER" and scale is not None:
        return f"NUMBER({precision or '*'}{f',{scale}' if scale or not precision else ''})"
    if declared == "FLOAT" and precision:
        return f"FLOAT({precision})"
    if declared in NATIONAL or declared == "RAW":
        return f"{declared}({length})"
    if declared in ("VARCHAR2", "CHAR"):
        return f"{declared}({length} CHAR)"
    if declared.startswith("TIMESTAMP") and scale is not None:
        return declared.replace("TIMESTAMP", f"TIMESTAMP({scale})", 1)
    return declared


def columns_of(connection: Connection, query: Select[Any]) -> tuple[ColumnShape, ...]:
    """What the server says of the query's columns; a condition that is never true reads no row."""
    result = connection.execute(query.where(false()))
    names, described = list(result.keys()), result.cursor.description
    result.close()
    return tuple(_described(name, one) for name, one in zip(names, described, strict=True))


def _described(name: str, column: Any) -> ColumnShape:
    declared = _DESCRIBED.get(column.type_code) or _plainly(column.type_code.name)
    # Of a computed number the driver says (0, -127); FLOAT has binary digits.
    bare = declared == "NUMBER" and column.scale == -127
    if bare and column.precision:
        declared = "FLOAT"
    is_text = declared in ("VARCHAR2", "CHAR", *NATIONAL)
    return shape_of(
        name,
        declared,
        # An empty text literal has no length, which no column may have.
        length=max((column.display_size if is_text else column.internal_size) or 1, 1),
        precision=column.precision or None,
        scale=None if bare or (declared == "NUMBER" and _unknown(column)) else column.scale,
        nullable=bool(column.null_ok),
    )


def _plainly(type_code: str) -> str:
    """The driver's name of a type, for people.

    >>> _plainly("DB_TYPE_INTERVAL_YM")
    'INTERVAL YM'
    """
    return type_code.removeprefix("DB_TYPE_").replace("_", " ")


def _unknown(column: Any) -> bool:
    return not column.precision and not column.scale


def spell(column: ColumnShape) -> str:
    """The type for a column of another database."""
    if column.kind is Kind.NUMERIC and column.precision and column.precision <= MOST_DIGITS:
        return f"NUMBER({column.precision},{column.scale or 0})"
    if column.kind is Kind.TEXT and column.length:
        return _text(column.length, fixed=column.fixed)
    return _SPELLINGS.get(column.kind, "VARCHAR2(4000 CHAR)")


def _text(length: int, *, fixed: bool) -> str:
    if length > LONGEST_VARCHAR2:
        return "CLOB"
    return f"{'CHAR' if fixed and length <= LONGEST_CHAR else 'VARCHAR2'}({length} CHAR)"
