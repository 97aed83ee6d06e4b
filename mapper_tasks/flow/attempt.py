"""One attempt at a chunk: whatever ends it, the ledger is told before it is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from mapper_tasks.etl.load import ChunkWork, Loaded, load_chunk
from mapper_tasks.flow import moments
from mapper_tasks.flow.events import Event
from mapper_tasks.flow.faults import code_of, in_words, is_passing
from mapper_tasks.flow.functions import resolve
from mapper_tasks.flow.heartbeat import Heartbeat
from mapper_tasks.flow.interrupting import AtWork
from mapper_tasks.flow.patience import pause_after
from mapper_tasks.ledger import MAX_ATTEMPTS
from mapper_tasks.model.errors import ClaimLost, MomentGone, StopAsked
from mapper_tasks.model.status import ChunkStatus
from mapper_tasks.model.tally import Tally

if TYPE_CHECKING:
    from types import TracebackType

    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.run import Claim, Run


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a chunk. Without a status it was not ours to work on.

    `again_in`: seconds after which whoever brought the chunk is to bring it again.
    """

    prcid: int
    chunk_no: int
    status: ChunkStatus | None = None
    tally: Tally = field(default_factory=Tally)
    again_in: float | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "prcid": self.prcid,
            "chunk_no": self.chunk_no,
            "status": self.status,
            **self.tally.as_dict(),
        }


def attempt(site: Site, run: Run, claim: Claim) -> Outcome:
    """Load the claimed chunk. Raises only when the ledger itself cannot be told."""
    with Attempt(site, run, claim) as this:
        this.applied(load_chunk(this.work()))
    return this.outcome


class Attempt:
    """A claim at work, its heart beating."""

    def __init__(self, site: Site, run: Run, claim: Claim) -> None:
        self._site, self._run, self._claim = site, run, claim
        self._at_work = AtWork()
        self._heart = Heartbeat.of_chunk(site, claim, self._at_work.interrupt)
        self.outcome = Outcome(claim.prcid, claim.chunk_no)

    def __enter__(self) -> Self:
        self._tell(Event.CHUNK_STARTED, attempt=self._claim.attempt)
        self._heart.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        self._heart.__exit__(kind, fault, traceback)
        if not isinstance(fault, Exception):
            return False  # well, or the process is to end: then the claim runs out by itself
        # Whatever was raised by a statement that was cancelled, it was cancelled for a reason.
        self._ended_by(self._heart.verdict() or fault)
        return True

    def work(self) -> ChunkWork:
        run, job, plan = self._run, self._run.job, self._run.plan
        if plan is None:
            raise ClaimLost(f"run {run.prcid} has no plan")
        return ChunkWork(
            job=job,
            prcid=run.prcid,
            run_key=run.run_key,
            chunk_no=self._claim.chunk_no,
            slice=self._claim.slice,
            effective_at=plan.effective_at,
            window=plan.window,
            source=self._site.databases(job.source.connection),
            target=self._site.databases(job.target.connection),
            moment=run.moment,
            functions=resolve(job, self._site.allowed_modules),
            on_row_errors=lambda errors: self._site.ledger.record_row_errors(
                self._claim, errors, job.max_error_rows
            ),
            check=self._heart.check,
            ask=self._heart.ask,
            at_work=self._at_work.on,
            spool=plan.spool,
        )

    def applied(self, loaded: Loaded) -> None:
        if not self._site.ledger.finish_chunk(self._claim, loaded.tally, loaded.seconds):
            self._tell(Event.CHUNK_LOST)
            return
        self._end(ChunkStatus.APPLIED, loaded.tally)
        self._tell(Event.CHUNK_APPLIED, **loaded.tally.as_dict(), seconds=loaded.seconds)

    def _ended_by(self, fault: Exception) -> None:
        if isinstance(fault, ClaimLost):
            self._tell(Event.CHUNK_LOST)
        elif isinstance(fault, StopAsked):
            self._give_back(fault)
        elif is_passing(fault) and self._claim.attempt < MAX_ATTEMPTS:
            self._give_back(fault, pause_after(self._claim.attempt))
        else:
            if isinstance(fault, MomentGone):
                moments.lose(self._site, self._run, fault)
            self._fail(fault)

    def _give_back(self, fault: Exception, again_in: float | None = None) -> None:
        words, retry = in_words(self._site, self._run.job, fault), again_in is not None
        self._site.ledger.release_chunk(self._claim, words, retry=retry, again_in=again_in)
        self._end(ChunkStatus.PENDING, again_in=again_in)
        self._tell(Event.CHUNK_GIVEN_BACK, fault=code_of(fault))

    def _fail(self, fault: Exception) -> None:
        self._site.ledger.fail_chunk(self._claim, in_words(self._site, self._run.job, fault))
        self._end(ChunkStatus.FAILED)
        self._tell(Event.CHUNK_FAILED, fault=code_of(fault))

    def _end(
        self, status: ChunkStatus, tally: Tally | None = None, again_in: float | None = None
    ) -> None:
        claim = self._claim
        self.outcome = Outcome(claim.prcid, claim.chunk_no, status, tally or Tally(), again_in)

    def _tell(self, event: Event, **facts: Any) -> None:
        claim = self._claim
        self._site.tell(
            event,
            prcid=claim.prcid,
            mapref=self._run.job.mapref,
            chunk_no=claim.chunk_no,
            worker=self._site.worker,
            **facts,
        )
