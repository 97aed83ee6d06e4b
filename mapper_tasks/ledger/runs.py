"""Runs: written, read, and locked by whoever decides about one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import insert, select

from mapper_tasks.ledger.records import run_of
from mapper_tasks.ledger.tables import prclog
from mapper_tasks.ledger.types import LedgerNow
from mapper_tasks.model.errors import UnknownRun
from mapper_tasks.model.status import RunStatus

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import Run

# Where a run's chunks may still change.
ALIVE = (RunStatus.RUNNING, RunStatus.STOPPING)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a run is asked for: in which session, by which request, and in what manner.

    `wait_for_target`: while its target is busy it waits. `here`: the process that submits it does
    it all, so that nobody else takes it on. `replays`: the run whose row errors it goes over.
    """

    sessionid: str | None = None
    request_key: str | None = None
    wait_for_target: bool = False
    here: bool = False
    replays: int | None = None


def submit(connection: Connection, job: Job, terms: Terms) -> int:
    """A new PENDING run of the job."""
    result = connection.execute(
        insert(prclog).values(
            sessionid=terms.sessionid,
            jobid=job.jobid,
            mapref=job.mapref,
            status=RunStatus.PENDING,
            jobspec=job.as_json(),
            run_key=str(uuid4()),
            request_key=terms.request_key,
            wait_for_target=int(terms.wait_for_target),
            here=int(terms.here),
            replays=terms.replays,
            reccrdt=LedgerNow(),
            recupdt=LedgerNow(),
        )
    )
    key = result.inserted_primary_key
    assert key is not None  # noqa: S101  # for the type checker: one row was inserted
    return int(key[0])


def submitted(connection: Connection, request_key: str) -> int | None:
    """The run that this request has made already."""
    return connection.scalar(select(prclog.c.prcid).where(prclog.c.request_key == request_key))


def run(connection: Connection, prcid: int) -> Run:
    row = connection.execute(select(prclog).where(prclog.c.prcid == prcid)).one_or_none()
    return run_of(_known(prcid, row))


def runs(connection: Connection, limit: int, mapref: str | None) -> list[Run]:
    """The latest runs, newest first."""
    query = select(prclog).order_by(prclog.c.prcid.desc()).limit(limit)
    if mapref is not None:
        query = query.where(prclog.c.mapref == mapref)
    return [run_of(row) for row in connection.execute(query)]


def lock(connection: Connection, prcid: int) -> Row[Any]:
    """The run's row, which nobody else can decide about until the transaction ends.

    Always the first lock of a transaction that changes the status of the run, of its chunks or of
    its requests, so that no two wait for each other, whatever index a server finds rows by.
    """
    query = select(prclog).where(prclog.c.prcid == prcid).with_for_update()
    return _known(prcid, connection.execute(query).one_or_none())


def takes_chunks(run: Row[Any]) -> bool:
    """Whether chunks of the run may start."""
    return run.status == RunStatus.RUNNING and run.cancelled is None


def _known(prcid: int, row: Row[Any] | None) -> Row[Any]:
    if row is None:
        raise UnknownRun(f"there is no run {prcid}")
    return row
