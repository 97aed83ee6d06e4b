"""A slice of the source, as the target would store it, beside what the target holds now.

The rows are staged by the roads of a load, in temporary tables of a transaction that is rolled
back: nothing is written on either side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, cast, exists, func, not_, or_, select, true

from mapper_tasks.etl import stage
from mapper_tasks.etl.apply.ground import Ground
from mapper_tasks.etl.verify import EXAMPLES, Check
from mapper_tasks.mapping import Mapping

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, Select, TableClause

    from mapper_tasks.dialects import Database
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import Window
    from mapper_tasks.model.slices import Slice

NEWEST = "mp_newest"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison saw: source rows read, those no target would take, and each difference.

    `extra` keys are no fault where `on_missing` is ignore: they were in the source once.
    """

    source_rows: int = 0
    rejected: int = 0
    checks: tuple[Check, ...] = ()
    extra_allowed: bool = False

    @property
    def same(self) -> bool:
        return all(check.kept or self.allows(check) for check in self.checks)

    def allows(self, check: Check) -> bool:
        return self.extra_allowed and check.name == "extra"

    def __add__(self, other: Comparison) -> Comparison:
        checks = [
            _together(left, right) for left, right in zip(self.checks, other.checks, strict=True)
        ]
        return Comparison(
            self.source_rows + other.source_rows,
            self.rejected + other.rejected,
            tuple(checks),
            self.extra_allowed,
        )


def _together(left: Check, right: Check) -> Check:
    examples = (*left.examples, *right.examples)[:EXAMPLES]
    return Check(left.name, left.promise, left.broken + right.broken, examples)


@dataclass(frozen=True)
class Comparing:
    """What is compared: the job between its databases, and the rows that were to be loaded."""

    job: Job
    source: Database
    target: Database
    window: Window
    at: datetime
    functions: dict[str, Callable[..., Any]] = field(default_factory=dict)


def compare(work: Comparing, part: Slice) -> Comparison:
    """Compare one slice. Raises what staging raises."""
    with work.target.scratch() as writer, work.source.reading() as reader:
        mapping = Mapping.between(work.job, work.source, reader, work.target, writer)
        moved = (part, work.window, work.at, reader, writer, work.functions, lambda: None)
        staged = stage.fill(work.job, mapping, *moved)
        ground = Ground(mapping, part, work.at, work.at, writer)
        work.target.prepare_apply(writer)
        doubtful = _set_aside_duplicates(ground)
        newest = _newest(ground)
        checks = tuple(
            _check(ground, name, promise, keys) for name, promise, keys in _checks(ground, newest)
        )
    allowed = work.job.target.on_missing == "ignore"
    return Comparison(staged.source_rows, len(staged.rejected) + doubtful, checks, allowed)


def _set_aside_duplicates(ground: Ground) -> int:
    """Take out keys whose rows differ and nothing orders them; how many rows. A load rejects them.

    Rows with a time are told apart by it well enough here.
    """
    if ground.job.on_duplicate == "last":
        return 0
    stage_, other = ground.stage, ground.stage.alias("other")
    time, rival = (ground.database.moment(one.c.mp_eff) for one in (stage_, other))
    differs = ground.differ(stage_, other, (*ground.compared, *ground.overwritten))
    rivals = and_(
        ground.on_key(stage_, other),
        time == rival,
        or_(stage_.c.mp_del != other.c.mp_del, and_(not_(stage_.c.mp_del), differs)),
    )
    ground.index(stage.STAGE, ground.keys)
    guilty = ground.temporary("mp_doubtful", ground.key_types())
    query = select(*ground.key_of(stage_)).select_from(stage_.join(other, rivals)).distinct()
    if not ground.fill(guilty, query):
        return 0
    ground.fill(ground.rejected_keys, select(*ground.key_of(guilty)))
    return ground.run(stage_.delete().where(exists().where(ground.on_key(stage_, guilty))))


def _newest(ground: Ground) -> TableClause:
    """Per key, the row that decides what is current: the newest, the last of several."""
    stage_ = ground.stage
    order = [ground.database.moment(stage_.c.mp_eff).desc(), stage_.c.mp_rid.desc()]
    place = func.row_number().over(partition_by=ground.key_of(stage_), order_by=order)
    ranked = select(stage_.c.mp_rid, place.label("mp_place")).subquery("ranked")
    newest = ground.temporary(NEWEST, [("mp_rid", "bigint")])
    ground.fill(newest, select(ranked.c.mp_rid).where(ranked.c.mp_place == 1))
    return newest


def _checks(ground: Ground, newest: TableClause) -> list[tuple[str, str, Select[Any]]]:
    """Name, what should be, and the keys for which it is not."""
    given, held = ground.stage, ground.target.alias("held")
    decides = exists().where(newest.c.mp_rid == given.c.mp_rid)
    current = ground.version(held, "curflg") == "Y" if ground.job.versioned else true()
    there = and_(current, ground.in_slice(held))
    same_key = ground.on_key(given, held)
    has_one = exists().where(same_key, there).select_from(held)
    not_given = [
        ~exists().where(ground.on_key(one, held)).select_from(one)
        for one in (given, ground.rejected_keys)
    ]
    keys = select(*ground.key_of(given)).where(decides)
    pairs = keys.select_from(given.join(held, and_(same_key, there)))
    absent = keys.where(not_(given.c.mp_del), ~has_one)
    return [
        ("missing", "every key of the source is current", absent),
        (
            "differing",
            "what is current has the source's values",
            pairs.where(not_(given.c.mp_del), _differ(ground, given, held)),
        ),
        (
            "ended",
            "no key that the source deleted is current",
            pairs.where(given.c.mp_del, _not_newer(ground, given, held)),
        ),
        (
            "extra",
            "every current key is in the source",
            select(*ground.key_of(held)).where(there, *not_given),
        ),
    ]


def _differ(ground: Ground, given: FromClause, held: FromClause) -> ColumnElement[bool]:
    differs = ground.differ(given, held, (*ground.compared, *ground.overwritten))
    return and_(differs, _not_newer(ground, given, held))


def _not_newer(ground: Ground, given: FromClause, held: FromClause) -> ColumnElement[bool]:
    """What the target holds is not from a later row than the source's last."""
    if not ground.dated or ground.job.effective_from is None:
        return true()
    return ground.begin_of(held) <= ground.database.moment(given.c.mp_eff)


def _check(ground: Ground, name: str, promise: str, keys: Select[Any]) -> Check:
    found = keys.subquery("found")
    broken = ground.count(found)
    if not broken:
        return Check(name, promise, 0)
    some = select(*[cast(found.c[key], Text) for key in ground.keys]).limit(EXAMPLES)
    rows = ground.writer.execute(some).all()
    return Check(
        name, promise, broken, tuple(dict(zip(ground.keys, row, strict=True)) for row in rows)
    )
