"""The guard before `on_missing: expire`: how many open keys the source no longer has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, column, func, literal, select, table

from mapper_tasks.model.errors import TooManyWouldExpire
from mapper_tasks.model.shape import ColumnShape
from mapper_tasks.planning.fit import fit_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection, FromClause, Select

    from mapper_tasks.mapping import Mapping
    from mapper_tasks.model.run import Estimate

KEYS = "mp_source_keys"
BATCH = 10_000


def refuse_many_missing(
    mapping: Mapping, reader: Connection, there: Connection, estimate: Estimate
) -> None:
    """Raises TooManyWouldExpire when more than `max_expire_share` of the open keys would close.

    `there` reads the target. A row whose `delete_when` is true counts as present: it ends its
    key by itself.
    """
    share = mapping.job.target.max_expire_share
    if mapping.job.target.on_missing != "expire" or share >= 1:
        return
    if mapping.target.table(there, mapping.job.target.table) is None:
        return  # the first run makes it
    open_keys = int(there.execute(_open(mapping, func.count())).scalar_one())
    missing = _missing(mapping, reader, there, open_keys, estimate) if open_keys else 0
    if missing > share * open_keys:
        raise TooManyWouldExpire(
            f"the source lacks {missing} of the {open_keys} open keys of "
            f"{mapping.table.full_name}; max_expire_share allows {share:.0%}"
        )


def _missing(
    mapping: Mapping, reader: Connection, there: Connection, open_keys: int, estimate: Estimate
) -> int:
    if any(name not in mapping.given for name in mapping.job.target.business_key):
        return open_keys - estimate.rows  # keys made by Python are known only by their number
    binary = replace(mapping, native=False)  # one order for both sides, whatever theirs are
    if mapping.source.database.identity(reader) == mapping.target.identity(there):
        keys = binary.source.select(*_labelled(binary.keys)).subquery(KEYS)
        return _count_absent(binary, reader, keys)
    there.rollback()  # on SQLite a writer may wait for its end, and the scratch for the writer
    with mapping.target.scratch() as scratch:
        names = _carry_over(binary, reader, scratch)
        return _count_absent(binary, scratch, table(KEYS, *map(column, names)))


def _count_absent(mapping: Mapping, connection: Connection, keys: FromClause) -> int:
    """Open keys of the target without a partner among `keys`."""
    here = mapping.target_table
    pairs = zip(mapping.target_keys(here), keys.c, strict=True)
    found = here.outerjoin(keys, and_(*[own == given for own, given in pairs]))
    absent = _open(mapping, func.count()).select_from(found)
    return int(connection.execute(absent.where(next(iter(keys.c)).is_(None))).scalar_one())


def _open(mapping: Mapping, value: ColumnElement[Any]) -> Select[Any]:
    here = mapping.target_table
    found = select(value).select_from(here)
    if not mapping.job.target.versioned:
        return found
    return found.where(here.c[mapping.job.target.version_columns.curflg] == literal("Y"))


def _carry_over(mapping: Mapping, reader: Connection, scratch: Connection) -> list[str]:
    """Stream the source's keys into a temporary table of the target, in one pass."""
    plain = [ColumnShape("", kind, "") for kind in mapping.key_kinds]
    names = [f"k{place}" for place in range(1, len(plain) + 1)]
    types = [mapping.target.spell(shape) for shape in plain]
    mapping.target.create_temporary(scratch, KEYS, list(zip(names, types, strict=True)))
    mapping.target.fill(scratch, KEYS, names, _source_keys(mapping, reader))
    return names


def _source_keys(mapping: Mapping, reader: Connection) -> Iterator[tuple[Any, ...]]:
    keys = mapping.source.select(*_labelled(mapping.keys)).distinct()
    # Of this statement only: set on the connection it would stream every later one too.
    rows = reader.execute(keys, execution_options={"yield_per": BATCH})
    for row in rows:
        key = fit_key(tuple(row), mapping.key_kinds)
        if key is not None:
            yield key


def _labelled(keys: list[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    return [key.label(f"k{place}") for place, key in enumerate(keys, start=1)]
