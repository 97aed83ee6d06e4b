"""Rows of the ledger as the model's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper_tasks.ledger.plan_json import decode_plan
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import Chunk, Run
from mapper_tasks.model.slices import Slice
from mapper_tasks.model.status import ChunkStatus, RunStatus
from mapper_tasks.model.tally import Tally

if TYPE_CHECKING:
    from sqlalchemy import Row


def run_of(row: Row[Any]) -> Run:
    return Run(
        prcid=row.prcid,
        job=Job.read(row.jobspec),
        status=RunStatus(row.status),
        plan=None if row.plan is None else decode_plan(row.plan),
        sessionid=row.sessionid,
        strtdt=row.strtdt,
        enddt=row.enddt,
        checkpoint=row.param1,
        tally=Tally(
            source=row.srcrows,
            inserted=row.inserted,
            updated=row.updated,
            expired=row.expired,
            unchanged=row.unchanged,
            rejected=row.errrows,
        ),
        message=row.prclog or "",
        chunks=row.chunks,
        run_key=row.run_key,
        waits_for_target=bool(row.wait_for_target),
        here=bool(row.here),
        moment=row.moment,
        replays=row.replays,
    )


def run_columns(tally: Tally) -> dict[str, int]:
    """A tally as columns of DMS_PRCLOG."""
    return {
        "srcrows": tally.source,
        "trgrows": tally.target,
        "errrows": tally.rejected,
        "inserted": tally.inserted,
        "updated": tally.updated,
        "expired": tally.expired,
        "unchanged": tally.unchanged,
    }


def chunk_of(row: Row[Any]) -> Chunk:
    return Chunk(
        prcid=row.prcid,
        chunk_no=row.chunk_no,
        slice=Slice.of_json(row.slice),
        status=ChunkStatus(row.status),
        task_id=row.task_id,
        attempt=row.attempt,
        worker=row.worker,
        heartbeat=row.heartbeat,
        tally=Tally.of(dict(row._mapping)),  # noqa: SLF001  # public, whatever its name
        seconds=row.seconds or {},
        rows=row.est_rows,
        error=row.error,
        strtdt=row.strtdt,
        enddt=row.enddt,
    )
