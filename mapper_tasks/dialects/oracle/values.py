"""Python values as array DML binds them for a column; what would be lost or misread is refused."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import oracledb

from mapper_tasks.dialects.oracle import times
from mapper_tasks.dialects.spans import clock
from mapper_tasks.dialects.texts import check_unicode
from mapper_tasks.model.shape import ColumnShape, Kind

NOTHING: frozenset[type] = frozenset({type(None)})
HARMLESS: dict[Kind, frozenset[type]] = {
    Kind.INTEGER: NOTHING | {int},
    Kind.NUMERIC: NOTHING | {int},
    Kind.FLOAT: NOTHING | {float},
    Kind.TEXT: NOTHING,
    Kind.BYTES: NOTHING | {bytes},
}


def taken(value: Any, stored: ColumnShape) -> Any:  # noqa: PLR0911 - one case a type
    """The value for a column of the shape `stored`. Raises ValueError in the words of a fault."""
    if value is None:
        return None
    if isinstance(value, bytearray | memoryview):
        value = bytes(value)
    match stored.kind:
        case Kind.TEXT:
            return _text(value, stored)
        case Kind.INTEGER | Kind.NUMERIC:
            return _number(value, stored)
        case Kind.FLOAT:
            return _float(value)
        case Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            return _moment(value)
        case Kind.BYTES:
            return _bytes(value, stored)
    return value


def _text(value: Any, stored: ColumnShape) -> str:
    match value:
        case str():
            check_unicode(value)
            return str(value)
        case bool():
            short = stored.length is not None and stored.length < len("false")
            return ("N", "Y")[value] if short else ("false", "true")[value]
        case bytes():
            raise ValueError(f"bytes cannot be stored in a column of type {stored.sql_type}")
        case datetime() | date():
            return times.plain_text(value)
        case dict() | list() | tuple():
            return json.dumps(value, ensure_ascii=False)
        case timedelta():
            return clock(value)
        case int() | float() | Decimal() | UUID() | time():
            return str(value)
    raise ValueError(f"a {type(value).__name__} cannot be stored")


def _number(value: Any, stored: ColumnShape) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{stored.sql_type} has no {value}")
        return _whole(value) if stored.kind is Kind.INTEGER else value
    if isinstance(value, int):
        return value
    raise ValueError(f"a {type(value).__name__} is not a number")


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise ValueError("a whole number is expected, without a fraction")
    return int(value)


def _parsed(value: str) -> Decimal | None:
    if not value.strip():
        return None
    try:
        return Decimal(value.strip())
    except ArithmeticError:
        raise ValueError("text that is not a number") from None


def _float(value: Any) -> float:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            raise ValueError("text that is not a number") from None
    if isinstance(value, bool | int | float | Decimal):
        return float(value)
    raise ValueError(f"a {type(value).__name__} is not a number")


def _moment(value: Any) -> Any:
    """Naive and in UTC: the driver drops a zone without a word."""
    if isinstance(value, str):
        if not value.strip():
            return None
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError("text that is not a time") from None
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - UTC, without saying so
    raise ValueError(f"a {type(value).__name__} is not a time")


def _bytes(value: Any, stored: ColumnShape) -> bytes:
    match value:
        case bytes():
            return value
        case str():
            return value.encode()
        case UUID():
            return value.bytes
    raise ValueError(f"a {type(value).__name__} cannot be stored as {stored.sql_type}")


def bound(value: Any, sql_type: str) -> Any:
    """A value that `taken` gave, or a flag, for a temporary column of this type."""
    if isinstance(value, bool):
        value = int(value)
    if value is None or not sql_type.startswith("CLOB"):
        return value
    # A column that takes values as they came takes their text.
    match value:
        case str():
            return value
        case bytes():
            return value.hex()
        case datetime():
            return times.as_text(value)
        case float() if math.isfinite(value):
            return repr(value)
    return str(value)


def driver_type(sql_type: str) -> Any:
    """What an array of a column's values is bound as; None: as the driver finds."""
    head = sql_type.upper()
    if "TIMESTAMP" in head:
        return oracledb.DB_TYPE_TIMESTAMP
    for start, kind in _BOUND_AS:
        if head.startswith(start):
            return kind
    return None


_BOUND_AS = (
    ("NUMBER", oracledb.DB_TYPE_NUMBER),
    ("FLOAT", oracledb.DB_TYPE_NUMBER),
    ("BINARY_DOUBLE", oracledb.DB_TYPE_BINARY_DOUBLE),
    ("BINARY_FLOAT", oracledb.DB_TYPE_BINARY_FLOAT),
    ("DATE", oracledb.DB_TYPE_DATE),
    ("NVARCHAR2", oracledb.DB_TYPE_NVARCHAR),
    ("NCHAR", oracledb.DB_TYPE_NCHAR),
)
