"""The plain case: a key goes on from what stands.

One new row for the key, and it is newer than everything the target has of it: then the open
version ends where the new one begins (type 1: the row is overwritten), or the key is new. No
history has to be read for that, and nearly every changed row of nearly every load is such a one.
The rules are those of `type1` and `type2`, which decide everything else and would decide these
alike; the property tests hold all of them to one model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, false, func, literal, not_, or_, select, true

from mapper_tasks.etl.apply.changes import What

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select, TableClause

    from mapper_tasks.etl.apply.ground import Ground


def take(ground: Ground, touched: TableClause, changes: TableClause) -> None:
    """Decide the plain cases and take them from the touched rows."""
    if ground.first_kept or ground.overwritten or not _each_key_once(ground, touched):
        return
    plain = _plain(ground, touched) if ground.job.versioned else _newest(touched)
    if ground.fill(changes, _opened(ground, touched).where(plain)):
        if ground.job.versioned:
            ground.fill(changes, _ended(ground, touched).where(plain, _stands(touched)))
        ground.run(touched.delete().where(plain))


def _each_key_once(ground: Ground, touched: TableClause) -> bool:
    """Whether no touched key has a second row on the stage."""
    stage = ground.stage
    named = exists().where(ground.on_key(stage, touched))
    rows = select(func.count()).select_from(stage).where(named)
    keys = select(*ground.key_of(touched)).distinct().subquery("keys")
    return int(ground.writer.execute(rows).scalar_one()) == ground.count(keys)


def _stands(touched: TableClause) -> ColumnElement[bool]:
    return touched.c.mp_present.is_not(None)


def _plain(ground: Ground, touched: TableClause) -> ColumnElement[bool]:
    version = ground.target.alias("version")
    onward = and_(_stands(touched), touched.c.mp_differs, touched.c.mp_t > touched.c.mp_since)
    unheard_of = and_(
        not_(_stands(touched)),
        ~exists().where(ground.on_key(version, touched), ground.in_slice(version)),
    )
    return and_(not_(touched.c.mp_del), or_(onward, unheard_of))


def _newest(touched: TableClause) -> ColumnElement[bool]:
    """Type 1: nothing stands, or nothing newer."""
    not_older = or_(touched.c.mp_since.is_(None), touched.c.mp_t >= touched.c.mp_since)
    return and_(not_(touched.c.mp_del), or_(not_(_stands(touched)), not_older))


def _opened(ground: Ground, touched: TableClause) -> Select[Any]:
    """A new version for each row; in a type 1 table the row that stands becomes it."""
    insert, update = literal(What.INSERT), literal(What.UPDATE)
    overwrites = false() if ground.job.versioned else _stands(touched)
    return select(
        *ground.key_of(touched),
        case((overwrites, update), else_=insert).label("mp_what"),
        touched.c.mp_rid,
        touched.c.mp_t.label("mp_from"),
        true().label("mp_fix"),
        false().label("mp_grown"),
        true().label("mp_was_open"),
    )


def _ended(ground: Ground, touched: TableClause) -> Select[Any]:
    return select(
        *ground.key_of(touched),
        literal(What.UPDATE).label("mp_what"),
        touched.c.mp_present.label("mp_tid"),
        touched.c.mp_since.label("mp_from"),
        touched.c.mp_t.label("mp_to"),
        false().label("mp_fix"),
        false().label("mp_grown"),
        true().label("mp_was_open"),
    )
