"""The spool: the source read once, mapped and checked, kept in the target until the run is over.

It is made in one transaction with its row in DMS_SPOOL, so it is there whole or not at all. The
primary key there lets one of several makers make it; the others wait, and then find it.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    and_,
    cast,
    column,
    delete,
    insert,
    null,
    select,
    table,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

from mapper_tasks.etl import stage
from mapper_tasks.etl.stage import REJECTED_KEYS, STAGE, Staged
from mapper_tasks.etl.staging import Staging, key_text
from mapper_tasks.mapping import Mapping
from mapper_tasks.mapping.spooled import spooled_job
from mapper_tasks.model.run import RowError, Window
from mapper_tasks.model.slices import Slice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, Connection, TableClause

    from mapper_tasks.dialects import Database
    from mapper_tasks.etl.load import ChunkWork

METADATA = MetaData()

SPOOLS = Table(
    "dms_spool",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("prcid", BigInteger, nullable=False),
    Column("run_key", String(36), nullable=False),
    Column("skipped", BigInteger),
)

ERRORS = Table(
    "dms_spoolerr",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("placed", Integer, nullable=False),  # 0: its key lies in no slice that is known
    Column("errtyp", String(20), nullable=False),
    Column("errmsg", Text),
    Column("keyvalue", Text),
    Column("dberrmsg", Text),
)

EVERYTHING = Slice(with_nulls=True)


def name_for(token: str) -> str:
    """The spool that the coordinator with this token (a uuid) makes."""
    return f"dms_spool_{token.replace('-', '')[:20]}"


# ---- making it


def ensure(work: ChunkWork) -> None:
    """Make the spool of the work's run unless it stands. Raises what staging raises."""
    _create_registry(work.target)
    if _stands(work):
        return
    try:
        _make(work)
    except IntegrityError:
        if not _stands(work):
            raise


def _create_registry(database: Database) -> None:
    try:
        METADATA.create_all(database.engine)
    except DBAPIError:  # another does so now
        METADATA.create_all(database.engine)


def _stands(work: ChunkWork) -> bool:
    with work.target.reading() as reader:
        found = select(SPOOLS.c.name).where(SPOOLS.c.name == work.spool)
        return reader.execute(found).first() is not None


def _make(work: ChunkWork) -> None:
    name = _name_of(work)
    with work.target.writing() as writer, work.at_work(work.target, writer):
        writer.execute(insert(SPOOLS).values(name=name, prcid=work.prcid, run_key=work.run_key))
        with work.source.reading() as reader, work.at_work(work.source, reader):
            mapping = Mapping.between(work.job, work.source, reader, work.target, writer)
            given = (EVERYTHING, work.window, work.effective_at, reader, writer)
            staged = stage.fill(work.job, mapping, *given, work.functions, work.check)
            staging = Staging(mapping, *given)
        work.target.make_spool(writer, name, staging.columns)
        _keep(staging, name)
        work.target.settle_spool(writer, name, staging.keys)
        _keep_errors(staging, name, staged.rejected)
        skipped = update(SPOOLS).where(SPOOLS.c.name == name).values(skipped=staged.skipped)
        writer.execute(skipped)
        work.check()


def _keep(staging: Staging, name: str) -> None:
    """The staged rows, and the keys of the rejected ones with no number."""
    names = [one.name for one in staging.columns]
    into = table(name, *[column(one) for one in names])
    rows = table(STAGE, *[column(one) for one in names])
    staging.writer.execute(insert(into).from_select(names, select(*rows.c)))
    keys = staging.rejected_keys
    staging.writer.execute(insert(into).from_select(list(staging.keys), select(*keys.c).distinct()))


def _keep_errors(staging: Staging, name: str, errors: Sequence[RowError]) -> None:
    if not errors:
        return
    known = _key_texts(staging.writer, staging.rejected_keys, staging.keys, None)
    rows = [
        {"name": name, "n": n, "placed": int(error.keyvalue in known), **asdict(error)}
        for n, error in enumerate(errors, start=1)
    ]
    staging.writer.execute(insert(ERRORS), rows)


def _key_texts(
    connection: Connection,
    rows: TableClause,
    keys: Sequence[str],
    which: ColumnElement[bool] | None,
) -> set[str]:
    query = select(*[cast(rows.c[name], Text) for name in keys])
    found = connection.execute(query if which is None else query.where(which))
    return {key_text(dict(zip(keys, row, strict=True))) for row in found}


# ---- reading it


def reading(work: ChunkWork) -> ChunkWork:
    """The same chunk of the same run, from its spool."""
    job = spooled_job(work.job, _name_of(work))
    return replace(work, job=job, source=work.target, window=Window())


def with_rejected(work: ChunkWork, mapping: Mapping, writer: Connection, staged: Staged) -> Staged:
    """What was staged from the spool, with the rows of the slice that never came into it.

    Rejected rows whose key is not known, and those that `transform` skipped, count in the first
    slice.
    """
    name, keys, part = _name_of(work), mapping.job.target.business_key, work.slice
    spool = table(name, column("mp_rid"), *[column(key) for key in keys])
    inside = mapping.in_target_slice(spool, part)
    rejected = spool.c.mp_rid.is_(null())
    which = rejected if inside is None else and_(rejected, inside)
    known = select(*[spool.c[key] for key in keys]).where(which)
    into = table(REJECTED_KEYS, *[column(key) for key in keys])
    writer.execute(insert(into).from_select(list(keys), known))
    errors = _errors_of(writer, name, part, _key_texts(writer, spool, keys, which))
    skipped = _skipped(writer, name) if part.with_nulls else 0
    return replace(
        staged,
        source_rows=staged.source_rows + len(errors) + skipped,
        rejected=[*errors, *staged.rejected],
        skipped=skipped,
    )


def _errors_of(writer: Connection, name: str, part: Slice, keys: set[str]) -> list[RowError]:
    query = select(ERRORS).where(ERRORS.c.name == name).order_by(ERRORS.c.n)
    return [
        RowError(row.errtyp, row.errmsg, row.keyvalue, row.dberrmsg)
        for row in writer.execute(query)
        if (row.keyvalue in keys if row.placed else part.with_nulls)
    ]


def _skipped(writer: Connection, name: str) -> int:
    return writer.execute(select(SPOOLS.c.skipped).where(SPOOLS.c.name == name)).scalar_one() or 0


def _name_of(work: ChunkWork) -> str:
    assert work.spool is not None  # noqa: S101 - for the types: only spooled work comes here
    return work.spool


# ---- dropping it


def drop(database: Database, *, name: str | None = None, run_key: str | None = None) -> None:
    """Drop the spool of this name, or all of a run. Fails rather than wait for a reader of it."""
    which = SPOOLS.c.name == name if run_key is None else SPOOLS.c.run_key == run_key
    with database.hasty() as writer:
        if database.table(writer, SPOOLS.name) is None:
            return
        for found in writer.execute(select(SPOOLS.c.name).where(which)).scalars().all():
            _drop(database, writer, found)


def drop_those_over(database: Database, is_over: Callable[[int, str], bool | None]) -> None:
    """Drop what runs that are over have left behind."""
    _create_registry(database)
    with database.reading() as reader:
        found = reader.execute(select(SPOOLS.c.name, SPOOLS.c.prcid, SPOOLS.c.run_key)).all()
    for name, prcid, run_key in found:
        if is_over(prcid, run_key):
            drop(database, name=name)


def _drop(database: Database, writer: Connection, name: str) -> None:
    database.drop_spool(writer, name)
    for one in (ERRORS, SPOOLS):
        rows: Any = one
        writer.execute(delete(rows).where(rows.c.name == name))
