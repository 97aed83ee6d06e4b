"""The target table that a job's columns ask for, where it is not there yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mapper_tasks.dialects.tables import IndexDesign, TableDesign
from mapper_tasks.model.errors import UnstorableType
from mapper_tasks.model.job import TargetType
from mapper_tasks.model.shape import ColumnShape, Kind, TableShape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from mapper_tasks.dialects import Database
    from mapper_tasks.model.job import ColumnRule, Job, Scalar, Target

_CONSTANTS: dict[type, Kind] = {bool: Kind.BOOLEAN, int: Kind.INTEGER, float: Kind.FLOAT}


@dataclass(frozen=True)
class Designer:
    """What a design is made from: the job, what its columns give, and both databases."""

    job: Job
    given: dict[str, ColumnShape]
    source: Database
    reader: Connection
    target: Database
    writer: Connection

    @property
    def _target(self) -> Target:
        return self.job.target

    def design(self) -> TableDesign:
        schema, _, name = self._target.table.rpartition(".")
        mapped = [self._mapped(name, rule) for name, rule in self._target.columns.items()]
        versions = list(self._versions()) if self._target.type is TargetType.DIM else []
        columns = (*versions[:1], *mapped, *versions[1:])
        indexes = tuple(self._indexes())
        return TableDesign(
            table=TableShape(
                schema or None,
                name,
                columns,
                unique=tuple(
                    frozenset(index.columns)
                    for index in indexes
                    if index.unique and not index.current
                ),
                primary_key=tuple(column.name for column in versions[:1]),
            ),
            indexes=indexes,
            surrogate_key=versions[0].name if versions else None,
            overwritten=not self._target.versioned,
        )

    # ---- mapped columns

    def _mapped(self, name: str, rule: ColumnRule) -> ColumnShape:
        is_key = name in self._target.business_key
        column = self._typed(name, rule)
        if is_key and column.kind is Kind.TEXT:
            column = self._in_one_order(name, column)
        return replace(column, name=name, nullable=not is_key, has_default=False, generated=False)

    def _typed(self, name: str, rule: ColumnRule) -> ColumnShape:
        """Of the type that the source gives; constants of their own; from Python, text."""
        if "value" in rule.model_fields_set:
            return self._of_kind(_kind_of(rule.value))
        given = self.given.get(name)
        if given is None:
            return self._of_kind(Kind.TEXT)
        if not self.source.carries(given):
            raise UnstorableType(f"target.columns.{name}: {given.sql_type} is not carried")
        if self._knows(given):
            return given
        kind = Kind.TEXT if given.kind is Kind.OTHER else given.kind
        # Another database has other collations, whatever their names.
        return replace(given, kind=kind, sql_type=self.target.spell(given), collation=None)

    def _knows(self, given: ColumnShape) -> bool:
        """Whether the source's own spelling of the type means the same in the target."""
        if self.source.kind != self.target.kind:
            return False
        if given.kind is not Kind.OTHER or not self.target.strict_types:
            return True
        return self.source.identity(self.reader) == self.target.identity(self.writer)

    def _in_one_order(self, name: str, column: ColumnShape) -> ColumnShape:
        """A text key in the order its source has; where the target has not that, in binary."""
        plain = replace(column, collation=None)
        given = self.given.get(name)
        here = self.target.text_order(self.writer, plain)
        if given is None or self.source.text_order(self.reader, given) == here:
            return plain
        return self.target.binary_order(plain)

    # ---- version columns

    def _versions(self) -> Iterator[ColumnShape]:
        """The surrogate key first, then what type 1 or type 2 needs."""
        named = self._target.version_columns
        yield ColumnShape(
            named.skey,
            Kind.INTEGER,
            self.target.surrogate_key_type,
            nullable=False,
            has_default=True,
        )
        yield self._version(named.rwhkey, Kind.TEXT, length=32)
        if self._target.versioned:
            flag = self._version(named.curflg, Kind.TEXT, length=1, fixed=True)
            yield replace(flag, nullable=False)
        if self._target.versioned or self._target.effective_from:
            start = self._version(named.fromdt, Kind.TIMESTAMPTZ)
            yield replace(start, nullable=not self._target.versioned)
        if self._target.versioned:
            end = self._version(named.todt, Kind.TIMESTAMPTZ)
            yield replace(end, nullable=self._target.open_end is None)
        yield self._version(named.reccrdt, Kind.TIMESTAMPTZ)
        yield self._version(named.recupdt, Kind.TIMESTAMPTZ)

    def _version(
        self, name: str, kind: Kind, *, length: int | None = None, fixed: bool = False
    ) -> ColumnShape:
        return replace(self._of_kind(kind, length=length, fixed=fixed), name=name)

    def _of_kind(
        self, kind: Kind, *, length: int | None = None, fixed: bool = False
    ) -> ColumnShape:
        shape = ColumnShape("", kind, "", length=length, fixed=fixed)
        return replace(shape, sql_type=self.target.spell(shape))

    # ---- indexes

    def _indexes(self) -> Iterator[IndexDesign]:
        """The database itself keeps one current version a key; lookups find a key's history."""
        key, named = self._target.business_key, self._target.version_columns
        if not self._target.versioned:
            yield IndexDesign("key", key, unique=True)
            return
        yield IndexDesign("current", key, unique=True, current=named.curflg)
        yield IndexDesign("history", (*key, named.fromdt))


def _kind_of(value: Scalar) -> Kind:
    return _CONSTANTS.get(type(value), Kind.TEXT)
