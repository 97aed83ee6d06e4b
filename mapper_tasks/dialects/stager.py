"""What staging asks of a database: ways to bring rows in, and what a target would refuse."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from mapper_tasks.model.shape import ColumnShape, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Select, TableClause

    from mapper_tasks.model.shape import TableShape


@dataclass(frozen=True, slots=True)
class Check:
    """A condition of the target table over its own columns; `said`: the database's words."""

    sql: str
    said: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: `columns` name a row of the table `to` by its columns `there`."""

    columns: tuple[str, ...]
    schema: str | None
    to: str
    there: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Constraints:
    """What the target table demands of the mapped columns, beyond types and NOT NULL."""

    checks: tuple[Check, ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Admission:
    """How rows pass from a table of values as they came into the stage.

    `values`: column of `into` -> its value over `raw`. `key`: column of `rejected` -> the same.
    """

    raw: TableClause
    into: str
    values: Mapping[str, ColumnElement[Any]]
    rejected: str
    key: Mapping[str, ColumnElement[Any]]


class Stager(ABC):
    """The staging side of a Database."""

    refuses_values: ClassVar[bool]
    """Whether a column refuses what its type does not take, so that a stage can fail."""

    tells_empty_text: ClassVar[bool] = True
    """Whether the empty text is another value than NULL."""

    # ---- as a source

    @abstractmethod
    def plain(self, value: ColumnElement[Any], given: ColumnShape) -> ColumnElement[Any]:
        """The value as every database takes it from Python, exact; times are text in UTC."""

    def seen(self, value: ColumnElement[Any], given: ColumnShape) -> ColumnElement[Any]:
        """The value as a job's Python functions get it: text where Python would bend it."""
        del given
        return value

    # ---- as a target, from a source of the same kind

    def only_stage(  # noqa: B027 - most databases cannot, and their queries call nothing that writes
        self, writer: Connection
    ) -> None:
        """Until the savepoint ends, only temporary tables take rows, whatever a query calls."""

    @abstractmethod
    def pipes(
        self,
        reader: Connection,
        writer: Connection,
        rows: Select[Any],
        stored: Sequence[ColumnShape],
    ) -> bool:
        """Whether `pipe` can bring these rows of another database of this kind."""

    @abstractmethod
    def pipe(
        self,
        reader: Connection,
        writer: Connection,
        rows: Select[Any],
        into: str,
        stored: Sequence[ColumnShape],
        check: Callable[[], None],
    ) -> int:
        """Bring the rows into the temporary table without Python objects; how many there were.

        `stored` are the columns of `into` that take the columns of `rows`, in order.
        """

    def wire(
        self, value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape
    ) -> ColumnElement[Any]:
        """`value` as `pipe` carries it to a column `stored`; fails rather than lose anything."""
        return self.store(value, given, stored)

    @abstractmethod
    def store(
        self, value: ColumnElement[Any], given: ColumnShape, stored: ColumnShape
    ) -> ColumnElement[Any]:
        """As Database.store."""

    # ---- as a target, from Python

    @abstractmethod
    def taken(self, value: Any, stored: ColumnShape) -> Any:
        """A Python value as `fill` gives it to a column; ValueError where it would not take it."""

    @abstractmethod
    def harmless(self, stored: ColumnShape) -> frozenset[type]:
        """The Python types whose values `taken` gives back as they are: most need no look."""

    def are_harmless(
        self, column: Sequence[Any], types: frozenset[type], stored: ColumnShape
    ) -> bool:
        """Whether `taken` gives every value of a column with these types back as it is."""
        del column
        return types <= self.harmless(stored)

    def taken_all(self, column: Sequence[Any], stored: ColumnShape) -> Sequence[Any]:
        """As `taken`, of a column's values: each is looked at only where one may need it."""
        if self.are_harmless(column, frozenset(map(type, column)), stored):
            return column
        return [self.taken(value, stored) for value in column]

    def taken_time(self, value: Any, stored: ColumnShape) -> Any:
        """A Python value as `fill` gives it to a stage's time, without failing where it is none."""
        return self.taken(value, stored)

    # ---- values as they came

    def raw_shape(self, given: ColumnShape) -> ColumnShape:
        """The column that takes every value of `given`, whatever the target's types are."""
        return given

    def loose(self, stored: ColumnShape) -> ColumnShape:
        """The column that takes every Python value meant for `stored`."""
        return ColumnShape(stored.name, Kind.TEXT, "text")

    def admit(self, writer: Connection, admission: Admission) -> list[tuple[int, str]]:
        """Stage every raw row that the stage takes; (mp_rid, the database's words) of the others.

        The keys of the others go to `rejected`, where they can be read.
        """
        raise NotImplementedError

    # ---- what the target would refuse

    @abstractmethod
    def constraints(
        self, connection: Connection, table: TableShape, columns: Sequence[str]
    ) -> Constraints:
        """CHECKs and foreign keys that concern none but these columns."""

    def misfit(self, value: ColumnElement[Any], stored: ColumnShape) -> ColumnElement[bool] | None:
        """Whether a staged value breaks its column's declared type; None: it cannot."""
        del value, stored
        return None

    @abstractmethod
    def staged_time(
        self, value: ColumnElement[Any], given: ColumnShape, sql_type: str
    ) -> ColumnElement[Any]:
        """A source's time as a stage of this database keeps it, without failing here."""

    def unreadable_time(self, value: ColumnElement[Any]) -> ColumnElement[bool] | None:
        """Whether a staged time is none; None: the stage takes nothing else."""
        del value
        return None

    @abstractmethod
    def not_null_words(self, table: TableShape, column: str) -> str:
        """What the database says of a NULL in a NOT NULL column."""
