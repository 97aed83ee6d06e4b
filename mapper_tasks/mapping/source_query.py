"""The job's source query as a table that other statements read from."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, column, literal_column, or_, select, text, tuple_
from sqlalchemy.exc import DBAPIError

from mapper_tasks.model.errors import MissingColumn, SourceRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Select, Subquery

    from mapper_tasks.dialects import Database
    from mapper_tasks.model.job import Source
    from mapper_tasks.model.run import Window
    from mapper_tasks.model.shape import ColumnShape


@contextmanager
def refusals_of(database: Database, field: str) -> Iterator[None]:
    """Raises SourceRefused (MAP-1007) for what the database refuses; a passing fault as it is."""
    try:
        yield
    except DBAPIError as fault:
        if database.is_passing(fault):
            raise
        raise SourceRefused(f"{field}: {database.kind} says: {database.message(fault)}") from fault


@dataclass(frozen=True)
class SourceQuery:
    """The query of a job in its database, with the shape of what it gives."""

    database: Database
    rows: Subquery
    columns: dict[str, ColumnShape]

    @classmethod
    def describe(cls, source: Source, database: Database, connection: Connection) -> SourceQuery:
        """Ask the database for the query's columns; nothing is read.

        Raises SourceRefused (MAP-1007) with the database's message.
        """
        sql = source.query or _whole_table(source.table or "", connection)
        bare = text(f"{_verbatim(sql)}\n")
        with refusals_of(database, "source.query"):
            probe = select(text("*")).select_from(text(f"({_verbatim(sql)}\n) src"))
            shapes = database.columns_of(connection, probe)
        columns = {shape.name: shape for shape in shapes}
        rows = bare.columns(*[column(name) for name in columns]).subquery("src")
        return cls(database, rows, columns)

    def name_of(self, name: str) -> str:
        """The column as the source spells it, found whatever its case is."""
        if name in self.columns:
            return name
        alike = [known for known in self.columns if known.lower() == name.lower()]
        if len(alike) == 1:
            return alike[0]
        raise MissingColumn(
            f"source column {name!r} is not in the query; it has {', '.join(self.columns)}"
        )

    def column(self, name: str) -> ColumnElement[Any]:
        return self.rows.c[self.name_of(name)]

    def shape(self, name: str) -> ColumnShape:
        return self.columns[self.name_of(name)]

    def fragment(self, sql: str) -> ColumnElement[Any]:
        """An expression in the source database's SQL over the source columns."""
        return literal_column(f"({sql})")

    def shape_of(
        self, connection: Connection, expressions: dict[str, ColumnElement[Any]]
    ) -> dict[str, ColumnShape]:
        """The shapes that expressions over the source columns have, by their labels.

        Raises SourceRefused (MAP-1007) when the database refuses one of them.
        """
        if not expressions:
            return {}
        query = select(*[value.label(name) for name, value in expressions.items()])
        with refusals_of(self.database, "target.columns"):
            shapes = self.database.columns_of(connection, query.select_from(self.rows))
        return dict(zip(expressions, shapes, strict=True))

    def select(self, *values: ColumnElement[Any]) -> Select[Any]:
        return select(*values).select_from(self.rows)

    # ---- the rows that a run reads

    def in_window(self, window: Window) -> ColumnElement[bool] | None:
        """Whether a row is one that the checkpoint leaves to this run; None: every row is.

        Rows with a NULL in a checkpoint column have no place in its order: they are read each
        time, rather than never.
        """
        if window.after is None and window.upto is None:
            return None
        columns = [self.column(name) for name in window.columns]
        limits = []
        if window.after is not None:
            limits.append(self._tuple(columns) > self._values(window, window.after))
        if window.upto is not None:
            limits.append(self._tuple(columns) <= self._values(window, window.upto))
        return or_(and_(*limits), *[one.is_(None) for one in columns])

    def _values(self, window: Window, values: Sequence[Any]) -> ColumnElement[Any]:
        kinds = [self.shape(name).kind for name in window.columns]
        return self._tuple(
            [self.database.bound(value, kind) for value, kind in zip(values, kinds, strict=True)]
        )

    def _tuple(self, parts: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
        return parts[0] if len(parts) == 1 else tuple_(*parts)


def _whole_table(name: str, connection: Connection) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return f"SELECT * FROM {'.'.join(quote(part) for part in name.split('.'))}"


def _verbatim(sql: str) -> str:
    """SQL in which SQLAlchemy sees no parameters of its own: `:` belongs to the user."""
    return sql.replace(":", "\\:")
