"""What every database must do for a run, and nothing that they all do alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import and_, cast, func, literal, literal_column, or_, select, tuple_
from sqlalchemy.types import UserDefinedType

from mapper_tasks.dialects.equality import Equality
from mapper_tasks.dialects.faults import Faults
from mapper_tasks.dialects.hashing import Hashing
from mapper_tasks.dialects.home import Home
from mapper_tasks.dialects.moments import Moments
from mapper_tasks.dialects.others import Others
from mapper_tasks.dialects.planner import Planner
from mapper_tasks.dialects.stager import Stager
from mapper_tasks.dialects.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import (
        URL,
        ColumnElement,
        Connection,
        Engine,
        Executable,
        FromClause,
        Select,
        TableClause,
    )

    from mapper_tasks.model.shape import ColumnShape, Kind, TableShape
    from mapper_tasks.model.slices import Key, Slice


class Spelled(UserDefinedType[Any]):
    """A type in the database's own spelling, for CAST and DDL."""

    cache_ok = True

    def __init__(self, spelling: str) -> None:
        self.spelling = spelling

    def get_col_spec(self, **_: Any) -> str:
        return self.spelling


class Database(Equality, Planner, Hashing, Stager, Tables, Others, Moments, Home, Faults, ABC):
    """One database under the name that jobs give it."""

    kind: ClassVar[str]
    row_id: ClassVar[str | None]
    """The column that names a row within one transaction, as long as the row is not written."""
    row_id_type: ClassVar[str]
    time_type: ClassVar[str] = "timestamp"
    """The type of times where the target has no column that says one."""

    def __init__(self, name: str, engine: Engine) -> None:
        self.name = name
        self.engine = engine

    @classmethod
    @abstractmethod
    def open(cls, name: str, url: URL) -> Database:
        """The database at `url`; its pool is empty until the first use."""

    # ---- transactions

    @abstractmethod
    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one moment, cannot write, and is rolled back."""

    def reading_as_of(self, moment: str | None) -> AbstractContextManager[Connection]:
        """`reading_at` that moment; None: `reading`."""
        return self.reading() if moment is None else self.reading_at(moment)

    @abstractmethod
    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits at its end, and rolls back when anything is raised.

        Another writer's change of a row it read makes it fail with a passing fault, rather than
        build on what is no longer so.
        """

    def check_target(self) -> None:
        """Raises UnsupportedDatabase where the server, once connected to, can be a source only."""

    def close(self) -> None:
        self.engine.dispose()

    @abstractmethod
    def identity(self, connection: Connection) -> str:
        """Equal for two names of one database where they may and see the same, and only then."""

    # ---- shapes

    @abstractmethod
    def table(self, connection: Connection, name: str) -> TableShape | None:
        """The table `schema.name` or `name`, found as the database finds it; None: not there."""

    @abstractmethod
    def columns_of(self, connection: Connection, query: Select[Any]) -> tuple[ColumnShape, ...]:
        """What the query would give, without running it."""

    @abstractmethod
    def spell(self, column: ColumnShape) -> str:
        """This database's type for a column of another database, for CREATE TABLE."""

    def carries(self, column: ColumnShape) -> bool:
        """Whether values of the column's type can be read and written."""
        return True

    @abstractmethod
    def text_order(self, connection: Connection, column: ColumnShape) -> str:
        """A name of the order that text of this column has; equal names, equal orders."""

    # ---- expressions

    def cast(self, value: Any, sql_type: str) -> ColumnElement[Any]:
        return cast(value, Spelled(sql_type))

    @abstractmethod
    def store(
        self, value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape
    ) -> ColumnElement[Any]:
        """`value` as a column of the type `stored` takes it; fails rather than lose anything."""

    @abstractmethod
    def key(
        self, value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape, *, native: bool
    ) -> ColumnElement[Any]:
        """A part of the business key as it is compared with the bounds of slices.

        It has the order that the other side of the run has: the value as the target stores it
        (`stored`), text in binary order unless both sides have one `native` order. It never
        fails on a bad value.
        """

    @abstractmethod
    def bound(self, value: Any, kind: Kind, name: str | None = None) -> ColumnElement[Any]:
        """A bound of a slice or a window as an expression to compare with a column of `kind`.

        `name` is that of its parameter, for a statement that is run with many values.
        """

    def bound_value(self, value: Any) -> Any:
        """The value of a named bound's parameter."""
        return value

    @abstractmethod
    def time(self, moment: datetime, sql_type: str) -> ColumnElement[Any]:
        """An aware moment as a column of `sql_type` holds it, in UTC."""

    @abstractmethod
    def open_end(self, end: str | None, sql_type: str) -> ColumnElement[Any]:
        """The job's `open_end`, as the target's `todt` holds it."""

    def can_hold_end(self, end: str, sql_type: str) -> bool:
        """Whether a time of this type reaches as far as the job's `open_end`."""
        return True

    @abstractmethod
    def moment(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """A time of the target in a form whose order is the order of time."""

    def row_name(self, rows: FromClause, key: Sequence[str], begin: str) -> ColumnElement[Any]:
        """What names a target row that has no surrogate key; NULL where there is no row.

        By default the column `row_id`. Where there is none, it is made of the business key and of
        the column `begin`, where the version begins.
        """
        return rows.c[str(self.row_id)]

    # ---- the target's temporary tables

    @abstractmethod
    def create_temporary(
        self,
        connection: Connection,
        name: str,
        columns: Sequence[tuple[str, str]],
        constraints: Sequence[str] = (),
        lookups: Sequence[Sequence[str]] = (),
    ) -> None:
        """Make the empty table `name` of (column, type) pairs, seen by this transaction alone.

        Rows will be looked up by the sets of columns in `lookups`. Most databases can do
        without an index then, or make it by `index_temporary` when the table is filled.
        """

    def index_temporary(self, connection: Connection, name: str, columns: Sequence[str]) -> None:
        """Help lookups in a temporary table by these columns; most databases hash instead."""

    def prepare_apply(self, connection: Connection) -> None:
        """Keep the planner from plans that are known to go wrong on a chunk, where it has any."""

    def rewritten(
        self,
        target: TableClause,
        values: Mapping[str, Any],
        rows: Sequence[ColumnElement[bool]],
    ) -> Executable:
        """The UPDATE of `target` with `values` from the tables that the conditions join it to.

        Each row of the target meets at most one row of theirs.
        """
        return target.update().values(dict(values)).where(*rows)

    # ---- predicates that all databases build alike

    def in_slice(
        self, keys: Sequence[ColumnElement[Any]], kinds: Sequence[Kind], part: Slice
    ) -> ColumnElement[bool] | None:
        """Whether a row's key lies in the slice; None: every row does."""
        if part.everything:
            return None
        if part.keys is not None:
            return self.key_tuple(keys).in_([self.bounds(key, kinds) for key in part.keys])
        limits = []
        if part.low is not None:
            limits.append(self.key_tuple(keys) >= self.bounds(part.low, kinds))
        if part.high is not None:
            limits.append(self.key_tuple(keys) < self.bounds(part.high, kinds))
        if part.with_nulls:
            return or_(and_(*limits), *[key.is_(None) for key in keys])
        # (5, NULL) is greater than (1, 'x') all the same: the first part decides.
        return and_(*limits, *[key.is_not(None) for key in keys[1:]])

    def key_tuple(self, keys: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
        return keys[0] if len(keys) == 1 else tuple_(*keys)

    def bounds(self, values: Key, kinds: Sequence[Kind]) -> ColumnElement[Any]:
        return self.key_tuple(
            [self.bound(value, kind) for value, kind in zip(values, kinds, strict=True)]
        )

    # ---- small pieces

    def null_of(self, sql_type: str) -> ColumnElement[Any]:
        return self.cast(literal_column("NULL"), sql_type)

    def row_count(self, connection: Connection, rows: FromClause) -> int:
        return int(connection.execute(select(func.count()).select_from(rows)).scalar_one())

    def constant(self, value: Any) -> ColumnElement[Any]:
        return literal_column("NULL") if value is None else literal(value)
