"""Carrying out the decided changes: deletes, then bounds and corrections, then new versions.

In this order the unique index on the current version never sees two of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, column, exists, func, literal, not_, or_, select, table

from mapper_tasks.etl.apply.carried import carried_columns
from mapper_tasks.etl.apply.changes import What
from mapper_tasks.etl.apply.touched import NEW
from mapper_tasks.etl.apply.type2 import OLD

if TYPE_CHECKING:
    from sqlalchemy import ColumnClause, ColumnElement, FromClause, TableClause

    from mapper_tasks.etl.apply.ground import Ground


def delete(ground: Ground, changes: TableClause) -> None:
    named = and_(_row_of(ground, changes), changes.c.mp_what == What.DELETE)
    ground.run(ground.target.delete().where(ground.in_slice(ground.target), exists().where(named)))


def update(ground: Ground, changes: TableClause) -> None:
    """Bounds of versions, and values of those that are corrected (type 1: of every change)."""
    target, stage = ground.target, ground.stage
    here = and_(ground.in_slice(target), _row_of(ground, changes), changes.c.mp_what == What.UPDATE)
    corrected = and_(here, changes.c.mp_fix, stage.c.mp_rid == changes.c.mp_rid)
    values = {**_values(ground), **_bounds(ground, changes)}
    ground.run(ground.database.rewritten(target, values, [corrected]))
    if ground.job.versioned:
        bounds_only = and_(here, not_(changes.c.mp_fix))
        ground.run(ground.database.rewritten(target, _bounds(ground, changes), [bounds_only]))


def _row_of(ground: Ground, changes: TableClause) -> ColumnElement[bool]:
    if ground.job.versioned:
        return ground.row_id(ground.target) == changes.c.mp_tid
    return ground.on_key(ground.target, changes)


def _values(ground: Ground) -> dict[str, Any]:
    """What a correction writes: all but keys and carried columns, with a new digest."""
    left_out = {*ground.keys, *ground.first_kept, *ground.overwritten}
    stage = ground.stage
    return {
        **{name: stage.c[name] for name in ground.columns if name not in left_out},
        **ground.digest_of(stage),
    }


def _bounds(ground: Ground, changes: TableClause) -> dict[str, Any]:
    bounds: dict[str, Any] = ground.recorded("recupdt")
    if ground.mapping.has("fromdt"):
        bounds[ground.version_name("fromdt")] = changes.c.mp_from
    if ground.job.versioned:
        bounds[ground.version_name("todt")] = func.coalesce(changes.c.mp_to, ground.open_end)
        bounds[ground.version_name("curflg")] = _current(changes)
    return bounds


def _current(changes: TableClause) -> ColumnElement[Any]:
    return case((changes.c.mp_to.is_(None), literal("Y")), else_=literal("N"))


def insert(ground: Ground, changes: TableClause, carried: TableClause | None) -> int:
    """Open the new versions; the number of them."""
    stage, last = ground.stage, ground.stage.alias("last")
    rows = changes.join(stage, stage.c.mp_rid == changes.c.mp_rid)
    values: dict[str, Any] = {name: stage.c[name] for name in ground.columns}
    if carried is not None:
        rows = rows.join(carried, ground.on_key(changes, carried))
        values.update({name: carried.c[name] for name in carried_columns(ground)})
    if ground.overwritten and ground.job.type1_scope == "current":
        rows = rows.join(last, last.c.mp_rid == changes.c.mp_last)
        values.update({name: last.c[name] for name in ground.overwritten})
    values |= ground.digest_of(stage) | _bounds(ground, changes)
    values |= ground.recorded("reccrdt")
    query = (
        select(*[value.label(name) for name, value in values.items()])
        .select_from(rows)
        .where(changes.c.mp_what == What.INSERT)
        .order_by(*ground.key_of(changes), changes.c.mp_from)
    )
    return ground.run(ground.target.insert().from_select(list(values), query))


def overwrite(ground: Ground, changes: TableClause, carried: TableClause | None) -> int:
    """Type 1 columns of a type 2 table; the number of source rows that only did this."""
    if not ground.overwritten:
        return 0
    if carried is not None and ground.job.type1_scope == "all":
        return _overwrite_all(ground, changes, carried)
    return _overwrite_current(ground, changes)


def _overwrite_all(ground: Ground, changes: TableClause, carried: TableClause) -> int:
    target = ground.target
    differs = and_(
        ground.in_slice(target),
        ground.on_key(target, carried),
        carried.c.mp_rid.is_not(None),
        ground.differ(target, carried, ground.overwritten),
    )
    rows = select(carried.c.mp_rid).select_from(target.join(carried, differs)).distinct()
    counted = _doing_no_more(ground, changes, rows.subquery("overwriting"))
    values: dict[str, Any] = {name: carried.c[name] for name in ground.overwritten}
    values |= ground.recorded("recupdt")
    ground.run(ground.database.rewritten(target, values, [differs]))
    return counted


def _overwrite_current(ground: Ground, changes: TableClause) -> int:
    target, stage = ground.target, ground.stage
    differs = and_(
        ground.in_slice(target),
        ground.version(target, "curflg") == "Y",
        ground.on_key(target, changes),
        changes.c.mp_what == What.OVERWRITE,
        stage.c.mp_rid == changes.c.mp_last,
        ground.differ(target, stage, ground.overwritten),
    )
    rows = select(stage.c.mp_rid).select_from(target, changes, stage).where(differs).distinct()
    counted = _doing_no_more(ground, changes, rows.subquery("overwriting"))
    values: dict[str, Any] = {name: stage.c[name] for name in ground.overwritten}
    values |= ground.recorded("recupdt")
    ground.run(ground.database.rewritten(target, values, [differs]))
    return counted


def _doing_no_more(ground: Ground, changes: TableClause, rows: FromClause) -> int:
    """How many of these staged rows neither open, move, correct nor lengthen a version."""
    does_more = exists().where(
        changes.c.mp_rid == rows.c.mp_rid,
        or_(changes.c.mp_what == What.INSERT, changes.c.mp_what == What.UPDATE),
    )
    keys: list[ColumnClause[Any]] = [column(name) for name in ground.keys]
    new = table(NEW, column("mp_rid"), column("mp_t"), *keys)
    old = table(OLD, column("mp_end"), column("mp_tid"))
    lengthens = exists().where(
        new.c.mp_rid == rows.c.mp_rid,
        ground.on_key(new, changes),
        old.c.mp_tid == changes.c.mp_tid,
        old.c.mp_end == new.c.mp_t,
        changes.c.mp_grown,
    )
    return ground.count(rows, not_(does_more), not_(lengthens))
