"""One run between a forgetful broker, workers that die, and one target: what each of them knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from mapper_tasks.ledger import Ledger
from mapper_tasks.ledger.tables import joberr, joblog, prcreq
from mapper_tasks.model.run import Chunk, Claim, Run
from mapper_tasks.model.status import CHUNK_CHANGES, RUN_CHANGES, ChunkStatus, RunStatus
from mapper_tasks.model.tally import Tally

EXECUTE, CHUNK, FINALIZE = "execute", "chunk", "finalize"
Message = tuple[str, int]  # what it asks for, and the chunk's number or 0


@dataclass
class Broker:
    """Delivers in any order, forgets, and repeats whatever was ever sent."""

    waiting: list[Message] = field(default_factory=list)
    ever: list[Message] = field(default_factory=list)

    def send(self, *messages: Message) -> None:
        self.waiting += messages
        self.ever += messages


@dataclass
class Coordinator:
    """Plans the run, for as long as its token is the ledger's."""

    token: str


@dataclass
class Worker:
    """An attempt at a chunk, as far as it has come."""

    claim: Claim
    rejected: int | None = None  # row errors that it has told the ledger of
    tally: Tally | None = None  # what it found in the target, or has committed to it

    @property
    def chunk_no(self) -> int:
        return self.claim.chunk_no


@dataclass
class Target:
    """Markers as the target keeps them: who writes one lets others wait, and the first stays."""

    writing: dict[int, Worker] = field(default_factory=dict)
    committed: dict[int, Tally] = field(default_factory=dict)

    def lets_in(self, worker: Worker) -> bool:
        """Whether the worker's transaction has its marker, or has found the one that stands."""
        worker.tally = self.committed.get(worker.chunk_no)
        if worker.tally is not None:
            return True
        return self.writing.setdefault(worker.chunk_no, worker) is worker

    def commit(self, worker: Worker) -> None:
        assert self.writing.pop(worker.chunk_no) is worker
        worker.tally = tally_of(worker.chunk_no, worker.rejected or 0)
        self.committed[worker.chunk_no] = worker.tally

    def roll_back(self, worker: Worker) -> None:
        if self.writing.get(worker.chunk_no) is worker:
            del self.writing[worker.chunk_no]
            worker.rejected = None


def tally_of(chunk_no: int, rejected: int) -> Tally:
    """One by which a chunk that is counted twice, or for another, is found out."""
    return Tally(source=10**chunk_no + rejected, inserted=10**chunk_no, rejected=rejected)


@dataclass(frozen=True)
class Seen:
    """All that the ledger has of the run at one moment."""

    run: Run
    chunks: list[Chunk]
    logged: list[int]  # chunk numbers in DMS_JOBLOG
    rejected: list[int]  # chunk numbers in DMS_JOBERR
    requests: list[str]

    @classmethod
    def of(cls, ledger: Ledger, prcid: int) -> Seen:
        def column(of: Any) -> list[Any]:
            query = select(of).where(of.table.c.prcid == prcid)
            return ledger._read(lambda connection: list(connection.scalars(query)))

        return cls(
            ledger.run(prcid),
            ledger.chunks(prcid),
            column(joblog.c.chunk_no),
            column(joberr.c.chunk_no),
            column(prcreq.c.status),
        )

    @property
    def applied(self) -> list[Chunk]:
        return [chunk for chunk in self.chunks if chunk.status is ChunkStatus.APPLIED]

    def assert_follows(self, before: Seen) -> None:
        """Run and chunks have changed as is legal, by one change at most."""
        was, now = before.run.status, self.run.status
        assert was is now or (was, now) in RUN_CHANGES, f"the run went from {was} to {now}"
        for one, then in zip(before.chunks, self.chunks, strict=False):
            change = (one.status, then.status)
            assert one.status is then.status or change in CHUNK_CHANGES, f"a chunk: {change}"

    def assert_counted_once(self, committed: dict[int, Tally]) -> None:
        applied = self.applied
        assert self.run.tally == sum((chunk.tally for chunk in applied), Tally())
        assert sorted(self.logged) == [chunk.chunk_no for chunk in applied]
        for chunk in applied:
            assert committed.get(chunk.chunk_no) == chunk.tally
            assert self.rejected.count(chunk.chunk_no) == chunk.tally.rejected

    def assert_end_is_true(self, reached: str) -> None:
        run, statuses = self.run, {chunk.status for chunk in self.chunks}
        assert (run.checkpoint == reached) == (run.status is RunStatus.SUCCESS)
        if run.status is RunStatus.SUCCESS:
            assert statuses == {ChunkStatus.APPLIED}
        if run.status.final:
            assert ChunkStatus.RUNNING not in statuses
            assert "CLAIMED" not in self.requests


def one_of(things: Sequence[Any], which: int) -> Any:
    return things[which % len(things)]
