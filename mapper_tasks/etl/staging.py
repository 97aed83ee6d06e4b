"""One slice on its way into the stage: both ends, the columns, and the rows as a query."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Boolean, and_, case, column, false, func, not_, or_, table, true

from mapper_tasks.model.shape import ColumnShape, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Select, TableClause

    from mapper_tasks.dialects import Database
    from mapper_tasks.mapping import Mapping
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import RowError, Window
    from mapper_tasks.model.slices import Key, Slice

Carry: TypeAlias = "Callable[[ColumnElement[Any], ColumnShape, ColumnShape], ColumnElement[Any]]"

STAGE = "mp_stage"
RAW = "mp_raw"
REJECTED_KEYS = "mp_rejected_keys"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row error, with its key as the target takes it where that could be read from Python."""

    error: RowError
    key: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of one reading of a slice: source rows read, and those that are not staged."""

    rows: int = 0
    rejected: tuple[Rejected, ...] = ()
    skipped: int = 0
    unchanged: int = 0

    def __add__(self, other: Filled) -> Filled:
        return Filled(
            self.rows + other.rows,
            self.rejected + other.rejected,
            self.skipped + other.skipped,
            self.unchanged + other.unchanged,
        )


@dataclass(frozen=True, slots=True)
class Landing:
    """A temporary table that source rows are brought into.

    The stage has the target's types; the raw table has those of the source, so that it takes
    every value.
    """

    name: str
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Without:
    """Source rows that are left out: those of these keys, and those with a NULL in their key."""

    keys: tuple[Key, ...] = ()
    nulls: bool = False


@dataclass(frozen=True)
class Staging:
    """Everything that the staging of one slice needs."""

    mapping: Mapping
    part: Slice
    window: Window
    effective_at: datetime
    reader: Connection
    writer: Connection
    functions: Dict[str, Callable[..., Any]] = field(default_factory=dict)
    check: Callable[[], None] = lambda: None
    without: Without | None = None
    moment: str | None = None

    @property
    def job(self) -> Job:
        return self.mapping.job

    @property
    def source(self) -> Database:
        return self.mapping.source.database

    @property
    def target(self) -> Database:
        return self.mapping.target

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return self.job.target.business_key

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The mapped columns, in the job's order."""
        return tuple(self.job.target.columns)

    @cached_property
    def time_type(self) -> str:
        """The type of mp_eff: that of the target's fromdt, where it has one."""
        name = self.job.target.version_columns.fromdt
        shapes = self.mapping.table.by_name
        return shapes[name].sql_type if name in shapes else self.target.time_type

    @cached_property
    def columns(self) -> tuple[ColumnShape, ...]:
        """The stage's columns: mp_rid, the mapped ones, mp_eff, mp_del."""
        return (
            ColumnShape("mp_rid", Kind.INTEGER, "bigint"),
            *[self.mapping.table.by_name[name] for name in self.names],
            ColumnShape("mp_eff", Kind.TIMESTAMP, self.time_type),
            ColumnShape("mp_del", Kind.BOOLEAN, "boolean"),
        )

    @cached_property
    def stage(self) -> TableClause:
        names = [one.name for one in self.columns[:-1]]
        flag = column("mp_del", Boolean)
        return table(STAGE, *[column(name) for name in names], flag)

    @cached_property
    def rejected_keys(self) -> TableClause:
        return table(REJECTED_KEYS, *[column(name) for name in self.keys])

    def create_tables(self) -> None:
        types = [(one.name, one.sql_type) for one in self.columns]
        self.target.create_temporary(self.writer, STAGE, types, lookups=(self.keys, ("mp_rid",)))
        keys = [(name, self.mapping.table.by_name[name].sql_type) for name in self.keys]
        self.target.create_temporary(self.writer, REJECTED_KEYS, keys, lookups=(self.keys,))

    def storable_key(self, key: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """A key from Python as the target takes it; None: it does not, or has a NULL in it."""
        shapes = [self.mapping.table.by_name[name] for name in self.keys]
        if None in key:
            return None
        try:
            return tuple(
                self.target.taken(value, shape) for value, shape in zip(key, shapes, strict=True)
            )
        except ValueError:
            return None

    # ---- the rows as a query

    @cached_property
    def rows(self) -> Mapping:
        """The mapping over the rows that the window leaves, where it counts positions."""
        if self.window.skip is None and self.window.take is None:
            return self.mapping
        source = self.mapping.source
        all_columns = [source.rows.c[name] for name in source.columns]
        chosen = (
            source.select(*all_columns)
            .order_by(*[source.column(name) for name in self.window.columns])
            .offset(self.window.skip)
            .limit(self.window.take)
        )
        return replace(self.mapping, source=replace(source, rows=chosen.subquery("src")))

    def select(self, *values: ColumnElement[Any]) -> Select[Any]:
        """`values` of the slice's rows, between their mp_rid and whether they are deletes."""
        source = self.rows.source
        order = [source.column(name) for name in self._order]
        number = func.row_number().over(order_by=order or None).label("mp_rid")
        limits = [self.rows.chosen(self.part, self.window), self._kept]
        query = source.select(number, *values, self.deleted)
        return query.where(*[limit for limit in limits if limit is not None])

    @property
    def _kept(self) -> ColumnElement[bool] | None:
        """Whether a row is none of those that are left out; None: there are none."""
        if self.without is None:
            return None
        keys, kinds, source = self.rows.keys, self.mapping.key_kinds, self.source
        bad = [source.bounds(key, kinds) for key in self.without.keys]
        unknown = or_(*[key.is_(None) for key in keys])
        other = source.key_tuple(keys).not_in(bad) if bad else true()
        return and_(not_(unknown), other) if self.without.nulls else or_(unknown, other)

    @property
    def _order(self) -> tuple[str, ...]:
        if self.job.target.on_duplicate == "last":
            return self.job.checkpoint_config.columns
        return ()

    @property
    def deleted(self) -> ColumnElement[Any]:
        if self.job.target.delete_when is None:
            return false().label("mp_del")
        return case((self.mapping.deleted, true()), else_=false()).label("mp_del")

    def staged(self, landing: Landing, carry: Carry) -> Select[Any]:
        """The slice's rows as columns of the landing, for roads that leave Python out."""
        values = [self._value(name, landing, carry).label(name) for name in self.names]
        return self.select(*values, self._effective(landing, carry).label("mp_eff"))

    def _value(self, name: str, landing: Landing, carry: Carry) -> ColumnElement[Any]:
        given, value = self.mapping.given[name], self.rows.expressions[name]
        stored = self.mapping.table.by_name[name]
        return carry(value, given, self.target.raw_shape(given) if landing.raw else stored)

    def _effective(self, landing: Landing, carry: Carry) -> ColumnElement[Any]:
        name = self.job.target.effective_from
        if name is None:
            return self.source.time(self.effective_at, self.time_type)
        value, given = self.rows.source.column(name), self.rows.source.shape(name)
        if landing.raw:
            return carry(value, given, self.target.raw_shape(given))
        return self.source.staged_time(value, given, self.time_type)


def key_text(key: Dict[str, Any]) -> str:
    """A business key as the JSON object that DMS_JOBERR keeps: values as text, or null."""
    return json.dumps({name: _shown(value) for name, value in key.items()}, ensure_ascii=False)


def _shown(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
    return str(value)
