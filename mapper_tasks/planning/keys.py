"""The source's business keys as a sorted list that is read in places, not as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select, tuple_

from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select

    from mapper_tasks.mapping import Mapping
    from mapper_tasks.model.run import Window
    from mapper_tasks.model.slices import Key

NUMBERS = frozenset({Kind.INTEGER, Kind.NUMERIC, Kind.FLOAT})


@dataclass(frozen=True)
class SortedKeys:
    """Keys without NULLs of the rows in a window, duplicates included, in the order of slices."""

    mapping: Mapping
    reader: Connection
    window: Window

    @cached_property
    def columns(self) -> list[ColumnElement[Any]]:
        return [key.label(f"k{place}") for place, key in enumerate(self.mapping.keys, start=1)]

    @cached_property
    def kinds(self) -> list[Kind]:
        """The kinds in which keys come from the source: a number may be finer than its target."""
        given = [self.mapping.given[name].kind for name in self.mapping.job.target.business_key]
        return [
            own if own in NUMBERS and stored in NUMBERS else stored
            for own, stored in zip(given, self.mapping.key_kinds, strict=True)
        ]

    def select(self, *values: ColumnElement[Any]) -> Select[Any]:
        limits: list[ColumnElement[bool]] = [key.is_not(None) for key in self.mapping.keys]
        inside = self.mapping.source.in_window(self.window)
        if inside is not None:
            limits.append(inside)
        return self.mapping.source.select(*values).where(and_(*limits))

    def bound(self, key: Key) -> ColumnElement[Any]:
        return self.mapping.source.database.bounds(key, self.kinds)

    @property
    def whole(self) -> ColumnElement[Any]:
        keys = self.mapping.keys
        return keys[0] if len(keys) == 1 else tuple_(*keys)

    def first(self) -> Key | None:
        found = self.select(*self.columns).order_by(*self.mapping.keys).limit(1)
        return self._one(found)

    def step(self, low: Key, rows: int) -> Select[Any]:
        """The key `rows` places after the first of `low`, and whether it is another key."""
        beyond = (self.whole > self.bound(low)).label("beyond")
        found = self.select(*self.columns, beyond).where(self.whole >= self.bound(low))
        return found.order_by(*self.mapping.keys).offset(rows).limit(1)

    def after(self, low: Key) -> Key | None:
        """The next other key."""
        found = self.select(*self.columns).where(self.whole > self.bound(low))
        return self._one(found.order_by(*self.mapping.keys).limit(1))

    def rows_between(self, low: Key | None, high: Key | None) -> int:
        counted = self.select(func.count())
        if low is not None:
            counted = counted.where(self.whole >= self.bound(low))
        if high is not None:
            counted = counted.where(self.whole < self.bound(high))
        return int(self.reader.execute(counted).scalar_one())

    def every(self, rows: int) -> Select[Any]:
        """Every `rows`th key from the first, its place, and a rank that equal keys share.

        One pass that sorts all keys; only those that are given are ranked.
        """
        place = (func.row_number().over(order_by=list(self.mapping.keys)) - 1).label("place")
        placed = self.select(*self.columns, place).subquery("mp_keys")
        named = [placed.c[column.name] for column in self.columns]
        return (
            select(*named, placed.c.place, func.rank().over(order_by=named).label("rank"))
            .where(placed.c.place % rows == 0)
            .order_by(placed.c.place)
        )

    def _one(self, found: Select[Any]) -> Key | None:
        row = self.reader.execute(found).one_or_none()
        return None if row is None else tuple(row)
