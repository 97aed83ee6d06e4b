"""Oracle's side of staging: array DML, Arrow between two Oracles, and rows admitted in blocks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from mapper_tasks.dialects.oracle import (
    admitting,
    arrow,
    constraints,
    shapes,
    storing,
    times,
    values,
)
from mapper_tasks.dialects.stager import Stager
from mapper_tasks.dialects.texts import TEXTS, are_sound
from mapper_tasks.model.shape import ColumnShape, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from mapper_tasks.dialects.stager import Admission, Constraints
    from mapper_tasks.model.shape import TableShape


class OracleStager(Stager):
    """Oracle refuses values by itself; in blocks of rows it says which."""

    refuses_values: ClassVar[bool] = True
    tells_empty_text: ClassVar[bool] = False

    def plain(self, value: ColumnElement[Any], given: ColumnShape) -> ColumnElement[Any]:
        if given.kind in storing.TIMES or given.fixed:
            return storing.as_text(value, given)
        return value

    def pipes(
        self,
        reader: Connection,
        writer: Connection,
        rows: Select[Any],
        stored: Sequence[ColumnShape],
    ) -> bool:
        return all(arrow.carries(column) for column in stored)

    def pipe(
        self,
        reader: Connection,
        writer: Connection,
        rows: Select[Any],
        into: str,
        stored: Sequence[ColumnShape],
        check: Callable[[], None],
    ) -> int:
        return arrow.pipe(reader, writer, rows, into, stored, check)

    def wire(
        self, value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape
    ) -> ColumnElement[Any]:
        return arrow.wired(self.store(value, given, stored), given, stored)

    def taken(self, value: Any, stored: ColumnShape) -> Any:
        return values.taken(value, stored)

    def harmless(self, stored: ColumnShape) -> frozenset[type]:
        return values.HARMLESS.get(stored.kind, values.NOTHING)

    def are_harmless(
        self, column: Sequence[Any], types: frozenset[type], stored: ColumnShape
    ) -> bool:
        texts = types <= TEXTS and stored.kind is Kind.TEXT and are_sound(column)
        return texts or super().are_harmless(column, types, stored)

    def raw_shape(self, given: ColumnShape) -> ColumnShape:
        if given.kind is not Kind.TEXT:
            return replace(given, sql_type=_widest(given))
        wide = replace(given, sql_type="CLOB", length=None, fixed=False)
        return wide if given.sql_type in shapes.LOBS else replace(wide, sql_type=_LONGEST)

    def admit(self, writer: Connection, admission: Admission) -> list[tuple[int, str]]:
        return admitting.admit(writer, admission)

    def constraints(
        self, connection: Connection, table: TableShape, columns: Sequence[str]
    ) -> Constraints:
        return constraints.read(connection, table, columns)

    def staged_time(
        self, value: ColumnElement[Any], given: ColumnShape, sql_type: str
    ) -> ColumnElement[Any]:
        kind = Kind.TIMESTAMPTZ if times.is_zoned(sql_type) else Kind.TIMESTAMP
        return self.store(value, given, ColumnShape("mp_eff", kind, sql_type))

    def not_null_words(self, table: TableShape, column: str) -> str:
        names = [part for part in (table.schema, table.name, column) if part]
        place = ".".join(f'"{name.upper()}"' for name in names)
        return f"ORA-01400: cannot insert NULL into ({place})"


_LONGEST = shapes.spell(ColumnShape("", Kind.TEXT, ""))


def _widest(given: ColumnShape) -> str:
    return "NUMBER" if given.kind in (Kind.INTEGER, Kind.NUMERIC) else given.sql_type
