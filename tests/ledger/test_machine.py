"""Whatever happens to a run in whatever order, the ledger stays true and the run can end.

Hypothesis interleaves messages that come once, twice, late or never, workers that die or stand
still, stops, rescue and resume. Time passes for one claim at a time, when a rule says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import insert

from mapper_tasks.ledger import Ledger
from mapper_tasks.ledger.tables import prcreq
from mapper_tasks.model.errors import ClaimLost, TooManyRowErrors
from mapper_tasks.model.run import Claim, RowError
from mapper_tasks.model.status import RunStatus
from tests.ledger.life import (
    CHUNK,
    EXECUTE,
    FINALIZE,
    Broker,
    Coordinator,
    Message,
    Seen,
    Target,
    Worker,
    one_of,
)
from tests.ledger.runs import a_job, a_plan

CHUNKS = 3
LIMIT = 2  # row errors of the run
REACHED = "[7]"
LIVE, OVER = 3600.0, -1.0  # seconds of a claim: as good as for ever, and run out at once
ALL_STEPS = 3
ROUNDS = 6  # of rescue: more than chunks, where max_workers lets one at a time go
WHICH = st.integers(0, 11)  # one of those that there are
STEPS = st.sampled_from([0, 0, 1, 2, ALL_STEPS])
REJECTED = st.sampled_from([0, 0, 0, 1, LIMIT + 1])

Attempt = Coordinator | Worker


class LifeOfARun(RuleBasedStateMachine):
    """One run of a few chunks, between workers that know nothing of each other."""

    ledger: Ledger

    @initialize(max_workers=st.sampled_from([None, None, 1, 2]), planned=st.booleans())
    def submit(self, *, max_workers: int | None, planned: bool) -> None:
        self.max_workers = max_workers
        self.broker, self.target = Broker(), Target()
        self.attempts: list[Attempt] = []
        self.claims: list[Attempt] = []  # all that ever were
        self.held: dict[int, str] = {}  # chunk -> the token of a claim that has not run out
        self.planner: str | None = None  # the token of a coordinator whose claim has not run out
        self.task_ids: set[str] = set()
        self.ends, self.lives = 0, 1
        self.prcid = self.ledger.submit(a_job(f"M{uuid4().hex[:12]}"))
        self.broker.send((EXECUTE, 0))
        self.seen = Seen.of(self.ledger, self.prcid)
        if planned:
            self._do(self.deliver, 0, 1)
            self._do(self.send_chunks, CHUNKS)

    # ---- messages

    @precondition(lambda self: self.broker.waiting)
    @rule(which=WHICH, steps=STEPS, rejected=REJECTED)
    def deliver(self, which: int, steps: int, rejected: int = 0) -> None:
        message = one_of(self.broker.waiting, which)
        self.broker.waiting.remove(message)
        self._handle(message, steps, rejected)

    @rule(which=WHICH, steps=STEPS, rejected=REJECTED)
    def redeliver(self, which: int, steps: int, rejected: int) -> None:
        """A copy of any message that ever was: also long after it was handled."""
        self._handle(one_of(self.broker.ever, which), steps, rejected)

    @precondition(lambda self: len(self.broker.waiting) > 2)
    @rule(which=WHICH)
    def lose(self, which: int) -> None:
        self.broker.waiting.remove(one_of(self.broker.waiting, which))

    def _handle(self, message: Message, steps: int, rejected: int) -> None:
        kind, chunk_no = message
        note(f"message: {message}")
        if kind == FINALIZE:
            self._finalize()
            return
        attempt = self._coordinate() if kind == EXECUTE else self._claim(chunk_no)
        if attempt is not None:
            self.attempts.append(attempt)
            self.claims.append(attempt)
            self._goes_on(attempt, steps, rejected)

    def _coordinate(self) -> Coordinator | None:
        token = self.ledger.claim_planning(self.prcid, "coordinator", LIVE)
        if token is None:
            return None
        assert self.seen.run.status is RunStatus.PENDING
        assert self.planner is None, "it was taken from a coordinator whose claim lives"
        self.planner = token
        return Coordinator(token)

    def _claim(self, chunk_no: int) -> Worker | None:
        before, held = self.seen, self.held.get(chunk_no)
        found = self.ledger.claim_chunk(self.prcid, chunk_no, "worker", LIVE)
        if not isinstance(found, Claim):
            return None
        assert before.run.status is RunStatus.RUNNING, "it started in a run that takes none"
        assert held is None, "it was taken from a worker whose claim lives"
        self.held[chunk_no] = found.token
        return Worker(found)

    def _finalize(self) -> None:
        may_end = self.ledger.may_end(self.prcid)
        run = self.ledger.finalize(self.prcid)
        assert run is not None or not may_end, "it was said that it may end"
        if run is not None:
            assert run.status.final
            assert not self.held, "it ended while somebody worked on it"
            self.ends += 1

    # ---- coordinators and workers

    @precondition(lambda self: self.attempts)
    @rule(which=WHICH, steps=STEPS, rejected=REJECTED)
    def go_on(self, which: int, steps: int, rejected: int) -> None:
        self._goes_on(one_of(self.attempts, which), steps, rejected)

    def _goes_on(self, attempt: Attempt, steps: int, rejected: int) -> None:
        """So many steps, if nothing ends it before."""
        for _ in range(steps):
            if attempt in self.attempts:
                self.the_ledger_is_true()
                if isinstance(attempt, Coordinator):
                    self._record_plan(attempt)
                else:
                    self._work(attempt, rejected)

    def _record_plan(self, coordinator: Coordinator) -> None:
        self._leaves(coordinator)
        plan = a_plan(CHUNKS, self.max_workers, REACHED)
        recorded = self.ledger.record_plan(self.prcid, plan, coordinator.token)
        assert not recorded or self.seen.run.status is RunStatus.PENDING
        self._lets_go_of_the_run(coordinator)

    def _work(self, worker: Worker, rejected: int) -> None:
        if worker.tally is not None:
            self._finish(worker)
        elif self.target.lets_in(worker) and worker.tally is None:
            if worker.rejected is None:
                self._record_row_errors(worker, rejected)
            else:
                self.target.commit(worker)

    def _record_row_errors(self, worker: Worker, rejected: int) -> None:
        fault = RowError("MAP-3004", "refused", f'{{"id": "{worker.chunk_no}"}}')
        try:
            self.ledger.record_row_errors(worker.claim, [fault] * rejected, LIMIT)
            worker.rejected = rejected
        except ClaimLost:
            self._leaves(worker)
        except TooManyRowErrors as fault:
            self._leaves(worker)
            self._lets_go(worker)
            self.ledger.fail_chunk(worker.claim, str(fault))

    def _finish(self, worker: Worker) -> None:
        assert worker.tally is not None
        is_ours = self._lets_go(worker)
        for _ in range(2):  # its first answer was lost
            finished = self.ledger.finish_chunk(worker.claim, worker.tally, {})
            assert finished == is_ours, "who holds the claim is heard, and nobody else"
        self._leaves(worker)

    @precondition(lambda self: self.attempts)
    @rule(which=WHICH, how=st.sampled_from(["retry", "give back", "fail"]))
    def give_up(self, which: int, how: str) -> None:
        """Its transaction is rolled back, or was committed and nobody told it so."""
        attempt = one_of(self.attempts, which)
        self._leaves(attempt)
        if isinstance(attempt, Coordinator):
            self._cannot_plan(attempt, how)
            return
        is_ours = self._lets_go(attempt)
        if how == "fail":
            heard = self.ledger.fail_chunk(attempt.claim, "MAP-4002: broken")
        else:
            heard = self.ledger.release_chunk(attempt.claim, "deadlock", retry=how == "retry")
        assert heard == is_ours

    def _cannot_plan(self, coordinator: Coordinator, how: str) -> None:
        self._lets_go_of_the_run(coordinator)
        if how == "retry":
            self.ledger.give_back_planning(self.prcid, coordinator.token, "MAP-5003: busy", OVER)
        elif self.ledger.fail_planning(self.prcid, "MAP-2001: no", coordinator.token):
            self.ends += 1

    @precondition(lambda self: self.attempts)
    @rule(which=WHICH)
    def crash(self, which: int) -> None:
        """Killed: the database rolls back, the claim stands until it has run out."""
        self._leaves(one_of(self.attempts, which))

    def _leaves(self, attempt: Attempt) -> None:
        self.attempts.remove(attempt)
        if isinstance(attempt, Worker):
            self.target.roll_back(attempt)

    def _lets_go_of_the_run(self, coordinator: Coordinator) -> None:
        if self.planner == coordinator.token:
            self.planner = None

    def _lets_go(self, worker: Worker) -> bool:
        """Whether the claim was its own until now; one that has run out is, until it is taken."""
        is_ours = self.ledger.look(worker.claim).alive
        assert is_ours or self.held.get(worker.chunk_no) != worker.claim.token
        if is_ours:
            self.held.pop(worker.chunk_no, None)
        return is_ours

    @precondition(lambda self: self.claims)
    @rule(which=WHICH, seconds=st.sampled_from([LIVE, OVER, OVER]))
    def time_passes(self, which: int, seconds: float) -> None:
        """For one who has died or stands still, its claim runs out; or else its heart beats."""
        self._beat(one_of(self.claims, which), seconds)

    @precondition(lambda self: self.attempts)
    @rule(which=WHICH, steps=STEPS, rejected=REJECTED)
    def stand_still(self, which: int, steps: int, rejected: int) -> None:
        """Its claim runs out, its message comes again, and it wakes up beside its successor."""
        still = one_of(self.attempts, which)
        self._beat(still, OVER)
        kind = CHUNK if isinstance(still, Worker) else EXECUTE
        message = (kind, still.chunk_no if isinstance(still, Worker) else 0)
        self._do(self._handle, message, steps, rejected)
        self._goes_on(still, ALL_STEPS, rejected)

    def _beat(self, one: Attempt, seconds: float) -> None:
        if isinstance(one, Coordinator):
            self._lets_go_of_the_run(one)
            if self.ledger.beat_run(self.prcid, one.token, seconds).alive and seconds > 0:
                self.planner = one.token
        elif self._lets_go(one):
            assert self.ledger.beat(one.claim, seconds).alive
            if seconds > 0:
                self.held[one.chunk_no] = one.claim.token

    # ---- everybody else

    @rule(limit=st.integers(1, CHUNKS))
    def send_chunks(self, limit: int) -> None:
        """Who has recorded the plan does, and who has finished a chunk."""
        sent = self.ledger.dispatch(self.prcid, limit)
        assert not sent or self.seen.run.status is RunStatus.RUNNING
        assert self.max_workers is None or len(sent) <= self.max_workers
        assert all(self.seen.chunks[chunk_no - 1].task_id is None for chunk_no, _ in sent)
        assert self.task_ids.isdisjoint(task_id for _, task_id in sent)
        self.task_ids |= {task_id for _, task_id in sent}
        self.broker.send(*[(CHUNK, chunk_no) for chunk_no, _ in sent], (FINALIZE, 0))

    @precondition(lambda self: self.ends < self.lives and len(self.claims) > self.lives)
    @rule(how=st.sampled_from(["politely", "now", "as a stranger"]))
    def stop(self, how: str) -> None:
        if how == "as a stranger":
            request = insert(prcreq).values(prcid=self.prcid, request_type="STOP")
            self.ledger._write(lambda connection: connection.execute(request))
            return
        self.ledger.request_stop(self.prcid, now=how == "now")
        assert self.ledger.dispatch(self.prcid, CHUNKS) == []

    @rule(grace=st.sampled_from([LIVE, OVER]))
    def rescue(self, grace: float) -> None:
        """As one round of it goes."""
        self._do(self.ledger.carry_out_stops)
        if self.prcid in self.ledger.take_unplanned(OVER):
            self.broker.send((EXECUTE, 0))
        if self.prcid in self.ledger.live_runs():
            overdue = self.ledger.take_back(self.prcid, grace, 0)
            self.the_ledger_is_true()
            if overdue.chunks:
                self._do(self.send_chunks, overdue.chunks)
            self._finalize()

    @precondition(lambda self: self.seen.run.status in (RunStatus.STOPPED, RunStatus.FAILED))
    @rule()
    def resume(self) -> None:
        self.ledger.resume(self.prcid)
        self.lives += 1
        self.broker.send((EXECUTE, 0))

    # ---- what always holds

    @invariant()
    def the_ledger_is_true(self) -> None:
        before, self.seen = self.seen, Seen.of(self.ledger, self.prcid)
        self.seen.assert_follows(before)
        self.seen.assert_counted_once(self.target.committed)
        self.seen.assert_end_is_true(REACHED)
        assert self.seen.run.status.final == (self.ends == self.lives), "a life ends once"

    def _do(self, act: Callable[..., object], *how: Any) -> None:
        act(*how)
        self.the_ledger_is_true()

    # ---- no dead end

    def teardown(self) -> None:
        """Rescue and workers that live bring it to an end, and resume to the good one."""
        if not hasattr(self, "seen"):
            return
        self._end_fairly()
        if self.seen.run.status is not RunStatus.SUCCESS:
            self._do(self.resume)
            self._end_fairly()
        assert self.seen.run.status is RunStatus.SUCCESS
        assert len(self.target.committed) == CHUNKS
        self.ledger.carry_out_stops()

    def _end_fairly(self) -> None:
        """Everybody has died, every message is lost, and from now on nothing goes wrong."""
        self.broker.waiting.clear()
        for _ in range(ROUNDS):
            while self.attempts:
                self.crash(0)
            for one in self.claims:
                self._beat(one, OVER)
            self._do(self.rescue, OVER)
            while self.broker.waiting:
                self._do(self.deliver, 0, ALL_STEPS)
            if self.seen.run.status.final:
                return
        raise AssertionError("a dead end")


EXAMPLES = {"sqlite": 20, "postgresql": 15}
EXPLORING = settings(deadline=None, stateful_step_count=50, suppress_health_check=list(HealthCheck))


@pytest.mark.timeout(300)
def test_whatever_happens_the_ledger_stays_true_and_the_run_can_end(ledger):
    machine = type("Machine", (LifeOfARun,), {"ledger": ledger})
    examples = EXAMPLES.get(ledger._database.engine.dialect.name, 10)
    run_state_machine_as_test(machine, settings=settings(EXPLORING, max_examples=examples))
