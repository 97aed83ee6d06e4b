"""Keys that were missing from a complete source and are back.

The newest row of such a key says what the key is now. Where that row's own time lies before the
key's last closing, the run's effective time takes its place: a version is never dated before the
closing, and the gap stays. What lies before the closing stays as it was closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, false, func, not_, select

if TYPE_CHECKING:
    from sqlalchemy import Select, Subquery, TableClause

    from mapper_tasks.etl.apply.ground import Ground


def undo_closings_of_this_moment(ground: Ground, old: TableClause, new: TableClause) -> TableClause:
    """A key closed at the very time of this run, and there after all, was never gone.

    The table of these keys, with the row that says so as mp_rid.
    """
    newest = _newest(ground, new)
    closed_now = and_(old.c.mp_gap, old.c.mp_end == ground.run_time)
    undone = ground.temporary("mp_undone", [*ground.key_types(), ("mp_rid", "bigint")])
    rows = (
        select(*ground.key_of(newest), newest.c.mp_rid)
        .select_from(newest.join(old, ground.on_key(newest, old)))
        .where(closed_now, newest.c.mp_t < ground.run_time)
    )
    if ground.fill(undone, rows):
        of_key = exists().where(ground.on_key(undone, old))
        ground.run(old.update().values(mp_gap=false()).where(closed_now, of_key))
    return undone


def count_once(ground: Ground, undone: TableClause, changes: TableClause) -> None:
    """The row that undid a closing counts for that only where it did nothing else."""
    other, of_key = changes.alias("other"), ground.on_key(undone, changes)
    did_more = exists().where(of_key, other.c.mp_rid == undone.c.mp_rid)
    ground.run(changes.update().values(mp_grown=false()).where(changes.c.mp_grown, did_more))
    row = select(undone.c.mp_rid).where(of_key).scalar_subquery()
    ground.run(
        changes.update()
        .values(mp_grown=false(), mp_rid=row)
        .where(changes.c.mp_grown, exists().where(of_key))
    )


def date(ground: Ground, old: TableClause, new: TableClause) -> None:
    """Give the newest row of each key that came back its time."""
    back = ground.temporary("mp_back", [*ground.key_types(), ("mp_t", ground.time_type)])
    if not ground.fill(back, _back(ground, old, new)):
        return
    of_key = exists().where(ground.on_key(back, new))
    ground.run(new.delete().where(new.c.mp_del, of_key))
    of_row = exists().where(ground.on_key(back, new), back.c.mp_t == new.c.mp_t)
    ground.run(new.update().values(mp_t=ground.run_time).where(of_row))


def _newest(ground: Ground, new: TableClause) -> Subquery:
    """The newest row of each key, where it is no delete."""
    place = func.row_number().over(partition_by=ground.key_of(new), order_by=new.c.mp_t.desc())
    ranked = select(
        *ground.key_of(new), new.c.mp_t, new.c.mp_rid, new.c.mp_del, place.label("mp_place")
    ).subquery("ranked")
    return (
        select(*ground.key_of(ranked), ranked.c.mp_t, ranked.c.mp_rid)
        .where(ranked.c.mp_place == 1, not_(ranked.c.mp_del))
        .subquery("newest")
    )


def _back(ground: Ground, old: TableClause, new: TableClause) -> Select[tuple[object, ...]]:
    newest = _newest(ground, new)
    closed = (
        select(*ground.key_of(old), func.max(old.c.mp_end).label("mp_closed"))
        .where(old.c.mp_gap)
        .group_by(*ground.key_of(old))
        .subquery("closed")
    )
    return (
        select(*ground.key_of(newest), newest.c.mp_t)
        .select_from(closed.join(newest, ground.on_key(closed, newest)))
        .where(closed.c.mp_closed < ground.run_time, closed.c.mp_closed > newest.c.mp_t)
    )
