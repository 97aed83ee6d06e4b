"""A chunk: dispatched, claimed, kept alive, ended; and what its row errors and log say."""

from __future__ import annotations

from time import sleep

import pytest
from sqlalchemy import select

from mapper_tasks.ledger import MAX_ATTEMPTS, MAX_WORKERS_LOST
from mapper_tasks.ledger.tables import joblog, prclog, prcreq
from mapper_tasks.model.errors import ClaimLost, TooManyRowErrors
from mapper_tasks.model.run import Chunk, Claim, RowError
from mapper_tasks.model.status import ChunkStatus, RequestStatus
from mapper_tasks.model.tally import Tally
from tests.ledger.runs import FAULT, TALLY


def rows(ledger, query):
    with ledger._database.looking() as connection:
        return connection.execute(query).mappings().all()


def test_a_claim_holds_the_chunk_and_its_slice(ledger, runs):
    prcid = runs.planned(3)
    claim = runs.claim(prcid, 2)
    chunk = runs.chunk(prcid, 2)
    assert (claim.prcid, claim.chunk_no, claim.attempt, claim.slice) == (prcid, 2, 1, chunk.slice)
    assert (chunk.status, chunk.worker, chunk.attempt) == (ChunkStatus.RUNNING, "worker", 1)
    assert chunk.heartbeat is not None


def test_a_claimed_chunk_is_not_claimed_again_while_its_claim_lives(ledger, runs):
    prcid = runs.planned()
    runs.claim(prcid)
    assert ledger.claim_chunk(prcid, 1, "other") is None


def test_a_claim_that_ran_out_is_taken_over_and_the_first_holder_is_fenced(ledger, runs):
    prcid = runs.planned()
    zombie = runs.claim(prcid)
    assert ledger.claim_chunk(prcid, 1, "other") is None
    assert ledger.beat(zombie, -1).alive
    second = runs.claim(prcid)
    assert second.attempt == 2
    assert not ledger.beat(zombie).alive
    with pytest.raises(ClaimLost):
        ledger.record_row_errors(zombie, [FAULT], None)
    assert not ledger.finish_chunk(zombie, TALLY, {})
    assert not ledger.fail_chunk(zombie, "late")
    assert not ledger.release_chunk(zombie, "late", retry=True)
    assert ledger.beat(second).alive
    assert ledger.finish_chunk(second, TALLY, {})


def test_beats_keep_a_claim_alive_past_its_first_lease(ledger, runs):
    prcid = runs.planned()
    claim = runs.claim(prcid, seconds=0.2)
    before = runs.chunk(prcid).heartbeat
    sleep(0.1)
    assert ledger.beat(claim, 60).alive
    sleep(0.2)
    assert ledger.claim_chunk(prcid, 1, "other") is None
    assert runs.chunk(prcid).heartbeat > before


def test_a_late_beat_saves_a_claim_that_nobody_has_taken(ledger, runs):
    prcid = runs.planned()
    claim = runs.claim(prcid, seconds=-1)
    assert ledger.beat(claim).alive
    assert ledger.claim_chunk(prcid, 1, "other") is None


def test_an_ended_chunk_gives_its_stored_result(ledger, runs):
    prcid = runs.planned(2)
    runs.apply(prcid, 1)
    runs.fail(prcid, 2, "MAP-4002: broken")
    applied, failed = (ledger.claim_chunk(prcid, n, "other") for n in (1, 2))
    assert isinstance(applied, Chunk)
    assert (applied.status, applied.tally, applied.seconds) == (
        ChunkStatus.APPLIED,
        TALLY,
        {"extract": 0.5},
    )
    assert isinstance(failed, Chunk)
    assert (failed.status, failed.error) == (ChunkStatus.FAILED, "MAP-4002: broken")


def test_finishing_again_says_the_same_and_counts_once(ledger, runs):
    prcid = runs.planned()
    claim = runs.claim(prcid)
    assert ledger.finish_chunk(claim, TALLY, {})
    assert ledger.finish_chunk(claim, TALLY, {})
    assert ledger.run(prcid).tally == TALLY
    assert len(rows(ledger, select(joblog).where(joblog.c.prcid == prcid))) == 1


def test_a_released_chunk_waits_undispatched_with_its_attempts_counted(ledger, runs):
    prcid = runs.planned(1)
    [(_, first_id)] = ledger.dispatch(prcid, 1)
    claim = runs.claim(prcid)
    assert ledger.release_chunk(claim, "connection lost", retry=True)
    chunk = runs.chunk(prcid)
    assert (chunk.status, chunk.attempt, chunk.error) == (
        ChunkStatus.PENDING,
        1,
        "connection lost",
    )
    [(_, second_id)] = ledger.dispatch(prcid, 1)
    assert second_id != first_id
    assert runs.claim(prcid).attempt == 2


