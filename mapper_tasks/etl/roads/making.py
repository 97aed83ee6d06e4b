"""A source row made into a row of the stage by Python: `transform`, columns, stored values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING, Any

from mapper_tasks.model.errors import FunctionRaised, RowFault, ValueRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import ColumnElement, Row

    from mapper_tasks.etl.staging import Staging
    from mapper_tasks.model.job import ColumnRule


class Refused(Exception):
    """This row is not staged; `words` are the database's, `key` as far as it is known."""

    def __init__(
        self, fault: type[RowFault], said: str, key: tuple[Any, ...], words: str | None = None
    ) -> None:
        super().__init__(said)
        self.fault, self.said, self.key, self.words = fault, said, key, words


class Maker(ABC):
    """Makes (mp_rid, mapped columns, mp_eff, mp_del) of (mp_rid, `payload`, mp_del)."""

    payload: Sequence[ColumnElement[Any]]

    def __init__(self, staging: Staging) -> None:
        self.staging = staging
        self.taken = staging.target.taken
        self.shapes = staging.columns[1:-1]
        self.key_places = [staging.names.index(name) for name in staging.keys]
        self.harmless = [staging.target.harmless(shape) for shape in self.shapes[:-1]]
        self.time = staging.target.taken_time(staging.effective_at, self.shapes[-1])

    @cached_property
    def effective_from(self) -> str | None:
        return self.staging.job.target.effective_from

    @abstractmethod
    def make(self, row: Row[Any]) -> tuple[Any, ...] | None:
        """The stage's row; None: `transform` skips it. Raises Refused."""

    def make_all(self, rows: Sequence[Row[Any]]) -> Iterable[tuple[Any, ...]] | None:
        """The stage's rows of a batch, column by column; None: make each by itself."""
        del rows
        return None

    def store(self, rid: int, values: Sequence[Any], deleted: Any) -> tuple[Any, ...]:
        """The mapped values, and mp_eff where the row has it, as the target takes them.

        Raises Refused.
        """
        try:
            time = self.time
            if self.effective_from is not None:
                time = self.staging.target.taken_time(values[-1], self.shapes[-1])
            kept = [
                value if type(value) in harmless else self.taken(value, shape)
                for value, harmless, shape in zip(values, self.harmless, self.shapes, strict=False)
            ]
            return (rid, *kept, time, bool(deleted))
        except ValueError as fault:
            key = tuple(values[place] for place in self.key_places)
            place = self._first_bad(values)
            said = f"{self.shapes[place].name}: the value cannot be stored"
            raise Refused(ValueRefused, said, key, str(fault)) from None

    def _first_bad(self, values: Sequence[Any]) -> int:
        for place, (value, shape) in enumerate(zip(values, self.shapes, strict=False)):
            try:
                self.taken(value, shape)
            except ValueError:
                return place
        return 0


class PlainMaker(Maker):
    """Without Python functions: the source's expressions, from one database to another."""

    def __init__(self, staging: Staging) -> None:
        super().__init__(staging)
        mapping = staging.rows
        self.payload = [
            staging.source.plain(mapping.expressions[name], mapping.given[name]).label(name)
            for name in staging.names
        ]
        if self.effective_from is not None:
            shape = mapping.source.shape(self.effective_from)
            value = mapping.source.column(self.effective_from)
            self.payload.append(staging.source.plain(value, shape).label("mp_eff"))

    def make(self, row: Row[Any]) -> tuple[Any, ...] | None:
        return self.store(row[0], row[1:-1], row[-1])

    def make_all(self, rows: Sequence[Row[Any]]) -> Iterable[tuple[Any, ...]] | None:
        numbers, *columns, deleted = zip(*rows, strict=True)
        try:
            times = self._times(columns, len(rows))
            kept = [*map(self.staging.target.taken_all, columns, self.shapes)]
        except ValueError:  # of some row
            return None
        return zip(numbers, *kept, times, map(bool, deleted), strict=True)

    def _times(self, columns: list[tuple[Any, ...]], count: int) -> Iterable[Any]:
        """The rows' mp_eff; the column that it comes from is taken off."""
        if self.effective_from is None:
            return repeat(self.time, count)
        taken, shape = self.staging.target.taken_time, self.shapes[-1]
        return [taken(value, shape) for value in columns.pop()]


