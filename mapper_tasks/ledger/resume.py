"""Resume: a run that ended early goes on with the chunks that are not applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import null, update

from mapper_tasks.ledger.runs import lock, run
from mapper_tasks.ledger.tables import prcchunk, prclog
from mapper_tasks.ledger.types import LedgerNow
from mapper_tasks.model.errors import RunAlive, RunOver
from mapper_tasks.model.status import ChunkStatus, RunStatus

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from mapper_tasks.model.run import Run


def resume(connection: Connection, prcid: int, *, here: bool = False) -> Run:
    """STOPPED or FAILED to RUNNING; to PENDING when the run has no plan yet, or needs a new moment.

    What is not applied is undispatched again, with all its attempts before it. Its row errors
    stay for now: should the target have it already, no attempt will find them again. Raises RunOver
    (MAP-5005) for a SUCCESS run and RunAlive (MAP-5010) for one that has not ended. `here`: one
    process does the rest of it by itself.
    """
    row = lock(connection, prcid)
    if row.status == RunStatus.SUCCESS:
        raise RunOver(f"run {prcid} is {row.status}: every chunk is applied")
    if not RunStatus(row.status).final:
        raise RunAlive(f"run {prcid} is {row.status}")
    _reopen_chunks(connection, prcid)
    connection.execute(
        update(prclog)
        .where(prclog.c.prcid == prcid)
        .values(
            status=RunStatus.PENDING if _needs_coordinator(row) else RunStatus.RUNNING,
            enddt=null(),
            prclog=null(),
            cancelled=null(),
            stop_now=0,
            sends=0,
            due_at=null(),
            here=int(here),
            recupdt=LedgerNow(),
        )
    )
    return run(connection, prcid)


def _needs_coordinator(run: Row[Any]) -> bool:
    """Whether there is no plan yet, or the moment that the plan's chunks read is kept no more."""
    return run.plan is None or run.moments > 0


def _reopen_chunks(connection: Connection, prcid: int) -> None:
    connection.execute(
        update(prcchunk)
        .where(prcchunk.c.prcid == prcid, prcchunk.c.status != ChunkStatus.APPLIED)
        .values(
            status=ChunkStatus.PENDING,
            attempt=0,
            workers_lost=0,
            token=null(),
            lease_until=null(),
            dispatched_at=null(),
            task_id=null(),
            sends=0,
            heartbeat=null(),
            enddt=null(),
            error=null(),
        )
    )