def test_the_last_attempt_leaves_the_chunk_failed(ledger, runs):
    prcid = runs.planned(1)
    for _ in range(MAX_ATTEMPTS):
        assert ledger.release_chunk(runs.claim(prcid), "deadlock", retry=True)
    chunk = ledger.claim_chunk(prcid, 1, "worker")
    assert isinstance(chunk, Chunk)
    assert (chunk.status, chunk.error) == (
        ChunkStatus.FAILED,
        f"given up after {MAX_ATTEMPTS} attempts: deadlock",
    )


def test_a_chunk_that_takes_its_workers_down_is_given_up(ledger, runs):
    prcid = runs.planned(1)
    for _ in range(MAX_WORKERS_LOST):
        runs.claim(prcid, seconds=-1)
    chunk = ledger.claim_chunk(prcid, 1, "worker")
    assert isinstance(chunk, Chunk)
    assert chunk.status is ChunkStatus.FAILED
    assert chunk.error.startswith("MAP-5014: 5 worker processes ended while they had it")
    ledger.finalize(prcid)
    ledger.resume(prcid)
    assert runs.claim(prcid).attempt == 1


def test_attempts_that_say_how_they_ended_do_not_count_as_lost_workers(ledger, runs):
    prcid = runs.planned(1)
    for _ in range(MAX_WORKERS_LOST):
        ledger.release_chunk(runs.claim(prcid), "connection lost", retry=True)
    runs.claim(prcid, seconds=-1)
    assert isinstance(ledger.claim_chunk(prcid, 1, "worker"), Claim)


def test_a_chunk_given_back_is_never_given_up(ledger, runs):
    prcid = runs.planned(1)
    for _ in range(MAX_ATTEMPTS + 1):
        assert ledger.release_chunk(runs.claim(prcid), "stopping", retry=False)
    assert isinstance(ledger.claim_chunk(prcid, 1, "worker"), Claim)


def test_dispatch_takes_each_chunk_once_in_order(ledger, runs):
    prcid = runs.planned(5)
    first, second, third = (ledger.dispatch(prcid, 2) for _ in range(3))
    assert [n for n, _ in first + second + third] == [1, 2, 3, 4, 5]
    assert ledger.dispatch(prcid, 2) == []
    ids = [task_id for _, task_id in first + second + third]
    assert len(set(ids)) == 5
    assert ledger.outstanding_task_ids(prcid) == ids
    runs.apply(prcid, 2)
    runs.claim(prcid, 3)
    assert ledger.outstanding_task_ids(prcid) == [ids[0], *ids[2:]]


def test_no_more_chunks_are_under_way_than_max_workers(ledger, runs):
    prcid = runs.planned(5, max_workers=2)
    assert [n for n, _ in ledger.dispatch(prcid, 10)] == [1, 2]
    assert ledger.dispatch(prcid, 10) == []
    claim = runs.claim(prcid, 1)
    assert ledger.dispatch(prcid, 10) == []
    ledger.finish_chunk(claim, TALLY, {})
    assert [n for n, _ in ledger.dispatch(prcid, 10)] == [3]
    runs.fail(prcid, 2)
    assert [n for n, _ in ledger.dispatch(prcid, 10)] == [4]
    ledger.release_chunk(runs.claim(prcid, 3), "again", retry=True)
    assert [n for n, _ in ledger.dispatch(prcid, 10)] == [3]


def test_every_chunk_is_logged_once_and_the_run_is_up_to_date(ledger, runs):
    prcid = runs.planned(12)
    for chunk_no in range(1, 13):
        runs.apply(prcid, chunk_no)
        [run] = rows(ledger, select(prclog).where(prclog.c.prcid == prcid))
        assert run["srcrows"] > TALLY.source * (chunk_no - 5)
    assert (run["srcrows"], run["trgrows"], run["errrows"]) == (120, 48, 12)
    logged = rows(ledger, select(joblog).where(joblog.c.prcid == prcid).order_by(joblog.c.chunk_no))
    assert [row["chunk_no"] for row in logged] == list(range(1, 13))
    assert {
        (r["srcrows"], r["trgrows"], r["errrows"], r["mapref"], r["jobid"]) for r in logged
    } == {(10, 4, 1, "DIM_CUSTOMER", 42)}


