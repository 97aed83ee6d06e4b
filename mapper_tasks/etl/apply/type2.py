"""Type 2: the history of a key as events in time, and the versions that follow from them.

A version that stands in the target is an event at its `fromdt`; where one ends and none begins,
there is a tombstone at its `todt`. Each new row is an event at its own time. Read in order, the
events of a key say what its versions are:

- a new row equal to the event before it says nothing (equal neighbours fall together);
- a delete ends what is live, and says nothing where nothing is;
- a new row at the time of a standing version corrects it in place; at the time of a tombstone it
  takes its place;
- a standing version equal to the new row right before it began earlier than was known.

What is left bounds each version by the event after it. Standing versions that no new row meets
keep their values; only bounds that differ are written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    true,
)

from mapper_tasks.etl.apply import returning
from mapper_tasks.etl.apply.changes import What

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, Select, Subquery, TableClause

    from mapper_tasks.etl.apply.ground import Ground

OLD = "mp_old"
EVENTS = "mp_event"


def decide(ground: Ground, keys: TableClause, new: TableClause, changes: TableClause) -> None:
    """Add the changes that follow from the standing versions and the new rows of these keys."""
    old = _standing(ground, keys)
    undone = None
    if ground.job.on_missing == "expire":
        undone = returning.undo_closings_of_this_moment(ground, old, new)
        returning.date(ground, old, new)
    events = _events(ground, old, new)
    bounded = _bounded(ground, _kept(ground, events))
    ground.fill(changes, _changes(ground, bounded))
    if undone is not None:
        returning.count_once(ground, undone, changes)
    if ground.overwritten and ground.job.type1_scope == "current":
        ground.fill(changes, _overwrites(ground, bounded))


def _standing(ground: Ground, keys: TableClause) -> TableClause:
    """The versions of touched keys: from mp_t to mp_end (NULL: open); mp_gap: nothing follows."""
    target, moment = ground.target.alias("version"), ground.database.moment
    begun = moment(ground.version(target, "fromdt"))
    is_open = ground.version(target, "curflg") == "Y"
    end = case((is_open, null()), else_=moment(ground.version(target, "todt")))
    rows = (
        select(
            *ground.key_of(target),
            begun.label("mp_t"),
            end.label("mp_end"),
            func.lead(begun)
            .over(partition_by=ground.key_of(target), order_by=begun)
            .label("mp_nx"),
            ground.row_id(target).label("mp_tid"),
            *[target.c[name] for name in ground.compared],
        )
        .select_from(target.join(keys, ground.on_key(target, keys)))
        .where(ground.in_slice(target))
        .subquery("read")
    )
    gap = and_(rows.c.mp_end.is_not(None), rows.c.mp_end.is_distinct_from(rows.c.mp_nx))
    old = ground.temporary(
        OLD,
        [
            *ground.key_types(),
            ("mp_t", ground.time_type),
            ("mp_end", ground.time_type),
            ("mp_tid", ground.row_id_type),
            *ground.column_types(ground.compared),
            ("mp_gap", "boolean"),
        ],
    )
    names = (*ground.keys, "mp_t", "mp_end", "mp_tid", *ground.compared)
    flag = case((gap, true()), else_=false())
    ground.fill(old, select(*[rows.c[name] for name in names], flag.label("mp_gap")))
    return old


def _events(ground: Ground, old: TableClause, new: TableClause) -> TableClause:
    """New rows (with the version they meet), standing versions no row meets, and tombstones."""
    events = ground.temporary(
        EVENTS,
        [
            *ground.key_types(),
            ("mp_t", ground.time_type),
            ("mp_del", "boolean"),
            ("mp_rid", "bigint"),
            ("mp_new", "boolean"),
            ("mp_tid", ground.row_id_type),
            ("mp_end", ground.time_type),
            ("mp_fix", "boolean"),
            *ground.short_types(ground.compared),
        ],
    )
    for rows in (_new(ground, old, new), _met_by_none(ground, old, new), _ends(ground, old, new)):
        ground.fill(events, rows)
    return events


def _new(ground: Ground, old: TableClause, new: TableClause) -> Select[Any]:
    stage = ground.stage
    fix = and_(old.c.mp_tid.is_not(None), ground.differ(stage, old, ground.compared))
    joined = new.outerjoin(old, and_(ground.on_key(new, old), new.c.mp_t == old.c.mp_t)).outerjoin(
        stage, stage.c.mp_rid == new.c.mp_rid
    )
    return select(
        *ground.key_of(new),
        new.c.mp_t,
        new.c.mp_del,
        new.c.mp_rid,
        true().label("mp_new"),
        old.c.mp_tid,
        old.c.mp_end,
        case((fix, true()), else_=false()).label("mp_fix"),
        *ground.shorts(stage, ground.compared),
    ).select_from(joined)


def _met_by_none(ground: Ground, old: TableClause, new: TableClause) -> Select[Any]:
    return select(
        *ground.key_of(old),
        old.c.mp_t,
        false().label("mp_del"),
        false().label("mp_new"),
        old.c.mp_tid,
        old.c.mp_end,
        false().label("mp_fix"),
        *ground.shorts(old, ground.compared),
    ).where(~_met(ground, old, new, old.c.mp_t))


def _ends(ground: Ground, old: TableClause, new: TableClause) -> Select[Any]:
    return select(
        *ground.key_of(old),
        old.c.mp_end.label("mp_t"),
        true().label("mp_del"),
        false().label("mp_new"),
        false().label("mp_fix"),
    ).where(old.c.mp_gap, ~_met(ground, old, new, old.c.mp_end))


def _met(
    ground: Ground, old: TableClause, new: TableClause, time: ColumnElement[Any]
) -> ColumnElement[bool]:
    return exists().where(ground.on_key(new, old), new.c.mp_t == time)


def _kept(ground: Ground, events: TableClause) -> Subquery:
    """Events without those that say nothing; mp_same: equal to the live event right before.

    It is enough to look at the very next neighbour: one that says nothing is equal to its own.
    """
    over: dict[str, Any] = {"partition_by": ground.key_of(events), "order_by": events.c.mp_t}
    before_deleted = func.lag(events.c.mp_del, type_=Boolean()).over(**over)
    alike = [
        value.is_not_distinct_from(func.lag(value).over(**over))
        for value in (ground.value(events, name) for name in ground.compared)
    ]
    read = select(
        events,
        case((before_deleted.is_(None), false()), else_=not_(before_deleted)).label("mp_live"),
        case((and_(true(), *alike), true()), else_=false()).label("mp_alike"),
    ).subquery("read")
    same = and_(read.c.mp_live, read.c.mp_alike)
    standing = read.c.mp_tid.is_not(None)
    says_something = case(
        (standing, true()),
        (read.c.mp_del, read.c.mp_live),
        else_=not_(same),
    )
    judged = select(
        read,
        case((and_(same, not_(read.c.mp_del)), true()), else_=false()).label("mp_same"),
        case((says_something, 1), else_=0).label("mp_kept"),
    ).subquery("judged")
    if not ground.overwritten:
        return (
            select(judged, judged.c.mp_rid.label("mp_last"))
            .where(judged.c.mp_kept == 1)
            .subquery("kept")
        )
    return _with_last_of_run(ground, judged)


def _with_last_of_run(ground: Ground, judged: Subquery) -> Subquery:
    """mp_last: the last new row of the run of equal rows that a kept event begins."""
    over: dict[str, Any] = {"partition_by": ground.key_of(judged), "order_by": judged.c.mp_t}
    runs = select(judged, func.sum(judged.c.mp_kept).over(**over).label("mp_run")).subquery("runs")
    of_run = [*ground.key_of(runs), runs.c.mp_run]
    last = func.first_value(runs.c.mp_rid).over(partition_by=of_run, order_by=runs.c.mp_t.desc())
    named = select(runs, last.label("mp_last")).subquery("named")
    return select(named).where(named.c.mp_kept == 1).subquery("kept")


def _bounded(ground: Ground, kept: Subquery) -> Subquery:
    """Each kept event with the time of the next, and whether it gives way to or takes a start."""
    over: dict[str, Any] = {"partition_by": ground.key_of(kept), "order_by": kept.c.mp_t}
    inserted = and_(kept.c.mp_new, kept.c.mp_tid.is_(None), not_(kept.c.mp_del))
    untouched = and_(not_(kept.c.mp_new), kept.c.mp_tid.is_not(None))
    begins_earlier = and_(
        untouched,
        kept.c.mp_same,
        func.lag(case((inserted, 1), else_=0)).over(**over) == 1,
    )
    standing = kept.c.mp_tid.is_not(None)
    shortens = and_(standing, kept.c.mp_end.is_not(None))
    moved = select(
        kept,
        case((begins_earlier, 1), else_=0).label("mp_moved"),
        func.lag(case((shortens, 1), else_=0)).over(**over).label("mp_shortens"),
        func.lag(kept.c.mp_end).over(**over).label("mp_ended"),
        func.lag(kept.c.mp_t).over(**over).label("mp_before"),
        func.lead(kept.c.mp_t).over(**over).label("mp_to"),
    ).subquery("moved")
    again: dict[str, Any] = {"partition_by": ground.key_of(moved), "order_by": moved.c.mp_t}
    return select(
        moved,
        func.coalesce(func.lead(moved.c.mp_moved).over(**again), 0).label("mp_gives_way"),
        func.lag(moved.c.mp_rid).over(**again).label("mp_mover"),
        func.lag(moved.c.mp_last).over(**again).label("mp_mover_last"),
    ).subquery("bounded")


def _changes(ground: Ground, event: FromClause) -> Select[Any]:
    standing, live = event.c.mp_tid.is_not(None), not_(event.c.mp_del)
    moved = event.c.mp_moved == 1
    inserts = and_(live, event.c.mp_new, not_(standing), event.c.mp_gives_way == 0)
    ends = event.c.mp_ended.is_distinct_from(event.c.mp_t)
    grown = and_(
        event.c.mp_end.is_not(None),
        or_(event.c.mp_to.is_(None), event.c.mp_to > event.c.mp_end),
    )
    rebound = or_(moved, event.c.mp_fix, event.c.mp_to.is_distinct_from(event.c.mp_end))
    what = case(
        (and_(live, standing, rebound), literal(What.UPDATE)),
        (inserts, literal(What.INSERT)),
        (and_(event.c.mp_del, standing), literal(What.DELETE)),
        (and_(event.c.mp_del, event.c.mp_new, ends), literal(What.END)),
    )
    values_of = case(
        (moved, event.c.mp_mover), (or_(inserts, event.c.mp_fix), event.c.mp_rid), else_=null()
    )
    was_open = case(
        (standing, event.c.mp_end.is_(None)), else_=func.coalesce(event.c.mp_shortens, 0) == 0
    )
    decided = select(
        *[event.c[name] for name in ground.keys],
        what.label("mp_what"),
        values_of.label("mp_rid"),
        event.c.mp_last,
        event.c.mp_tid,
        case((moved, event.c.mp_before), else_=event.c.mp_t).label("mp_from"),
        event.c.mp_to,
        event.c.mp_fix,
        case((grown, true()), else_=false()).label("mp_grown"),
        was_open.label("mp_was_open"),
        event.c.mp_rid.is_not(None).label("mp_by_row"),
    ).subquery("decided")
    return select(decided).where(decided.c.mp_what.is_not(None))


def _overwrites(ground: Ground, event: FromClause) -> Select[Any]:
    """Standing versions that stay open and have a new row in their run: type 1 columns follow."""
    mover = case((event.c.mp_moved == 1, event.c.mp_mover_last))
    last = func.coalesce(event.c.mp_last, mover)
    return select(
        *[event.c[name] for name in ground.keys],
        literal(What.OVERWRITE).label("mp_what"),
        last.label("mp_last"),
        true().label("mp_by_row"),
    ).where(
        not_(event.c.mp_del),
        event.c.mp_tid.is_not(None),
        event.c.mp_to.is_(None),
        last.is_not(None),
    )
