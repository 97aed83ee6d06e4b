"""MariaDB's side of staging: LOAD DATA, and rows admitted one block at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from mapper_tasks.dialects.mariadb import (
    admitting,
    constraints,
    expressions,
    shapes,
    values,
)
from mapper_tasks.dialects.numbers import is_finite
from mapper_tasks.dialects.stager import Stager
from mapper_tasks.dialects.texts import TEXTS, are_sound
from mapper_tasks.model.shape import ColumnShape, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from mapper_tasks.dialects.stager import Admission, Constraints
    from mapper_tasks.model.shape import TableShape


class MariaDBStager(Stager):
    """MariaDB refuses values by itself, in strict mode; in blocks of rows it says which."""

    refuses_values: ClassVar[bool] = True

    def plain(self, value: ColumnElement[Any], given: ColumnShape) -> ColumnElement[Any]:
        return expressions.plain(value, given)

    def seen(self, value: ColumnElement[Any], given: ColumnShape) -> ColumnElement[Any]:
        return expressions.number_of_bits(value) if shapes.is_bits(given) else value

    def pipes(
        self,
        reader: Connection,
        writer: Connection,
        rows: Select[Any],
        stored: Sequence[ColumnShape],
    ) -> bool:
        return False

    def pipe(
        self,
        reader: Connection,
        writer: Connection,
        rows: Select[Any],
        into: str,
        stored: Sequence[ColumnShape],
        check: Callable[[], None],
    ) -> int:
        raise NotImplementedError

    def taken(self, value: Any, stored: ColumnShape) -> Any:
        return values.taken(value, stored)

    def harmless(self, stored: ColumnShape) -> frozenset[type]:
        return values.harmless(stored)

    def are_harmless(
        self, column: Sequence[Any], types: frozenset[type], stored: ColumnShape
    ) -> bool:
        if shapes.is_named(stored):
            return types <= values.NOTHING
        if types <= TEXTS:
            return stored.kind not in values.READ_AS_TEXT and are_sound(column)
        if types <= values.FRACTIONS and stored.kind in (Kind.NUMERIC, Kind.FLOAT):
            return all(value is None or is_finite(value) for value in column)
        return super().are_harmless(column, types, stored)

    def raw_shape(self, given: ColumnShape) -> ColumnShape:
        if given.kind is Kind.TEXT:
            return replace(given, sql_type="longtext", length=None, fixed=False)
        return given

    def loose(self, stored: ColumnShape) -> ColumnShape:
        spelled = "longblob" if stored.kind is Kind.BYTES else "longtext"
        kind = Kind.BYTES if stored.kind is Kind.BYTES else Kind.TEXT
        return ColumnShape(stored.name, kind, spelled)

    def admit(self, writer: Connection, admission: Admission) -> list[tuple[int, str]]:
        return admitting.admit(writer, admission)

    def constraints(
        self, connection: Connection, table: TableShape, columns: Sequence[str]
    ) -> Constraints:
        return constraints.read(connection, table, columns)

    def staged_time(
        self, value: ColumnElement[Any], given: ColumnShape, sql_type: str
    ) -> ColumnElement[Any]:
        return self.store(value, given, ColumnShape("mp_eff", Kind.TIMESTAMP, sql_type))

    def not_null_words(self, table: TableShape, column: str) -> str:
        return f"Column '{column}' cannot be null"
