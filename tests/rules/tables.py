"""What both databases of the tests are told and asked alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

IDENTITY = {
    "postgresql": "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT",
}


def moment(value: Any) -> datetime | None:
    """A time as a database or a file gives it, as an aware datetime in UTC."""
    if value is None:
        return None
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def plain(value: Any) -> Any:
    """A value as every database takes it: a time as UTC text without a zone."""
    if not isinstance(value, datetime):
        return value
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
