"""Many workers ask the same thing of the ledger at the same moment: one of them wins."""

from __future__ import annotations

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from mapper_tasks.dialects import open_database
from mapper_tasks.ledger import Ledger
from mapper_tasks.ledger.finalize import finalize
from mapper_tasks.ledger.runs import lock
from mapper_tasks.ledger.tables import joblog, prclog, prcreq
from mapper_tasks.model.errors import RunOver
from mapper_tasks.model.run import Claim
from mapper_tasks.model.status import ChunkStatus, RunStatus
from tests.ledger.runs import FAULT, TALLY, Runs, a_job, a_plan

CALLERS = 8


def at_once(call: Callable[[int], Any], callers: int = CALLERS) -> list[Any]:
    """What each of several threads gets, all started at one moment."""
    gate = threading.Barrier(callers)

    def begin(caller: int) -> Any:
        gate.wait(timeout=10)
        return call(caller)

    with ThreadPoolExecutor(callers) as pool:
        return list(pool.map(begin, range(callers)))


def test_a_chunk_is_claimed_by_one_of_many(ledger, runs):
    for _ in range(5):
        prcid = runs.planned()
        found = at_once(lambda n, p=prcid: ledger.claim_chunk(p, 1, f"worker-{n}"))
        assert sum(isinstance(one, Claim) for one in found) == 1
        assert runs.chunk(prcid).attempt == 1


def test_a_claim_that_ran_out_is_taken_over_by_one_of_many(ledger, runs):
    prcid = runs.planned()
    runs.claim(prcid, seconds=-1)
    found = at_once(lambda n: ledger.claim_chunk(prcid, 1, f"worker-{n}"))
    assert sum(isinstance(one, Claim) for one in found) == 1
    assert runs.chunk(prcid).attempt == 2


def test_a_run_is_planned_by_one_of_many(ledger):
    prcid = ledger.submit(a_job())
    tokens = [t for t in at_once(lambda n: ledger.claim_planning(prcid, str(n))) if t]
    assert len(tokens) == 1
    recorded = at_once(lambda n: ledger.record_plan(prcid, a_plan(n + 1), tokens[0]))
    assert sum(recorded) == 1
    assert len(ledger.chunks(prcid)) == recorded.index(True) + 1


def test_one_request_makes_one_run_however_often_it_arrives(ledger):
    assert len(set(at_once(lambda _: ledger.submit(a_job(), request_key="same")))) == 1
    assert len(ledger.runs()) == 1


def test_no_chunk_is_dispatched_twice(ledger, runs):
    prcid = runs.planned(40)
    taken = [pair for wave in at_once(lambda _: ledger.dispatch(prcid, 7)) for pair in wave]
    assert sorted(chunk_no for chunk_no, _ in taken) == list(range(1, 41))
    assert [task_id for _, task_id in sorted(taken)] == ledger.outstanding_task_ids(prcid)


def test_max_workers_holds_whoever_dispatches(ledger, runs):
    prcid = runs.planned(40, max_workers=3)
    assert sum(len(wave) for wave in at_once(lambda _: ledger.dispatch(prcid, 2))) == 3


def test_a_run_is_finalized_once_by_many(ledger, runs):
    for _ in range(5):
        prcid = runs.planned(2)
        runs.apply(prcid, 1)
        runs.apply(prcid, 2)
        ended = [run for run in at_once(lambda _, p=prcid: ledger.finalize(p)) if run]
        assert [run.status for run in ended] == [RunStatus.SUCCESS]


