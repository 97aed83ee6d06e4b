"""Keys of a slice that the source cannot compute, found by halving: such faults name no row.

Bounds are the keys themselves, so that each probe is a slice like any other, which the source
reads by its index where it has one. A probe computes every value and brings back none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from mapper_tasks.etl.staging import Filled, Landing, Rejected, Staging, Without, key_text
from mapper_tasks.model.errors import NullKey, StatementFailed, TooManyRowErrors, ValueRefused
from mapper_tasks.model.run import RowError
from mapper_tasks.model.slices import Slice

if TYPE_CHECKING:

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
        groups = self._groups(fault)
        self.known = [group for group in groups if not group.has_null]
        self.unknown = [group for group in groups if group.has_null]

    def run(self) -> tuple[Without, Filled]:
        self._halve(0, len(self.known))
        nulls = bool(self.unknown) and self._nulls_fail()
        if nulls:
            for group in self.unknown:
                said = f"the business key has a NULL: {', '.join(self.staging.keys)}"
                self._refuse(group, NullKey.code, said, None)
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

    def _halve(self, low: int, high: int) -> None:
        """Find the bad ones from the key `low` up to the key `high`, which is not one of them."""
        if low == high:
            return
        self.staging.check()
        fault = self._probe(self._slice(low, high))
        if fault is None:
            return
        if high - low == 1:
            self._refuse_value(self.known[low], fault)
            return
        middle = (low + high) // 2
        self._halve(low, middle)
        self._halve(middle, high)

    def _probe(self, part: Slice) -> DBAPIError | None:
        """What goes wrong when every value of the slice is computed."""
        rows = self.road.rows(part, self.landing).subquery("computed")
        try:
            with self.staging.reader.begin_nested():
                self.staging.reader.execute(select(*[func.count(one) for one in rows.c])).all()
        except DBAPIError as fault:
            if not self.staging.source.is_row_fault(fault):
                raise
            return fault
        return None

    def _slice(self, low: int, high: int) -> Slice:
        """The slice's own bounds at its ends, keys between."""
        whole, keys = self.staging.part, self.known
        return Slice(
            low=keys[low].key if low else whole.low or keys[low].key,
            high=keys[high].key if high < len(keys) else whole.high,
        )

    def _nulls_fail(self) -> bool:
        """Rows with a NULL in their key belong to no range: an empty one, and they."""
        if not self.known:
            return True
        anything = self.known[0].key
        return self._probe(Slice(anything, anything, with_nulls=True)) is not None

    def _refuse_value(self, group: Group, fault: DBAPIError) -> None:
        several = "" if group.rows == 1 else f" of the {group.rows} rows of this key"
        said = f"a value{several} cannot be computed by the source"
        self._refuse(group, ValueRefused.code, said, self.staging.source.message(fault))
        self.bad.append(group.key)

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
