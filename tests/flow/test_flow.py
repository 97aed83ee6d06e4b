"""A run as functions: what is planned, sent, tried again, given up and finalized."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from mapper_tasks.flow import attempt as attempts
from mapper_tasks.flow import plan as planning
from mapper_tasks.flow.execute import execute
from mapper_tasks.flow.finalize import finalize
from mapper_tasks.flow.heartbeat import Heartbeat
from mapper_tasks.flow.local import run_here
from mapper_tasks.flow.process import process_chunk
from mapper_tasks.flow.submit import submit
from mapper_tasks.flow.times import Times
from mapper_tasks.ledger import MAX_ATTEMPTS
from mapper_tasks.model.errors import ClaimLost, MissingColumn, StopAsked, TargetBusy
from mapper_tasks.model.run import Claim
from mapper_tasks.model.status import ChunkStatus, RunStatus

ROWS = 30
PEOPLE = [(number, f"n{number}") for number in range(1, ROWS + 1)]


def busy() -> OperationalError:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return OperationalError("UPDATE t", {}, cause)


def raising(fault, times, then):
    """A function that raises the fault this many times, and then does its work."""
    left = [fault] * times

    def function(*args, **kwargs):
        if left:
            raise left.pop()
        return then(*args, **kwargs)

    return function


@pytest.fixture
def filled(place):
    place.fill(ROWS)
    return place


def test_a_run_here_plans_applies_and_ends(filled):
    seen = []
    prcid = submit(filled.site, filled.parallel_job(10))
    run = run_here(filled.site, prcid, seen.append)
    assert run.status is RunStatus.SUCCESS, run.message
    assert filled.loaded() == PEOPLE
    assert [p.chunks[ChunkStatus.APPLIED] for p in seen] == list(range(run.chunks + 1))
    assert filled.events()[0] == "run.submitted"
    assert filled.events()[-1] == "run.ended"


def test_an_empty_source_ends_well(place):
    place.fill(0)
    prcid = submit(place.site, place.job())
    assert run_here(place.site, prcid, lambda _: None).status is RunStatus.SUCCESS
    assert place.loaded() == []


def test_a_parallel_run_is_sent_as_one_chord_and_planned_once(filled):
    prcid = submit(filled.site, filled.parallel_job(10))
    for _ in range(2):
        assert execute(filled.site, prcid, filled.post).status is RunStatus.RUNNING
    assert filled.sent == [("chord", [1, 2, 3])]


def test_a_large_run_is_sent_in_waves(filled, monkeypatch):
    monkeypatch.setattr("mapper_tasks.flow.execute.WAVE", 2)
    execute(filled.site, submit(filled.site, filled.parallel_job(6)), filled.post)
    assert filled.sent == [("chord", [1, 2]), ("chord", [3, 4]), ("chord", [5])]


def test_the_last_chunk_asks_to_finalize(filled):
    prcid = submit(filled.site, filled.parallel_job(10))
    execute(filled.site, prcid, filled.post)
    for chunk_no in (2, 1, 3):
        assert ("finalize", prcid) not in filled.sent
        process_chunk(filled.site, prcid, chunk_no, filled.post)
    assert filled.sent[-1] == ("finalize", prcid)
    assert finalize(filled.site, prcid).status is RunStatus.SUCCESS
    assert finalize(filled.site, prcid) is None
    assert filled.loaded() == PEOPLE


def test_a_chunk_that_comes_again_gives_its_stored_tally(filled):
    prcid = submit(filled.site, filled.parallel_job(10))
    execute(filled.site, prcid, filled.post)
    first = process_chunk(filled.site, prcid, 1, filled.post)
    assert first.status is ChunkStatus.APPLIED
    assert first.tally.inserted == 10
    assert process_chunk(filled.site, prcid, 1, filled.post) == first


def test_with_max_workers_each_end_sends_the_next(filled):
    prcid = submit(filled.site, filled.parallel_job(5, max_workers=2))
    execute(filled.site, prcid, filled.post)
    assert filled.sent == [("chord", [1, 2])]
    process_chunk(filled.site, prcid, 2, filled.post)
    assert filled.sent[-1] == ("chunks", [3])
    process_chunk(filled.site, prcid, 3, filled.post)
    assert filled.sent[-1] == ("chunks", [4])


def test_a_passing_fault_gives_the_chunk_back_and_its_message_comes_again(filled, monkeypatch):
    monkeypatch.setattr(attempts, "load_chunk", raising(busy(), 1, attempts.load_chunk))
    prcid = submit(filled.site, filled.parallel_job(10))
    execute(filled.site, prcid, filled.post)
    outcome = process_chunk(filled.site, prcid, 1, filled.post)
    assert outcome.status is ChunkStatus.PENDING
    assert 2.0 <= outcome.again_in <= 3.0
    assert filled.sent == [("chord", [1, 2, 3])]
    assert process_chunk(filled.site, prcid, 1, filled.post).status is ChunkStatus.APPLIED


def test_here_a_passing_fault_is_waited_out(filled, monkeypatch):
    monkeypatch.setattr(attempts, "load_chunk", raising(busy(), 2, attempts.load_chunk))
    prcid = submit(filled.site, filled.job())
    assert run_here(filled.site, prcid, lambda _: None).status is RunStatus.SUCCESS
    first, second = filled.slept
    assert 2.0 <= first <= 3.0
    assert 4.0 <= second <= 6.0
    assert filled.loaded() == PEOPLE


def test_a_fault_that_does_not_pass_is_given_up_after_its_attempts(filled, monkeypatch):
    monkeypatch.setattr(attempts, "load_chunk", raising(busy(), 99, None))
    prcid = submit(filled.site, filled.job())
    run = run_here(filled.site, prcid, lambda _: None)
    assert run.status is RunStatus.FAILED
    assert "database is locked" in run.message
    assert len(filled.slept) == MAX_ATTEMPTS - 1
    assert sum(filled.slept) >= 15 * 60  # databases that come back cost no run


def test_an_unexpected_fault_fails_the_chunk_and_betrays_no_value(filled, monkeypatch):
    monkeypatch.setattr(attempts, "load_chunk", raising(TypeError("value n17"), 1, None))
    prcid = submit(filled.site, filled.job())
    run = run_here(filled.site, prcid, lambda _: None)
    assert run.status is RunStatus.FAILED
    assert "unexpected TypeError at test_flow.py" in run.message
    assert "n17" not in run.message
    assert "n17" not in str(filled.told)


def test_an_attempt_whose_claim_is_lost_says_nothing_of_the_chunk(filled, monkeypatch):
    monkeypatch.setattr(attempts, "load_chunk", raising(ClaimLost("gone"), 1, None))
    prcid = submit(filled.site, filled.parallel_job(10))
    execute(filled.site, prcid, filled.post)
    assert process_chunk(filled.site, prcid, 1, filled.post).status is None
    assert filled.site.ledger.chunks(prcid)[0].status is ChunkStatus.RUNNING


def test_planning_waits_out_a_passing_fault(filled, monkeypatch):
    monkeypatch.setattr(planning, "make_plan", raising(busy(), 2, planning.make_plan))
    prcid = submit(filled.site, filled.job())
    assert run_here(filled.site, prcid, lambda _: None).status is RunStatus.SUCCESS
    first, second = filled.slept
    assert 2.0 <= first <= 3.0
    assert 4.0 <= second <= 6.0


def test_a_job_that_cannot_be_planned_fails_with_its_error_and_leaves_no_lease(filled):
    job = filled.job()
    columns = job.target.columns | {"town": job.target.columns["name"]}
    columns["town"] = columns["town"].model_copy(update={"source": "nowhere"})
    bad = job.model_copy(update={"target": job.target.model_copy(update={"columns": columns})})
    prcid = submit(filled.site, bad)
    with pytest.raises(MissingColumn):
        execute(filled.site, prcid, filled.post)
    run = filled.site.ledger.run(prcid)
    assert run.status is RunStatus.FAILED
    assert "nowhere" in run.message
    good = submit(filled.site, filled.job())
    assert run_here(filled.site, good, lambda _: None).status is RunStatus.SUCCESS


def test_a_second_run_of_a_busy_target_is_refused_until_the_first_has_ended(filled):
    first, second = (submit(filled.site, filled.parallel_job(10)) for _ in range(2))
    execute(filled.site, first, filled.post)
    with pytest.raises(TargetBusy):
        execute(filled.site, second, filled.post)
    for chunk_no in (1, 2, 3):
        process_chunk(filled.site, first, chunk_no)
    finalize(filled.site, first)
    third = submit(filled.site, filled.parallel_job(10))
    execute(filled.site, third, filled.post)


def test_a_run_stopped_before_it_is_planned_ends_stopped(filled):
    prcid = submit(filled.site, filled.job())
    filled.site.ledger.request_stop(prcid)
    assert execute(filled.site, prcid, filled.post).status is RunStatus.STOPPED


def test_a_stopped_run_starts_no_chunk(filled):
    prcid = submit(filled.site, filled.parallel_job(10))
    execute(filled.site, prcid, filled.post)
    process_chunk(filled.site, prcid, 1, filled.post)
    filled.site.ledger.request_stop(prcid)
    assert process_chunk(filled.site, prcid, 2, filled.post).status is None
    run = finalize(filled.site, prcid)
    assert run.status is RunStatus.STOPPED
    assert run.tally.inserted == 10


class TestHeartbeat:
    """The claim's own clock is the ledger's: a short claim shows it."""

    @pytest.fixture
    def claim(self, filled):
        prcid = submit(filled.site, filled.parallel_job(10))
        execute(filled.site, prcid, filled.post)
        claim = filled.site.ledger.claim_chunk(prcid, 1, "one", 1.0)
        assert isinstance(claim, Claim)
        return claim

    @pytest.fixture
    def heart(self, filled, claim):
        site = replace(filled.site, times=Times(claim=0.6, beat=0.2, look=0.1))
        with Heartbeat.of_chunk(site, claim) as heart:
            yield heart

    def test_it_keeps_a_claim_beyond_its_life(self, filled, claim, heart):
        time.sleep(1.5)
        heart.check()
        assert filled.site.ledger.claim_chunk(claim.prcid, 1, "two", 1.0) is None

    def test_it_hears_of_a_stop_at_once(self, filled, claim, heart):
        filled.site.ledger.request_stop(claim.prcid, now=True)
        time.sleep(0.6)
        with pytest.raises(StopAsked):
            heart.check()

    def test_it_hears_that_the_claim_is_gone(self, filled, claim, heart):
        filled.site.ledger.release_chunk(claim, "taken away", retry=False)
        time.sleep(0.6)
        with pytest.raises(ClaimLost):
            heart.check()

    def test_who_asks_need_not_wait_until_it_hears(self, filled, claim):
        stands_still = Heartbeat.of_chunk(filled.site, claim)
        stands_still.ask()
        filled.site.ledger.release_chunk(claim, "taken away", retry=False)
        stands_still.check()
        with pytest.raises(ClaimLost):
            stands_still.ask()
