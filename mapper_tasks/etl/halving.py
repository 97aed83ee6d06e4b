"""Keys of a slice that the source cannot compute, found by halving: such faults name no row.

Bounds are the keys themselves, so that the source reads a probe by its index where it has one. A
probe computes every value and brings back none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.exc import DBAPIError

from mapper_tasks.etl.staging import Filled, Landing, Rejected, Staging, Without, key_text
from mapper_tasks.model.errors import NullKey, StatementFailed, TooManyRowErrors, ValueRefused
from mapper_tasks.model.run import RowError

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, NestedTransaction, Select

    from mapper_tasks.etl.roads.road import Road


@dataclass(frozen=True, slots=True)
class Group:
    """A key of the slice and how many source rows have it."""

    key: tuple[Any, ...]
    rows: int

    @property
    def has_null(self) -> bool:
        return None in self.key


def attempt(staging: Staging, road: Road, landing: Landing) -> Filled:
    """One reading of the slice that leaves no trace in either database when it fails."""
    with staging.reader.begin_nested(), staging.writer.begin_nested():
        return road.fill(landing)


def is_row_fault(staging: Staging, fault: DBAPIError) -> bool:
    return staging.source.is_row_fault(fault) or staging.target.is_row_fault(fault)


def fill_without_bad_keys(staging: Staging, road: Road, landing: Landing) -> Filled:
    """Fill the landing with all of the slice but the keys that the source cannot compute.

    Rows of one key are not told apart: when one of them fails, all are row errors.
    """
    try:
        return attempt(staging, road, landing)
    except DBAPIError as fault:
        if not staging.source.is_row_fault(fault):
            raise
        search = _Search(staging, road, landing, fault)
    without, refused = search.run()
    rest = type(road)(replace(staging, without=without))
    return attempt(staging, rest, landing) + refused


class _Search:
    """Finds the bad keys; `refused` collects their row errors."""

    def __init__(self, staging: Staging, road: Road, landing: Landing, fault: DBAPIError) -> None:
        self.staging = staging
        self.road = road
        self.landing = landing
        self.refused = Filled()
        self.bad: list[tuple[Any, ...]] = []
        self.savepoint: NestedTransaction | None = None
        groups = self._groups(fault)
        self.known = [group for group in groups if not group.has_null]
        self.unknown = [group for group in groups if group.has_null]

    def run(self) -> tuple[Without, Filled]:
        if self.known:
            self._halve(0, len(self.known) - 1)
        nulls = bool(self.unknown) and self._nulls_fail()
        if nulls:
            for group in self.unknown:
                said = f"the business key has a NULL: {', '.join(self.staging.keys)}"
                self._refuse(group, NullKey.code, said, None)
        if self.savepoint is not None:
            self.savepoint.commit()
        return Without(tuple(self.bad), nulls), self.refused

    def _groups(self, fault: DBAPIError) -> list[Group]:
        """The keys of the slice in the source's order. Keys that fail leave nothing to halve."""
        staging = self.staging
        keys, chosen = staging.rows.keys, staging.rows.chosen(staging.part, staging.window)
        query = staging.rows.source.select(*keys, func.count()).group_by(*keys).order_by(*keys)
        try:
            with staging.reader.begin_nested():
                rows = staging.reader.execute(query if chosen is None else query.where(chosen))
                return [Group(tuple(row[:-1]), row[-1]) for row in rows]
        except DBAPIError as second:
            if not staging.source.is_row_fault(second):
                raise
            raise StatementFailed(
                "the source cannot compute the business key of every row, so that the bad ones "
                f"cannot be named: {staging.source.message(fault)}",
                mend="give the key an expression that never fails, e.g. by CASE, or mend the rows",
            ) from fault

    def _halve(self, first: int, last: int) -> None:
        """Find the bad ones among the known keys from `first` to `last`, both included."""
        self.staging.check()
        fault = self._probe(self._between, self._bounds(first, last))
        if fault is None:
            return
        if first == last:
            self._refuse_value(self.known[first], fault)
            return
        middle = (first + last) // 2
        self._halve(first, middle)
        self._halve(middle + 1, last)

    def _computed(self, which: ColumnElement[bool]) -> Select[Any]:
        """Compute every value of some of the slice's rows, and bring back none."""
        rows = self.road.rows(self.landing).where(which).subquery("computed")
        counts: list[ColumnElement[Any]] = [func.count(one) for one in rows.c]
        return select(*counts)

    @cached_property
    def _between(self) -> Select[Any]:
        """A probe of the keys from one to another: one statement for all of them."""
        return self._computed(self._in_bounds)

    @cached_property
    def _in_bounds(self) -> ColumnElement[bool]:
        source, keys = self.staging.source, self.staging.rows.keys
        kinds, key = self.staging.mapping.key_kinds, self.known[0].key
        low, high = (
            source.key_tuple(
                [
                    source.bound(value, kind, f"mp_{end}{place}")
                    for place, (value, kind) in enumerate(zip(key, kinds, strict=True))
                ]
            )
            for end in ("low", "high")
        )
        whole = source.key_tuple(keys)
        return and_(whole >= low, whole <= high)

    def _bounds(self, first: int, last: int) -> dict[str, Any]:
        return {
            f"mp_{end}{place}": self.staging.source.bound_value(value)
            for end, group in (("low", self.known[first]), ("high", self.known[last]))
            for place, value in enumerate(group.key)
        }

    def _probe(self, probe: Select[Any], values: dict[str, Any]) -> DBAPIError | None:
        """What goes wrong when the rows of the probe are computed."""
        # A probe that goes well leaves nothing behind: its savepoint serves the next one.
        self.savepoint = self.savepoint or self.staging.reader.begin_nested()
        try:
            self.staging.reader.execute(probe, values).all()
        except DBAPIError as fault:
            self.savepoint.rollback()
            self.savepoint = None
            if not self.staging.source.is_row_fault(fault):
                raise
            return fault
        return None

    def _nulls_fail(self) -> bool:
        unknown = or_(*[key.is_(None) for key in self.staging.rows.keys])
        return self._probe(self._computed(unknown), {}) is not None

    def _refuse_value(self, group: Group, fault: DBAPIError) -> None:
        several = "" if group.rows == 1 else f" of the {group.rows} rows of this key"
        said = f"{self._column(group)}a value{several} cannot be computed by the source"
        self._refuse(group, ValueRefused.code, said, self.staging.source.message(fault))
        self.bad.append(group.key)

    def _column(self, group: Group) -> str:
        """The first column that fails for this key, as a message begins; nothing if none does."""
        place = self.known.index(group)
        rows = self.road.rows(self.landing).where(self._in_bounds)
        for one in rows.selected_columns:
            alone = rows.with_only_columns(func.count(one))
            is_ours = one.key in self.staging.names
            if is_ours and self._probe(alone, self._bounds(place, place)) is not None:
                return f"{one.key}: "
        return ""

    def _refuse(self, group: Group, code: str, said: str, words: str | None) -> None:
        key = key_text(dict(zip(self.staging.keys, group.key, strict=True)))
        one = Rejected(RowError(code, said, key, words), self.staging.storable_key(group.key))
        self.refused += Filled(rows=group.rows, rejected=(one,) * group.rows)
        self._stop_at_limit()

    def _stop_at_limit(self) -> None:
        """Stop before a source that is all bad has been halved down to its last row."""
        limit = self.staging.job.max_error_rows
        if limit is not None and self.refused.rows > limit:
            raise TooManyRowErrors(f"more than {limit} rows of one chunk cannot be loaded")