class FunctionMaker(Maker):
    """With Python functions: they see the source row as a dict of its columns."""

    def __init__(self, staging: Staging) -> None:
        super().__init__(staging)
        mapping, rules = staging.rows, staging.job.target.columns
        self.raw_names = list(mapping.source.columns)
        self.sql_names = [name for name in staging.names if rules[name].sql is not None]
        source, seen = mapping.source, staging.source.seen
        given = [seen(source.column(name), source.shape(name)) for name in self.raw_names]
        computed = [seen(mapping.expressions[name], mapping.given[name]) for name in self.sql_names]
        self.payload = [one.label(f"mp_c{i}") for i, one in enumerate([*given, *computed])]
        path = staging.job.transform
        self.transform = None if path is None else staging.functions[path]
        self.getters = [self._getter(name, rules[name]) for name in staging.names]

    def _getter(
        self, name: str, rule: ColumnRule
    ) -> Callable[[dict[str, Any], dict[str, Any]], Any]:
        """How a column comes from the row and from what SQL computed of the raw row."""
        if rule.python is not None:
            function = self.staging.functions[rule.python]
            return lambda row, _sql: function(row)
        if rule.sql is not None:
            return lambda _row, sql: sql[name]
        if rule.source is not None:
            source = self._spelled(rule.source)
            return lambda row, _sql: row[source]
        return lambda _row, _sql: rule.value

    def _spelled(self, name: str) -> str:
        """The column as the source spells it; a name that only `transform` knows stays."""
        alike = [known for known in self.raw_names if known.lower() == name.lower()]
        return name if name in self.raw_names or len(alike) != 1 else alike[0]

    def make(self, row: Row[Any]) -> tuple[Any, ...] | None:
        width = len(self.raw_names) + 1
        raw = dict(zip(self.raw_names, row[1:width], strict=True))
        sql = dict(zip(self.sql_names, row[width:-1], strict=True))
        place = "transform"
        try:
            changed = raw if self.transform is None else self._transformed(dict(raw))
            if changed is None:
                return None
            values = []
            for place, get in zip(self.staging.names, self.getters, strict=True):  # noqa: B007
                values.append(get(changed, sql))
            if self.effective_from is not None:
                place = "effective_from"
                values.append(changed[self._spelled(self.effective_from)])
        except Exception as fault:  # noqa: BLE001 - whatever a job's function raises costs its row
            said = f"{place}: {type(fault).__name__}: {fault}"
            raise Refused(FunctionRaised, said, self._key(raw, sql)) from None
        return self.store(row[0], values, row[-1])

    def _transformed(self, row: dict[str, Any]) -> dict[str, Any] | None:
        assert self.transform is not None  # noqa: S101 - for the types
        changed = self.transform(row)
        if changed is not None and not isinstance(changed, dict):
            raise TypeError(f"gave {type(changed).__name__}; expected a dict or None")
        return changed

    def _key(self, raw: dict[str, Any], sql: dict[str, Any]) -> tuple[Any, ...]:
        """The key as far as the untouched row has it."""
        rules = self.staging.job.target.columns
        return tuple(
            None if rules[name].python else self._untouched(self.getters[place], raw, sql)
            for name, place in zip(self.staging.keys, self.key_places, strict=True)
        )

    @staticmethod
    def _untouched(
        get: Callable[[dict[str, Any], dict[str, Any]], Any],
        raw: dict[str, Any],
        sql: dict[str, Any],
    ) -> Any:
        try:
            return get(raw, sql)
        except KeyError:
            return None


def maker(staging: Staging) -> Maker:
    return FunctionMaker(staging) if staging.job.uses_python else PlainMaker(staging)
