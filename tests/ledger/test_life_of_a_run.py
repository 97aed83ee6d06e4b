"""A run from PENDING to its final status, and every change that is not allowed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from mapper_tasks.model.errors import RunAlive, RunOver, TooManyRowErrors, UnknownRun
from mapper_tasks.model.run import Chunk, Claim
from mapper_tasks.model.status import RUN_CHANGES, ChunkStatus, RunStatus
from mapper_tasks.model.tally import Tally
from tests.ledger.runs import FAULT, TALLY, Runs, a_job, a_plan


def test_a_submitted_run_is_pending_and_has_its_job(ledger):
    prcid = ledger.submit(a_job(), sessionid="s-1")
    run = ledger.run(prcid)
    assert (run.status, run.job, run.sessionid, run.plan) == (
        RunStatus.PENDING,
        a_job(),
        "s-1",
        None,
    )
    assert len(run.run_key) == 36


def test_an_unknown_run_is_named(ledger):
    for ask in (ledger.run, ledger.progress, ledger.finalize, ledger.request_stop, ledger.resume):
        with pytest.raises(UnknownRun, match="no run 77"):
            ask(77)
    with pytest.raises(UnknownRun, match="no chunk 9"):
        ledger.claim_chunk(Runs(ledger).planned(1), 9, "worker")


def test_the_same_request_makes_one_run(ledger):
    first = ledger.submit(a_job(), request_key="key")
    assert ledger.submit(a_job(), request_key="key") == first
    assert ledger.submit(a_job()) != ledger.submit(a_job())


def test_runs_are_listed_newest_first_and_by_job(ledger):
    mine = [ledger.submit(a_job("MINE")) for _ in range(3)]
    other = ledger.submit(a_job("OTHER"))
    assert [run.prcid for run in ledger.runs(limit=2)] == [other, mine[2]]
    assert [run.prcid for run in ledger.runs(mapref="MINE")] == mine[::-1]


def test_a_recorded_plan_is_read_as_it_was_made(ledger, runs):
    plan = a_plan(3, max_workers=2, reached='["int","7"]')
    prcid = ledger.submit(a_job())
    assert ledger.record_plan(prcid, plan)
    run, chunks = ledger.run(prcid), ledger.chunks(prcid)
    assert run.status is RunStatus.RUNNING
    assert run.plan is not None
    assert (run.plan.window, run.plan.effective_at, run.plan.estimate) == (
        plan.window,
        plan.effective_at,
        plan.estimate,
    )
    assert [(c.chunk_no, c.slice, c.rows) for c in chunks] == [
        (c.chunk_no, c.slice, c.rows) for c in plan.chunks
    ]
    assert {c.status for c in chunks} == {ChunkStatus.PENDING}
    assert run.chunks == 3


def test_a_second_plan_changes_nothing(ledger, runs):
    prcid = runs.planned(3)
    assert not ledger.record_plan(prcid, a_plan(7))
    assert len(ledger.chunks(prcid)) == ledger.run(prcid).chunks == 3


def test_only_one_coordinator_plans_until_its_claim_runs_out(ledger):
    prcid = ledger.submit(a_job())
    assert ledger.claim_planning(prcid, "one", lease_seconds=60)
    assert not ledger.claim_planning(prcid, "two")
    other = ledger.submit(a_job())
    assert ledger.claim_planning(other, "one", lease_seconds=-1)
    assert ledger.claim_planning(other, "two")


def test_a_run_that_cannot_be_planned_fails_with_the_reason(ledger):
    prcid = ledger.submit(a_job())
    assert ledger.fail_planning(prcid, "MAP-1003: no table")
    run = ledger.run(prcid)
    assert (run.status, run.message) == (RunStatus.FAILED, "MAP-1003: no table")
    assert run.seconds is not None
    assert not ledger.fail_planning(prcid, "again")
    assert not ledger.record_plan(prcid, a_plan())


def test_every_chunk_applied_is_success_with_the_totals(ledger, runs):
    prcid = runs.planned(3)
    for chunk_no in (1, 2, 3):
        assert ledger.finalize(prcid) is None
        runs.apply(prcid, chunk_no)
    assert ledger.may_end(prcid)
    run = ledger.finalize(prcid)
    assert run == ledger.run(prcid)
    assert (run.status, run.tally) == (RunStatus.SUCCESS, TALLY + TALLY + TALLY)
    assert run.message == (
        "3 chunks, 30 source rows: 9 inserted, 3 updated, 3 expired, 15 unchanged, 3 rejected"
    )
    assert run.seconds is not None
    assert run.seconds >= 0
    assert ledger.finalize(prcid) is None


def test_a_plan_without_chunks_is_a_success_of_nothing(ledger, runs):
    run = ledger.finalize(runs.planned(0))
    assert (run.status, run.message) == (RunStatus.SUCCESS, "0 chunks, 0 source rows")


def test_a_failed_chunk_fails_the_run_at_its_end_with_the_first_error(ledger, runs):
    prcid = runs.planned(3)
    runs.fail(prcid, 2, "MAP-4002: disk full")
    assert ledger.finalize(prcid) is None
    runs.apply(prcid, 1)
    runs.fail(prcid, 3, "another")
    run = ledger.finalize(prcid)
    assert run.status is RunStatus.FAILED
    assert run.message == "chunk 2 failed (and 1 more): MAP-4002: disk full"
    assert run.tally == TALLY


def test_progress_counts_chunks_and_rows_while_they_are_applied(ledger, runs):
    prcid = runs.planned(3)
    runs.apply(prcid, 1)
    runs.claim(prcid, 2)
    progress = ledger.progress(prcid)
    assert progress.chunks == {
        ChunkStatus.PENDING: 1,
        ChunkStatus.RUNNING: 1,
        ChunkStatus.APPLIED: 1,
        ChunkStatus.FAILED: 0,
    }
    assert (progress.tally, progress.estimated_rows) == (TALLY, 30)
    assert progress.run.status is RunStatus.RUNNING


def test_a_stopped_run_starts_nothing_and_ends_when_nothing_is_at_work(ledger, runs):
    prcid = runs.planned(4)
    runs.apply(prcid, 1)
    at_work = runs.claim(prcid, 2)
    ledger.request_stop(prcid)
    assert runs.status(prcid) is RunStatus.STOPPING
    assert ledger.claim_chunk(prcid, 3, "worker") is None
    assert isinstance(ledger.claim_chunk(prcid, 1, "worker"), Chunk)
    assert ledger.dispatch(prcid, 10) == []
    assert ledger.finalize(prcid) is None
    assert ledger.finish_chunk(at_work, TALLY, {})
    run = ledger.finalize(prcid)
    assert (run.status, run.tally) == (RunStatus.STOPPED, TALLY + TALLY)
    assert run.message.startswith("stopped: 2 of 4 chunks applied, 20 source rows")


def test_a_stop_now_is_heard_at_the_next_beat(ledger, runs):
    prcid = runs.planned(2)
    claim = runs.claim(prcid)
    ledger.request_stop(prcid)
    assert not ledger.beat(claim).stop
    ledger.request_stop(prcid, now=True)
    assert ledger.beat(claim).stop
    ledger.request_stop(prcid)
    assert ledger.beat(claim).stop


def test_a_stopped_run_does_not_wait_for_a_worker_that_is_gone(ledger, runs):
    prcid = runs.planned(2)
    gone = runs.claim(prcid, seconds=-1)
    ledger.request_stop(prcid)
    assert ledger.finalize(prcid).status is RunStatus.STOPPED
    assert not ledger.beat(gone).alive
    assert not ledger.finish_chunk(gone, TALLY, {})
    assert ledger.run(prcid).tally == Tally()


def test_a_coordinator_whose_claim_ran_out_ends_nothing_its_successor_plans(ledger):
    prcid = ledger.submit(a_job())
    slow = ledger.claim_planning(prcid, "slow", lease_seconds=-1)
    successor = ledger.claim_planning(prcid, "successor")
    assert not ledger.fail_planning(prcid, "MAP-4001: no answer", slow)
    assert not ledger.record_plan(prcid, a_plan(1), slow)
    assert not ledger.give_back_planning(prcid, slow, "busy", 0)
    assert not ledger.beat_run(prcid, slow).alive
    assert ledger.beat_run(prcid, successor).alive
    assert ledger.record_plan(prcid, a_plan(2), successor)
    assert len(ledger.chunks(prcid)) == 2


def test_a_run_stopped_before_its_plan_is_stopped_at_once(ledger):
    prcid = ledger.submit(a_job())
    assert ledger.claim_planning(prcid, "one")
    ledger.request_stop(prcid)
    assert not ledger.record_plan(prcid, a_plan())
    run = ledger.finalize(prcid)
    assert (run.status, run.message) == (RunStatus.STOPPED, "stopped before it was planned")


def test_a_resumed_run_goes_on_with_what_is_not_applied(ledger, runs):
    prcid = runs.planned(3)
    ids = dict(ledger.dispatch(prcid, 10))
    runs.apply(prcid, 1)
    runs.fail(prcid, 2)
    ledger.request_stop(prcid)
    assert ledger.finalize(prcid).status is RunStatus.FAILED
    resumed = ledger.resume(prcid)
    assert (resumed.status, resumed.enddt, resumed.message) == (RunStatus.RUNNING, None, "")
    again = dict(ledger.dispatch(prcid, 10))
    assert again.keys() == {2, 3}
    assert not set(again.values()) & set(ids.values())
    for chunk_no in (2, 3):
        runs.apply(prcid, chunk_no)
    run = ledger.finalize(prcid)
    assert (run.status, run.tally) == (RunStatus.SUCCESS, TALLY + TALLY + TALLY)


def test_a_resumed_run_without_a_plan_is_planned_again(ledger):
    prcid = ledger.submit(a_job())
    first = ledger.claim_planning(prcid, "one")
    assert ledger.fail_planning(prcid, "no source", first)
    assert ledger.resume(prcid).status is RunStatus.PENDING
    second = ledger.claim_planning(prcid, "two")
    assert not ledger.record_plan(prcid, a_plan(), first)
    assert ledger.record_plan(prcid, a_plan(), second)


# Everything that can be done about a run, each in one call of the ledger.
ACTS: dict[str, Callable[[Runs, int], object]] = {
    "claim planning": lambda runs, prcid: runs.ledger.claim_planning(prcid, "worker"),
    "record a plan": lambda runs, prcid: runs.ledger.record_plan(prcid, a_plan(1)),
    "fail planning": lambda runs, prcid: runs.ledger.fail_planning(prcid, "no"),
    "dispatch": lambda runs, prcid: runs.ledger.dispatch(prcid, 1),
    "claim a chunk": lambda runs, prcid: runs.ledger.claim_chunk(prcid, 1, "worker"),
    "stop": lambda runs, prcid: runs.ledger.request_stop(prcid),
    "finalize": lambda runs, prcid: runs.ledger.finalize(prcid),
    "resume": lambda runs, prcid: runs.ledger.resume(prcid),
}


@pytest.mark.parametrize("old", RunStatus)
@pytest.mark.parametrize("act", ACTS)
def test_whatever_is_done_a_run_changes_only_as_is_legal(runs, old, act):
    prcid = runs.brought_to(old)
    with suppress(RunOver, RunAlive, UnknownRun):
        ACTS[act](runs, prcid)
    new = runs.status(prcid)
    assert new is old or (old, new) in RUN_CHANGES


def test_every_legal_change_of_a_run_can_happen(runs):
    seen = set()

    def step(prcid: int, act: Callable[[int], object]) -> None:
        old = runs.status(prcid)
        act(prcid)
        seen.add((old, runs.status(prcid)))

    ledger = runs.ledger
    for old in (RunStatus.STOPPED, RunStatus.FAILED):
        step(runs.brought_to(old), ledger.resume)
    for end in (ledger.request_stop, lambda p: ledger.fail_planning(p, "no")):
        prcid = ledger.submit(a_job())
        step(prcid, end)
        ledger.finalize(prcid)
        step(prcid, ledger.resume)
        step(prcid, lambda p: ledger.record_plan(p, a_plan(1)))
    for end in (runs.apply, runs.fail):
        prcid = runs.planned(1)
        end(prcid)
        step(prcid, ledger.finalize)
        prcid = runs.planned(1)
        end(prcid)
        step(prcid, ledger.request_stop)
        step(prcid, ledger.finalize)
    step(runs.brought_to(RunStatus.STOPPING), ledger.finalize)
    assert seen == set(RUN_CHANGES)


def test_a_run_that_has_ended_cannot_be_stopped_and_one_alive_not_resumed(ledger, runs):
    for status in (RunStatus.SUCCESS, RunStatus.STOPPED, RunStatus.FAILED):
        with pytest.raises(RunOver, match=status):
            ledger.request_stop(runs.brought_to(status))
    for status in (RunStatus.PENDING, RunStatus.RUNNING, RunStatus.STOPPING):
        with pytest.raises(RunAlive, match=status):
            ledger.resume(runs.brought_to(status))
    with pytest.raises(RunOver):
        ledger.resume(runs.brought_to(RunStatus.SUCCESS))


def test_the_checkpoint_moves_with_success_only(ledger, runs):
    assert ledger.checkpoint("DIM_CUSTOMER") is None

    def run(reached: str, end: Callable[[int], object]) -> str | None:
        prcid = runs.planned(1, reached=reached)
        end(prcid)
        ledger.finalize(prcid)
        assert ledger.run(prcid).checkpoint == ledger.checkpoint("DIM_CUSTOMER")
        return ledger.checkpoint("DIM_CUSTOMER")

    assert run("10", runs.apply) == "10"
    assert run("20", runs.fail) == "10"
    assert run("20", ledger.request_stop) == "10"
    assert run("30", runs.apply) == "30"
    assert ledger.checkpoint("OTHER") is None


def test_too_many_row_errors_are_the_reason_of_the_end(ledger, runs):
    prcid = runs.planned(3)
    runs.apply(prcid, 1)
    claim = runs.claim(prcid, 2)
    with pytest.raises(TooManyRowErrors, match="more than 1 source rows were rejected"):
        ledger.record_row_errors(claim, [FAULT, FAULT], limit=1)
    assert ledger.claim_chunk(prcid, 3, "worker") is None
    assert ledger.dispatch(prcid, 10) == []
    assert ledger.fail_chunk(claim, "MAP-3006: too many")
    run = ledger.finalize(prcid)
    assert run.status is RunStatus.FAILED
    assert run.message.startswith("more than 1 source rows were rejected; 1 of 3 chunks applied")
    assert len(ledger.row_errors(prcid)) == 2
    ledger.resume(prcid)
    assert isinstance(ledger.claim_chunk(prcid, 3, "worker"), Claim)


def test_row_errors_of_before_a_resume_stay_until_their_chunk_is_tried_again(ledger, runs):
    prcid = runs.planned(2)
    first = runs.claim(prcid, 1)
    with pytest.raises(TooManyRowErrors):
        ledger.record_row_errors(first, [FAULT, FAULT], limit=1)
    ledger.fail_chunk(first, "MAP-3006: too many")
    ledger.finalize(prcid)
    ledger.resume(prcid)
    # They do not count. Should the target have their chunk already, nobody records them again.
    assert len(ledger.row_errors(prcid)) == 2
    ledger.record_row_errors(runs.claim(prcid, 2), [FAULT], limit=1)
    ledger.record_row_errors(runs.claim(prcid, 1), [], limit=1)
    assert [row["chunk_no"] for row in ledger.row_errors(prcid)] == [2]
