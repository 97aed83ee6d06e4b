"""The source in the order of the checkpoint's columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, literal_column, or_

from mapper_tasks.mapping.source_query import refusals_of
from mapper_tasks.model.errors import SourceRefused
from mapper_tasks.model.run import Window
from mapper_tasks.model.slices import KeyValue

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select

    from mapper_tasks.mapping import SourceQuery
    from mapper_tasks.model.slices import Key


@dataclass(frozen=True)
class Ordered:
    """The source in the order of the checkpoint's columns, without rows that have a NULL there.

    Such rows have no place in the order: `SourceQuery.in_window` gives them to every run.
    """

    query: SourceQuery
    reader: Connection
    columns: tuple[str, ...]

    @property
    def parts(self) -> list[ColumnElement[Any]]:
        return [self.query.column(name) for name in self.columns]

    @classmethod
    def by(cls, query: SourceQuery, reader: Connection, names: tuple[str, ...]) -> Ordered:
        """Raises MissingColumn, or SourceRefused for a column whose order cannot be kept."""
        for name in names:
            kind = query.shape(name).kind
            if kind not in query.database.sliceable:
                raise SourceRefused(
                    f"checkpoint_config.columns: {name!r} has a type without a kept order ({kind})",
                    mend="name columns that are numbers, text, times or UUIDs",
                )
        return cls(query, reader, tuple(query.name_of(name) for name in names))

    def highest(self) -> Key | None:
        """The high-water mark: the last row's values, None where there is no such row."""
        return self._one(self._rows().order_by(*[part.desc() for part in self.parts]).limit(1))

    def at(self, position: int) -> Key | None:
        """The values of the row with this number, from 1."""
        return self._one(self._rows().order_by(*self.parts).offset(position - 1).limit(1))

    def is_beyond(self, after: Key) -> bool:
        """Whether there is a row after these values."""
        beyond = self.query.in_window(Window(self.columns, after=after))
        rows = self._rows() if beyond is None else self._rows().where(beyond)
        return self.reader.execute(rows.limit(1)).first() is not None

    def has_nulls(self) -> bool:
        absent = or_(*[part.is_(None) for part in self.parts])
        found = self.query.select(literal_column("1")).where(absent).limit(1)
        return self.reader.execute(found).first() is not None

    def has_ties(self) -> bool:
        tied = self.query.select(func.count()).group_by(*self.parts).having(func.count() > 1)
        return self.reader.execute(tied.limit(1)).first() is not None

    def _rows(self) -> Select[Any]:
        present = and_(*[part.is_not(None) for part in self.parts])
        return self.query.select(*self.parts).where(present)

    def _one(self, rows: Select[Any]) -> Key | None:
        with refusals_of(self.query.database, "checkpoint_config.columns"):
            row = self.reader.execute(rows).one_or_none()
        return None if row is None else self._kept(tuple(row))

    def _kept(self, values: tuple[Any, ...]) -> Key:
        for name, value in zip(self.columns, values, strict=True):
            if not isinstance(value, KeyValue):
                raise SourceRefused(
                    f"checkpoint_config.columns: {name!r} holds a {type(value).__name__}, "
                    "which has no exact text to be kept as"
                )
        return values
