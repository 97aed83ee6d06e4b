"""Which keys have anything to decide, their new rows, and the duplicates among these.

Most rows of most runs change nothing: they are recognised here, at the price of one join, and
everything after this looks only at the keys that are left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, not_, or_, select, true

from mapper_tasks.etl.staging import STAGE, key_text
from mapper_tasks.model.errors import DuplicateKey
from mapper_tasks.model.run import RowError

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, TableClause

    from mapper_tasks.etl.apply.ground import Ground

TOUCHED = "mp_touched"
KEYS = "mp_key"
NEW = "mp_new"


def touched_rows(ground: Ground) -> TableClause:
    """The staged rows that differ from what the target says of their keys, until we commit.

    Who knows nothing of the lease may write at any moment. Where that would go unnoticed, the
    versions of the touched keys are held, and compared as they are then.
    """
    ground.index(STAGE, ground.keys)
    ground.index(STAGE, ("mp_rid",))
    touched = _compared(ground, ground.stage)
    if not ground.database.sees_others:
        return touched
    stage, held = ground.stage, ground.temporary("mp_held", ground.key_types())
    ground.fill(held, select(*ground.key_of(touched)).distinct())
    _hold(ground, held)
    return _compared(ground, stage.join(held, ground.on_key(stage, held)))


def _hold(ground: Ground, keys: TableClause) -> None:
    versions = and_(ground.on_key(keys, ground.target), ground.in_slice(ground.target))
    ground.database.hold(ground.writer, keys.join(ground.target, versions))


def _compared(ground: Ground, rows: FromClause) -> TableClause:
    """Those of the staged `rows` that differ.

    mp_present names the version they were compared with (NULL: there is none), mp_since where it
    begins, and mp_differs whether a compared column is another.
    """
    stage, present = ground.stage, ground.target.alias("present")
    differs = ground.differ(stage, present, ground.compared)
    unchanged = and_(
        not_(stage.c.mp_del),
        not_(differs),
        ground.same(stage, present, ground.overwritten),
        _not_older(ground, stage, present),
    )
    joined = rows.outerjoin(present, and_(ground.on_key(stage, present), _now(ground, present)))
    there = present.c[ground.keys[0]].is_not(None)
    since = ground.begin_of(present)
    touched = ground.temporary(
        TOUCHED,
        [
            *ground.key_types(),
            ("mp_rid", "bigint"),
            ("mp_t", ground.time_type),
            ("mp_del", "boolean"),
            ("mp_present", ground.row_id_type),
            ("mp_since", ground.time_type),
            ("mp_differs", "boolean"),
        ],
    )
    differing = (
        select(
            *ground.key_of(stage),
            stage.c.mp_rid,
            ground.database.moment(stage.c.mp_eff).label("mp_t"),
            stage.c.mp_del,
            ground.row_id(present).label("mp_present"),
            since.label("mp_since"),
            differs.label("mp_differs"),
        )
        .select_from(joined)
        .where(or_(not_(there), not_(unchanged)))
    )
    ground.fill(touched, differing)
    return touched


def keys_of(ground: Ground, touched: TableClause) -> TableClause:
    """The touched keys, once each."""
    keys = ground.temporary(KEYS, ground.key_types())
    ground.fill(keys, select(*ground.key_of(touched)).distinct())
    return keys


def _now(ground: Ground, present: FromClause) -> ColumnElement[bool]:
    current = ground.version(present, "curflg") == "Y" if ground.job.versioned else true()
    return and_(current, ground.in_slice(present))


def _not_older(ground: Ground, stage: FromClause, present: FromClause) -> ColumnElement[bool]:
    """The row is no news about the past; in a type 1 table, no newer sight of the same values."""
    if not ground.dated:
        return true()
    held, given = ground.begin_of(present), ground.database.moment(stage.c.mp_eff)
    return held <= given if ground.job.versioned else held == given


def new_rows(ground: Ground, keys: TableClause) -> TableClause:
    """The staged rows of touched keys, one a key and time: mp_t is its time, mp_rid the row."""
    stage = ground.stage
    time = ground.database.moment(stage.c.mp_eff)
    last = ground.job.on_duplicate == "last"
    order = stage.c.mp_rid.desc() if last else stage.c.mp_rid
    place = func.row_number().over(partition_by=[*ground.key_of(stage), time], order_by=order)
    ranked = (
        select(
            *ground.key_of(stage),
            time.label("mp_t"),
            stage.c.mp_del,
            stage.c.mp_rid,
            place.label("mp_place"),
        )
        .select_from(stage.join(keys, ground.on_key(stage, keys)))
        .subquery("ranked")
    )
    new = ground.temporary(
        NEW,
        [
            *ground.key_types(),
            ("mp_t", ground.time_type),
            ("mp_del", "boolean"),
            ("mp_rid", "bigint"),
        ],
    )
    chosen = [ranked.c[name] for name in (*ground.keys, "mp_t", "mp_del", "mp_rid")]
    ground.fill(new, select(*chosen).where(ranked.c.mp_place == 1))
    return new


def reject_duplicates(ground: Ground, keys: TableClause, new: TableClause) -> list[RowError]:
    """Take out every row of a key that has two differing rows for one time.

    Only where `on_duplicate` is reject; else the last row has been chosen already.
    """
    if ground.job.on_duplicate == "last" or not _several(ground, keys, new):
        return []
    stage, kept = ground.stage, ground.stage.alias("kept")
    rivals = (
        select(*ground.key_of(stage))
        .select_from(
            stage.join(
                new,
                and_(
                    ground.on_key(stage, new),
                    ground.database.moment(stage.c.mp_eff) == new.c.mp_t,
                    stage.c.mp_rid != new.c.mp_rid,
                ),
            ).join(kept, kept.c.mp_rid == new.c.mp_rid)
        )
        .where(
            or_(
                stage.c.mp_del.is_distinct_from(kept.c.mp_del),
                and_(
                    not_(stage.c.mp_del),
                    ground.differ(stage, kept, (*ground.compared, *ground.overwritten)),
                ),
            )
        )
        .distinct()
    )
    guilty = ground.temporary("mp_duplicate", ground.key_types())
    if not ground.fill(guilty, rivals):
        return []
    errors = _as_errors(ground, guilty)
    _take_out(ground, guilty, [new, keys])
    return errors


def _several(ground: Ground, keys: TableClause, new: TableClause) -> bool:
    """Whether any touched key has more staged rows than times."""
    stage = ground.stage
    return ground.count(stage.join(keys, ground.on_key(stage, keys))) > ground.count(new)


def _as_errors(ground: Ground, guilty: TableClause) -> list[RowError]:
    stage = ground.stage
    rows = ground.writer.execute(
        select(*ground.key_of(stage))
        .select_from(stage.join(guilty, ground.on_key(stage, guilty)))
        .order_by(stage.c.mp_rid)
    )
    return [
        RowError(
            errtyp=DuplicateKey.code,
            errmsg="several rows of this key differ and nothing orders them",
            keyvalue=key_text(dict(zip(ground.keys, row, strict=True))),
        )
        for row in rows
    ]


def _take_out(ground: Ground, guilty: TableClause, tables: list[TableClause]) -> None:
    """Forget the keys everywhere, except that they are not missing from the source."""
    rejected = ground.rejected_keys
    ground.fill(rejected, select(*ground.key_of(guilty)))
    for one in (*tables, ground.stage):
        ground.run(one.delete().where(exists().where(ground.on_key(one, guilty))))


def add_missing(ground: Ground, keys: TableClause, new: TableClause) -> None:
    """Give every key of the slice that the complete source lacks a delete at the run's time."""
    present = ground.target.alias("present")
    stage, rejected = ground.stage, ground.rejected_keys
    limits = [
        _now(ground, present),
        ~exists().where(ground.on_key(stage, present)),
        ~exists().where(ground.on_key(rejected, present)),
    ]
    if ground.job.versioned:
        begun = ground.database.moment(ground.version(present, "fromdt"))
        limits.append(begun <= ground.run_time)
    missing = ground.temporary("mp_missing", ground.key_types())
    if not ground.fill(missing, select(*ground.key_of(present)).where(*limits)):
        return
    _hold(ground, missing)
    ground.fill(keys, select(*ground.key_of(missing)))
    ground.fill(
        new,
        select(
            *ground.key_of(missing),
            ground.run_time.label("mp_t"),
            true().label("mp_del"),
        ),
    )
