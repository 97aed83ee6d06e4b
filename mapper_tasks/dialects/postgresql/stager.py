"""PostgreSQL's side of staging: COPY, and rows admitted one block at a time."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Text, and_, case, cast, func, literal_column

from mapper_tasks.dialects.postgresql import admitting, constraints, copying, values
from mapper_tasks.dialects.stager import Stager
from mapper_tasks.dialects.texts import TEXTS, are_sound
from mapper_tasks.model.shape import ColumnShape, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from mapper_tasks.dialects.stager import Admission, Constraints
    from mapper_tasks.model.shape import TableShape

# Types that every server has, with one binary form: only these go through COPY as bytes.
_EVERYWHERE = re.compile(
    r"(smallint|integer|bigint|numeric|real|double precision|text|character varying|character"
    r"|bpchar|boolean|date|interval|uuid|bytea|json|jsonb"
    r"|time(stamp)?)( ?\(.*?\))?( with(out)? time zone)?$"
)
_SEEN_AS_TEXT = frozenset({Kind.INTERVAL, Kind.JSON, Kind.OTHER})
_ISO = "YYYY-MM-DD HH24:MI:SS"


class PostgreSQLStager(Stager):
    """PostgreSQL refuses values by itself; in blocks of rows it says which."""

    refuses_values: ClassVar[bool] = True

    def plain(self, value: ColumnElement[Any], given: ColumnShape) -> ColumnElement[Any]:
        if given.kind is Kind.TIMESTAMPTZ:
            return _iso(func.timezone("UTC", value))
        if given.kind is Kind.TIMESTAMP:
            return _iso(value)
        if given.kind in (Kind.DATE, Kind.TIME, Kind.INTERVAL, Kind.UUID, Kind.JSON, Kind.OTHER):
            return cast(value, Text)
        return value

    def seen(self, value: ColumnElement[Any], given: ColumnShape) -> ColumnElement[Any]:
        # A timedelta has no months; parsed JSON has floats for numbers, and None for its null.
        # Lists and ranges would come back as JSON, or as what Python prints.
        return cast(value, Text) if given.kind in _SEEN_AS_TEXT else value

    def only_stage(self, writer: Connection) -> None:
        writer.exec_driver_sql("SET LOCAL transaction_read_only = on")

    def pipes(
        self,
        reader: Connection,
        writer: Connection,
        rows: Select[Any],
        stored: Sequence[ColumnShape],
    ) -> bool:
        return True

    def pipe(
        self,
        reader: Connection,
        writer: Connection,
        rows: Select[Any],
        into: str,
        stored: Sequence[ColumnShape],
        check: Callable[[], None],
    ) -> int:
        form = "binary" if all(everywhere(column) for column in stored) else "text"
        quote = writer.dialect.identifier_preparer.quote
        names = ", ".join(quote(column.name) for column in stored)
        return copying.pipe(
            reader,
            f"COPY ({copying.rendered(reader, rows)}) TO STDOUT (FORMAT {form})",
            writer,
            f"COPY {quote(into)} ({names}) FROM STDIN (FORMAT {form})",
            check,
        )

    def wire(
        self, value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape
    ) -> ColumnElement[Any]:
        # A type that the source may not have is read by the target, from its text.
        return self.store(value, given, stored) if everywhere(stored) else cast(value, Text)

    def taken(self, value: Any, stored: ColumnShape) -> Any:
        return values.taken(value, stored)

    def harmless(self, stored: ColumnShape) -> frozenset[type]:
        return values.HARMLESS.get(stored.kind, values.NOTHING)

    def are_harmless(
        self, column: Sequence[Any], types: frozenset[type], stored: ColumnShape
    ) -> bool:
        texts = types <= TEXTS and stored.kind not in values.READ_AS_TEXT and are_sound(column)
        return texts or super().are_harmless(column, types, stored)

    def raw_shape(self, given: ColumnShape) -> ColumnShape:
        if everywhere(given):
            return given
        return replace(given, kind=Kind.TEXT, sql_type="text", length=None, fixed=False)

    def admit(self, writer: Connection, admission: Admission) -> list[tuple[int, str]]:
        return admitting.admit(writer, admission)

    def constraints(
        self, connection: Connection, table: TableShape, columns: Sequence[str]
    ) -> Constraints:
        return constraints.read(connection, table, columns)

    def staged_time(
        self, value: ColumnElement[Any], given: ColumnShape, sql_type: str
    ) -> ColumnElement[Any]:
        kind = Kind.TIMESTAMPTZ if "with time zone" in sql_type else Kind.TIMESTAMP
        return self.wire(value, given, ColumnShape("mp_eff", kind, sql_type))

    def not_null_words(self, table: TableShape, column: str) -> str:
        return (
            f'null value in column "{column}" of relation "{table.name}" '
            "violates not-null constraint"
        )


def everywhere(column: ColumnShape) -> bool:
    return _EVERYWHERE.match(column.sql_type) is not None


def _iso(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """A time as ISO text; its fraction is there when it is not 0. What has no ISO text stays."""
    spelled = case(
        (func.date_trunc("second", value) == value, func.to_char(value, _ISO)),
        else_=func.to_char(value, f"{_ISO}.US"),
    )
    known = and_(
        value >= literal_column("TIMESTAMP '0001-01-01'"),
        value < literal_column("TIMESTAMP '10000-01-01'"),
    )
    return case((known, spelled), else_=cast(value, Text))
