"""The audit of a target: whether it keeps what mapper promises about versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, case, cast, column, func, not_, or_, select, table

from mapper_tasks.model.errors import MissingColumn, MissingTable
from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from sqlalchemy import ColumnClause, ColumnElement, Connection, Select, TableClause

    from mapper_tasks.dialects import Database
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.shape import TableShape

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One promise, and how often the target breaks it: 0 is right."""

    name: str
    promise: str
    broken: int
    examples: tuple[dict[str, str | None], ...] = ()  # business keys

    @property
    def kept(self) -> bool:
        return self.broken == 0


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit saw: how much it read, and each promise with what breaks it."""

    table: str
    rows: int
    current: int
    checks: tuple[Check, ...]

    @property
    def kept(self) -> bool:
        return all(check.kept for check in self.checks)


@dataclass(frozen=True)
class Target:
    """The job's target as expressions to build checks from."""

    database: Database
    job: Job
    shape: TableShape
    rows: TableClause = field(init=False)

    def __post_init__(self) -> None:
        columns: list[ColumnClause[Any]] = [column(name) for name in self.shape.by_name]
        rows = table(self.shape.name, *columns, schema=self.shape.schema)
        object.__setattr__(self, "rows", rows)

    @property
    def keys(self) -> list[ColumnElement[Any]]:
        return [self.rows.c[name] for name in self.job.target.business_key]

    def version(self, role: str) -> ColumnElement[Any]:
        name: str = getattr(self.job.target.version_columns, role)
        return self.rows.c[name]

    def moment(self, role: str) -> ColumnElement[Any]:
        return self.database.moment(self.version(role))

    @property
    def open(self) -> ColumnElement[bool]:
        """Whether a version is open, by its todt."""
        end = self.job.target.open_end
        if end is None:
            return self.version("todt").is_(None)
        moment = datetime.fromisoformat(end).replace(tzinfo=None)
        bound = self.database.bound(moment, Kind.TIMESTAMP)
        ends_there = self.moment("todt") == self.database.moment(bound)
        return and_(self.version("todt").is_not(None), ends_there)


def audit(job: Job, database: Database) -> Audit:
    """Check the job's target against the promises about versions, in one reading transaction.

    Raises MissingTable (MAP-1003) or MissingColumn (MAP-1004) when there is nothing to audit.
    """
    with database.reading() as connection:
        target = _target(connection, job, database)
        checks = tuple(
            _run(connection, target, name, promise, breaches)
            for name, promise, breaches in _checks(target)
        )
        rows = _count(connection, select(target.rows))
        current = _count(connection, select(target.rows).where(_current(target)))
    return Audit(target.shape.full_name, rows, current, checks)


def _target(connection: Connection, job: Job, database: Database) -> Target:
    name = job.target.table
    shape = database.table(connection, name)
    if shape is None:
        raise MissingTable(f"target.table: there is no {name!r} in {database.name!r}")
    needed = [*job.target.business_key]
    if job.target.versioned:
        versions = job.target.version_columns
        needed += [versions.curflg, versions.fromdt, versions.todt]
    absent = [column for column in needed if not shape.has(column)]
    if absent:
        raise MissingColumn(f"target.table: {name!r} has no column {', '.join(absent)}")
    return Target(database, job, shape)


def _checks(target: Target) -> list[tuple[str, str, Select[Any]]]:
    """Name, promise, and a query of the keys that break it (one row a breach)."""
    checks = [("key", "no business key has a NULL part", _null_keys(target))]
    if target.job.target.versioned:
        checks += [
            (
                "current",
                "a key has at most one current version",
                _several(target, _current(target)),
            ),
            ("curflg", "curflg is Y where todt is open, else N", _disagreeing(target)),
            ("interval", "fromdt is before todt", _turned(target)),
            ("overlap", "no two versions of a key overlap", _overlapping(target)),
        ]
    else:
        checks.append(("single", "a key has one row", _several(target)))
    if target.shape.has(target.job.target.version_columns.skey):
        checks.append(("skey", "every row has its own surrogate key", _shared_skey(target)))
    return checks


def _current(target: Target) -> ColumnElement[bool]:
    if not target.job.target.versioned:
        return target.keys[0].is_not(None)
    return target.version("curflg") == "Y"


def _null_keys(target: Target) -> Select[Any]:
    return select(*target.keys).where(or_(*[key.is_(None) for key in target.keys]))


def _several(target: Target, *among: ColumnElement[bool]) -> Select[Any]:
    known = [key.is_not(None) for key in target.keys]
    grouped = select(*target.keys).where(*known, *among).group_by(*target.keys)
    return grouped.having(func.count() > 1)


def _disagreeing(target: Target) -> Select[Any]:
    flag = target.version("curflg")
    agree = or_(and_(flag == "Y", target.open), and_(flag == "N", not_(target.open)))
    return select(*target.keys).where(or_(flag.is_(None), not_(agree)))


def _turned(target: Target) -> Select[Any]:
    begin, end = target.version("fromdt"), target.version("todt")
    ordered = target.moment("fromdt") < target.moment("todt")
    if target.job.target.open_end is None:
        return select(*target.keys).where(or_(begin.is_(None), not_(ordered)))
    return select(*target.keys).where(or_(begin.is_(None), end.is_(None), not_(ordered)))


def _overlapping(target: Target) -> Select[Any]:
    following = func.lead(target.moment("fromdt")).over(
        partition_by=target.keys,
        order_by=[target.moment("fromdt"), case((target.open, 1), else_=0)],
    )
    known = [key.is_not(None) for key in target.keys]
    lined_up = (
        select(*target.keys, target.moment("todt").label("own_end"), following.label("following"))
        .where(*known)
        .subquery()
    )
    keys = [lined_up.c[name] for name in target.job.target.business_key]
    endless = lined_up.c.own_end.is_(None)
    return select(*keys).where(
        lined_up.c.following.is_not(None), or_(endless, lined_up.c.own_end > lined_up.c.following)
    )


def _shared_skey(target: Target) -> Select[Any]:
    skey = target.version("skey")
    shared = select(skey).where(skey.is_not(None)).group_by(skey).having(func.count() > 1)
    return select(*target.keys).where(or_(skey.is_(None), skey.in_(shared)))


def _run(
    connection: Connection, target: Target, name: str, promise: str, breaches: Select[Any]
) -> Check:
    broken = _count(connection, breaches)
    examples = _examples(connection, target, breaches) if broken else ()
    return Check(name, promise, broken, examples)


def _count(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())


def _examples(
    connection: Connection, target: Target, breaches: Select[Any]
) -> tuple[dict[str, str | None], ...]:
    found = breaches.subquery()
    names = target.job.target.business_key
    some = select(*[cast(found.c[name], Text) for name in names]).limit(EXAMPLES)
    return tuple(dict(zip(names, row, strict=True)) for row in connection.execute(some))
