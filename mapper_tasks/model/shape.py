"""The shape of tables and queries: columns and the kinds of their types."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a value is, whatever a database calls its type."""

    INTEGER = "integer"
    NUMERIC = "numeric"
    FLOAT = "float"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    TIMESTAMP = "timestamp"  # without zone: UTC
    TIMESTAMPTZ = "timestamptz"
    INTERVAL = "interval"
    UUID = "uuid"
    BYTES = "bytes"
    JSON = "json"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """One column. `sql_type` is the database's own spelling, fit for CAST and DDL."""

    name: str
    kind: Kind
    sql_type: str
    nullable: bool = True
    has_default: bool = False
    length: int | None = None  # characters
    precision: int | None = None
    scale: int | None = None
    collation: str | None = None
    fixed: bool = False  # blank-padded
    generated: bool = False  # always filled by the database itself


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table's columns in order, and the column sets of its unique indexes."""

    schema: str | None
    name: str
    columns: tuple[ColumnShape, ...]
    unique: tuple[frozenset[str], ...] = ()
    primary_key: tuple[str, ...] = ()
    by_name: dict[str, ColumnShape] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name

    def has(self, name: str) -> bool:
        return name in self.by_name
