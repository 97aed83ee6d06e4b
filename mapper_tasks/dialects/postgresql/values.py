"""Python values as COPY takes them for a column; what would be lost or misread is refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from mapper_tasks.dialects.numbers import is_finite
from mapper_tasks.dialects.spans import clock
from mapper_tasks.dialects.texts import check_unicode, in_utc
from mapper_tasks.model.shape import ColumnShape, Kind

NOTHING: frozenset[type] = frozenset({type(None)})
HARMLESS: dict[Kind, frozenset[type]] = {
    Kind.INTEGER: NOTHING | {int},
    Kind.NUMERIC: NOTHING | {int, float, Decimal},
    Kind.FLOAT: NOTHING | {int, float, Decimal},
    Kind.TEXT: NOTHING | {int, float, Decimal},
    Kind.BOOLEAN: NOTHING | {bool, int},
    Kind.BYTES: NOTHING | {bytes},
}

READ_AS_TEXT = frozenset({Kind.BYTES, Kind.TIMESTAMP, Kind.DATE})  # texts that `taken` changes


def taken(value: Any, stored: ColumnShape) -> Any:  # noqa: C901, PLR0911 - one case a type
    """The value for a column of the shape `stored`. Raises ValueError in the words of a fault."""
    match value:
        case None:
            return None
        case bool():
            return _bool(value, stored)
        case str():
            return _text(value, stored)
        case int():
            return value
        case float() | Decimal() if stored.kind is Kind.INTEGER:
            return _whole(value)
        case bytes() | bytearray() | memoryview() if stored.kind is not Kind.BYTES:
            raise ValueError(f"bytes cannot be stored in a column of type {stored.sql_type}")
        case datetime():
            return _moment(value, stored)
        case date():
            return _moment(datetime(value.year, value.month, value.day, tzinfo=UTC), stored)
        case timedelta() if stored.kind is Kind.TIME:  # as drivers give a time of day
            return clock(value)
        case dict() | list() | tuple() if stored.kind is Kind.JSON:
            return _text(json.dumps(value, ensure_ascii=False), stored)
    return value


def _bool(value: bool, stored: ColumnShape) -> Any:  # noqa: FBT001 - it is the value
    number = stored.kind in (Kind.INTEGER, Kind.NUMERIC, Kind.FLOAT)
    return int(value) if number else value


def _text(value: str, stored: ColumnShape) -> Any:
    if "\0" in value:
        raise ValueError("PostgreSQL text cannot contain NUL (0x00) bytes")
    if not value.isascii():
        check_unicode(value)
    if stored.kind is Kind.BYTES:
        return value.encode()
    if stored.kind in (Kind.TIMESTAMP, Kind.DATE) and len(value) > 10:
        # The server would drop the zone of a text without a word.
        return in_utc(value)
    return value


def _whole(value: float | Decimal) -> Any:
    """A number for an integer column; the server refuses the text of a fraction."""
    return int(value) if is_finite(value) and value == int(value) else value


def _moment(value: datetime, stored: ColumnShape) -> Any:
    aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    if stored.kind is Kind.TIMESTAMPTZ:
        return aware
    return aware.astimezone(UTC).replace(tzinfo=None)
