"""Types of mapper's own columns in a target, as each database keeps them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, String, Text
from sqlalchemy.dialects import mysql, oracle
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect

# A few counts: on Oracle a CLOB would be a thing of its own beside the row.
ShortJson = Text().with_variant(String(1000), "oracle")


_WITHOUT_ZONE = ("oracle", "mysql", "mariadb")

# Names that differ by case alone are two.
Name = String(300).with_variant(
    mysql.VARCHAR(300, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
)


class Instant(TypeDecorator[datetime]):
    """A moment: aware in Python; in UTC, without saying so, where the driver drops a zone."""

    impl = (
        DateTime(timezone=True)
        .with_variant(oracle.TIMESTAMP(), "oracle")
        .with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
    )
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name not in _WITHOUT_ZONE:
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value  # type: ignore[no-any-return]
        return value.replace(tzinfo=UTC)  # type: ignore[no-any-return]
