"""Constants that stand in the SQL itself, where a parameter would make two expressions differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import literal_column

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


def verbatim(sql: str) -> ColumnElement[Any]:
    """A constant in SQL's own spelling. Never a value from outside."""
    constant: ColumnElement[Any] = literal_column(sql)
    return constant
