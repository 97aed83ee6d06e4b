"""Chunks: how the work on one ends, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, insert, null, select, update

from mapper_tasks.ledger.claims import MAX_ATTEMPTS, holds, left_behind, row_of
from mapper_tasks.ledger.records import chunk_of, run_columns
from mapper_tasks.ledger.runs import ALIVE, lock
from mapper_tasks.ledger.tables import joberr, joblog, prcchunk, prclog
from mapper_tasks.ledger.types import LedgerNow
from mapper_tasks.model.status import ChunkStatus

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from mapper_tasks.model.run import Chunk, Claim
    from mapper_tasks.model.tally import Tally


def finish_chunk(
    connection: Connection, claim: Claim, tally: Tally, seconds: dict[str, float]
) -> bool:
    """RUNNING to APPLIED. True again when asked again; False: the claim is not ours any more."""
    run = lock(connection, claim.prcid)
    if run.status not in ALIVE or not _apply(connection, claim, tally, seconds):
        return _has_finished(connection, claim)
    joblogid = _log(connection, run, claim, tally)
    _settle_row_errors(connection, claim, tally, joblogid)
    _add_up(connection, claim, tally)
    return True


def _apply(connection: Connection, claim: Claim, tally: Tally, seconds: dict[str, float]) -> bool:
    applied = connection.execute(
        update(prcchunk)
        .where(holds(claim))
        .values(
            status=ChunkStatus.APPLIED,
            lease_until=null(),
            heartbeat=LedgerNow(),
            enddt=LedgerNow(),
            seconds=seconds,
            error=null(),
            **tally.as_dict(),
        )
    )
    return applied.rowcount == 1


def _has_finished(connection: Connection, claim: Claim) -> bool:
    """Whether this very claim applied the chunk before: its answer may have been lost."""
    row = row_of(connection, claim.prcid, claim.chunk_no)
    return bool(row.status == ChunkStatus.APPLIED and row.token == claim.token)


def _log(connection: Connection, run: Row[Any], claim: Claim, tally: Tally) -> int:
    result = connection.execute(
        insert(joblog).values(
            prcdt=LedgerNow(),
            mapref=run.mapref,
            jobid=run.jobid,
            srcrows=tally.source,
            trgrows=tally.target,
            errrows=tally.rejected,
            prcid=claim.prcid,
            sessionid=run.sessionid,
            reccrdt=LedgerNow(),
            chunk_no=claim.chunk_no,
        )
    )
    key = result.inserted_primary_key
    assert key is not None  # noqa: S101  # for the type checker: one row was inserted
    return int(key[0])


def _settle_row_errors(connection: Connection, claim: Claim, tally: Tally, joblogid: int) -> None:
    """The chunk's row errors get their line of the log; those of an attempt undone go."""
    of_chunk = and_(joberr.c.prcid == claim.prcid, joberr.c.chunk_no == claim.chunk_no)
    if tally.rejected:
        connection.execute(update(joberr).where(of_chunk).values(joblogid=joblogid))
    else:
        connection.execute(delete(joberr).where(of_chunk))


def _add_up(connection: Connection, claim: Claim, tally: Tally) -> None:
    """Bring DMS_PRCLOG up to date: with every chunk, because adding costs the same for each."""
    counts = {name: prclog.c[name] + count for name, count in run_columns(tally).items()}
    connection.execute(
        update(prclog).where(prclog.c.prcid == claim.prcid).values(recupdt=LedgerNow(), **counts)
    )


def fail_chunk(connection: Connection, claim: Claim, message: str) -> bool:
    """RUNNING to FAILED. False: the claim is not ours any more."""
    lock(connection, claim.prcid)
    failed = connection.execute(
        update(prcchunk)
        .where(holds(claim))
        .values(
            status=ChunkStatus.FAILED,
            token=null(),
            lease_until=null(),
            enddt=LedgerNow(),
            error=message,
        )
    )
    return failed.rowcount == 1


def release_chunk(
    connection: Connection,
    claim: Claim,
    message: str,
    *,
    retry: bool,
    again_in: float | None = None,
) -> bool:
    """RUNNING to PENDING, to be tried again. False: the claim is not ours any more.

    `retry`: the attempt went wrong; the last of MAX_ATTEMPTS leaves the chunk FAILED. Without it
    the chunk is merely given back, as when its run stops. `again_in`: the seconds after which its
    message comes again; without it, the chunk is to be dispatched anew.
    """
    if retry and claim.attempt >= MAX_ATTEMPTS:
        return fail_chunk(connection, claim, f"given up after {claim.attempt} attempts: {message}")
    lock(connection, claim.prcid)
    released = connection.execute(
        update(prcchunk)
        .where(holds(claim))
        .values(
            status=ChunkStatus.PENDING,
            token=null(),
            lease_until=null(),
            heartbeat=LedgerNow(),
            error=message,
            **_sent_again(again_in),
        )
    )
    return released.rowcount == 1


def _sent_again(again_in: float | None) -> dict[str, Any]:
    if again_in is None:
        return {"dispatched_at": null(), "task_id": null()}
    return {"dispatched_at": LedgerNow(again_in), "sends": 1}


def fence_left_behind(connection: Connection, prcid: int) -> int:
    """Take the run's chunks from workers that are gone: RUNNING to PENDING. How many."""
    fenced = connection.execute(
        update(prcchunk)
        .where(prcchunk.c.prcid == prcid, left_behind())
        .values(
            status=ChunkStatus.PENDING,
            token=null(),
            lease_until=null(),
            dispatched_at=null(),
            task_id=null(),
            workers_lost=prcchunk.c.workers_lost + 1,
        )
    )
    return fenced.rowcount


def first_failed(connection: Connection, prcid: int) -> Chunk | None:
    row = connection.execute(
        select(prcchunk)
        .where(prcchunk.c.prcid == prcid, prcchunk.c.status == ChunkStatus.FAILED)
        .order_by(prcchunk.c.enddt, prcchunk.c.chunk_no)
        .limit(1)
    ).one_or_none()
    return None if row is None else chunk_of(row)
