"""The steps of migrations, each taken unless it was: a migration may be run again from its start.

Where DDL commits by itself (MariaDB, MySQL, Oracle), one that dies half way leaves what it made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic import op
from sqlalchemy import inspect

from mapper_tasks.ledger.types import TABLE_OPTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column
    from sqlalchemy.engine.reflection import Inspector
    from sqlalchemy.schema import SchemaItem


def create_table(name: str, *parts: SchemaItem, **options: Any) -> None:
    if not _found().has_table(name):
        op.create_table(name, *parts, **TABLE_OPTIONS, **options)


def create_index(name: str, table: str, columns: Sequence[str], *, unique: bool = False) -> None:
    if name not in {index["name"] for index in _found().get_indexes(table)}:
        op.create_index(name, table, list(columns), unique=unique)


def add_column(table: str, column: Column[Any]) -> None:
    if column.name not in {known["name"] for known in _found().get_columns(table)}:
        op.add_column(table, column)


def _found() -> Inspector:
    """What is there now; an inspector remembers what it has seen once."""
    return inspect(op.get_bind())
