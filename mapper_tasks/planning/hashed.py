"""Cutting by a hash of the business key: even slices of any key, each read by a full scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper_tasks.model.errors import UncuttableKey
from mapper_tasks.model.run import PlannedChunk
from mapper_tasks.model.shape import Kind
from mapper_tasks.model.slices import HASHES, slices_of_hash
from mapper_tasks.planning.cut import Cut, whole

if TYPE_CHECKING:
    from mapper_tasks.mapping import Mapping
    from mapper_tasks.model.shape import ColumnShape

_MOMENTS = frozenset({Kind.TIMESTAMP, Kind.TIMESTAMPTZ})
_FAMILIES = (
    frozenset({Kind.INTEGER, Kind.NUMERIC}),
    frozenset({Kind.DATE, *_MOMENTS}),
)


def cut_by_hash(size: int, rows: int) -> Cut:
    """So many slices that each has about `size` of the `rows` source rows."""
    count = min(-(-rows // size), HASHES)
    if count < 2:
        return Cut(whole(rows), "cut by a hash of the key")
    each = -(-rows // count)
    chunks = [
        PlannedChunk(number, part, each) for number, part in enumerate(slices_of_hash(count), 1)
    ]
    return Cut(tuple(chunks), "cut by a hash of the key: each chunk reads all of the source")


def refuse_unhashable(mapping: Mapping) -> None:
    """Raises UncuttableKey when source and target would not give each key the same hash."""
    reason = _reason_unhashable(mapping)
    if reason is not None:
        raise UncuttableKey(f"parallel_config.partition: hash: {reason}")


def _reason_unhashable(mapping: Mapping) -> str | None:
    for name in mapping.job.target.business_key:
        if name not in mapping.given:
            return f"business key {name!r} is filled by Python"
        fault = _fault(mapping, mapping.given[name], mapping.table.by_name[name])
        if fault is not None:
            return f"business key {name!r} {fault}"
    return None


def _fault(mapping: Mapping, given: ColumnShape, stored: ColumnShape) -> str | None:
    source, target = mapping.source.database, mapping.target
    for database in (source, target):
        if stored.kind not in database.hashable:
            return f"has a type whose hash {database.kind} does not share ({stored.kind})"
    # Without types of its own, a source looks at each value.
    if source.strict_types and not _alike(given.kind, stored.kind):
        return f"is {given.kind} in the source and {stored.kind} in the target"
    whole = "(" not in stored.sql_type or "(6)" in stored.sql_type
    if stored.kind in _MOMENTS and not whole and given.sql_type != stored.sql_type:
        return f"is rounded on its way into the target ({stored.sql_type})"
    return None


def _alike(given: Kind, stored: Kind) -> bool:
    if given is stored or (given, stored) == (Kind.UUID, Kind.TEXT):
        return True
    return any({given, stored} <= family for family in _FAMILIES)
