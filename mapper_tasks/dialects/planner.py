"""What a plan asks of a database: costs, orders, counts, and a place for the source's keys."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Executable
from sqlalchemy.sql.expression import ClauseElement

from mapper_tasks.dialects.words import reserve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Engine, FromClause, Select
    from sqlalchemy.sql.compiler import SQLCompiler

    from mapper_tasks.model.shape import Kind


@dataclass(frozen=True, slots=True)
class Explained:
    """How the database would read a query, told without running it.

    `cost` is in the database's own unit, fit only to compare with another cost of it. `sorts`:
    it reads everything before it gives the first row in order. `counted`: `rows` comes from the
    statistics of one whole table, not from a guess about conditions.
    """

    rows: int | None
    cost: float | None
    sorts: bool
    counted: bool


class Explain(Executable, ClauseElement):
    """EXPLAIN in the form that the dialect spells; each dialect compiles it."""

    inherit_cache = False

    def __init__(self, query: Select[Any]) -> None:
        self.query = query

    def spelled(self, word: str, compiler: SQLCompiler, **options: Any) -> str:
        sql = compiler.process(self.query, **options)
        # What comes back are not the columns of the query.
        compiler._result_columns.clear()  # noqa: SLF001 - there is no public way to say so
        return f"{word} {sql}"


class Planner(ABC):
    """The planning side of a Database."""

    sliceable: ClassVar[frozenset[Kind]]
    """Kinds of keys whose values come back from Python with the order they had."""
    engine: Engine

    @contextmanager
    def scratch(self) -> Iterator[Connection]:
        """A transaction that may make temporary tables, and is rolled back."""
        with self.engine.connect() as connection:
            yield connection

    @abstractmethod
    def explain(self, connection: Connection, query: Select[Any]) -> Explained:
        """How the query would be read; it is not run."""

    def literal_sql(self, query: Select[Any]) -> str:
        """The query as a person may paste it, values in their places."""
        # Of this style, a percent sign stands for itself.
        plain: type[Any] = type(self.engine.dialect)
        named = plain(paramstyle="named")
        reserve(named, self.engine.dialect.identifier_preparer.reserved_words)
        return str(query.compile(dialect=named, compile_kwargs={"literal_binds": True}))

    @abstractmethod
    def count_within(
        self, connection: Connection, count: Select[Any], seconds: float
    ) -> int | None:
        """What the counting query gives, or None when it takes longer than this."""

    @abstractmethod
    def row_bytes(self, rows: FromClause) -> ColumnElement[int]:
        """The bytes of one row of the named subquery, as they lie in the database."""

    @abstractmethod
    def fill(
        self,
        connection: Connection,
        name: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
    ) -> None:
        """Put rows of Python values into a temporary table, in memory that stays flat."""
