"""Python values as MariaDB's columns take them; what would be bent or misread is refused."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from mapper_tasks.dialects.mariadb.shapes import is_bits, is_named, is_year, members
from mapper_tasks.dialects.numbers import is_finite
from mapper_tasks.dialects.spans import clock
from mapper_tasks.dialects.texts import check_unicode, in_utc
from mapper_tasks.model.shape import ColumnShape, Kind

NOTHING: frozenset[type] = frozenset({type(None)})
HARMLESS: dict[Kind, frozenset[type]] = {
    Kind.INTEGER: NOTHING | {int},
    Kind.NUMERIC: NOTHING | {int},
    Kind.FLOAT: NOTHING | {int},
    Kind.TEXT: NOTHING | {int},
    Kind.BOOLEAN: NOTHING | {bool},
    Kind.BYTES: NOTHING | {bytes},
}
FRACTIONS: frozenset[type] = NOTHING | {float, Decimal}
READ_AS_TEXT = frozenset(  # texts that `taken` changes, or refuses
    {
        Kind.INTEGER,
        Kind.NUMERIC,
        Kind.FLOAT,
        Kind.BOOLEAN,
        Kind.BYTES,
        Kind.TIMESTAMP,
        Kind.DATE,
    }
)
_FIRST_YEAR = 1000
_WHOLE = re.compile(r"\s*[-+]?\d+\s*", re.ASCII)
_NUMBERS = (Kind.INTEGER, Kind.NUMERIC, Kind.FLOAT, Kind.BOOLEAN)


def harmless(stored: ColumnShape) -> frozenset[type]:
    """The types of Python whose values are taken as they are."""
    if is_named(stored) or is_year(stored) or is_bits(stored):
        return NOTHING
    return HARMLESS.get(stored.kind, NOTHING)


def taken(value: Any, stored: ColumnShape) -> Any:
    """The value for a column of the shape `stored`. Raises ValueError in the words of a fault."""
    if value is None:
        return None
    kept = _taken(value, stored)
    if is_named(stored):
        return _of_members(str(kept), stored.sql_type)
    if is_year(stored) or is_bits(stored):
        return _without_sign(int(kept), stored)
    return kept


def _of_members(name: str, sql_type: str) -> str:
    """The server takes 2 and '2' for the second member, and 'A' for 'a'."""
    chosen = [name]
    if sql_type.startswith("set"):
        chosen = name.split(",") if name else []
    if not set(chosen) <= set(members(sql_type)):
        raise ValueError(f"{name!r} is not of {sql_type}")
    return name


def _without_sign(number: int, stored: ColumnShape) -> int:
    """The server makes the year 2020 of 20, and large numbers of negative ones."""
    if number < 0 or (is_year(stored) and 0 < number < _FIRST_YEAR):
        raise ValueError(f"{number} is out of range for a column of type {stored.sql_type}")
    return number


def _taken(value: Any, stored: ColumnShape) -> Any:  # noqa: C901, PLR0911 - one case a type
    match value:
        case bool():
            return int(value)
        case str():
            return _text(value, stored)
        case int():
            return _flag(value) if stored.kind is Kind.BOOLEAN else value
        case float() | Decimal():
            return _number(value, stored)
        case bytes() | bytearray() | memoryview():
            return _bytes(bytes(value), stored)
        case datetime():
            return _moment(value, stored)
        case date():
            return value.isoformat()
        case timedelta():
            return clock(value)
        case UUID():
            return str(value)
        case dict() | list() | tuple():
            return _text(json.dumps(value, ensure_ascii=False), stored)
    return _text(str(value), stored)


def _flag(value: int) -> int:
    if value not in (0, 1):
        raise ValueError(f"a flag is 0 or 1, not {value}")
    return value


def _text(value: str, stored: ColumnShape) -> Any:
    if not value.isascii():
        check_unicode(value)
    if stored.kind is Kind.INTEGER and not _WHOLE.fullmatch(value):
        raise ValueError(f"incorrect integer value: {value!r}")
    if stored.kind is Kind.BOOLEAN:
        return _word(value)
    if stored.kind is Kind.BYTES:
        return value.encode()
    if stored.kind in (Kind.TIMESTAMP, Kind.DATE) and len(value) > 10:
        return in_utc(value)
    return value.strip() if stored.kind in _NUMBERS else value


_WORDS = {"true": 1, "t": 1, "1": 1, "false": 0, "f": 0, "0": 0}


def _word(value: str) -> int:
    known = _WORDS.get(value.strip().lower())
    if known is None:
        raise ValueError(f"incorrect boolean value: {value!r}")
    return known


def _number(value: float | Decimal, stored: ColumnShape) -> Any:
    if not is_finite(value):
        raise ValueError(f"MariaDB has no number {value}")
    if stored.kind in (Kind.INTEGER, Kind.BOOLEAN):
        if value != int(value):
            raise ValueError(f"incorrect integer value: '{value}'")
        return int(value)
    return value


def _bytes(value: bytes, stored: ColumnShape) -> Any:
    if stored.kind is Kind.BYTES:
        return value
    raise ValueError(f"bytes cannot be stored in a column of type {stored.sql_type}")


def _moment(value: datetime, stored: ColumnShape) -> str:
    utc = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if stored.kind is Kind.DATE and utc != datetime(utc.year, utc.month, utc.day):  # noqa: DTZ001
        raise ValueError(f"a time of day is lost in a column of type {stored.sql_type}")
    return utc.isoformat(sep=" ")
