"""A slice that fails is halved until what fails is one key: for faults that name no row.

Bounds are the keys themselves, so that each probe is a slice like any other, which the source
reads by its index where it has one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func
from sqlalchemy.exc import DBAPIError

from mapper_tasks.etl.staging import Filled, Landing, Rejected, key_text
from mapper_tasks.model.errors import NullKey, StatementFailed, TooManyRowErrors, ValueRefused
from mapper_tasks.model.run import RowError
from mapper_tasks.model.slices import Slice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper_tasks.etl.roads.road import Road
    from mapper_tasks.etl.staging import Staging


@dataclass(frozen=True, slots=True)
class Group:
    """A key of the slice and how many source rows have it."""

    key: tuple[Any, ...]
    rows: int

    @property
    def has_null(self) -> bool:
        return None in self.key


def attempt(staging: Staging, road: Road, part: Slice, landing: Landing) -> Filled:
    """One reading of a slice that leaves no trace in either database when it fails."""
    with staging.reader.begin_nested(), staging.writer.begin_nested():
        return road.fill(part, landing)


def is_row_fault(staging: Staging, fault: DBAPIError) -> bool:
    return staging.source.is_row_fault(fault) or staging.target.is_row_fault(fault)


def fill_halving(staging: Staging, road: Road, landing: Landing) -> Filled:
    """Fill the landing with all of the slice but the keys that the source cannot compute."""
    try:
        return attempt(staging, road, staging.part, landing)
    except DBAPIError as fault:
        if not is_row_fault(staging, fault):
            raise
        return _Halving(staging, road).fill(landing, fault)


class _Halving:
    def __init__(self, staging: Staging, road: Road) -> None:
        self.staging = staging
        self.road = road
        self.refused = 0

    def fill(self, landing: Landing, fault: DBAPIError) -> Filled:
        groups = self._groups(fault)
        known = [group for group in groups if not group.has_null]
        unknown = [group for group in groups if group.has_null]
        filled = self._fill(known, 0, len(known), landing)
        if unknown:
            filled += self._fill_nulls(known, unknown, replace(landing, first=filled.rows + 1))
        return filled

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

    def _fill(self, groups: Sequence[Group], low: int, high: int, landing: Landing) -> Filled:
        """Fill from the groups `low` up to `high`, which is not one of them."""
        if low == high:
            return Filled()
        self.staging.check()
        try:
            return attempt(self.staging, self.road, self._slice(groups, low, high), landing)
        except DBAPIError as fault:
            if not is_row_fault(self.staging, fault):
                raise
            if high - low == 1:
                return self._refuse(groups[low], fault)
        middle = (low + high) // 2
        left = self._fill(groups, low, middle, landing)
        right = self._fill(groups, middle, high, replace(landing, first=landing.first + left.rows))
        return left + right

    def _slice(self, groups: Sequence[Group], low: int, high: int) -> Slice:
        """The slice's own bounds at its ends, keys between."""
        whole = self.staging.part
        return Slice(
            low=groups[low].key if low else whole.low,
            high=groups[high].key if high < len(groups) else whole.high,
            with_nulls=False,
        )

    def _fill_nulls(
        self, known: Sequence[Group], unknown: Sequence[Group], landing: Landing
    ) -> Filled:
        """The rows with a NULL in their key belong to no range: an empty one, and they."""
        anything = known[0].key if known else None
        if anything is None:
            return sum((self._refuse_null(group) for group in unknown), Filled())
        try:
            nulls = Slice(anything, anything, with_nulls=True)
            return attempt(self.staging, self.road, nulls, landing)
        except DBAPIError as fault:
            if not is_row_fault(self.staging, fault):
                raise
            return sum((self._refuse_null(group) for group in unknown), Filled())

    def _refuse(self, group: Group, fault: DBAPIError) -> Filled:
        several = "" if group.rows == 1 else f" of the {group.rows} rows of this key"
        said = f"a value{several} cannot be computed or stored"
        return self._rejected(group, ValueRefused.code, said, self.staging.target.message(fault))

    def _refuse_null(self, group: Group) -> Filled:
        said = f"the business key has a NULL: {', '.join(self.staging.keys)}"
        return self._rejected(group, NullKey.code, said, None)

    def _rejected(self, group: Group, code: str, said: str, words: str | None) -> Filled:
        self._count(group.rows)
        key = key_text(dict(zip(self.staging.keys, group.key, strict=True)))
        one = Rejected(RowError(code, said, key, words), self.staging.storable_key(group.key))
        return Filled(rows=group.rows, rejected=(one,) * group.rows)

    def _count(self, rows: int) -> None:
        """Stop before a source that is all bad has been halved down to its last row."""
        self.refused += rows
        limit = self.staging.job.max_error_rows
        if limit is not None and self.refused > limit:
            raise TooManyRowErrors(f"more than {limit} rows of one chunk cannot be loaded")
