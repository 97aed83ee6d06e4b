"""SQLite's side of staging: files attached, and a watch on values that it stores as they come."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from math import isnan
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import and_, column, func, insert, literal_column, not_, or_, table

from mapper_tasks.dialects.spans import clock
from mapper_tasks.dialects.sqlite import attached, constraints, functions
from mapper_tasks.dialects.stager import Stager
from mapper_tasks.dialects.texts import TEXTS, are_sound
from mapper_tasks.model.shape import ColumnShape, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from mapper_tasks.dialects.stager import Constraints
    from mapper_tasks.model.shape import TableShape

LARGEST = 2**63
INTEGERS: frozenset[type] = frozenset({int, type(None)})
FLOATS: frozenset[type] = frozenset({float, type(None)})
NUMBERS = frozenset({Kind.INTEGER, Kind.NUMERIC, Kind.FLOAT, Kind.BOOLEAN})
# SQLite's own reading of a date is quick; where it agrees with the text there is nothing to doubt.
_DATE_LENGTH = 10


class SQLiteStager(Stager):
    """SQLite stores what comes: misfits are looked for."""

    refuses_values: ClassVar[bool] = False

    def plain(self, value: ColumnElement[Any], given: ColumnShape) -> ColumnElement[Any]:
        return value

    def pipes(
        self,
        reader: Connection,
        writer: Connection,
        rows: Select[Any],
        stored: Sequence[ColumnShape],
    ) -> bool:
        file = attached.file_of(reader)
        if file is None:
            return False
        attached.attach(writer, file)
        return attached.reads_only_source(writer, rows)

    def pipe(
        self,
        reader: Connection,
        writer: Connection,
        rows: Select[Any],
        into: str,
        stored: Sequence[ColumnShape],
        check: Callable[[], None],
    ) -> int:
        names = [one.name for one in stored]
        target = table(into, *[column(name) for name in names], schema="temp")
        counted = {"preserve_rowcount": True}
        statement = insert(target).from_select(names, rows)
        return writer.execute(statement, execution_options=counted).rowcount

    def taken(self, value: Any, stored: ColumnShape) -> Any:
        match value:
            case int() if not -LARGEST <= value < LARGEST:
                raise ValueError("integer out of range: SQLite keeps 64 bits")
            case float() if value != value:  # noqa: PLR0124 - NaN is not itself
                raise ValueError("NaN cannot be stored: SQLite would keep NULL for it")
            case Decimal() if stored.kind in NUMBERS and not _is_kept(value):
                raise ValueError(f"{value} has more digits than SQLite keeps of a number")
            case timedelta() if stored.kind is Kind.TIME:  # as drivers give a time of day
                return clock(value)
            case dict() | list() | tuple():
                return json.dumps(value, ensure_ascii=False)
            case bytearray() | memoryview():
                return bytes(value)
            case str() if not value.isascii():
                _encode(value)
        return functions.as_text(value)

    def harmless(self, stored: ColumnShape) -> frozenset[type]:
        return frozenset({type(None), bool, bytes})

    def are_harmless(
        self, column: Sequence[Any], types: frozenset[type], stored: ColumnShape
    ) -> bool:
        if types <= TEXTS:
            return are_sound(column)
        if types <= INTEGERS:
            present: list[int] = [value for value in column if value is not None]
            return -LARGEST <= min(present) <= max(present) < LARGEST
        if types <= FLOATS:
            return all(value is None or not isnan(value) for value in column)
        return super().are_harmless(column, types, stored)

    def taken_time(self, value: Any, stored: ColumnShape) -> Any:
        return functions.time_or_mark(functions.as_text(value))

    def constraints(
        self, connection: Connection, table: TableShape, columns: Sequence[str]
    ) -> Constraints:
        return constraints.read(connection, table, columns)

    def misfit(self, value: ColumnElement[Any], stored: ColumnShape) -> ColumnElement[bool] | None:
        kept = func.typeof(value)
        match stored.kind:
            case Kind.INTEGER:
                return kept.not_in(["integer", "null"])
            case Kind.FLOAT | Kind.NUMERIC | Kind.BOOLEAN:
                return kept.in_(["text", "blob"])
            case Kind.TEXT:
                too_long = func.length(value) > stored.length if stored.length else None
                return kept == "blob" if too_long is None else or_(kept == "blob", too_long)
            case Kind.DATE | Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
                return or_(kept == "blob", and_(kept == "text", _no_date(value)))
        return None

    def staged_time(
        self, value: ColumnElement[Any], given: ColumnShape, sql_type: str
    ) -> ColumnElement[Any]:
        return func.mapper_time(value)

    def unreadable_time(self, value: ColumnElement[Any]) -> ColumnElement[bool] | None:
        return value.op("GLOB")(f"{functions.NOT_A_TIME}*")

    def not_null_words(self, table: TableShape, column: str) -> str:
        return f"NOT NULL constraint failed: {table.name}.{column}"


def _no_date(value: ColumnElement[Any]) -> ColumnElement[bool]:
    agrees = func.date(value, "+0 days").is_not_distinct_from(func.substr(value, 1, _DATE_LENGTH))
    return and_(not_(agrees), func.mapper_is_time(value) == literal_column("0"))


def _is_kept(value: Decimal) -> bool:
    """Whether a number of SQLite, of 64 bits as an integer or as a float, is this very number."""
    if not value.is_finite():
        return False
    whole = value == value.to_integral_value() and -LARGEST <= value < LARGEST
    return whole or Decimal(repr(float(value))) == value


def _encode(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as fault:
        raise ValueError(f"text that is not valid Unicode: {fault.reason}") from None