def test_row_errors_carry_the_run_and_get_their_line_of_the_log(ledger, runs):
    prcid = runs.planned()
    claim = runs.claim(prcid)
    ledger.record_row_errors(claim, [FAULT], limit=1000)
    ledger.finish_chunk(claim, TALLY, {})
    [error] = ledger.row_errors(prcid)
    [logged] = rows(ledger, select(joblog).where(joblog.c.prcid == prcid))
    told = {name: error[name] for name in ("errtyp", "errmsg", "dberrmsg", "keyvalue")}
    assert told == {
        "errtyp": "MAP-3004",
        "errmsg": "the value was refused",
        "dberrmsg": "value too long",
        "keyvalue": '{"id": "7"}',
    }
    assert (error["prcid"], error["mapref"], error["jobid"]) == (prcid, "DIM_CUSTOMER", 42)
    assert error["joblogid"] == logged["joblogid"]
    assert error["prcdt"].tzinfo is not None


def test_recording_row_errors_again_replaces_them(ledger, runs):
    prcid = runs.planned(2)
    claim, other = runs.claim(prcid, 1), runs.claim(prcid, 2)
    ledger.record_row_errors(other, [FAULT], None)
    ledger.record_row_errors(claim, [FAULT, FAULT], None)
    ledger.record_row_errors(claim, [FAULT], 2)
    assert len(ledger.row_errors(prcid)) == 2
    assert len(ledger.row_errors(prcid, limit=1)) == 1
    ledger.record_row_errors(claim, [], 0)
    assert [row["chunk_no"] for row in ledger.row_errors(prcid)] == [2]


def test_row_errors_of_an_attempt_that_was_undone_go_with_it(ledger, runs):
    prcid = runs.planned(1)
    ledger.record_row_errors(runs.claim(prcid, seconds=-1), [FAULT], None)
    ledger.finish_chunk(runs.claim(prcid), Tally(source=10, inserted=10), {})
    assert ledger.row_errors(prcid) == []


def test_row_errors_are_counted_over_the_whole_run(ledger, runs):
    prcid = runs.planned(3)
    for chunk_no in (1, 2):
        claim = runs.claim(prcid, chunk_no)
        ledger.record_row_errors(claim, [FAULT] * 2, limit=4)
        ledger.finish_chunk(claim, Tally(source=2, rejected=2), {})
    claim = runs.claim(prcid, 3)
    with pytest.raises(TooManyRowErrors, match="more than 4"):
        ledger.record_row_errors(claim, [FAULT] * 100, limit=4)
    assert len(ledger.row_errors(prcid)) == 5
    assert not ledger.beat(claim).stop


def test_what_no_database_stores_in_a_text_is_escaped(ledger, runs):
    prcid = runs.planned(2)
    error = RowError("MAP-3004", "nul \x00 here", '{"id": "\\u0000"}', "lone \ud800 half")
    ledger.record_row_errors(runs.claim(prcid), [error], None)
    [row] = ledger.row_errors(prcid)
    assert (row["errmsg"], row["dberrmsg"]) == ("nul \\x00 here", "lone \\ud800 half")
    runs.fail(prcid, 2, "nul \x00")
    assert runs.chunk(prcid, 2).error == "nul \\x00"


def test_a_run_may_end_when_nothing_is_at_work_and_nothing_will_be(ledger, runs):
    prcid = runs.planned(2)
    assert not ledger.may_end(prcid)
    claim = runs.claim(prcid)
    ledger.finish_chunk(claim, TALLY, {})
    assert not ledger.may_end(prcid)
    runs.apply(prcid, 2)
    assert ledger.may_end(prcid)
    ledger.finalize(prcid)
    assert not ledger.may_end(prcid)


def test_a_run_that_takes_no_chunks_may_end_when_none_is_at_work(ledger, runs):
    stopping, cancelled = runs.planned(2), runs.planned(2)
    claims = [runs.claim(stopping), runs.claim(cancelled)]
    ledger.request_stop(stopping)
    with pytest.raises(TooManyRowErrors):
        ledger.record_row_errors(claims[1], [FAULT], 0)
    for claim in claims:
        assert not ledger.may_end(claim.prcid)
        ledger.fail_chunk(claim, "broken")
        assert ledger.may_end(claim.prcid)


def test_a_stop_request_is_done_when_the_run_has_ended(ledger, runs):
    prcid = runs.planned(1)
    ledger.request_stop(prcid, now=True)
    request = select(prcreq).where(prcreq.c.prcid == prcid)
    [asked] = rows(ledger, request)
    assert (asked["status"], asked["payload"], asked["completed_at"]) == (
        RequestStatus.NEW,
        {"now": True},
        None,
    )
    ledger.finalize(prcid)
    [done] = rows(ledger, request)
    assert done["status"] == RequestStatus.DONE
    assert done["completed_at"] >= done["requested_at"]
