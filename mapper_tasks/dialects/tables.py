"""Making a target table: its design in neutral words, and what each database adds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar

from mapper_tasks.dialects.spools import Spools
from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from mapper_tasks.model.shape import ColumnShape, TableShape

NAME_BYTES = 63  # of an identifier on PostgreSQL, the shortest of all


@dataclass(frozen=True, slots=True)
class IndexDesign:
    """An index; `current` limits it to open versions."""

    purpose: str
    columns: tuple[str, ...]
    unique: bool = False
    current: str | None = None  # the column that is 'Y' in open versions


@dataclass(frozen=True, slots=True)
class TableDesign:
    """A target table that is not there yet."""

    table: TableShape
    indexes: tuple[IndexDesign, ...]
    surrogate_key: str | None = None
    overwritten: bool = False  # its rows are updated in place

    def index_name(self, index: IndexDesign) -> str:
        """The same name each time, cut to what every database takes.

        >>> from mapper_tasks.model.shape import TableShape
        >>> TableDesign(TableShape(None, "dim", ()), ()).index_name(IndexDesign("key", ("id",)))
        'dim_key'
        """
        full = f"{self.table.name}_{index.purpose}"
        if len(full.encode()) <= NAME_BYTES:
            return full
        mark = f"_{sha256(full.encode()).hexdigest()[:8]}_{index.purpose}"
        return full.encode()[: NAME_BYTES - len(mark)].decode(errors="ignore") + mark


class Tables(Spools, ABC):
    """The table-making side of a Database."""

    strict_types: ClassVar[bool]
    """Whether a column holds only values of its type; else a type is a wish."""
    surrogate_key_type: ClassVar[str]
    boolean_kind: ClassVar[Kind] = Kind.BOOLEAN
    """The kind of a column that is made for truth values."""

    @abstractmethod
    def create_table(self, connection: Connection, design: TableDesign) -> None:
        """Make the table, its schema and its indexes, each where it is not there.

        Two coordinators that do so at once both find it made.
        """

    @abstractmethod
    def binary_order(self, column: ColumnShape) -> ColumnShape:
        """The text column with an order that every database has."""


def statements(
    design: TableDesign, connection: Connection, index_schema: str, suffix: str = ""
) -> Iterator[str]:
    """CREATE TABLE and CREATE INDEX, in what the databases have in common."""
    quote = connection.dialect.identifier_preparer.quote
    schema = f"{quote(design.table.schema)}." if design.table.schema else ""
    columns = ", ".join(
        _column(design, column, quote(column.name)) for column in design.table.columns
    )
    yield f"CREATE TABLE IF NOT EXISTS {schema}{quote(design.table.name)} ({columns}){suffix}"
    on_schema = "" if index_schema else schema
    for index in design.indexes:
        unique = "UNIQUE " if index.unique else ""
        where = f" WHERE {quote(index.current)} = 'Y'" if index.current else ""
        yield (
            f"CREATE {unique}INDEX IF NOT EXISTS {index_schema}{quote(design.index_name(index))} "
            f"ON {on_schema}{quote(design.table.name)} "
            f"({', '.join(map(quote, index.columns))}){where}"
        )


def _column(design: TableDesign, column: ColumnShape, name: str) -> str:
    if column.name == design.surrogate_key:
        return f"{name} {column.sql_type}"
    order = f' COLLATE "{column.collation}"' if column.collation else ""
    return f"{name} {column.sql_type}{order}{'' if column.nullable else ' NOT NULL'}"
