"""Whether the target can hold what the job gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper_tasks.mapping.fitting import same_key, storable
from mapper_tasks.model.errors import (
    KeyTypesDiffer,
    MissingColumn,
    UnfilledColumn,
    UnstorableType,
    UnsuitableTarget,
)
from mapper_tasks.model.job import Target
from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper_tasks.mapping.mapping import Mapping
    from mapper_tasks.model.errors import JobError

_TIMES = frozenset({Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ})
_FILLED = ("rwhkey", "fromdt", "reccrdt", "recupdt")
_FILLED_BY_TYPE_2 = ("curflg", "todt")


def target_faults(mapping: Mapping) -> Iterator[JobError]:
    """Everything about the target table that would fail, or spoil, the load."""
    yield from _unknown_columns(mapping)
    yield from _generated_columns(mapping)
    yield from _key_faults(mapping)
    yield from _faults_of_strange_types(mapping)
    yield from _type_faults(mapping)
    yield from _unfilled_columns(mapping)
    yield from _version_faults(mapping)


def _unknown_columns(mapping: Mapping) -> Iterator[JobError]:
    table, job = mapping.table, mapping.job.target
    for name in job.columns:
        if not table.has(name):
            yield MissingColumn(
                f"target.columns.{name}: {table.full_name} has no such column; "
                f"it has {', '.join(table.by_name)}"
            )
    for name in job.hash_exclude_columns:
        if name not in job.columns:
            yield MissingColumn(f"hash_exclude_columns: {name!r} is not in target.columns")


def _generated_columns(mapping: Mapping) -> Iterator[JobError]:
    for name in mapping.job.target.columns:
        column = mapping.table.by_name.get(name)
        if column is not None and column.generated:
            yield UnsuitableTarget(
                f"target.columns.{name}: the database always fills this column itself",
                mend="take the column out of target.columns",
            )


# ---- types


def _strict(mapping: Mapping) -> bool:
    return mapping.source.database.strict_types and mapping.target.strict_types


def _key_faults(mapping: Mapping) -> Iterator[JobError]:
    for name in mapping.job.target.business_key:
        given, stored = mapping.given.get(name), mapping.table.by_name.get(name)
        if given is None or stored is None:
            continue
        if not same_key(given.kind, stored.kind, strict=_strict(mapping)):
            yield KeyTypesDiffer(
                f"business_key {name!r}: {given.sql_type or given.kind} in the source, "
                f"{stored.sql_type or stored.kind} in the target"
            )


def _faults_of_strange_types(mapping: Mapping) -> Iterator[JobError]:
    for name, given in mapping.given.items():
        stored = mapping.table.by_name.get(name)
        sides = [(mapping.source.database, given), (mapping.target, stored)]
        for database, shape in sides:
            if shape is not None and not database.carries(shape):
                yield UnstorableType(
                    f"target.columns.{name}: {shape.sql_type} of {database.name!r} is not carried"
                )


def _type_faults(mapping: Mapping) -> Iterator[JobError]:
    """Only between types that are more than wishes."""
    if not _strict(mapping):
        return
    for name, given in mapping.given.items():
        stored = mapping.table.by_name.get(name)
        if stored is None or name in mapping.job.target.business_key:
            continue
        if given.kind is Kind.BOOLEAN and stored.kind is mapping.target.boolean_kind:
            continue
        if not storable(given.kind, stored.kind):
            yield UnstorableType(
                f"target.columns.{name}: {given.sql_type} cannot be stored as {stored.sql_type}"
            )
    yield from _effective_from_faults(mapping)


def _effective_from_faults(mapping: Mapping) -> Iterator[JobError]:
    name = mapping.job.target.effective_from
    if name is None or mapping.job.transform is not None:
        return
    kind = mapping.source.shape(name).kind
    if kind not in _TIMES and kind not in {Kind.TEXT, Kind.OTHER}:
        yield UnstorableType(
            f"target.effective_from: {name!r} is {mapping.source.shape(name).sql_type}, not a time",
            mend="name a column with dates or timestamps, converted in the source query",
        )


# ---- columns that the job leaves to others


def _unfilled_columns(mapping: Mapping) -> Iterator[JobError]:
    named = mapping.job.target.version_columns
    filled = {getattr(named, word) for word in _filled_words(mapping.job.target)}
    for column in mapping.table.columns:
        given = column.name in mapping.job.target.columns or column.name in filled
        if column.nullable or column.has_default or given or column.name == named.skey:
            continue
        yield UnfilledColumn(
            f"target column {column.name!r} of {mapping.table.full_name} is NOT NULL, "
            "has no default, and is not in target.columns"
        )


def _filled_words(target: Target) -> tuple[str, ...]:
    return (*_FILLED, *_FILLED_BY_TYPE_2) if target.versioned else _FILLED


def _version_faults(mapping: Mapping) -> Iterator[JobError]:
    table, named = mapping.table, mapping.job.target.version_columns
    skey = table.by_name.get(named.skey)
    if skey is not None and not skey.nullable and not skey.has_default:
        yield UnsuitableTarget(
            f"{table.full_name}.{skey.name}: the surrogate key does not fill itself",
            mend="give it an identity, a sequence, or another default",
        )
    if not mapping.job.target.versioned:
        return
    for word in ("curflg", "fromdt", "todt"):
        name = getattr(named, word)
        if not table.has(name):
            yield UnsuitableTarget(
                f"scd_type 2 needs the column {name!r} ({word}), and {table.full_name} has none"
            )
    yield from _todt_faults(mapping)


def _todt_faults(mapping: Mapping) -> Iterator[JobError]:
    table, named = mapping.table, mapping.job.target.version_columns
    todt = table.by_name.get(named.todt)
    end = mapping.job.target.open_end
    if todt is not None and not todt.nullable and end is None:
        yield UnsuitableTarget(
            f"{table.full_name}.{todt.name} is NOT NULL, and open_end null asks for NULL in it",
            mend="allow NULL in the column, or give open_end a date",
        )
    if todt is not None and end is not None and not mapping.target.can_hold_end(end, todt.sql_type):
        yield UnsuitableTarget(
            f"{table.full_name}.{todt.name} is {todt.sql_type}, which cannot hold open_end {end}",
            mend=f"make the column {mapping.target.time_type}, or set open_end to null",
        )
    if not mapping.target.strict_types:
        return
    for word in ("fromdt", "todt"):
        column = table.by_name.get(getattr(named, word))
        if column is not None and column.kind not in _TIMES:
            yield UnsuitableTarget(
                f"{table.full_name}.{column.name} is {column.sql_type}, not a time"
            )
