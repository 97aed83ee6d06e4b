"""What every step of an apply stands on: the stage, the target's slice, and comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, and_, column, false, func, not_, null, or_, select, table, true

from mapper_tasks.etl.staging import REJECTED_KEYS, STAGE
from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import (
        ColumnClause,
        ColumnElement,
        Connection,
        FromClause,
        Select,
        TableClause,
    )

    from mapper_tasks.dialects import Database
    from mapper_tasks.mapping import Mapping
    from mapper_tasks.model.job import Target
    from mapper_tasks.model.shape import ColumnShape
    from mapper_tasks.model.slices import Slice


@dataclass(frozen=True)
class Ground:
    """One chunk's apply: `mapping`, the slice, the run's time and the target's transaction.

    `now` is the record time of everything the chunk writes.
    """

    mapping: Mapping
    part: Slice
    effective_at: datetime
    now: datetime
    writer: Connection

    @property
    def database(self) -> Database:
        return self.mapping.target

    @property
    def job(self) -> Target:
        return self.mapping.job.target

    @property
    def keys(self) -> tuple[str, ...]:
        return self.job.business_key

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The mapped columns, keys among them."""
        return tuple(self.job.columns)

    @cached_property
    def compared(self) -> tuple[str, ...]:
        return self.job.compared

    @cached_property
    def first_kept(self) -> tuple[str, ...]:
        """Columns that keep the first value of their key."""
        return self.job.of_scd(0)

    @cached_property
    def overwritten(self) -> tuple[str, ...]:
        """Type 1 columns of a type 2 table, whose change overwrites."""
        if not self.job.versioned:
            return ()
        excluded = set(self.job.hash_exclude_columns)
        return tuple(name for name in self.job.of_scd(1) if name not in excluded)

    # ---- tables

    @cached_property
    def stage(self) -> TableClause:
        return table(
            STAGE,
            column("mp_rid"),
            column("mp_eff"),
            column("mp_del", Boolean()),
            *[column(name) for name in self.columns],
        )

    @cached_property
    def rejected_keys(self) -> TableClause:
        return table(REJECTED_KEYS, *[column(name) for name in self.keys])

    @cached_property
    def target(self) -> TableClause:
        return self.mapping.target_table

    def version(self, table_: FromClause, name: str) -> ColumnElement[Any]:
        """The version column `fromdt`, `todt`, ... of a target row."""
        return table_.c[self.version_name(name)]

    def version_name(self, name: str) -> str:
        return str(getattr(self.job.version_columns, name))

    def in_slice(self, table_: FromClause) -> ColumnElement[bool]:
        inside = self.mapping.in_target_slice(table_, self.part)
        return true() if inside is None else inside

    def shape(self, name: str) -> ColumnShape:
        return self.mapping.table.by_name[name]

    def type_of(self, name: str) -> str:
        return self.shape(name).sql_type

    @cached_property
    def time_type(self) -> str:
        """The type of the times of versions: the target's own, where it keeps them."""
        name = self.version_name("fromdt")
        return self.type_of(name) if self.mapping.table.has(name) else self.database.time_type

    def key_types(self) -> list[tuple[str, str]]:
        return [(name, self.type_of(name)) for name in self.keys]

    def column_types(self, names: Iterable[str]) -> list[tuple[str, str]]:
        return [(name, self.type_of(name)) for name in names]

    def short_types(self, names: Iterable[str]) -> list[tuple[str, str]]:
        return [(name, self.database.short_type(self.shape(name))) for name in names]

    def shorts(self, table_: FromClause, names: Iterable[str]) -> list[ColumnElement[Any]]:
        """Columns as they are kept where only their equality matters."""
        return [self.database.short(table_.c[name], self.shape(name)).label(name) for name in names]

    def temporary(self, name: str, columns: Sequence[tuple[str, str]]) -> TableClause:
        names = [column_name for column_name, _ in columns]
        looked_up = (self.keys, ("mp_tid",), ("mp_rid",))
        lookups = [one for one in looked_up if set(one) <= set(names)]
        self.database.create_temporary(self.writer, name, columns, lookups=lookups)
        for one in lookups:
            self.index(name, one)
        return table(name, *[_typed(column_name, kind) for column_name, kind in columns])

    def index(self, name: str, columns: Sequence[str]) -> None:
        """Make lookups by these columns of a temporary table quick, where that takes an index."""
        self.database.index_temporary(self.writer, name, columns)

    def fill(self, into: TableClause, rows: Select[Any]) -> int:
        names = [str(one.key) for one in rows.selected_columns]
        return self.run(into.insert().from_select(names, rows))

    def run(self, statement: Any) -> int:
        """Execute; the number of rows it wrote."""
        counted = {"preserve_rowcount": True}
        return self.writer.execute(statement, execution_options=counted).rowcount

    def count(self, rows: FromClause, *limits: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(rows).where(*limits)
        return int(self.writer.execute(query).scalar_one())

    # ---- rows of the target

    def row_id(self, table_: FromClause) -> ColumnElement[Any]:
        """What names a target row: its surrogate key, or what the database calls it."""
        if self.mapping.has("skey"):
            return self.version(table_, "skey")
        return self.database.row_name(table_, self.keys, self.version_name("fromdt"))

    @cached_property
    def row_id_type(self) -> str:
        if self.mapping.has("skey"):
            return self.type_of(self.version_name("skey"))
        return self.database.row_id_type

    @cached_property
    def dated(self) -> bool:
        """Whether the target's rows are dated: always in type 2, in type 1 by `effective_from`."""
        if self.job.versioned:
            return True
        return self.job.effective_from is not None and self.mapping.has("fromdt")

    def begin_of(self, table_: FromClause) -> ColumnElement[Any]:
        """Where a target row's values begin, NULL where the target does not keep it."""
        if not self.mapping.has("fromdt"):
            return null()
        return self.database.moment(self.version(table_, "fromdt"))

    # ---- comparisons

    def on_key(self, left: FromClause, right: FromClause) -> ColumnElement[bool]:
        return and_(*[left.c[name] == right.c[name] for name in self.keys])

    def key_of(self, table_: FromClause) -> list[ColumnElement[Any]]:
        return [table_.c[name] for name in self.keys]

    def value(self, table_: FromClause, name: str) -> ColumnElement[Any]:
        """A column in a form that can be compared.

        The empty text is NULL where the source cannot tell them apart: by which of the two it
        arrives depends on the road, not on the row.
        """
        shape = self.shape(name)
        value = self.database.comparable(table_.c[name], shape)
        if shape.kind is not Kind.TEXT or not self.database.tells_empty_text:
            return value
        return value if self.mapping.source.database.tells_empty_text else func.nullif(value, "")

    def differ(
        self, left: FromClause, right: FromClause, names: Iterable[str]
    ) -> ColumnElement[bool]:
        """Whether any of the columns differs, NULL being equal to NULL."""
        parts = [
            self.database.differ(self.value(left, name), self.value(right, name), self.shape(name))
            for name in names
        ]
        return or_(false(), *parts) if parts else false()

    def same(
        self, left: FromClause, right: FromClause, names: Iterable[str]
    ) -> ColumnElement[bool]:
        return not_(self.differ(left, right, names))

    def digest_of(self, rows: FromClause) -> dict[str, Any]:
        """`rwhkey` over the compared columns of `rows`, where the target has it."""
        if not self.mapping.has("rwhkey"):
            return {}
        values = [
            self.database.short(self.value(rows, name), self.shape(name)) for name in self.compared
        ]
        return {self.version_name("rwhkey"): self.database.digest(values)}

    # ---- times

    @cached_property
    def run_time(self) -> ColumnElement[Any]:
        return self.moment_of(self.effective_at)

    def moment_of(self, moment: datetime) -> ColumnElement[Any]:
        """A moment as the target's version columns hold it."""
        return self.database.moment(self.database.time(moment, self.time_type))

    @cached_property
    def open_end(self) -> ColumnElement[Any]:
        """What `todt` holds while a version is open."""
        return self.database.open_end(self.job.open_end, self.type_of(self.version_name("todt")))

    def recorded(self, name: str) -> dict[str, Any]:
        """The record time for the version column `name`, where the target has it."""
        if not self.mapping.has(name):
            return {}
        column_name = self.version_name(name)
        return {column_name: self.database.time(self.now, self.type_of(column_name))}


def _typed(name: str, kind: str) -> ColumnClause[Any]:
    return column(name, Boolean()) if kind == "boolean" else column(name)
