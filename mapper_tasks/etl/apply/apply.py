"""The steps of an apply, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, not_, or_, select

from mapper_tasks.etl.apply import first, onward, touched, type1, type2, write
from mapper_tasks.etl.apply.carried import carry
from mapper_tasks.etl.apply.changes import What, create

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, TableClause

    from mapper_tasks.etl.apply.ground import Ground
    from mapper_tasks.model.run import RowError


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply did. `ended` staged deletes took effect without being an update."""

    inserted: int = 0
    updated: int = 0
    expired: int = 0
    ended: int = 0
    rejected: tuple[RowError, ...] = ()

    def __add__(self, other: Applied) -> Applied:
        return Applied(
            self.inserted + other.inserted,
            self.updated + other.updated,
            self.expired + other.expired,
            self.ended + other.ended,
            self.rejected + other.rejected,
        )


def apply(ground: Ground) -> Applied:
    """Bring the target's slice to what the staged rows say, by the rules of versions."""
    ground.database.prepare_apply(ground.writer)
    if first.is_first(ground):
        return Applied(inserted=first.insert(ground))
    changes = create(ground)
    rows = touched.touched_rows(ground)
    onward.take(ground, rows, changes)
    keys = touched.keys_of(ground, rows)
    new = touched.new_rows(ground, keys)
    rejected = touched.reject_duplicates(ground, keys, new)
    if ground.job.on_missing == "expire":
        touched.add_missing(ground, keys, new)
    carried = None
    if ground.count(new):
        carried = _decide(ground, keys, new, changes)
    return _carry_out(ground, changes, carried, rejected)


def _decide(
    ground: Ground, keys: TableClause, new: TableClause, changes: TableClause
) -> TableClause | None:
    """Add to the changes whatever has a history; the table of carried values, if there is one."""
    if ground.job.versioned:
        type2.decide(ground, keys, new, changes)
    else:
        type1.decide(ground, new, changes)
    return carry(ground, keys, new, changes)


def _carry_out(
    ground: Ground, changes: TableClause, carried: TableClause | None, rejected: list[RowError]
) -> Applied:
    # Type 1 values may have to be written even where no version begins, ends or is corrected.
    if carried is None and not ground.count(changes):
        return Applied(rejected=tuple(rejected))
    updated, expired, ended = _counts(ground, changes)
    write.delete(ground, changes)
    write.update(ground, changes)
    inserted = write.insert(ground, changes, carried)
    updated += write.overwrite(ground, changes, carried)
    return Applied(inserted, updated, expired, ended, tuple(rejected))


def _counts(ground: Ground, changes: TableClause) -> tuple[int, int, int]:
    what, is_open = changes.c.mp_what, changes.c.mp_was_open
    by_row = changes.c.mp_by_row
    rewritten = and_(what == What.UPDATE, changes.c.mp_rid.is_not(None))
    grown = and_(what == What.UPDATE, changes.c.mp_grown)
    ends = and_(or_(what == What.END, what == What.DELETE), by_row)
    closed = or_(
        and_(what == What.UPDATE, is_open, changes.c.mp_to.is_not(None)),
        and_(what == What.DELETE, is_open),
    )
    row = ground.writer.execute(
        select(
            _number(or_(rewritten, and_(ends, not_(is_open)))) + _number(grown),
            _number(closed),
            _number(and_(ends, is_open)),
        )
    ).one()
    return int(row[0]), int(row[1]), int(row[2])


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
