"""Expressions that MariaDB spells in its own way, and what its types take without a word."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, collate, func, literal, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from mapper_tasks.dialects.mariadb.shapes import CHARSET, is_bits, is_named, is_year, members
from mapper_tasks.model.shape import ColumnShape, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.sql.compiler import SQLCompiler

# Byte for byte, without padding: the order that every database has.
BINARY_ORDERS = frozenset({"utf8mb4_nopad_bin", "utf8mb3_nopad_bin", "utf8mb4_0900_bin"})
YEAR = r"^(0+|[1-9][0-9]{3})$"  # 20 would become 2020
BITS = r"^[0-9]+$"
WHOLE = r"^[[:space:]]*[-+]?[0-9]+[[:space:]]*$"
_FRACTION = ".000000"

# What CAST takes, by the first word of a column's type.
_CASTS = {
    "tinyint": "SIGNED",
    "smallint": "SIGNED",
    "mediumint": "SIGNED",
    "integer": "SIGNED",
    "bigint": "SIGNED",
    "year": "SIGNED",
    "bit": "UNSIGNED",
    "float": "DOUBLE",
    "double": "DOUBLE",
    "boolean": "SIGNED",
}


class Converted(FunctionElement[Any]):
    """CAST of the first clause to the type spelled by the second."""

    name = "converted"
    inherit_cache = True


@compiles(Converted, "mariadb", "mysql")
def _converted(element: Converted, compiler: SQLCompiler, **options: Any) -> str:
    value, spelling = [compiler.process(clause, **options) for clause in element.clauses]
    return f"CAST({value} AS {spelling})"


def converted(value: Any, spelling: str) -> ColumnElement[Any]:
    return Converted(value, literal_column(spelling))


def castable(sql_type: str) -> str:
    """The type that CAST knows for a column of this type.

    >>> castable("bigint unsigned"), castable("timestamp(3)"), castable("varchar(9)")
    ('UNSIGNED', 'DATETIME(3)', 'CHAR')
    """
    word = re.split(r"[( ]", sql_type)[0]
    if "unsigned" in sql_type and word in _CASTS:
        return "UNSIGNED"
    if word in ("decimal", "date", "time", "datetime", "timestamp"):
        bare = sql_type.split(" ", maxsplit=1)[0]
        return bare.replace("timestamp", "datetime").upper()
    if "blob" in word or "binary" in word:
        return "BINARY"
    return _CASTS.get(word, "CHAR")


def as_text(value: Any) -> ColumnElement[Any]:
    return converted(value, f"CHAR CHARACTER SET {CHARSET}")


def as_bytes(value: Any) -> ColumnElement[Any]:
    return converted(value, "BINARY")


def iso(value: ColumnElement[Any], kind: Kind) -> ColumnElement[Any]:
    """A time as ISO text; its fraction is there when it is not 0."""
    fine = "TIME(6)" if kind is Kind.TIME else "DATETIME(6)"
    shown = as_text(converted(value, fine))
    return func.trim(literal_column(f"TRAILING '{_FRACTION}' FROM ").op("")(shown))


def plain(value: ColumnElement[Any], given: ColumnShape) -> ColumnElement[Any]:
    """The value as every database takes it from Python, exact; times are text in UTC."""
    if given.kind in (Kind.TIMESTAMP, Kind.TIME):
        return iso(value, given.kind)
    if is_bits(given):
        return number_of_bits(value)
    if given.kind in (Kind.DATE, Kind.UUID, Kind.JSON):
        return as_text(value)
    return value


def number_of_bits(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return value.op("+")(literal_column("0"))


def store(value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape) -> ColumnElement[Any]:
    """`value` for a column, in such a form that strict mode refuses what would be bent."""
    if given.sql_type == stored.sql_type:
        return value
    if stored.kind in (Kind.INTEGER, Kind.BOOLEAN):
        return _integer(value, given, stored)
    if is_named(stored):
        return _named(value, stored.sql_type)
    if stored.kind is Kind.TEXT and given.kind is not Kind.TEXT:
        return plain(value, given)
    if stored.kind is Kind.UUID:
        return as_text(value)
    return value


def _integer(
    value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape
) -> ColumnElement[Any]:
    whole = _whole(value, given)
    if is_year(stored):
        return _as_number(whole, value, YEAR)
    return _as_number(whole, value, BITS) if is_bits(stored) else whole


def _whole(value: ColumnElement[Any], given: ColumnShape) -> ColumnElement[Any]:
    """Rounded without a word otherwise: a fraction becomes text that no integer column takes."""
    if given.kind in (Kind.NUMERIC, Kind.FLOAT):
        is_whole = value == func.truncate(value, 0)
        return case((is_whole, as_text(func.truncate(value, 0))), else_=_unfit(value))
    if given.kind in (Kind.TEXT, Kind.OTHER):
        return case((as_text(value).op("REGEXP")(WHOLE), value), else_=_unfit(value))
    return value


def _as_number(
    whole: ColumnElement[Any], value: ColumnElement[Any], pattern: str
) -> ColumnElement[Any]:
    """Digits as a number: of their text the server would take the bytes, or make 2000 of '0'."""
    fits = as_text(whole).op("REGEXP")(pattern)
    return converted(case((fits, as_text(whole)), else_=_unfit(value)), "UNSIGNED")


def _named(value: ColumnElement[Any], sql_type: str) -> ColumnElement[Any]:
    """A member of an ENUM, or some of a SET; 2 and '2' would be the second one."""
    one = "|".join(map(re.escape, members(sql_type)))
    some = rf"(?:(?:{one})(?:,(?:{one}))*)?" if sql_type.startswith("set") else rf"(?:{one})"
    # Among bytes 'A' is not 'a'.
    fits = as_bytes(as_text(value)).op("REGEXP")(rf"^{some}\z")
    return case((fits, as_text(value)), else_=_unfit(value))


def _unfit(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((value.is_not(None), func.concat("'", as_text(value), "'")))


def binary_text(value: ColumnElement[Any], collation: str | None, order: str) -> ColumnElement[Any]:
    """Text in binary order; as it is where its column has that, so that an index serves."""
    if collation in BINARY_ORDERS:
        return value
    if collation is None or not collation.startswith(CHARSET):
        value = func.convert(value.op("USING")(literal_column(CHARSET)))
    return collate(value, order)


def digest(values: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
    """Each value with its length, so that no two lists of values share a text."""
    shown = [_counted(as_bytes(value), value) for value in values]
    whole = func.concat("", *shown)  # which takes no fewer than one
    return func.left(func.sha2(whole, 256), 32)


def _counted(shown: ColumnElement[Any], value: ColumnElement[Any]) -> ColumnElement[Any]:
    counted = func.concat(func.length(shown), ":", shown)
    return case((value.is_(None), "-"), else_=counted)


def python_value(value: Any) -> Any:
    """A Python value as a parameter that compares with columns: times as text in UTC."""
    match value:
        case datetime():
            utc = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            return utc.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case None | bool() | int() | float() | str() | bytes():
            return value
    return value if type(value).__name__ == "Decimal" else str(value)


def constant(value: Any) -> ColumnElement[Any]:
    return literal_column("NULL") if value is None else literal(value)
