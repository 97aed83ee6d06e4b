"""What the databases of the tests are told and asked alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

IDENTITY = {
    "postgresql": "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT",
    "mariadb": "bigint AUTO_INCREMENT PRIMARY KEY",
    "oracle": "NUMBER(19) GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
}
# MariaDB's own `timestamp` ends in 2038.
TIME = {
    "postgresql": "timestamp",
    "sqlite": "timestamp",
    "mariadb": "datetime(6)",
    "oracle": "TIMESTAMP(6)",
}
# Its default order takes `b` and `B` for one key.
KEY_TEXT = {"mariadb": "varchar(10) COLLATE utf8mb4_nopad_bin"}


def one_a_key(kind: str, table: str, key: str, *, versioned: bool) -> list[str]:
    """Statements that have the database itself refuse a second (current) row of a key."""
    if versioned and kind == "mariadb":
        only = "GENERATED ALWAYS AS (CASE WHEN curflg = 'Y' THEN 1 END) STORED INVISIBLE"
        return [
            f"ALTER TABLE {table} ADD COLUMN only_current tinyint {only}",
            f"CREATE UNIQUE INDEX {table}_one ON {table} ({key}, only_current)",
        ]
    if versioned and kind == "oracle":
        parts = [f"CASE WHEN curflg = 'Y' THEN {part} END" for part in key.split(", ")]
        return [f"CREATE UNIQUE INDEX {table}_one ON {table} ({', '.join(parts)})"]
    which = " WHERE curflg = 'Y'" if versioned else ""
    return [f"CREATE UNIQUE INDEX {table}_one ON {table} ({key}){which}"]


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


def bindable(kind: str, value: Any) -> Any:
    """A value as a parameter: Oracle has no booleans before 23, and reads no text as a time."""
    if kind != "oracle":
        return plain(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return int(value) if isinstance(value, bool) else value
