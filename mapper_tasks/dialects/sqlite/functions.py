"""SQL functions that mapper gives every SQLite connection."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence


NOT_A_TIME = "not a time: "
_KEPT = frozenset({type(None), bool, int, float, str, bytes})


def install(connection: sqlite3.Connection) -> None:
    connection.create_function("mapper_utc", 1, utc_text, deterministic=True)
    connection.create_function("mapper_time", 1, time_or_mark, deterministic=True)
    connection.create_function("mapper_is_time", 1, is_time, deterministic=True)
    connection.create_function("mapper_digest", -1, digest, deterministic=True)


def utc_text(value: object) -> str | None:
    """A time as `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC, whose text order is the order of time.

    Takes ISO 8601 text with or without zone, or a date. Raises ValueError or TypeError for
    anything else.

    >>> utc_text("2020-01-01T01:00:00+01:00")
    '2020-01-01 00:00:00'
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError(f"a time is kept as ISO 8601 text, not as {type(value).__name__}")
    moment = datetime.fromisoformat(value.strip())
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment.isoformat(sep=" ")


def time_or_mark(value: object) -> str | None:
    """As `utc_text`, but what is no time comes back with a mark that says so, and not as a fault.

    >>> time_or_mark("soon")
    'not a time: soon'
    """
    try:
        return utc_text(value)
    except (ValueError, TypeError, OverflowError):
        return f"{NOT_A_TIME}{value}"


def is_time(value: object) -> bool:
    try:
        utc_text(value)
    except (ValueError, TypeError, OverflowError):
        return False
    return True


def as_text(value: Any) -> Any:
    """A Python value as SQLite keeps it: times as ISO text in UTC, decimals as exact text."""
    if isinstance(value, datetime):
        plain = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return plain.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str, bytes)):
        return value
    return str(value)


def all_as_text(column: Sequence[Any]) -> Sequence[Any]:
    """As `as_text`, of the values of a column."""
    return column if set(map(type, column)) <= _KEPT else [as_text(value) for value in column]


def digest(*values: object) -> str:
    """32 hex digits; each value carries its storage class and its length."""
    shown = "".join(_counted(value) for value in values)
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _counted(value: object) -> str:
    match value:
        case None:
            return "-"
        case bytes():
            body = value.hex()
            return f"b{len(body)}:{body}"
        case float() if value.is_integer():
            body = str(int(value))
            return f"n{len(body)}:{body}"
        case int() | float():
            body = repr(value)
            return f"n{len(body)}:{body}"
    body = str(value)
    return f"t{len(body)}:{body}"
