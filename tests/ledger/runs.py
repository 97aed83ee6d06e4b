"""Runs as the ledger's tests need them: submitted, planned, some chunks ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mapper_tasks.ledger import Ledger
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import Chunk, Claim, Estimate, Plan, PlannedChunk, RowError, Window
from mapper_tasks.model.slices import slices_between
from mapper_tasks.model.status import RunStatus
from mapper_tasks.model.tally import Tally

TALLY = Tally(source=10, inserted=3, updated=1, expired=1, unchanged=5, rejected=1)
MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678900, tzinfo=UTC)
FAULT = RowError("MAP-3004", "the value was refused", '{"id": "7"}', "value too long")


def a_job(mapref: str = "DIM_CUSTOMER", **more: Any) -> Job:
    return Job.read(
        {
            "mapref": mapref,
            "jobid": 42,
            "source": {"connection": "crm", "table": "customers"},
            "target": {
                "connection": "warehouse",
                "table": "dim_customer",
                "business_key": ["id"],
                "columns": {"id": "id"},
            },
            **more,
        }
    )


def a_plan(chunks: int = 3, max_workers: int | None = None, reached: str | None = None) -> Plan:
    slices = slices_between([(n * 100,) for n in range(1, chunks)])[:chunks]
    planned = tuple(PlannedChunk(n, part, 10) for n, part in enumerate(slices, start=1))
    return Plan(
        estimate=Estimate(chunks * 10, "exact"),
        parallel=True,
        reason="there is enough of it",
        chunks=planned,
        effective_at=MOMENT,
        window=Window(columns=("id",), upto=(7,), reached=reached),
        max_workers=max_workers,
    )


@dataclass
class Runs:
    """Takes a run to the point where a test begins."""

    ledger: Ledger

    def planned(self, chunks: int = 3, **plan: Any) -> int:
        prcid = self.ledger.submit(a_job())
        assert self.ledger.record_plan(prcid, a_plan(chunks, **plan))
        return prcid

    def claim(self, prcid: int, chunk_no: int = 1, seconds: float = 60) -> Claim:
        claim = self.ledger.claim_chunk(prcid, chunk_no, "worker", seconds)
        assert isinstance(claim, Claim)
        return claim

    def apply(self, prcid: int, chunk_no: int = 1, tally: Tally = TALLY) -> None:
        assert self.ledger.finish_chunk(self.claim(prcid, chunk_no), tally, {"extract": 0.5})

    def fail(self, prcid: int, chunk_no: int = 1, message: str = "broken") -> None:
        assert self.ledger.fail_chunk(self.claim(prcid, chunk_no), message)

    def chunk(self, prcid: int, chunk_no: int = 1) -> Chunk:
        return self.ledger.chunks(prcid)[chunk_no - 1]

    def status(self, prcid: int) -> RunStatus:
        return self.ledger.run(prcid).status

    def brought_to(self, status: RunStatus) -> int:
        """A run of one chunk that has this status."""
        if status is RunStatus.PENDING:
            return self.ledger.submit(a_job())
        prcid = self.planned(1)
        match status:
            case RunStatus.STOPPING | RunStatus.STOPPED:
                self.ledger.request_stop(prcid)
            case RunStatus.SUCCESS:
                self.apply(prcid)
            case RunStatus.FAILED:
                self.fail(prcid)
        if status.final:
            assert self.ledger.finalize(prcid)
        assert self.status(prcid) is status
        return prcid
