"""Type 1: one row a key, and the newest row wins, in whatever order rows and runs arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, false, func, literal, not_, or_, select, true

from mapper_tasks.etl.apply.changes import What

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, Subquery, TableClause

    from mapper_tasks.etl.apply.ground import Ground


def decide(ground: Ground, new: TableClause, changes: TableClause) -> None:
    """Add the changes that follow from the new rows."""
    winner, held = _winners(ground, new), ground.target.alias("held")
    stage = ground.stage
    there = held.c[ground.keys[0]].is_not(None)
    what = case(
        (winner.c.mp_del, literal(What.DELETE)),
        (there, literal(What.UPDATE)),
        else_=literal(What.INSERT),
    )
    joined = winner.outerjoin(
        held, and_(ground.on_key(winner, held), ground.in_slice(held))
    ).outerjoin(stage, stage.c.mp_rid == winner.c.mp_rid)
    rows = (
        select(
            *ground.key_of(winner),
            what.label("mp_what"),
            winner.c.mp_rid,
            winner.c.mp_t.label("mp_from"),
            true().label("mp_fix"),
            false().label("mp_grown"),
            true().label("mp_was_open"),
            winner.c.mp_rid.is_not(None).label("mp_by_row"),
        )
        .select_from(joined)
        .where(_has_effect(ground, winner, held, stage, there))
    )
    ground.fill(changes, rows)


def _winners(ground: Ground, new: TableClause) -> Subquery:
    place = func.row_number().over(partition_by=ground.key_of(new), order_by=new.c.mp_t.desc())
    ranked = select(
        *ground.key_of(new), new.c.mp_t, new.c.mp_del, new.c.mp_rid, place.label("mp_place")
    ).subquery("ranked")
    return select(ranked).where(ranked.c.mp_place == 1).subquery("winner")


def _has_effect(
    ground: Ground,
    winner: FromClause,
    held: FromClause,
    stage: FromClause,
    there: ColumnElement[bool],
) -> ColumnElement[bool]:
    """A new key that is no delete; or a row that is not older than the one held, and differs."""
    brand_new = and_(not_(there), not_(winner.c.mp_del))
    differs = or_(winner.c.mp_del, ground.differ(stage, held, ground.compared))
    if not ground.dated:
        return or_(brand_new, and_(there, differs))
    since = ground.begin_of(held)
    undated = since.is_(None)
    newer = winner.c.mp_t > since
    return or_(
        brand_new,
        and_(there, or_(undated, winner.c.mp_t >= since), or_(differs, newer)),
    )
