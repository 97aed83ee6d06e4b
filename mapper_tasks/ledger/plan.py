"""Planning: one coordinator at a time, and one plan for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import func, insert, null, or_, update

from mapper_tasks.ledger.checkpoints import checkpoint
from mapper_tasks.ledger.plan_json import encode_plan
from mapper_tasks.ledger.runs import lock
from mapper_tasks.ledger.tables import prcchunk, prclog
from mapper_tasks.ledger.types import LedgerNow
from mapper_tasks.model.status import ChunkStatus, RunStatus

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mapper_tasks.model.run import Plan, PlannedChunk

ROWS_AT_ONCE = 5000


def claim_planning(connection: Connection, prcid: int, worker: str, lease_seconds: float) -> bool:
    """Whether this worker is now the one coordinator of the PENDING run."""
    free = or_(prclog.c.token.is_(None), prclog.c.lease_until < LedgerNow())
    claimed = connection.execute(
        update(prclog)
        .where(prclog.c.prcid == prcid, prclog.c.status == RunStatus.PENDING, free)
        .values(
            token=str(uuid4()),
            lease_until=LedgerNow(lease_seconds),
            worker=worker,
            strtdt=func.coalesce(prclog.c.strtdt, LedgerNow()),
            recupdt=LedgerNow(),
        )
    )
    return claimed.rowcount == 1


def record_plan(connection: Connection, prcid: int, plan: Plan) -> bool:
    """PENDING to RUNNING, with the plan and its chunks; False: the run is PENDING no more."""
    planned = connection.execute(
        update(prclog)
        .where(prclog.c.prcid == prcid, prclog.c.status == RunStatus.PENDING)
        .values(
            status=RunStatus.RUNNING,
            plan=encode_plan(plan),
            chunks=len(plan.chunks),
            est_rows=plan.estimate.rows,
            max_workers=plan.max_workers,
            strtdt=func.coalesce(prclog.c.strtdt, LedgerNow()),
            token=null(),
            lease_until=null(),
            recupdt=LedgerNow(),
        )
    )
    if planned.rowcount != 1:
        return False
    for start in range(0, len(plan.chunks), ROWS_AT_ONCE):
        some = plan.chunks[start : start + ROWS_AT_ONCE]
        connection.execute(insert(prcchunk), [_chunk_row(prcid, chunk) for chunk in some])
    return True


def _chunk_row(prcid: int, chunk: PlannedChunk) -> dict[str, Any]:
    return {
        "prcid": prcid,
        "chunk_no": chunk.chunk_no,
        "slice": chunk.slice.as_json(),
        "status": ChunkStatus.PENDING,
        "est_rows": chunk.rows,
    }


def fail_planning(connection: Connection, prcid: int, message: str) -> bool:
    """PENDING to FAILED: the job could not be planned. False: the run is PENDING no more."""
    run = lock(connection, prcid)
    if run.status != RunStatus.PENDING:
        return False
    connection.execute(
        update(prclog)
        .where(prclog.c.prcid == prcid)
        .values(
            status=RunStatus.FAILED,
            prclog=message,
            param1=checkpoint(connection, run.mapref),
            strtdt=func.coalesce(prclog.c.strtdt, LedgerNow()),
            enddt=LedgerNow(),
            token=null(),
            lease_until=null(),
            recupdt=LedgerNow(),
        )
    )
    return True
