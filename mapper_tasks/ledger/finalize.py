"""Finalize: a run gets its final status once, from what its chunks say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, null, select, update

from mapper_tasks.ledger.checkpoints import checkpoint
from mapper_tasks.ledger.chunks import fence_left_behind, first_failed
from mapper_tasks.ledger.records import run_columns
from mapper_tasks.ledger.requests import complete_requests
from mapper_tasks.ledger.runs import ALIVE, lock, run, takes_chunks
from mapper_tasks.ledger.tables import prcchunk, prclog
from mapper_tasks.ledger.types import LedgerNow
from mapper_tasks.model.status import ChunkStatus, RunStatus
from mapper_tasks.model.tally import Tally

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from mapper_tasks.model.run import Run


@dataclass(frozen=True, slots=True)
class Chunks:
    """A run's chunks, counted by status. `tally`: of those applied."""

    applied: int = 0
    failed: int = 0
    pending: int = 0
    running: int = 0
    tally: Tally = field(default_factory=Tally)


def may_end(connection: Connection, prcid: int) -> bool:
    """Whether no chunk is at work, and none is to come."""
    row = connection.execute(select(prclog).where(prclog.c.prcid == prcid)).one_or_none()
    if row is None or row.status not in ALIVE:
        return False
    if _any(connection, prcid, ChunkStatus.RUNNING):
        return False
    return not (takes_chunks(row) and _any(connection, prcid, ChunkStatus.PENDING))


def _any(connection: Connection, prcid: int, status: ChunkStatus) -> bool:
    query = (
        select(prcchunk.c.chunk_no)
        .where(prcchunk.c.prcid == prcid, prcchunk.c.status == status)
        .limit(1)
    )
    return connection.scalar(query) is not None


def finalize(connection: Connection, prcid: int) -> Run | None:
    """The final run, to the one caller that ends it; None: not yet, or it has ended before.

    A run ends when every chunk has; one that takes no chunks any more, when none is at work.
    """
    row = lock(connection, prcid)
    if row.status not in ALIVE:
        return None
    ending = not takes_chunks(row)
    if ending:
        # Before they are counted: whoever held these claims hears at the next beat, or at the
        # end of the chunk, that they are gone.
        fence_left_behind(connection, prcid)
    found = _chunks(connection, prcid)
    if found.running or (found.pending and not ending):
        return None
    _close(connection, row, found)
    complete_requests(connection, prcid)
    return run(connection, prcid)


def _chunks(connection: Connection, prcid: int) -> Chunks:
    names = list(Tally().as_dict())
    query = (
        select(
            prcchunk.c.status,
            func.count().label("chunks"),
            *[func.sum(prcchunk.c[name]).label(name) for name in names],
        )
        .where(prcchunk.c.prcid == prcid)
        .group_by(prcchunk.c.status)
    )
    by_status = {row["status"]: row for row in connection.execute(query).mappings()}
    count = {status: int(row["chunks"]) for status, row in by_status.items()}
    applied = by_status.get(ChunkStatus.APPLIED)
    return Chunks(
        applied=count.get(ChunkStatus.APPLIED, 0),
        failed=count.get(ChunkStatus.FAILED, 0),
        pending=count.get(ChunkStatus.PENDING, 0),
        running=count.get(ChunkStatus.RUNNING, 0),
        tally=Tally() if applied is None else Tally.of({name: applied[name] for name in names}),
    )


def _final_status(row: Row[Any], found: Chunks) -> RunStatus:
    if row.cancelled is not None or found.failed:
        return RunStatus.FAILED
    if found.pending or row.plan is None:
        return RunStatus.STOPPED
    return RunStatus.SUCCESS


def _close(connection: Connection, row: Row[Any], found: Chunks) -> None:
    status = _final_status(row, found)
    if status is RunStatus.SUCCESS:
        reached = row.plan["window"]["reached"]
    else:
        reached = checkpoint(connection, row.mapref)
    connection.execute(
        update(prclog)
        .where(prclog.c.prcid == row.prcid, prclog.c.status == row.status)
        .values(
            status=status,
            strtdt=func.coalesce(prclog.c.strtdt, LedgerNow()),
            enddt=LedgerNow(),
            recupdt=LedgerNow(),
            param1=reached,
            prclog=_message(connection, row, status, found),
            token=null(),
            lease_until=null(),
            moment=null(),
            **run_columns(found.tally),
        )
    )


def _message(connection: Connection, row: Row[Any], status: RunStatus, found: Chunks) -> str:
    """The run in one sentence: why it did not end well, or what it did."""
    done = f"{found.applied} of {row.chunks} chunks applied, {_counts(found.tally)}"
    if status is RunStatus.STOPPED:
        return "stopped before it was planned" if row.plan is None else f"stopped: {done}"
    if row.cancelled is not None:
        return f"{row.cancelled}; {done}"
    failed = first_failed(connection, row.prcid)
    if failed is not None:
        others = f" (and {found.failed - 1} more)" if found.failed > 1 else ""
        return f"chunk {failed.chunk_no} failed{others}: {failed.error}"
    moments = "; resumed, so that not all was read at one moment" if row.moments > 1 else ""
    return f"{_chunks_in_words(row.chunks)}, {_counts(found.tally)}{moments}"


def _chunks_in_words(count: int) -> str:
    return "1 chunk" if count == 1 else f"{count} chunks"


def _counts(tally: Tally) -> str:
    """`100000 source rows: 2000 inserted, 98000 unchanged`; counts of nothing are left out."""
    counts = tally.as_dict()
    source = counts.pop("source")
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f"{source} source rows" + (f": {told}" if told else "")
