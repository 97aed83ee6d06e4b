"""How the job's columns are filled: mapped expressions, and keys as both sides compare them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, false
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table

from mapper_tasks.mapping.design import Designer
from mapper_tasks.mapping.source_query import SourceQuery
from mapper_tasks.model.errors import MissingTable
from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnClause, ColumnElement, Connection, FromClause, TableClause

    from mapper_tasks.dialects import Database
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import Window
    from mapper_tasks.model.shape import ColumnShape, TableShape
    from mapper_tasks.model.slices import Slice


@dataclass(frozen=True)
class Mapping:
    """A job's columns between its source query and its target table.

    `given` has the shape of each target column's expression, where SQL alone fills it; columns
    filled by Python are not in it. `native` says that text keys have one order on both sides.
    """

    job: Job
    source: SourceQuery
    target: Database
    table: TableShape
    given: dict[str, ColumnShape]
    native: bool

    @classmethod
    def between(
        cls, job: Job, source: Database, reader: Connection, target: Database, writer: Connection
    ) -> Mapping:
        """Describe both sides; a target that the job is to create is described as it will be.

        Raises SourceRefused, MissingColumn or MissingTable.
        """
        table = target.table(writer, job.target.table)
        if table is None and not job.target.create:
            raise MissingTable(
                f"target.table: there is no table {job.target.table!r} "
                f"in connection {job.target.connection!r}"
            )
        query = SourceQuery.describe(job.source, source, reader)
        given = query.shape_of(reader, _sql_expressions(job, query))
        if table is None:
            table = Designer(job, given, source, reader, target, writer).design().table
        native = _one_text_order(job, source, reader, target, writer, given, table)
        return cls(job, query, target, table, given, native)

    # ---- the source's side

    @cached_property
    def expressions(self) -> dict[str, ColumnElement[Any]]:
        """Target column -> expression over the source, for columns that SQL alone fills."""
        return _sql_expressions(self.job, self.source)

    def stored(self, name: str) -> ColumnElement[Any]:
        """The column's expression as the target column's type takes it."""
        return self.source.database.store(
            self.expressions[name], self.given[name], self.table.by_name[name]
        )

    @cached_property
    def keys(self) -> list[ColumnElement[Any]]:
        """The business key of a source row, as slices compare it."""
        return [
            self.source.database.key(
                self.expressions[name],
                self.given[name],
                self.table.by_name[name],
                native=self.native,
            )
            for name in self.job.target.business_key
        ]

    @property
    def key_kinds(self) -> list[Kind]:
        return [shape.kind for shape in self._key_shapes]

    @property
    def deleted(self) -> ColumnElement[Any]:
        condition = self.job.target.delete_when
        return false() if condition is None else self.source.fragment(condition)

    def chosen(self, part: Slice, window: Window) -> ColumnElement[bool] | None:
        """Whether a source row belongs to the slice and the window; None: every row does."""
        limits = [
            limit
            for limit in (
                None
                if part.everything  # also of keys that only Python knows
                else self._in_slice(self.source.database, self.keys, part),
                self.source.in_window(window),
            )
            if limit is not None
        ]
        return and_(*limits) if limits else None

    @property
    def _key_shapes(self) -> list[ColumnShape]:
        return [self.table.by_name[name] for name in self.job.target.business_key]

    def _in_slice(
        self, database: Database, keys: list[ColumnElement[Any]], part: Slice
    ) -> ColumnElement[bool] | None:
        if part.hashed:
            found = database.key_hash(keys, self._key_shapes)
            return database.in_slice([found], [Kind.TEXT], part)
        return database.in_slice(keys, self.key_kinds, part)

    # ---- the target's side

    @cached_property
    def target_table(self) -> TableClause:
        """The target as a table of Core; the database's own row id is one of its columns."""
        own = self.target.row_id
        names = [*self.table.by_name, *([own] if own else [])]
        columns: list[ColumnClause[Any]] = [sql_column(name) for name in names]
        return sql_table(self.table.name, *columns, schema=self.table.schema)

    def target_keys(self, table: FromClause) -> list[ColumnElement[Any]]:
        """The business key of a target row (or an alias's), as slices compare it."""
        return [
            self.target.key(table.c[name], shape, shape, native=self.native)
            for name in self.job.target.business_key
            for shape in (self.table.by_name[name],)
        ]

    def in_target_slice(self, table: FromClause, part: Slice) -> ColumnElement[bool] | None:
        """Whether a target row's key lies in the slice; the target has no NULL keys."""
        bounded = replace(part, with_nulls=False)
        return self._in_slice(self.target, self.target_keys(table), bounded)

    def has(self, version_column: str) -> bool:
        """Whether the target has the version column `skey`, `rwhkey`, ... under its own name."""
        return self.table.has(getattr(self.job.target.version_columns, version_column))


def _sql_expressions(job: Job, query: SourceQuery) -> dict[str, ColumnElement[Any]]:
    found: dict[str, ColumnElement[Any]] = {}
    for name, rule in job.target.columns.items():
        if rule.python is not None:
            continue
        if rule.sql is not None:
            found[name] = query.fragment(rule.sql)
        elif rule.source is not None:
            if job.transform is None or _known(query, rule.source):
                found[name] = query.column(rule.source)
        elif "value" in rule.model_fields_set:
            found[name] = query.database.constant(rule.value)
    return found


def _known(query: SourceQuery, name: str) -> bool:
    """With a `transform`, a column may be one that only the function adds."""
    return name.lower() in {known.lower() for known in query.columns}


def _one_text_order(
    job: Job,
    source: Database,
    reader: Connection,
    target: Database,
    writer: Connection,
    given: dict[str, ColumnShape],
    table: TableShape,
) -> bool:
    texts: Sequence[str] = [
        name
        for name in job.target.business_key
        if name in given and table.has(name) and table.by_name[name].kind is Kind.TEXT
    ]
    return all(
        source.text_order(reader, given[name]) == target.text_order(writer, table.by_name[name])
        for name in texts
    )