def test_a_chunk_ends_once_though_its_worker_and_its_successor_both_say_so(ledger, runs):
    prcid = runs.planned(1)
    zombie, successor = runs.claim(prcid, seconds=-1), runs.claim(prcid)

    def end(caller: int) -> bool:
        return ledger.finish_chunk(successor if caller % 2 else zombie, TALLY, {})

    assert Counter(at_once(end)) == {True: CALLERS // 2, False: CALLERS // 2}
    assert ledger.run(prcid).tally == TALLY


def test_nothing_starts_after_a_stop_and_what_started_is_counted(ledger, runs):
    for _ in range(5):
        prcid = runs.planned(CALLERS)

        def work_or_stop(caller: int, prcid: int = prcid) -> bool:
            if caller == CALLERS // 2:
                ledger.request_stop(prcid)
                return False
            claim = ledger.claim_chunk(prcid, caller + 1, "worker")
            ended = ledger.finalize(prcid)
            if not isinstance(claim, Claim):
                return False
            assert ended is None, "a run ended while a chunk of it was at work"
            return ledger.finish_chunk(claim, TALLY, {})

        applied = sum(at_once(work_or_stop))
        ledger.finalize(prcid)
        run = ledger.run(prcid)
        assert run.status is RunStatus.STOPPED
        assert run.tally.source == applied * TALLY.source


def test_a_stop_and_the_end_never_both_win(ledger, runs):
    for _ in range(5):
        prcid = runs.planned(1)
        runs.apply(prcid)

        def stop_or_end(caller: int, prcid: int = prcid) -> object:
            if caller % 2:
                return ledger.finalize(prcid)
            try:
                ledger.request_stop(prcid)
            except RunOver:
                return None
            return None

        ended = [run for run in at_once(stop_or_end) if run]
        assert [run.status for run in ended] == [RunStatus.SUCCESS]


def test_a_run_that_ends_while_a_stop_of_its_mapref_is_taken_up_has_ended(ledger, runs):
    prcid = runs.planned(1)
    runs.apply(prcid)
    with ledger._database.deciding() as connection:
        stop = insert(prcreq).values(mapref="DIM_CUSTOMER", request_type="STOP")
        connection.execute(stop)
    with ThreadPoolExecutor(1) as pool:
        with ledger._database.deciding() as connection:
            assert finalize(connection, prcid)
            taken_up = pool.submit(ledger.carry_out_stops)
            wait([taken_up], timeout=0.5)  # it has got to the run by now, or waits for its turn
        assert taken_up.result(timeout=30) == []
    assert runs.status(prcid) is RunStatus.SUCCESS


def test_who_is_given_up_in_a_deadlock_tries_again(ledger, runs):
    """Two transactions that lock two runs, each the other's first, unless one at a time writes."""
    prcids = runs.planned(1), runs.planned(1)
    gate = threading.Barrier(2)
    begun = []

    def count(connection: Connection, prcid: int) -> None:
        lock(connection, prcid)
        counted = update(prclog).where(prclog.c.prcid == prcid)
        connection.execute(counted.values(srcrows=prclog.c.srcrows + 1))

    def both(connection: Connection, first: int, second: int) -> None:
        begun.append(first)
        count(connection, first)
        if len(begun) <= 2 and ledger.file is None:
            gate.wait(timeout=10)
        count(connection, second)

    order = (prcids, prcids[::-1])
    at_once(lambda caller: ledger._write(both, *order[caller]), callers=2)
    assert len(begun) == (2 if ledger.file else 3)
    assert {ledger.run(prcid).tally.source for prcid in prcids} == {2}


def test_row_errors_are_limited_though_many_chunks_record_at_once(ledger, runs):
    prcid = runs.planned(CALLERS)
    claims = [runs.claim(prcid, n + 1) for n in range(CALLERS)]

    def record(caller: int) -> bool:
        try:
            ledger.record_row_errors(claims[caller], [FAULT], limit=3)
        except Exception as fault:  # noqa: BLE001  # which one is asked below
            return type(fault).__name__ == "TooManyRowErrors"
        return False

    assert sum(at_once(record)) == CALLERS - 3
    assert ledger.claim_chunk(prcid, 1, "worker") is None


def work_off(url: str, prcid: int, chunks: int, name: str) -> None:
    """A process of its own that wants every chunk, and to finalize after each."""
    database = open_database("ledger", url)
    ledger = Ledger(database)
    for chunk_no in range(1, chunks + 1):
        claim = ledger.claim_chunk(prcid, chunk_no, name, 60)
        if isinstance(claim, Claim):
            assert ledger.beat(claim).alive
            ledger.record_row_errors(claim, [FAULT], None)
            assert ledger.finish_chunk(claim, TALLY, {})
        ledger.finalize(prcid)
    database.close()


def test_processes_that_all_want_every_chunk_apply_each_once(database_url):
    chunks = 25
    database = open_database("ledger", database_url)
    ledger = Ledger(database)
    ledger.upgrade()
    prcid = Runs(ledger).planned(chunks)
    start = multiprocessing.get_context("spawn")
    workers = [
        start.Process(target=work_off, args=(database_url, prcid, chunks, f"worker-{n}"))
        for n in range(3)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert [worker.exitcode for worker in workers] == [0] * 3
    run = ledger.run(prcid)
    assert (run.status, run.tally.source) == (RunStatus.SUCCESS, chunks * TALLY.source)
    found = ledger.chunks(prcid)
    assert {(c.status, c.attempt) for c in found} == {(ChunkStatus.APPLIED, 1)}
    assert len(ledger.row_errors(prcid)) == chunks
    with database.looking() as connection:
        assert connection.scalar(select(func.count()).select_from(joblog)) == chunks
    database.close()
