"""The ledger as its users see it: one short transaction a method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import IntegrityError

from mapper_tasks.ledger import (
    checkpoints,
    chunks,
    claims,
    dispatch,
    finalize,
    moments,
    plan,
    progress,
    requests,
    rescue,
    resume,
    row_errors,
    runs,
    schema,
)
from mapper_tasks.ledger.transactions import Transactions
from mapper_tasks.model.errors import TooManyRowErrors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from mapper_tasks.dialects import Database
    from mapper_tasks.ledger.claims import Beat
    from mapper_tasks.ledger.progress import Progress
    from mapper_tasks.ledger.rescue import Overdue
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import Chunk, Claim, Plan, RowError, Run
    from mapper_tasks.model.tally import Tally


class Ledger:
    """Runs, chunks, row errors and requests, in the metadata database.

    Safe for any number of threads and processes: what changes a status compares and changes in
    one. Of several callers one wins, and the others hear it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        transactions = Transactions(database)
        self._read, self._write = transactions.read, transactions.write

    @property
    def file(self) -> Path | None:
        """The file of the ledger that one at a time writes to; None: there is none."""
        return self._database.file

    # ---- the tables

    def upgrade(self) -> str:
        """Create the tables or bring them up to date; the revision they are then at."""
        return schema.upgrade(self._database)

    def check(self) -> None:
        """Raise LedgerOutdated (MAP-5001) where `mapper init` is needed.

        An empty SQLite file is made a ledger instead.
        """
        schema.check(self._database)

    # ---- runs

    def submit(
        self,
        job: Job,
        sessionid: str | None = None,
        request_key: str | None = None,
        *,
        wait_for_target: bool = False,
        here: bool = False,
        replays: int | None = None,
    ) -> int:
        """A new PENDING run's prcid. The same `request_key` gives the same run again.

        `wait_for_target`: while its target is busy it waits. `here`: the process that submits it
        does it all, so that no worker takes it on. `replays`: the run whose row errors these are.
        """
        terms = runs.Terms(sessionid, request_key, wait_for_target, here, replays)
        known = None if request_key is None else self._submitted(request_key)
        if known is not None:
            return known
        try:
            return self._write(runs.submit, job, terms)
        except IntegrityError:
            known = None if request_key is None else self._submitted(request_key)
            if known is None:
                raise
            return known

    def _submitted(self, request_key: str) -> int | None:
        return self._read(runs.submitted, request_key)

    def run(self, prcid: int) -> Run:
        """Raises UnknownRun (MAP-5002)."""
        return self._read(runs.run, prcid)

    def runs(self, limit: int = 20, mapref: str | None = None) -> list[Run]:
        """The latest runs, newest first."""
        return self._read(runs.runs, limit, mapref)

    def progress(self, prcid: int) -> Progress:
        """How far the run is; cheap enough to ask twice a second."""
        return self._read(progress.progress, prcid)

    def checkpoint(self, mapref: str) -> str | None:
        """How far the job has read its source: `param1` of its newest SUCCESS run."""
        return self._read(checkpoints.checkpoint, mapref)

    # ---- planning and dispatch

    def claim_planning(self, prcid: int, worker: str, lease_seconds: float = 60) -> str | None:
        """The token of the PENDING run's one coordinator; None: there is another, or a plan."""
        return self._write(plan.claim_planning, prcid, worker, lease_seconds)

    def beat_run(self, prcid: int, token: str, lease_seconds: float = 60) -> Beat:
        """Extend a coordinator's claim of the run."""
        return self._write(plan.beat_run, prcid, token, lease_seconds)

    def look_run(self, prcid: int, token: str) -> Beat:
        """Hear what a coordinator's beat would, without extending anything."""
        return self._read(plan.look_run, prcid, token)

    def give_back_planning(self, prcid: int, token: str, message: str, again_in: float) -> bool:
        """The PENDING run is to be tried again after `again_in` seconds."""
        return self._write(plan.give_back_planning, prcid, token, message, again_in)

    def record_plan(self, prcid: int, planned: Plan, token: str | None = None) -> bool:
        """PENDING to RUNNING, with all chunks; False: PENDING no more, or `token` is outdated."""
        return self._write(plan.record_plan, prcid, planned, token)

    def fail_planning(self, prcid: int, message: str, token: str | None = None) -> bool:
        """PENDING to FAILED; False: PENDING no more, or `token` is outdated.

        Without a token only a run that no coordinator holds is failed.
        """
        return self._write(plan.fail_planning, prcid, message, token)

    def dispatch(self, prcid: int, limit: int) -> list[tuple[int, str]]:
        """Take up to `limit` chunks to send now, as (chunk_no, fresh task_id)."""
        return self._write(dispatch.dispatch, prcid, limit)

    def outstanding_task_ids(self, prcid: int) -> list[str]:
        """The task ids of the chunks that were sent and have not ended."""
        return self._read(dispatch.outstanding_task_ids, prcid)

    # ---- the moment that all chunks read

    def moment(self, prcid: int) -> str | None:
        """The moment of its source that the run reads; None: it needs none, or none any more."""
        return self._read(moments.moment, prcid)

    def forget_moment(self, prcid: int, token: str) -> None:
        """The PENDING run waits for another moment; `token` is its coordinator's."""
        self._write(moments.forget_moment, prcid, token)

    def offer_moment(self, prcid: int, moment: str) -> bool:
        """It is the PENDING run's moment now; False: it has one, or is PENDING no more."""
        return self._write(moments.offer_moment, prcid, moment)

    def lose_moment(self, prcid: int, moment: str, reason: str) -> bool:
        """No further chunk of the run starts; False: the moment is not the run's."""
        return self._write(moments.lose_moment, prcid, moment, reason)

    def go_on(self, prcid: int, token: str) -> bool:
        """PENDING to RUNNING, at a new moment, for a run that has its plan; False: not ours."""
        return self._write(moments.go_on, prcid, token)

    # ---- chunks

    def chunks(self, prcid: int) -> list[Chunk]:
        """The run's chunks in order; none before it is planned."""
        return self._read(progress.chunks, prcid)

    def claim_chunk(
        self, prcid: int, chunk_no: int, worker: str, lease_seconds: float = 60
    ) -> Claim | Chunk | None:
        """A Claim: go. The Chunk: it has ended before. None: not now, or not any more."""
        return self._write(claims.claim_chunk, prcid, chunk_no, worker, lease_seconds)

    def beat(self, claim: Claim, lease_seconds: float = 60) -> Beat:
        """Extend the claim, and hear whether it is alive and must end at once."""
        return self._write(claims.beat, claim, lease_seconds)

    def look(self, claim: Claim) -> Beat:
        """Hear what a beat would, without extending anything."""
        return self._read(claims.look, claim)

    def record_row_errors(
        self, claim: Claim, errors: Sequence[RowError], limit: int | None
    ) -> None:
        """Replace the chunk's row errors, before its data is committed.

        Raises ClaimLost (MAP-5007), and TooManyRowErrors (MAP-3006) when the run now has more
        than `limit`: then no further chunk of it starts.
        """
        reason = self._write(row_errors.record_row_errors, claim, errors, limit)
        if reason is not None:
            raise TooManyRowErrors(f"run {claim.prcid}: {reason}")

    def finish_chunk(self, claim: Claim, tally: Tally, seconds: dict[str, float]) -> bool:
        """RUNNING to APPLIED, once its data is committed; False: the claim is lost."""
        return self._write(chunks.finish_chunk, claim, tally, seconds)

    def fail_chunk(self, claim: Claim, message: str) -> bool:
        """RUNNING to FAILED; False: the claim is lost."""
        return self._write(chunks.fail_chunk, claim, message)

    def release_chunk(
        self, claim: Claim, message: str, *, retry: bool, again_in: float | None = None
    ) -> bool:
        """RUNNING to PENDING, undispatched unless its message comes `again_in` so many seconds.

        After the last attempt to FAILED. False: the claim is lost.
        """
        return self._write(chunks.release_chunk, claim, message, retry=retry, again_in=again_in)

    def row_errors(self, prcid: int, limit: int | None = None) -> list[dict[str, Any]]:
        """The run's row errors, in order of chunks."""
        return self._read(row_errors.row_errors, prcid, limit)

    def rejected_keys(self, prcid: int) -> list[str]:
        """The keys in the run's row errors, each once: JSON objects of texts and nulls."""
        return self._read(row_errors.rejected_keys, prcid)

    # ---- the end

    def may_end(self, prcid: int) -> bool:
        """Whether it is worth while to finalize. Costs the same for any number of chunks."""
        return self._read(finalize.may_end, prcid)

    def finalize(self, prcid: int) -> Run | None:
        """The final run, to the one caller that ends it; None: not yet, or ended before."""
        return self._write(finalize.finalize, prcid)

    def request_stop(self, prcid: int, *, now: bool = False) -> None:
        """PENDING or RUNNING to STOPPING; no chunk starts any more. Raises RunOver (MAP-5005)."""
        self._write(requests.request_stop, prcid, now=now)

    def carry_out_stops(self) -> list[int]:
        """Take up every new stop request in DMS_PRCREQ; the runs that are now STOPPING by it."""
        new = self._read(requests.new_stops)
        return [prcid for one in new for prcid in self._write(requests.carry_out_stop, one)]

    def resume(self, prcid: int, *, here: bool = False) -> Run:
        """STOPPED or FAILED to RUNNING, or to PENDING without a plan. Raises RunOver, RunAlive.

        `here`: this process does it all.
        """
        return self._write(resume.resume, prcid, here=here)

    def hold_here(self, prcid: int, lease_seconds: float) -> str | None:
        """The token of the process that goes on with a run by itself; None: another one does."""
        return self._write(plan.hold_here, prcid, lease_seconds)

    # ---- rescue

    def live_runs(self) -> list[int]:
        """The runs that are RUNNING or STOPPING, the oldest first."""
        return self._read(rescue.live_runs)

    def take_unplanned(self, grace: float) -> list[int]:
        """Take the PENDING runs whose message seems lost, to send them again now."""
        return self._write(rescue.take_unplanned, grace)

    def take_back(self, prcid: int, grace: float, backlog: float = 0) -> Overdue:
        """Make chunks that are overdue undispatched again; how many, and why."""
        return self._write(rescue.take_back, prcid, grace, backlog)

    def unfinished_here(self) -> list[int]:
        """The runs that have not ended and that one process does by itself."""
        return self._read(rescue.unfinished_here)

    def abandoned(self, prcid: int, grace: float) -> bool:
        """Whether the process that does the run by itself is gone."""
        return self._read(rescue.abandoned, prcid, grace)

    def cancel(self, prcid: int, reason: str) -> None:
        """No further chunk of the run starts; it ends as FAILED, for this reason."""
        self._write(row_errors.cancel, prcid, reason)
