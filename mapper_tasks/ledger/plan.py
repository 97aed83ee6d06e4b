"""Planning: one coordinator at a time, and one plan for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import and_, case, func, insert, null, or_, select, update

from mapper_tasks.ledger.checkpoints import checkpoint
from mapper_tasks.ledger.claims import Beat
from mapper_tasks.ledger.plan_json import encode_plan
from mapper_tasks.ledger.runs import lock
from mapper_tasks.ledger.tables import prcchunk, prclog
from mapper_tasks.ledger.types import LedgerNow
from mapper_tasks.model.status import ChunkStatus, RunStatus

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from mapper_tasks.model.run import Plan, PlannedChunk

ROWS_AT_ONCE = 5000


def unclaimed() -> ColumnElement[bool]:
    """No coordinator holds the run, or the one that did is gone."""
    return or_(prclog.c.token.is_(None), prclog.c.lease_until < LedgerNow())


def held_by(token: str | None) -> ColumnElement[bool]:
    """The coordinator of this token holds the run; without one: nobody does."""
    return unclaimed() if token is None else prclog.c.token == token


def claim_planning(
    connection: Connection, prcid: int, worker: str, lease_seconds: float
) -> str | None:
    """The token of the PENDING run's one coordinator; None: another one plans, or did."""
    token = str(uuid4())
    claimed = connection.execute(
        update(prclog)
        .where(prclog.c.prcid == prcid, prclog.c.status == RunStatus.PENDING, unclaimed())
        .values(
            token=token,
            lease_until=LedgerNow(lease_seconds),
            due_at=null(),
            worker=worker,
            strtdt=func.coalesce(prclog.c.strtdt, LedgerNow()),
            recupdt=LedgerNow(),
        )
    )
    return token if claimed.rowcount == 1 else None


def beat_run(connection: Connection, prcid: int, token: str, lease_seconds: float) -> Beat:
    """Extend a coordinator's claim of the run."""
    mine = and_(prclog.c.prcid == prcid, prclog.c.token == token)
    extended = connection.execute(
        update(prclog).where(mine).values(lease_until=LedgerNow(lease_seconds))
    )
    stop_now = connection.scalar(select(prclog.c.stop_now).where(prclog.c.prcid == prcid))
    return Beat(alive=extended.rowcount == 1, stop=bool(stop_now))


def look_run(connection: Connection, prcid: int, token: str) -> Beat:
    """What a beat would hear, without writing anything."""
    query = select(prclog.c.token, prclog.c.stop_now).where(prclog.c.prcid == prcid)
    row = connection.execute(query).one_or_none()
    return Beat(alive=row is not None and row.token == token, stop=bool(row and row.stop_now))


def hold_here(connection: Connection, prcid: int, lease_seconds: float) -> str | None:
    """The token of the one process that does the RUNNING run by itself; None: there is another."""
    token = str(uuid4())
    held = connection.execute(
        update(prclog)
        .where(
            prclog.c.prcid == prcid,
            prclog.c.status == RunStatus.RUNNING,
            prclog.c.here != 0,
            unclaimed(),
        )
        .values(token=token, lease_until=LedgerNow(lease_seconds), recupdt=LedgerNow())
    )
    return token if held.rowcount == 1 else None


def give_back_planning(
    connection: Connection, prcid: int, token: str, message: str, again_in: float
) -> bool:
    """The coordinator lets go of the PENDING run, which is to be sent again."""
    given = connection.execute(
        update(prclog)
        .where(
            prclog.c.prcid == prcid,
            prclog.c.status == RunStatus.PENDING,
            prclog.c.token == token,
        )
        .values(
            token=null(),
            lease_until=null(),
            due_at=LedgerNow(again_in),
            sends=0,
            prclog=message,
            recupdt=LedgerNow(),
        )
    )
    return given.rowcount == 1


def record_plan(connection: Connection, prcid: int, plan: Plan, token: str | None) -> bool:
    """PENDING to RUNNING, with the plan and its chunks.

    False: the run is PENDING no more, or another coordinator plans it now. The process that does
    a run all by itself goes on holding it.
    """
    still_held = prclog.c.here != 0
    planned = connection.execute(
        update(prclog)
        .where(prclog.c.prcid == prcid, prclog.c.status == RunStatus.PENDING, held_by(token))
        .values(
            status=RunStatus.RUNNING,
            plan=encode_plan(plan),
            chunks=len(plan.chunks),
            est_rows=plan.estimate.rows,
            max_workers=plan.max_workers,
            strtdt=func.coalesce(prclog.c.strtdt, LedgerNow()),
            token=case((still_held, prclog.c.token), else_=null()),
            lease_until=case((still_held, prclog.c.lease_until), else_=null()),
            moment=prclog.c.moment if plan.parallel else null(),
            moments=case((prclog.c.moment.is_not(None), 1), else_=0) if plan.parallel else 0,
            prclog=null(),
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


def fail_planning(connection: Connection, prcid: int, message: str, token: str | None) -> bool:
    """PENDING to FAILED: the job could not be planned.

    False: the run is PENDING no more, or another coordinator plans it now.
    """
    run = lock(connection, prcid)
    failed = connection.execute(
        update(prclog)
        .where(prclog.c.prcid == prcid, prclog.c.status == RunStatus.PENDING, held_by(token))
        .values(
            status=RunStatus.FAILED,
            prclog=message,
            param1=checkpoint(connection, run.mapref),
            strtdt=func.coalesce(prclog.c.strtdt, LedgerNow()),
            enddt=LedgerNow(),
            token=null(),
            lease_until=null(),
            moment=null(),
            recupdt=LedgerNow(),
        )
    )
    return failed.rowcount == 1
