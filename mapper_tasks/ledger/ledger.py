"""The ledger as its users see it: one short transaction a method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import IntegrityError

from mapper_tasks.dialects.sqlite.others import file_of
from mapper_tasks.ledger import (
    checkpoints,
    chunks,
    claims,
    dispatch,
    finalize,
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

    from sqlalchemy import Engine

    from mapper_tasks.ledger.claims import Beat
    from mapper_tasks.ledger.progress import Progress
    from mapper_tasks.ledger.rescue import Overdue
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import Chunk, Claim, Plan, RowError, Run
    from mapper_tasks.model.tally import Tally


class Ledger:
    """Runs, chunks, row errors and requests, in the metadata database.

    Safe for any number of threads and processes at once. What changes a status is a comparison
    and a change in one: of several callers one wins, and the others hear it.
    """

    def __init__(self, engine: Engine) -> None:
        self._transactions = Transactions(engine)
        self._reading, self._writing = self._transactions.reading, self._transactions.writing

    @property
    def file(self) -> Path | None:
        """The file of a SQLite ledger; None: it is on a server, or in memory."""
        engine = self._transactions.engine
        return file_of(engine) if engine.dialect.name == "sqlite" else None

    # ---- the tables

    def upgrade(self) -> str:
        """Create the tables or bring them up to date; the revision they are then at."""
        return schema.upgrade(self._transactions)

    def check(self) -> None:
        """Raise LedgerOutdated (MAP-5001) where `mapper init` is needed.

        An empty SQLite file is made a ledger instead.
        """
        schema.check(self._transactions)

    # ---- runs

    def submit(
        self,
        job: Job,
        sessionid: str | None = None,
        request_key: str | None = None,
        *,
        wait_for_target: bool = False,
        here: bool = False,
    ) -> int:
        """A new PENDING run's prcid. The same `request_key` gives the same run again.

        `wait_for_target`: while its target is busy it waits. `here`: the process that submits it
        does it all, so that no worker takes it on.
        """
        terms = runs.Terms(sessionid, request_key, wait_for_target, here)
        known = None if request_key is None else self._submitted(request_key)
        if known is not None:
            return known
        try:
            with self._writing() as connection:
                return runs.submit(connection, job, terms)
        except IntegrityError:
            known = None if request_key is None else self._submitted(request_key)
            if known is None:
                raise
            return known

    def _submitted(self, request_key: str) -> int | None:
        with self._reading() as connection:
            return runs.submitted(connection, request_key)

    def run(self, prcid: int) -> Run:
        """Raises UnknownRun (MAP-5002)."""
        with self._reading() as connection:
            return runs.run(connection, prcid)

    def runs(self, limit: int = 20, mapref: str | None = None) -> list[Run]:
        """The latest runs, newest first."""
        with self._reading() as connection:
            return runs.runs(connection, limit, mapref)

    def progress(self, prcid: int) -> Progress:
        """How far the run is; cheap enough to ask twice a second."""
        with self._reading() as connection:
            return progress.progress(connection, prcid)

    def checkpoint(self, mapref: str) -> str | None:
        """How far the job has read its source: `param1` of its newest SUCCESS run."""
        with self._reading() as connection:
            return checkpoints.checkpoint(connection, mapref)

    # ---- planning and dispatch

    def claim_planning(self, prcid: int, worker: str, lease_seconds: float = 60) -> str | None:
        """The token of the PENDING run's one coordinator; None: there is another, or a plan."""
        with self._writing() as connection:
            return plan.claim_planning(connection, prcid, worker, lease_seconds)

    def beat_run(self, prcid: int, token: str, lease_seconds: float = 60) -> Beat:
        """Extend a coordinator's claim of the run."""
        with self._writing() as connection:
            return plan.beat_run(connection, prcid, token, lease_seconds)

    def give_back_planning(self, prcid: int, token: str, message: str, again_in: float) -> bool:
        """The PENDING run is to be tried again after `again_in` seconds."""
        with self._writing() as connection:
            return plan.give_back_planning(connection, prcid, token, message, again_in)

    def record_plan(self, prcid: int, planned: Plan, token: str | None = None) -> bool:
        """PENDING to RUNNING, with all chunks; False: PENDING no more, or `token` is outdated."""
        with self._writing() as connection:
            return plan.record_plan(connection, prcid, planned, token)

    def fail_planning(self, prcid: int, message: str, token: str | None = None) -> bool:
        """PENDING to FAILED; False: PENDING no more, or `token` is outdated.

        Without a token only a run that no coordinator holds is failed.
        """
        with self._writing() as connection:
            return plan.fail_planning(connection, prcid, message, token)

    def dispatch(self, prcid: int, limit: int) -> list[tuple[int, str]]:
        """Take up to `limit` chunks to send now, as (chunk_no, fresh task_id)."""
        with self._writing() as connection:
            return dispatch.dispatch(connection, prcid, limit)

    def outstanding_task_ids(self, prcid: int) -> list[str]:
        """The task ids of the chunks that were sent and have not ended."""
        with self._reading() as connection:
            return dispatch.outstanding_task_ids(connection, prcid)

    # ---- chunks

    def chunks(self, prcid: int) -> list[Chunk]:
        """The run's chunks in order; none before it is planned."""
        with self._reading() as connection:
            return progress.chunks(connection, prcid)

    def claim_chunk(
        self, prcid: int, chunk_no: int, worker: str, lease_seconds: float = 60
    ) -> Claim | Chunk | None:
        """A Claim: go. The Chunk: it has ended before. None: not now, or not any more."""
        with self._writing() as connection:
            return claims.claim_chunk(connection, prcid, chunk_no, worker, lease_seconds)

    def beat(self, claim: Claim, lease_seconds: float = 60) -> Beat:
        """Extend the claim, and hear whether it is alive and must end at once."""
        with self._writing() as connection:
            return claims.beat(connection, claim, lease_seconds)

    def look(self, claim: Claim) -> Beat:
        """Hear what a beat would, without extending anything."""
        with self._reading() as connection:
            return claims.look(connection, claim)

    def record_row_errors(
        self, claim: Claim, errors: Sequence[RowError], limit: int | None
    ) -> None:
        """Replace the chunk's row errors, before its data is committed.

        Raises ClaimLost (MAP-5007), and TooManyRowErrors (MAP-3006) when the run now has more
        than `limit`: then no further chunk of it starts.
        """
        with self._writing() as connection:
            reason = row_errors.record_row_errors(connection, claim, errors, limit)
        if reason is not None:
            raise TooManyRowErrors(f"run {claim.prcid}: {reason}")

    def finish_chunk(self, claim: Claim, tally: Tally, seconds: dict[str, float]) -> bool:
        """RUNNING to APPLIED, once its data is committed; False: the claim is lost."""
        with self._writing() as connection:
            return chunks.finish_chunk(connection, claim, tally, seconds)

    def fail_chunk(self, claim: Claim, message: str) -> bool:
        """RUNNING to FAILED; False: the claim is lost."""
        with self._writing() as connection:
            return chunks.fail_chunk(connection, claim, message)

    def release_chunk(self, claim: Claim, message: str, *, retry: bool) -> bool:
        """RUNNING to PENDING, undispatched; after the last attempt to FAILED; False: lost."""
        with self._writing() as connection:
            return chunks.release_chunk(connection, claim, message, retry=retry)

    def row_errors(self, prcid: int, limit: int | None = None) -> list[dict[str, Any]]:
        """The run's row errors, in order of chunks."""
        with self._reading() as connection:
            return row_errors.row_errors(connection, prcid, limit)

    # ---- the end

    def may_end(self, prcid: int) -> bool:
        """Whether it is worth while to finalize. Costs the same for any number of chunks."""
        with self._reading() as connection:
            return finalize.may_end(connection, prcid)

    def finalize(self, prcid: int) -> Run | None:
        """The final run, to the one caller that ends it; None: not yet, or ended before."""
        with self._writing() as connection:
            return finalize.finalize(connection, prcid)

    def request_stop(self, prcid: int, *, now: bool = False) -> None:
        """PENDING or RUNNING to STOPPING; no chunk starts any more. Raises RunOver (MAP-5005)."""
        with self._writing() as connection:
            requests.request_stop(connection, prcid, now=now)

    def carry_out_stops(self) -> list[int]:
        """Take up every new stop request in DMS_PRCREQ; the runs that are now STOPPING by it."""
        with self._reading() as connection:
            new = requests.new_stops(connection)
        stopped: list[int] = []
        for request_id in new:
            with self._writing() as connection:
                stopped += requests.carry_out_stop(connection, request_id)
        return stopped

    def resume(self, prcid: int) -> Run:
        """STOPPED or FAILED to RUNNING, or to PENDING without a plan. Raises RunOver, RunAlive."""
        with self._writing() as connection:
            return resume.resume(connection, prcid)

    # ---- rescue

    def live_runs(self) -> list[int]:
        """The runs that are RUNNING or STOPPING, the oldest first."""
        with self._reading() as connection:
            return rescue.live_runs(connection)

    def take_unplanned(self, grace: float) -> list[int]:
        """Take the PENDING runs whose message seems lost, to send them again now."""
        with self._writing() as connection:
            return rescue.take_unplanned(connection, grace)

    def take_back(self, prcid: int, grace: float, backlog: float = 0) -> Overdue:
        """Make chunks that are overdue undispatched again; how many, and why."""
        with self._writing() as connection:
            return rescue.take_back(connection, prcid, grace, backlog)

    def unfinished_here(self) -> list[int]:
        """The runs that have not ended and that one process does by itself."""
        with self._reading() as connection:
            return rescue.unfinished_here(connection)

    def abandoned(self, prcid: int, grace: float) -> bool:
        """Whether the process that does the run by itself is gone."""
        with self._reading() as connection:
            return rescue.abandoned(connection, prcid, grace)

    def cancel(self, prcid: int, reason: str) -> None:
        """No further chunk of the run starts; it ends as FAILED, for this reason."""
        with self._writing() as connection:
            row_errors.cancel(connection, prcid, reason)
