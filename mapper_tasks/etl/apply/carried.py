"""Values that a key carries from version to version: type 0 and type 1 columns.

A type 0 column keeps the first value its key ever had; a type 1 column has, in every version, the
value of the key's newest row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, column, exists, func, not_, or_, select, table, union_all

from mapper_tasks.etl.apply.changes import What
from mapper_tasks.etl.apply.type2 import OLD

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, Subquery, TableClause

    from mapper_tasks.etl.apply.ground import Ground

CARRIED = "mp_carried"


def carried_columns(ground: Ground) -> tuple[str, ...]:
    """The columns of new versions that do not come from the row that opens them."""
    follow = ground.overwritten if ground.job.type1_scope == "all" else ()
    return (*ground.first_kept, *follow)


def carry(
    ground: Ground, keys: TableClause, new: TableClause, changes: TableClause
) -> TableClause | None:
    """A row for each touched key with its carried values; mp_rid: the row type 1 values are of.

    None where the job has no such columns.
    """
    names = carried_columns(ground)
    if not names:
        return None
    first_old, last_old = _old(ground, keys, first=True), _old(ground, keys, first=False)
    first_new, last_new = _new(ground, new, first=True), _new(ground, new, first=False)
    latest = _latest(ground, keys, changes)
    key = ground.keys[0]
    newest_is_new = or_(latest.c.mp_from.is_(None), last_new.c.mp_t >= latest.c.mp_from)
    rows: FromClause = keys
    for part in (first_old, last_old, first_new, last_new, latest):
        rows = rows.outerjoin(part, ground.on_key(keys, part))
    had = first_old.c[key].is_not(None)
    values = [
        case((had, first_old.c[name]), else_=first_new.c[name]).label(name)
        for name in ground.first_kept
    ] + [
        case((newest_is_new, last_new.c[name]), else_=last_old.c[name]).label(name)
        for name in names
        if name not in ground.first_kept
    ]
    carried = ground.temporary(
        CARRIED, [*ground.key_types(), ("mp_rid", "bigint"), *ground.column_types(names)]
    )
    of_row = case((newest_is_new, last_new.c.mp_rid)).label("mp_rid")
    ground.fill(carried, select(*ground.key_of(keys), of_row, *values).select_from(rows))
    return carried


def _latest(ground: Ground, keys: TableClause, changes: TableClause) -> Subquery:
    """Where the newest version of each key begins once the changes are made.

    Only a row at least as new as that says what a type 1 column holds; judged by the history
    before the changes, the same row would say something else when it comes again.
    """
    if not ground.job.versioned:
        return select(*ground.key_of(keys), ground.run_time.label("mp_from")).subquery("newest")
    old = table(OLD, column("mp_t"), column("mp_tid"), *[column(name) for name in ground.keys])
    replaced = exists().where(
        changes.c.mp_tid == old.c.mp_tid, changes.c.mp_what.in_([What.UPDATE, What.DELETE])
    )
    begins = union_all(
        select(*ground.key_of(old), old.c.mp_t.label("mp_from")).where(~replaced),
        select(*ground.key_of(changes), changes.c.mp_from).where(
            changes.c.mp_what.in_([What.INSERT, What.UPDATE])
        ),
    ).subquery("begins")
    return (
        select(*ground.key_of(begins), func.max(begins.c.mp_from).label("mp_from"))
        .group_by(*ground.key_of(begins))
        .subquery("newest")
    )


def _old(ground: Ground, keys: TableClause, *, first: bool) -> Subquery:
    """The earliest or newest standing version of each key."""
    target = ground.target.alias("standing")
    time = _dated(ground, target)
    rows = (
        select(
            *ground.key_of(target),
            time.label("mp_t"),
            *[target.c[name] for name in carried_columns(ground)],
            _place(ground, target, time, first=first).label("mp_place"),
        )
        .select_from(target.join(keys, ground.on_key(target, keys)))
        .where(ground.in_slice(target))
        .subquery()
    )
    return select(rows).where(rows.c.mp_place == 1).subquery("first_old" if first else "last_old")


def _new(ground: Ground, new: TableClause, *, first: bool) -> Subquery:
    """The earliest or newest new row of each key that is no delete."""
    stage = ground.stage
    rows = (
        select(
            *ground.key_of(new),
            new.c.mp_t,
            new.c.mp_rid,
            *[stage.c[name] for name in carried_columns(ground)],
            _place(ground, new, new.c.mp_t, first=first).label("mp_place"),
        )
        .select_from(new.join(stage, stage.c.mp_rid == new.c.mp_rid))
        .where(not_(new.c.mp_del))
        .subquery()
    )
    return select(rows).where(rows.c.mp_place == 1).subquery("first_new" if first else "last_new")


def _dated(ground: Ground, target: FromClause) -> ColumnElement[Any]:
    return ground.begin_of(target) if ground.mapping.has("fromdt") else ground.run_time


def _place(
    ground: Ground, rows: FromClause, time: ColumnElement[Any], *, first: bool
) -> ColumnElement[int]:
    order = time if first else time.desc()
    return func.row_number().over(partition_by=ground.key_of(rows), order_by=order)
