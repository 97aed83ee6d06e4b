"""What the ledger tells rescue: which messages are lost, which workers gone, what was asked."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import create_engine, text

from mapper_tasks.ledger import MAX_WORKERS_LOST, Overdue
from mapper_tasks.model.run import Claim
from mapper_tasks.model.status import ChunkStatus, RunStatus
from tests.ledger.runs import a_job

LONG_AGO = -0.01  # a grace that is over at once
NEVER = 3600


def test_a_run_whose_message_is_lost_is_taken_once_and_then_later(ledger):
    prcid = ledger.submit(a_job())
    assert ledger.take_unplanned(NEVER) == []
    assert ledger.take_unplanned(0.2) == []
    time.sleep(0.25)
    assert ledger.take_unplanned(0.2) == [prcid]
    assert ledger.take_unplanned(0.2) == []
    time.sleep(0.5)
    assert ledger.take_unplanned(0.2) == [prcid]


def test_a_run_that_somebody_plans_is_not_taken(ledger):
    prcid = ledger.submit(a_job())
    assert ledger.claim_planning(prcid, "one")
    assert ledger.take_unplanned(LONG_AGO) == []


def test_a_run_whose_coordinator_is_gone_is_taken(ledger):
    prcid = ledger.submit(a_job())
    assert ledger.claim_planning(prcid, "one", lease_seconds=-1)
    assert ledger.take_unplanned(LONG_AGO) == [prcid]


def test_a_run_given_back_is_taken_when_it_is_due(ledger):
    prcid = ledger.submit(a_job())
    token = ledger.claim_planning(prcid, "one")
    assert ledger.give_back_planning(prcid, token, "MAP-5003: busy", 0.1)
    assert ledger.run(prcid).message == "MAP-5003: busy"
    time.sleep(0.15)
    assert ledger.take_unplanned(NEVER) == [prcid]


def test_the_run_of_one_process_is_nobody_elses(ledger):
    prcid = ledger.submit(a_job(), here=True)
    assert ledger.take_unplanned(LONG_AGO) == []
    assert ledger.unfinished_here() == [prcid]
    token = ledger.claim_planning(prcid, "local", lease_seconds=0.1)
    assert not ledger.abandoned(prcid, NEVER)
    time.sleep(0.15)
    assert ledger.abandoned(prcid, NEVER)
    assert ledger.beat_run(prcid, token).alive
    assert not ledger.abandoned(prcid, NEVER)


def test_a_chunk_whose_worker_is_gone_is_taken_back_and_its_worker_fenced(ledger, runs):
    prcid = runs.planned(2)
    [_, (_, other_id)] = ledger.dispatch(prcid, 10)
    gone = runs.claim(prcid, 1, seconds=-1)
    assert ledger.take_back(prcid, NEVER) == Overdue(left_behind=1)
    assert ledger.take_back(prcid, NEVER) == Overdue()
    [(chunk_no, task_id)] = ledger.dispatch(prcid, 10)
    assert chunk_no == 1
    assert task_id != other_id
    assert not ledger.beat(gone).alive
    assert not ledger.look(gone).alive


def test_a_slow_chunk_whose_heart_beats_is_left_alone(ledger, runs):
    prcid = runs.planned(1)
    ledger.dispatch(prcid, 10)
    slow = runs.claim(prcid, 1, seconds=60)
    assert ledger.take_back(prcid, LONG_AGO) == Overdue()
    assert ledger.look(slow).alive


def test_a_chunk_that_took_its_workers_down_is_given_up(ledger, runs):
    prcid = runs.planned(1)
    for _ in range(MAX_WORKERS_LOST):
        ledger.dispatch(prcid, 10)
        assert isinstance(ledger.claim_chunk(prcid, 1, "worker", -1), Claim)
        found = ledger.take_back(prcid, NEVER)
    assert found == Overdue(given_up=1)
    assert runs.chunk(prcid).status is ChunkStatus.FAILED
    assert ledger.finalize(prcid).status is RunStatus.FAILED


def test_a_chunk_that_nobody_begins_is_recalled_ever_later(ledger, runs):
    prcid = runs.planned(1)
    ledger.dispatch(prcid, 10)
    assert ledger.take_back(prcid, 0.2) == Overdue()
    time.sleep(0.25)
    assert ledger.take_back(prcid, 0.2, backlog=60) == Overdue()
    assert ledger.take_back(prcid, 0.2) == Overdue(unheard=1)
    assert len(ledger.dispatch(prcid, 10)) == 1
    time.sleep(0.25)
    assert ledger.take_back(prcid, 0.2) == Overdue()
    time.sleep(0.2)
    assert ledger.take_back(prcid, 0.2) == Overdue(unheard=1)


def test_chunks_that_nobody_sends_are_found_when_the_run_is_quiet(ledger, runs):
    prcid = runs.planned(3)
    assert ledger.take_back(prcid, NEVER) == Overdue()
    time.sleep(0.01)
    assert ledger.take_back(prcid, 0.001) == Overdue(unsent=3)


def test_a_chunk_given_back_rests_before_rescue_sends_it(ledger, runs):
    prcid = runs.planned(1)
    claim = runs.claim(prcid)
    time.sleep(1.1)
    ledger.release_chunk(claim, "deadlock", retry=True)
    assert ledger.take_back(prcid, 1.0) == Overdue()


def test_nothing_of_a_stopping_run_is_sent_and_its_dead_are_fenced(ledger, runs):
    prcid = runs.planned(2)
    ledger.dispatch(prcid, 10)
    runs.claim(prcid, 1, seconds=-1)
    ledger.request_stop(prcid)
    assert ledger.live_runs() == [prcid]
    assert ledger.take_back(prcid, LONG_AGO).chunks == 0
    assert ledger.may_end(prcid)
    assert ledger.finalize(prcid).status is RunStatus.STOPPED


class TestForeignRequests:
    """Rows that another system writes straight into DMS_PRCREQ."""

    @pytest.fixture
    def write(self, database_url, ledger):
        engine = create_engine(database_url)

        def write(**columns):
            names, marks = ", ".join(columns), ", ".join(f":{name}" for name in columns)
            with engine.begin() as connection:
                statement = f"INSERT INTO dms_prcreq ({names}) VALUES ({marks})"
                connection.execute(text(statement), columns)

        yield write
        engine.dispose()

    @pytest.fixture
    def answers(self, database_url):
        engine = create_engine(database_url)

        def answers():
            with engine.connect() as connection:
                query = "SELECT status, message FROM dms_prcreq ORDER BY request_id"
                return [tuple(row) for row in connection.execute(text(query))]

        yield answers
        engine.dispose()

    def test_a_stop_is_carried_out_once_and_done_with_its_run(self, ledger, runs, write, answers):
        prcid = runs.planned(2)
        claim = runs.claim(prcid)
        write(prcid=prcid, request_type="STOP")
        assert ledger.carry_out_stops() == [prcid]
        assert ledger.carry_out_stops() == []
        assert runs.status(prcid) is RunStatus.STOPPING
        assert answers() == [("CLAIMED", None)]
        assert not ledger.look(claim).stop
        ledger.release_chunk(claim, "stop", retry=False)
        ledger.finalize(prcid)
        assert answers() == [("DONE", None)]

    def test_now_is_heard_by_what_runs(self, ledger, runs, write):
        prcid = runs.planned(1)
        claim = runs.claim(prcid)
        write(prcid=prcid, request_type="stop", payload='{"now": true}')
        ledger.carry_out_stops()
        assert ledger.look(claim).stop

    def test_a_mapref_stops_its_live_runs(self, ledger, runs, write):
        first, second = runs.planned(1), runs.planned(1)
        runs.apply(first)
        ledger.finalize(first)
        write(mapref="DIM_CUSTOMER", request_type="STOP")
        assert ledger.carry_out_stops() == [second]

    def test_a_stop_of_nothing_is_answered(self, ledger, runs, write, answers):
        over = runs.planned(1)
        runs.apply(over)
        ledger.finalize(over)
        live = runs.planned(1)
        write(prcid=over, request_type="STOP")
        write(prcid=999, request_type="STOP")
        write(mapref="NOBODY", request_type="STOP")
        write(request_type="STOP")
        write(prcid=live, request_type="STOP", payload="now!")
        assert ledger.carry_out_stops() == []
        assert answers() == [
            ("FAILED", f"run {over} is SUCCESS already"),
            ("FAILED", "there is no run 999"),
            ("FAILED", "no run of NOBODY is alive"),
            ("FAILED", "expected a prcid or a mapref"),
            ("FAILED", 'payload: expected a JSON object such as {"now": true}, or nothing'),
        ]
        assert runs.status(live) is RunStatus.RUNNING

    def test_other_requests_are_left_to_others(self, ledger, write, answers):
        write(prcid=1, request_type="REPORT")
        assert ledger.carry_out_stops() == []
        assert answers() == [("NEW", None)]
